// The recommended strategy and the class are one decision.
#include <algorithm>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::one_database;
using test::plan_text;
using test::Planned;

namespace {

constexpr std::string_view observed =
    "[database.observed]\ncpu_mean = \"15%\"\ncpu_peak = \"45%\"\nfreeable_memory = \"1.2-1.5 GiB\"\nwindow = \"14 "
    "d\"\n";

/// Threads that keep a connection for a request, on a server of 382 usable connections.
std::string threads(int web, int jobs) {
    return fmt::format(
        "[[service]]\nname = \"web\"\nruntime = \"threads\"\ninstances = {}\nprocesses = 4\nthreads = 5\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 10\nin_use = \"1-3\"\n"
        "[[service]]\nname = \"jobs\"\nruntime = \"threads\"\ninstances = {}\nprocesses = 2\nthreads = 10\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 25\nin_use = \"4-8\"\n",
        web, jobs);
}

const Strategy* recommended(const std::vector<Strategy>& all) {
    const auto at = std::ranges::find_if(all, &Strategy::recommended);
    return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("a pooler that lets the class stay is recommended alone, and the plan is judged for its connections") {
    const Planned planned = plan_text(one_database("db.t3.medium", observed, threads(10, 6)));
    const DatabasePlan& db = planned.plan.databases[0];
    CHECK(db.right_sized.allocated->value == Connections(320));  // of 305
    CHECK(db.after.allocated->value == Connections(220));        // 40 × 3 + 12 × 8 + ... : what is busy at once, + 1
    CHECK(db.by_strategy == "pooler");
    CHECK(db.recommendation.cls == planned.fleet.databases[0].type);
    CHECK(db.recommendation.saves->value == MicroUsdPerMonth(0));
    CHECK_FALSE(db.chosen.checks.any_over());
    REQUIRE_FALSE(db.recommendation.ways.empty());
    CHECK(db.recommendation.ways.front().kind == WayOut::Kind::strategy);
    CHECK(db.recommendation.ways.front().steady == Connections(220));
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    REQUIRE(recommended(all) != nullptr);
    CHECK(recommended(all)->name == "pooler");
    CHECK(recommended(all)->why.kind == Why::Kind::cheaper);
    CHECK(recommended(all)->why.saves > recommended(all)->why.host);
}

TEST_CASE("a class that a commitment covers costs nothing more, so no pooler is taken to spare it") {
    // By list price the pooler is taken, as above. Two units of t3 are owned and cover the dearer class as well.
    const std::string text = one_database("db.t3.medium", observed, threads(10, 6));
    const Planned listed = plan_text(text);
    REQUIRE(listed.plan.databases[0].by_strategy == "pooler");
    const Planned covered = plan_text(text +
                                      "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nfamily = \"t3\"\n"
                                      "units = 16\nends = \"2099-06-30\"\n[[commitment]]\nkind = \"reserved\"\n"
                                      "engine = \"postgresql\"\nfamily = \"m5\"\nunits = 16\nends = \"2099-06-30\"\n");
    const auto all = plan::strategies(covered.fleet, covered.plan, {});
    REQUIRE(recommended(all) != nullptr);
    CHECK(recommended(all)->why.kind != Why::Kind::cheaper);
    CHECK(covered.plan.databases[0].by_strategy.empty());
    const auto pooler = std::ranges::find(all, std::string_view("pooler"), &Strategy::name);
    CHECK(pooler->classes_save == MicroUsdPerMonth(0));
    // What is really paid for the class that is taken instead.
    CHECK(covered.plan.databases[0].recommendation.cls != covered.fleet.databases[0].type);
    CHECK(covered.plan.committed->after[0].cost->value == MicroUsdPerMonth(0));
}

TEST_CASE("a pooler that spares a dearer class is weighed without Extended Support, which an upgrade ends") {
    // db.t3.large is $53.29 a month dearer than db.t3.medium: half of its $105.85, and 21 % with $146.00 of support.
    std::string text = one_database("db.t3.medium", observed, threads(10, 6));
    text.replace(text.find("16.8"), 4, "12.22");
    const Planned planned = plan_text(text + "[policy]\nmin_savings = \"25%\"\n");
    REQUIRE(planned.plan.databases[0].now.support);
    CHECK(planned.plan.databases[0].by_strategy == "pooler");
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    REQUIRE(recommended(all) != nullptr);
    CHECK(recommended(all)->why.kind == Why::Kind::cheaper);
}

TEST_CASE("a class that costs less than a pooler's host is taken alone") {
    // 4 threads × 2 processes on each of 12: 96 and more than the 64 of a db.t3.micro, which costs $13 a month.
    const Planned planned = plan_text(one_database(
        "db.t3.micro",
        "[database.observed]\ncpu_mean = \"3%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"100-120 MiB\"\nwindow = \"14 "
        "d\"\n",
        "[[service]]\nname = \"a\"\nruntime = \"threads\"\ninstances = 12\nprocesses = 2\nthreads = 4\n"
        "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 4\nin_use = \"0-1\"\n"));
    const auto all = plan::strategies(planned.fleet, planned.plan, {});
    REQUIRE(recommended(all) != nullptr);
    CHECK(recommended(all)->role != Strategy::Role::takes_over);
    CHECK(planned.plan.databases[0].by_strategy.empty());
    CHECK(planned.plan.databases[0].recommendation.cls != planned.fleet.databases[0].type);
}

TEST_CASE("a raised max_connections is derived from what it has to carry") {
    const Planned planned = plan_text(
        one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5\n",
                     "[[service]]\nname = \"a\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = "
                     "\"p\"\ndatabase = \"db\"\nmax = 10\nin_use = \"1-9\"\n"));
    const DatabasePlan& db = planned.plan.databases[0];
    REQUIRE(db.recommendation.max_connections == Connections(183));  // ⌈⌈120 ÷ 85 %⌉ ÷ 80 %⌉ + 5
    const Node& node = planned.node("database.db.after.connections.max_planned");
    CHECK(node.value.high == 183);
    CHECK(planned.node("database.db.after.connections.usable").value.high == 178);
}

TEST_CASE("a merged pool holds the sum of the peaks that are known, and a connection for each thread") {
    const auto merged = [](int threads, std::string_view a, std::string_view b) {
        const Planned planned = plan_text(one_database(
            "db.m5.large", "",
            fmt::format("[[service]]\nname = \"api\"\nruntime = \"threads\"\nthreads = {}\nmerged_max = 2\n"
                        "[[service.pool]]\nname = \"a\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 9\n{}\n"
                        "[[service.pool]]\nname = \"b\"\ndatabase = \"db\"\ndriver = \"activerecord\"\nmax = 9\n{}\n",
                        threads, a, b)));
        for (const Strategy& each : plan::strategies(planned.fleet, planned.plan, {}))
            if (each.phase == Phase::aggressive) return each.pools.front().size->value;
        return Connections(0);
    };
    CHECK(merged(5, "in_use = \"3-4\"", "in_use = \"3-4\"") == Connections(8));
    CHECK(merged(9, "in_use = \"3-4\"", "in_use = \"3-4\"") == Connections(9));
    CHECK(merged(5, "", "") == Connections(5));
}

TEST_CASE("what workloads ask of the CPU is a limit like any other, and may be the one that binds") {
    const Planned planned =
        plan_text(one_database("db.m5.large", "",
                               "[[service]]\nname = \"a\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 4\n"
                               "workload = { rate = \"50/s\", hold = \"20 ms\", cpu = \"20 ms\" }\n"));
    const DatabasePlan& db = planned.plan.databases[0];
    const Check* check = db.chosen.find(Dimension::cpu_demand);
    REQUIRE(check != nullptr);
    CHECK(check->value->high == doctest::Approx(0.5));
    CHECK(db.recommendation.binding == Dimension::cpu_demand);
}
