// What holds with any commitments beside any fleet.
#include <algorithm>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(200);

int draw(Generator& generator, int low, int high) { return std::uniform_int_distribution<int>(low, high)(generator); }

std::string commitments(Generator& generator) {
    std::string text;
    constexpr const char* families[] = {"m5", "t3", "r5", "m6i", "m7g", "r7g"};
    constexpr const char* engines[] = {"postgresql", "mysql", "mariadb"};
    for (int k = draw(generator, 1, 4); k > 0; --k)
        text += fmt::format(
            "[[commitment]]\nkind = \"reserved\"\nengine = \"{}\"\nfamily = \"{}\"\nunits = {}\nends = "
            "\"{}-0{}-15\"\nregion = \"us-east-1\"\nusd_per_month = {}\n",
            engines[draw(generator, 0, 5) % 3 / 2], families[draw(generator, 0, 5)], draw(generator, 1, 40),
            draw(generator, 2026, 2028), draw(generator, 1, 9), draw(generator, 1, 500));
    if (draw(generator, 0, 1) == 0) return text;
    text += fmt::format("[[commitment]]\nkind = \"savings-plan\"\nends = \"2027-06-30\"\nusd_per_hour = 0.{}\n",
                        draw(generator, 10, 99));
    for (const char* cls : {"db.m7g.large", "db.m7g.xlarge", "db.r7g.large", "db.m7i.large"})
        if (draw(generator, 0, 2) > 0)
            text += fmt::format("[[commitment.rate]]\nclass = \"{}\"\nregion = \"us-east-1\"\nusd_per_hour = 0.{}\n",
                                cls, draw(generator, 50, 130) + 100);
    return text;
}

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }

void check(const Planned& made, const Planned& listed) {
    const Committed& committed = *made.plan.committed;
    constexpr double slack = 1e-6;
    for (const UnitPool& pool : committed.pools) {
        double covered = 0;
        for (const Paid& paid : committed.now)
            if (paid.pool && &committed.pools[*paid.pool] == &pool) covered += paid.units * paid.covered->value.value;
        CHECK(covered <= pool.owned.value + slack);
        CHECK(covered >= std::min(pool.owned.value, pool.used_now.value) - slack);
    }
    for (const CommitmentUse& use : committed.uses) {
        CHECK(use.used_now >= 0);
        CHECK(use.used_now <= 1 + slack);
        CHECK(use.used_after >= 0);
        CHECK(use.used_after <= 1 + slack);
    }
    for (Index i = 0; i < made.fleet.databases.size(); ++i) {
        const DatabasePlan& own = made.plan.databases[i];
        const Paid &now = committed.now[i], &after = committed.after[i];
        CHECK(now.by_units.value.value >= 0);
        CHECK(now.by_plan.value.value >= 0);
        if (now.cost) CHECK(dollars(now.cost->value) <= dollars(own.now.cost->value) + slack);
        if (after.cost) CHECK(dollars(after.cost->value) <= dollars(own.chosen.cost->value) + slack);
        if (now.cost && now.pool) CHECK(now.cost->value.value >= -1);
        // A change for money alone saves money.
        if (own.recommendation.verdict == Verdict::resize && committed.saves[i] &&
            own.recommendation.summary.kind != Summary::Kind::class_fails &&
            own.recommendation.summary.kind != Summary::Kind::pools_fail)
            CHECK(committed.saves[i]->value.value > 0);
        // What no commitment is about is as without any.
        if (committed.pools.empty() && committed.lacking.empty() && now.by_plan.value.value == 0 &&
            after.by_plan.value.value == 0 && committed.saves[i])
            CHECK(own.recommendation.saves->value == committed.saves[i]->value);
    }
    if (committed.total_now) {
        CHECK(committed.total_now->value.high.value <= made.plan.totals.now->value.value + 1000);
        CHECK(made.plan.totals.now->value == listed.plan.totals.now->value);
        REQUIRE(!committed.periods.empty());
        CHECK(committed.periods.front().now == committed.total_now->value);
        // Unknown where a rate is not set that the plan needs.
        CHECK(committed.periods.front().after.has_value() == committed.total_after.has_value());
        if (committed.total_after) CHECK(*committed.periods.front().after == committed.total_after->value);
    }
    CHECK(made.figures->conflicts().empty());
    for (std::size_t k = 0; k < made.figures->all().size(); ++k) {
        const Node& node = made.figures->all()[k];
        if (node.kind != Node::Kind::computed) continue;
        std::vector<Interval<double>> values;
        for (const FigureId input : made.figures->inputs(FigureId{static_cast<std::uint32_t>(k)}))
            values.push_back((*made.figures)[input].value);
        const Interval<double> got = assess::evaluate(node.op, values);
        CHECK(got.high == doctest::Approx(node.value.high).epsilon(1e-6).scale(1e6));
    }
}

/// A run that records judges every database for the last steers; one that does not keeps what no steer changed.
void check_kept(const Planned& made) {
    plan::Request request;
    for (Index i = 0; i < made.fleet.databases.size(); ++i) request.counted.push_back(i);
    request.depth = plan::Depth::all;
    const Plan plain = plan::make(made.fleet, test::catalog(), request);
    for (Index i = 0; i < made.fleet.databases.size(); ++i) {
        const Recommendation &one = plain.databases[i].recommendation, &other = made.plan.databases[i].recommendation;
        CAPTURE(i);
        CHECK(one.verdict == other.verdict);
        CHECK(one.cls == other.cls);
        CHECK(one.risk == other.risk);
        CHECK(one.risk_reasons.size() == other.risk_reasons.size());
        CHECK(one.saves.has_value() == other.saves.has_value());
        if (one.saves && other.saves) CHECK(one.saves->value == other.saves->value);
        CHECK(plain.databases[i].candidates.size() == made.plan.databases[i].candidates.size());
        const auto &pays = plain.committed->after[i].cost, &paid = made.plan.committed->after[i].cost;
        CHECK(pays.has_value() == paid.has_value());
        if (pays && paid) CHECK(pays->value == paid->value);
    }
    for (Index i = 0; i < made.fleet.pools.size(); ++i) {
        const PoolSize one = plain.pools[i].recommended(), other = made.plan.pools[i].recommended();
        CHECK(one.has_value() == other.has_value());
        if (one && other) CHECK(one->value == other->value);
    }
}

}  // namespace

TEST_CASE("commitments: no more is covered than is owned, and no change for money costs money") {
    int with_units = 0, kept = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 77);
        const std::string fleet = toml(rich_fleet(generator));
        const std::string text = fleet + commitments(generator);
        INFO("seed " << seed << "\n" << text);
        const Planned made = plan_text(text);
        check(made, plan_text(fleet));
        check_kept(made);
        with_units += made.plan.committed->pools.empty() ? 0 : 1;
        for (const DatabasePlan& own : made.plan.databases)
            kept += own.recommendation.summary.kept == Summary::Kept::committed ? 1 : 0;
    }
    CHECK(with_units > cases / 4);
    CHECK(kept > 0);
}
