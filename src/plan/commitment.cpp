// What is really paid, today and after the plan, and what a change of class strands.
#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <utility>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

#include "beside.hpp"
#include "bill.hpp"
#include "periods.hpp"
#include "recommend.hpp"
#include "steer.hpp"
#include "totals.hpp"

namespace poolfit::plan {

namespace {

constexpr double hours_per_week = 168;

using assess::Term;

double micro(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? static_cast<double>(figure->value.value) : 0;
}

MicroUsdPerMonth part(MicroUsdPerMonth amount, double share) {
    return MicroUsdPerMonth(std::llround(static_cast<double>(amount.value) * share));
}

class Settling {
public:
    Settling(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder r)
        : fleet_(fleet), plan_(plan), counted_(counted), r_(r) {
        std::vector<Date> days{plan.market->today()};
        for (const Commitment& commitment : fleet.commitments)
            if (is_active(commitment, days.front())) days.push_back(after(*commitment.ends));
        std::ranges::sort(days);
        days.erase(std::unique(days.begin(), days.end()), days.end());
        for (const Date day : days) periods_.emplace_back(fleet, plan, day);
    }

    Committed settle() {
        Committed result;
        result.today = periods_.front().from;
        Bill bill(fleet_, plan_, terms(), r_);
        result.now = bill.of(lines(terms(), false), Phase::now, true);
        const std::vector<Figure<double>> used_now = bill.used();
        const Figure<MicroUsdPerMonth> spent_now = bill.spent();
        result.after = bill.of(lines(terms(), true), Phase::after, true);
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
            if (r_.on()) derive_use(fleet_, result, c, bill, spent_now, r_);
        totals(result);
        for (const Period& period : periods_) result.periods.push_back(amounts(period));
        for (Index i = 0; i < fleet_.databases.size(); ++i) explain(result, i);
        return result;
    }

private:
    const Terms& terms() const { return periods_.front().terms; }
    const PaidFleet& world() const { return periods_.front().world; }

    Line planned_line(const Terms& terms, Index i) const {
        const DatabasePlan& own = plan_.databases[i];
        if (own.recommendation.serverless) return {terms.planned(i), nullptr, &*own.recommendation.serverless};
        return {terms.planned(i), leaves(i) ? nullptr : &own.chosen, nullptr};
    }
    Line planned_line(Index i) const { return planned_line(terms(), i); }

    std::vector<Line> lines(const Terms& terms, bool planned) const {
        std::vector<Line> all;
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            all.push_back(planned ? planned_line(terms, i) : Line{terms.today(i), &plan_.databases[i].now, nullptr});
        return all;
    }

    /// Of a week, in which a database with a schedule does not run.
    double stopped() const { return 1 - *fleet_.policy.non_production_hours / hours_per_week; }

    MicroUsdPerMonth list_of(const std::vector<Index>& databases) const {
        double sum = 0;
        for (const Index i : databases)
            if (const auto price = running_price(fleet_, plan_, i, {})) sum += price->value.low;
        return MicroUsdPerMonth(std::llround(sum));
    }

    /// Is it known what it leaves to pay, or the least of it?
    bool knows(const Committed& committed, Index i) const {
        return follows_load(fleet_, plan_, i) ? !committed.after[i].rate_unknown : committed.after[i].cost.has_value();
    }

    /// `saves` with its derivation: what all pay less without the members of the first, as long as they are stopped.
    /// `running` goes on without them. Neither Extended Support nor credits are in what a schedule saves.
    Figure<MicroUsdPerMonth> stop_saves(Bill& bill, Sums& running, const std::vector<Index>& members,
                                        MicroUsdPerMonth saves, Name name) {
        if (!r_.on()) return {saves, {}};
        std::vector<Term> full;
        for (const Index each : members) {
            const Line line = planned_line(each);
            running = bill.without(std::move(running), each, line);
            full.push_back(bill.adds(running, each, line));
        }
        const Term whole = assess::sum(full, r_.figures());
        return r_.keep<MicroUsdPerMonth>(assess::database_key(members.front(), name),
                                         whole * stopped_share(fleet_, r_));
    }

    /// What schedules save. A commitment is paid by the hour, so only what it does not cover is saved; and what a
    /// stopped database leaves of it covers the others. Each comes after those before it: all stop in the same hours.
    void stops(const Committed& committed) {
        PaidFleet left = world();
        Bill bill(fleet_, plan_, terms(), r_);
        Sums running = sums_;
        std::vector<Term> saved;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            DatabasePlan& own = plan_.databases[i];
            auto& stop = own.recommendation.stop;
            if (!stop) continue;
            const std::vector<Index> members = stopped_with(fleet_, plan_, i);
            PaidFleet without = left;
            for (const Index each : members) without.add(terms().planned(each), -1);
            const double saves = (left.paid() - without.paid()) * stopped();
            const MicroUsdPerMonth list = list_of(members), less(std::llround(saves));
            const bool known = std::ranges::all_of(members, [&](Index each) { return knows(committed, each); });
            stop->pays = known && worth_it(fleet_.policy, list, list - less).enough;
            if (!stop->pays) continue;
            stop->saves = stop_saves(bill, running, members, less, Name::stop_saves);
            const bool counts = is_counted(i) || !fleet_.databases[i].platform->has_classes;
            if (counts && std::ranges::find(counted_, i) != counted_.end()) saved.push_back(r_(stop->saves));
            for (const Index each : members) left.add(terms().planned(each), -1);
        }
        if (saved.empty()) return;
        plan_.totals.stops_save =
            r_.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, Name::total_stops_save_per_month},
                                      Measure::usd_per_month, assess::sum(saved, r_.figures()));
    }

    /// A schedule that does not pay yet.
    void hold_stop(const Committed& committed, Index i) {
        DatabasePlan& own = plan_.databases[i];
        if (!plan_.steers || !(*plan_.steers)[i].runs || own.recommendation.stop || leaves(i)) return;
        const std::vector<Index> members = stopped_with(fleet_, plan_, i);
        if (!std::ranges::all_of(members, [&](Index each) { return knows(committed, each); })) return;
        StopHeld held;
        held.hours = *fleet_.policy.non_production_hours;
        const MicroUsdPerMonth list = list_of(members);
        for (const Period& period : periods_) {
            PaidFleet without = period.world;
            for (const Index each : members) without.add(period.terms.planned(each), -1);
            const MicroUsdPerMonth saves(std::llround((period.world.paid() - without.paid()) * stopped()));
            if (&period == &periods_.front()) {
                Bill bill(fleet_, plan_, terms(), r_);
                Sums running = sums_;
                held.saves = stop_saves(bill, running, members, saves, Name::stop_held_saves);
                held.pays = worth_it(fleet_.policy, list, list - saves).enough;
            } else if (worth_it(fleet_.policy, list, list - saves).enough) {
                held.pays_from = period.from;
                break;
            }
        }
        own.recommendation.stop_held = held;
    }

    /// Does it cost less than what is really paid for today's class, and for the best one? What it saves is what all
    /// pay less, at the low end of what it takes and at the high end.
    void hold_serverless(const Committed& committed, Index i) {
        DatabasePlan& own = plan_.databases[i];
        auto& to = own.recommendation.serverless;
        if (!to) return;
        if (!committed.now[i].cost) {
            to->saves = r_.keep<Interval<MicroUsdPerMonth>>(assess::database_key(i, Name::serverless_saves),
                                                            r_(*own.now.cost) - r_(to->cost));
            return;
        }
        const Period& now = periods_.front();
        const double others = moved(now, i, Item{});
        const auto& range = to->cost.value;
        const double more = static_cast<double>((range.high - range.low).value);
        const double then = world().paid() - others + more + support(i);
        const double paid = moved(now, i, terms().today(i)) - others + micro(own.now.cost) - micro(own.now.list);
        const auto pays = [&](double on_class) {
            return worth_it(fleet_.policy, MicroUsdPerMonth(std::llround(on_class)),
                            MicroUsdPerMonth(std::llround(then)))
                .enough;
        };
        to->pays = pays(paid);
        for (const Candidate& candidate : own.candidates) {
            if (!candidate.fits || !candidate.list || !candidate.cost) continue;
            const Item on = terms().item(i, *candidate.cls, static_cast<double>(candidate.list->value));
            to->pays = to->pays && pays(moved(now, i, on) - others +
                                        static_cast<double>((*candidate.cost - *candidate.list).value));
        }
        const Interval<MicroUsdPerMonth> saves{MicroUsdPerMonth(std::llround(paid - then)),
                                               MicroUsdPerMonth(std::llround(paid - then + more))};
        if (!r_.on()) {
            to->saves = {saves, {}};
            return;
        }
        Bill bill(fleet_, plan_, terms(), r_);
        const Line planned = planned_line(i);
        const Sums rest = bill.without(sums_, i, planned);
        Term today = bill.adds(rest, i, {terms().today(i), &own.now, nullptr});
        if (own.now.cost->value != own.now.list->value) today = today + r_(*own.now.cost) - r_(*own.now.list);
        Term cost = bill.adds(rest, i, planned);
        if (const auto& use = own.capacity; use && use->support) cost = cost + assess::low(r_(*use->support));
        if (more > 0) {
            const Term wide = r_(to->cost);
            cost = cost + assess::between(r_.literal(0), assess::high(wide) - assess::low(wide));
        }
        to->saves = r_.keep<Interval<MicroUsdPerMonth>>(assess::database_key(i, Name::serverless_saves), today - cost);
    }

    /// Extended Support of capacity that follows the load, the low end: nothing covers it.
    double support(Index i) const {
        const auto& use = plan_.databases[i].capacity;
        return use && use->support ? static_cast<double>(use->support->value.low.value) : 0;
    }

    bool leaves(Index i) const { return plan_.databases[i].recommendation.verdict == Verdict::idle; }

    /// What the bill of all loses by the change of one.
    std::optional<Figure<MicroUsdPerMonth>> saves(const Committed& committed, Index i) {
        const DatabasePlan& own = plan_.databases[i];
        if (!committed.now[i].cost || !committed.after[i].cost) return std::nullopt;
        const Key key = assess::database_key(i, Name::paid_saves);
        if (own.now.cls == own.chosen.cls && !leaves(i)) return r_.keep<MicroUsdPerMonth>(key, r_.literal(0));
        if (r_.on()) {
            Bill bill(fleet_, plan_, terms(), r_);
            const Line planned = planned_line(i);
            const Sums others = bill.without(sums_, i, planned);
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
        const double less = moved(periods_.front(), i, terms().today(i)) - world().paid();
        return Figure<MicroUsdPerMonth>{MicroUsdPerMonth(std::llround(less + beside)), {}};
    }

    /// All as they are today; made once.
    const PaidFleet& today() {
        if (!today_) {
            today_.emplace(terms());
            for (Index i = 0; i < fleet_.databases.size(); ++i) today_->add(terms().today(i));
        }
        return *today_;
    }

    CommitmentUse use(const Committed& committed, Index c) {
        const Commitment& commitment = fleet_.commitments[c];
        CommitmentUse result;
        result.ended = !is_active(commitment, committed.today);
        result.days_left =
            std::max(unit::days_since_epoch(*commitment.ends) - unit::days_since_epoch(committed.today), 0L);
        const bool reserved = commitment.kind == Commitment::Kind::reserved;
        if (reserved) result.units = units_of(commitment);
        if (result.ended) return result;
        if (reserved) {
            for (std::size_t k = 0; k < committed.pools.size(); ++k)
                if (std::ranges::find(committed.pools[k].commitments, c) != committed.pools[k].commitments.end())
                    result.pool = k;
            const UnitPool& pool = committed.pools[*result.pool];
            const double owned = pool.owned.value;
            result.used_now = std::min(pool.used_now.value / owned, 1.0);
            result.used_after = std::min(pool.used_after.value / owned, 1.0);
        } else {
            const double money = std::max(terms().plan_money(), 1.0);
            result.used_now = today().by_plan().paid / money;
            result.used_after = world().by_plan().paid / money;
            const auto unknown = [](const std::vector<Paid>& all) {
                return std::ranges::any_of(all, &Paid::rate_unknown);
            };
            result.unknown_now = result.used_now < 1 && unknown(committed.now);
            result.unknown_after = result.used_after < 1 && unknown(committed.after);
        }
        if (!commitment.paid) return result;
        const MicroUsdPerMonth paid = **commitment.paid;
        if (!result.unknown_now) result.unused_now = part(paid, 1 - result.used_now);
        if (result.unknown_after) return result;
        result.unused_after = part(paid, 1 - result.used_after);
        result.unused_until_end =
            part(*result.unused_after, static_cast<double>(result.days_left) * 24 / hours_per_month);
        return result;
    }

    /// Those that are in the totals by list price.
    bool is_counted(Index i) const { return plan_.databases[i].recommendation.saves.has_value(); }

    void totals(Committed& committed) {
        std::vector<Term> now, then;
        bool known_now = true, known_after = true;
        for (const Index i : counted_) {
            for (const Paid* paid : {&committed.now[i], &committed.after[i]})
                if (paid->rate_unknown && (committed.lacking.empty() || committed.lacking.back() != i))
                    committed.lacking.push_back(i);
            if (!is_counted(i)) continue;
            const auto &today = committed.now[i].cost, &planned = committed.after[i].cost;
            known_now = known_now && today;
            known_after = known_after && planned;
            if (today) now.push_back(r_(*today));
            if (planned) then.push_back(r_(*planned));
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
        committed.total_now = r_.keep<MicroUsdPerMonth>(key(Name::total_paid_now), assess::sum(now, r_.figures()));
        if (!known_after) return;
        committed.total_after = r_.keep<MicroUsdPerMonth>(key(Name::total_paid_after), assess::sum(then, r_.figures()));
        committed.total_saves = r_.keep<MicroUsdPerMonth>(key(Name::total_paid_saves),
                                                          r_(*committed.total_now) - r_(*committed.total_after));
    }

    CommittedPeriod amounts(const Period& period) const {
        CommittedPeriod result{period.from, {}, {}};
        Bill bill(fleet_, plan_, period.terms, r_, &period == &periods_.front());
        const std::string_view day = r_.on() ? r_.figures()->own(unit::print(period.from)) : std::string_view();
        const auto key = [&](Name name) { return Key{{Subject::Kind::totals, 0}, name, Phase::now, nullptr, day}; };
        const auto sum = [&](bool planned) -> std::optional<Figure<MicroUsdPerMonth>> {
            const std::vector<Paid> all =
                bill.of(lines(period.terms, planned), planned ? Phase::after : Phase::now, false);
            std::vector<Term> parts;
            for (const Index i : counted_) {
                if (!is_counted(i)) continue;
                if (!all[i].cost) return std::nullopt;
                parts.push_back(r_(*all[i].cost));
            }
            if (parts.empty()) return std::nullopt;
            return r_.keep<MicroUsdPerMonth>(key(planned ? Name::total_paid_after_from : Name::total_paid_now_from),
                                             assess::sum(parts, r_.figures()));
        };
        const auto now = sum(false), then = sum(true);
        if (now) result.now = now->value;
        if (then) result.after = then->value;
        if (now && then) r_.keep<MicroUsdPerMonth>(key(Name::total_paid_saves_from), r_(*now) - r_(*then));
        return result;
    }

    /// The units of a pool that no database uses, with one of them on another class than the plan's.
    double unused(int pool, Index i, const Item& on) const {
        PaidFleet moved = world();
        moved.add(terms().planned(i), -1);
        moved.add(on);
        return std::max(terms().pools()[static_cast<std::size_t>(pool)].owned - moved.units(pool), 0.0);
    }

    Date last_end(int pool) const {
        Date last;
        for (const Index c : terms().pools()[static_cast<std::size_t>(pool)].commitments)
            last = std::max(last, *fleet_.commitments[c].ends);
        return last;
    }

    void explain(const Committed& committed, Index i) {
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
    void hold(Recommendation& advice, Index i) {
        const DatabasePlan& own = plan_.databases[i];
        const auto candidate = std::ranges::find(own.candidates, advice.summary.cls, &Candidate::cls);
        if (candidate == own.candidates.end() || !candidate->list || !candidate->cost || !own.now.cost) return;
        const double beside = (micro(own.now.cost) - micro(own.now.list)) -
                              static_cast<double>((*candidate->cost - *candidate->list).value);
        Summary::Held held;
        for (const Period& period : periods_) {
            const Item to = period.terms.item(i, *candidate->cls, static_cast<double>(candidate->list->value));
            const MicroUsdPerMonth saves(std::llround(period.world.paid() - moved(period, i, to) + beside));
            if (&period == &periods_.front()) {
                held.saves = saves;
                const int pool = period.terms.planned(i).pool;
                if (pool >= 0) held.units = unused(pool, i, to) - unused(pool, i, period.terms.planned(i));
            } else if (worth_it(fleet_.policy, own.now.cost->value, own.now.cost->value - saves).enough) {
                held.pays_from = period.from;
                break;
            }
        }
        advice.summary.held = held;
    }

    const Fleet& fleet_;
    Plan& plan_;
    const std::vector<Index>& counted_;
    Recorder r_;
    std::optional<PaidFleet> today_;
    Sums sums_;                   ///< of the plan; only with a recorder
    std::deque<Period> periods_;  ///< each refers to its own terms
};

}  // namespace

void settle_commitments(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder recorder) {
    plan.committed = std::make_shared<const Committed>(Settling(fleet, plan, counted, recorder).settle());
}

}  // namespace poolfit::plan
