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
    PaidFleet left = world(), left_most = periods_.front().at_most;
    Bill bill(fleet_, plan_, terms(), r_);
    Sums running = sums_;
    std::vector<Term> saved;
    for (Index i = 0; i < fleet_.databases.size(); ++i) {
        DatabasePlan& own = plan_.databases[i];
        auto& stop = own.recommendation.stop;
        if (!stop) continue;
        const std::vector<Index> members = stopped_with(fleet_, plan_, i);
        PaidFleet without = left, without_most = left_most;
        for (const Index each : members) {
            without.add(terms().planned(each), -1);
            without_most.add(terms().planned(each), -1);
        }
        const double saves = (left.paid() - without.paid()) * stopped();
        const double most = (left_most.paid() - without_most.paid()) * stopped();
        // Where others take more, less of what stops was covered, and more of what it leaves has a use.
        stop->at_least = stop->at_least || most > saves + 1000;
        const MicroUsdPerMonth list = list_of(members), less(std::llround(saves));
        const bool known = std::ranges::all_of(members, [&](Index each) { return knows(committed, each); });
        stop->pays = known && worth_it(fleet_.policy, list, list - less).enough;
        if (!stop->pays) continue;
        stop->saves = stop_saves(bill, running, members, less, Name::stop_saves);
        const bool counts = is_counted(i) || !fleet_.databases[i].platform->has_classes;
        if (counts && std::ranges::find(counted_, i) != counted_.end()) saved.push_back(r_(stop->saves));
        for (const Index each : members) {
            left.add(terms().planned(each), -1);
            left_most.add(terms().planned(each), -1);
        }
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
            PaidFleet most = period.at_most;
            for (const Index each : members) most.add(period.terms.planned(each), -1);
            held.at_least = (period.at_most.paid() - most.paid()) * stopped() > static_cast<double>(saves.value) + 1000;
        } else if (worth_it(fleet_.policy, list, list - saves).enough) {
            held.pays_from = period.from;
            break;
        }
    }
    own.recommendation.stop_held = held;
}

/// What all pay less with capacity that follows the load than with the database on `on`, by list price: the least and
/// the most, whichever end it and the others take.
std::pair<double, double> Settling::gains(Index i, const Item& on) const {
    const Item planned = terms().planned(i);
    Item most = planned;
    most.list += std::exchange(most.more, 0);
    std::pair<double, double> all{0, 0};
    bool first = true;
    for (const PaidFleet* others : {&world(), &periods_.front().at_most}) {
        PaidFleet fleet = *others;
        fleet.add(planned, -1);
        const auto with = [&](const Item& item) {
            PaidFleet moved = fleet;
            moved.add(item);
            return moved.paid();
        };
        Item least = planned;
        least.more = 0;
        for (const Item& own : {least, most}) {
            const double gain = with(on) - with(own);
            all = first ? std::pair(gain, gain) : std::pair(std::min(all.first, gain), std::max(all.second, gain));
            first = false;
        }
    }
    return all;
}

/// Does it cost less than what is really paid for today's class, and for the best one? What it saves is what all pay
/// less, at the ends of what it and other such capacity takes.
void Settling::hold_serverless(const Committed& committed, Index i) {
    DatabasePlan& own = plan_.databases[i];
    auto& to = own.recommendation.serverless;
    if (!to) return;
    const Key key = assess::database_key(i, Name::serverless_saves);
    if (!committed.now[i].cost) {
        to->saves = r_.keep<Interval<MicroUsdPerMonth>>(key, r_(*own.now.cost) - r_(to->cost));
        return;
    }
    // Extended Support, which nothing covers.
    const auto& use = own.capacity;
    const Interval<MicroUsdPerMonth> support =
        use && use->support ? use->support->value : Interval<MicroUsdPerMonth>(MicroUsdPerMonth(0));
    // At its high end, beside others at the low end.
    PaidFleet with = world();
    Item planned = terms().planned(i);
    with.add(planned, -1);
    const double others = with.paid();
    planned.list += std::exchange(planned.more, 0);
    with.add(planned);
    const double then = with.paid() - others + static_cast<double>(support.high.value);
    const auto pays = [&](const Item& on, double beside) {
        const double saves = gains(i, on).first + beside - static_cast<double>(support.high.value);
        return worth_it(fleet_.policy, MicroUsdPerMonth(std::llround(then + saves)),
                        MicroUsdPerMonth(std::llround(then)), support_of(own.now))
            .enough;
    };
    const double beside = micro(own.now.cost) - micro(own.now.list);
    to->pays = pays(terms().today(i), beside);
    for (const Candidate& candidate : own.candidates) {
        if (!candidate.fits || !candidate.list || !candidate.cost) continue;
        const Item on = terms().item(i, *candidate.cls, static_cast<double>(candidate.list->value));
        to->pays = to->pays && pays(on, static_cast<double>((*candidate.cost - *candidate.list).value));
    }
    const auto all = gains(i, terms().today(i));
    if (!r_.on()) {
        const auto less = [&](double gain, MicroUsdPerMonth charged) {
            return MicroUsdPerMonth(std::llround(gain + beside - static_cast<double>(charged.value)));
        };
        to->saves = {{less(all.first, support.high), less(all.second, support.low)}, {}};
        return;
    }
    // Each end of it beside each end of the others.
    const std::vector<Line> all_lines = lines(terms(), true);
    bool wide = false;
    for (Index other = 0; other < all_lines.size(); ++other)
        wide = wide || (other != i && all_lines[other].item.more > 0);
    std::optional<Term> least, most;
    for (const bool at_most : {false, true}) {
        if (at_most && !wide) break;
        Bill bill(fleet_, plan_, terms(), r_);
        if (at_most) bill.take_most();
        Line line = planned_line(i);
        const Sums rest = bill.without(at_most ? bill.sums(all_lines) : sums_, i, line);
        Term today = bill.adds(rest, i, {terms().today(i), &own.now, nullptr});
        if (own.now.cost->value != own.now.list->value) today = today + r_(*own.now.cost) - r_(*own.now.list);
        for (const bool end : {false, true}) {
            line.end = end ? Line::End::most : Line::End::least;
            Term cost = bill.adds(rest, i, line);
            if (use && use->support)
                cost = cost + (end ? assess::high(r_(*use->support)) : assess::low(r_(*use->support)));
            const Term less = today - cost;
            if (!least || less.value.low < least->value.low) least = less;
            if (!most || less.value.high > most->value.high) most = less;
        }
    }
    to->saves = r_.keep<Interval<MicroUsdPerMonth>>(key, assess::between(*least, *most));
}

}  // namespace poolfit::plan
