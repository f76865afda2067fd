// What a verdict asks for, what binds it, which classes it looks at, and what it says.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string observed(std::string_view cls, std::string_view measured, std::string_view rest = "") {
    return one_database(cls, fmt::format("[database.observed]\n{}\nwindow = \"30 d\"", measured), rest);
}

Recommendation recommend(const std::string& text) { return plan_text(text).plan.databases[0].recommendation; }

}  // namespace

TEST_CASE("each measurement that classes are judged by is asked for where it is missing, and nothing else is") {
    struct Case {
        std::string_view observed;
        Missing missing;
    };
    for (const Case& each : {Case{"cpu_mean = \"5%\"\nfreeable_memory = \"6 GiB\"", Missing::cpu_peak},
                             Case{"cpu_mean = \"5%\"\ncpu_peak = \"10%\"", Missing::freeable_memory}}) {
        CAPTURE(each.observed);
        const Recommendation advice = recommend(observed("db.m5.large", each.observed));
        CHECK(advice.verdict == Verdict::unknown);
        REQUIRE(advice.missing.size() == 1);
        CHECK(advice.missing[0].kind == MissingInput::Kind::observed);
        CHECK(advice.missing[0].what == each.missing);
    }
}

TEST_CASE("a disk that bursts past its class's baseline today is the tightest limit, and rules no class out") {
    // db.m5.large has 81.25 MB/s at any time, and 593.75 MB/s for half an hour a day.
    const Planned bursts = plan_text(
        observed("db.m5.large",
                 "cpu_mean = \"5%\"\ncpu_peak = \"30%\"\nfreeable_memory = \"6 GiB\"\nebs_throughput = \"100 MB/s\""));
    const Check* disk = bursts.plan.databases[0].chosen.find(Dimension::ebs_throughput);
    REQUIRE(disk != nullptr);
    REQUIRE(disk->standing == Standing::no_worse);
    REQUIRE(disk->share > 1);
    CHECK(bursts.plan.databases[0].recommendation.binding == Dimension::ebs_throughput);
    CHECK(bursts.plan.databases[0].recommendation.next_binding == Dimension::cpu_peak);
    CHECK(bursts.plan.databases[0].recommendation.risk == Risk::medium);
}

TEST_CASE("a CPU that is projected by the number of vCPUs alone is a limit like any other") {
    // db.m3.xlarge has no CoreMark: 15 % of its four vCPUs are 30 % of two, 1.65 times that at most, and 60 % are
    // allowed.
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nallow = [\"db.m5.large\"]\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m3.xlarge\"\n[database.observed]\n"
        "cpu_mean = \"10%\"\ncpu_peak = \"15%\"\nfreeable_memory = \"13 GiB\"\n");
    const DatabasePlan& plan = planned.plan.databases[0];
    REQUIRE(plan.recommendation.cls->name == "db.m5.large");
    const Check& peak = *plan.chosen.find(Dimension::cpu_peak);
    REQUIRE(peak.caveat == Caveat::by_vcpu_count);
    CHECK(peak.share == doctest::Approx(0.3 * 1.65 / 0.6));
    CHECK(plan.recommendation.binding == Dimension::cpu_peak);
}

TEST_CASE("a server that is over a limit set by hand has one that is raised") {
    // 90 of 100 where the policy allows 80, and all of them were seen to be needed.
    const Recommendation over = recommend(one_database("db.m5.large", "max_connections = 105\nreserved_connections = 5",
                                                       one_pool("a", "max = 90\nin_use = \"30-89\"")));
    CHECK(over.verdict == Verdict::repool);
    CHECK(over.summary.kind == Summary::Kind::limit_raised);
    CHECK(over.summary.trouble->check.dimension == Dimension::connections_steady);
}

TEST_CASE("a server that is over a limit today has a class that fails, whatever limit that is: by the formula, too") {
    const Recommendation over =
        recommend(one_database("db.t3.micro", "", one_pool("a", "max = 60\nin_use = \"30-59\"")));
    CHECK(over.summary.kind == Summary::Kind::class_fails);
    CHECK(over.summary.trouble->check.dimension == Dimension::connections_steady);
}

TEST_CASE("what surplus credits cost counts: a class that is dearer by its price alone may be the cheaper one") {
    // 2 vCPUs at 43 % with a baseline of 30 %: 0.26 vCPU-hours of surplus an hour at $0.075 are $14.24 a month.
    const auto with = [](double usd, std::string_view cpu) {
        const Planned planned =
            plan_text(observed("db.t3.large", fmt::format("{}\nfreeable_memory = \"6 GiB\"", cpu),
                               fmt::format("[policy]\nallow = [\"db.t3.large\", \"db.m5.large\"]\n"
                                           "min_savings_per_month = 1\nmin_savings = 0\n"
                                           "[[price]]\nclass = \"db.t3.large\"\nusd_per_month = 50\n"
                                           "[[price]]\nclass = \"db.m5.large\"\nusd_per_month = {}\n",
                                           usd)));
        // As deep as the command goes that shows no other classes.
        const Plan plan =
            plan::make(planned.fleet, test::catalog(), {PriceTerm::list, {0}, plan::Depth::decide, nullptr});
        CHECK(plan.databases[0].recommendation.cls == planned.plan.databases[0].recommendation.cls);
        return plan.databases[0].recommendation;
    };
    constexpr std::string_view known = "cpu_mean = \"43%\"\ncpu_peak = \"43%\"";
    const Recommendation cheaper = with(52, known);
    CHECK(cheaper.cls->name == "db.m5.large");
    CHECK(cheaper.verdict == Verdict::resize);
    const MicroUsdPerMonth credits = cheaper.saves->value + MicroUsdPerMonth(2'000'000);
    CHECK(cheaper.saves->value.value > 0);
    CHECK(with(50 + static_cast<double>(credits.value) / 1e6 - 0.6, known).cls->name == "db.t3.large");  // too little
    // Where the mean is not known, nobody knows that they are paid.
    const Recommendation peak = with(52, "cpu_peak = \"43%\"");
    CHECK(peak.verdict == Verdict::keep);
    CHECK(peak.summary.kept == Summary::Kept::peak_alone);
    CHECK(with(49.5, "cpu_peak = \"43%\"").verdict == Verdict::keep);
    CHECK(with(48, "cpu_peak = \"43%\"").cls->name == "db.m5.large");
}

TEST_CASE("a standby on another class is taken only where its least limit is at least its primary's highest") {
    // By their formulas db.t3.large and db.m5.large have 820 to 859 each: one may be under the other.
    const Planned agora = test::plan_file("agora/poolfit.toml");
    const DatabasePlan &primary = agora.plan.databases[0], &replica = agora.plan.databases[1];
    REQUIRE(primary.recommendation.cls->name == "db.t3.large");
    const auto against = [&](std::string_view cls) {
        const auto at = std::find_if(replica.candidates.begin(), replica.candidates.end(),
                                     [&](const Candidate& c) { return c.cls->name == cls; });
        REQUIRE(at != replica.candidates.end());
        return std::find_if(at->reasons.begin(), at->reasons.end(), [](const Reason& reason) {
                   return reason.kind == Reason::Kind::replica;
               }) != at->reasons.end();
    };
    CHECK_FALSE(against("db.t3.large"));
    CHECK(against("db.m5.large"));
    CHECK_FALSE(against("db.m5.xlarge"));  // today's: twice as many
}

TEST_CASE("a class of as much memory shrinks no page cache, a smaller one does") {
    const auto told = [](std::string_view today, std::string_view next, int free_gib) {
        const Recommendation advice = recommend(observed(
            today, fmt::format("cpu_mean = \"5%\"\ncpu_peak = \"10%\"\nfreeable_memory = \"{} GiB\"", free_gib),
            fmt::format("[policy]\nallow = [\"{}\", \"{}\"]\n", today, next)));
        REQUIRE(advice.cls->name == next);
        return std::any_of(advice.risk_reasons.begin(), advice.risk_reasons.end(),
                           [](const RiskReason& reason) { return reason.kind == RiskReason::Kind::cache; });
    };
    CHECK_FALSE(told("db.m5.large", "db.t3.large", 6));
    CHECK(told("db.m5.xlarge", "db.m5.large", 14));
}

TEST_CASE("a class that can not be judged does not fit; one with as much of all as today's does") {
    const Planned planned = plan_text(observed("db.m5.large", "cpu_mean = \"5%\"\ncpu_peak = \"10%\""));
    const auto fits = [&](std::string_view cls) {
        const auto& candidates = planned.plan.databases[0].candidates;
        const auto at =
            std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.cls->name == cls; });
        REQUIRE(at != candidates.end());
        return at->fits;
    };
    CHECK_FALSE(fits("db.t3.medium"));  // half of its memory, and none knows how much is used
    CHECK(fits("db.m5.large"));
    CHECK(fits("db.m5.xlarge"));
}

TEST_CASE("what was not filled in advises nothing, and counts nothing") {
    const Candidate nobody_judged;
    CHECK_FALSE(nobody_judged.fits);
    CHECK_FALSE(nobody_judged.fits_but_for_policy);
    const PoolLoad load;
    CHECK_FALSE(load.cpu_full);
    CHECK(load.cpu_stretch == 1);
    const Strategy strategy;
    CHECK_FALSE(strategy.recommended);
    CHECK(strategy.work.settings + strategy.work.services == 0);
    CHECK(strategy.why.count == 0);
    const Threshold threshold;
    CHECK_FALSE(threshold.reached);
    CHECK(threshold.left == 0);
    const Point point;
    CHECK(point.count + point.all == 0);
    CHECK(point.typical == 0);
    CHECK(point.buffer == 0);
}

TEST_CASE("a database behind a pooler keeps what it has where no size changes, and changes its pools where one does") {
    const auto advice = [](std::string_view pooler, std::string_view workload = "") {
        return recommend(observed(
            "db.m5.large", "cpu_mean = \"15%\"\ncpu_peak = \"40%\"\nfreeable_memory = \"3 GiB\"",
            fmt::format("[[pooler]]\nname = \"b\"\ndatabase = \"db\"\n{}\n[[service]]\nname = \"api\"\ndeploy = "
                        "\"recreate\"\ninstances = 4\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = 9\n{}\n"
                        "[policy]\nallow = [\"db.m5.large\"]\n",
                        pooler, workload)));
    };
    const std::string bouncer = "kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 100\n";
    for (const std::string& pooler : {bouncer + "default_pool_size = 12", bouncer + "default_pool_size = 50",
                                      std::string("kind = \"rds-proxy\"\nmax_connections_percent = \"20%\"")}) {
        CAPTURE(pooler);
        CHECK(advice(pooler).verdict == Verdict::keep);
        CHECK(advice(pooler).summary.kind == Summary::Kind::kept);
    }
    // 4 × 100/s × 20 ms keep eight of the server side busy: two are too few.
    const Recommendation more =
        advice(bouncer + "default_pool_size = 2", "workload = { rate = \"100/s\", hold = \"20 ms\" }");
    CHECK(more.verdict == Verdict::over);
    REQUIRE_FALSE(more.ways.empty());
    CHECK(more.ways[0].kind == WayOut::Kind::pooler_share);
}
