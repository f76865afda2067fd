// Credits are a price where surplus is charged, and a wall where the class is throttled.
#include <algorithm>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "../../support/random_fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::one_database;
using test::plan_text;
using test::Planned;

namespace {

Planned on(std::string_view cls, std::string_view observed, std::string_view policy = "") {
    return plan_text(one_database(cls, fmt::format("[database.observed]\nwindow = \"14 d\"\n{}", observed),
                                  fmt::format("[policy]\n{}\n", policy)));
}

const Candidate& candidate(const Planned& planned, std::string_view cls) {
    const auto& all = planned.plan.databases[0].candidates;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.cls->name == cls; });
    REQUIRE(at != all.end());
    return *at;
}

}  // namespace

TEST_CASE("surplus of a known mean is a price: one point over the baseline of 4 vCPUs is $2.19 a month") {
    const Planned planned =
        on("db.t4g.xlarge", "cpu_mean = \"41%\"\ncpu_peak = \"46%\"\nfreeable_memory = \"11 GiB\"", "allow_arm = true");
    const DatabasePlan& plan = planned.plan.databases[0];
    CHECK(plan.recommendation.verdict == Verdict::keep);
    CHECK(plan.recommendation.cls->name == "db.t4g.xlarge");
    CHECK(plan.now.credits->surplus->value.value == 2'190'000);  // 0.01 × 4 × 730 h × $0.075
    CHECK(plan.now.cost->value == plan.now.list->value + plan.now.credits->surplus->value);
    CHECK(planned.plan.totals.now->value == plan.now.cost->value);
    CHECK(candidate(planned, "db.t4g.xlarge").fits);
    CHECK(*candidate(planned, "db.t4g.xlarge").ranked_by == plan.now.cost->value);
    CHECK_FALSE(plan.now.checks.any_over());
}

TEST_CASE("credits of a throttled class are a wall") {
    const Planned planned =
        on("db.t2.xlarge", "cpu_mean = \"41%\"\ncpu_peak = \"46%\"\nfreeable_memory = \"11 GiB\"", "allow_arm = true");
    const DatabasePlan& plan = planned.plan.databases[0];
    CHECK(assess::out_of_credits(plan.now));
    CHECK(plan.now.find(Dimension::credits)->standing == Standing::over);
    // 4 vCPUs × 41 % × 60 are burned an hour, 54 earned; 1,296 are full.
    CHECK(plan.now.credits->hours_to_empty->value == doctest::Approx(1296 / (0.41 * 4 * 60 - 54)));
    CHECK(plan.recommendation.cls->name != "db.t2.xlarge");
    const auto findings = test::lint(planned);
    const auto found =
        std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.rule->id == "PF037"; });
    REQUIRE(found != findings.end());
    CHECK(found->severity == Severity::error);
    // Under its baseline it is none.
    const Planned under = on("db.t2.xlarge", "cpu_mean = \"20%\"\ncpu_peak = \"46%\"\nfreeable_memory = \"11 GiB\"");
    CHECK_FALSE(assess::out_of_credits(under.plan.databases[0].now));
}

TEST_CASE("a throttled class with a peak over its baseline and no mean is not moved to") {
    const Planned planned = on("db.m5.large", "cpu_peak = \"40%\"\nfreeable_memory = \"6 GiB\"");
    const Projection t2 = planned.on(0, "db.t2.large");
    CHECK(t2.find(Dimension::credits)->standing == Standing::unknown);
    CHECK(t2.find(Dimension::credits)->missing == Missing::cpu_mean);
    const Planned today = on("db.t2.large", "cpu_peak = \"40%\"\nfreeable_memory = \"6 GiB\"");
    CHECK(today.plan.databases[0].now.find(Dimension::credits)->standing == Standing::inside);
}

TEST_CASE("with a peak alone its surplus ranks, and money is at list") {
    const Planned planned =
        on("db.t3.large", "cpu_peak = \"85%\"\nfreeable_memory = \"2 GiB\"", "cpu_peak_max = \"90%\"");
    const DatabasePlan& plan = planned.plan.databases[0];
    // 0.55 × 2 × 730 h × $0.075 more, if the peak lasted.
    CHECK(plan.now.cost->value == plan.now.list->value);
    CHECK(plan.now.at_peak->value == 60'225'000);
    CHECK(*candidate(planned, "db.t3.large").ranked_by == plan.now.list->value + *plan.now.at_peak);
    // Another class would be cheaper only if the peak lasted: no move to what costs more at list.
    CHECK(plan.recommendation.verdict == Verdict::keep);
    CHECK(plan.recommendation.summary.kept == Summary::Kept::peak_alone);
    CHECK(plan.recommendation.saves->value.value == 0);
    // Once the mean is known, so is the bill, and the move saves.
    const Planned known = on("db.t3.large", "cpu_mean = \"84%\"\ncpu_peak = \"85%\"\nfreeable_memory = \"2 GiB\"",
                             "cpu_peak_max = \"90%\"");
    const Recommendation& move = known.plan.databases[0].recommendation;
    CHECK(move.verdict == Verdict::resize);
    CHECK(move.saves->value == known.plan.databases[0].now.cost->value - move.cost->value);
    CHECK(move.saves->value.value > 0);
}

TEST_CASE("a move that costs as much saves nothing and is no resize") {
    // r5 and r6i have one price; r5.large is over its CPU.
    const Planned planned = on("db.r5.large", "cpu_mean = \"50%\"\ncpu_peak = \"61%\"\nfreeable_memory = \"4 GiB\"");
    for (const DatabasePlan& plan : planned.plan.databases)
        if (plan.recommendation.saves && plan.recommendation.saves->value.value <= 0)
            CHECK(plan.recommendation.verdict != Verdict::resize);
}

TEST_CASE("a database without a price is in none of the sums, and named") {
    const Planned planned = plan_text(one_database(
        "db.m5.large", "[database.observed]\ncpu_peak = \"50%\"\nfreeable_memory = \"3 GiB\"",
        "[[database]]\nname = \"far\"\nengine = \"postgresql\"\nregion = \"eu-north-1\"\nclass = \"db.t2.small\"\n"));
    const Totals& totals = planned.plan.totals;
    REQUIRE(totals.now.has_value());
    CHECK(totals.now->value == planned.plan.databases[0].now.cost->value);
    CHECK(totals.unpriced == std::vector<Index>{1});
}

TEST_CASE("a saturated CPU is never a low risk, be it the mean that was seen") {
    for (const std::string_view observed :
         {"cpu_mean = \"96%\"", "cpu_peak = \"96%\"", "cpu_mean = \"20%\"\ncpu_peak = \"100%\""}) {
        const Planned planned =
            on("db.m5.large", fmt::format("{}\nfreeable_memory = \"4 GiB\"", observed), "cpu_peak_max = \"100%\"");
        INFO(observed);
        CHECK(planned.plan.databases[0].recommendation.risk != Risk::low);
        CHECK(planned.plan.databases[0].now.cpu_saturated);
    }
}

TEST_CASE("ranking, verdict and money are one price") {
    std::size_t moved = 0, billed = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        test::Generator generator(seed * 104'729 + 3);
        const auto number = [&](int least, int most) { return test::uniform(generator, least, most); };
        constexpr std::string_view classes[] = {"db.t3.medium", "db.t3.large",   "db.t3.xlarge", "db.t4g.large",
                                                "db.m5.large",  "db.t4g.xlarge", "db.t2.large",  "db.m5.xlarge"};
        const auto cls = classes[static_cast<std::size_t>(number(0, 7))];
        const int mean = number(1, 70);
        const std::string observed =
            fmt::format("{}cpu_peak = \"{}%\"\nfreeable_memory = \"{} GiB\"",
                        number(0, 2) > 0 ? fmt::format("cpu_mean = \"{}%\"\n", mean) : std::string(),
                        std::min(100, mean + number(0, 40)), number(1, 3));
        const Planned planned = on(cls, observed, "allow_arm = true\ncpu_peak_max = \"90%\"");
        INFO(cls << "\n" << observed);
        const DatabasePlan& plan = planned.plan.databases[0];
        const auto paid = [](const Projection& p) {
            const bool known = p.credits && p.credits->mean_known && p.credits->surplus;
            return p.list->value + (known ? p.credits->surplus->value : MicroUsdPerMonth(0));
        };
        if (!plan.now.cost || !plan.recommendation.cost) continue;
        CHECK(plan.now.cost->value == paid(plan.now));
        CHECK(plan.recommendation.saves->value == paid(plan.now) - paid(plan.chosen));
        billed += plan.now.cost->value != plan.now.list->value;
        if (plan.recommendation.verdict != Verdict::resize) continue;
        ++moved;
        CHECK(plan.recommendation.saves->value.value > 0);
        for (const Candidate& c : plan.candidates)
            if (c.fits && c.ranked_by) CHECK(*plan.recommendation.ranked_by <= *c.ranked_by);
    }
    CHECK(moved > 20);
    CHECK(billed > 20);
}
