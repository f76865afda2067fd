#include "../aurora_postgresql/aurora_postgresql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr RestMemory rest_memory =
    aurora::rest([](const InstanceClass& cls) { return Interval<Bytes>(cls.memory); }, aurora_postgresql::at_rest);

constexpr rds::Row own =
    aurora_postgresql::row("aurora-serverless-postgresql", "Aurora PostgreSQL Serverless v2", rest_memory);

constexpr Elastic elastic =
    aurora::acu(2000,
                "Aurora user guide, setting the capacity of Serverless v2: at most 2,000 while the minimum is 0 or "
                "0.5 ACU");

}  // namespace

constinit const Platform rows::aurora_serverless_postgresql =
    aurora::serverless(aurora_postgresql::engine, own, aurora::postgresql_volumes, elastic);

}  // namespace poolfit::platform
