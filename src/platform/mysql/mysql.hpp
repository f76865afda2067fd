// What MySQL is, independent of the provider.
#pragma once

#include "../innodb.hpp"

namespace poolfit::platform::mysql {

/// "8.0.40", "8.4", or "5.7.44-rds.20240408" as RDS names its own releases; 5.7 to 99.
std::variant<EngineVersion, std::string> version(std::string_view text);

/// The stack alone; and with every buffer of a statement in use once, as they are set on RDS, and what
/// performance_schema takes.
inline constexpr Interval<Bytes> connection_memory{Bytes(256 * 1024),
                                                   Bytes((256 + 256 + 128 + 256 + 256) * 1024 + 429'498)};
inline constexpr std::string_view connection_source =
    "computed: thread_stack 256 KiB; at most sort, join, read and read_rnd buffers once each, as set on an RDS server "
    "of MySQL 8.0.40, and 429,498 bytes of performance_schema (RDS user guide, troubleshooting)";

inline constexpr std::string_view compatible[] = {"percona"};

inline constexpr Engine engine = [] {
    Engine made = innodb::engine("mysql", "MySQL", "8.0.40", version, connection_memory, connection_source);
    made.compatible = compatible;
    return made;
}();

}  // namespace poolfit::platform::mysql
