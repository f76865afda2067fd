// What a change of class strands of commitments, and from when on one that they hold back pays.
#include <algorithm>
#include <cmath>
#include <optional>

#include "recommend.hpp"
#include "settling.hpp"

namespace poolfit::plan {

/// The units of a pool that no database uses, with one of them on another class than the plan's.
double Settling::unused(int pool, Index i, const Item& on) const {
    PaidFleet moved = world();
    moved.add(terms().planned(i), -1);
    moved.add(on);
    return std::max(terms().pools()[static_cast<std::size_t>(pool)].owned - moved.units(pool), 0.0);
}

Date Settling::last_end(int pool) const {
    Date last;
    for (const Index c : terms().pools()[static_cast<std::size_t>(pool)].commitments)
        last = std::max(last, *fleet_.commitments[c].ends);
    return last;
}

void Settling::explain(const Committed& committed, Index i) {
    Recommendation& advice = plan_.databases[i].recommendation;
    if (advice.summary.kept == Summary::Kept::committed && advice.summary.cls != nullptr) hold(advice, i);
    const Item today = terms().today(i), planned = terms().planned(i);
    if (today.pool < 0 || today.cls == planned.cls || !advice.saves || !committed.saves[i]) return;
    const double stranded = unused(today.pool, i, planned) - unused(today.pool, i, today);
    if (stranded <= 0) return;
    advice.risk = std::max(advice.risk, Risk::medium);
    RiskReason reason;
    reason.kind = RiskReason::Kind::strands;
    reason.units = stranded;
    reason.family = today.cls->family;
    reason.until = last_end(today.pool);
    reason.listed = advice.saves->value;
    reason.saves = committed.saves[i]->value;
    advice.risk_reasons.push_back(reason);
}

/// A class that saves by list price, and not beside commitments.
void Settling::hold(Recommendation& advice, Index i) {
    const DatabasePlan& own = plan_.databases[i];
    const auto candidate = std::ranges::find(own.candidates, advice.summary.cls, &Candidate::cls);
    if (candidate == own.candidates.end() || !candidate->list || !candidate->cost || !own.now.cost) return;
    const double beside =
        (micro(own.now.cost) - micro(own.now.list)) - static_cast<double>((*candidate->cost - *candidate->list).value);
    Summary::Held held;
    for (const Period& period : periods_) {
        const Item to = period.terms.item(i, *candidate->cls, static_cast<double>(candidate->list->value));
        // At the end where it saves least: a move costs most where the others leave least.
        const double at_low = moved(period, i, to) - period.world.paid(), at_high = most_moved(period, i, to);
        const double less = -std::max(at_low, at_high);
        const MicroUsdPerMonth saves(std::llround(less + beside));
        if (&period == &periods_.front()) {
            held.saves = saves;
            held.at_least = std::abs(at_high - at_low) > 1000 || to.rate_unknown();
            const int pool = period.terms.planned(i).pool;
            if (pool >= 0) held.units = unused(pool, i, to) - unused(pool, i, period.terms.planned(i));
        } else if (worth_it(fleet_.policy, own.now.cost->value, own.now.cost->value - saves, support_of(own.now))
                       .enough) {
            held.pays_from = period.from;
            break;
        }
    }
    advice.summary.held = held;
}

}  // namespace poolfit::plan
