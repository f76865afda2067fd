// Session mode: whether clients wait for each other, and which limits they exceed.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/plan/fit.hpp>

#include "pooler_fit.hpp"
#include "pooler_size.hpp"

namespace poolfit::plan {

std::optional<SessionSide> session_side(const Fleet& fleet, const Plan& plan, const Demand& now, Index index,
                                        Connections usable) {
    const Pooler& pooler = fleet.poolers[index];
    const std::vector<Index>& clients = plan.topology.clients[index];
    if (pooler.kind != Pooler::Kind::pgbouncer || pooler.mode != Pooler::Mode::session || clients.empty())
        return std::nullopt;
    SessionSide side;
    assess::Deploys deploys(fleet.policy);
    const Recorder r;
    for (const Index p : clients) {
        const PoolDemand& pool = now.pools[p];
        if (pool.allocated) {
            side.clients += pool.allocated->value;
            deploys.add(fleet.pools[p].service, r(*pool.allocated), r(*pool.deploy_peak));
        } else {
            side.at_least = true;
        }
    }
    side.deploying = Connections(static_cast<std::int64_t>(deploys.most(r).value.high));
    side.held = now.poolers[index].server.value;
    const Connections accepts(std::max<std::int64_t>(1, pooler.instances->low) * *pooler.max_client_conn);
    side.held_deploying = now.poolers[index].server_deploy.value;
    side.deploying = std::min(side.deploying, accepts);
    side.accepted = side.at_least ? accepts : std::min(side.clients, accepts);
    bool largest = true;
    for (const Index p : plan.topology.pools[pooler.database])
        if (fleet.pools[p].database && now.pools[p].allocated && now.pools[p].allocated->value >= side.held)
            largest = false;
    for (const Index other : plan.topology.poolers[pooler.database]) {
        const Connections theirs = now.poolers[other].server.value;
        if (theirs > side.held || (theirs == side.held && other < index)) largest = false;
    }
    const Connections steady = least_steady(now.databases[pooler.database]);
    const double limit = fleet.policy.connections_steady_max->value * static_cast<double>(usable.value);
    side.over = largest && static_cast<double>(steady.value) > std::floor(limit + assess::hair);
    side.refused = largest && steady > usable;
    return side;
}

std::optional<ShortInDeploy> short_in_deploy(const Fleet& fleet, const Plan& plan, Index index, const SizeOf& size) {
    const PoolerPlan& pooler = plan.poolers[index];
    if (!pooler.session || pooler.to_transaction) return std::nullopt;
    const auto steady = clients_of(fleet, plan, index, size, false),
               deploying = clients_of(fleet, plan, index, size, true);
    const ServerSide alone(fleet.poolers[index], Connections(), {}, {});
    const std::int64_t opens = alone.steady_today();
    if (!steady || !deploying || steady->value > opens || deploying->value <= opens) return std::nullopt;
    std::int64_t low = alone.today() + 1, high = max_pool;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        alone.steady(middle) >= deploying->value ? high = middle : low = middle + 1;
    }
    if (alone.steady(low) < deploying->value) return std::nullopt;
    return ShortInDeploy{index, low, deploying->value - opens};
}

}  // namespace poolfit::plan
