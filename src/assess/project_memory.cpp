#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "scope.hpp"

namespace poolfit::assess {

namespace {

[[gnu::always_inline]] inline Term at_least_zero(const Term& term, Recorder r) { return most(term, r.literal(0)); }

/// Of connections on today's class. Noted only where the limit is what counts: they ask for more.
Figure<Connections> usable_today(const Scope& scope, const Figure<Connections>& asked) {
    auto& known = scope.known.usable_today;
    if (!known) known = limits(scope.fleet, scope.market, scope.index, scope.today, scope.r.silent()).usable;
    const Figure<Connections> usable = *known;
    if (asked.value <= usable.value || !scope.r.on()) return usable;
    return limits(scope.fleet, scope.market, scope.index, scope.today, scope.r).usable;
}

/// What the server calls it; with the version where the fleet has several of its platform, as the formula may differ.
std::string_view buffers_name(const Scope& scope) {
    const Database& mine = scope.database;
    const std::string_view plain = mine.platform->buffers_name;
    const auto another = [&](const Database& other) {
        return other.platform == mine.platform && other.version_text != mine.version_text;
    };
    if (std::ranges::none_of(scope.fleet.databases, another)) return plain;
    std::string version = mine.version_text.empty() ? std::string("any") : mine.version_text;
    std::ranges::replace(version, '.', '_');
    return scope.r.figures()->own(fmt::format("{}_of_{}", plain, version));
}

/// Memory that the server allots itself by its size.
Figure<Interval<Bytes>> buffers(const Scope& scope, const Offer& offer) {
    const Platform& platform = *scope.database.platform;
    const auto& version = scope.database.version;
    const Recorder r = scope.r;
    const BufferMemory made = platform.buffers(r.drawn(Doubt::server_memory, offer.engine_memory),
                                               version ? std::optional(version->value) : std::nullopt);
    if (!r.on()) return {r.drawn(Doubt::buffers, made.range), {}};
    Key key = class_key(*offer.cls, Name::buffers, first_of_platform(scope.fleet, scope.index));
    key.detail = buffers_name(scope);
    const auto seen = engine_memory(scope.fleet, scope.index, offer, r);
    if (made.divisor == 0) {
        const Provenance source{{}, made.source, {}, {}};
        return {made.range, r.by_model(key, measured(made.range), Model::buffers, made.formula, std::span(&seen.id, 1),
                                       {}, &source)};
    }
    Key constant = constant_key(Name::buffers_divisor);
    constant.detail = key.detail;
    const double parts = static_cast<double>(made.divisor);
    const Figure<double> divisor{parts, r.constant(constant, measured(Measure::ratio, parts), made.source)};
    return r.keep<Interval<Bytes>>(key, floor(r(seen) / r(divisor)));
}

/// Connections that a server lets in, of those that its clients ask for.
Term let_in(const Figure<Connections>& asked, const Figure<Connections>& usable, Recorder r) {
    return asked.value > usable.value ? r(usable) : r(asked);
}

/// The most connections that were seen on the server.
std::optional<Term> seen_at_most(const Scope& scope) {
    if (!scope.database.observed.connections) return std::nullopt;
    return high(scope.r(observed_connections(scope.fleet, scope.index, scope.r)));
}

/// The most that were open of what the inventory lists: what today's limit lets in, or fewer were seen. What nothing
/// listed opens stays when the rest grows.
std::optional<Term> listed_while_observed(const Scope& scope, const std::optional<Figure<Connections>>& listed) {
    const auto& seen = scope.database.observed.connections;
    if (!listed) return seen_at_most(scope);
    const Figure<Connections> usable = usable_today(scope, *listed);
    if (seen && seen->value.high < std::min(listed->value, usable.value)) return seen_at_most(scope);
    return let_in(*listed, usable, scope.r);
}

/// Memory of connections that were not open in the time observed. Today's deploys were in it, unless fewer were seen.
std::optional<Figure<Interval<Bytes>>> growth(const Scope& scope, const DatabaseDemand& now,
                                              const DatabaseDemand& after, Phase phase, const Limits& there) {
    if (!after.deploy_peak) return std::nullopt;
    const Recorder r = scope.r;
    const auto open = listed_while_observed(scope, now.deploy_peak);
    if (!open) return std::nullopt;
    const Term then = let_in(*after.deploy_peak, there.usable, r), before = *open;
    if (then.value.high <= before.value.high) return std::nullopt;
    const Term each = r(each_connection(scope));
    // What follows max_connections is another on each class, and so is what the limit lets in: on today's class, too.
    const bool by_class = !after.shares.empty() || after.deploy_peak->value > there.usable.value;
    const Key key = phase == Phase::now ? scope.today_key(Name::memory_new_today)
                    : by_class ? database_key(scope.index, Name::memory_new_connections, Phase::now, &scope.cls())
                               : scope.today_key(Name::memory_new_connections);
    const Term taken = between(r.literal(0), (then - before) * high(each));
    return r.keep<Interval<Bytes>>(key, r.drawn(Doubt::connection_memory, taken));
}

/// What the system, the provider's agents and the engine take on any class; today's connections, between none of them
/// and all that were seen, or that the inventory lists. Nothing where a pool may open any number.
std::optional<Term> find_at_rest(const Scope& scope, const DatabaseDemand& now) {
    const Recorder r = scope.r;
    auto open = seen_at_most(scope);
    if (!open && now.allocated) open = let_in(*now.allocated, usable_today(scope, *now.allocated), r);
    if (!open) return std::nullopt;
    const RestMemory& rest = *scope.database.platform->rest;
    Figure<Interval<Bytes>> at_rest{r.drawn(Doubt::at_rest, rest.at_rest), {}};
    if (r.on()) {
        const Key key = constant_key(Name::memory_at_rest, *scope.database.platform);
        at_rest.id = r.constant(key, measured(rest.at_rest), rest.at_rest_source);
    }
    const Term each = r(each_connection(scope));
    const Term taken = r.drawn(Doubt::connection_memory, between(r.literal(0), high(each) * *open));
    const auto connections = r.keep<Interval<Bytes>>(scope.today_key(Name::memory_connections), taken);
    return r(at_rest) + r(connections);
}

std::optional<Term> at_rest_with_connections(const Scope& scope, const DatabaseDemand& now) {
    if (scope.r.on()) return find_at_rest(scope, now);
    auto& known = scope.known.at_rest_and_opened;
    if (!known) known = find_at_rest(scope, now);
    return *known;
}

Figure<Interval<Bytes>> unseen(const Scope& scope, const Offer& offer) {
    const Recorder r = scope.r;
    const Term all = r(class_memory(*offer.cls, r));
    const Term seen = r(os_memory(*scope.database.platform, *offer.cls, r));
    return r.keep<Interval<Bytes>>(class_key(*offer.cls, Name::unseen_memory), all - seen);
}

/// In use of what the guest OS sees.
Term in_use(const Scope& scope, const Figure<Interval<Bytes>>& today) {
    const Recorder r = scope.r;
    auto& known = scope.known.memory_in_use;
    if (!r.on() && known) return *known;
    const Term hidden = r(unseen(scope, scope.today));
    const Term found = r(r.keep<Interval<Bytes>>(scope.today_key(Name::memory_in_use),
                                                 at_least_zero(r(today) - hidden, r), {Note::seen_by_os}));
    if (!r.on()) known = found;
    return found;
}

/// What is in use stays, but for buffers that hold data today and do not fit: not more of them than are there, and not
/// more than is in use besides what is at rest and connections. Buffers that may be full fill larger ones too.
///     in use − max(0, min(buffers, in use − at rest − connections) − buffers there)
/// so written that each range counts at the end that it has in the result.
Term in_use_there(const Scope& scope, const Term& all, const DatabaseDemand& now) {
    const Recorder r = scope.r;
    const Term had = r(buffers(scope, scope.today));
    const Term there = r(buffers(scope, scope.offer));
    const auto rest = at_rest_with_connections(scope, now);
    const Term as_full = all - (had - there);
    const Term most_of_it = rest ? most(as_full, least(all, *rest + there)) : most(as_full, all);
    const double at_rest = static_cast<double>(scope.database.platform->rest->at_rest.low.value);
    if (all.value.high - at_rest < had.value.low) return least(all, most_of_it);
    return r.drawn(Doubt::buffers_filled, between(least(all, most_of_it), most_of_it));
}

Figure<Interval<Bytes>> used(const Scope& scope, const Figure<Interval<Bytes>>& today, const DatabaseDemand& now,
                             Phase phase, const std::optional<Figure<Interval<Bytes>>>& more) {
    const Recorder r = scope.r;
    if (scope.same()) {
        if (!more) return today;
        const Key key = phase == Phase::now ? scope.today_key(Name::memory_used_today)
                                            : scope.today_key(Name::memory_used, Phase::after);
        return r.keep<Interval<Bytes>>(key, r(today) + r(*more));
    }
    const Term all = in_use(scope, today);
    const Term hidden = r(unseen(scope, scope.offer));
    const Term there = in_use_there(scope, all, now);
    const std::array<Term, 3> parts{hidden, there, more ? r(*more) : Term{}};
    const RestMemory& rest = *scope.database.platform->rest;
    const Interval<Bytes> idle = r.drawn(Doubt::at_rest, rest.idle(scope.cls()));
    Figure<Interval<Bytes>> floor{idle, {}};
    if (r.on())
        floor.id = r.constant(class_key(scope.cls(), Name::idle_memory, first_of_platform(scope.fleet, scope.index)),
                              measured(idle), rest.idle_source);
    return r.keep<Interval<Bytes>>(scope.key(Name::memory_used),
                                   most(apply(Op::sum, std::span(parts).first(more ? 3 : 2)), r(floor)));
}

/// Memory that can hold data: buffers alone where the engine reads past the page cache, else what is freeable.
std::optional<Interval<Bytes>> cache(const Scope& scope, const Figure<Interval<Bytes>>& today,
                                     const DatabaseDemand& now, const Projection& projection) {
    const Platform& platform = *scope.database.platform;
    if (!platform.reads_past_page_cache) return projection.freeable->value;
    if (!platform.rest) return std::nullopt;
    const Recorder r = scope.r;
    const Term there = r(buffers(scope, scope.offer));
    if (!scope.same()) return FigureType<Interval<Bytes>>::value(there.value);
    const Term all = in_use(scope, today);
    const auto rest = at_rest_with_connections(scope, now);
    const Term filled = rest ? most(all - *rest, r.literal(0)) : all;
    return r.keep<Interval<Bytes>>(scope.today_key(Name::memory_buffers), least(there, filled)).value;
}

Figure<Interval<Bytes>> freeable(const Scope& scope, Phase phase, const Figure<Interval<Bytes>>& used) {
    const Recorder r = scope.r;
    const Key key = phase == Phase::now ? scope.today_key(Name::memory_freeable_today)
                    : scope.same()      ? scope.today_key(Name::memory_freeable, Phase::after)
                                        : scope.key(Name::memory_freeable);
    return r.keep<Interval<Bytes>>(key, at_least_zero(r(class_memory(scope.cls(), r)) - r(used), r));
}

void checks(const Scope& scope, Projection& projection) {
    const Policy& policy = scope.fleet.policy;
    const double memory = static_cast<double>(scope.cls().memory.value);
    Check share, floor;
    share.dimension = Dimension::memory;
    floor.dimension = Dimension::freeable_memory;
    share.measure = floor.measure = Measure::bytes;
    share.allowed = policy.memory_max->value;
    share.of = floor.of = memory;
    share.limit = share.allowed * memory;
    floor.limit = static_cast<double>(policy.freeable_memory_min->value);
    if (!projection.memory_used) {
        const bool as_much = scope.same() || scope.cls().memory >= scope.today.cls->memory;
        share.standing = floor.standing = Scope::unknown(as_much);
        share.missing = floor.missing = Missing::freeable_memory;
    } else {
        const auto& used = projection.memory_used->value;
        const auto& free = projection.freeable->value;
        const double most = static_cast<double>(used.high.value), least = static_cast<double>(free.low.value);
        share.value = Interval<double>{static_cast<double>(used.low.value), most};
        share.figure = projection.memory_used->id;
        share.share = *share.limit > 0 ? most / *share.limit : 1e9;
        share.standing = over(most, *share.limit) ? Standing::over : Standing::inside;
        floor.value = Interval<double>{least, static_cast<double>(free.high.value)};
        floor.figure = projection.freeable->id;
        const double room = memory - *floor.limit;
        floor.share = room > 0 ? most / room : 1e9;
        floor.standing = over(*floor.limit, least) ? Standing::over : Standing::inside;
    }
    projection.checks.push_back(share);
    if (policy.freeable_memory_min->value > 0) projection.checks.push_back(floor);
}

}  // namespace

Figure<Interval<Bytes>> each_connection(const Scope& scope) {
    const Platform& platform = *scope.database.platform;
    const Recorder r = scope.r;
    if (!r.on()) return {platform.connection_memory, {}};
    return {platform.connection_memory, r.constant(constant_key(Name::memory_per_connection, platform),
                                                   measured(platform.connection_memory), platform.connection_source)};
}

void project_memory(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Phase phase,
                    Projection& projection) {
    if (scope.cls().unknown) {
        Check share;
        share.dimension = Dimension::memory;
        share.measure = Measure::bytes;
        share.standing = Standing::unknown;
        share.missing = Missing::server;
        return projection.checks.push_back(share);
    }
    const auto& observed = scope.database.observed.freeable_memory;
    if (observed) {
        const Recorder r = scope.r;
        const Figure<Interval<Bytes>> free{
            r.drawn(scope.index, Doubt::freeable_memory, **observed),
            r.input(scope.today_key(Name::memory_freeable), measured(**observed), observed->place,
                    of_series(scope.database.observed, "freeable_memory", observed->place))};
        Term taken = r(class_memory(*scope.today.cls, r)) - r(free);
        if (const auto& swap = scope.database.observed.swap) {
            const Figure<Interval<Bytes>> out{
                r.drawn(scope.index, Doubt::swap, **swap),
                r.input(scope.today_key(Name::memory_swap), measured(**swap), swap->place)};
            taken = taken + r(out);
        }
        const auto today = r.keep<Interval<Bytes>>(scope.today_key(Name::memory_used), taken,
                                                   {Note::used_today, scope.database.platform->buffers_name});
        const auto more = growth(scope, now, after, phase, projection.limits);
        if (scope.same()) {
            projection.memory_seen = today;
            projection.freeable_seen = free;
        }
        projection.memory_used = used(scope, today, now, phase, more);
        projection.freeable = scope.same() && !more ? free : freeable(scope, phase, *projection.memory_used);
        projection.cache = cache(scope, today, now, projection);
    }
    checks(scope, projection);
}

}  // namespace poolfit::assess
