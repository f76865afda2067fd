// A strategy that is taken: its sizes are the plan's, in every table and in every fix.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// Two pools that are open on 83 of 100, right-sized 53 of 105, merged 33.
Planned merging(std::string_view keys = "") {
    return plan_text(
        one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5\nother_connections = 3",
                     fmt::format("[[service]]\nname = \"api\"\ndeploy = \"recreate\"\nmerged_max = 30\n"
                                 "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n{}"
                                 "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\nmax = 40\nin_use = \"10-11\"\n{}",
                                 keys, keys)));
}

}  // namespace

TEST_CASE("pools that a strategy merges are shown as it leaves them") {
    const Planned planned = merging();
    REQUIRE(planned.plan.databases[0].by_strategy == "aggressive");
    const PoolPlan &a = planned.plan.pools[0], &b = planned.plan.pools[1];
    REQUIRE(a.taken.has_value());
    REQUIRE(b.taken.has_value());
    CHECK(a.advice.size->value == Connections(25));  // ⌈2.5 × 10⌉: right-sized, for comparison
    CHECK(a.recommended()->value == Connections(30));
    CHECK(a.basis() == Basis::strategy);
    CHECK(a.taken->merged == std::vector<Index>{1});
    CHECK(a.taken->reason.kind == SizeReason::Kind::merged_max);
    CHECK(a.after.allocated->value == Connections(30));
    CHECK(b.taken->into == Index{0});
    CHECK(b.recommended()->value == Connections(0));
    CHECK(b.after.allocated->value == Connections(0));
    // What the pools open and what is not theirs is what the database is planned with.
    CHECK(planned.plan.databases[0].after.allocated->value == Connections(33));
    CHECK(planned.node("strategy.aggressive.service.api.pool.a.size").value.high == 30);
}

TEST_CASE("how long checkouts of merged pools wait is not known") {
    const Planned planned = merging("workload = { rate = \"50/s\", hold = \"20 ms\" }\n");
    REQUIRE(planned.plan.pools[0].load != nullptr);
    for (const PoolPlan& pool : planned.plan.pools) {
        CHECK(pool.load->now.has_value());
        if (pool.taken) CHECK_FALSE(pool.load->after.has_value());
    }
}

TEST_CASE("the fixes of pools and limits are those of the strategy that is taken") {
    const Planned planned = merging();
    int fixes = 0;
    for (const Finding& finding : test::lint(planned)) {
        const std::string_view id = finding.rule->id;
        if (id == "PF003") {
            CHECK(finding.fix == "strategy aggressive from poolfit plan  →  33 of 100 (33 %)");
            ++fixes;
        }
        if (id != "PF102" && id != "PF018") continue;
        CHECK(finding.fix ==
              "one pool of 30 instead of a and b, by strategy aggressive from poolfit plan  →  30 connections instead "
              "of 80");
        ++fixes;
    }
    CHECK(fixes >= 3);
}

TEST_CASE("a right-sized pool has no strategy's size, and where nothing changes nothing is taken") {
    const Planned planned = plan_text(
        one_database("db.m5.large", "", one_pool("a", "max = 20\nin_use = \"1-2\"") + one_pool("b", "max = 20")));
    for (const PoolPlan& pool : planned.plan.pools) {
        CHECK_FALSE(pool.taken.has_value());
        CHECK(pool.basis() == pool.advice.basis);
    }
}

TEST_CASE("a deploy over a limit without an outage is ended by the strategy that the plan takes") {
    // 9 pods × 2 × 3 + 8 = 62 of 60 in a deploy, 44 in the steady state; the load asks for larger pools.
    const Planned planned = plan_text(R"(schema = "poolfit-inventory/1"
region = "us-east-1"
[[database]]
name = "orders"
engine = "postgresql"
class = "db.t3.micro"
other_connections = 8
[[database]]
name = "reads"
replica_of = "orders"
[[service]]
name = "shop"
instances = 6
processes = 2
deploy = "rolling"
max_surge = "50%"
[[service.pool]]
name = "write"
database = "orders"
max = 3
[service.pool.workload]
rate = "15/s"
hold = "60 ms"
cpu = "2 ms"
[[service.pool]]
name = "read"
database = "reads"
max = 3
[service.pool.workload]
users = 10
think = "1 s"
hold = "20 ms"
)");
    REQUIRE(planned.plan.databases[0].by_strategy == "pooler");
    CHECK(planned.plan.databases[0].recommendation.verdict == Verdict::repool);
    std::vector<std::string> fixes;
    for (const Finding& finding : test::lint(planned))
        if (finding.rule->id == std::string_view("PF001") || finding.rule->id == std::string_view("PF004"))
            fixes.push_back(finding.fix);
    REQUIRE(fixes.size() >= 1);
    for (const std::string& fix : fixes) CHECK(fix.starts_with("strategy pooler from poolfit plan  →  "));
}
