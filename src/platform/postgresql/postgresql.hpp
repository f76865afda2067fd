// What PostgreSQL is, whoever runs it.
#pragma once

#include <poolfit/platform/platform.hpp>

namespace poolfit::platform::postgresql {

inline constexpr std::string_view engine = "postgresql", name = "PostgreSQL";
inline constexpr std::string_view version_example = "16.8";
/// "16.8", "16", or "16.8-R2" as RDS names its own releases; 10 to 99.
std::variant<EngineVersion, std::string> version(std::string_view text);

/// Private memory of a backend; docs/design.md, "Memory".
inline constexpr Interval<Bytes> connection_memory{Bytes(1306 * 1024), Bytes(3947 * 1024)};
inline constexpr std::string_view connection_source =
    "measured: proportional set size of a PostgreSQL 15.18 backend, fresh to after catalog-heavy queries";

inline constexpr std::string_view limit_command = "SHOW max_connections";
inline constexpr std::string_view activity = "pg_stat_activity";
inline constexpr std::string_view by_client = "pg_stat_activity by application_name";

}  // namespace poolfit::platform::postgresql
