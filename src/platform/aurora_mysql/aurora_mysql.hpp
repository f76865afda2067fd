// Aurora MySQL, with classes or serverless.
#pragma once

#include "../aurora/aurora.hpp"
#include "../innodb.hpp"
#include "../mysql/mysql.hpp"

namespace poolfit::platform::aurora_mysql {

/// "3.08.1", "8.0.mysql_aurora.3.08.1"; 2 or 3. A release is one number, 801 of 3.08.1 and 800 of 3.08. MySQL's own
/// version, "8.0" or "5.7.12", says only which of the two it is.
std::variant<EngineVersion, std::string> version(std::string_view text);

inline constexpr std::string_view spellings[] = {"aurora_mysql", "aurora mysql"};

inline constexpr Engine engine = [] {
    Engine made =
        innodb::engine("aurora-mysql", "Aurora MySQL", "8.0.mysql_aurora.3.08.1", version, mysql::connection_memory,
                       "as MySQL's, not measured on Aurora: thread_stack 256 KiB; at most sort, join, read and "
                       "read_rnd buffers once each, and 429,498 bytes of performance_schema");
    made.spellings = spellings;
    made.most_connections = 16'000;
    return made;
}();

// Series in standard support on Aurora when the class table was written (2026-04).
inline constexpr Series mainstream[] = {{3}};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>& version);

/// MiB of memory, at the least, that are neither buffers nor connections.
inline constexpr std::int64_t at_rest = 510;

/// With classes or serverless: what differs besides is `aurora`'s.
constexpr rds::Row row(std::string_view id, std::string_view name, const RestMemory& rest) {
    return {
        .id = id,
        .full = name,
        .brief = name,
        .mainstream = mainstream,
        .least_connections = 1,
        .buffers = buffers,
        .rest = &rest,
        .poolers = aurora::mysql_poolers,
    };
}

}  // namespace poolfit::platform::aurora_mysql
