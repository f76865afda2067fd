// What a database's platform calls its things, where a sentence of ours names one of them.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/platform/platform.hpp>

namespace poolfit::render {

/// "PostgreSQL": in sentences and heads.
inline std::string_view engine_name(const Database& database) { return database.platform->names.engine; }
/// "postgresql": as the inventory and the JSON have it.
inline std::string_view engine_id(const Database& database) { return database.platform->engine; }
/// "Multi-AZ", "single-AZ"; empty where the platform has one kind only.
inline std::string_view zones_text(const Database& database) {
    return platform::deployment(*database.platform, *database.multi_az).name;
}
inline bool is_own(const Database& database) { return database.platform->provider == platform::own_provider; }
/// A server that is not of a class: a provider's, or one's own.
inline std::string server_name(const Database& database) {
    return is_own(database) ? "self-managed server" : std::string(database.platform->names.brief) + " server";
}
/// A self-managed server has none, and capacity that follows the load has a range of costs: nothing is missing.
inline bool has_list_price(const Database& database) { return database.platform->has_classes; }
/// With a standby it does not cost twice as much as without: it needs a price of its own.
inline bool needs_standby_price(const Database& database) {
    return *database.multi_az && !database.platform->standby_costs_the_same;
}
/// What gives a class a price that the catalog lacks: "[[price]] with class = "db.m4.xlarge" and usd_per_month";
/// without a class, of any. Of another term than list price it says so. `standby`: of one with a standby, which is not
/// twice that without.
inline std::string price_keys(PriceTerm term, std::string_view cls = {}, bool standby = false) {
    std::string text = "[[price]] with class";
    if (!cls.empty()) text.append(" = \"").append(cls).append("\"");
    if (term != PriceTerm::list) text.append(", term = \"").append(platform::term(term).word).append("\"");
    return text + (standby ? ", multi_az = true and usd_per_month" : " and usd_per_month");
}
/// "parameter group": where max_connections is set.
inline std::string_view settings_home(const Database& database) { return database.platform->words.settings; }
/// "list price", "reserved 1 year, no upfront".
inline std::string_view in_words(PriceTerm term) { return platform::term(term).as_price; }
/// "list", "ri1", "ri3": as arguments and the JSON have it.
inline std::string_view term_id(PriceTerm term) { return platform::term(term).word; }
/// "PgBouncer", "RDS Proxy".
inline std::string_view pooler_name(Pooler::Kind kind) { return platform::pooler_kind(kind).name; }

}  // namespace poolfit::render
