#include "workload_figures.hpp"

#include <poolfit/model/workload.hpp>

namespace poolfit::plan {
namespace {

Figure<Interval<Millis>> time_leaf(Index pool, Name name, const Located<Interval<Millis>>& given, Note counts,
                                   Recorder r) {
    return {*given, r.input(assess::pool_key(pool, name), assess::measured(*given), given.place,
                            {given->is_point() ? Note::none : counts})};
}

FigureId percentile_leaf(Index pool, Name name, const Located<Millis>& given, Recorder r) {
    return r.input(assess::pool_key(pool, name), assess::measured(*given), given.place);
}

/// The note of a rate or a number of users that --scale has multiplied.
Remark scaled(const Fleet& fleet, bool range = false) {
    if (fleet.load_scale == 1) return {range ? Note::higher_end : Note::none};
    return {range ? Note::higher_end_scaled : Note::scaled, {}, fleet.load_scale};
}

Figure<Interval<double>> rate_leaf(const Fleet& fleet, const Key& key, const Located<Interval<PerSecond>>& rate,
                                   Recorder r) {
    const Interval<double> value{rate->low.value, rate->high.value};
    return {value,
            r.input(key, assess::measured(Measure::per_second, value), rate.place, scaled(fleet, !rate->is_point()))};
}

/// Of a process: its own, or its share of the service's.
Figure<Interval<double>> arrivals(const Fleet& fleet, Index index, Recorder r) {
    const Workload& given = r.workload(fleet, index);
    const Key key = assess::pool_key(index, Name::rate);
    if (!given.rate_of_service || !r.on()) return rate_leaf(fleet, key, *given.rate, r);
    const Index service = fleet.pools[index].service;
    const auto all =
        rate_leaf(fleet, assess::service_key(service, Name::service_rate), *fleet.services[service].rate, r);
    const auto instances = r(assess::service_instances(fleet, service, r));
    const auto processes = r(assess::service_processes(fleet, service, r));
    return r.keep<Interval<double>>(key, Measure::per_second, r(all) / instances / processes);
}

}  // namespace

Figure<Interval<Millis>> hold_figure(const Fleet& fleet, Index index, const sizing::Load& load, Recorder r) {
    const Workload& given = r.workload(fleet, index);
    if (!model::has_percentiles(given)) return time_leaf(index, Name::hold, *given.hold, Note::longer_end, r);
    const auto mean = sizing::mean_hold(load.hold);
    const Millis* value = std::get_if<Millis>(&mean);
    const Interval<Millis> hold(value != nullptr ? *value : Millis(0));
    if (!r.on()) return {hold, {}};
    std::vector<FigureId> known{percentile_leaf(index, Name::hold_p50, *given.hold_p50, r)};
    if (given.hold_p95) known.push_back(percentile_leaf(index, Name::hold_p95, *given.hold_p95, r));
    if (given.hold_p99) known.push_back(percentile_leaf(index, Name::hold_p99, *given.hold_p99, r));
    return {hold,
            r.by_model(assess::pool_key(index, Name::hold), assess::measured(hold), Model::mean_of_law, {}, known)};
}

Figure<Interval<Millis>> think_figure(const Fleet& fleet, Index index, Recorder r) {
    return time_leaf(index, Name::think, *r.workload(fleet, index).think, Note::shorter_end, r);
}

Figure<Interval<Millis>> cpu_figure(const Fleet& fleet, Index index, Recorder r) {
    return time_leaf(index, Name::cpu_time, *r.workload(fleet, index).cpu, Note::longer_end, r);
}

Figure<double> spread_figure(const Fleet& fleet, Index index, Recorder r) {
    const auto& cv = fleet.pools[index].workload->cv;
    return {*cv, r.input(assess::pool_key(index, Name::cv), assess::measured(Measure::ratio, *cv), cv.place)};
}

Figure<std::int64_t> users_figure(const Fleet& fleet, Index index, Recorder r) {
    const auto& users = *r.workload(fleet, index).users;
    return {*users,
            r.input(assess::pool_key(index, Name::users), assess::measured(*users), users.place, scaled(fleet))};
}

Figure<Erlangs> offered_figure(const Fleet& fleet, Index index, const sizing::Load& load, Recorder r) {
    const Workload& given = r.workload(fleet, index);
    const auto answer = sizing::offered(load);
    const Erlangs* offered = std::get_if<Erlangs>(&answer);
    const Erlangs value = offered != nullptr ? *offered : Erlangs(0);
    if (!r.on()) return {value, {}};
    const Key key = assess::pool_key(index, Name::offered);
    const auto hold = hold_figure(fleet, index, load, r);
    if (given.users) {
        const FigureId inputs[] = {users_figure(fleet, index, r).id,
                                   time_leaf(index, Name::think, *given.think, Note::shorter_end, r).id, hold.id};
        return {value, r.by_model(key, assess::measured(value), Model::offered_closed, {}, inputs)};
    }
    auto per_second = assess::high(r(arrivals(fleet, index, r)));
    const auto ms = assess::high(r(hold));
    if (*fleet.pools[index].databases > 1) per_second = per_second / r(assess::pool_databases(fleet, index, r));
    if (*given.nested == 0) return r.keep<Erlangs>(key, per_second * ms / r.literal(1000));
    const auto checkouts = r.literal(1) + r(assess::nested_checkouts(fleet, index, r));
    return r.keep<Erlangs>(key, per_second * checkouts * ms / r.literal(1000));
}

}  // namespace poolfit::plan
