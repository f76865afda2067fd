#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <poolfit/diff/compare.hpp>

namespace poolfit::diff {
namespace {

using Why = Exceeded::Why;

/// Millionths of the cost of before, at the pessimistic end.
std::int64_t share(const CostTotal& cost) {
    const std::int64_t more = cost.difference.high.value, before = cost.base.low.value;
    if (more <= 0) return 0;
    if (before <= 0) return std::numeric_limits<std::int64_t>::max();
    return std::llround(std::ceil(static_cast<double>(more) / static_cast<double>(before) * 1e6));
}

/// What is removed adds nothing, whatever it was.
template <class IsKnown>
std::vector<std::string> may_add(const Comparison& comparison, const IsKnown& is_known) {
    std::vector<std::string> names;
    for (const DatabaseChange& each : comparison.databases)
        if (each.head != nullptr && !is_known(each)) names.push_back(each.head->name);
    return names;
}

/// Each server has its own limit: what another one loses makes no room on it.
std::int64_t added(const Comparison& comparison, CountChange DatabaseChange::*of) {
    std::int64_t sum = 0;
    for (const DatabaseChange& each : comparison.databases) sum += std::max<std::int64_t>((each.*of).value_or(0), 0);
    return sum;
}

Exceeded of_connections(const Comparison& comparison) {
    Exceeded out;
    const std::int64_t steady = added(comparison, &DatabaseChange::steady),
                       deploy = added(comparison, &DatabaseChange::deploy);
    out.in_deploy = deploy > steady;
    out.difference = std::max(steady, deploy);
    out.unknown = may_add(comparison, [](const DatabaseChange& each) { return each.steady && each.deploy; });
    return out;
}

Exceeded of_money(const Comparison& comparison, bool as_share) {
    Exceeded out;
    out.difference = as_share ? share(comparison.cost) : comparison.cost.difference.high.value;
    out.unknown = may_add(comparison, [](const DatabaseChange& each) { return each.cost.has_value(); });
    return out;
}

/// Databases that keep the cost of before from being known.
std::vector<std::string> not_in_cost(const CostTotal& cost) {
    std::vector<std::string> names = cost.unknown;
    names.insert(names.end(), cost.partly.begin(), cost.partly.end());
    return names;
}

/// False: it is within.
bool decide(Exceeded& one, const Comparison& comparison) {
    const Allowance::Of of = one.allowance->of;
    if (of != Allowance::Of::connections && comparison.base != nullptr && !same_prices(comparison)) {
        one.why = Why::prices;
        one.unknown.clear();
        return true;
    }
    const bool over = one.difference > one.allowance->most;
    // A share of more than what is known may be within.
    if (over && of == Allowance::Of::percent && one.unknown.empty())
        if (auto names = not_in_cost(comparison.cost); !names.empty()) {
            one.why = Why::unknown_cost;
            one.unknown = std::move(names);
            return true;
        }
    if (over && (of != Allowance::Of::percent || one.unknown.empty())) {
        one.unknown.clear();
        return true;
    }
    if (one.unknown.empty()) return false;
    one.why = Why::unknown_increase;
    return true;
}

}  // namespace

Judgement judge(const Comparison& comparison, const std::vector<Allowance>& allowances,
                std::optional<Severity> fail_on) {
    Judgement out;
    out.fail_on = fail_on;
    out.asked = allowances;
    for (const Allowance& allowance : allowances) {
        Exceeded one = allowance.of == Allowance::Of::connections
                           ? of_connections(comparison)
                           : of_money(comparison, allowance.of == Allowance::Of::percent);
        one.allowance = &allowance;
        if (decide(one, comparison)) out.exceeded.push_back(std::move(one));
    }
    if (fail_on)
        out.failing = static_cast<std::size_t>(std::ranges::count_if(
            comparison.fresh, [&](const Finding* finding) { return finding->severity >= *fail_on; }));
    return out;
}

}  // namespace poolfit::diff
