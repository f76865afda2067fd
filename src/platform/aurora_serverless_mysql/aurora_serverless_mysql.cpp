#include "../aurora_mysql/aurora_mysql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr RestMemory rest_memory =
    aurora::rest([](const InstanceClass& cls) { return Interval<Bytes>(cls.memory); }, aurora_mysql::at_rest);

constexpr rds::Row own = aurora_mysql::row("aurora-serverless-mysql", "Aurora MySQL Serverless v2", rest_memory);

constexpr Elastic elastic = aurora::acu(0, {});

}  // namespace

constinit const Platform rows::aurora_serverless_mysql =
    aurora::serverless(aurora_mysql::engine, own, aurora::mysql_volumes, elastic);

}  // namespace poolfit::platform
