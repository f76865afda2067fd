// Beside commitments: what schedules save, and whether capacity that follows the load pays.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <poolfit/assess/leaves.hpp>

#include "beside.hpp"
#include "recommend.hpp"
#include "settling.hpp"
#include "totals.hpp"

namespace poolfit::plan {

namespace {

constexpr double hours_per_week = 168;

}  // namespace

/// Of a week, in which a database with a schedule does not run.
double Settling::stopped() const { return 1 - *fleet_.policy.non_production_hours / hours_per_week; }

MicroUsdPerMonth Settling::list_of(const std::vector<Index>& databases) const {
    double sum = 0;
    for (const Index i : databases)
        if (const auto price = running_price(fleet_, plan_, i, {})) sum += price->value.low;
    return MicroUsdPerMonth(std::llround(sum));
}

/// Is it known what it leaves to pay, or the least of it?
bool Settling::knows(const Committed& committed, Index i) const {
    return follows_load(fleet_, plan_, i) ? !committed.after[i].rate_unknown : committed.after[i].cost.has_value();
}

/// `saves` with its derivation: what all pay less without the members of the first, as long as they are stopped.
/// `running` goes on without them. Neither Extended Support nor credits are in what a schedule saves.
Figure<MicroUsdPerMonth> Settling::stop_saves(Bill& bill, Sums& running, const std::vector<Index>& members,
                                              MicroUsdPerMonth saves, Name name) {
    if (!r_.on()) return {saves, {}};
    std::vector<Term> full;
    for (const Index each : members) {
        const Line line = planned_line(each);
        running = bill.without(std::move(running), each, line);
        full.push_back(bill.adds(running, each, line));
    }
    const Term whole = assess::sum(full, r_.figures());
    return r_.keep<MicroUsdPerMonth>(assess::database_key(members.front(), name), whole * stopped_share(fleet_, r_));
}

/// What schedules save. A commitment is paid by the hour, so only what it does not cover is saved; and what a
/// stopped database leaves of it covers the others. Each comes after those before it: all stop in the same hours.
void Settling::stops(const Committed& committed) {
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
    plan_.totals.stops_save = r_.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, Name::total_stops_save_per_month},
                                                        Measure::usd_per_month, assess::sum(saved, r_.figures()));
}

/// A schedule that does not pay yet.
void Settling::hold_stop(const Committed& committed, Index i) {
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
void Settling::hold_serverless(const Committed& committed, Index i) {
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
        return worth_it(fleet_.policy, MicroUsdPerMonth(std::llround(on_class)), MicroUsdPerMonth(std::llround(then)),
                        support_of(own.now))
            .enough;
    };
    to->pays = pays(paid);
    for (const Candidate& candidate : own.candidates) {
        if (!candidate.fits || !candidate.list || !candidate.cost) continue;
        const Item on = terms().item(i, *candidate.cls, static_cast<double>(candidate.list->value));
        to->pays = to->pays &&
                   pays(moved(now, i, on) - others + static_cast<double>((*candidate.cost - *candidate.list).value));
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
double Settling::support(Index i) const {
    const auto& use = plan_.databases[i].capacity;
    return use && use->support ? static_cast<double>(use->support->value.low.value) : 0;
}

}  // namespace poolfit::plan
