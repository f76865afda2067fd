#include "../innodb.hpp"
#include "../mariadb/mariadb.hpp"
#include "../rds/rds.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

// Series in standard support on RDS when the class table was written (2026-04).
constexpr Series mainstream[] = {{10, 6}, {10, 11}, {11, 4}, {11, 8}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::proxy};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    return {innodb::over(memory, innodb::three_quarters), "engine_memory × 3 / 4, in whole chunks", 0,
            "RDS user guide: {DBInstanceClassMemory*3/4}, rounded down to chunks × instances; 128 to 256 MiB on micro "
            "classes as seen with MySQL"};
}

constexpr RestMemory rest_memory =
    rds::innodb_rest("taken from RDS for MySQL: MariaDB was not measured; docs/memory-model.md, \"At rest\"");

constexpr rds::Row own{
    .id = "rds-mariadb",
    .full = "RDS for MariaDB",
    .brief = "RDS MariaDB",
    .mainstream = mainstream,
    .least_connections = 1,
    .buffers = buffers,
    .rest = &rest_memory,
    .poolers = poolers,
};

}  // namespace

constinit const Platform rows::rds_mariadb = rds::row(mariadb::engine, own);

}  // namespace poolfit::platform
