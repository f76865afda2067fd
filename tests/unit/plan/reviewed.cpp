// Answers that were wrong once; each case failed before it was mended.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::string database(std::string_view name, std::string_view cls, std::string_view keys, std::string_view observed) {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nclass = \"{}\"\n{}\n[database.observed]\n{}\nwindow = "
        "\"14 d\"\n",
        name, cls, keys, observed);
}

std::string inventory(std::string_view records) {
    return fmt::format("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"eu-central-1\"\n{}", records);
}

constexpr std::string_view idle = "cpu_mean = \"1%\"\ncpu_peak = \"2%\"\nfreeable_memory = \"600 MiB\"";

std::string service(int instances, std::string_view pool) {
    return fmt::format(
        "[[service]]\nname = \"s\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = "
        "\"p\"\n{}\n",
        instances, pool);
}

const Candidate& candidate(const DatabasePlan& plan, std::string_view cls) {
    return *std::find_if(plan.candidates.begin(), plan.candidates.end(),
                         [&](const Candidate& c) { return c.cls->name == cls; });
}

}  // namespace

TEST_CASE("pools that grow past the class are called that, not a load that today's class does not carry") {
    const Planned p = test::plan_text(
        inventory(database("p", "db.t3.small", "version = \"16.8\"", idle) + service(30, "max = 4\nin_use = \"3-4\"")));
    const Recommendation& r = p.plan.databases[0].recommendation;
    CHECK(r.summary.kind == Summary::Kind::pools_fail);
    CHECK(r.summary.trouble->check.dimension == Dimension::connections_steady);
    CHECK(r.summary.trouble->check.value->high == 240);
}

TEST_CASE("a limit set low by hand is named as what to change") {
    const Planned p =
        test::plan_text(inventory(database("p", "db.m5.xlarge", "version = \"16.8\"\nmax_connections = 100",
                                           "cpu_mean = \"1%\"\ncpu_peak = \"2%\"\nfreeable_memory = \"11 GiB\"") +
                                  service(20, "max = 8\nin_use = \"5-7\"")));
    const Recommendation& r = p.plan.databases[0].recommendation;
    CHECK(r.verdict == Verdict::over);
    REQUIRE_FALSE(r.ways.empty());
    CHECK(r.ways.front().kind == WayOut::Kind::limit);
    CHECK(r.max_connections == Connections(392));  // ⌈⌈20 × 13 ÷ 85 %⌉ ÷ 80 %⌉ + 9
    // Nothing else needs so large a class: the next plan would say so, and this one does.
    CHECK(r.summary.kind == Summary::Kind::cheapest);
    CHECK(r.cls != p.fleet.databases[0].type);
    CHECK(p.plan.databases[0].budget.limits.max_expected->value ==
          Interval<Connections>{Connections(1667), Connections(1717)});
}

TEST_CASE("a standby with a lower limit set by hand is not kept or resized as if it started") {
    const std::string observed = "cpu_mean = \"1%\"\ncpu_peak = \"1%\"\nfreeable_memory = \"5 GiB\"";
    const Planned p =
        test::plan_text(inventory(database("p", "db.m5.large", "version = \"16.8\"\nmax_connections = 400", observed) +
                                  database("r", "db.m5.large", "replica_of = \"p\"\nmax_connections = 100", observed)));
    // Its own limit can be raised: that comes first, and then it is judged as one that starts.
    CHECK(p.plan.databases[1].recommendation.max_connections == Connections(400));
    CHECK(p.plan.databases[1].recommendation.verdict == Verdict::resize);
    CHECK(p.plan.databases[1].recommendation.missing.empty());
}

TEST_CASE("two standbys with one limit set by hand stay equal on any class") {
    const std::string observed = "cpu_mean = \"1%\"\ncpu_peak = \"1%\"\nfreeable_memory = \"5 GiB\"";
    const Planned p = test::plan_text(
        inventory(database("p", "db.m5.large", "version = \"16.8\"\nmax_connections = 3000", observed) +
                  database("r", "db.m5.large", "replica_of = \"p\"\nmax_connections = 3000", observed)));
    for (const Reason& reason : candidate(p.plan.databases[1], "db.t3.medium").reasons)
        CHECK(reason.kind != Reason::Kind::replica);
}

TEST_CASE("a version newer than the lists of classes does not end the search: classes are candidates with a caveat") {
    const Planned p =
        test::plan_text(inventory(database("p", "db.m5.xlarge", "version = \"18.1\"",
                                           "cpu_mean = \"10%\"\ncpu_peak = \"15%\"\nfreeable_memory = \"12 GiB\"")));
    const Recommendation& r = p.plan.databases[0].recommendation;
    CHECK(r.verdict == Verdict::resize);
    CHECK(r.missing.empty());
    CHECK(r.risk != Risk::low);
    CHECK(std::any_of(r.risk_reasons.begin(), r.risk_reasons.end(), [](const RiskReason& reason) {
        return reason.kind == RiskReason::Kind::caveat && reason.reason.doubt != Offer::Doubt::none;
    }));
}

TEST_CASE("utilization after the plan is derived from the connections after it") {
    const Planned p =
        test::plan_text(inventory(database("p", "db.m5.large", "version = \"16.8\"",
                                           "cpu_mean = \"35%\"\ncpu_peak = \"40%\"\nfreeable_memory = \"2 GiB\"") +
                                  service(10, "max = 60\nin_use = \"1-2\"")));
    const DatabasePlan& d = p.plan.databases[0];
    const auto& utilization = *d.chosen.utilization;
    CHECK((*p.figures)[utilization.id].value.high == doctest::Approx(utilization.value.value));
    CHECK(utilization.value.value < d.budget.utilization->value.value);
}

TEST_CASE("a doubled price of the inventory does not speak of the catalog") {
    const Planned p =
        test::plan_text(inventory(database("p", "db.m5.large", "version = \"16.8\"\nmulti_az = true", idle) +
                                  "[[price]]\nclass = \"db.m5.large\"\nusd_per_month = 100\n"));
    const auto& cost = *p.plan.databases[0].now.list;
    CHECK(cost.value.value == 200'000'000);
    CHECK((*p.figures)[cost.id].remark.note == Note::own_single);
}

TEST_CASE("use under autoscaling goes from the fewest instances to the most") {
    std::string text =
        inventory(database("p", "db.m5.large", "version = \"16.8\"", idle) + service(1, "max = 5\nin_use = \"1-2\""));
    text.replace(text.find("instances = 1"), 13, "instances = { min = 2, max = 10 }");
    const Planned p = test::plan_text(text);
    CHECK(p.plan.pools[0].use.in_use->value == Interval<Connections>{Connections(2), Connections(20)});
}

TEST_CASE("the dearest inventory adds up without leaving 64 bits") {
    std::string records;
    for (int i = 0; i < 900; ++i)
        records += database(fmt::format("d{}", i), "db.m5.xlarge", "version = \"16.8\"",
                            "cpu_mean = \"1%\"\ncpu_peak = \"2%\"\nfreeable_memory = \"12 GiB\"");
    const Planned p =
        test::plan_text(inventory(records + "[[price]]\nclass = \"db.m5.xlarge\"\nusd_per_month = 10000000\n"));
    CHECK(p.plan.totals.saves_per_year->value.value > 0);
    CHECK(p.plan.totals.now->value.value == std::int64_t{900} * 10'000'000 * 1'000'000);
}

TEST_CASE("what has a limit counts beside a pool that has none") {
    std::string text = inventory(database("p", "db.t3.micro", "version = \"16.8\"\nmax_connections = 100", idle) +
                                 service(40, "max = 21"));
    text += "[[service.pool]]\nname = \"free\"\ndatabase = \"p\"\ndriver = \"database/sql\"\n";
    const Planned p = test::plan_text(text);
    const DatabasePlan& d = p.plan.databases[0];
    CHECK_FALSE(d.demand.allocated);
    CHECK(d.demand.allocated_at_least->value == Connections(840));
    const Check& steady = *d.now.find(Dimension::connections_steady);
    CHECK(steady.standing == Standing::over);
    CHECK(steady.at_least);
    CHECK(steady.value->high == 840);
    CHECK(*steady.limit == 72);
    CHECK(steady.of == 91);
}
