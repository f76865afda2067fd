// To the connection, and in what a run shares: where a small mistake would pass for the right answer.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view idle_small =
    "[database.observed]\ncpu_mean = \"4%\"\ncpu_peak = \"12%\"\nfreeable_memory = \"1 GiB\"\n";

const Strategy& strategy_of(const std::vector<Strategy>& all, Phase phase) {
    const auto at = std::ranges::find(all, phase, &Strategy::phase);
    REQUIRE(at != all.end());
    return *at;
}

}  // namespace

TEST_CASE("edges: a class is a way out with today's pools up to the last connection that it has") {
    // db.t3.medium has 378 usable connections; a's ten pods open 12 each, and 3 are advised.
    const auto to_the_class = [](int busy) {
        const Planned planned =
            plan_text(one_database("db.t3.small", idle_small,
                                   one_pool("a", "max = 12\nin_use = \"1-2\"", "instances = 10") +
                                       one_pool("b", fmt::format("max = {}\nin_use = \"100-{}\"", busy, busy - 1))));
        const Recommendation& advice = planned.plan.databases[0].recommendation;
        REQUIRE(advice.ways.size() == 1);
        CHECK(advice.ways[0].kind == WayOut::Kind::cls);
        CHECK(advice.cls->name == "db.t3.medium");
        CHECK(advice.ways[0].usable == Connections(378));
        CHECK(planned.plan.databases[0].demand.allocated->value == Connections(120 + busy));
        CHECK(advice.ways[0].steady == Connections((advice.ways[0].with_sizes ? 30 : 120) + busy));
        return !advice.ways[0].with_sizes;
    };
    CHECK(to_the_class(257));
    CHECK(to_the_class(258));
    CHECK_FALSE(to_the_class(259));
}

TEST_CASE("edges: a size that holds all of a process's threads holds whatever they need; no use is reported") {
    const auto told = [](int max) {
        const Planned planned = plan_text(one_database(
            "db.m5.large", "",
            one_pool("a", fmt::format("max = {}", max), "runtime = \"threads\"\nprocesses = 1\nthreads = 5")));
        const auto all = plan::strategies(planned.fleet, planned.plan, {});
        return std::ranges::count(strategy_of(all, Phase::monitor).decides, Point::Kind::holds_today, &Point::kind);
    };
    CHECK(told(4) == 1);
    CHECK(told(5) == 0);
}

TEST_CASE("edges: beside a share of the server, too, a strategy is weighed on a class that carries what it opens") {
    // Nothing ends what `full` is over by, so other strategies are weighed. On `db` two pools of 1 on each of 100
    // instances become one of 6: 600 connections instead of 200, and those of the proxy beside them.
    const Planned planned = plan_text(one_database(
        "db.m5.xlarge",
        "[database.observed]\ncpu_mean = \"4%\"\ncpu_peak = \"12%\"\nfreeable_memory = \"13 GiB\"\n"
        "window = \"14 d\"",
        "[[database]]\nname = \"full\"\nengine = \"postgresql\"\nversion = \"16.8\"\n"
        "provider = \"self-managed\"\nvcpus = 4\nmemory = \"16 GiB\"\nmax_connections = 103\n"
        "[[service]]\nname = \"a\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"full\"\nmax = 10\nin_use = \"4-9\"\nfeatures = [\"session\"]\n" +
            one_pool("b", "max = 1\n[[service.pool]]\nname = \"q\"\ndatabase = \"db\"\nmax = 1",
                     "instances = 100\nmerged_max = 6") +
            "[[service]]\nname = \"c\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
            "database = \"px\"\nmax = 2\n[[pooler]]\nname = \"px\"\nkind = \"rds-proxy\"\n"
            "database = \"db\"\nmax_connections_percent = \"2%\"\n"));
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    const StrategyDatabase &right_sized = strategy_of(all, Phase::conservative).databases[0],
                           &merged = strategy_of(all, Phase::aggressive).databases[0];
    const auto allowed = [](const StrategyDatabase& server) { return 0.8 * static_cast<double>(server.usable.value); };
    CHECK(right_sized.after->value == Connections(202));
    CHECK(allowed(right_sized) >= 202);
    CHECK(merged.after->value == Connections(602));
    CHECK(allowed(merged) >= 602);
    CHECK(allowed(right_sized) < 602);  // or the class for right-sized pools would do
    CHECK(merged.cls != right_sized.cls);
}

TEST_CASE("edges: derivations of strategies come in one order, whatever the number of threads") {
    std::string text = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";
    for (int i = 0; i < 40; ++i) {  // enough databases for another thread to be worth its start
        text += fmt::format(
            "[[database]]\nname = \"db{0}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
            "[[service]]\nname = \"s{0}\"\n",
            i);
        for (int k = 0; k < 40; ++k)
            text += fmt::format("[[service.pool]]\nname = \"p{1}\"\ndatabase = \"db{0}\"\nmax = 9\nin_use = \"1-3\"\n",
                                i, k);
    }
    const auto derived = [&](int threads) {
        const Planned planned = plan_text(text);
        const auto all = plan::strategies(planned.fleet, planned.plan, Recorder(planned.figures.get()), threads);
        std::vector<std::uint32_t> ids;
        for (const Strategy& each : all)
            for (const StrategyDatabase& server : each.databases) ids.push_back(server.after->id.index);
        CHECK(planned.figures->conflicts().empty());
        return ids;
    };
    const auto alone = derived(1);
    CHECK(alone.size() == 4 * 40);
    CHECK(derived(4) == alone);
}
