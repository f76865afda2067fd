// What a single change saves beside commitments, with everything else as the plan has it.
#include <algorithm>
#include <cmath>

#include <poolfit/plan/plan.hpp>

#include "cover.hpp"

namespace poolfit::plan {

namespace {

/// What all pay less, by list price, with one of them changed: at the worse end of what capacity that follows the load
/// takes.
double less_paid(const Fleet& fleet, const Terms& terms, const Item& from, const Item& to) {
    const auto less = [&](bool at_most) {
        PaidFleet world(terms, at_most);
        for (Index i = 0; i < fleet.databases.size(); ++i) world.add(terms.planned(i));
        const double before = world.paid();
        world.add(from, -1);
        world.add(to);
        return before - world.paid();
    };
    return std::min(less(false), less(true));
}

/// What a class costs besides its list price.
double beside_of(MicroUsdPerMonth cost, MicroUsdPerMonth list) { return static_cast<double>((cost - list).value); }

}  // namespace

bool may_be_covered(const Fleet& fleet, const Plan& plan, Index i) {
    const Terms terms(fleet, plan, plan.market->today());
    const Offers& offers = plan.market->offers(i);
    return terms.any() &&
           (terms.touches(i, *fleet.databases[i].type) ||
            std::any_of(offers.all.begin(), offers.all.begin() + static_cast<std::ptrdiff_t>(offers.offered),
                        [&](const Offer& offer) { return terms.touches(i, *offer.cls); }));
}

std::optional<MicroUsdPerMonth> saves_beside_commitments(const Fleet& fleet, const Plan& plan, Index i,
                                                         const Candidate& candidate) {
    const DatabasePlan& own = plan.databases[i];
    if (!plan.committed || !candidate.list || !candidate.cost || !own.chosen.cost || !own.chosen.list)
        return std::nullopt;
    const Terms terms(fleet, plan, plan.committed->today);
    const Item from = terms.planned(i);
    const Item to = terms.item(i, *candidate.cls, static_cast<double>(candidate.list->value));
    if (!to.touched() && !from.touched()) return std::nullopt;
    const double beside =
        beside_of(own.chosen.cost->value, own.chosen.list->value) - beside_of(*candidate.cost, *candidate.list);
    return MicroUsdPerMonth(std::llround(less_paid(fleet, terms, from, to) + beside));
}

std::optional<MicroUsdPerMonth> saves_without_standby(const Fleet& fleet, const Plan& plan, const Fleet& single,
                                                      const Market& market, Index i) {
    const DatabasePlan& own = plan.databases[i];
    if (own.recommendation.serverless) return std::nullopt;
    const InstanceClass& cls = *own.chosen.cls;
    const Projection then =
        assess::project(single, market, i, market.offer(i, cls), own.demand, own.after, Phase::after, {});
    if (!own.chosen.cost || !own.chosen.list || !then.cost || !then.list) return std::nullopt;
    if (!plan.committed) return own.chosen.cost->value - then.cost->value;
    const Terms terms(fleet, plan, plan.committed->today), alone(single, plan, plan.committed->today);
    const Item from = terms.planned(i), to = alone.item(i, cls, static_cast<double>(then.list->value.value));
    if (from.rate_unknown() || to.rate_unknown()) return std::nullopt;
    const double beside =
        beside_of(own.chosen.cost->value, own.chosen.list->value) - beside_of(then.cost->value, then.list->value);
    return MicroUsdPerMonth(std::llround(less_paid(fleet, terms, from, to) + beside));
}

}  // namespace poolfit::plan
