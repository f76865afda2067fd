#include "platform_words.hpp"

namespace poolfit::render {

std::string_view engine_name(Engine) { return "PostgreSQL"; }
std::string_view engine_id(Engine) { return "postgresql"; }
std::string_view zones_text(bool multi_az) { return multi_az ? "Multi-AZ" : "single-AZ"; }
std::string_view settings_home(const Database&) { return "parameter group"; }
std::string_view cluster_only_text() { return "only in Multi-AZ DB clusters"; }
std::string_view disk_name() { return "EBS"; }

std::string_view in_words(PriceTerm term) {
    constexpr std::string_view words[] = {"list\u00A0price", "reserved 1 year, no upfront",
                                          "reserved 3 years, partial upfront"};
    return words[static_cast<std::size_t>(term)];
}

std::string_view term_id(PriceTerm term) {
    constexpr std::string_view ids[] = {"list", "ri1", "ri3"};
    return ids[static_cast<std::size_t>(term)];
}

std::string_view pooler_name(Pooler::Kind kind) { return kind == Pooler::Kind::rds_proxy ? "RDS Proxy" : "PgBouncer"; }

}  // namespace poolfit::render
