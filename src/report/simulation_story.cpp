#include "simulation_story.hpp"

#include <algorithm>

#include <poolfit/assess/budget.hpp>

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;
using Unsimulated = NotSimulated::Kind;

/// Where a database's load goes: see SimulatedFailover.
Index successor(const Fleet& fleet, Index database) {
    if (fleet.databases[database].replica_of) return *fleet.databases[database].replica_of;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (fleet.databases[i].replica_of == database) return i;
    return database;
}

}  // namespace

bool is_story(const sim::FleetSystem& system) {
    return !system.system.surges.empty() || !system.system.failovers.empty();
}

std::optional<NotSimulated> begin_story(const Fleet& fleet, const SimulationRequest& request, Simulation& into) {
    const double seconds = request.seconds.value_or(request.story_seconds);
    for (const Index i : request.deploys) {
        const Service& service = fleet.services[i];
        const std::int64_t extra = assess::deploy_instances(fleet, i, {}).value - service.instances->high;
        if (extra <= 0) return NotSimulated{Unsimulated::no_surge, i};
        into.deploys.push_back({i, extra, seconds / 3, seconds * 2 / 3});
    }
    if (!request.failover) return std::nullopt;
    if (seconds < 3 * SimulatedFailover::outage)
        return NotSimulated{Unsimulated::short_run, *request.failover, seconds, 3 * SimulatedFailover::outage};
    into.failover = SimulatedFailover{*request.failover, successor(fleet, *request.failover), seconds / 3};
    return std::nullopt;
}

void add_failover_connections(const Fleet& fleet, const Market& market, SimulatedFailover& failover) {
    if (failover.to == failover.database) return;
    std::vector<PoolSize> sizes;
    for (Index i = 0; i < fleet.pools.size(); ++i) sizes.push_back(assess::declared_size(fleet, i, {}));
    const Demand demand = assess::demand(fleet, market, sizes, Phase::now, {});
    const DatabaseDemand& left = demand.databases[failover.to];
    const FailoverCase one = assess::failover(fleet, failover.database, left, demand.databases[failover.database]);
    const Offer& offer = market.offer(failover.to, *fleet.databases[failover.to].type);
    const Limits limits = assess::limits(fleet, market, failover.to, offer, {});
    const Connections usable = limits.usable.value;
    failover.connections = DeployConnections{one.peak, one.at_least, {}};
    if (!limits.known) return;
    failover.connections->usable = usable;
    if (one.peak <= usable && !one.at_least) return;
    Connections room = usable - (left.allocated ? left.allocated->value : left.allocated_at_least->value);
    // What is not simulated comes too.
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        const auto& open = demand.pools[i].allocated;
        if (pool.database == failover.database && !pool.workload && open) room = room - open->value;
    }
    failover.room = std::max(room, Connections(0));
}

std::optional<NotSimulated> add_story(const Fleet& fleet, const Simulation& simulation,
                                      std::vector<sim::FleetSystem>& systems) {
    for (const SimulatedDeploy& deploy : simulation.deploys) {
        bool any = false;
        for (sim::FleetSystem& system : systems)
            for (std::size_t i = 0; i < system.pools.size(); ++i) {
                if (fleet.pools[system.pools[i]].service != deploy.service) continue;
                const auto extra = static_cast<int>(std::min<std::int64_t>(deploy.extra_instances, sim::no_limit));
                system.system.surges.push_back({i, deploy.start, deploy.end, extra});
                any = true;
            }
        if (!any) return NotSimulated{Unsimulated::no_pool_of_service, deploy.service};
    }
    if (!simulation.failover) return std::nullopt;
    const SimulatedFailover& failover = *simulation.failover;
    for (sim::FleetSystem& system : systems) {
        const auto position = [&](Index database) {
            return static_cast<std::size_t>(std::find(system.databases.begin(), system.databases.end(), database) -
                                            system.databases.begin());
        };
        const std::size_t gone = position(failover.database), to = position(failover.to);
        if (gone == system.databases.size()) continue;
        const int room = failover.room ? static_cast<int>(std::min<std::int64_t>(failover.room->value, sim::no_limit))
                                       : sim::Failover::no_end;
        system.system.failovers.push_back({gone, to, failover.at, SimulatedFailover::outage, room});
        return std::nullopt;
    }
    return NotSimulated{Unsimulated::no_pool_of_database, failover.database};
}

}  // namespace poolfit::report
