// What ends an outage, and what only seems to: a limit that is raised, fewer instances, a pooler's mode; by hand.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string database(std::string_view name, std::string_view keys) {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n{}\n", name,
        keys);
}

std::string by_hand(int max_connections) {
    return fmt::format("max_connections = {}\nreserved_connections = 5", max_connections);
}

std::string reader(std::string_view keys) {
    return fmt::format("[[database]]\nname = \"r\"\nreplica_of = \"db\"\n{}\n", keys);
}

/// One pool, of which all but one connection were seen busy: no size of it is less.
std::string busy(std::string_view service, std::string_view database, int max, std::string_view of_service = "") {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ndeploy = \"recreate\"\n{}\n[[service.pool]]\nname = \"p\"\ndatabase = \"{}\"\n"
        "max = {}\nin_use = \"{}-{}\"\n",
        service, of_service, database, max, max / 3, max - 1);
}

Planned planned(std::string_view text, std::string_view policy = "") {
    return plan_text(fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n{}{}", policy, text));
}

const Recommendation& advice(const Planned& planned, Index i = 0) { return planned.plan.databases[i].recommendation; }

std::int64_t raised(const Planned& planned, Index i = 0) {
    return advice(planned, i).max_connections ? advice(planned, i).max_connections->value : 0;
}

const WayOut* way(const Planned& planned, WayOut::Kind kind, Index i = 0) {
    const auto& ways = advice(planned, i).ways;
    const auto at = std::ranges::find(ways, kind, &WayOut::kind);
    return at == ways.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("ways out: a raised limit is the least that 85 % of the policy's shares of it carry the plan with") {
    const auto with = [](std::string_view policy, std::string_view service = "") {
        return raised(planned(database("db", by_hand(105)) + busy("a", "db", 120, service), policy));
    };
    CHECK(with("") == 183);  // ⌈120 / 85 %⌉ = 142, ⌈142 / 80 %⌉ = 178
    CHECK(with("[policy]\nconnections_steady_max = \"70%\"\n") == 208);   // ⌈202.9⌉
    CHECK(with("[policy]\nconnections_steady_max = \"33%\"\n") == 436);   // ⌈430.3⌉
    CHECK(with("[policy]\nconnections_steady_max = \"100%\"\n") == 155);  // a deploy: ⌈142 / 95 %⌉ = 150
    CHECK(with("[policy]\nconnections_steady_max = \"100%\"\nconnections_deploy_max = \"100%\"\n") == 147);
    const Planned over = planned(database("db", by_hand(105)) + busy("a", "db", 120));
    REQUIRE(way(over, WayOut::Kind::limit) != nullptr);
    CHECK(way(over, WayOut::Kind::limit)->from == Connections(105));
    CHECK(way(over, WayOut::Kind::limit)->to == Connections(183));
    CHECK(way(over, WayOut::Kind::limit)->steady == Connections(120));
}

TEST_CASE("ways out: a limit is raised to what the class gives by its formula, and not over it") {
    const auto with = [](int max_connections, int pool) {
        return planned(database("db", by_hand(max_connections)) + busy("a", "db", pool));
    };
    const Connections gives = with(600, 640).plan.databases[0].budget.limits.max_expected->value.low;
    // The most that 80 % of what is usable then carries, and one more.
    const auto most = static_cast<int>((gives.value - 5) * 8 / 10);
    CHECK(raised(with(600, most)) > 600);
    CHECK(raised(with(600, most)) <= gives.value);
    CHECK(raised(with(600, most + 1)) == 0);
    // One that is as high as the formula's, or higher, is not what holds it down.
    CHECK(raised(with(static_cast<int>(gives.value), most + 60)) == 0);
    CHECK(raised(with(static_cast<int>(gives.value) + 80, most + 300)) == 0);
}

TEST_CASE("ways out: no limit is raised where it is the formula's, where today's fits, or where sums are open") {
    CHECK(raised(planned(database("db", "") + busy("a", "db", 120))) == 0);
    CHECK(raised(planned(database("db", by_hand(155)) + busy("a", "db", 120))) == 0);
    // Over the policy's share alone is no outage, and the limit is what can be changed all the same.
    const Planned share = planned(database("db", by_hand(125)) + busy("a", "db", 120));
    CHECK(raised(share) == 183);
    CHECK(share.plan.databases[0].recommendation.verdict != Verdict::over);
    CHECK(share.plan.databases[0].recommendation.missing.empty());
    CHECK(raised(planned(database("db", by_hand(124)) + busy("a", "db", 120))) == 183);
    CHECK(raised(planned(database("db", by_hand(105)) + busy("a", "db", 120) +
                         "[[service]]\nname = \"u\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\n"
                         "driver = \"django\"\n")) == 0);
}

TEST_CASE("ways out: a primary's limit is raised as far as its readers start with, a reader's to its primary's") {
    const auto primary = [](int of_reader) {
        return raised(planned(database("db", by_hand(105)) + reader(by_hand(of_reader)) + busy("a", "db", 120)));
    };
    CHECK(primary(120) == 183);  // the reader's is raised, too
    CHECK(primary(182) == 183);
    CHECK(primary(183) == 183);
    CHECK(primary(400) == 183);
    // A reader's that follows the formula of a small class cannot be.
    CHECK(raised(planned(database("db", by_hand(105)) + reader("class = \"db.t3.micro\"") + busy("a", "db", 120))) ==
          0);
    const auto of_reader = [](std::string_view of_primary) {
        return planned(database("db", of_primary) + reader(by_hand(105)) + busy("a", "r", 120));
    };
    CHECK(raised(of_reader(by_hand(150)), 1) == 183);
    CHECK(raised(of_reader(by_hand(183)), 1) == 183);
    CHECK(raised(of_reader(by_hand(200)), 1) == 200);
    // One that follows the formula is a range: the reader's gets all that it is sure to give.
    const Planned by_formula = of_reader("");
    CHECK(raised(by_formula, 1) == by_formula.plan.databases[1].budget.limits.max_expected->value.low.value);
    // One that is larger gets the most that its primary may have.
    const Planned larger =
        planned(database("db", "") + reader("class = \"db.m5.2xlarge\"\n" + by_hand(105)) + busy("a", "r", 120));
    CHECK(raised(larger, 1) == larger.plan.databases[0].budget.limits.max_expected->value.high.value);
}

TEST_CASE("ways out: a failover is carried by a raised limit, too") {
    // The reader's 100 move to the primary's 110; 85 % of 80 % of 163 carry those alone.
    const Planned lost =
        planned(database("db", by_hand(105)) + reader(by_hand(305)) + busy("a", "db", 110) + busy("b", "r", 100));
    CHECK(raised(lost) == 253);
    const Planned few =
        planned(database("db", by_hand(105)) + reader(by_hand(305)) + busy("a", "db", 110) + busy("b", "r", 28));
    CHECK(raised(few) == 168);  // ⌈138 / 85 %⌉ is 163, as well, and 5
    const Planned more =
        planned(database("db", by_hand(105)) + reader(by_hand(305)) + busy("a", "db", 110) + busy("b", "r", 29));
    CHECK(raised(more) == 169);
}

TEST_CASE("ways out: fewer instances count the pools on this server, and those of the service that stays") {
    // Two pools a copy, one of them on another server: 10 of 100 each, and 80 are allowed.
    const auto with = [](std::string_view other) {
        return planned(database("db", by_hand(105)) + database("two", "") +
                       fmt::format("[[service]]\nname = \"a\"\ninstances = {{ min = 2, max = 30 }}\n"
                                   "deploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = "
                                   "10\nin_use = \"2-9\"\n[[service.pool]]\nname = \"q\"\ndatabase = \"{}\"\nmax = 10\n"
                                   "in_use = \"2-9\"\n",
                                   other));
    };
    const Planned apart = with("two");
    REQUIRE(way(apart, WayOut::Kind::instances) != nullptr);
    CHECK(way(apart, WayOut::Kind::instances)->count == 8);
    CHECK(way(apart, WayOut::Kind::instances)->steady == Connections(80));
    const Planned together = with("db");
    REQUIRE(way(together, WayOut::Kind::instances) != nullptr);
    CHECK(way(together, WayOut::Kind::instances)->count == 4);
}

TEST_CASE("ways out: fewer instances are inside a deploy's limit, and no fewer than the least") {
    const auto most = [](int least, std::string_view deploy) {
        const Planned one =
            planned(database("db", by_hand(105)) +
                    fmt::format("[[service]]\nname = \"a\"\ninstances = {{ min = {}, max = 30 }}\n{}\n"
                                "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 10\nin_use = \"2-9\"\n",
                                least, deploy));
        const WayOut* found = way(one, WayOut::Kind::instances);
        return found == nullptr ? std::int64_t(0) : found->count;
    };
    CHECK(most(1, "deploy = \"recreate\"") == 8);
    CHECK(most(1, "deploy = \"blue-green\"") == 4);                    // twice: 80; 5 were 100 of 95
    CHECK(most(1, "deploy = \"rolling\"\nmax_surge = 3") == 6);        // 6 + 3
    CHECK(most(1, "deploy = \"rolling\"\nmax_surge = \"50%\"") == 6);  // 6 + 3; 7 + 4 were 110
    CHECK(most(4, "deploy = \"blue-green\"") == 4);
    CHECK(most(5, "deploy = \"blue-green\"") == 0);
    CHECK(most(8, "deploy = \"recreate\"") == 8);
    CHECK(most(9, "deploy = \"recreate\"") == 0);
}

TEST_CASE("ways out: of two services the one that can give more, and none that has always as many") {
    const auto service = [](std::string_view name, std::string_view instances, int max) {
        return busy(name, "db", max, fmt::format("instances = {}", instances));
    };
    // 20 × 4 and 30 × 3 on 80.
    const Planned both = planned(database("db", by_hand(105)) + service("a", "{ min = 1, max = 20 }", 3) +
                                 service("b", "{ min = 1, max = 20 }", 4));
    const WayOut* found = way(both, WayOut::Kind::instances);
    REQUIRE(found != nullptr);
    CHECK(found->service == 1);
    CHECK(found->count == 5);  // 60 + 20
    CHECK(found->steady == Connections(80));
    const Planned fixed =
        planned(database("db", by_hand(105)) + service("a", "{ min = 1, max = 20 }", 3) + service("b", "20", 4));
    CHECK(way(fixed, WayOut::Kind::instances) == nullptr);  // 80 without any of a's
}

TEST_CASE("ways out: the sizes of pools where they do without transaction mode, else that") {
    // 30 clients of 20 connections; by use each pool needs 4.
    const auto with = [](int instances, std::string_view use) {
        return planned(database("db", by_hand(105)) +
                       "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\nmode = \"session\"\nmax_client_conn = 900\n"
                       "database = \"db\"\ndefault_pool_size = 20\n" +
                       fmt::format("[[service]]\nname = \"a\"\ninstances = {}\ndeploy = \"recreate\"\n"
                                   "[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\ndriver = \"pg\"\nmax = 10\n{}\n",
                                   instances, use));
    };
    const Planned sizes = with(3, "in_use = \"1-3\"");  // max(⌈2.5⌉, 4) × 3 = 12 of 20
    CHECK(sizes.plan.pools[0].advice.size->value == Connections(4));
    REQUIRE(advice(sizes).ways.size() == 1);
    CHECK(advice(sizes).ways[0].kind == WayOut::Kind::pools);
    CHECK(advice(sizes).ways[0].steady == Connections(12));
    const Planned full = with(5, "in_use = \"1-3\"");  // 20 of 20
    CHECK(way(full, WayOut::Kind::pools) != nullptr);
    const Planned waits = with(6, "in_use = \"1-3\"");  // 24
    CHECK(way(waits, WayOut::Kind::pooler_mode) != nullptr);
    CHECK(way(waits, WayOut::Kind::pools) == nullptr);
    const Planned unknown = with(3, "");
    CHECK(way(unknown, WayOut::Kind::pooler_mode) != nullptr);
    CHECK(way(unknown, WayOut::Kind::pools) == nullptr);
}

TEST_CASE("ways out: nothing is one for a server that is not over") {
    CHECK(advice(planned(database("db", by_hand(125)) + busy("a", "db", 120))).ways.empty());
    CHECK(advice(planned(database("db", by_hand(125)) + busy("a", "db", 120))).outages.empty());
    const Planned over = planned(database("db", by_hand(125)) + busy("a", "db", 121));
    REQUIRE(advice(over).outages.size() == 1);
    CHECK(advice(over).outages[0].needs == Connections(121));
    CHECK(advice(over).outages[0].usable == Connections(120));
    CHECK_FALSE(advice(over).outages[0].at_least);
    CHECK(advice(over).verdict == Verdict::over);
}

TEST_CASE("ways out: what ends the outage comes first, and a class for a share of the policy is a step of its own") {
    const auto with = [](std::string_view in_use) {
        return plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
            "engine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
            "[database.observed]\ncpu_peak = \"65%\"\ncpu_mean = \"10%\"\nfreeable_memory = \"4 GiB\"\nwindow = \"30 "
            "d\"\n"
            "[[service]]\nname = \"s\"\ninstances = 44\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
            "database = \"db\"\nmax = 30\nin_use = \"{}\"\n",
            in_use));
    };
    // max(⌈2.5 × 1⌉, 2 + 1) = 3 each: 132 of 811. The CPU, 65 % of 60 %, takes another class.
    const Planned planned = with("1-2");
    const Recommendation& fits = planned.plan.databases[0].recommendation;
    REQUIRE_FALSE(fits.ways.empty());
    CHECK(fits.cls->name != "db.m5.large");
    CHECK(fits.ways[0].kind == WayOut::Kind::pools);
    CHECK(fits.ways[0].steady == Connections(132));
    CHECK(fits.ways[0].usable == Connections(811));
    // 20 each, 880, are too many for it; today's 1,320 may be too many for the class of those, which says so.
    const Planned more = with("8-19");
    const Recommendation& large = more.plan.databases[0].recommendation;
    REQUIRE_FALSE(large.ways.empty());
    REQUIRE(large.ways[0].kind == WayOut::Kind::cls);
    CHECK(large.ways[0].with_sizes == (large.ways[0].usable < Connections(1320)));
}

TEST_CASE("ways out: where the limit forces sizes that no use supports, a limit set by hand may be raised instead") {
    const std::string service =
        "[[service]]\nname = \"a\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"db\"\nmax = 10\n";
    const std::string memory = "\n[database.observed]\nfreeable_memory = \"4 GiB\"";
    const Planned blind = planned(database("db", by_hand(105) + memory) + service);
    REQUIRE(advice(blind).ways.size() == 2);
    CHECK(advice(blind).ways.front().kind == WayOut::Kind::pools);
    const WayOut& limit = advice(blind).ways.back();
    CHECK(limit.kind == WayOut::Kind::limit);
    CHECK_FALSE(limit.with_sizes);
    CHECK(limit.from == Connections(105));
    // 120 in 85 % of the 80 % that the policy allows.
    CHECK(limit.to == Connections(5 + 178));
    CHECK(limit.steady == Connections(120));
    CHECK(limit.usable == Connections(178));
    CHECK_FALSE(advice(blind).max_connections);
    // Not where nothing is known of its memory.
    CHECK(way(planned(database("db", by_hand(105)) + service), WayOut::Kind::limit) == nullptr);
    // Measured use asks for less, so there is no need to.
    const Planned measured = planned(database("db", by_hand(105) + memory) + service + "in_use = \"1-4\"\n");
    CHECK(way(measured, WayOut::Kind::limit) == nullptr);
    // A limit that is the formula's has nothing to be raised to.
    const Planned formula = planned(database("db", "") + service.substr(0, service.find("deploy")) +
                                    "processes = 20\n" + service.substr(service.find("deploy")));
    CHECK(way(formula, WayOut::Kind::limit) == nullptr);
}
