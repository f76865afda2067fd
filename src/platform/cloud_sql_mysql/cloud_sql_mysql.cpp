#include "../cloud_sql/cloud_sql.hpp"
#include "../mysql/mysql.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

constexpr Series mainstream[] = {{8, 0}, {8, 4}};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    return unmeasured::between(
        memory, 333, 800, "engine_memory × 1 / 3 to × 4 / 5",
        "not measured on Cloud SQL: from less than half of a small server, as on RDS from 8.4, to "
        "a little more than the three quarters of a large one");
}

constexpr cloud_sql::Row own{
    .id = "cloud-sql-mysql",
    .full = "Cloud SQL for MySQL",
    .brief = "Cloud SQL MySQL",
    .mainstream = mainstream,
    .least_connections = 10,
    .limit_follows_class = false,  // no default is known: what the server has is taken to stay
    .buffers = buffers,
    .poolers = {},
    .connections = "database/network/connections",
    .tools = &cloud_sql::mysql_tools,
};

}  // namespace

constinit const Platform rows::cloud_sql_mysql = [] {
    Platform row = cloud_sql::row(mysql::engine, own);
    row.series_by_series = true;
    return row;
}();

}  // namespace poolfit::platform
