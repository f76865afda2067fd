// What the platform calls its things, where a sentence of ours names one of them.
#pragma once

#include <string_view>

#include <poolfit/model/fleet.hpp>

namespace poolfit::render {

/// "PostgreSQL": in sentences and heads.
std::string_view engine_name(Engine engine);
/// "postgresql": as the inventory and the JSON have it.
std::string_view engine_id(Engine engine);
/// "Multi-AZ", "single-AZ".
std::string_view zones_text(bool multi_az);
/// "parameter group": where max_connections is set.
std::string_view settings_home(const Database& database);
/// "only in Multi-AZ DB clusters".
std::string_view cluster_only_text();
/// "EBS": what the throughput of a class's disk is called.
std::string_view disk_name();
/// "list price", "reserved 1 year, no upfront".
std::string_view in_words(PriceTerm term);
/// "list", "ri1", "ri3": as arguments and the JSON have it.
std::string_view term_id(PriceTerm term);
/// "PgBouncer", "RDS Proxy".
std::string_view pooler_name(Pooler::Kind kind);

}  // namespace poolfit::render
