#include <poolfit/assess/budget.hpp>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::assess {

namespace {

[[gnu::always_inline]] inline Term at_least_zero(const Term& term, Recorder r) { return most(term, r.literal(0)); }

Figure<Connections> reserved(const Fleet& fleet, const Offers& offers, Index index, Recorder r) {
    const Database& database = fleet.databases[index];
    const Key key = database_key(index, Name::connections_reserved);
    if (const auto& given = database.reserved_connections)
        return {**given, r.input(key, measured(**given), given->place)};
    if (!r.on()) return {Connections(offers.reserved), {}};
    std::vector<Term> parts;
    for (const ReservedSlots& slots : offers.slots) {
        const Key parameter{{Subject::Kind::engine, first_of_platform(fleet, index)},
                            Name::parameter,
                            Phase::now,
                            nullptr,
                            slots.parameter};
        const Figure<Connections> part{Connections(slots.slots),
                                       r.row(parameter, measured(Connections(slots.slots)), slots.row)};
        parts.push_back(r(part));
    }
    const bool exact = database.version && database.version->value.exact();
    return r.keep<Connections>(key, sum(parts, r.figures()), {exact ? Note::none : Note::any_minor_version});
}

/// What the server reported.
Figure<Connections> observed(const Database& database, Index index, Recorder r) {
    const auto& given = *database.max_connections;
    return {*given, r.input(database_key(index, Name::connections_max_observed), measured(*given), given.place)};
}

/// A figure of the class before the cap that its database's least capacity puts on it, and after.
template <class T>
void capped(const Database& database, const Key& key, const T& before, auto record, Figure<T>& limit, Recorder r) {
    const auto cap = capped_limit(database, *key.cls);
    if (!cap) {
        limit.id = record(key, measured(limit.value));
        return;
    }
    Key of_class = key;
    of_class.name = key.name == Name::max_nominal ? Name::max_uncapped_nominal : Name::max_uncapped;
    const Figure<T> all{before, record(of_class, measured(before))};
    const Figure<Connections> most{
        *cap, r.constant(constant_key(Name::limit_cap), measured(*cap), database.platform->elastic->capped_source)};
    limit.id = r.keep<T>(key, least(r(all), r(most))).id;
}

/// The class's limits: listed; or by the platform's formula, from the label and from what the engine sees.
void of_class(const Fleet& fleet, const Market& market, Index index, const Offer& offer, Limits& limits, Recorder r) {
    if (!offer.max_expected) return;
    const Database& database = fleet.databases[index];
    if (offer.max_nominal) limits.max_nominal = Figure<Connections>{*offer.max_nominal, {}};
    auto& expected = limits.max_expected.emplace(
        Figure<Interval<Connections>>{r.drawn(Doubt::server_memory, *offer.max_expected), {}});
    if (!r.on()) return;
    const InstanceClass& cls = *offer.cls;
    const Index first = first_of_platform(fleet, index);
    const Key label_key = class_key(cls, Name::max_nominal, first),
              seen_key = class_key(cls, Name::max_expected, first);
    if (const auto& listed = cls.limit) {
        const auto as_listed = [&](const Key& key, const Measured& value) { return r.row(key, value, listed->row); };
        if (limits.max_nominal) capped(database, label_key, listed->range.high, as_listed, *limits.max_nominal, r);
        capped(database, seen_key, listed->range, as_listed, expected, r);
        return;
    }
    const auto formula = market.catalog().max_connections_formula(*database.platform);
    const Origin origin = origin_of(formula->row);
    const FigureId label = class_memory(cls, r).id, seen = engine_memory(fleet, index, offer, r).id;
    const auto from = [&](const FigureId& memory, Remark remark) {
        return [&, remark](const Key& key, const Measured& value) {
            return r.by_formula(key, value, formula->text, Formula::Dialect::rds, origin, std::span(&memory, 1),
                                remark);
        };
    };
    capped(database, label_key, offer.uncapped.nominal, from(label, {Note::label_is_ceiling}), *limits.max_nominal, r);
    const Interval<Connections>& by_formula = offer.uncapped.expected;
    if (catalog::with_seen_limit(*database.platform, by_formula).low == by_formula.low)
        return capped(database, seen_key, by_formula, from(seen, {}), expected, r);
    Key uncapped = seen_key;
    uncapped.name = Name::max_uncapped;
    const Figure<Interval<Connections>> all{by_formula, from(seen, {})(uncapped, measured(by_formula))};
    const SeenLimit& limit = *database.platform->limit.seen;
    const Connections had(limit.connections);
    const Figure<Connections> least{had, r.constant(constant_key(Name::limit_seen), measured(had), limit.source)};
    expected.id = r.keep<Interval<Connections>>(seen_key, between(r(least), high(r(all)))).id;
}

Figure<Connections> planned(const Fleet& fleet, const Market& market, Index index, const InstanceClass* on,
                            Limits& limits, Recorder r) {
    const Database& database = fleet.databases[index];
    const Key key = database_key(index, Name::connections_max_planned, Phase::now, on);
    if (const auto& given = database.max_connections) {
        const Chained* chained = market.chained(index);
        const Index like = chained != nullptr ? chained->largest.value_or(index) : index;
        const auto& own = market.offer(like, *fleet.databases[like].type).max_expected;
        limits.set_by_hand = own ? **given < own->low || **given > own->high : !database.type->unknown;
        const auto said = observed(database, index, r);
        if (on == nullptr) {
            limits.max_observed = said;
            return r.keep<Connections>(key, r(said), {own ? Note::server_wins : Note::none});
        }
        if (!database.platform->limit.follows_class) return r.keep<Connections>(key, r(said), {Note::limit_stays});
        if (limits.set_by_hand)
            return r.keep<Connections>(key, least(r(said), low(r(*limits.max_expected))), {Note::set_by_hand_stays});
    }
    if (on != nullptr && !database.platform->limit.follows_class) {
        // The server keeps the default of the class that it was made on: today's, for all that is known.
        const Offer& today = market.offer(index, *database.type);
        const Figure<Connections> kept{
            today.max_expected->low,
            r.row(class_key(*database.type, Name::max_expected, first_of_platform(fleet, index)),
                  measured(*today.max_expected), database.type->limit->row)};
        return r.keep<Connections>(key, r(kept), {Note::limit_stays});
    }
    return r.keep<Connections>(key, low(r(*limits.max_expected)), {Note::low_end});
}

/// What the class's limit is among the other instances of its replica chain.
void in_chain(const Fleet& fleet, const Market& market, Index index, const InstanceClass* on, Limits& limits,
              Recorder r) {
    const Chained* chained = market.chained(index);
    if (chained == nullptr || (!chained->largest && !chained->primary) || !limits.max_expected) return;
    const Key key = database_key(index, Name::connections_max_in_chain, Phase::now, on);
    limits.max_nominal.reset();
    if (chained->primary) {
        const Index primary = *chained->primary;
        limits.max_expected = r.keep<Interval<Connections>>(key, r(observed(fleet.databases[primary], primary, r)),
                                                            {Note::limit_of_primary});
        return;
    }
    const InstanceClass& cls = *fleet.databases[*chained->largest].type;
    const Interval<Connections>& of_largest = *market.offer(*chained->largest, cls).max_expected;
    const Figure<Interval<Connections>> theirs{
        of_largest, r.on() ? r.row(class_key(cls, Name::max_expected, first_of_platform(fleet, index)),
                                   measured(of_largest), cls.limit->row)
                           : FigureId{}};
    limits.max_expected =
        r.keep<Interval<Connections>>(key, assess::most(r(*limits.max_expected), r(theirs)), {Note::limit_of_chain});
}

}  // namespace

Limits limits(const Fleet& fleet, const Market& market, Index index, const Offer& offer, Recorder r) {
    const Database& database = fleet.databases[index];
    const Offers& offers = market.offers(index);
    const InstanceClass* on = offer.cls == database.type ? nullptr : offer.cls;
    Limits result;
    of_class(fleet, market, index, offer, result, r);
    in_chain(fleet, market, index, on, result, r);
    result.known = on != nullptr || knows_limit(database);
    if (!result.known) {
        result.max_planned.value = result.usable.value = no_limit_known;
        result.reserved = reserved(fleet, offers, index, r);
        return result;
    }
    result.max_planned = planned(fleet, market, index, on, result, r);
    result.reserved = reserved(fleet, offers, index, r);
    result.usable = r.keep<Connections>(database_key(index, Name::connections_usable, Phase::now, on),
                                        at_least_zero(r(result.max_planned) - r(result.reserved), r));
    if (result.max_nominal)
        result.usable_nominal =
            r.keep<Connections>(database_key(index, Name::connections_usable_nominal, Phase::now, on),
                                at_least_zero(r(*result.max_nominal) - r(result.reserved), r));
    return result;
}

}  // namespace poolfit::assess
