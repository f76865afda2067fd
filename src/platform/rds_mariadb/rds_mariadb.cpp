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

constexpr std::string_view rest_source =
    "as of RDS for MySQL: nobody has published MariaDB's; docs/memory-model.md, \"At rest\"";
constexpr RestMemory rest{rds::os_memory, rds::os_memory_source, rds::innodb_at_rest,
                          rest_source,    rds::idle_innodb,      rest_source};

}  // namespace

constinit const Platform rows::rds_mariadb{
    .id = "rds-mariadb",
    .provider = rds::provider,
    .engine = mariadb::engine,
    .names = {"RDS for MariaDB", "RDS MariaDB", mariadb::name, rds::keeper},
    .versions = {mariadb::version_example, mariadb::version, 0, mainstream},
    .has_classes = true,
    .class_prefix = rds::class_prefix,
    .class_example = rds::class_example,
    .region_example = rds::region_example,
    .deployments = rds::deployments,
    .terms = rds::terms,
    .limit = {1, 100'000, 0, rds::memory, rds::memory_basis, rds::memory_basis_unmeasured, rds::memory_source},
    .buffers_name = innodb::pool_name,
    .buffers = buffers,
    .rest = &rest,
    .reads_past_page_cache = true,
    .connection_memory = mariadb::connection_memory,
    .connection_source = mariadb::connection_source,
    .standby_needs_limit = false,
    .overrun = rds::overrun,
    .poolers = poolers,
    .words = rds::words(mariadb::limit_command, mariadb::activity, mariadb::by_client),
};

}  // namespace poolfit::platform
