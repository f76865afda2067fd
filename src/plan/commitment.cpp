// What is really paid, today and after the plan, and what a change of class strands.
#include <algorithm>
#include <cmath>
#include <deque>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/unit/date.hpp>

#include "bill.hpp"
#include "recommend.hpp"
#include "steer.hpp"

namespace poolfit::plan {

namespace {

constexpr double hours_per_week = 168;

using assess::Term;

Date after(Date date) { return unit::date_of_epoch_seconds((unit::days_since_epoch(date) + 1LL) * 86'400); }

double micro(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? static_cast<double>(figure->value.value) : 0;
}

MicroUsdPerMonth part(MicroUsdPerMonth amount, double share) {
    return MicroUsdPerMonth(std::llround(static_cast<double>(amount.value) * share));
}

/// The commitments of a day, and all databases under them as the plan has them.
struct Period {
    Date from;
    Terms terms;
    PaidFleet world;
    Period(const Fleet& fleet, const Plan& plan, Date on) : from(on), terms(fleet, plan, on), world(terms) {
        for (Index i = 0; i < fleet.databases.size(); ++i) world.add(terms.planned(i));
    }
};

/// What all pay, with one of them on another class than the plan's.
double moved(const Period& period, Index i, const Item& to) {
    PaidFleet world = period.world;
    world.add(period.terms.planned(i), -1);
    world.add(to);
    return world.paid();
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
        stops(result);
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            hold_stop(i);
            hold_serverless(result, i);
        }
        for (Index i = 0; i < fleet_.databases.size(); ++i) result.saves.push_back(saves(result, i));
        for (Index c = 0; c < fleet_.commitments.size(); ++c) result.uses.push_back(use(result, c));
        totals(result);
        for (const Period& period : periods_) result.periods.push_back(amounts(period));
        for (Index i = 0; i < fleet_.databases.size(); ++i) explain(result, i);
        return result;
    }

private:
    const Terms& terms() const { return periods_.front().terms; }
    const PaidFleet& world() const { return periods_.front().world; }

    std::vector<Line> lines(const Terms& terms, bool planned) const {
        std::vector<Line> all;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const DatabasePlan& own = plan_.databases[i];
            if (!planned)
                all.push_back({terms.today(i), &own.now, nullptr});
            else if (own.recommendation.serverless)
                all.push_back({terms.planned(i), nullptr, &*own.recommendation.serverless});
            else
                all.push_back({terms.planned(i), leaves(i) ? nullptr : &own.chosen, nullptr});
        }
        return all;
    }

    /// Of a week, in which a database with a schedule does not run.
    double stopped() const { return 1 - *fleet_.policy.non_production_hours / hours_per_week; }

    Term stopped_share() {
        const Located<double>& hours = fleet_.policy.non_production_hours;
        const Term week = r_(Figure<double>{
            hours_per_week, r_.constant(assess::constant_key(Name::hours_per_week),
                                        assess::measured(Measure::hours, hours_per_week), "7 days of 24 hours")});
        const Term runs = r_(Figure<double>{*hours, r_.input(assess::policy_key(Name::non_production_hours),
                                                             assess::measured(Measure::hours, *hours), hours.place)});
        return (week - runs) / week;
    }

    /// What schedules save. A commitment is paid by the hour, so only what it does not cover is saved; and what a
    /// stopped database leaves of it covers the others. Each comes after those before it: all stop in the same hours.
    void stops(const Committed& committed) {
        PaidFleet left = world();
        std::vector<Line> all = lines(terms(), true);
        std::vector<Term> saved;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            DatabasePlan& own = plan_.databases[i];
            auto& stop = own.recommendation.stop;
            if (!stop) continue;
            PaidFleet without = left;
            without.add(terms().planned(i), -1);
            const double saves = (left.paid() - without.paid()) * stopped();
            const MicroUsdPerMonth list = own.chosen.list->value, less(std::llround(saves));
            stop->pays = committed.after[i].cost && worth_it(fleet_.policy, list, list - less).enough;
            if (!stop->pays) continue;
            stop->saves = {less, {}};
            std::vector<Line> rest = all;
            rest[i] = {};
            if (r_.on()) {
                const auto sum = [&](const std::vector<Line>& on) {
                    return sum_of(Bill(fleet_, plan_, terms(), r_).of(on, Phase::after, false), r_);
                };
                Term full = sum(all) - sum(rest);
                // Neither Extended Support nor credits are in what a schedule saves.
                if (own.chosen.cost->value != own.chosen.list->value)
                    full = full - (r_(*own.chosen.cost) - r_(*own.chosen.list));
                stop->saves =
                    r_.keep<MicroUsdPerMonth>(assess::database_key(i, Name::stop_saves), full * stopped_share());
            }
            if (is_counted(i) && std::ranges::find(counted_, i) != counted_.end()) saved.push_back(r_(stop->saves));
            left.add(terms().planned(i), -1);
            all = std::move(rest);
        }
        if (saved.empty()) return;
        plan_.totals.stops_save =
            r_.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, Name::total_stops_save_per_month},
                                      Measure::usd_per_month, assess::sum(saved, r_.figures()));
    }

    /// A schedule that does not pay yet.
    void hold_stop(Index i) {
        DatabasePlan& own = plan_.databases[i];
        if (!plan_.steers || !(*plan_.steers)[i].runs || !own.chosen.list || own.recommendation.stop) return;
        if (leaves(i) || own.recommendation.serverless || terms().planned(i).rate_unknown()) return;
        StopHeld held;
        held.hours = *fleet_.policy.non_production_hours;
        for (const Period& period : periods_) {
            const MicroUsdPerMonth saves(std::llround((period.world.paid() - moved(period, i, Item{})) * stopped()));
            const MicroUsdPerMonth list = own.chosen.list->value;
            if (&period == &periods_.front()) {
                held.saves = saves;
            } else if (worth_it(fleet_.policy, list, list - saves).enough) {
                held.pays_from = period.from;
                break;
            }
        }
        own.recommendation.stop_held = held;
    }

    /// Does it cost less than what is really paid for today's class?
    void hold_serverless(const Committed& committed, Index i) {
        DatabasePlan& own = plan_.databases[i];
        auto& to = own.recommendation.serverless;
        if (!to || !committed.now[i].cost) return;
        const double paid = moved(periods_.front(), i, terms().today(i)) - moved(periods_.front(), i, Item{}) +
                            micro(own.now.cost) - micro(own.now.list);
        const MicroUsdPerMonth now(std::llround(paid)), then = to->cost.value.high - committed.after[i].by_plan.value;
        to->pays = worth_it(fleet_.policy, now, then).enough;
    }

    bool leaves(Index i) const { return plan_.databases[i].recommendation.verdict == Verdict::idle; }

    static Term sum_of(const std::vector<Paid>& all, Recorder r) {
        std::vector<Term> parts;
        for (const Paid& paid : all)
            if (paid.cost) parts.push_back(r(*paid.cost));
        return assess::sum(parts, r.figures());
    }

    /// What the bill of all loses by the change of one.
    std::optional<Figure<MicroUsdPerMonth>> saves(const Committed& committed, Index i) {
        const DatabasePlan& own = plan_.databases[i];
        if (!committed.now[i].cost || !committed.after[i].cost) return std::nullopt;
        const Key key = assess::database_key(i, Name::paid_saves);
        if (own.now.cls == own.chosen.cls && !leaves(i)) return r_.keep<MicroUsdPerMonth>(key, r_.literal(0));
        if (r_.on()) {
            std::vector<Line> stays = lines(terms(), true);
            stays[i] = {terms().today(i), &own.now, nullptr};
            const std::vector<Paid> paid = Bill(fleet_, plan_, terms(), r_).of(stays, Phase::now, false);
            const Term with = sum_of(paid, r_);
            return r_.keep<MicroUsdPerMonth>(key, with - sum_of(committed.after, r_));
        }
        const double then = leaves(i) ? 0 : micro(own.chosen.cost) - micro(own.chosen.list);
        const double beside = (micro(own.now.cost) - micro(own.now.list)) - then;
        const double less = moved(periods_.front(), i, terms().today(i)) - world().paid();
        return Figure<MicroUsdPerMonth>{MicroUsdPerMonth(std::llround(less + beside)), {}};
    }

    CommitmentUse use(const Committed& committed, Index c) const {
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
            PaidFleet today(terms());
            for (Index i = 0; i < fleet_.databases.size(); ++i) today.add(terms().today(i));
            const double money = std::max(terms().plan_money(), 1.0);
            result.used_now = today.by_plan().paid / money;
            result.used_after = world().by_plan().paid / money;
        }
        if (!commitment.paid) return result;
        const MicroUsdPerMonth paid = **commitment.paid;
        result.unused_now = part(paid, 1 - result.used_now);
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
        Bill bill(fleet_, plan_, period.terms, {});
        const auto sum = [&](bool planned) -> std::optional<MicroUsdPerMonth> {
            const std::vector<Paid> all =
                bill.of(lines(period.terms, planned), planned ? Phase::after : Phase::now, false);
            std::optional<MicroUsdPerMonth> total;
            for (const Index i : counted_) {
                if (!is_counted(i)) continue;
                if (!all[i].cost) return std::nullopt;
                total = total.value_or(MicroUsdPerMonth(0)) + all[i].cost->value;
            }
            return total;
        };
        result.now = sum(false);
        result.after = sum(true);
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
    std::deque<Period> periods_;  ///< each refers to its own terms
};

}  // namespace

void settle_commitments(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder recorder) {
    plan.committed = std::make_shared<const Committed>(Settling(fleet, plan, counted, recorder).settle());
}

}  // namespace poolfit::plan
