// What commitments ask of a database: which plans of the pass before stand, and which classes are judged.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../../../src/plan/cover.hpp"
#include "../../../src/plan/judge.hpp"
#include "../../../src/plan/rounds.hpp"
#include "../../support/bill_fleet.hpp"
#include "../../support/fleet.hpp"
#include "../../support/sanitized.hpp"
#include "inventory.hpp"

using namespace poolfit;
using test::one_database;
using test::plan_text;
using test::Planned;

namespace {

std::string server(std::string_view name, std::string_view cls, std::string_view more = "") {
    return fmt::format(
        "[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}"
        "[database.observed]\ncpu_mean = \"4%\"\ncpu_peak = \"12%\"\nfreeable_memory = \"5 GiB\"\nwindow = \"30 d\"\n",
        name, cls, more);
}

/// A primary with a replica, and two servers of their own; no plan of a strategy.
Planned four() {
    Planned planned =
        plan_text("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n" + server("main", "db.m5.large") +
                  server("reader", "db.m5.large", "replica_of = \"main\"\n") + server("orders", "db.m5.large") +
                  server("audit", "db.m5.large"));
    for (DatabasePlan& database : planned.plan.databases) {
        database.by_strategy = {};
        database.recommendation.summary.kind = Summary::Kind::kept;
    }
    return planned;
}

using Marks = std::vector<char>;
Marks same(const Planned& planned, const plan::Steers& steers) {
    return plan::same_steers(planned.fleet, planned.plan, std::make_shared<const plan::Steers>(steers));
}

const Candidate* found(const Candidates& all, const InstanceClass* cls) {
    const auto at = std::ranges::find(all, cls, &Candidate::cls);
    return at == all.end() ? nullptr : &*at;
}

/// Small enough for cheaper classes, and not for the cheapest.
Planned one() {
    return plan_text(one_database("db.m5.2xlarge",
                                  "[database.observed]\ncpu_peak = \"12%\"\ncpu_mean = \"9%\"\n"
                                  "freeable_memory = \"20 GiB\"\nwindow = \"30 d\"",
                                  test::one_pool("a", "max = 10")));
}

}  // namespace

TEST_CASE("steers: without any, and with any that ask nothing, all stands") {
    const Planned planned = four();
    CHECK(plan::same_steers(planned.fleet, planned.plan, nullptr) == Marks{1, 1, 1, 1});
    CHECK(same(planned, plan::Steers(4)) == Marks{1, 1, 1, 1});
}

TEST_CASE("steers: another class for one server leaves the others as they are") {
    const Planned planned = four();
    plan::Steers steers(4);
    steers[2].cls = planned.fleet.databases[2].type;
    CHECK(same(planned, steers) == Marks{1, 1, 0, 1});
}

TEST_CASE("steers: a primary and its replicas stand or fall together") {
    const Planned planned = four();
    plan::Steers of_replica(4), of_primary(4);
    of_replica[1].runs = true;
    CHECK(same(planned, of_replica) == Marks{0, 0, 1, 1});
    of_primary[0].keeps_class = true;
    CHECK(same(planned, of_primary) == Marks{0, 0, 1, 1});
}

TEST_CASE("steers: what the plan was made for is compared, each part of it") {
    Planned planned = four();
    plan::Steers steers(4);
    steers[3].cls = planned.fleet.databases[3].type;
    planned.plan.steers = std::make_shared<const plan::Steers>(steers);
    CHECK(same(planned, steers) == Marks{1, 1, 1, 1});
    CHECK(same(planned, plan::Steers(4)) == Marks{1, 1, 1, 0});
    CHECK(plan::same_steers(planned.fleet, planned.plan, nullptr) == Marks{1, 1, 1, 0});
    steers[3].ask_rate = true;
    CHECK(same(planned, steers) == Marks{1, 1, 1, 0});
}

TEST_CASE("steers: a plan by a strategy, or with smaller poolers, does not stand") {
    Planned planned = four();
    planned.plan.databases[1].by_strategy = "conservative";
    planned.plan.databases[3].recommendation.summary.kind = Summary::Kind::smaller_pooler;
    CHECK(same(planned, plan::Steers(4)) == Marks{0, 0, 1, 0});
}

TEST_CASE("steers: a round keeps servers on the same classes that are asked the same") {
    const Planned planned = four();
    plan::Classes before;
    for (const Database& database : planned.fleet.databases) before.push_back(database.type);
    plan::Classes now = before;
    now[1] = test::catalog().find_class(*planned.fleet.databases[1].platform, "db.m5.xlarge");
    REQUIRE(now[1] != nullptr);
    CHECK(plan::kept_servers(planned.fleet, planned.plan, {before, before}, {before, before}, nullptr) ==
          Marks{1, 1, 1, 1});
    CHECK(plan::kept_servers(planned.fleet, planned.plan, {before, before}, {now, before}, nullptr) ==
          Marks{0, 0, 1, 1});
    CHECK(plan::kept_servers(planned.fleet, planned.plan, {before, before}, {before, now}, nullptr) ==
          Marks{0, 0, 1, 1});
    plan::Steers steers(4);
    steers[2].runs = true;
    CHECK(plan::kept_servers(planned.fleet, planned.plan, {before, before}, {before, before},
                             std::make_shared<const plan::Steers>(steers)) == Marks{1, 1, 0, 1});
}

TEST_CASE("judge: the class that commitments ask for is judged, as are all that are cheaper") {
    const Planned planned = one();
    const Candidates all = plan::candidates(plan::question(planned.fleet, planned.plan, 0, plan::Depth::all));
    plan::ClassQuestion asked = plan::question(planned.fleet, planned.plan, 0, plan::Depth::decide);
    const Candidates alone = plan::candidates(asked);
    REQUIRE(alone.size() < all.size());
    std::size_t further = 0;
    for (const Candidate& wanted : all) {
        if (!wanted.ranked_by || !wanted.paid) continue;
        CAPTURE(wanted.cls->name);
        asked.wanted = wanted.cls;
        const Candidates some = plan::candidates(asked);
        CHECK(some.size() >= alone.size());
        const Candidate* const judged = found(some, wanted.cls);
        REQUIRE(judged != nullptr);
        CHECK(judged->fits == wanted.fits);
        CHECK(judged->ranked_by == wanted.ranked_by);
        further += found(alone, wanted.cls) == nullptr;
        for (const Candidate& each : all) {
            const bool cheaper = each.paid && *each.paid < *wanted.paid;
            if (cheaper || found(alone, each.cls) != nullptr) CHECK(found(some, each.cls) != nullptr);
        }
    }
    CHECK(further > 10);
}

TEST_CASE("judge: beside what decides, all classes that commitments touch, and no other") {
    const Planned planned = plan_text(one_database("db.m5.2xlarge",
                                                   "[database.observed]\ncpu_peak = \"12%\"\ncpu_mean = \"9%\"\n"
                                                   "freeable_memory = \"20 GiB\"\nwindow = \"30 d\"",
                                                   "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\n"
                                                   "family = \"r5\"\nunits = 8\nends = \"2028-06-30\"\n"));
    const plan::Terms terms(planned.fleet, planned.plan, planned.plan.market->today());
    plan::ClassQuestion asked = plan::question(planned.fleet, planned.plan, 0, plan::Depth::all);
    const Candidates all = plan::candidates(asked);
    asked.depth = plan::Depth::cheaper;
    const Candidates cheaper = plan::candidates(asked);
    asked.touching = &terms;
    const Candidates some = plan::candidates(asked);
    std::size_t touched = 0;
    for (const Candidate& each : all) {
        CAPTURE(each.cls->name);
        CHECK(terms.touches(0, *each.cls) == (each.cls->family == "r5"));
        CHECK(terms.touches(0, *each.cls) == terms.item(0, *each.cls, 0).touched());
        const bool decides = found(cheaper, each.cls) != nullptr;
        const Candidate* const judged = found(some, each.cls);
        CHECK((judged != nullptr) == (decides || each.cls->family == "r5"));
        if (judged == nullptr) continue;
        CHECK(judged->fits == each.fits);
        CHECK(judged->ranked_by == each.ranked_by);
        touched += !decides;
    }
    CHECK(touched >= 4);
}

TEST_CASE("steers: of a large fleet, classes that no commitment touches change no answer") {
    // Each fleet of the generator is small: many of them beside each other, each in names of its own.
    for (std::uint64_t seed = 0; seed < test::sampled(6); ++seed) {
        test::Generator generator(seed * 7919 + 3);
        const auto draw = [&](int most) { return std::uniform_int_distribution<int>(0, most)(generator); };
        constexpr const char* classes[] = {"db.m5.large",  "db.m5.2xlarge", "db.r5.xlarge", "db.t3.large",
                                           "db.m6g.large", "db.r6g.xlarge", "db.m5.xlarge", "db.t4g.large"};
        constexpr const char* families[] = {"m5", "r5", "m6g", "r6g", "t3", "t4g", "r7g", "m7i"};
        std::string text = "schema = \"poolfit-inventory/1\"\nname = \"t\"\nregion = \"us-east-1\"\n";
        constexpr int count = 130;
        for (int i = 0; i < count; ++i) {
            const int peak = 2 + draw(80);
            text += fmt::format(
                "[[database]]\nname = \"db-{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n{}{}"
                "[database.observed]\ncpu_mean = \"{}%\"\ncpu_peak = \"{}%\"\nfreeable_memory = \"{} GiB\"\n"
                "window = \"30 d\"\n",
                i, classes[draw(7)], draw(4) == 0 ? "multi_az = true\n" : "",
                i > 0 && draw(5) == 0 && i % 10 != 0 ? fmt::format("replica_of = \"db-{}\"\n", i - i % 10) : "",
                1 + peak / 3, peak, 1 + draw(3));
        }
        const int commitments = 1 + draw(8);
        for (int i = 0; i < commitments; ++i)
            text += fmt::format(
                "[[commitment]]\nkind = \"reserved\"\nengine = \"postgresql\"\nfamily = \"{}\"\nunits = {}\n"
                "ends = \"202{}-06-30\"\n",
                families[draw(7)], 4 * (1 + draw(60)), 7 + draw(2));
        if (draw(2) == 0)
            text += "[[commitment]]\nkind = \"savings-plan\"\nusd_per_hour = 1.5\nends = \"2028-03-31\"\n";
        INFO("seed " << seed);
        const Planned loaded = plan_text(text);  // few are counted: every class is judged
        std::vector<Index> counted;
        for (Index i = 0; i < count; ++i) counted.push_back(i);
        const Plan some = plan::make(loaded.fleet, test::catalog(), {PriceTerm::list, counted});
        const Plan all = plan::make(loaded.fleet, test::catalog(), {PriceTerm::list, counted, plan::Depth::all});
        std::size_t fewer = 0;
        for (Index i = 0; i < count; ++i) {
            CAPTURE(i);
            const DatabasePlan &one = some.databases[i], &other = all.databases[i];
            CHECK(one.recommendation.cls == other.recommendation.cls);
            CHECK(one.recommendation.verdict == other.recommendation.verdict);
            CHECK(one.recommendation.ranked_by == other.recommendation.ranked_by);
            CHECK(one.recommendation.risk == other.recommendation.risk);
            CHECK(one.recommendation.summary.kind == other.recommendation.summary.kind);
            CHECK(one.recommendation.summary.cls == other.recommendation.summary.cls);
            CHECK(one.candidates.size() <= other.candidates.size());
            fewer += one.candidates.size() < other.candidates.size();
        }
        CHECK(some.committed->total_after->value == all.committed->total_after->value);
        CHECK(fewer > 0);
    }
}
