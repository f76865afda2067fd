#include "../postgresql/postgresql.hpp"
#include "../rds/rds.hpp"
#include "../rows.hpp"

namespace poolfit::platform {
namespace {

// Series in standard support on RDS when the class table was written (2026-04).
constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}};
constexpr Pooler::Kind poolers[] = {Pooler::Kind::pgbouncer, Pooler::Kind::proxy};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    constexpr std::int64_t divisor = 4;
    return {{Bytes(memory.low.value / divisor), Bytes(memory.high.value / divisor)},
            "engine_memory / 4",
            divisor,
            "RDS user guide, default parameter group: shared_buffers = {DBInstanceClassMemory/32768} pages of 8 KiB"};
}

/// Of 1 GiB: measured at four connections. On more nobody has measured an idle server: no less than on 1 GiB, and the
/// least of those that were reported at work.
Interval<Bytes> idle(const InstanceClass& cls) {
    if (cls.memory.value <= bytes_per_gib) return rds::mib(836, 972);
    return rds::mib(836, cls.memory.value <= 2 * bytes_per_gib ? 1138 : 1434);
}

constexpr RestMemory rest{rds::os_memory, rds::os_memory_source, rds::mib(220, 810), rds::idle_source,
                          idle,           rds::idle_source};

}  // namespace

constinit const Platform rows::rds_postgresql{
    .id = "rds-postgresql",
    .provider = rds::provider,
    .engine = postgresql::engine,
    .names = {"RDS for PostgreSQL", "RDS PostgreSQL", postgresql::name, rds::keeper},
    .versions = {postgresql::version_example, postgresql::version, 1, mainstream},  // RDS begins at .1
    .has_classes = true,
    .class_prefix = rds::class_prefix,
    .class_example = rds::class_example,
    .region_example = rds::region_example,
    .deployments = rds::deployments,
    .terms = rds::terms,
    .limit = {6, 262'143, 0, rds::memory, rds::memory_basis, rds::memory_basis_unmeasured, rds::memory_source},
    .buffers_name = "shared_buffers",
    .buffers = buffers,
    .rest = &rest,
    .reads_past_page_cache = false,
    .connection_memory = postgresql::connection_memory,
    .connection_source = postgresql::connection_source,
    .standby_needs_limit = true,
    .overrun = rds::overrun,
    .poolers = poolers,
    .words = rds::words(postgresql::limit_command, postgresql::activity, postgresql::by_client),
};

}  // namespace poolfit::platform
