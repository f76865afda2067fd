#include <poolfit/model/topology.hpp>

#include <poolfit/model/sizes.hpp>

namespace poolfit::model {

Topology topology(const Fleet& fleet) {
    Topology result;
    result.pools.resize(fleet.databases.size());
    result.poolers.resize(fleet.databases.size());
    result.replicas.resize(fleet.databases.size());
    result.clients.resize(fleet.poolers.size());
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        result.pools[database_of(fleet, fleet.pools[i])].push_back(i);
        if (fleet.pools[i].pooler) result.clients[*fleet.pools[i].pooler].push_back(i);
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i) result.poolers[fleet.poolers[i].database].push_back(i);
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (const auto& primary = fleet.databases[i].replica_of) result.replicas[*primary].push_back(i);
    return result;
}

bool lists_connections(const Fleet& fleet, const Topology& topology, Index database) {
    return !topology.pools[database].empty() || fleet.databases[database].other_connections->value > 0;
}

}  // namespace poolfit::model
