#include "aurora_postgresql.hpp"

#include <algorithm>

#include "../rows.hpp"

namespace poolfit::platform {

BufferMemory aurora_postgresql::buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>&) {
    constexpr std::int64_t page = 8192, divisor = 12038, fewer = 50003, least_pages = 16;
    const std::int64_t pages = std::max(memory.low.value / divisor - fewer, least_pages);
    return {{Bytes(pages * page), Bytes(memory.high.value / 4 * 3)},
            "engine_memory × 68 % − 391 MiB to engine_memory × 3 / 4",
            0,
            "Aurora user guide, default parameter group: SUM({DBInstanceClassMemory/12038},-50003) pages of 8 KiB; AWS "
            "re:Post, rds-aurora-postgresql-shared-buffers: up to 75 %, as no file system cache is used"};
}

namespace {

constexpr RestMemory rest_memory = aurora::rest(rds::os_memory, aurora_postgresql::at_rest);

constexpr rds::Row own = aurora_postgresql::row("aurora-postgresql", "Aurora PostgreSQL", rest_memory);

}  // namespace

constinit const Platform rows::aurora_postgresql =
    aurora::row(aurora_postgresql::engine, own, aurora::postgresql_volumes);

}  // namespace poolfit::platform
