#include "bill.hpp"

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/storage.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

using assess::Term;

Key Bill::key(Index database, Name name) const { return assess::database_key(database, name, phase_); }

template <class T>
Figure<T> Bill::keep(const Key& key, const Term& term) const {
    if (named_) return r_.keep<T>(key, term);
    return {FigureType<T>::value(term.value), term.id};
}

std::vector<Paid> Bill::of(const std::vector<Line>& lines, Phase phase, bool named) {
    phase_ = phase;
    named_ = named;
    PaidFleet world(terms_, at_most_);
    std::vector<Paid> all(lines.size());
    rest_.assign(lines.size(), r_.literal(0));
    for (Index i = 0; i < lines.size(); ++i) {
        world.add(lines[i].item);
        all[i].cls = lines[i].item.cls;
        all[i].units = lines[i].item.units;
        all[i].rate_unknown = lines[i].item.rate_unknown();
        if (lines[i].item.pool >= 0) all[i].pool = static_cast<std::size_t>(lines[i].item.pool);
        rest_[i] = list_price(i, lines[i]);
    }
    by_units(lines, world, all);
    by_plans(lines, world, all);
    for (Index i = 0; i < lines.size(); ++i) {
        if (lines[i].on == nullptr) {
            if (lines[i].serverless != nullptr) {
                Term left = r_(lines[i].serverless->cost);
                if (all[i].by_plan.id || all[i].by_plan.value.value != 0) left = left - r_(all[i].by_plan);
                all[i].range = keep<Interval<MicroUsdPerMonth>>(key(i, Name::paid), left);
            }
            const auto& none = plan_.databases[i].recommendation.cost;
            if (plan_.databases[i].recommendation.verdict == Verdict::idle && none)
                all[i].cost = keep<MicroUsdPerMonth>(key(i, Name::paid), r_(*none));
            continue;
        }
        // A rate of another class than today's counts as the list price, which it cannot exceed.
        const bool unknown = all[i].rate_unknown && lines[i].item.cls == plan_.databases[i].now.cls;
        if (!lines[i].on->cost || unknown || fleet_.databases[i].platform->elastic != nullptr) continue;
        Term left = r_(*lines[i].on->cost);
        if (all[i].covered) left = left - r_(all[i].by_units);
        if (all[i].by_plan.id || all[i].by_plan.value.value != 0) left = left - r_(all[i].by_plan);
        all[i].cost = keep<MicroUsdPerMonth>(key(i, Name::paid), left);
    }
    return all;
}

Term Bill::owned(std::size_t pool) const {
    std::vector<Term> parts;
    for (const Index c : terms_.pools()[pool].commitments) parts.push_back(units(c));
    if (!today_) return assess::sum(parts, r_.figures());
    const Key key{{Subject::Kind::commitment, terms_.pools()[pool].commitments.front()}, Name::units_owned};
    return r_(r_.keep<double>(key, assess::sum(parts, r_.figures())));
}

Term Bill::list_price(Index i, const Line& line) const {
    const bool elastic = fleet_.databases[i].platform->elastic != nullptr || line.serverless != nullptr;
    if (!elastic) return line.on != nullptr && line.on->list ? r_(*line.on->list) : r_.literal(0);
    const auto& use = plan_.databases[i].capacity;
    if (line.item.list == 0) return r_.literal(0);
    const bool at_most = at_most_ && line.serverless == nullptr;
    const auto end = [&](const Term& range) { return at_most ? assess::high(range) : assess::low(range); };
    const Term cost = end(r_(line.serverless != nullptr ? line.serverless->cost : *use->cost));
    return use && use->support ? cost - end(r_(*use->support)) : cost;
}

Term Bill::class_units(const Platform& platform, const InstanceClass& cls, bool multi_az) const {
    const double one = *platform::normalized_units(platform, cls);
    const Term term{Interval<double>(one),
                    r_.constant(assess::class_key(cls, Name::class_units), assess::measured(Measure::count, one),
                                platform.commitment->units_source),
                    r_.figures()};
    return multi_az ? term * r_.literal(platform.commitment->standby_factor) : term;
}

/// Of a database on a class: where its volume changes the price of instances, their units as well.
Term Bill::units_on(Index i, const InstanceClass& cls) const {
    const Database& database = fleet_.databases[i];
    const Term units = class_units(*database.platform, cls, *database.multi_az);
    const VolumeKind* kind = assess::volume_factor(fleet_, i);
    return kind != nullptr ? units * r_(assess::class_factor(*kind, r_)) : units;
}

Term Bill::units(Index c) const {
    const Commitment& commitment = fleet_.commitments[c];
    const Subject subject{Subject::Kind::commitment, c};
    const auto input = [&](Name name, double value, const Place& place) {
        return Term{Interval<double>(value), r_.input({subject, name}, assess::measured(Measure::count, value), place),
                    r_.figures()};
    };
    if (commitment.units) return input(Name::units_count, **commitment.units, commitment.units->place);
    const Term count = input(Name::units_count, static_cast<double>(**commitment.count), commitment.count->place);
    return count * class_units(*commitment.platform, *commitment.type, *commitment.multi_az);
}

void Bill::by_units(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all) {
    const auto& pools = terms_.pools();
    std::vector<std::vector<Term>> users(pools.size());
    for (Index i = 0; i < lines.size(); ++i) {
        const Item& item = lines[i].item;
        if (item.pool < 0) continue;
        users[static_cast<std::size_t>(item.pool)].push_back(
            r_(keep<double>(key(i, Name::units), units_on(i, *item.cls))));
    }
    used_.clear();
    std::vector<Term> shares;
    for (std::size_t k = 0; k < pools.size(); ++k) {
        const Key key{{Subject::Kind::commitment, pools[k].commitments.front()}, Name::units_used, phase_};
        used_.push_back(keep<double>(key, assess::sum(users[k], r_.figures(), Grounds::no_users)));
        shares.push_back(world.units(static_cast<int>(k)) > 0
                             ? assess::least(r_.literal(1), owned(k) / r_(used_.back()))
                             : r_.literal(0));
    }
    for (Index i = 0; i < lines.size(); ++i) {
        if (!all[i].pool) continue;
        all[i].covered = keep<Fraction>(key(i, Name::covered_share), shares[*all[i].pool]);
        all[i].by_units = keep<MicroUsdPerMonth>(key(i, Name::by_units), rest_[i] * r_(*all[i].covered));
        rest_[i] = rest_[i] - r_(all[i].by_units);
    }
}

Term Bill::rate(Index database, const Terms::Rate& rate) const {
    const double value = static_cast<double>(rate.amount.value);
    const auto measured = assess::measured(Measure::usd_per_month, value);
    return {Interval<double>(value),
            rate.row != nullptr ? r_.row(key(database, Name::plan_rate), measured, *rate.row)
                                : r_.input(key(database, Name::plan_rate), measured, rate.place),
            r_.figures()};
}

/// What a rate is of the list price.
Term Bill::ratio(Index i, const Line& line) const {
    const Term to_pay = rate(i, terms_.rates()[static_cast<std::size_t>(line.item.rate)]);
    if (line.item.ratio >= 1) return r_.literal(1);
    if (line.on != nullptr && fleet_.databases[i].platform->elastic == nullptr) return to_pay / r_(*line.on->list);
    const Price& price = *plan_.databases[i].capacity->unit_price;
    const double unit = static_cast<double>(price.amount.value);
    return to_pay / Term{Interval<double>(unit),
                         r_.row(assess::database_key(i, Name::capacity_price),
                                assess::measured(Measure::usd_per_month, unit), price.row),
                         r_.figures()};
}

void Bill::by_plans(const std::vector<Line>& lines, const PaidFleet& world, std::vector<Paid>& all) {
    spent_ = {};
    if (terms_.plans().empty()) return;
    std::vector<std::vector<Index>> at_rate(terms_.rates().size());
    for (Index i = 0; i < lines.size(); ++i)
        if (lines[i].item.rate >= 0 && lines[i].item.list != 0)
            at_rate[static_cast<std::size_t>(lines[i].item.rate)].push_back(i);
    Term left = plan_money();
    std::vector<Term> spent;
    for (const std::size_t k : world.by_plan().order) {
        const std::vector<Index>& members = at_rate[k];
        if (members.empty()) continue;
        std::vector<Term> needs;
        for (const Index i : members) needs.push_back(rest_[i] * ratio(i, lines[i]));
        const Term need = assess::sum(needs, r_.figures());
        const Term share = need.value.high > 0 ? assess::least(r_.literal(1), left / need) : r_.literal(0);
        for (const Index i : members) {
            const auto share_here = keep<Fraction>(key(i, Name::plan_share), share);
            all[i].by_plan = keep<MicroUsdPerMonth>(key(i, Name::by_plan), rest_[i] * r_(share_here));
        }
        left = assess::most(r_.literal(0), left - need);
        spent.push_back(need * share);
    }
    spent_ = keep<MicroUsdPerMonth>({{Subject::Kind::commitment, terms_.plans().front()}, Name::plan_spent, phase_},
                                    spent.size() == 1 ? spent.front() : assess::sum(spent, r_.figures()));
}

}  // namespace poolfit::plan
