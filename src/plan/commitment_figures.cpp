// How the use of each commitment, and what is paid for the rest of it, come about.
#include <poolfit/assess/leaves.hpp>

#include "bills.hpp"

namespace poolfit::plan {

using assess::Term;

void derive_use(const Fleet& fleet, const Committed& committed, Index c, const Bill& bill, const Bills::Spent& now,
                const Bills::Spent& after, Recorder r) {
    const Commitment& commitment = fleet.commitments[c];
    const CommitmentUse& use = committed.uses[c];
    if (use.ended) return;
    const auto key = [&](Name name, Phase phase) { return Key{{Subject::Kind::commitment, c}, name, phase}; };
    const auto share = [&](Phase phase) -> Term {
        if (!use.pool) {
            const Bills::Spent& spent = phase == Phase::now ? now : after;
            const Term least = r(spent.least) / bill.plan_money();
            return use.at_least() ? assess::between(least, r(spent.most) / bill.plan_money()) : least;
        }
        const UnitPool& pool = committed.pools[*use.pool];
        return assess::least(r.literal(1), r(phase == Phase::now ? pool.used_now : pool.used_after) / r(pool.owned));
    };
    std::optional<Term> paid;
    if (commitment.paid) {
        const MicroUsdPerMonth amount = **commitment.paid;
        paid = r(Figure<MicroUsdPerMonth>{
            amount, r.input(key(use.pool ? Name::commitment_paid : Name::plan_commitment, Phase::now),
                            assess::measured(amount), commitment.paid->place)});
    }
    for (const Phase phase : {Phase::now, Phase::after}) {
        if (phase == Phase::now ? use.unknown_now : use.unknown_after) continue;
        const auto used = r.keep<Interval<Fraction>>(key(Name::commitment_used, phase), share(phase));
        if (!paid) continue;
        const auto unused =
            r.keep<MicroUsdPerMonth>(key(Name::commitment_unused, phase),
                                     *paid * (r.literal(1) - (use.at_least() ? assess::low(r(used)) : r(used))));
        if (phase == Phase::now) continue;
        const double left = static_cast<double>(use.days_left);
        const Figure<double> days{left, r.input(key(Name::commitment_days, Phase::now),
                                                assess::measured(Measure::count, left), commitment.ends.place)};
        r.keep<MicroUsdPerMonth>(key(Name::commitment_unused_to_end, phase), Measure::usd,
                                 r(unused) * r(days) * r.literal(24) / r(assess::month_hours(r)));
    }
}

void derive_total(const Fleet& fleet, Date today, Recorder r) {
    std::vector<Term> parts;
    for (Index c = 0; c < fleet.commitments.size(); ++c) {
        const Commitment& commitment = fleet.commitments[c];
        if (!is_active(commitment, today)) continue;
        const MicroUsdPerMonth amount = **commitment.paid;
        const bool units = commitment.kind == Commitment::Kind::reserved;
        const Key key{{Subject::Kind::commitment, c}, units ? Name::commitment_paid : Name::plan_commitment};
        parts.push_back(
            r(Figure<MicroUsdPerMonth>{amount, r.input(key, assess::measured(amount), commitment.paid->place)}));
    }
    r.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, Name::total_commitments}, assess::sum(parts, r.figures()));
}

}  // namespace poolfit::plan
