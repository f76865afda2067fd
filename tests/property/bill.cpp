// The whole bill of fleets with volumes, environments, clusters, serverless capacity, idle databases and commitments.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "../support/bill_fleet.hpp"
#include "../support/fleet.hpp"
#include "../support/random_fleet.hpp"
#include "../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr int cases = sampled(150);
constexpr double slack = 1e-4;  // dollars: sums of rounded parts

double dollars(MicroUsdPerMonth amount) { return static_cast<double>(amount.value) / 1e6; }
template <class Amount>
double low(const std::optional<Figure<Amount>>& amount) {
    if (!amount) return 0;
    if constexpr (requires { amount->value.low; })
        return dollars(amount->value.low);
    else
        return dollars(amount->value);
}

/// The bill of today and of the plan, from the parts that each database and pooler has.
void add_up(const Planned& made) {
    const Plan& plan = made.plan;
    const Totals& totals = plan.totals;
    double now = 0, after = 0;
    for (Index i = 0; i < plan.databases.size(); ++i) {
        const DatabasePlan& own = plan.databases[i];
        const bool deleted = own.recommendation.verdict == Verdict::idle;
        if (made.fleet.databases[i].platform->has_classes && own.recommendation.saves) {
            now += dollars(own.now.cost->value);
            // What is deleted leaves the bill.
            after += deleted ? 0 : dollars(own.chosen.cost->value);
        }
        if (own.capacity && !own.capacity->instead && own.capacity->cost) {
            now += low(own.capacity->cost);
            after += deleted ? 0 : low(own.capacity->cost);
        }
        if (own.storage) {
            now += low(own.storage->cost.cost);
            CHECK(own.storage->kept == !deleted);
            after += deleted ? 0 : low(own.storage->cost.cost);
        }
    }
    if (!totals.bill_now) return;
    CHECK(low(totals.bill_now) == doctest::Approx(now).epsilon(1e-9).scale(slack / 1e-9));
    REQUIRE(totals.bill_after);
    CHECK(low(totals.bill_after) == doctest::Approx(after).epsilon(1e-9).scale(slack / 1e-9));
    CHECK(std::abs(low(totals.bill_saves) - (now - after)) < slack);
    // What each saves by itself adds up to that: of a deleted one with all that goes with it.
    double saves = 0;
    for (Index i = 0; i < plan.databases.size(); ++i) {
        const Recommendation& advice = plan.databases[i].recommendation;
        if (advice.idle && advice.idle->saves)
            saves += low(advice.idle->saves);
        else if (made.fleet.databases[i].platform->has_classes && advice.saves)
            saves += dollars(advice.saves->value);
    }
    CHECK(std::abs(low(totals.bill_saves) - saves) < slack);
}

/// No advice costs money that is given for money.
void check_advice(const Planned& made) {
    double stops = 0;
    for (Index i = 0; i < made.plan.databases.size(); ++i) {
        const DatabasePlan& own = made.plan.databases[i];
        const Recommendation& advice = own.recommendation;
        if (advice.verdict == Verdict::resize && !made.plan.committed) CHECK(advice.saves->value.value > 0);
        if (advice.idle && advice.saves) CHECK(advice.saves->value.value >= 0);
        if (advice.idle && advice.idle->saves)
            CHECK(advice.idle->saves->value.low >= (advice.saves ? advice.saves->value : MicroUsdPerMonth(0)));
        if (advice.serverless) CHECK(advice.serverless->saves.value.low.value > 0);
        if (advice.stop) {
            CHECK(advice.stop->saves.value.value > 0);
            CHECK(advice.verdict != Verdict::idle);
            stops += dollars(advice.stop->saves.value);
        }
        if (!own.storage || !own.storage->advice) continue;
        const StorageAdvice& volume = *own.storage->advice;
        const bool for_iops =
            volume.kind == StorageAdvice::Kind::more_iops || volume.kind == StorageAdvice::Kind::retired;
        if (!for_iops && volume.saves) CHECK(volume.saves->value.low.value > 0);
        CHECK((volume.to != own.storage->volume.kind || own.storage->volume.iops || volume.gib));
    }
    // A schedule takes a part of what is left.
    if (made.plan.totals.after)
        CHECK(stops <= low(made.plan.totals.after) + low(made.plan.totals.capacity_after) + slack);
}

/// What is really paid falls by what the list price does, less what commitments no longer cover, and more by what they
/// newly do.
void check_commitments(const Planned& made) {
    if (!made.plan.committed) return;
    const Committed& committed = *made.plan.committed;
    if (!committed.total_saves) return;
    double freed = 0;
    const auto covered = [](const Paid& paid) { return dollars(paid.by_units.value) + dollars(paid.by_plan.value); };
    for (Index i = 0; i < made.fleet.databases.size(); ++i) {
        if (!made.plan.databases[i].recommendation.saves || made.fleet.databases[i].platform->elastic) continue;
        if (made.plan.databases[i].recommendation.serverless) return;
        freed += covered(committed.after[i]) - covered(committed.now[i]);
    }
    double list = low(made.plan.totals.saves);
    if (made.plan.totals.poolers_now) list -= low(made.plan.totals.poolers_now) - low(made.plan.totals.poolers_after);
    CHECK(low(committed.total_saves) <= list + std::max(freed, 0.0) + slack);
    CHECK(std::abs(low(committed.total_saves) - (list + freed)) < slack);
}

/// Each figure is made of figures.
void check_figures(const Planned& made) {
    for (const Key& key : made.figures->conflicts()) FAIL_CHECK(assess::name(key, made.fleet));
    for (std::size_t k = 0; k < made.figures->all().size(); ++k)
        for (const FigureId input : made.figures->inputs(FigureId{static_cast<std::uint32_t>(k)}))
            CHECK(static_cast<bool>(input));
}

}  // namespace

TEST_CASE("bill: it is the sum of its parts, what goes leaves it, and no advice costs money") {
    int deleted = 0, stopped = 0, grown = 0, billed = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        Generator generator(seed * 1'000'003 + 4711);
        const std::string text = BillFleet(generator).text();
        INFO("seed " << seed << "\n" << text);
        const Planned made = plan_text(text);
        add_up(made);
        check_advice(made);
        check_commitments(made);
        check_figures(made);
        billed += made.plan.totals.bill_now ? 1 : 0;
        for (const DatabasePlan& own : made.plan.databases) {
            deleted += own.recommendation.idle ? 1 : 0;
            stopped += own.recommendation.stop ? 1 : 0;
            grown += own.storage && own.storage->advice && own.storage->advice->gib ? 1 : 0;
        }
    }
    MESSAGE(deleted << " deleted, " << stopped << " stopped, " << grown << " grown");
    CHECK(billed > cases / 2);
    CHECK(deleted > 0);
    CHECK(stopped > 0);
    CHECK(grown > 0);
}
