// What the tables of a plan show as recommended is what its phases say to type in.
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/shrink.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::optional<Index> same_pool(const Fleet& before, Index pool, const Fleet& after) {
    for (Index i = 0; i < after.pools.size(); ++i)
        if (*after.services[after.pools[i].service].name == *before.services[before.pools[pool].service].name &&
            *after.pools[i].name == *before.pools[pool].name)
            return i;
    return std::nullopt;
}

/// Are the right sizes more than a server carries, so that no strategy is taken that brings them? The plan says so, and
/// shows what use asks for.
bool too_many(const Answer& answer) {
    const auto taken = std::ranges::find_if(answer.strategies, &Strategy::recommended);
    if (taken == answer.strategies.end()) return true;
    const auto base = std::ranges::find(answer.strategies, Strategy::Role::base, &Strategy::role);
    return taken->role == Strategy::Role::measures && base->why.kind == Why::Kind::does_not_fit;
}

std::string fault(const std::string& text) {
    const auto before = answer(text);
    if (!before || too_many(*before)) return "";
    const auto after = answer(typed_in(*before));
    if (!after) return "";
    for (Index i = 0; i < before->fleet.pools.size(); ++i) {
        const PoolPlan& plan = before->plan.pools[i];
        const std::string name = fmt::format("{}.{}", *before->fleet.services[before->fleet.pools[i].service].name,
                                             *before->fleet.pools[i].name);
        const auto then = same_pool(before->fleet, i, after->fleet);
        const bool merged = plan.taken && plan.taken->into;
        if (then.has_value() == merged) return fmt::format("merged: {}", name);
        if (!then) continue;
        const PoolSize shown = plan.recommended(), typed = after->plan.pools[*then].declared;
        if (!shown || (typed && typed->value == shown->value)) continue;
        return fmt::format("size: {} shows {}, typed in is {}", name, shown->value.value,
                           typed ? typed->value.value : -1);
    }
    return "";
}

std::string kind(const std::string& fault) { return fault.substr(0, fault.find(':')); }

}  // namespace

TEST_CASE("the sizes that a plan shows are those that its phases type in") {
    int fleets = 0, merged = 0, taken = 0;
    std::map<std::string, int> kinds;
    for_seeds(32, quarter, [&](std::uint64_t seed, Generator& generator) {
        ++fleets;
        const std::string text = any_fleet(generator);
        if (const auto made = answer(text))
            for (const PoolPlan& pool : made->plan.pools) {
                merged += pool.taken && pool.taken->into ? 1 : 0;
                taken += pool.taken ? 1 : 0;
            }
        const std::string what = fault(text);
        if (what.empty() || kinds[kind(what)]++ > 0) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return kind(fault(less)) == kind(what); });
        FAIL_CHECK(shrunk(seed, what, least, fault(least)));
    });
    for (const auto& [kind, count] : kinds) FAIL_CHECK(kind << ": " << count);
    if (fleets < 2000) return;  // of one fleet in some hundreds pools are merged
    CHECK(merged > 0);
    CHECK(taken > merged);
}
