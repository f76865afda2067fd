#include "../aurora_postgresql/aurora_postgresql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr RestMemory rest = aurora::rest([](const InstanceClass& cls) { return Interval<Bytes>(cls.memory); }, 220);

constexpr rds::Row own{
    .id = "aurora-serverless-postgresql",
    .full = "Aurora PostgreSQL Serverless v2",
    .brief = "Aurora PostgreSQL Serverless v2",
    .first_release = 1,
    .mainstream = aurora_postgresql::mainstream,
    .least_connections = 6,
    .buffers = aurora_postgresql::buffers,
    .rest = &rest,
    .poolers = aurora::postgresql_poolers,
};

constexpr Elastic elastic =
    aurora::acu(2000,
                "Aurora user guide, setting the capacity of Serverless v2: at most 2,000 while the minimum is 0 or "
                "0.5 ACU");

}  // namespace

constinit const Platform rows::aurora_serverless_postgresql =
    aurora::serverless(aurora_postgresql::engine, own, elastic);

}  // namespace poolfit::platform
