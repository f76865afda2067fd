#include <algorithm>

#include "../innodb.hpp"
#include "../mysql/mysql.hpp"
#include "../rds/rds.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

// Series in standard support on RDS when the class table was written (2026-04).
constexpr Series mainstream[] = {{8, 0}, {8, 4}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::proxy};

/// From 8.4 on innodb_dedicated_server sizes the pool by the memory it finds.
Interval<Bytes> dedicated(Bytes memory) {
    if (memory.value < 1'000'000'000) return Interval<Bytes>(innodb::smallest_pool);
    if (memory.value <= 4'000'000'000) return innodb::in_chunks(Bytes(memory.value / 2));
    return innodb::in_chunks(Bytes(memory.value / 4 * 3));
}

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>& version) {
    const auto old = innodb::over(memory, innodb::three_quarters), now = innodb::over(memory, dedicated);
    if (!version)
        return {{std::min(old.low, now.low), std::max(old.high, now.high)},
                "innodb_buffer_pool_size of engine_memory",
                0,
                "the version is not given: as 8.0 or as 8.4 sizes it"};
    if (version->series < Series{8, 4})
        return {old, "engine_memory × 3 / 4, in whole chunks", 0,
                "RDS user guide: {DBInstanceClassMemory*3/4}, rounded down to chunks × instances; 128 to 256 MiB on "
                "micro classes"};
    return {now, "engine_memory × 3 / 4 over 4 GB, × 1 / 2 from 1 GB, in whole chunks", 0,
            "RDS user guide: innodb_dedicated_server is on from 8.4; 128 MiB under 1 GB"};
}

constexpr std::string_view rest_source = rds::idle_source;
constexpr RestMemory rest{rds::os_memory, rds::os_memory_source, rds::innodb_at_rest,
                          rest_source,    rds::idle_innodb,      rest_source};

}  // namespace

constinit const Platform rows::rds_mysql{
    .id = "rds-mysql",
    .provider = rds::provider,
    .engine = mysql::engine,
    .names = {"RDS for MySQL", "RDS MySQL", mysql::name, rds::keeper},
    .versions = {mysql::version_example, mysql::version, 0, mainstream},
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
    .connection_memory = mysql::connection_memory,
    .connection_source = mysql::connection_source,
    .standby_needs_limit = false,
    .overrun = rds::overrun,
    .poolers = poolers,
    .words = rds::words(mysql::limit_command, mysql::activity, mysql::by_client),
};

}  // namespace poolfit::platform
