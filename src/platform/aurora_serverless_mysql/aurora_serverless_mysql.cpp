#include "../aurora_mysql/aurora_mysql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr RestMemory rest = aurora::rest([](const InstanceClass& cls) { return Interval<Bytes>(cls.memory); }, 510);

constexpr rds::Row own{
    .id = "aurora-serverless-mysql",
    .full = "Aurora MySQL Serverless v2",
    .brief = "Aurora MySQL Serverless v2",
    .mainstream = aurora_mysql::mainstream,
    .least_connections = 1,
    .buffers = aurora_mysql::buffers,
    .rest = &rest,
    .poolers = aurora::mysql_poolers,
};

constexpr Elastic elastic = aurora::acu(0, {});

}  // namespace

constinit const Platform rows::aurora_serverless_mysql = aurora::serverless(aurora_mysql::engine, own, elastic);

}  // namespace poolfit::platform
