#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <poolfit/diff/compare.hpp>

namespace poolfit::diff {
namespace {

/// Millionths of the cost of before, at the pessimistic end.
std::int64_t share(const CostTotal& cost) {
    const std::int64_t more = cost.difference.high.value, before = cost.base.low.value;
    if (more <= 0) return 0;
    if (before <= 0) return std::numeric_limits<std::int64_t>::max();
    return std::llround(std::ceil(static_cast<double>(more) / static_cast<double>(before) * 1e6));
}

/// What is removed adds nothing, whatever it was.
std::vector<std::string> may_add(const Comparison& comparison, bool connections) {
    std::vector<std::string> names;
    for (const DatabaseChange& each : comparison.databases)
        if (each.head != nullptr && !(connections ? each.steady.has_value() : each.cost.has_value()))
            names.push_back(each.head->name);
    return names;
}

}  // namespace

Judgement judge(const Comparison& comparison, const std::vector<Allowance>& allowances,
                std::optional<Severity> fail_on) {
    Judgement out;
    out.fail_on = fail_on;
    out.asked = !allowances.empty();
    for (const Allowance& allowance : allowances) {
        const bool of_connections = allowance.of == Allowance::Of::connections;
        std::vector<std::string> unknown = may_add(comparison, of_connections);
        std::int64_t difference = 0;
        if (of_connections)
            difference = comparison.steady.difference;
        else if (allowance.of == Allowance::Of::dollars)
            difference = comparison.cost.difference.high.value;
        else
            difference = share(comparison.cost);
        if (difference > allowance.most)
            out.exceeded.push_back({&allowance, {}, difference});
        else if (!unknown.empty())
            out.exceeded.push_back({&allowance, std::move(unknown), difference});
    }
    if (fail_on)
        out.failing = static_cast<std::size_t>(std::ranges::count_if(
            comparison.fresh, [&](const Finding* finding) { return finding->severity >= *fail_on; }));
    return out;
}

}  // namespace poolfit::diff
