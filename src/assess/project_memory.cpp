#include "scope.hpp"

namespace poolfit::assess {

namespace {

Term at_least_zero(const Term& term, Recorder r) { return most(term, r.literal(0)); }

/// Memory that the server allots itself by its size.
Figure<Interval<Bytes>> buffers(const Scope& scope, const Offer& offer) {
    const Platform& platform = *scope.database.platform;
    const auto& version = scope.database.version;
    const BufferMemory made =
        platform.buffers(offer.engine_memory, version ? std::optional(version->value) : std::nullopt);
    const Recorder r = scope.r;
    if (!r.on()) return {made.range, {}};
    Key key = class_key(*offer.cls, Name::buffers, first_of_platform(scope.fleet, scope.index));
    key.detail = platform.buffers_name;
    const auto seen = engine_memory(scope.fleet, scope.index, offer, r);
    if (made.divisor == 0) {
        const Provenance source{{}, made.source, {}, {}};
        return {made.range, r.by_model(key, measured(made.range), Model::buffers, made.formula, std::span(&seen.id, 1),
                                       {}, &source)};
    }
    Key constant = constant_key(Name::buffers_divisor);
    constant.detail = platform.buffers_name;
    const double parts = static_cast<double>(made.divisor);
    const Figure<double> divisor{parts, r.constant(constant, measured(Measure::ratio, parts), made.source)};
    return r.keep<Interval<Bytes>>(key, floor(r(seen) / r(divisor)));
}

/// Memory of connections that can not have been open in the time observed: today's deploys were in it.
std::optional<Figure<Interval<Bytes>>> growth(const Scope& scope, const DatabaseDemand& now,
                                              const DatabaseDemand& after) {
    if (!now.deploy_peak || !after.deploy_peak) return std::nullopt;
    if (after.deploy_peak->value <= now.deploy_peak->value) return std::nullopt;
    const Recorder r = scope.r;
    const Platform& platform = *scope.database.platform;
    Key key = constant_key(Name::memory_per_connection);
    if (first_of_platform(scope.fleet, scope.index) != 0) key.detail = platform.engine;
    const Figure<Interval<Bytes>> each{
        platform.connection_memory, r.constant(key, measured(platform.connection_memory), platform.connection_source)};
    const Term more = r(*after.deploy_peak) - r(*now.deploy_peak);
    return r.keep<Interval<Bytes>>(scope.today_key(Name::memory_new_connections),
                                   between(r.literal(0), more * high(r(each))));
}

/// What is used besides the buffers. Buffers that are not full yet can be larger than all that is used; what the
/// platform and the system keep of a class is used in any case.
Term apart_from_buffers(const Scope& scope, const Term& left, const Figure<Interval<Bytes>>& rest) {
    const Recorder r = scope.r;
    const Bytes kept_low = scope.cls().memory - scope.offer.engine_memory.high;
    if (left.value.low >= 0 || rest.value.low >= kept_low) return r(rest);
    const Term all = r(class_memory(scope.cls(), r)), seen = r(engine_memory(scope.fleet, scope.index, scope.offer, r));
    const auto kept = r.keep<Interval<Bytes>>(scope.key(Name::memory_kept), all - seen);
    return most(r(rest), r(kept));
}

Figure<Interval<Bytes>> used(const Scope& scope, const Figure<Interval<Bytes>>& today,
                             const std::optional<Figure<Interval<Bytes>>>& more) {
    const Recorder r = scope.r;
    if (scope.same()) {
        if (!more) return today;
        return r.keep<Interval<Bytes>>(scope.today_key(Name::memory_used, Phase::after), r(today) + r(*more));
    }
    const Term left = r(today) - r(buffers(scope, scope.today));
    const auto rest =
        r.keep<Interval<Bytes>>(scope.today_key(Name::memory_rest), at_least_zero(left, r), {Note::same_on_any_class});
    const Term then = r(buffers(scope, scope.offer)), apart = apart_from_buffers(scope, left, rest);
    const Key key = scope.key(Name::memory_used);
    if (!more) return r.keep<Interval<Bytes>>(key, apart + then);
    const Term parts[] = {apart, then, r(*more)};
    return r.keep<Interval<Bytes>>(key, apply(Op::sum, parts));
}

Figure<Interval<Bytes>> freeable(const Scope& scope, const Figure<Interval<Bytes>>& used) {
    const Recorder r = scope.r;
    const Key key =
        scope.same() ? scope.today_key(Name::memory_freeable, Phase::after) : scope.key(Name::memory_freeable);
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

void project_memory(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after,
                    Projection& projection) {
    const auto& observed = scope.database.observed.freeable_memory;
    if (observed) {
        const Recorder r = scope.r;
        const Figure<Interval<Bytes>> free{
            **observed, r.input(scope.today_key(Name::memory_freeable), measured(**observed), observed->place)};
        const auto today =
            r.keep<Interval<Bytes>>(scope.today_key(Name::memory_used), r(class_memory(*scope.today.cls, r)) - r(free),
                                    {Note::used_today, scope.database.platform->buffers_name});
        const auto more = growth(scope, now, after);
        projection.memory_used = used(scope, today, more);
        projection.freeable = scope.same() && !more ? free : freeable(scope, *projection.memory_used);
    }
    checks(scope, projection);
}

}  // namespace poolfit::assess
