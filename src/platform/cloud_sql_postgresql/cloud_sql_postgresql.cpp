#include "../cloud_sql/cloud_sql.hpp"
#include "../postgresql/postgresql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}, {18}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    return unmeasured::between(
        memory, 250, 400, "engine_memory × 1 / 4 to × 2 / 5",
        "not measured on Cloud SQL: from the quarter that the manual of PostgreSQL begins with to "
        "the 40 % beyond which it expects no gain");
}

constexpr cloud_sql::Row own{
    .id = "cloud-sql-postgresql",
    .full = "Cloud SQL for PostgreSQL",
    .brief = "Cloud SQL PostgreSQL",
    .mainstream = mainstream,
    .least_connections = 14,
    .limit_follows_class = true,
    .buffers = buffers,
    .poolers = poolers,
    .connections = "database/postgresql/num_backends",
    .tools = &cloud_sql::postgresql_tools,
};

}  // namespace

constinit const Platform rows::cloud_sql_postgresql = [] {
    Platform row = cloud_sql::row(postgresql::engine, own);
    // cloud.google.com/sql/docs/postgres/flags, max_connections: the default is by the memory of the largest instance
    // in the replica chain; a value that is set on the primary is that of replicas which have none or a lower one.
    row.limit.of_chain = true;
    return row;
}();

}  // namespace poolfit::platform
