// What MariaDB is, independent of the provider.
#pragma once

#include "../innodb.hpp"

namespace poolfit::platform::mariadb {

/// "10.11.8", "11.4", or "10.6.16-rds.20240408" as RDS names its own releases; 10.5 to 99.
std::variant<EngineVersion, std::string> version(std::string_view text);

/// The stack alone; and with every buffer of a statement in use once, as they are by default, and what
/// performance_schema takes where it is on.
inline constexpr Interval<Bytes> connection_memory{Bytes(292 * 1024),
                                                   Bytes((292 + 2048 + 256 + 128 + 256) * 1024 + 429'498)};
inline constexpr std::string_view connection_source =
    "computed, not measured: thread_stack 292 KiB; at most sort, join, read and read_rnd buffers of MariaDB's defaults "
    "once each, and 429,498 bytes of performance_schema (RDS user guide, troubleshooting)";

inline constexpr std::string_view spellings[] = {"maria", "maria-db"};

inline constexpr Engine engine = [] {
    Engine made = innodb::engine("mariadb", "MariaDB", "10.11.8", version, connection_memory, connection_source);
    made.spellings = spellings;
    return made;
}();

}  // namespace poolfit::platform::mariadb
