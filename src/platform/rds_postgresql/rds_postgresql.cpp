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

/// Of 1 GiB: measured at four connections. With more memory no idle server was measured: no less than on 1 GiB, and at
/// most the least reported under load.
Interval<Bytes> idle(const InstanceClass& cls) {
    if (cls.memory.value <= bytes_per_gib) return rds::mib(836, 972);
    return rds::mib(836, cls.memory.value <= 2 * bytes_per_gib ? 1138 : 1434);
}

constexpr RestMemory rest_memory{rds::os_memory,   rds::os_source, rds::mib(220, 810),
                                 rds::rest_source, idle,           rds::rest_source};

constexpr rds::Row own{
    .id = "rds-postgresql",
    .full = "RDS for PostgreSQL",
    .brief = "RDS PostgreSQL",
    .first_release = 1,  // RDS begins at .1
    .mainstream = mainstream,
    .least_connections = 6,
    .buffers = buffers,
    .rest = &rest_memory,
    .poolers = poolers,
};

}  // namespace

constinit const Platform rows::rds_postgresql = rds::row(postgresql::engine, own);

}  // namespace poolfit::platform
