// Connections of a moment against the policy's share of what is usable: 100 of db.m5.large, of which 80 in the steady
// state, 95 in a deploy, and all after a failover.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

std::string usable_100(const std::string& rest, std::string_view policy = "") {
    return inventory("db.m5.large", "max_connections = 105\nreserved_connections = 5", rest, policy);
}

/// So many connections, and more in a deploy.
Projection projected(std::int64_t steady, std::int64_t deploy) {
    const Planned planned = plan_text(
        usable_100(service("a", "instances = 100\nmax_surge = " + std::to_string(deploy - steady), "max = 1")));
    DatabaseDemand demand = planned.plan.databases[0].demand;
    demand.allocated = Figure<Connections>{Connections(steady), {}};
    demand.deploy_peak = Figure<Connections>{Connections(deploy), {}};
    const Market& market = *planned.plan.market;
    return assess::project(planned.fleet, market, 0, market.offer(0, cls("db.m5.large")), demand, demand, Phase::now,
                           {});
}

Check check(const Projection& projection, Dimension dimension) {
    const Check* found = projection.find(dimension);
    REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

TEST_CASE("connections: at the limit is inside, one more is over, in each moment") {
    const Projection at = projected(80, 95);
    const Check steady = check(at, Dimension::connections_steady), deploy = check(at, Dimension::connections_deploy);
    CHECK(steady.standing == Standing::inside);
    CHECK(deploy.standing == Standing::inside);
    CHECK(steady.limit == 80);
    CHECK(deploy.limit == 95);
    CHECK(steady.of == 100);
    CHECK(steady.allowed == 0.8);
    CHECK(steady.share == 1);
    CHECK(steady.value->high == 80);
    CHECK(steady.measure == Measure::connections);
    CHECK_FALSE(at.checks.any_over());
    CHECK(at.find(Dimension::connections_failover) == nullptr);
    CHECK(at.utilization->value.value == 0.8);
    const Projection over = projected(81, 96);
    CHECK(check(over, Dimension::connections_steady).standing == Standing::over);
    CHECK(check(over, Dimension::connections_deploy).standing == Standing::over);
    CHECK(check(over, Dimension::connections_deploy).share == doctest::Approx(96.0 / 95));
    CHECK(over.checks.any_over());
    CHECK(check(projected(80, 96), Dimension::connections_steady).standing == Standing::inside);
}

TEST_CASE("connections: the policy's shares, rounded down") {
    const Planned planned = plan_text(usable_100(
        service("a", "", "max = 10"), "connections_steady_max = \"33.5%\"\nconnections_deploy_max = \"50%\""));
    CHECK(check(planned.plan.databases[0].now, Dimension::connections_steady).limit == 33);
    CHECK(check(planned.plan.databases[0].now, Dimension::connections_deploy).limit == 50);
    CHECK(check(planned.plan.databases[0].now, Dimension::connections_steady).share == doctest::Approx(10.0 / 33));
}

TEST_CASE("connections: after a failover all that is usable may be open") {
    const auto now = [](int lost) {
        return plan_text(usable_100(service("a", "deploy = \"recreate\"", "max = 60") +
                                    "[[database]]\nname = \"r\"\nreplica_of = \"db\"\n" +
                                    service("b", "", fmt::format("max = {}", lost), "r")))
            .plan.databases[0]
            .now;
    };
    const Check at = check(now(40), Dimension::connections_failover);
    CHECK(at.limit == 100);
    CHECK(at.value->high == 100);
    CHECK(at.standing == Standing::inside);
    CHECK(check(now(41), Dimension::connections_failover).standing == Standing::over);
    CHECK(check(now(41), Dimension::connections_steady).standing == Standing::inside);
}

TEST_CASE("connections: a pool without a limit: over where the others are alone, else not known") {
    const auto now = [](int others) {
        return plan_text(usable_100(service("a", "deploy = \"recreate\"", fmt::format("max = {}", others)) +
                                    service("b", "", "driver = \"database/sql\"")))
            .plan.databases[0]
            .now;
    };
    const Check unknown = check(now(80), Dimension::connections_steady);
    CHECK(unknown.standing == Standing::unknown);
    CHECK(unknown.missing == Missing::pool_max);
    CHECK_FALSE(unknown.value.has_value());
    CHECK_FALSE(unknown.at_least);
    const Check over = check(now(81), Dimension::connections_steady);
    CHECK(over.standing == Standing::over);
    CHECK(over.at_least);
    CHECK(over.missing == Missing::pool_max);
    CHECK(over.value->high == 81);
    CHECK(over.share == 0);
    CHECK(check(now(81), Dimension::connections_deploy).standing == Standing::unknown);
    CHECK_FALSE(now(81).utilization.has_value());
}

TEST_CASE("connections: nothing is usable") {
    const auto steady = [](int most) {
        return check(
            plan_text(inventory("db.m5.large", "max_connections = 9", service("a", "", fmt::format("max = {}", most))))
                .plan.databases[0]
                .now,
            Dimension::connections_steady);
    };
    CHECK(steady(1).share == 1e9);
    CHECK(steady(1).standing == Standing::over);
}

TEST_CASE("checks: in order of dimension, found by it") {
    const Planned planned = plan_text(inventory("db.t3.large",
                                                "[database.observed]\ncpu_peak = \"10%\"\nfreeable_memory = \"4 GiB\"\n"
                                                "iops = 1\nnetwork = \"1 Mbps\"\nebs_throughput = \"1 Mbps\"",
                                                "", "freeable_memory_min = \"1 GiB\""));
    const Checks& checks = planned.plan.databases[0].now.checks;
    CHECK(checks.size() == 9);
    for (std::size_t i = 1; i < checks.size(); ++i)
        if (checks.begin()[i].dimension != Dimension::memory)
            CHECK(checks.begin()[i - 1].dimension < checks.begin()[i].dimension);
    CHECK(checks.find(Dimension::network) == checks.end() - 1);
    CHECK(checks.find(Dimension::connections_steady) == checks.begin());
    CHECK(checks.find(Dimension::cpu_demand) == nullptr);
}

TEST_CASE("over: a hair above a limit is rounding") {
    CHECK_FALSE(assess::over(0.6, 0.6));
    CHECK_FALSE(assess::over(0.6 + 1e-10, 0.6));
    CHECK(assess::over(0.6 + 1e-8, 0.6));
    CHECK_FALSE(assess::over(0, 0));
    CHECK(assess::over(1e-9, 0));
    CHECK_FALSE(assess::over(0.59, 0.6));
    CHECK_FALSE(assess::over(1e12 + 100, 1e12));
    CHECK(assess::over(1e12 + 10000, 1e12));
}

TEST_CASE("connections: a limit of one is a limit like any other") {
    // Two are usable, and 80 % of them are one.
    const auto steady = [](int max) {
        const Planned planned =
            plan_text(inventory("db.m5.large", "max_connections = 7\nreserved_connections = 5",
                                service("a", "deploy = \"recreate\"", fmt::format("max = {}", max))));
        return check(planned.plan.databases[0].now, Dimension::connections_steady);
    };
    CHECK(steady(1).limit == 1);
    CHECK(steady(1).share == 1);
    CHECK(steady(1).standing == Standing::inside);
    CHECK(steady(2).share == 2);
    CHECK(steady(2).standing == Standing::over);
}
