// A database of which the inventory does not say the class: what is known is planned, the rest is not known, never 0.
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

/// Every platform, with no word of what it runs on.
constexpr const char* kinds[] = {
    "engine = \"postgresql\"\nregion = \"eu-west-1\"\n",
    "engine = \"mysql\"\nregion = \"eu-west-1\"\n",
    "engine = \"mariadb\"\nregion = \"eu-west-1\"\n",
    "engine = \"aurora-postgresql\"\nregion = \"eu-west-1\"\n",
    "engine = \"aurora-mysql\"\nregion = \"eu-west-1\"\n",
    "provider = \"gcp\"\nengine = \"postgresql\"\nregion = \"europe-west1\"\n",
    "provider = \"gcp\"\nengine = \"mysql\"\nregion = \"europe-west1\"\n",
    "provider = \"azure\"\nengine = \"postgresql\"\nregion = \"westeurope\"\n",
    "provider = \"neon\"\nengine = \"postgresql\"\nregion = \"aws-us-east-1\"\n",
    "provider = \"aiven\"\nengine = \"mysql\"\n",
    "provider = \"self-managed\"\nengine = \"postgresql\"\n",
    "provider = \"self-managed\"\nengine = \"mysql\"\n",
};

Planned planned(std::string_view head, std::string_view more = {}) {
    return test::plan_text("schema = \"poolfit-inventory/1\"\nname = \"t\"\n[[database]]\nname = \"orders\"\n" +
                           std::string(head) + std::string(more) +
                           "[[service]]\nname = \"api\"\ninstances = 4\nprocesses = 2\ndeploy = \"recreate\"\n"
                           "[[service.pool]]\nname = \"main\"\ndatabase = \"orders\"\nmax = 10\nin_use = \"1-2\"\n");
}

}  // namespace

TEST_CASE("without a class: demand is known, limits and money are not, on every platform") {
    for (const char* kind : kinds) {
        CAPTURE(kind);
        const Planned made = planned(kind);
        const DatabasePlan& own = made.plan.databases[0];
        CHECK(made.fleet.databases[0].type->unknown);
        REQUIRE(own.demand.allocated);
        CHECK(own.demand.allocated->value.value == 80);  // 4 × 2 × 10
        CHECK_FALSE(own.budget.limits.known);
        CHECK_FALSE(own.budget.limits.max_expected);
        CHECK_FALSE(own.budget.utilization);
        CHECK_FALSE(own.budget.headroom);
        CHECK_FALSE(own.now.cost);
        CHECK_FALSE(own.now.memory_used);
        CHECK_FALSE(own.recommendation.saves);
        CHECK(own.recommendation.verdict == Verdict::unknown);
        CHECK(own.recommendation.outages.empty());
        for (const Check& check : own.now.checks) {
            CHECK(check.standing != Standing::inside);
            CHECK_FALSE((check.limit && check.dimension <= Dimension::connections_failover));
        }
        REQUIRE_FALSE(own.recommendation.missing.empty());
        CHECK(own.recommendation.missing.front().kind == MissingInput::Kind::server);
        // What was seen gives a size: max(⌈2.5 × 1⌉, 2 + 1).
        REQUIRE(made.plan.pools[0].advice.size);
        CHECK(made.plan.pools[0].advice.size->value.value == 3);
    }
}

TEST_CASE("without a class, max_connections is enough for connections") {
    for (const char* kind : kinds) {
        CAPTURE(kind);
        const Planned made = planned(kind, "max_connections = 90\nreserved_connections = 5\n");
        const DatabasePlan& own = made.plan.databases[0];
        const Limits& limits = own.budget.limits;
        CHECK(limits.known);
        CHECK_FALSE(limits.set_by_hand);  // whether it is the class's default is not known
        CHECK(limits.usable.value.value == 85);
        REQUIRE(own.budget.headroom);
        CHECK(own.budget.headroom->value.value == 5);
        const Check* steady = own.now.find(Dimension::connections_steady);
        REQUIRE(steady != nullptr);
        CHECK(steady->standing == Standing::over);  // 80 of ⌊0.8 × 85⌋ = 68
        CHECK(*steady->limit == 68);
        CHECK_FALSE(own.now.cost);
        CHECK_FALSE(own.now.memory_used);
        // The recommended size ends it: 4 × 2 × 3 = 24.
        CHECK(own.recommendation.verdict == Verdict::repool);
        CHECK(own.after.allocated->value.value == 24);
    }
}

TEST_CASE("without a class, an outage is one, and no class is named as the way out") {
    const Planned made = planned(kinds[0], "max_connections = 60\nreserved_connections = 5\n");
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(advice.verdict == Verdict::over);  // 80 of 55
    for (const WayOut& way : advice.ways) {
        CHECK(way.kind != WayOut::Kind::cls);
        CHECK_FALSE(way.with_class);
    }
    CHECK(advice.cls->unknown);
}

TEST_CASE("a database without a class changes nothing of the others, and sums leave it out") {
    const std::string known =
        "[[database]]\nname = \"known\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.xlarge\"\n"
        "[database.observed]\ncpu_mean = \"4%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"11 GiB\"\nwindow = \"14 d\"\n";
    const std::string head = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";
    const Planned alone = test::plan_text(head + known);
    const Planned both =
        test::plan_text(head + known + "[[database]]\nname = \"open\"\nengine = \"postgresql\"\nversion = \"12.22\"\n");
    CHECK(both.plan.databases[0].recommendation.cls->name == alone.plan.databases[0].recommendation.cls->name);
    REQUIRE(both.plan.totals.now);
    CHECK(both.plan.totals.now->value == alone.plan.totals.now->value);
    CHECK(both.plan.totals.unpriced == std::vector<Index>{1});
    // Extended Support is charged for each vCPU: how many there are is not known.
    CHECK_FALSE(both.plan.databases[1].now.support);
    CHECK(both.plan.databases[1].now.support_unknown);
}

TEST_CASE("a replica is of its primary's class, known or not; one of its own class waits for its primary's limit") {
    const std::string head =
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"main\"\nengine = \"postgresql\"\nversion = \"16.8\"\n";
    const std::string replica = "[[database]]\nname = \"copy\"\nreplica_of = \"main\"\n";
    const Planned made = test::plan_text(head + replica);
    CHECK(made.fleet.databases[1].type == made.fleet.databases[0].type);
    CHECK(made.plan.databases[1].recommendation.missing.front().database == 0);
    const Planned own =
        test::plan_text(head + replica +
                        "class = \"db.m5.xlarge\"\n[database.observed]\ncpu_mean = \"1%\"\ncpu_peak = \"2%\"\n"
                        "freeable_memory = \"14 GiB\"\nwindow = \"14 d\"\n");
    const Recommendation& advice = own.plan.databases[1].recommendation;
    CHECK(advice.verdict == Verdict::unknown);  // a smaller one might not start
    CHECK(advice.cls->name == "db.m5.xlarge");
    CHECK(advice.missing.front().database == 0);
}

TEST_CASE("the CPU time of a workload waits for vCPUs that are not known: it counts as part of the hold") {
    const Planned made = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"main\"\nengine = \"postgresql\"\n"
        "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 10\n"
        "[service.pool.workload]\nrate = \"100/s\"\nhold = \"20 ms\"\ncpu = \"5 ms\"\n");
    const Planned plain = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"main\"\nengine = \"postgresql\"\n"
        "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"main\"\nmax = 10\n"
        "[service.pool.workload]\nrate = \"100/s\"\nhold = \"20 ms\"\n");
    CHECK_FALSE(made.plan.databases[0].load);
    REQUIRE(made.plan.pools[0].advice.size);
    CHECK(made.plan.pools[0].advice.size->value == plain.plan.pools[0].advice.size->value);
}
