// The acceptance of the main job: each figure of the plan document, recomputed, one assertion a figure, on
// data/examples/agora/poolfit.toml as it is shipped.
#include <algorithm>

#include <doctest/doctest.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

const Planned& agora() {
    static const Planned planned = test::plan_file("agora/poolfit.toml");
    return planned;
}

const Candidate& candidate(const DatabasePlan& plan, std::string_view cls) {
    const auto at = std::find_if(plan.candidates.begin(), plan.candidates.end(),
                                 [&](const Candidate& c) { return c.cls->name == cls; });
    REQUIRE(at != plan.candidates.end());
    return *at;
}

double gib_low(const Figure<Interval<Bytes>>& f) { return gib(f.value.low); }
double gib_high(const Figure<Interval<Bytes>>& f) { return gib(f.value.high); }
double gib_bytes(int n) { return n * static_cast<double>(bytes_per_gib); }
double percent(Fraction f) { return f.value * 100; }

const DatabasePlan& primary() { return agora().plan.databases[0]; }
const DatabasePlan& replica() { return agora().plan.databases[1]; }

}  // namespace

TEST_CASE("agora: max_connections of db.m5.xlarge is 1,802 nominal, and less in truth") {
    const Limits& limits = primary().budget.limits;
    CHECK(limits.max_nominal->value.value == 1802);
    CHECK(limits.max_expected->value.low.value >= 1640);
    CHECK(limits.max_expected->value.low.value <= 1680);
    CHECK(limits.max_expected->value.high.value >= 1710);
    CHECK(limits.max_expected->value.high.value <= 1735);
    CHECK(limits.max_planned.value == limits.max_expected->value.low);
}

TEST_CASE("agora: nine slots are reserved today; with the document's five, 1,797 are usable by the label") {
    CHECK(primary().budget.limits.reserved.value.value == 9);
    CHECK(primary().budget.limits.usable_nominal->value.value == 1793);
    const Planned documents = test::plan_file("agora/poolfit.toml", {"database.primary.reserved_connections=5"});
    CHECK(documents.plan.databases[0].budget.limits.usable_nominal->value.value == 1797);
    CHECK(documents.plan.databases[0].budget.copies_nominal->value.value == 57);
}

TEST_CASE("agora: 31 allocated on the primary and 20 on the replica, each of its own limit") {
    CHECK(primary().demand.allocated->value.value == 31);
    CHECK(replica().demand.allocated->value.value == 20);
    CHECK(primary().demand.deploy_peak->value.value == 31);  // deploys stop the old container first
    CHECK(primary().demand.failover_peak->value.value == 51);
    CHECK(replica().demand.failover_peak->value.value == 51);
}

TEST_CASE("agora: utilization of the primary is 1.72 % of the nominal limit") {
    CHECK(percent(primary().budget.utilization_nominal->value) == doctest::Approx(1.72).epsilon(0.002));
    CHECK(percent(primary().budget.utilization->value) > 1.72);
}

TEST_CASE("agora: db.t3.large and db.t3.medium have 901 and 450 by the label, about 840 and 410 in truth") {
    const Limits large = agora().on(0, "db.t3.large").limits;
    CHECK(large.max_nominal->value.value == 901);
    CHECK(large.max_expected->value.low.value <= 832);
    CHECK(large.max_expected->value.high.value >= 832);
    CHECK(large.max_expected->value.low.value >= 795);
    CHECK(large.max_expected->value.high.value <= 875);
    const Limits medium = agora().on(0, "db.t3.medium").limits;
    CHECK(medium.max_nominal->value.value == 450);
    CHECK(medium.max_expected->value.low.value <= 405);
    CHECK(medium.max_expected->value.high.value >= 415);
}

TEST_CASE("agora: 57 copies of the whole stack fit by the label") {
    CHECK(primary().budget.copies_nominal->value.value == 57);
    CHECK(primary().budget.copies->value.value >= 52);
    CHECK(primary().budget.copies->value.value <= 54);
}

TEST_CASE("agora: right-sized pools are 21 on the primary (-32.3 %) and 31 in all (-39.2 %)") {
    const auto after = [&](std::size_t i) { return agora().plan.databases[i].after.allocated->value.value; };
    CHECK(after(0) == 21);
    CHECK(after(1) == 10);
    CHECK((31.0 - 21.0) / 31.0 == doctest::Approx(0.323).epsilon(0.002));
    CHECK((51.0 - 31.0) / 51.0 == doctest::Approx(0.392).epsilon(0.002));
}

TEST_CASE("agora: pools by observed use x 2.5 are 5; pg-boss keeps its formula's 11") {
    const auto& fleet = agora().fleet;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const PoolAdvice& advice = agora().plan.pools[i].advice;
        if (*fleet.pools[i].name == "pg-boss") {
            CHECK(advice.size->value.value == 11);
            CHECK(advice.basis == Basis::formula);
        } else {
            CHECK(advice.size->value.value == 5);
            CHECK(advice.basis == Basis::observed);
        }
    }
}

TEST_CASE("agora: 7-8 connections of api's pool are wasted, 13-15 of math-updater's on the primary") {
    const auto& fleet = agora().fleet;
    Interval<Connections> api, math;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (!pool.database || *pool.database != 0) continue;
        auto& sum = *fleet.services[pool.service].name == "api" ? api : math;
        sum = sum + agora().plan.pools[i].use.waste->value;
    }
    CHECK(api == Interval<Connections>{Connections(7), Connections(8)});
    CHECK(math == Interval<Connections>{Connections(13), Connections(15)});
}

TEST_CASE("agora: sizes by vCPUs on 2, 4 and 8 are 3, 6, 12 for api and 5, 8, 16 for math-updater") {
    const int vcpus[] = {2, 4, 8}, api[] = {3, 6, 12}, math[] = {5, 8, 16};
    for (int k = 0; k < 3; ++k) {
        const Planned planned = test::plan_file("agora/poolfit.toml", {"host.app.vcpus=" + std::to_string(vcpus[k])});
        for (std::size_t i = 0; i < planned.fleet.pools.size(); ++i) {
            const Pool& pool = planned.fleet.pools[i];
            if (!pool.vcpu_max) continue;
            const int wanted = *planned.fleet.services[pool.service].name == "api" ? api[k] : math[k];
            CHECK(planned.plan.pools[i].by_vcpus->value.value == wanted);
        }
    }
}

TEST_CASE("agora: db.t3.large saves $2,196 a year for the primary, $4,392 for both") {
    const Recommendation& r = primary().recommendation;
    CHECK(r.verdict == Verdict::resize);
    CHECK(r.cls->name == "db.t3.large");
    CHECK(primary().now.cost->value.value == 306'000'000);
    CHECK(r.cost->value.value == 123'000'000);
    CHECK(r.saves_per_year->value.value == 2'196'000'000);
    CHECK(replica().recommendation.saves_per_year->value.value == 2'196'000'000);
    CHECK(agora().plan.totals.saves_per_year->value.value == 4'392'000'000);
}

TEST_CASE("agora: db.t3.medium would save $2,928 a year, and is rejected for memory by the 4 GiB floor") {
    const Candidate& medium = candidate(primary(), "db.t3.medium");
    CHECK((primary().now.cost->value.value - medium.cost->value) * 12 == 2'928'000'000);
    CHECK_FALSE(medium.fits);
    REQUIRE(medium.reasons.size() == 1);
    CHECK(medium.reasons[0].check.dimension == Dimension::freeable_memory);
    CHECK(*medium.reasons[0].check.limit == gib_bytes(4));
}

TEST_CASE("agora: CPU of the primary on db.t3.large is 8-10 % by vCPUs, 8.7-10.8 % by the law, within its band") {
    const Projection large = agora().on(0, "db.t3.large");
    const Interval<double> counted = agora().node("database.primary.on.db.t3.large.cpu.mean_by_vcpus").value;
    CHECK(counted.low == doctest::Approx(0.08));
    CHECK(counted.high == doctest::Approx(0.10));
    const Interval<double> law = agora().node("database.primary.on.db.t3.large.cpu.mean_by_coremark").value;
    CHECK(100 * law.low == doctest::Approx(8.5).epsilon(0.025));
    CHECK(100 * law.high == doctest::Approx(10.6).epsilon(0.025));
    CHECK(large.cpu_mean->value.low.value == doctest::Approx(law.low * 0.75));
    CHECK(large.cpu_mean->value.high.value == doctest::Approx(law.high * 1.4));
}

TEST_CASE(
    "agora: the replica's peak on db.t3.large is 15-43 %, on or over the 30 % baseline, and the verdict says so") {
    const Projection large = agora().on(1, "db.t3.large");
    CHECK(percent(large.cpu_peak->value.low) == doctest::Approx(20.7 * 0.75).epsilon(0.025));
    CHECK(percent(large.cpu_peak->value.high) == doctest::Approx(31.0 * 1.4).epsilon(0.025));
    REQUIRE(large.credits);
    CHECK(large.credits->baseline.value.value == doctest::Approx(0.30));
    CHECK_FALSE(large.credits->mean_known);
    CHECK(large.credits->lives_on_credits);
    const auto& reasons = candidate(replica(), "db.t3.large").reasons;
    CHECK(std::any_of(reasons.begin(), reasons.end(), [](const Reason& reason) {
        return reason.check.dimension == Dimension::credits && reason.check.caveat == Caveat::peak_over_baseline &&
               *reason.check.limit == doctest::Approx(0.30);
    }));
    CHECK(replica().recommendation.risk >= Risk::medium);
}

TEST_CASE("agora: CPU is the same on db.t3.medium; its 20 % baseline is what differs") {
    const Projection medium = agora().on(1, "db.t3.medium");
    CHECK(percent(medium.cpu_peak->value.high) < 32 * 1.4);
    CHECK(medium.credits->baseline.value.value == doctest::Approx(0.20));
    CHECK(medium.credits->lives_on_credits);
    CHECK(medium.credits->surplus->value.value > 0);
}

TEST_CASE("agora: the primary earns more credits on db.t3.large than it burns") {
    const Credits credits = *agora().on(0, "db.t3.large").credits;
    CHECK_FALSE(credits.lives_on_credits);
    CHECK(credits.earned_per_hour.value > credits.burned_per_hour.value.high);
}

TEST_CASE("agora: about 5 GiB stay free on db.t3.large, about 2 on db.t3.medium") {
    CHECK(gib_low(*primary().now.memory_used) == doctest::Approx(5.0));
    const Projection large = agora().on(0, "db.t3.large");
    CHECK(gib_low(*large.memory_used) <= 3.05);
    CHECK(gib_high(*large.memory_used) >= 2.95);
    CHECK(gib_high(*large.memory_used) <= 3.4);
    CHECK(gib_low(*large.freeable) >= 4.6);
    const Projection medium = agora().on(0, "db.t3.medium");
    CHECK(gib_low(*medium.freeable) <= 2);
    CHECK(gib_low(*medium.freeable) >= 1.6);
    CHECK(gib_high(*medium.freeable) >= 2);
    CHECK(gib_high(*medium.freeable) <= 2.5);
}

TEST_CASE("agora: db.t4g.large is cheaper still and needs allow_arm") {
    const Candidate& arm = candidate(primary(), "db.t4g.large");
    CHECK_FALSE(arm.fits);
    CHECK(arm.fits_but_for_policy);
    CHECK(arm.reasons.back().kind == Reason::Kind::allow_arm);
    const Planned allowed = test::plan_file("agora/poolfit.toml", {"policy.allow_arm=true"});
    CHECK(allowed.plan.databases[0].recommendation.cls->arch == Arch::arm64);
    CHECK(percent(agora().on(0, "db.t4g.large").cpu_mean->value.high) < 20);
}

TEST_CASE("agora: with reserved prices both sides are reserved") {
    const Planned reserved = test::plan_file("agora/poolfit.toml", {}, PriceTerm::one_year);
    const DatabasePlan& plan = reserved.plan.databases[0];
    CHECK(usd(plan.now.cost->value) == doctest::Approx(0.3027 * 730));
    CHECK(plan.recommendation.verdict == Verdict::resize);
    CHECK(plan.recommendation.saves->value.value > 0);
}
