// What MySQL and MariaDB have in common: their words, and the buffer pool of InnoDB as RDS sizes it.
#pragma once

#include "engine.hpp"

namespace poolfit::platform::innodb {

/// An engine of the family.
constexpr Engine engine(std::string_view id, std::string_view name, std::string_view version_example,
                        std::variant<EngineVersion, std::string> (*version)(std::string_view text),
                        Interval<Bytes> connection_memory, std::string_view connection_source) {
    return {
        .id = id,
        .name = name,
        .spellings = {},
        .compatible = {},
        .version_example = version_example,
        .version = version,
        .most_connections = 100'000,
        .buffers_name = "innodb_buffer_pool_size",
        .reads_past_page_cache = true,
        .connection_memory = connection_memory,
        .connection_source = connection_source,
        .standby_needs_limit = false,
        .replicas_upgrade_first = true,
        .limit_needs_restart = false,  // dev.mysql.com/doc: max_connections is dynamic, as in MariaDB
        .prepared_pins = true,
        .limit_command = "SHOW VARIABLES LIKE 'max_connections'",
        .activity = "SHOW PROCESSLIST",
        .by_client = "SHOW PROCESSLIST by user and host",
        .settings = "my.cnf",
        .connections = "Threads_connected",
    };
}

/// {DBInstanceClassMemory*3/4}, rounded down to whole chunks of each of its instances: eight of 128 MiB, or one where
/// the pool is under 1 GiB. On micro classes RDS sets 128 to 256 MiB instead.
Interval<Bytes> three_quarters(Bytes memory);
/// `pool` of both ends of a range; it must not fall as memory grows.
Interval<Bytes> over(const Interval<Bytes>& memory, Interval<Bytes> (*pool)(Bytes memory));
/// A pool that is `whole` at most: how much less rounding may leave.
Interval<Bytes> in_chunks(Bytes whole);

inline constexpr Bytes smallest_pool{128 * bytes_per_mib}, largest_micro_pool{256 * bytes_per_mib};
/// Of memory that the engine sees: classes of 1 GiB have less.
inline constexpr Bytes micro{bytes_per_gib};

}  // namespace poolfit::platform::innodb
