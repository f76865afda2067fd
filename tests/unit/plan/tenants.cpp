// Pools for each of several databases: a printed size is that of one pool, and all of them fit.
#include <algorithm>

#include <doctest/doctest.h>

#include <poolfit/plan/fit.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

using Kind = Point::Kind;

std::string tenants(std::string_view keys, std::string_view of_service = "instances = 2\nprocesses = 3") {
    return one_pool("api", keys, of_service);
}

PoolAdvice advised(std::string_view keys, std::string_view of_service = "instances = 2\nprocesses = 3") {
    return plan_text(one_database("db.m5.4xlarge", "", tenants(keys, of_service))).plan.pools[0].advice;
}

}  // namespace

TEST_CASE("tenants: what a limit forces is the size of one pool, so that all of them fit") {
    // 2 × 3 × 10 pools of 20 are 1,200 of 500 − reserved; 80 % of what is usable carry 60 pools of 6.
    const Planned planned =
        plan_text(one_database("db.m5.large", "max_connections = 500", tenants("max = 20\ndatabases = 10")));
    const DatabasePlan& db = planned.plan.databases[0];
    const std::int64_t usable = db.budget.limits.usable.value.value;
    CHECK(db.recommendation.verdict == Verdict::over);
    const PoolAdvice& advice = planned.plan.pools[0].advice;
    CHECK(advice.basis == Basis::limit);
    CHECK(advice.size->value.value == static_cast<std::int64_t>(0.8 * static_cast<double>(usable)) / 60);
    CHECK(advice.size->value.value == 6);
    CHECK(db.after.allocated->value.value == 360);
    // The fix of a rule is the same size.
    bool said = false;
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == std::string_view("PF002")) said = finding.fix.starts_with("max = 6  →  360 of ");
    CHECK(said);
}

TEST_CASE("tenants: what was seen over all databases bounds a size, and moves it only past a bound") {
    // The buffer is 2.5: max(⌈2.5 × 8⌉, 11 + 1) = 20 if one database has all of it; an even part of four is 5.
    const auto size = [](int max) {
        return advised(fmt::format("max = {}\ndatabases = 4\nin_use = \"8-11\"", max)).size->value.value;
    };
    CHECK(size(40) == 20);
    CHECK(size(20) == 20);
    CHECK(size(7) == 7);
    CHECK(size(5) == 5);
    CHECK(size(4) == 5);
    CHECK(advised("max = 40\ndatabases = 4\nin_use = \"8-11\"").basis == Basis::observed);
    CHECK(advised("max = 7\ndatabases = 4\nin_use = \"8-11\"").basis == Basis::declared);
    CHECK(advised("max = 4\ndatabases = 4\nin_use = \"8-11\"").evenly);
    // One database: as ever.
    CHECK(advised("max = 7\nin_use = \"8-11\"").size->value.value == 20);
}

TEST_CASE("tenants: the load of a process is spread evenly over its databases") {
    const Planned all = plan_text(one_database(
        "db.m5.4xlarge", "",
        tenants("max = 20\ndatabases = 10\nworkload = { rate = \"400/s\", hold = \"20 ms\", cpu = \"1 ms\" }")));
    const Planned one =
        plan_text(one_database("db.m5.4xlarge", "",
                               tenants("max = 20\nworkload = { rate = \"40/s\", hold = \"20 ms\", cpu = \"1 ms\" }",
                                       "instances = 20\nprocesses = 3")));
    CHECK(all.figures->conflicts().empty());
    // 400/s ÷ 10 × 20 ms = 0.8 busy in each pool; the CPU of the server is that of the whole: 2 × 3 × 400/s × 1 ms.
    CHECK(all.plan.pools[0].load->offered.value.value == doctest::Approx(0.8));
    CHECK(all.plan.pools[0].load->size->value == one.plan.pools[0].load->size->value);
    CHECK(all.plan.databases[0].load->cpu_demand.value.value == doctest::Approx(2.4 / 16));
    CHECK(all.plan.databases[0].load->cpu_demand.value.value ==
          doctest::Approx(one.plan.databases[0].load->cpu_demand.value.value));
}

TEST_CASE("tenants: where one connection each is too many, no size fits, and the outage says so") {
    const auto outage = [](std::string_view keys, std::string_view databases) {
        const Planned planned =
            plan_text(one_database("db.t3.small", keys, tenants(fmt::format("max = 1\ndatabases = {}", databases))));
        REQUIRE(!planned.plan.databases[0].recommendation.outages.empty());
        return planned.plan.databases[0].recommendation.outages[0];
    };
    // 2 × 3 × 100 on less than 400.
    const Outage over = outage("max_connections = 400", "100");
    REQUIRE(over.no_size);
    CHECK(over.no_size->connections.value == 600);
    CHECK(over.no_size->databases == 100);
    CHECK(over.no_size->each == 6);
    CHECK(over.no_size->pooler_fits);  // 100 of less than 400
    CHECK_FALSE(outage("max_connections = 400", "390").no_size->by_pooler);
    CHECK_FALSE(outage("max_connections = 400", "1000").no_size->pooler_fits);
    // No product is too large to be said: 2 × 3 × 100,000.
    CHECK(outage("max_connections = 400", "100000").no_size->connections.value == 600'000);
}

TEST_CASE("tenants: a pooler that the plan adds has a pool for each database") {
    const Planned planned =
        plan_text(one_database("db.t3.small", "max_connections = 400",
                               tenants("max = 2\ndatabases = 100\nworkload = { rate = \"100/s\", hold = \"10 ms\" }",
                                       "instances = 10\nprocesses = 3")));
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    const auto pooler = std::ranges::find(strategies, std::string_view("pooler"), &Strategy::name);
    REQUIRE(pooler != strategies.end());
    const auto add = std::ranges::find(pooler->changes, Kind::add_pooler, &Point::kind);
    REQUIRE(add != pooler->changes.end());
    CHECK(add->count == 100);
    // 30 processes × 100/s ÷ 100 × 10 ms = 0.3 busy in each pair.
    CHECK(add->all >= 1);
    CHECK(add->to->value == static_cast<std::int64_t>(add->all) * 100);
}

TEST_CASE("tenants: a PgBouncer keeps one connection for each pair in use, whatever its size") {
    const std::string bouncer =
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "default_pool_size = 1\nmax_client_conn = 100000\n";
    const std::string client =
        "[[service]]\nname = \"api\"\ninstances = 10\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = 2\n"
        "databases = 1000\n";
    const Planned planned = plan_text(one_database("db.t3.small", "max_connections = 400", bouncer + client));
    const Recommendation& r = planned.plan.databases[0].recommendation;
    REQUIRE(!r.outages.empty());
    REQUIRE(r.outages[0].no_size);
    CHECK(r.outages[0].no_size->by_pooler);
    CHECK(r.outages[0].no_size->connections.value == 1000);
    CHECK(std::ranges::find(r.ways, WayOut::Kind::pooler_share, &WayOut::kind) == r.ways.end());
}

TEST_CASE("tenants: what a limit leaves a new pooler fits in a deploy too, in whole connections for each database") {
    // A policy that leaves less in a deploy: 63 % of what is usable.
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nconnections_deploy_max = \"63%\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
        "max_connections = 700\n" +
        tenants("max = 20\ndatabases = 100"));
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    const auto pooler = std::ranges::find(strategies, std::string_view("pooler"), &Strategy::name);
    const auto add = std::ranges::find(pooler->changes, Kind::add_pooler, &Point::kind);
    REQUIRE(add != pooler->changes.end());
    // 700 − 9: 80 % are 552 and 63 % are 435, so four each, not five.
    CHECK(planned.plan.databases[0].budget.limits.usable.value.value == 691);
    CHECK(add->all == 4);
    CHECK(add->to->value == 400);
}
