// The story of data/examples/collapse by formula: three causes of one symptom, the evidence that tells them apart, and
// the mended system. Expected figures: tests/known-answers/closed_pool.csv and deadlock.csv, and where these have no
// row, an independent solution of the same chain, printed to three digits.
#include <doctest/doctest.h>

#include <algorithm>

#include "../../support/fleet.hpp"

using namespace poolfit;

namespace {

struct Told {
    test::Planned planned;
    std::vector<Finding> findings;

    explicit Told(std::string_view file, const std::vector<std::string>& settings = {})
        : planned(test::plan_file(file, settings)), findings(test::lint(planned)) {}
    bool finds(std::string_view rule) const {
        return std::ranges::any_of(findings, [&](const Finding& f) { return f.rule->id == rule; });
    }
    const PoolLoad& load() const { return *planned.plan.pools.front().load; }
    const sizing::Figures& now() const { return load().now->figures; }
    const DatabaseLoad& database() const { return *planned.plan.databases.front().load; }
    const PoolAdvice& advice() const { return planned.plan.pools.front().advice; }
};

const std::vector<std::string> forty{"service.app.pool.main.workload.users=40"};

auto about(double value, double tolerance = 0.005) { return doctest::Approx(value).epsilon(tolerance); }

}  // namespace

TEST_CASE("collapse 1: an HTTP call in the transaction fills the pool, and the CPU idles") {
    const Told told("collapse/http-call.toml");
    CHECK(told.now().p_wait == about(0.722));
    CHECK(told.now().wait_mean.value == about(446));
    CHECK(told.now().wait_p99->value == about(1990));
    CHECK(told.now().cpu->value < 0.04);
    CHECK(*sizing::knee(told.load().load, Connections(10)).users_of_pool == about(26.4));
    CHECK(told.finds("PF010"));
    CHECK(told.finds("PF028"));
    CHECK_FALSE(told.finds("PF011"));
    CHECK_FALSE(told.finds("PF029"));
    // A slope, not a hang: each user past the knee adds hold / size to the wait.
    CHECK(Told("collapse/http-call.toml", forty).now().wait_mean.value == about(2100, 0.02));
    // More connections do cure this one.
    CHECK(told.advice().size->value == Connections(19));
    CHECK(told.load().after->figures.p_over.value() < 0.001);
}

TEST_CASE("collapse 2: the CPU is full and so is the pool, and more connections do not help") {
    const Told told("collapse/cpu.toml");
    CHECK(told.now().cpu->value == about(0.897));
    CHECK(told.now().throughput.value == about(3.586));
    CHECK(told.now().utilization.value == about(0.871));
    CHECK(told.database().cpu_demand.value.value == about(1.0));
    const Pool& pool = told.planned.fleet.pools.front();
    const sizing::Load today = plan::load_of(pool, *told.planned.fleet.databases.front().type, plan::End::pessimistic);
    CHECK(*sizing::knee(today, Connections(10)).users_of_cpu == about(28));
    CHECK(told.finds("PF029"));
    CHECK_FALSE(told.finds("PF010"));
    CHECK_FALSE(told.finds("PF011"));
    // It takes more vCPUs: the pool is sized for the class to be on.
    const Recommendation& advice = told.planned.plan.databases.front().recommendation;
    CHECK(advice.verdict == Verdict::over);
    REQUIRE_FALSE(advice.ways.empty());
    CHECK(advice.ways.front().kind == WayOut::Kind::cls);
    CHECK(advice.cls->vcpus == 8);
    CHECK(told.advice().basis == Basis::workload);
    const Told more("collapse/cpu.toml", forty);
    CHECK(more.now().cpu->value == about(0.97));
}

TEST_CASE("collapse 3: a nested checkout hangs for good, with nothing busy") {
    const Told told("collapse/nested.toml");
    CHECK(told.now().utilization.value < 0.3);  // nothing in the load says so
    CHECK(told.now().wait_p99->value < 1);
    CHECK(told.database().cpu_demand.value.value < 0.05);
    CHECK(told.load().deadlock_floor->value == Connections(29));
    CHECK(told.finds("PF011"));
    CHECK_FALSE(told.finds("PF010"));
    CHECK_FALSE(told.finds("PF029"));
    CHECK(told.advice().size->value == Connections(29));
    CHECK_FALSE(Told("collapse/nested.toml", {"service.app.pool.main.workload.users=9"}).finds("PF011"));
    CHECK(Told("collapse/nested.toml", {"service.app.pool.main.workload.users=10"}).finds("PF011"));
}

TEST_CASE("collapse fixed: 200 users, and less than one connection is busy") {
    const Told told("collapse/fixed.toml");
    CHECK(told.now().throughput.value == about(79.84));
    CHECK(told.now().cpu->value == about(0.0798));
    CHECK(told.now().utilization.value == about(0.0399));
    CHECK(told.now().p_wait == about(1.71e-10));
    CHECK(told.advice().size->value == Connections(3));  // "2-3 in use"
    for (const char* rule : {"PF010", "PF011", "PF027", "PF028", "PF029", "PF032"}) CHECK_FALSE(told.finds(rule));
}
