// Prometheus alerting rules.
#include <fmt/format.h>

#include <poolfit/emit/identifiers.hpp>
#include <poolfit/platform/platform.hpp>

#include "alarm_rules.hpp"

namespace poolfit::emit {
namespace {

std::string literal(std::string_view text) { return quoted(Language::yaml, text); }

std::string in_template(std::string_view text) { return literal(template_of(text)); }

/// "PoolfitConnectionsPage" of "connections_page".
std::string alert_name(std::string_view key) {
    std::string out = "Poolfit";
    bool first = true;
    for (const char c : key) {
        if (c != '_') out += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        first = c == '_';
    }
    return out;
}

}  // namespace

std::string prometheus_rules(const Request& request, const std::vector<AlarmRule>& rules) {
    std::string text;
    const Index none = static_cast<Index>(request.fleet().databases.size());
    Index current = none;
    for (const AlarmRule& rule : rules) {
        if (rule.metric->series.empty()) continue;
        const Database& database = request.fleet().databases[rule.database];
        if (rule.database != current) {
            current = rule.database;
            text += fmt::format("  - name: {}\n    rules:\n", literal("poolfit " + *database.name));
        }
        text += fmt::format("      - alert: {}\n        expr: {}\n", alert_name(key(rule)),
                            literal(condition(request, rule)));
        // Credits of an hour are in the expression: a wait would begin anew at each zero.
        if (rule.what != Watched::surplus_credits)
            text += fmt::format("        for: {}m\n", rule.daily ? 5 : rule.minutes);
        text += fmt::format("        labels:\n          severity: {}\n          database: {}\n", name(rule.severity),
                            in_template(*database.name));
        text += fmt::format("        annotations:\n          summary: {}\n          description: {}\n",
                            in_template(title(request, rule)), in_template(rule.why));
    }
    return text.empty() ? "groups: []\n" : "groups:\n" + text;
}

}  // namespace poolfit::emit
