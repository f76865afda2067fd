// Where one database stands: use, waste, headroom and copies, by hand. db.m5.large: 901 by its label; the server says
// 850, of which 9 are reserved on 16.8.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

constexpr std::string_view asked = "max_connections = 850\nother_connections = 5\n";

const Budget& budget(const Planned& planned) { return planned.plan.databases.front().budget; }

void check_range(const std::optional<Figure<Interval<Connections>>>& figure, std::int64_t low, std::int64_t high) {
    REQUIRE(figure.has_value());
    CHECK(figure->value.low.value == low);
    CHECK(figure->value.high.value == high);
}

}  // namespace

TEST_CASE("budget: shares, headroom and whole copies of what is usable, and of the label's limit") {
    const Planned planned = plan_text(inventory("db.m5.large", asked, service("a", "instances = 2", "max = 140")));
    const Budget& b = budget(planned);
    CHECK(b.limits.usable.value.value == 841);
    CHECK(b.limits.usable_nominal->value.value == 892);
    // 2 × 140 + 5 = 285.
    CHECK(b.utilization->value.value == doctest::Approx(285.0 / 841));
    CHECK(b.utilization_nominal->value.value == doctest::Approx(285.0 / 901));  // of all of them: not 892
    CHECK(b.headroom->value.value == 556);
    CHECK(b.copies->value.value == 2);          // 841 / 285 is 2.95
    CHECK(b.copies_nominal->value.value == 3);  // 892 / 285 is 3.13
    CHECK(b.unlimited.empty());
    CHECK(b.unmeasured == std::vector<Index>{0});
    CHECK_FALSE(b.in_use.has_value());
    CHECK_FALSE(b.waste.has_value());
    CHECK(planned.node("database.db.connections.copies").op == Op::floor);
}

TEST_CASE("budget: over the limit the headroom is negative, and no copy fits") {
    const Planned planned = plan_text(inventory("db.m5.large", asked, service("a", "", "max = 895")));
    CHECK(budget(planned).headroom->value.value == -59);
    CHECK(budget(planned).utilization->value.value == doctest::Approx(900.0 / 841));
    CHECK(budget(planned).copies->value.value == 0);
    const Planned full = plan_text(inventory("db.m5.large", asked, service("a", "", "max = 836")));
    CHECK(budget(full).headroom->value.value == 0);
    CHECK(budget(full).copies->value.value == 1);
}

TEST_CASE("budget: nothing connects: nothing is used, and copies mean nothing") {
    const Planned planned = plan_text(inventory("db.m5.large", "max_connections = 850"));
    CHECK(budget(planned).utilization->value.value == 0);
    CHECK(budget(planned).headroom->value.value == 841);
    CHECK_FALSE(budget(planned).copies.has_value());
    CHECK_FALSE(budget(planned).copies_nominal.has_value());
    check_range(budget(planned).in_use, 0, 0);
    check_range(budget(planned).waste, 0, 0);
}

TEST_CASE("budget: one connection is enough for copies, and one usable one for a share") {
    const Planned one = plan_text(inventory("db.m5.large", "max_connections = 850", service("a", "", "max = 1")));
    CHECK(budget(one).copies->value.value == 841);
    const Planned tight = plan_text(
        inventory("db.m5.large", "max_connections = 850\nreserved_connections = 849", service("a", "", "max = 3")));
    CHECK(budget(tight).utilization->value.value == 3);
}

TEST_CASE("use: rounded outwards over all processes; what is left of the size is waste") {
    // 2 instances × 3 processes: 6 × 1.4 = 8.4, 6 × 3.2 = 19.2.
    const Planned planned = plan_text(inventory(
        "db.m5.large", asked, service("a", "instances = 2\nprocesses = 3", "max = 10\nin_use = \"1.4-3.2\"")));
    const PoolUse& use = planned.plan.pools[0].use;
    check_range(use.in_use, 8, 20);
    check_range(use.waste, 40, 52);
    check_range(budget(planned).in_use, 8, 20);
    check_range(budget(planned).waste, 40, 52);
    CHECK(budget(planned).unmeasured.empty());
}

TEST_CASE("use: autoscaling is idle at its fewest instances and busy at its most") {
    // 2 instances waste 2 × (4 − 3) at least, 5 of them 5 × (4 − 1) at most.
    const Planned planned = plan_text(
        inventory("db.m5.large", asked, service("a", "instances = { min = 2, max = 5 }", "max = 4\nin_use = \"1-3\"")));
    check_range(planned.plan.pools[0].use.in_use, 2, 15);
    check_range(planned.plan.pools[0].use.waste, 2, 15);
}

TEST_CASE("use: more than the size is no negative waste") {
    const Planned planned = plan_text(inventory("db.m5.large", asked, service("a", "", "max = 3")));
    Fleet fleet = planned.fleet;
    fleet.pools[0].in_use = Located<Interval<double>>{Interval<double>{1, 5}, {}};
    const PoolUse use = assess::pool_use(fleet, 0, planned.plan.pools[0].now, {});
    check_range(use.waste, 0, 2);
}

TEST_CASE("use: of two pools the sum, and nothing where one is not measured") {
    const std::string two = service("a", "", "max = 10\nin_use = \"1-2\"") + service("b", "", "max = 9\nin_use = 3");
    const Planned both = plan_text(inventory("db.m5.large", asked, two));
    check_range(budget(both).in_use, 4, 5);
    check_range(budget(both).waste, 14, 15);
    const Planned lacking = plan_text(inventory("db.m5.large", asked, two + service("c", "", "max = 1")));
    CHECK(budget(lacking).unmeasured == std::vector<Index>{2});
    CHECK_FALSE(budget(lacking).in_use.has_value());
    CHECK_FALSE(budget(lacking).waste.has_value());
}

TEST_CASE("use: without a limit, or behind a pooler, there is use but no waste") {
    const Planned unlimited =
        plan_text(inventory("db.m5.large", asked, service("a", "", "driver = \"database/sql\"\nin_use = \"1-2\"")));
    check_range(budget(unlimited).in_use, 1, 2);
    CHECK_FALSE(budget(unlimited).waste.has_value());
    CHECK(budget(unlimited).unlimited == std::vector<Index>{0});
    CHECK_FALSE(budget(unlimited).utilization.has_value());
    CHECK_FALSE(budget(unlimited).headroom.has_value());
    const Planned behind = plan_text(inventory(
        "db.m5.large", asked,
        "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n" +
            service("a", "", "max = 10\nin_use = \"1-2\"", "front") + service("b", "", "max = 10\nin_use = \"3-4\"")));
    check_range(budget(behind).in_use, 4, 6);
    CHECK_FALSE(budget(behind).waste.has_value());
}
