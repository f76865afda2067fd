// Commitments beside capacity that follows the load: both ends, worked out by hand from prices of the catalog.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/plan/plan.hpp>

#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"

using namespace poolfit;
using test::Planned;

namespace {

constexpr double m5_xlarge = 0.356 * 730, m7g_xlarge = 0.337 * 730, acu = 0.12 * 730, r6g_xlarge = 0.519 * 730;

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }

Planned planned(std::string_view records, std::string_view policy = "", std::string_view region = "us-east-1") {
    return test::plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"{}\"\n{}{}", region, policy, records));
}

std::string server(std::string_view name, std::string_view cls, std::string_view more = "") {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}"
        "[database.observed]\ncpu_mean = \"9-12%\"\ncpu_peak = \"24-28%\"\nfreeable_memory = \"9-10 GiB\"\n"
        "connections = \"5-20\"\nwindow = \"30 d\"\n",
        name, cls, more);
}

std::string serverless(std::string_view name, int least, int most) {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"aurora-postgresql\"\nversion = \"16.6\"\n"
        "class = \"db.serverless\"\nacu_min = {}\nacu_max = {}\n",
        name, least, most);
}

std::string savings_plan(std::string_view hourly, std::string_view rates) {
    return fmt::format(
        "[[commitment]]\nname = \"sp\"\nkind = \"savings-plan\"\nusd_per_hour = {}\n"
        "ends = \"2027-06-30\"\n{}",
        hourly, rates);
}

constexpr std::string_view rates =
    "[[commitment.rate]]\nclass = \"db.m7g.xlarge\"\nusd_per_hour = 0.27\n"
    "[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.09\n";
constexpr std::string_view stay = "[policy]\nallow = [\"db.m5.xlarge\", \"db.m7g.xlarge\"]\n";

void check_ends(const Interval<MicroUsdPerMonth>& range, double low, double high) {
    CHECK(dollars(range.low) == doctest::Approx(low).epsilon(1e-6));
    CHECK(dollars(range.high) == doctest::Approx(high).epsilon(1e-6));
}

}  // namespace

TEST_CASE("committed ranges: what a class pays, and all together, follows what serverless capacity takes") {
    // $0.60 an hour. 2 ACU take $0.18 of it and g all that it needs; 16 take $1.44, which is all, at 75 % of list.
    const Planned made = planned(server("a", "db.m5.xlarge") + server("g", "db.m7g.xlarge") + serverless("s", 2, 16) +
                                     savings_plan("0.6", rates),
                                 stay);
    const Committed& committed = *made.plan.committed;
    const Paid &g = committed.now[1], &s = committed.now[2];
    REQUIRE(g.range);
    check_ends(g.range->value, 0, m7g_xlarge);
    CHECK(dollars(g.by_plan.value) == doctest::Approx(m7g_xlarge));
    CHECK(dollars(g.by_plan_most) == doctest::Approx(0));
    REQUIRE(s.range);
    check_ends(s.range->value, 0, 16 * acu - 0.6 / 0.75 * 730);
    CHECK(committed.uses[0].used_now == doctest::Approx(0.45 / 0.6));
    CHECK(committed.uses[0].used_now_most == doctest::Approx(1));
    REQUIRE(committed.total_now);
    check_ends(committed.total_now->value, m5_xlarge, m5_xlarge + m7g_xlarge);
    check_ends(committed.total_after->value, m5_xlarge, m5_xlarge + m7g_xlarge);
    // Both ends come together: nothing is saved at either.
    check_ends(committed.total_saves->value, 0, 0);
    REQUIRE(committed.periods.size() == 2);
    check_ends(*committed.periods[0].now, m5_xlarge, m5_xlarge + m7g_xlarge);
    check_ends(*committed.periods[1].now, m5_xlarge + m7g_xlarge, m5_xlarge + m7g_xlarge);
    CHECK(made.figures->conflicts().empty());
}

TEST_CASE("committed ranges: each end is what the inventory has where all serverless capacity is fixed there") {
    std::mt19937_64 generator(7);
    const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator); };
    for (int k = 0; k < test::sampled(60); ++k) {
        std::string classes;
        for (int n = draw(0, 3); n > 0; --n)
            classes += server(fmt::format("c{}", n), draw(0, 3) == 0 ? "db.m5.xlarge" : "db.m7g.xlarge");
        std::vector<std::pair<int, int>> capacity;
        for (int n = draw(1, 3); n > 0; --n) {
            const int least = draw(1, 8);
            capacity.emplace_back(least, least + draw(0, 12));
        }
        const auto at = [&](int end) {  // 0: both, -1: the least, 1: the most
            std::string text = classes;
            int n = 0;
            for (const auto& [least, most] : capacity)
                text += serverless(fmt::format("s{}", ++n), end > 0 ? most : least, end < 0 ? least : most);
            return text;
        };
        const std::string plan = savings_plan(fmt::format("{}.{}", draw(0, 1), draw(10, 99)), rates);
        const std::string text = at(0) + plan;
        INFO(text);
        const Planned made = planned(text, stay);
        const Planned low = planned(at(-1) + plan, stay), high = planned(at(1) + plan, stay);
        CHECK(made.figures->conflicts().empty());
        const auto paid = [](const Planned& of, Index i, bool most) {
            const Paid& it = of.plan.committed->now[i];
            return dollars(it.range ? most ? it.range->value.high : it.range->value.low : it.cost->value);
        };
        for (Index i = 0; i < made.fleet.databases.size(); ++i) {
            CHECK(paid(made, i, false) == doctest::Approx(paid(low, i, false)).epsilon(1e-6));
            CHECK(paid(made, i, true) == doctest::Approx(paid(high, i, true)).epsilon(1e-6));
        }
        const CommitmentUse& use = made.plan.committed->uses[0];
        CHECK(use.used_now == doctest::Approx(low.plan.committed->uses[0].used_now));
        CHECK(use.used_now_most == doctest::Approx(high.plan.committed->uses[0].used_now));
        const auto &total = made.plan.committed->total_now, &least = low.plan.committed->total_now,
                   &most = high.plan.committed->total_now;
        REQUIRE(total.has_value() == least.has_value());
        if (!total) continue;
        check_ends(total->value, dollars(least->value.low), dollars(most->value.high));
    }
}

TEST_CASE("committed ranges: capacity from 0 on has the plan's discount at its high end") {
    const Planned made = planned(serverless("s", 0, 4) + savings_plan("0.18", rates));
    const Paid& s = made.plan.committed->now[0];
    REQUIRE(s.range);
    // $0.18 an hour cover 2 of 4 ACU.
    check_ends(s.range->value, 0, 2 * acu);
    CHECK(made.plan.committed->uses[0].used_now == 0);
    CHECK(made.plan.committed->uses[0].used_now_most == doctest::Approx(1));
}

TEST_CASE("committed ranges: a schedule saves at least what it saves where serverless capacity takes the least") {
    // $0.40 an hour: 2 ACU leave $0.22 of the $0.27 that dev needs.
    const Planned made = planned(server("dev", "db.m7g.xlarge", "environment = \"development\"\n") +
                                     serverless("s", 2, 16) + savings_plan("0.4", rates),
                                 stay);
    const auto& stop = made.plan.databases[0].recommendation.stop;
    REQUIRE(stop);
    CHECK(dollars(stop->saves.value) == doctest::Approx(m7g_xlarge * (1 - 0.22 / 0.27) * 108 / 168));
    CHECK(stop->at_least);
    const Planned fixed = planned(server("dev", "db.m7g.xlarge", "environment = \"development\"\n") +
                                      serverless("s", 2, 2) + savings_plan("0.4", rates),
                                  stay);
    REQUIRE(fixed.plan.databases[0].recommendation.stop);
    CHECK_FALSE(fixed.plan.databases[0].recommendation.stop->at_least);
}

TEST_CASE("committed ranges: what is held back says that it may save more, or cost less") {
    // Two of 1 to 8 ACU stop as one: $0.30 an hour cover 2 ACU wholly, and 3.3 of 16.
    const std::string cluster =
        "[[database]]\nname = \"w\"\nenvironment = \"staging\"\nengine = \"aurora-postgresql\"\n"
        "version = \"16.6\"\nclass = \"db.serverless\"\nacu_min = 1\nacu_max = 8\n"
        "[[database]]\nname = \"r\"\nenvironment = \"staging\"\nreplica_of = \"w\"\n"
        "class = \"db.serverless\"\nacu_min = 1\nacu_max = 8\n";
    const Planned made = planned(cluster + savings_plan("0.3", rates));
    const auto& held = made.plan.databases[0].recommendation.stop_held;
    REQUIRE(held);
    CHECK(held->saves.value.value == 0);
    CHECK(held->at_least);
    // Covered wholly, and nothing else takes of the plan.
    const Planned fixed =
        planned(server("dev", "db.m7g.xlarge", "environment = \"development\"\n") + savings_plan("0.27", rates), stay);
    REQUIRE(fixed.plan.databases[0].recommendation.stop_held);
    CHECK_FALSE(fixed.plan.databases[0].recommendation.stop_held->at_least);
}

TEST_CASE("committed ranges: a move to serverless capacity saves from the worse to the better end of the others") {
    const std::string reports =
        "[[database]]\nname = \"reports\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\n"
        "class = \"db.r6g.xlarge\"\n[database.observed]\ncpu_mean = \"1%\"\ncpu_p95 = \"4%\"\n"
        "cpu_peak = \"6%\"\nconnections = \"1-4\"\nfreeable_memory = \"30 GiB\"\nwindow = \"30 d\"\n";
    const Planned made =
        planned(reports + serverless("s", 1, 8) +
                    savings_plan("0.2", "[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.084\n"),
                "[policy]\nallow = [\"db.r6g.*\"]\n");
    const auto& move = made.plan.databases[0].recommendation.serverless;
    REQUIRE(move);
    check_ends(move->cost.value, 0.5 * acu, acu);
    // 1 ACU of s leaves $0.116 an hour, which is all that 1 ACU needs. 8 take all: 1 ACU more is paid by list price.
    check_ends(move->saves.value, r6g_xlarge - acu, r6g_xlarge);
    const Figures& figures = *made.figures;
    const auto id = figures.find(assess::database_key(0, Name::serverless_saves));
    REQUIRE(id);
    CHECK(figures[*id].value.low / 1e6 == doctest::Approx(r6g_xlarge - acu));
    CHECK(figures[*id].value.high / 1e6 == doctest::Approx(r6g_xlarge));
    // A run without derivations says the same.
    plan::Request request;
    request.counted = {0, 1};
    const Plan plain = plan::make(made.fleet, test::catalog(), request);
    REQUIRE(plain.databases[0].recommendation.serverless);
    CHECK(plain.databases[0].recommendation.serverless->saves.value == move->saves.value);
}

TEST_CASE("committed ranges: rates are asked for of the class that the plan moves to, and of one without a price") {
    // To db.m7g.xlarge, which the savings plan covers.
    const Planned moves = planned(server("a", "db.m5.xlarge") + savings_plan("0.1", ""),
                                  "[policy]\nallow_arm = true\nallow = [\"db.m7g.*\"]\nmin_savings = 0.01\n");
    REQUIRE(moves.plan.databases[0].recommendation.cls->name == "db.m7g.xlarge");
    const CommitmentUse& use = moves.plan.committed->uses[0];
    CHECK(use.unknown_after);
    REQUIRE(use.asks.size() == 1);
    CHECK(use.asks[0].cls == "db.m7g.xlarge");
    CHECK(use.asks[0].rate);
    CHECK_FALSE(use.asks[0].price);
    // Its class is covered, and a cheaper one would be at a rate that is not known: its list price is only the most.
    const std::string_view both =
        "[[commitment.rate]]\nclass = \"db.m7g.2xlarge\"\nusd_per_hour = 0.54\n"
        "[[commitment.rate]]\nclass = \"db.m7g.xlarge\"\nusd_per_hour = 0.27\n";
    const Planned held = planned(server("g", "db.m7g.2xlarge") + savings_plan("0.54", both),
                                 "[policy]\nallow_arm = true\nallow = [\"db.m7g.2xlarge\", \"db.r8g.xlarge\"]\n"
                                 "cpu_peak_max = \"90%\"\n");
    const Recommendation& stays = held.plan.databases[0].recommendation;
    REQUIRE(stays.summary.kept == Summary::Kept::committed);
    REQUIRE(stays.summary.held);
    CHECK(stays.summary.held->at_least);
    REQUIRE(held.plan.committed->uses[0].asks.size() == 1);
    CHECK(held.plan.committed->uses[0].asks[0].cls == "db.r8g.xlarge");
    CHECK(test::list(test::lint(held)).find("no rate for db.r8g.xlarge (g)") != std::string::npos);
    // In a region without a price of generation 7.
    const Planned unpriced =
        planned(server("a", "db.m5.xlarge") + savings_plan("0.1", ""), "[policy]\nallow_arm = true\n", "eu-central-1");
    const CommitmentUse& none = unpriced.plan.committed->uses[0];
    CHECK(none.used_after == 0);
    REQUIRE(none.asks.size() == 1);
    CHECK(none.asks[0].price);
    CHECK(none.asks[0].rate);
    CHECK(none.asks[0].cls == "db.m8g.xlarge");
    const auto findings = test::lint(unpriced);
    const auto finding = std::ranges::find_if(findings, [](const Finding& each) { return each.rule->id == "PF118"; });
    REQUIRE(finding != findings.end());
    CHECK(std::ranges::any_of(finding->notes, [](const auto& note) { return note.first == "prices"; }));
    // What the policy does not allow is not asked for.
    const Planned denied = planned(server("a", "db.m5.xlarge") + savings_plan("0.1", ""),
                                   "[policy]\nallow = [\"db.m5.*\", \"db.t3.*\"]\n", "eu-central-1");
    CHECK(denied.plan.committed->uses[0].asks.empty());
}

TEST_CASE("commitments: what a savings plan leaves of serverless capacity is in the totals") {
    // 8 to 11 ACU at $0.12 an hour are $700.80–$963.60. $0.70 an hour buy 0.70 ÷ 0.096 ACU, $638.75 of it.
    const test::Planned made = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n[[database]]\nname = \"sv\"\n"
        "engine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.serverless\"\nacu_min = 4\nacu_max = 16\n"
        "[database.observed]\ncpu_mean = \"50%\"\ncpu_peak = \"55%\"\nfreeable_memory = \"10 GiB\"\nwindow = \"30 d\"\n"
        "connections = \"10-20\"\n[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 0.70\n"
        "[[commitment.rate]]\nclass = \"db.serverless\"\nengine = \"aurora-postgresql\"\nusd_per_hour = 0.096\n");
    REQUIRE(made.plan.committed);
    const auto& left = made.plan.committed->capacity_now;
    REQUIRE(left);
    CHECK(static_cast<double>(left->value.low.value) / 1e6 == doctest::Approx(62.05));
    CHECK(static_cast<double>(left->value.high.value) / 1e6 == doctest::Approx(324.85));
    CHECK(made.plan.committed->capacity_after->value == left->value);
}
