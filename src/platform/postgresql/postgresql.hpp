// What PostgreSQL is, independent of the provider.
#pragma once

#include "../engine.hpp"

namespace poolfit::platform::postgresql {

/// "16.8", "16", or "16.8-R2" as RDS names its own releases; 10 to 99.
std::variant<EngineVersion, std::string> version(std::string_view text);

inline constexpr std::string_view spellings[] = {"postgres", "pg", "pgsql", "psql"};
inline constexpr std::string_view compatible[] = {"alloydb", "timescale"};

inline constexpr Engine engine{
    .id = "postgresql",
    .name = "PostgreSQL",
    .spellings = spellings,
    .compatible = compatible,
    .version_example = "16.8",
    .version = version,
    .most_connections = 262'143,
    .buffers_name = "shared_buffers",
    .reads_past_page_cache = false,
    // Private memory of a backend; docs/design.md, "Memory".
    .connection_memory = {Bytes(1306 * 1024), Bytes(3947 * 1024)},
    .connection_source =
        "measured: proportional set size of a PostgreSQL 15.18 backend, fresh to after catalog-heavy queries",
    .standby_needs_limit = true,
    .replicas_upgrade_first = false,
    .limit_needs_restart = true,
    // AWS Database Blog, 2023-11: RDS Proxy multiplexes the extended query protocol.
    .prepared_pins = false,
    .limit_command = "SHOW max_connections",
    .activity = "pg_stat_activity",
    .by_client = "pg_stat_activity by application_name",
    .settings = "postgresql.conf",
    .connections = "numbackends of pg_stat_database",
};

}  // namespace poolfit::platform::postgresql
