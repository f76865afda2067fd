// Aurora PostgreSQL, with classes or serverless.
#pragma once

#include "../aurora/aurora.hpp"
#include "../postgresql/postgresql.hpp"

namespace poolfit::platform::aurora_postgresql {

inline constexpr std::string_view spellings[] = {"aurora-postgres", "aurora_postgres", "aurora postgres",
                                                 "aurora_postgresql", "aurora postgresql"};

/// Storage is the cluster's: a reader replays nothing that depends on max_connections, and no page cache holds data.
inline constexpr Engine engine = [] {
    Engine made = postgresql::engine;
    made.id = "aurora-postgresql";
    made.name = "Aurora PostgreSQL";
    made.spellings = spellings;
    made.compatible = {};
    made.reads_past_page_cache = true;
    made.standby_needs_limit = false;
    made.connection_source =
        "as PostgreSQL's, not measured on Aurora: proportional set size of a PostgreSQL 15.18 backend, fresh to after "
        "catalog-heavy queries";
    return made;
}();

// Series in standard support on Aurora when the class table was written (2026-04), and in its lists.
inline constexpr Series mainstream[] = {{13}, {14}, {15}, {16}, {17}};

BufferMemory buffers(const Interval<Bytes>& memory, const std::optional<EngineVersion>& version);

/// MiB of memory, at the least, that are neither buffers nor connections.
inline constexpr std::int64_t at_rest = 220;

/// With classes or serverless: what differs besides is `aurora`'s.
constexpr rds::Row row(std::string_view id, std::string_view name, const RestMemory& rest) {
    return {
        .id = id,
        .full = name,
        .brief = name,
        .first_release = 1,
        .mainstream = mainstream,
        .least_connections = 6,
        .buffers = buffers,
        .rest = &rest,
        .poolers = aurora::postgresql_poolers,
    };
}

}  // namespace poolfit::platform::aurora_postgresql
