// One pool has one size: what a fix of `check` names for a pool is what the plan gives it.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

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

/// Rules about the connections of a server.
constexpr std::array<std::string_view, 8> connections{"PF001", "PF002", "PF003", "PF004",
                                                      "PF006", "PF007", "PF009", "PF017"};

std::string name_of(const Fleet& fleet, Index pool) {
    return fmt::format("{}.{}", *fleet.services[fleet.pools[pool].service].name, *fleet.pools[pool].name);
}

/// The size that the fix has for this pool: `max = 5` for the one that the finding is about, else `5 for api.main`.
std::optional<std::int64_t> size_in(const Finding& finding, const Fleet& fleet, Index pool) {
    const std::string& fix = finding.fix;
    if (!fix.starts_with("max = ") && fix.find(", max = ") == fix.npos) return std::nullopt;
    const std::string_view sizes = std::string_view(fix).substr(0, fix.find("  →"));
    const auto number_before = [&](std::size_t end) -> std::optional<std::int64_t> {
        std::size_t begin = end;
        while (begin > 0 && sizes[begin - 1] >= '0' && sizes[begin - 1] <= '9') --begin;
        std::int64_t value = 0;
        if (begin == end || std::from_chars(sizes.data() + begin, sizes.data() + end, value).ec != std::errc())
            return std::nullopt;
        return value;
    };
    if (sizes.find(" for ") == sizes.npos)
        return finding.pools.size() == 1 && finding.pools.front() == pool ? number_before(sizes.size()) : std::nullopt;
    const std::string of = fmt::format(" for {}", name_of(fleet, pool));
    for (std::size_t at = sizes.find(of); at != sizes.npos; at = sizes.find(of, at + 1)) {
        const std::size_t end = at + of.size();
        if (end == sizes.size() || sizes[end] == ',' || sizes[end] == ' ') return number_before(at);
    }
    return std::nullopt;
}

/// Do today's classes and limits stay, of its replicas too, and sizes by the plan's own advice with them?
bool stays(const Answer& answer, Index database) {
    const Index primary = answer.fleet.databases[database].replica_of.value_or(database);
    for (Index i = 0; i < answer.fleet.databases.size(); ++i) {
        const DatabasePlan& plan = answer.plan.databases[i];
        if (i != primary && answer.fleet.databases[i].replica_of != primary) continue;
        if (plan.recommendation.cls != answer.fleet.databases[i].type || plan.recommendation.max_connections ||
            !plan.by_strategy.empty())
            return false;
    }
    return true;
}

/// Does the recommended strategy change the size of a pool?
bool changes(const Answer& answer, Index pool) {
    const auto taken = std::ranges::find_if(answer.strategies, &Strategy::recommended);
    const PoolPlan& plan = answer.plan.pools[pool];
    const PoolSize then = plan.recommended();
    return taken != answer.strategies.end() && taken->role != Strategy::Role::measures && then && plan.declared &&
           then->value != plan.declared->value;
}

std::string fault(const std::string& text, int* compared = nullptr) {
    const auto made = answer(text);
    if (!made) return "";
    for (const Finding& finding : made->findings) {
        if (std::ranges::find(connections, finding.rule->id) == connections.end()) continue;
        for (Index p = 0; p < made->fleet.pools.size(); ++p) {
            if (!changes(*made, p) || !stays(*made, model::database_of(made->fleet, made->fleet.pools[p]))) continue;
            const auto size = size_in(finding, made->fleet, p);
            if (!size) continue;
            if (compared != nullptr) ++*compared;
            const std::int64_t planned = made->plan.pools[p].recommended()->value.value;
            if (*size != planned)
                return fmt::format("{}: {} for {}, the plan says {}: {}", finding.rule->id, *size,
                                   name_of(made->fleet, p), planned, finding.fix);
        }
    }
    return "";
}

}  // namespace

TEST_CASE("a size that a fix names for a pool is the size that the plan gives it") {
    int compared = 0;
    std::map<std::string, int> kinds;
    for_seeds(37, half, [&](std::uint64_t seed, Generator& generator) {
        const std::string text = any_fleet(generator);
        const std::string what = fault(text, &compared);
        if (what.empty() || ++kinds[what.substr(0, 5)] > 1) return;
        const std::string least =
            shrunk(text, [&](const std::string& less) { return fault(less).starts_with(what.substr(0, 5)); });
        FAIL_CHECK(shrunk(seed, what, least, fault(least)));
    });
    for (const auto& [kind, count] : kinds) FAIL_CHECK(kind << ": " << count << " fleets");
    CHECK(compared > 0);
}
