// What is really paid beside reserved instances and savings plans, and what that decides.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/platform/platform.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::Planned;

namespace {

std::string server(std::string_view name, std::string_view cls, std::string_view more = "") {
    return "[[database]]\nname = \"" + std::string(name) +
           "\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"" + std::string(cls) + "\"\n" +
           std::string(more);
}

/// Observed use that leaves a smaller class, but no cheaper family than `allow` has.
constexpr std::string_view idle =
    "[database.observed]\ncpu_mean = \"3%\"\ncpu_peak = \"5%\"\nfreeable_memory = \"12 GiB\"\nwindow = \"30 d\"\n";

std::string reserved(std::string_view keys, std::string_view ends = "2027-06-30") {
    return "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nends = \"" + std::string(ends) + "\"\n" +
           std::string(keys) + "\n";
}

Planned planned(const std::string& records, std::string_view policy = "") {
    return test::plan_text("schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n" +
                           std::string(policy) + records);
}

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }
double dollars(const Interval<MicroUsdPerMonth>& amount) {
    CHECK(amount.is_point());
    return dollars(amount.high);
}
template <class Amount>
double dollars(const std::optional<Figure<Amount>>& amount) {
    REQUIRE(amount);
    return dollars(amount->value);
}

constexpr std::string_view stay = "[policy]\nallow = [\"db.m5.large\"]\nmin_savings_per_month = 100000\n";
constexpr double m5_xlarge = 0.356 * 730, m5_large = 0.178 * 730, t3_large = 0.145 * 730;

}  // namespace

TEST_CASE("commitments: normalized units by size, and twice those of Multi-AZ") {
    const Platform& row = *platform::find("aws", "postgresql");
    const auto units = [&](std::string_view name) {
        return platform::normalized_units(row, *test::catalog().find_class(row, name)).value_or(0);
    };
    CHECK(units("db.t3.micro") == 0.5);
    CHECK(units("db.t3.small") == 1);
    CHECK(units("db.t3.medium") == 2);
    CHECK(units("db.m5.large") == 4);
    CHECK(units("db.m5.xlarge") == 8);
    CHECK(units("db.m5.2xlarge") == 16);
    CHECK(units("db.m5.24xlarge") == 192);
}

TEST_CASE("commitments: one db.m5.xlarge covers two db.m5.large, or one with a standby") {
    const std::string one = reserved("class = \"db.m5.xlarge\"\ncount = 1");
    const Planned two = planned(server("a", "db.m5.large") + server("b", "db.m5.large") + one, stay);
    REQUIRE(two.plan.committed);
    for (const Paid& paid : two.plan.committed->now) {
        CHECK(paid.units == 4);
        CHECK(paid.covered->value.value == doctest::Approx(1));
        CHECK(dollars(paid.cost) == doctest::Approx(0));
    }
    const Planned standby = planned(server("a", "db.m5.large", "multi_az = true\n") + one, stay);
    CHECK(standby.plan.committed->now[0].units == 8);
    CHECK(dollars(standby.plan.committed->now[0].cost) == doctest::Approx(0));
    const Planned three =
        planned(server("a", "db.m5.large") + server("b", "db.m5.large") + server("c", "db.m5.large") + one, stay);
    for (const Paid& paid : three.plan.committed->now) {
        CHECK(paid.covered->value.value == doctest::Approx(8.0 / 12));
        CHECK(dollars(paid.cost) == doctest::Approx(m5_large / 3));
    }
    CHECK(dollars(three.plan.committed->total_now) == doctest::Approx(m5_large));
}

TEST_CASE("commitments: units are of one engine, family and region") {
    for (const char* other : {"family = \"m6i\"\nunits = 8", "family = \"m5\"\nunits = 8\nregion = \"eu-central-1\""}) {
        const Planned made = planned(server("a", "db.m5.large") + reserved(other), stay);
        CHECK(dollars(made.plan.committed->now[0].cost) == doctest::Approx(m5_large));
        CHECK(made.plan.committed->uses[0].used_now == 0);
    }
}

TEST_CASE("commitments: a move to another family that strands them is kept, and says from when it pays") {
    const std::string db = server("db", "db.m5.xlarge", idle);
    CHECK(planned(db).plan.databases[0].recommendation.verdict == Verdict::resize);
    const Planned made = planned(db + reserved("class = \"db.m5.xlarge\"\ncount = 1"));
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(advice.verdict == Verdict::keep);
    CHECK(advice.summary.kept == Summary::Kept::committed);
    REQUIRE(advice.summary.held);
    CHECK(advice.summary.held->units == 8);
    CHECK(advice.summary.held->saves.value < 0);
    CHECK(advice.summary.held->pays_from == Date{2027, 7, 1});
}

TEST_CASE("commitments: a downgrade inside the family pays where another database uses the units") {
    constexpr std::string_view m5_only = "[policy]\nallow = [\"db.m5.*\"]\n";
    const std::string db = server("db", "db.m5.xlarge", idle), units = reserved("class = \"db.m5.xlarge\"\ncount = 1");
    const Planned alone = planned(db + units, m5_only);
    CHECK(alone.plan.databases[0].recommendation.verdict == Verdict::keep);
    // The other one stays: nothing is known of its load.
    const Planned both = planned(db + server("other", "db.m5.2xlarge") + units, m5_only);
    CHECK(both.plan.databases[0].recommendation.verdict == Verdict::resize);
    CHECK(both.plan.databases[0].recommendation.cls->name == "db.m5.large");
    REQUIRE(both.plan.committed->saves[0]);
    CHECK(dollars(both.plan.committed->saves[0]) == doctest::Approx(m5_xlarge - m5_large));
    CHECK(both.plan.committed->uses[0].used_after == doctest::Approx(1));
}

TEST_CASE("commitments: of two on half the units, one moves") {
    const Planned made = planned(server("a", "db.m5.xlarge", idle) + server("b", "db.m5.xlarge", idle) +
                                 reserved("class = \"db.m5.xlarge\"\ncount = 1"));
    CHECK(made.plan.databases[0].recommendation.verdict == Verdict::resize);
    CHECK(made.plan.databases[1].recommendation.verdict == Verdict::keep);
    CHECK(made.plan.committed->uses[0].used_after == doctest::Approx(1));
}

TEST_CASE("commitments: one that has ended covers nothing") {
    const Planned made =
        planned(server("db", "db.m5.xlarge", idle) + reserved("family = \"m5\"\nunits = 8", "2020-01-31"));
    CHECK(made.plan.committed->uses[0].ended);
    CHECK(made.plan.databases[0].recommendation.verdict == Verdict::resize);
    CHECK(dollars(made.plan.committed->now[0].cost) == doctest::Approx(m5_xlarge));
}

TEST_CASE("commitments: what is paid for unused units, until the end") {
    const Planned made =
        planned(server("db", "db.m5.large") + reserved("family = \"m5\"\nunits = 16\nusd_per_month = 100"), stay);
    const CommitmentUse& use = made.plan.committed->uses[0];
    CHECK(use.used_now == doctest::Approx(0.25));
    CHECK(dollars(*use.unused_now) == doctest::Approx(75));
    CHECK(dollars(*use.unused_until_end) == doctest::Approx(75.0 * static_cast<double>(use.days_left) * 24 / 730));
}

TEST_CASE("commitments: a savings plan pays its rate, after reserved instances, until it is used up") {
    constexpr std::string_view keep_m7g = "[policy]\nallow = [\"db.m7g.large\"]\nmin_savings_per_month = 100000\n";
    const std::string db = server("db", "db.m7g.large");
    const double list = dollars(planned(db, keep_m7g).plan.databases[0].now.list);
    const auto plan_of = [&](std::string_view hour) {
        return "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = " + std::string(hour) +
               "\n[[commitment.rate]]\nclass = \"db.m7g.large\"\nusd_per_hour = 0.1\n";
    };
    const Planned enough = planned(db + plan_of("0.2"), keep_m7g);
    CHECK(dollars(enough.plan.committed->now[0].cost) == doctest::Approx(0));
    CHECK(enough.plan.committed->uses[0].used_now == doctest::Approx(0.5));
    const Planned half = planned(db + plan_of("0.05"), keep_m7g);
    CHECK(dollars(half.plan.committed->now[0].cost) == doctest::Approx(list / 2));
    CHECK(half.plan.committed->uses[0].used_now == doctest::Approx(1));
    const Planned after = planned(db + reserved("family = \"m7g\"\nunits = 2") + plan_of("0.2"), keep_m7g);
    CHECK(dollars(after.plan.committed->now[0].by_units.value) == doctest::Approx(list / 2));
    CHECK(after.plan.committed->uses[1].used_now == doctest::Approx(0.25));
}

TEST_CASE("commitments: a rate that is not known is asked for") {
    const std::string plan = "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 1\n";
    const Planned made = planned(server("db", "db.m7g.xlarge", idle) + plan);
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(advice.verdict == Verdict::unknown);
    REQUIRE(advice.missing.size() == 1);
    CHECK(advice.missing[0].kind == MissingInput::Kind::plan_rate);
    CHECK_FALSE(made.plan.committed->now[0].cost);
    CHECK_FALSE(made.plan.committed->total_now);
    // Nor can it be called unused.
    CHECK(made.plan.committed->uses[0].unknown_now);
    CHECK_FALSE(made.plan.committed->uses[0].unused_now);
    CHECK_FALSE(made.plan.committed->uses[0].unused_until_end);
    // It covers no fifth generation.
    const Planned old = planned(server("db", "db.m5.xlarge", idle) + plan);
    CHECK_FALSE(old.plan.committed->uses[0].unknown_now);
    CHECK(dollars(*old.plan.committed->uses[0].unused_now) == doctest::Approx(730));
    CHECK(old.plan.databases[0].recommendation.verdict == Verdict::resize);
}

TEST_CASE("commitments: a rate of another class that is not known counts as list price") {
    // $0.10 of the plan cover 20 % of an hour at its rate of $0.50: 80 % of $0.674 are left, $393.62 a month.
    const Planned made = test::plan_text(
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[policy]\nallow_arm = true\nallow = [\"db.m7g.xlarge\"]\n" +
        std::string("[[database]]\nname = \"b\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = "
                    "\"db.m7g.2xlarge\"\nenvironment = \"test\"\n[database.observed]\nwindow = \"14 d\"\nconnections = "
                    "\"3-9\"\ncpu_mean = \"10%\"\ncpu_peak = \"20%\"\nfreeable_memory = \"24 GiB\"\n") +
        "[[commitment]]\nname = \"sp\"\nkind = \"savings-plan\"\nusd_per_hour = 0.1\nends = \"2027-06-30\"\n"
        "[[commitment.rate]]\nclass = \"db.m7g.2xlarge\"\nengine = \"postgresql\"\nusd_per_hour = 0.5\n"
        "[[price]]\nclass = \"db.m7g.2xlarge\"\nengine = \"postgresql\"\nusd_per_hour = 0.674\n"
        "[[price]]\nclass = \"db.m7g.xlarge\"\nengine = \"postgresql\"\nusd_per_hour = 0.337\n");
    const Recommendation& advice = made.plan.databases[0].recommendation;
    CHECK(advice.verdict == Verdict::resize);
    REQUIRE(made.plan.committed->saves[0]);
    CHECK(dollars(made.plan.committed->saves[0]->value) == doctest::Approx((0.8 * 0.674 - 0.337) * 730));
    REQUIRE(advice.stop);
    CHECK(dollars(advice.stop->saves.value) == doctest::Approx(0.337 * 730 * 108 / 168));
    CHECK(!advice.stop_held);
}

TEST_CASE("commitments: a rate of a catalog file is paid, and the inventory's goes before it") {
    Catalog known;
    Sources sources;
    Diagnostics diagnostics;
    REQUIRE(load::overlay(sources.add("own.json", R"({"schema": "poolfit-catalog/1", "savings_plan_rate": [
        {"engine": "postgresql", "region": "us-east-1", "as_of": "2026-11-30", "source": "x", "term": "1yr-no-upfront",
         "usd_per_hour": {"db.m7g.large": {"rate": 0.1}, "db.m7g.xlarge": {"multi_az_rate": 0.4}}}]})"),
                          known, diagnostics));
    const std::string head =
        "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n"
        "[policy]\nallow = [\"db.m7g.large\"]\nmin_savings_per_month = 100000\n";
    const std::string plan = "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 0.2\n";
    const Planned made = test::plan_with(known, head + server("db", "db.m7g.large") + plan);
    CHECK(dollars(made.plan.committed->now[0].cost) == doctest::Approx(0));
    CHECK(made.plan.committed->uses[0].used_now == doctest::Approx(0.5));
    const Node& rate = made.node("database.db.commitments.plan_rate");
    CHECK(diag::print(rate.origin.place).starts_with("own.json:3:"));
    CHECK(rate.origin.as_of == "2026-11-30");
    const std::string own = "[[commitment.rate]]\nclass = \"db.m7g.large\"\nusd_per_hour = 0.05\n";
    const Planned mine = test::plan_with(known, head + server("db", "db.m7g.large") + plan + own);
    CHECK(mine.plan.committed->uses[0].used_now == doctest::Approx(0.25));
    // Of the other deployment it is not known.
    const Planned both = test::plan_with(known, head + server("db", "db.m7g.large", "multi_az = true\n") + plan);
    CHECK_FALSE(both.plan.committed->now[0].cost);
}

TEST_CASE("commitments: what a term no longer covers is in the period after it") {
    const Planned made = planned(server("db", "db.m5.xlarge") + reserved("family = \"m5\"\nunits = 8"), stay);
    const auto& periods = made.plan.committed->periods;
    REQUIRE(periods.size() == 2);
    CHECK(dollars(*periods[0].now) == doctest::Approx(0));
    CHECK(periods[1].from == Date{2027, 7, 1});
    CHECK(dollars(*periods[1].now) == doctest::Approx(m5_xlarge));
    CHECK(t3_large < m5_large);
}

TEST_CASE("commitments: a database that is deleted leaves its units to the others") {
    // 16 units: today 16 + 4 of them are used, so both pay a fifth; then 4 are, and `live` pays nothing.
    const std::string old = server("old", "db.m5.xlarge",
                                   "multi_az = true\n[database.observed]\ncpu_mean = \"1%\"\ncpu_peak = \"3%\"\n"
                                   "freeable_memory = \"12 GiB\"\nconnections = 0\nwindow = \"30 d\"\n");
    const std::string live = server("live", "db.m5.large",
                                    "[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"30%\"\n"
                                    "freeable_memory = \"2 GiB\"\nconnections = \"5-20\"\nwindow = \"30 d\"\n");
    const Planned made = planned(old + live + reserved("class = \"db.m5.xlarge\"\ncount = 1\nmulti_az = true"));
    const Committed& committed = *made.plan.committed;
    REQUIRE(made.plan.databases[0].recommendation.verdict == Verdict::idle);
    CHECK(made.plan.databases[1].recommendation.verdict == Verdict::keep);  // by list price, db.t3.large
    CHECK(dollars(committed.total_now) == doctest::Approx((2 * m5_xlarge + m5_large) / 5));
    CHECK(dollars(committed.total_after) == doctest::Approx(0));
    CHECK(dollars(committed.after[0].cost) == 0);
    CHECK(dollars(committed.after[1].cost) == doctest::Approx(0));
    // With `old` kept, both would pay their fifth.
    CHECK(dollars(committed.saves[0]) == doctest::Approx((2 * m5_xlarge + m5_large) / 5));
    CHECK(committed.uses[0].used_after == doctest::Approx(0.25));
    REQUIRE(committed.periods.size() == 2);
    CHECK(dollars(*committed.periods[1].after) == doctest::Approx(m5_large));
}

TEST_CASE("commitments: with a move to serverless what is left to pay is a range, with its derivation") {
    const std::string load =
        "[database.observed]\ncpu_mean = \"1%\"\ncpu_p95 = \"4%\"\ncpu_peak = \"6%\"\nconnections = \"1-4\"\n"
        "freeable_memory = \"30 GiB\"\nwindow = \"30 d\"\n";
    const std::string busy =
        "[database.observed]\ncpu_mean = \"20%\"\ncpu_p95 = \"30%\"\ncpu_peak = \"40%\"\nfreeable_memory = \"8 GiB\"\n"
        "window = \"14 d\"\n";
    const Planned made =
        planned(server("orders", "db.m5.xlarge", busy) +
                    "[[database]]\nname = \"reports\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = "
                    "\"db.r6g.xlarge\"\n" +
                    load + reserved("class = \"db.m5.xlarge\"\ncount = 1") +
                    "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-10-31\"\nusd_per_hour = 0.01\n"
                    "[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.084\n",
                "[policy]\nallow = [\"db.m5.*\", \"db.r6g.*\"]\n");
    REQUIRE(made.plan.databases[1].recommendation.verdict == Verdict::serverless);
    const Committed& committed = *made.plan.committed;
    // 0.5 to 1 ACU at $0.12 an hour, and $0.01 an hour at 0.084 instead of 0.12 covers 7.30 / 0.7 of it; m5 is covered.
    constexpr double covered = 7.30 * 0.12 / 0.084, from = 43.80 - covered, to = 87.60 - covered;
    REQUIRE(committed.after[1].range);
    CHECK(dollars(committed.after[1].range->value.low) == doctest::Approx(from));
    REQUIRE(committed.total_after);
    CHECK(dollars(committed.total_after->value.low) == doctest::Approx(from));
    CHECK(dollars(committed.total_after->value.high) == doctest::Approx(to));
    CHECK(dollars(committed.total_saves->value.low) == doctest::Approx(378.87 - to));
    CHECK(dollars(committed.total_saves->value.high) == doctest::Approx(378.87 - from));
    CHECK(made.figures->inputs(committed.total_after->id).size() == 2);
    // When the instances' term has ended: both at list price, less the plan's share.
    CHECK(dollars(committed.periods[1].after->high) == doctest::Approx(259.88 + to));
}

TEST_CASE("commitments: a savings plan of a database that is deleted is not used") {
    const Planned made = planned(server("g", "db.m7g.large",
                                        "[database.observed]\ncpu_mean = \"5%\"\ncpu_peak = \"10%\"\n"
                                        "freeable_memory = \"6 GiB\"\nconnections = 0\nwindow = \"30 d\"\n") +
                                 "[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-10-31\"\n"
                                 "usd_per_hour = 0.14\n[[commitment.rate]]\nclass = \"db.m7g.large\"\n"
                                 "usd_per_hour = 0.14\n");
    REQUIRE(made.plan.databases[0].recommendation.verdict == Verdict::idle);
    CHECK(made.plan.committed->uses[0].used_now == doctest::Approx(1));
    CHECK(made.plan.committed->uses[0].used_after == 0);
    CHECK(dollars(made.plan.committed->total_after) == 0);
    CHECK(dollars(*made.plan.committed->periods[1].after) == 0);
}

TEST_CASE("commitments: an instance of I/O-Optimized storage takes 1.3 times the units") {
    const auto instance = [](std::string_view more) {
        return "[[database]]\nclass = \"db.r6g.2xlarge\"\n" + std::string(more);
    };
    const Planned made =
        planned(instance("name = \"c\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\n"
                         "[database.storage]\ntype = \"io-optimized\"\nsize = \"500 GiB\"\n") +
                instance("name = \"r\"\nreplica_of = \"c\"\n") +
                "[[commitment]]\nkind = \"reserved\"\nengine = \"aurora-postgresql\"\nclass = \"db.r6g.2xlarge\"\n"
                "count = 2\nends = \"2027-06-30\"\n");
    for (const Paid& paid : made.plan.committed->now) {
        CHECK(paid.units == doctest::Approx(1.3 * 16));
        CHECK(paid.covered->value.value == doctest::Approx(32 / 41.6));
    }
    CHECK(made.plan.committed->pools[0].used_now.value == doctest::Approx(41.6));
    // Two of $985.06, less 76.9 %.
    CHECK(dollars(made.plan.committed->total_now) == doctest::Approx(454.64).epsilon(1e-4));
}

TEST_CASE("commitments: a share that is not known has no figure, and a sum until a day is in dollars") {
    const std::string plan =
        "[[commitment]]\nname = \"sp\"\nkind = \"savings-plan\"\nusd_per_hour = 1\n"
        "ends = \"2027-06-30\"\n";
    const std::string head = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";
    const auto figure = [](const Planned& made, Name name, Phase phase) {
        return made.figures->find({{Subject::Kind::commitment, 0}, name, phase});
    };
    const Planned unknown = test::plan_text(head + server("db", "db.m7g.large") + plan);
    CHECK(unknown.plan.committed->uses[0].unknown_now);
    for (const Phase phase : {Phase::now, Phase::after})
        for (const Name name : {Name::commitment_used, Name::commitment_unused, Name::commitment_unused_to_end})
            CHECK_FALSE(figure(unknown, name, phase));
    const Planned known = test::plan_text(head + server("db", "db.m7g.large") + plan +
                                          "[[commitment.rate]]\nclass = \"db.m7g.large\"\nusd_per_hour = 0.1\n");
    const auto sum = figure(known, Name::commitment_unused_to_end, Phase::after);
    REQUIRE(sum);
    CHECK(assess::unit_name((*known.figures)[*sum].measure) == "usd");
    CHECK(figure(known, Name::commitment_used, Phase::now));
}

TEST_CASE("commitments: a period in which nothing is counted has no sum") {
    const Planned made = planned(
        "[[database]]\nname = \"s\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\nclass = \"db.serverless\"\n"
        "acu_min = 1\nacu_max = 8\n[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-10-31\"\n"
        "usd_per_hour = 0.05\n[[commitment.rate]]\nclass = \"db.serverless\"\nusd_per_hour = 0.084\n");
    for (const CommittedPeriod& period : made.plan.committed->periods) {
        CHECK_FALSE(period.now);
        CHECK_FALSE(period.after);
    }
}

TEST_CASE("commitments: a schedule saves only what they do not cover, and says from when it pays") {
    // Development, 60 of 168 hours: by list price it saves 108/168.
    const std::string load =
        "environment = \"development\"\n[database.observed]\ncpu_mean = \"10%\"\ncpu_peak = \"40%\"\n"
        "freeable_memory = \"4 GiB\"\nconnections = \"5-20\"\nwindow = \"30 d\"\n";
    const std::string dev = server("dev", "db.m5.xlarge", load);
    constexpr std::string_view only = "[policy]\nallow = [\"db.m5.xlarge\"]\n";
    const double by_list = m5_xlarge * 108 / 168;
    CHECK(dollars(planned(dev, only).plan.databases[0].recommendation.stop->saves.value) == doctest::Approx(by_list));
    const Planned all = planned(dev + reserved("family = \"m5\"\nunits = 8"), only);
    const Recommendation& held = all.plan.databases[0].recommendation;
    CHECK(held.verdict == Verdict::keep);
    CHECK_FALSE(held.stop);
    REQUIRE(held.stop_held);
    CHECK(held.stop_held->saves.value.value == 0);
    CHECK(held.stop_held->pays_from == Date{2027, 7, 1});
    CHECK(plan::name(held.no_stop) == "committed");
    CHECK_FALSE(all.plan.totals.stops_save);
    // Half of its units: half is saved.
    const Planned half = planned(dev + reserved("family = \"m5\"\nunits = 4"), only);
    REQUIRE(half.plan.databases[0].recommendation.stop);
    CHECK(dollars(half.plan.databases[0].recommendation.stop->saves.value) == doctest::Approx(by_list / 2));
    CHECK(dollars(half.plan.totals.stops_save) == doctest::Approx(by_list / 2));
    // A cluster stops as one: two of db.r6g.large at $0.26, of which 4 of 8 units are covered.
    const auto member = [&](std::string_view keys) {
        return fmt::format("[[database]]\n{}class = \"db.r6g.large\"\n{}", keys, load);
    };
    const Planned cluster =
        planned(member("name = \"main\"\nengine = \"aurora-postgresql\"\nversion = \"16.8\"\n") +
                    member("name = \"ro\"\nreplica_of = \"main\"\n") +
                    "[[commitment]]\nkind = \"reserved\"\nengine = \"aurora-postgresql\"\nfamily = \"r6g\"\nunits = 4\n"
                    "ends = \"2027-06-30\"\n",
                "[policy]\nallow = [\"db.r6g.large\"]\n");
    REQUIRE(cluster.plan.databases[0].recommendation.stop);
    CHECK(dollars(cluster.plan.databases[0].recommendation.stop->saves.value) ==
          doctest::Approx(0.26 * 730 * 108 / 168));
    CHECK_FALSE(cluster.plan.databases[1].recommendation.stop);
    CHECK(dollars(cluster.plan.totals.stops_save) == doctest::Approx(0.26 * 730 * 108 / 168));
    // What a stopped database leaves covers the other one.
    const Planned other = planned(
        dev + server("prod", "db.m5.xlarge", load.substr(load.find('['))) + reserved("family = \"m5\"\nunits = 8"),
        only);
    REQUIRE(other.plan.databases[0].recommendation.stop);
    CHECK(dollars(other.plan.databases[0].recommendation.stop->saves.value) == doctest::Approx(by_list));
}
