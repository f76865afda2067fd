// [policy] and [policy.severity].
#include <fmt/format.h>

#include "drafts.hpp"
#include "suppressions.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

using Row = Field<Policy>;
using C = Context;
using E = Entry;
constexpr std::string_view header = "[policy]";
constexpr std::size_t max_severities = 1000;

/// `lint` checks whether there is such a rule.
void read_severities(C& c, const E& e, Policy& p) {
    const auto* table = read_single(c, e, "[policy.severity]");
    if (table == nullptr) return;
    if (table->members.size() > max_severities) {
        c.out.error(
            e.value().place,
            fmt::format("severity: too many rules ({}), at most {} allowed", table->members.size(), max_severities),
            "remove some of them");
        return;
    }
    for (const auto& member : table->members) {
        if (c.exhausted()) return;
        if (!is_rule_reference(member.key)) {
            c.out.error(member.key_place,
                        fmt::format("severity: {} is not the id or name of a rule", quote(member.key)),
                        c.assign("PF101", R"("info")"));
            continue;
        }
        constexpr std::optional<Severity> severities[] = {Severity::error, Severity::warning, Severity::info,
                                                          std::nullopt};
        if (const auto found = one_of(c, {member, R"("info")"}, {"error", "warning", "info", "off"}))
            p.severities.push_back({{member.key, member.key_place}, severities[found->value]});
    }
}

/// 1 or "all".
void read_deploys_at_once(C& c, const E& e, Policy& p) {
    const Value& value = e.value();
    if (const auto* text = value.as<std::string>(); text != nullptr && *text != "1") {
        if (const auto found = one_of(c, e, {"all", "1"})) set(p.deploys_together, Maybe<bool>({true, found->place}));
        return;
    }
    const auto* number = value.as<std::int64_t>();
    const auto* real = value.as<double>();
    const bool one = (number != nullptr && *number == 1) || (real != nullptr && *real == 1.0);
    if (value.as<std::string>() == nullptr && !one) {
        expected(c, e, value, "1 (one service at a time) or \"all\"");
        return;
    }
    p.deploys_together = {false, value.place};
}

constexpr std::array fields{
    Row{"connections_steady_max", R"("80%")", false,
        [](C& c, const E& e, Policy& p) { set(p.connections_steady_max, quantity(c, e, positive_shares)); }},
    Row{"connections_deploy_max", R"("95%")", false,
        [](C& c, const E& e, Policy& p) { set(p.connections_deploy_max, quantity(c, e, positive_shares)); }},
    Row{"deploys_at_once", "1", false, read_deploys_at_once},
    Row{"cpu_peak_max", R"("60%")", false,
        [](C& c, const E& e, Policy& p) { set(p.cpu_peak_max, quantity(c, e, positive_shares)); }},
    Row{"memory_max", R"("85%")", false,
        [](C& c, const E& e, Policy& p) { set(p.memory_max, quantity(c, e, positive_shares)); }},
    Row{"freeable_memory_min", R"("4 GiB")", false,
        [](C& c, const E& e, Policy& p) { set(p.freeable_memory_min, quantity(c, e, sizes)); }},
    Row{"observed_buffer", "2.5", false,
        [](C& c, const E& e, Policy& p) {
            set(p.observed_buffer, number(c, e, {1, 100}));
        }},
    Row{"wait", R"("5 ms")", false, [](C& c, const E& e, Policy& p) { set(p.wait, quantity(c, e, durations)); }},
    Row{"wait_probability", R"("0.1%")", false,
        [](C& c, const E& e, Policy& p) {
            auto found = quantity(c, e, positive_shares);
            if (found && found->value.value >= 1) {
                c.out.error(found->place, "wait_probability: must be less than 100 %", c.assign(e.key(), e.example));
                return;
            }
            set(p.wait_probability, found);
        }},
    Row{"allow_burstable", "true", false, [](C& c, const E& e, Policy& p) { set(p.allow_burstable, boolean(c, e)); }},
    Row{"survive_failover", "false", false,
        [](C& c, const E& e, Policy& p) { set(p.survive_failover, boolean(c, e)); }},
    Row{"allow_arm", "true", false, [](C& c, const E& e, Policy& p) { set(p.allow_arm, boolean(c, e)); }},
    Row{"allow", R"(["db.m*"])", false, [](C& c, const E& e, Policy& p) { p.allow = texts(c, e); }},
    Row{"deny", R"(["db.t*"])", false, [](C& c, const E& e, Policy& p) { p.deny = texts(c, e); }},
    Row{"min_savings_per_month", "10", false,
        [](C& c, const E& e, Policy& p) { set(p.min_savings_per_month, dollars(c, e, 1)); }},
    Row{"min_savings", R"("10%")", false,
        [](C& c, const E& e, Policy& p) { set(p.min_savings, quantity(c, e, shares)); }},
    Row{"cost_of_trouble", "200", false, [](C& c, const E& e, Policy& p) { p.cost_of_trouble = dollars(c, e, 1); }},
    Row{"non_production_hours", "60", false,
        [](C& c, const E& e, Policy& p) {
            set(p.non_production_hours, number(c, e, {0, 168}));
        }},
    Row{"severity", "{ PF101 = \"info\" }", false, read_severities},
};

}  // namespace

KeyTable policy_keys() { return {header, keys_of(fields), read_alone<fields>}; }

void read_policy(Context& context, const Entry& entry, Policy& out) {
    if (const auto* table = read_single(context, entry, header))
        read_table(context, *table, entry.value().place, header, fields, out);
}

}  // namespace poolfit::load
