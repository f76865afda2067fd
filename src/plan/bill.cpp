#include "bill.hpp"

#include <cstdint>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/storage.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

using assess::Term;

namespace {

constexpr std::int64_t least_apart = 1000;  // micro-USD: two ends that differ by less are one amount

}  // namespace

Key Bill::key(Index database, Name name) const { return assess::database_key(database, name, phase_); }

template <class T>
Figure<T> Bill::keep(const Key& key, const Term& term) const {
    if (named_) return r_.keep<T>(key, term);
    return {FigureType<T>::value(term.value), term.id};
}

/// What is left to pay; nothing where that is not known.
std::optional<Term> Bill::left(Index i, const Line& line, const Paid& paid) const {
    const DatabasePlan& own = plan_.databases[i];
    if (line.on == nullptr && line.serverless == nullptr) {
        const auto& none = own.recommendation.cost;
        return own.recommendation.verdict == Verdict::idle && none ? std::optional(r_(*none)) : std::nullopt;
    }
    const bool elastic = fleet_.databases[i].platform->elastic != nullptr;
    // A rate of another class than today's counts as the list price, which it cannot exceed.
    if (paid.rate_unknown && (elastic || (line.on != nullptr && line.item.cls == own.now.cls))) return std::nullopt;
    std::optional<Term> left;
    if (elastic || line.serverless != nullptr) {
        const auto& use = own.capacity;
        if (elastic && (!use || use->instead || !use->cost)) return std::nullopt;
        const Term all = r_(elastic ? *use->cost : line.serverless->cost);
        left = takes_most(line) ? assess::high(all) : assess::low(all);
    } else if (line.on->cost) {
        left = r_(*line.on->cost);
    }
    if (!left) return left;
    if (paid.covered) left = *left - r_(paid.by_units);
    if (paid.by_plan.id || paid.by_plan.value.value != 0) left = *left - r_(paid.by_plan);
    return left;
}

void Bill::keep_left(Index i, const Line& line, Paid& paid, const Paid* most) const {
    const auto low = left(i, line, paid);
    if (!low) return;
    using Money = Interval<MicroUsdPerMonth>;
    const bool of_class = line.serverless == nullptr && fleet_.databases[i].platform->elastic == nullptr;
    const Figure<MicroUsdPerMonth> end{FigureType<MicroUsdPerMonth>::value(low->value), low->id};
    if (at_most_) {  // the other end, which `paid` has no name for
        paid.cost = end;
        return;
    }
    const bool two = most != nullptr && most->cost && most->cost->value.value > end.value.value + least_apart;
    if (!of_class || two)
        paid.range = keep<Money>(key(i, Name::paid), two ? assess::between(*low, r_(*most->cost)) : *low);
    if (of_class) paid.cost = two ? end : keep<MicroUsdPerMonth>(key(i, Name::paid), *low);
}

std::vector<Paid> Bill::of(const std::vector<Line>& lines, Phase phase, bool named, const std::vector<Paid>* most) {
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
        const Paid* other = most != nullptr ? &(*most)[i] : nullptr;
        all[i].by_plan_most = (other != nullptr ? other : &all[i])->by_plan.value;
        keep_left(i, lines[i], all[i], other);
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
    if (list(line) == 0) return r_.literal(0);
    const auto end = [&](const Term& range) { return takes_most(line) ? assess::high(range) : assess::low(range); };
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
        if (lines[i].item.rate >= 0 && list(lines[i]) != 0)
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
            const auto share_here = keep<Fraction>(key(i, by_end(Name::plan_share, Name::plan_share_most)), share);
            all[i].by_plan =
                keep<MicroUsdPerMonth>(key(i, by_end(Name::by_plan, Name::by_plan_most)), rest_[i] * r_(share_here));
        }
        left = assess::most(r_.literal(0), left - need);
        spent.push_back(need * share);
    }
    spent_ = keep<MicroUsdPerMonth>(
        {{Subject::Kind::commitment, terms_.plans().front()}, by_end(Name::plan_spent, Name::plan_spent_most), phase_},
        spent.size() == 1 ? spent.front() : assess::sum(spent, r_.figures()));
}

}  // namespace poolfit::plan
