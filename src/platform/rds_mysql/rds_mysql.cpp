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
                "version not set: between the 8.0 and the 8.4 default"};
    if (version->series < Series{8, 4})
        return {old, "engine_memory × 3 / 4, in whole chunks", 0,
                "RDS user guide: {DBInstanceClassMemory*3/4}, rounded down to chunks × instances; 128 to 256 MiB on "
                "micro classes"};
    return {now, "engine_memory × 3 / 4 above 4 GB, × 1 / 2 from 1 GB, in whole chunks", 0,
            "RDS user guide: innodb_dedicated_server is on since 8.4; 128 MiB below 1 GB"};
}

constexpr RestMemory rest_memory = rds::innodb_rest(rds::rest_source);

// Its documentation had 16,000 as the most, and has no such limit today; whether it still holds is not known.
constexpr SeenLimit seen_limit{16'000, "app-sre/aws-resource-exporter#86: db.r5.24xlarge had 16,000 in 2023-11"};

constexpr rds::Row own{
    .id = "rds-mysql",
    .full = "RDS for MySQL",
    .brief = "RDS MySQL",
    .mainstream = mainstream,
    .least_connections = 1,
    .buffers = buffers,
    .rest = &rest_memory,
    .poolers = poolers,
};

}  // namespace

constinit const Platform rows::rds_mysql = [] {
    Platform row = rds::row(mysql::engine, own);
    row.limit.seen = &seen_limit;
    row.series_by_series = true;  // RDS user guide: 5.7 to 8.0, 8.0 to 8.4
    return row;
}();

}  // namespace poolfit::platform
