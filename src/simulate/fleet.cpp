#include <poolfit/simulate/fleet.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/model/workload.hpp>

namespace poolfit::simulate {

namespace {

constexpr double seconds(Millis time) { return time.value / 1000; }

/// More than any count of the simulator, so that what is too many is refused and not cut off.
int whole(std::int64_t n) { return static_cast<int>(std::min<std::int64_t>(n, std::numeric_limits<int>::max())); }

/// The high end of a part of the hold, as a share of what is left of it.
double part(const Maybe<Interval<Millis>>& given, double mean, double left) {
    return given && mean > 0 ? std::min(left, seconds(given->value.high) / mean) : 0;
}

/// The database whose system it belongs to.
Index group_of(const Fleet& fleet, Index database, std::optional<Index> together) {
    const std::optional<Index> primary = fleet.databases[database].replica_of;
    return together && primary == together ? *together : database;
}

/// Of all the pools of a process that are one service of the system.
double connections_of_process(const ServiceModel& s) { return static_cast<double>(s.connections) * s.pools_of_process; }

/// The pools of a process have its threads together. (Users with nested checkouts may all be in flight.)
void share_threads(const Fleet& fleet, FleetSystem& system) {
    std::vector<ServiceModel>& services = system.system.services;
    const auto same_process = [&](std::size_t i, std::size_t k) {
        return fleet.pools[system.pools[i]].service == fleet.pools[system.pools[k]].service;
    };
    for (std::size_t i = 0; i < services.size(); ++i) {
        const auto threads = model::at_a_time(fleet.services[fleet.pools[system.pools[i]].service]);
        if (!threads || (services[i].nested > 0 && services[i].users > 0)) continue;
        double connections = 0;
        std::size_t first = i;
        for (std::size_t k = services.size(); k-- > 0;) {
            if (!same_process(i, k) || (services[k].nested > 0 && services[k].users > 0)) continue;
            connections += connections_of_process(services[k]);
            if (k < i && services[k].at_a_time > 0) first = k;
        }
        if (static_cast<double>(*threads) >= connections && services[i].at_a_time == 0) continue;
        services[i].at_a_time = whole(*threads);
        if (first < i) services[i].threads_of = first;
    }
}

void add_pool(const Fleet& fleet, Index index, const FleetSizes& sizes, FleetSystem& into) {
    const Pool& pool = fleet.pools[index];
    ServiceModel service = service_of(fleet, pool, sizes.pools[index], sizes.timeouts[index]);
    const auto position = [](std::vector<Index>& list, Index wanted) {
        const auto found = std::find(list.begin(), list.end(), wanted);
        const auto at = static_cast<std::size_t>(found - list.begin());
        if (found == list.end()) list.push_back(wanted);
        return at;
    };
    service.through_pooler = pool.pooler.has_value();
    if (pool.pooler) {
        service.target = position(into.poolers, *pool.pooler);
        if (service.target == into.system.poolers.size()) {
            const Pooler& pooler = fleet.poolers[*pool.pooler];
            PoolerModel& made = into.system.poolers.emplace_back();
            made.name = *pooler.name;
            made.connections = whole(std::clamp<std::int64_t>(sizes.poolers[*pool.pooler].value, 1, no_limit));
            made.wait_timeout = pooler_timeout;
            const auto at = std::find(into.databases.begin(), into.databases.end(), pooler.database);
            made.database = static_cast<std::size_t>(at - into.databases.begin());
        }
    } else {
        const auto at = std::find(into.databases.begin(), into.databases.end(), *pool.database);
        service.target = static_cast<std::size_t>(at - into.databases.begin());
    }
    into.pools.push_back(index);
    into.system.services.push_back(std::move(service));
}

}  // namespace

Law hold_law(const Workload& w) {
    if (!model::has_percentiles(w)) return by_mean_and_cv(seconds(w.hold->value.high), *w.cv);
    const auto known = [](const Maybe<Millis>& given) {
        return given ? std::optional(seconds(given->value)) : std::nullopt;
    };
    return by_percentiles(seconds(w.hold_p50->value), known(w.hold_p95), known(w.hold_p99));
}

ServiceModel service_of(const Fleet& fleet, const Pool& pool, std::optional<Connections> size,
                        std::optional<Millis> timeout) {
    const Service& owner = fleet.services[pool.service];
    const Workload& w = *pool.workload;
    ServiceModel service;
    service.name = fmt::format("{}.{}", *owner.name, *pool.name);
    service.instances = whole(owner.instances->high);
    service.processes = whole(model::copies_of_instance(fleet, pool));  // each database's pool is apart
    service.connections = size ? whole(size->value) : no_limit;
    if (w.acquire_timeout) timeout = w.acquire_timeout->value;
    if (timeout) service.acquire_timeout = seconds(*timeout);
    if (w.users) {
        service.users = whole(w.users->value);
        service.gap = exponential(w.think ? seconds(w.think->value.low) : 0);
    } else {
        service.gap = exponential(static_cast<double>(*pool.databases) / w.rate->value.high.value);
    }
    const Law hold = hold_law(w);
    const double mean = mean_of(hold), cpu = part(w.cpu, mean, 1), external = part(w.external, mean, 1 - cpu);
    const double rest = 1 - cpu - external > 1e-12 ? 1 - cpu - external : 0;
    const auto share = [&](double of) { return of > 0 ? stretched(hold, of) : constant(0); };
    service.one_draw = true;
    service.cpu_apart = service.users > 0;
    service.cpu = service.users > 0 && cpu > 0 ? exponential(cpu * mean) : share(cpu);
    service.external = share(external);
    service.rest = share(rest);
    service.nested = whole(*w.nested);
    if (service.nested > 0) service.nested_hold = hold;
    if (const auto threads = model::at_a_time(owner)) {
        // With as many threads as its pools have connections, transactions wait for the pool; else one that waits for
        // a thread holds no connection. Of users with nested checkouts all may be in flight, as PF011 takes it.
        service.pools_of_process = whole(*pool.databases);
        const bool too_few = static_cast<double>(*threads) < connections_of_process(service);
        if (service.nested > 0 ? service.users == 0 : too_few) service.at_a_time = whole(*threads);
    }
    return service;
}

/// Where the class is not known: as many as no transaction waits for.
constexpr double vcpus_if_unknown = 1e6;

std::vector<FleetSystem> systems(const Fleet& fleet, const FleetSizes& sizes, std::optional<Index> together) {
    std::vector<FleetSystem> all(fleet.databases.size());
    const auto of = [&](Index database) -> FleetSystem& { return all[group_of(fleet, database, together)]; };
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        of(i).databases.push_back(i);
        const InstanceClass& cls = *fleet.databases[i].type;
        of(i).system.databases.push_back(
            {*fleet.databases[i].name, cls.unknown ? vcpus_if_unknown : static_cast<double>(cls.vcpus)});
    }
    for (Index i = 0; i < fleet.pools.size(); ++i)
        if (fleet.pools[i].workload) add_pool(fleet, i, sizes, of(model::database_of(fleet, fleet.pools[i])));
    std::erase_if(all, [](const FleetSystem& s) { return s.pools.empty(); });
    for (FleetSystem& system : all) share_threads(fleet, system);
    return all;
}

std::string too_large(const SystemModel& system) {
    double sources = 0;
    for (const ServiceModel& s : system.services) {
        const double processes = static_cast<double>(s.instances) * s.processes;
        sources += processes * std::max(1, s.users);
        for (const Surge& surge : system.surges)
            if (surge.service == static_cast<std::size_t>(&s - system.services.data()))
                sources += static_cast<double>(surge.extra_instances) * s.processes;
    }
    if (sources <= most_sources) return "";
    return fmt::format("at most {:.0f} processes and users can be simulated, but there are {:.0f}", most_sources,
                       sources);
}

}  // namespace poolfit::simulate
