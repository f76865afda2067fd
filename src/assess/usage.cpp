#include <poolfit/assess/usage.hpp>

#include <algorithm>

#include <poolfit/platform/platform.hpp>

namespace poolfit::assess {
namespace {

/// No connection in all of a window that is long enough. A part of one is one.
bool none_seen(const Observed& observed) {
    return observed.connections && observed.connections->value.high.value == 0 && !observed.part_of_one &&
           observed.window && (*observed.window)->value >= window_days;
}

bool lags(const Observed& observed) { return observed.replica_lag && observed.replica_lag->value.high.value > 0; }

/// By itself, whatever its primary and its replicas are used for.
bool unconnected(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    return !listed(fleet, topology, index) && none_seen(database.observed) && !*database.failover_target;
}

bool idle_primary(const Fleet& fleet, const Topology& topology, Index index) {
    // Without replica_of, what lags is a replica of a server that the inventory does not have.
    return unconnected(fleet, topology, index) && !lags(fleet.databases[index].observed) &&
           std::ranges::all_of(topology.replicas[index],
                               [&](Index replica) { return unconnected(fleet, topology, replica); });
}

/// The only reader of a cluster is its standby.
bool only_reader(const Fleet& fleet, const Topology& topology, Index replica) {
    return fleet.databases[replica].platform->cluster &&
           topology.replicas[*fleet.databases[replica].replica_of].size() == 1;
}

}  // namespace

bool listed(const Fleet& fleet, const Topology& topology, Index database) {
    // A pooler that nothing connects to opens no connection.
    const bool pooled = std::ranges::any_of(topology.poolers[database],
                                            [&](Index pooler) { return !topology.clients[pooler].empty(); });
    return !topology.pools[database].empty() || pooled || fleet.databases[database].other_connections->value > 0;
}

Usage usage(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    const Observed& observed = database.observed;
    if (observed.connections && (observed.connections->value.high.value > 0 || observed.part_of_one))
        return Usage::used;
    if (listed(fleet, topology, index)) return none_seen(observed) ? Usage::contradicted : Usage::used;
    if (!none_seen(observed)) return Usage::unknown;
    if (*database.failover_target) return Usage::kept;
    if (!database.replica_of) {
        if (idle_primary(fleet, topology, index)) return Usage::idle;
        return lags(observed) ? Usage::kept : Usage::used;
    }
    const bool needed = only_reader(fleet, topology, index) && !idle_primary(fleet, topology, *database.replica_of);
    return needed ? Usage::kept : Usage::idle;
}

}  // namespace poolfit::assess
