// Each figure of a report has a name that no other one has, by which `explain` finds it, whatever the inventory has
// and whatever its records are called.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include <poolfit/assess/key.hpp>
#include <poolfit/report/report.hpp>

#include "../support/any_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/fleets.hpp"
#include "../support/typed_in.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

Report derived(const Fleet& fleet) {
    report::Composing composing;
    composing.derive = composing.whole = true;
    composing.findings = false;
    composing.worlds = report::Composing::Worlds{2, 1};
    composing.words = {"all"};
    return report::compose(fleet, test::catalog(), composing);
}

/// Fails where two figures have one name; gives how many there are.
std::size_t check_names(const Report& report) {
    std::map<std::string, FigureId> names;
    for (const Key& key : report.figures.conflicts()) FAIL_CHECK("two notes on " << assess::name(key, *report.fleet));
    const auto all = report.figures.all();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        if (all[i].inner) continue;
        const std::string name = assess::name(all[i].key, *report.fleet);
        const auto added = names.try_emplace(name, FigureId{i});
        const Node& other = report.figures[added.first->second];
        CHECK_MESSAGE(added.second, name, " is ", other.value.high, " and ", all[i].value.high);
    }
    return names.size();
}

/// Names that are parts of names of figures.
void call_alike(Fleet& fleet) {
    std::string name = "shop";
    for (Database& database : fleet.databases) {
        database.name.value = name;
        name += ".after";
    }
    name = "a";
    for (Index i = 0; i < fleet.services.size(); ++i) {
        fleet.services[i].name.value = name;
        name += ".pool.b";
    }
    for (Index i = 0; i < fleet.pools.size(); ++i) fleet.pools[i].name.value = i % 2 == 0 ? "b.pool.c" : "c";
    // Pools of one service have names of their own.
    std::map<std::pair<Index, std::string>, int> seen;
    for (Pool& pool : fleet.pools)
        if (const int n = seen[{pool.service, pool.name.value}]++; n > 0) pool.name.value += std::to_string(n);
    name = "p";
    for (Pooler& pooler : fleet.poolers) {
        pooler.name.value = name;
        name += ".after";
    }
}

}  // namespace

TEST_CASE("no two figures of a report have one name") {
    std::size_t figures = 0;
    for_seeds(43, half, [&](std::uint64_t seed, Generator& generator) {
        if (seed % 5 != 0) return;
        const std::string text = any_fleet(generator);
        INFO(text);
        auto made = answer(text);
        if (!made) return;
        figures += check_names(derived(made->fleet));
        Fleet fleet = made->fleet;
        call_alike(fleet);
        figures += check_names(derived(fleet));
    });
    CHECK(figures > 0);
}

TEST_CASE("a figure's name finds that figure, and no other") {
    for_seeds(44, [&](std::uint64_t seed, Generator& generator) {
        if (seed % 25 != 0) return;
        const std::string text = any_fleet(generator);
        INFO(text);
        auto made = answer(text);
        if (!made) return;
        Fleet fleet = made->fleet;
        call_alike(fleet);
        const Report report = derived(fleet);
        const auto all = report.figures.all();
        for (std::uint32_t i = 0; i < all.size(); i += 7) {
            if (all[i].inner) continue;
            const std::string name = assess::name(all[i].key, fleet);
            const auto found = report::find(report, name);
            REQUIRE_MESSAGE(found.size() == 1, name);
            CHECK_MESSAGE(found.front().figure == FigureId{i}, name);
        }
    });
}
