// The other side of a pooler: whether max_client_conn takes its clients.
#include <algorithm>

#include <poolfit/model/pooler.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

void judge_clients(const Fleet& fleet, Plan& plan) {
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        plan.poolers[i].clients.reset();
        if (fleet.poolers[i].kind != Pooler::Kind::pgbouncer) continue;
        const Index process = model::process_of(fleet, i);
        if (process == i) plan.poolers[i].clients.emplace();
        ClientSide& side = *plan.poolers[process].clients;
        for (const Index p : plan.topology.clients[i]) {
            const PoolPlan& pool = plan.pools[p];
            side.at_least = side.at_least || !pool.now.allocated;
            if (pool.now.allocated) side.steady += pool.now.allocated->value;
            if (pool.now.deploy_peak) side.deploy += pool.now.deploy_peak->value;
            if (pool.after.deploy_peak) side.most += pool.after.deploy_peak->value;
        }
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (!plan.poolers[i].clients) continue;
        ClientSide& side = *plan.poolers[i].clients;
        const std::int64_t instances = std::max<std::int64_t>(1, fleet.poolers[i].instances->low);
        side.accepts = Connections(instances * *fleet.poolers[i].max_client_conn);
        side.most = std::max(side.most, side.deploy);
        const std::int64_t each = (side.most.value + instances - 1) / instances;
        if (side.most > side.accepts && each <= max_pool) side.enough = each;
    }
}

}  // namespace poolfit::plan
