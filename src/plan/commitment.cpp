// What is really paid, today and after the plan.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

#include "beside.hpp"
#include "recommend.hpp"
#include "settling.hpp"
#include "totals.hpp"

namespace poolfit::plan {

using assess::Term;

namespace {

MicroUsdPerMonth part(MicroUsdPerMonth amount, double share) {
    return MicroUsdPerMonth(std::llround(static_cast<double>(amount.value) * share));
}

}  // namespace

Settling::Settling(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder r)
    : fleet_(fleet), plan_(plan), counted_(counted), r_(r) {
    for (const Date day : days()) periods_.emplace_back(fleet, plan, day);
}

Committed Settling::settle() {
    Committed result;
    result.today = periods_.front().from;
    Bills bills(fleet_, plan_, terms(), r_);
    Bill& bill = bills.least();
    result.now = bills.of(lines(terms(), false), Phase::now, true);
    const std::vector<Figure<double>> used_now = bill.used();
    const Bills::Spent spent_now = bills.spent();
    result.after = bills.of(lines(terms(), true), Phase::after, true);
    for (std::size_t k = 0; k < terms().pools().size(); ++k) {
        const Terms::Pool& pool = terms().pools()[k];
        const Term owned = bill.owned(k);
        result.pools.push_back({pool.commitments,
                                pool.platform,
                                pool.family,
                                pool.region,
                                {owned.value.high, owned.id},
                                used_now[k],
                                bill.used()[k]});
    }
    if (r_.on()) sums_ = bill.sums(lines(terms(), true));
    stops(result);
    for (Index i = 0; i < fleet_.databases.size(); ++i) {
        hold_stop(result, i);
        hold_serverless(result, i);
    }
    plan_.totals.serverless_saves = saved_by_serverless(plan_.databases, counted_, r_);
    for (Index i = 0; i < fleet_.databases.size(); ++i) result.saves.push_back(saves(result, i));
    for (Index c = 0; c < fleet_.commitments.size(); ++c) result.uses.push_back(use(result, c));
    for (Index c = 0; c < fleet_.commitments.size(); ++c)
        if (r_.on()) derive_use(fleet_, result, c, bill, spent_now, bills.spent(), r_);
    totals(result);
    for (const Period& period : periods_) result.periods.push_back(amounts(period));
    for (Index i = 0; i < fleet_.databases.size(); ++i) explain(result, i);
    return result;
}

Line Settling::planned_line(const Terms& terms, Index i) const {
    const DatabasePlan& own = plan_.databases[i];
    if (own.recommendation.serverless) return {terms.planned(i), nullptr, &*own.recommendation.serverless};
    return {terms.planned(i), leaves(i) ? nullptr : &own.chosen, nullptr};
}
std::vector<Line> Settling::lines(const Terms& terms, bool planned) const {
    std::vector<Line> all;
    for (Index i = 0; i < fleet_.databases.size(); ++i)
        all.push_back(planned ? planned_line(terms, i) : Line{terms.today(i), &plan_.databases[i].now, nullptr});
    return all;
}

/// What the bill of all loses by the change of one.
std::optional<Figure<MicroUsdPerMonth>> Settling::saves(const Committed& committed, Index i) {
    const DatabasePlan& own = plan_.databases[i];
    if (!committed.now[i].cost || !committed.after[i].cost) return std::nullopt;
    const Key key = assess::database_key(i, Name::paid_saves);
    if (own.now.cls == own.chosen.cls && !leaves(i)) return r_.keep<MicroUsdPerMonth>(key, r_.literal(0));
    const More more = more_paid(periods_.front(), i, terms().today(i));
    if (r_.on()) {
        Bill bill(fleet_, plan_, terms(), r_);
        if (more.at_most) bill.take_most();
        const Line planned = planned_line(i);
        const Sums others = bill.without(more.at_most ? bill.sums(lines(terms(), true)) : sums_, i, planned);
        const Term today = bill.adds(others, i, {terms().today(i), &own.now, nullptr});
        Term less = today - bill.adds(others, i, planned);
        // Extended Support and credits, which nothing covers.
        const auto beside = [&](const Projection& on) { return r_(*on.cost) - r_(*on.list); };
        if (own.now.cost->value != own.now.list->value) less = less + beside(own.now);
        if (!leaves(i) && own.chosen.cost->value != own.chosen.list->value) less = less - beside(own.chosen);
        return r_.keep<MicroUsdPerMonth>(key, less);
    }
    const double then = leaves(i) ? 0 : micro(own.chosen.cost) - micro(own.chosen.list);
    const double beside = (micro(own.now.cost) - micro(own.now.list)) - then;
    return Figure<MicroUsdPerMonth>{MicroUsdPerMonth(std::llround(more.least + beside)), {}};
}

/// Of what savings plans commit to; made once.
const Settling::Used& Settling::used() {
    if (used_) return *used_;
    PaidFleet least(terms()), most(terms(), true);
    for (Index i = 0; i < fleet_.databases.size(); ++i) {
        const Item item = terms().today(i);
        least.add(item);
        most.add(item);
    }
    const double money = std::max(terms().plan_money(), 1.0);
    const auto share = [&](const PaidFleet& all) { return all.by_plan().paid / money; };
    used_ = Used{share(least), share(most), share(world()), share(periods_.front().at_most)};
    return *used_;
}

CommitmentUse Settling::use(const Committed& committed, Index c) {
    const Commitment& commitment = fleet_.commitments[c];
    CommitmentUse result;
    result.ended = !is_active(commitment, committed.today);
    result.days_left = std::max(unit::days_since_epoch(*commitment.ends) - unit::days_since_epoch(committed.today), 0L);
    const bool reserved = commitment.kind == Commitment::Kind::reserved;
    if (reserved) result.units = units_of(commitment);
    if (result.ended) return result;
    if (reserved) {
        for (std::size_t k = 0; k < committed.pools.size(); ++k)
            if (std::ranges::find(committed.pools[k].commitments, c) != committed.pools[k].commitments.end())
                result.pool = k;
        const UnitPool& pool = committed.pools[*result.pool];
        const double owned = pool.owned.value;
        result.used_now = result.used_now_most = std::min(pool.used_now.value / owned, 1.0);
        result.used_after = result.used_after_most = std::min(pool.used_after.value / owned, 1.0);
    } else {
        const Used& shares = used();
        result.used_now = shares.now;
        result.used_now_most = shares.now_most;
        result.used_after = shares.after;
        result.used_after_most = shares.after_most;
        const auto unknown = [](const std::vector<Paid>& all) { return std::ranges::any_of(all, &Paid::rate_unknown); };
        result.unknown_now = result.used_now < 1 && unknown(committed.now);
        result.unknown_after = result.used_after < 1 && unknown(committed.after);
    }
    if (!reserved) result.asks = asks(committed, result);
    if (!commitment.paid) return result;
    const MicroUsdPerMonth paid = **commitment.paid;
    if (!result.unknown_now) result.unused_now = part(paid, 1 - result.used_now);
    if (result.unknown_after) return result;
    result.unused_after = part(paid, 1 - result.used_after);
    result.unused_until_end = part(*result.unused_after, static_cast<double>(result.days_left) * 24 / hours_per_month);
    return result;
}

/// What is left to pay of one.
std::optional<Term> Settling::left(const Paid& paid) const {
    if (paid.range) return r_(*paid.range);
    if (paid.cost) return r_(*paid.cost);
    return std::nullopt;
}

/// What all pay less by the plan: the ends of both are those of capacity that follows the load, and come together.
assess::Term Settling::less(const Term& now, const Term& then) const {
    if (now.value.low == now.value.high) return now - then;
    const Term least = assess::low(now) - assess::low(then), most = assess::high(now) - assess::high(then);
    return least.value.high <= most.value.high ? assess::between(least, most) : assess::between(most, least);
}

/// Nothing where there is none, or one is not known.
std::optional<Figure<Interval<MicroUsdPerMonth>>> Settling::capacity(const std::vector<Paid>& all, bool planned) const {
    std::vector<Term> parts;
    for (const Index i : counted_) {
        if (fleet_.databases[i].platform->elastic == nullptr || (planned && leaves(i))) continue;
        if (!all[i].range || all[i].rate_unknown) return std::nullopt;
        parts.push_back(r_(*all[i].range));
    }
    if (parts.empty()) return std::nullopt;
    const Name name = planned ? Name::total_paid_capacity_after : Name::total_paid_capacity_now;
    return r_.keep<Interval<MicroUsdPerMonth>>({{Subject::Kind::totals, 0}, name}, Measure::usd_per_month,
                                               assess::sum(parts, r_.figures()));
}

void Settling::totals(Committed& committed) {
    committed.capacity_now = capacity(committed.now, false);
    committed.capacity_after = capacity(committed.after, true);
    std::vector<Term> now, then;
    bool known_now = true, known_after = true;
    for (const Index i : counted_) {
        for (const Paid* paid : {&committed.now[i], &committed.after[i]})
            if (paid->rate_unknown && (committed.lacking.empty() || committed.lacking.back() != i))
                committed.lacking.push_back(i);
        if (!is_counted(i)) continue;
        const auto today = left(committed.now[i]), planned = left(committed.after[i]);
        known_now = known_now && today;
        known_after = known_after && planned;
        if (today) now.push_back(*today);
        if (planned) then.push_back(*planned);
    }
    std::optional<MicroUsdPerMonth> paid(MicroUsdPerMonth(0));
    for (const Commitment& commitment : fleet_.commitments) {
        if (!is_active(commitment, committed.today)) continue;
        if (!commitment.paid) paid.reset();
        if (paid) *paid += **commitment.paid;
    }
    committed.paid = paid;
    if (paid && paid->value > 0 && r_.on()) derive_total(fleet_, committed.today, r_);
    if (!known_now || now.empty()) return;
    const auto key = [](Name name) { return Key{{Subject::Kind::totals, 0}, name}; };
    using Money = Interval<MicroUsdPerMonth>;
    committed.total_now = r_.keep<Money>(key(Name::total_paid_now), assess::sum(now, r_.figures()));
    if (!known_after) return;
    committed.total_after = r_.keep<Money>(key(Name::total_paid_after), assess::sum(then, r_.figures()));
    committed.total_saves =
        r_.keep<Money>(key(Name::total_paid_saves), less(r_(*committed.total_now), r_(*committed.total_after)));
}

CommittedPeriod Settling::amounts(const Period& period) const {
    using Money = Interval<MicroUsdPerMonth>;
    CommittedPeriod result{period.from, false, {}, {}, {}};
    Bills bills(fleet_, plan_, period.terms, r_, &period == &periods_.front());
    const std::string_view day = r_.on() ? r_.figures()->own(unit::print(period.from)) : std::string_view();
    const auto key = [&](Name name) { return Key{{Subject::Kind::totals, 0}, name, Phase::now, nullptr, day}; };
    const auto sum = [&](bool planned) -> std::optional<Figure<Money>> {
        const std::vector<Paid> all =
            bills.of(lines(period.terms, planned), planned ? Phase::after : Phase::now, false);
        std::vector<Term> parts;
        for (const Index i : counted_) {
            if (!is_counted(i)) continue;
            const auto one = left(all[i]);
            if (!one) return std::nullopt;
            parts.push_back(*one);
            if (!changes_support(fleet_, plan_, i, period.from)) continue;
            const auto more = more_support(i, planned, period.from, day);
            result.support_unknown = result.support_unknown || !more;
            if (!more) return std::nullopt;
            parts.push_back(*more);
        }
        if (parts.empty()) return std::nullopt;
        return r_.keep<Money>(key(planned ? Name::total_paid_after_from : Name::total_paid_now_from),
                              assess::sum(parts, r_.figures()));
    };
    const auto now = sum(false), then = sum(true);
    if (now) result.now = now->value;
    if (then) result.after = then->value;
    if (now && then) result.saves = r_.keep<Money>(key(Name::total_paid_saves_from), less(r_(*now), r_(*then))).value;
    return result;
}

void settle_commitments(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder recorder) {
    plan.committed = std::make_shared<const Committed>(Settling(fleet, plan, counted, recorder).settle());
}

}  // namespace poolfit::plan
