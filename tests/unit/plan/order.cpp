// The order of an action plan, and what its actions say: of gain over risk, of replicas, of services that stop.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

struct Actions {
    Planned planned;
    std::vector<Strategy> strategies;
    std::vector<Action> all;
    explicit Actions(const std::string& text) : planned(plan_text(text)) {
        strategies = plan::strategies(planned.fleet, planned.plan, {});
        all = plan::phases(planned.fleet, planned.plan, strategies);
    }
    /// Databases whose class changes, in order.
    std::vector<Index> moves() const {
        std::vector<Index> order;
        for (const Action& action : all)
            if (action.kind == Action::Kind::instance) order.push_back(action.databases.front());
        return order;
    }
    const Action& of(Action::Kind kind) const {
        const auto at = std::find_if(all.begin(), all.end(), [&](const Action& a) { return a.kind == kind; });
        REQUIRE(at != all.end());
        return *at;
    }
};

std::string database(std::string_view name, std::string_view cls, std::string_view free_gib, std::string_view window,
                     std::string_view cpu = "10%", std::string_view keys = "engine = \"postgresql\"") {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nclass = \"{}\"\n{}\n[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"{}\"\n"
        "freeable_memory = \"{} GiB\"\niops = 10\nwindow = \"{}\"\n",
        name, cls, keys, cpu, free_gib, window);
}

std::string price(std::string_view cls, int usd) {
    return fmt::format("[[price]]\nclass = \"{}\"\nusd_per_month = {}\n", cls, usd);
}

constexpr std::string_view top = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";

/// `a` saves $100 at a low risk; `b`, whose window is short, this much at a medium one.
std::vector<Index> order(int saves) {
    return Actions(fmt::format("{}[policy]\nallow = [\"db.m5.xlarge\", \"db.m5.large\", \"db.r5.2xlarge\", "
                               "\"db.r5.xlarge\"]\n{}{}{}",
                               top, database("a", "db.m5.xlarge", "14", "30 d"),
                               database("b", "db.r5.2xlarge", "34", "7 d"),
                               price("db.m5.xlarge", 1000) + price("db.m5.large", 900) + price("db.r5.2xlarge", 1500) +
                                   price("db.r5.xlarge", 1500 - saves)))
        .moves();
}

}  // namespace

TEST_CASE("actions: at twice the risk a move comes first where it saves more than twice as much") {
    CHECK(order(210) == std::vector<Index>{1, 0});
    CHECK(order(200) == std::vector<Index>{0, 1});  // the order of the inventory
    CHECK(order(190) == std::vector<Index>{0, 1});
}

TEST_CASE("actions: a class that does not carry its load is changed before any that saves") {
    const Actions made(std::string(top) + database("a", "db.m5.xlarge", "14", "30 d") +
                       database("b", "db.m5.large", "6", "30 d", "90%"));
    CHECK(made.moves() == std::vector<Index>{1, 0});
    CHECK(made.all[0].gain == Action::Gain::carries);
    CHECK(made.all[1].gain == Action::Gain::saves);
}

TEST_CASE("actions: a move that ends an outage carries the load, whatever else would end it") {
    // 60 × 20, of which all but 60 were seen busy, are more than a db.m5.large lets in; fewer instances would do too.
    const Actions made(std::string(top) + database("db", "db.m5.large", "6", "30 d") +
                       one_pool("api", "max = 20\nin_use = \"8-19\"", "instances = { min = 5, max = 60 }"));
    const std::vector<WayOut>& ways = made.planned.plan.databases[0].recommendation.ways;
    REQUIRE(ways.size() == 2);
    CHECK(ways[0].kind == WayOut::Kind::cls);
    CHECK(ways[1].kind == WayOut::Kind::instances);
    CHECK(made.planned.plan.databases[0].recommendation.verdict == Verdict::over);
    const auto move = std::ranges::find(made.all, Action::Kind::instance, &Action::kind);
    REQUIRE(move != made.all.end());
    CHECK(move->gain == Action::Gain::carries);
}

TEST_CASE("actions: a primary that shrinks goes before its replica, though that one's move weighs more") {
    // The primary's window is short: the same saving at twice the risk.
    const auto moves = [](std::string_view window) {
        return Actions(std::string(top) + database("p", "db.m5.xlarge", "14", window) +
                       database("r", "db.m5.xlarge", "14", "30 d", "10%", "replica_of = \"p\"") +
                       database("alone", "db.m5.xlarge", "14", "30 d"))
            .moves();
    };
    CHECK(moves("30 d") == std::vector<Index>{0, 1, 2});
    CHECK(moves("7 d") == std::vector<Index>{0, 1, 2});
}

TEST_CASE("actions: what ends an outage goes first, with the replicas that have to grow before it") {
    // 50 pods of 6 busy connections on a class that gives fewer; another database saves more than any.
    const auto moves = [](std::string_view engine) {
        const std::string keys =
            fmt::format("engine = \"{}\"\nversion = \"{}\"", engine, engine == "mysql" ? "8.0.35" : "15.7");
        return Actions(std::string(top) + database("saves", "db.m5.12xlarge", "170", "30 d") +
                       database("p", "db.t3.small", "1", "30 d", "10%", keys) +
                       database("r", "db.t3.small", "1", "30 d", "10%", keys + "\nreplica_of = \"p\"") +
                       "[[service]]\nname = \"s\"\ninstances = 50\n[[service.pool]]\nname = \"x\"\n"
                       "database = \"p\"\nmax = 6\nin_use = \"3-6\"\n")
            .moves();
    };
    CHECK(moves("postgresql") == std::vector<Index>{2, 1, 0});
    CHECK(moves("mysql") == std::vector<Index>{1, 2, 0});
}

TEST_CASE("actions: a service stops where its pools change and its deploy stops it") {
    const std::string rolling =
        "[[service]]\nname = \"b\"\ndeploy = \"rolling\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 20\nin_use = \"1-2\"\n";
    const Actions made(one_database("db.m5.large", "",
                                    one_pool("a", "max = 20\nin_use = \"1-2\"") + rolling +
                                        one_pool("c", "max = 3\nin_use = \"1-2\"") +
                                        one_pool("d", "max = 9\nin_use = \"1-2\"")));
    const Action& pools = made.of(Action::Kind::pools);
    CHECK(pools.downtime.kind == Downtime::Kind::deploys);
    CHECK(pools.downtime.services == std::vector<Index>{0, 3});
    CHECK(made.strategies[*pools.strategy].work.services == 3);
    CHECK(made.strategies[*pools.strategy].work.settings == 3);
}

TEST_CASE("actions: a service that merges its pools stops, though the one that is left has today's size") {
    // Two of 25 by their use, of 40; merged_max is what the first one has today.
    const Actions made(
        one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5\nother_connections = 10",
                     "[[service]]\nname = \"api\"\ndeploy = \"recreate\"\nmerged_max = 30\n"
                     "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 30\nin_use = \"10-11\"\n"
                     "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n"));
    const Action& pools = made.of(Action::Kind::pools);
    REQUIRE(made.strategies[*pools.strategy].name == "aggressive");
    CHECK(made.strategies[*pools.strategy].pools.front().size->value == Connections(30));
    CHECK(pools.downtime.services == std::vector<Index>{0});
}

TEST_CASE("actions: a service that goes through a new pooler stops, though its pools keep their sizes") {
    // 234 connections as their use asks for, 193 + 3 with a pooler: at 200 it takes over.
    const Actions made(one_database("db.m5.large", "",
                                    one_pool("a", "max = 3\nin_use = \"1-2\"", "instances = 76") +
                                        one_pool("b", "max = 3\nin_use = \"1-2\"") +
                                        one_pool("c", "max = 3\nin_use = \"1-2\"\nfeatures = [\"session\"]")));
    const Action& pooler = made.of(Action::Kind::pooler);
    CHECK(made.strategies[*pooler.strategy].work.services == 2);
    CHECK(pooler.downtime.services == std::vector<Index>{0, 1});  // c keeps its session, and its way
}

TEST_CASE("actions: new sizes gain fewer connections, as many, or more") {
    const auto gain = [](std::string_view in_use) {
        const Actions made(one_database("db.m5.large", "",
                                        one_pool("a", fmt::format("max = 10\nin_use = \"{}\"", in_use)) +
                                            one_pool("b", "max = 12\nin_use = \"1-2\"")));
        const Action& pools = made.of(Action::Kind::pools);
        return std::pair(pools.gain, pools.connections.value);
    };
    CHECK(gain("2-3") == std::pair(Action::Gain::fewer, std::int64_t{5 + 9}));
    CHECK(gain("7-18") == std::pair(Action::Gain::as_many, std::int64_t{0}));  // 19 and 3
    CHECK(gain("9-12") == std::pair(Action::Gain::more, std::int64_t{13 - 9}));
}

TEST_CASE("actions: each driver is watched once, where it shows that requests wait") {
    const Actions made(one_database("db.m5.large", "",
                                    one_pool("a", "max = 20\nin_use = \"1-2\"\ndriver = \"pg\"") +
                                        one_pool("b", "max = 20\nin_use = \"1-2\"\ndriver = \"pg\"") +
                                        one_pool("c", "max = 20\nin_use = \"1-2\"\ndriver = \"postgres.js\"") +
                                        one_pool("d", "max = 20\nin_use = \"1-2\"")));
    std::vector<std::string> drivers;
    for (const Sign& sign : made.of(Action::Kind::pools).watch) {
        if (sign.kind == Sign::Kind::waiting) drivers.push_back("waiting " + std::string(sign.driver->id));
        if (sign.kind == Sign::Kind::counts_no_waiting) drivers.push_back("none " + std::string(sign.driver->id));
    }
    CHECK(drivers == std::vector<std::string>{"waiting pg", "none postgres-js"});
}

TEST_CASE("actions: measuring watches for each finding that would change the decision") {
    const Actions made(one_database("db.m5.large", "", one_pool("a", "max = 20") + one_pool("b", "max = 8")));
    const Action& measure = made.all.back();  // after what the database's verdict lacks
    REQUIRE(measure.kind == Action::Kind::measure);
    REQUIRE(measure.strategy.has_value());
    const auto& decides = made.strategies[*measure.strategy].decides;
    REQUIRE(decides.size() == 2);
    REQUIRE(measure.watch.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(measure.watch[i].kind == Sign::Kind::decision);
        CHECK(measure.watch[i].decides == i);
    }
}
