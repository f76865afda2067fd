#include "taken.hpp"

#include <memory>
#include <utility>

#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

void mark(Plan& plan, const Strategy& strategy) {
    for (const StrategyPool& pool : strategy.pools) {
        const PoolSize& own = plan.pools[pool.pool].advice.size;
        if (!pool.size || (own && own->value == pool.size->value && pool.merged.empty())) continue;
        PoolTaken& taken = plan.pools[pool.pool].taken.emplace();
        taken.strategy = strategy.name;
        taken.size = *pool.size;
        taken.reason = pool.reason;
        taken.merged = pool.merged;
        for (const Index other : pool.merged) {
            PoolTaken& gone = plan.pools[other].taken.emplace();
            gone.strategy = strategy.name;
            gone.size = *(*strategy.sizes)[other];
            gone.reason = pool.reason;
            gone.into = pool.pool;
        }
    }
}

bool is_merged(const PoolPlan& pool) { return pool.taken && (pool.taken->into || !pool.taken->merged.empty()); }

}  // namespace

void take_sizes(const Fleet& fleet, Plan& plan, const Strategy& strategy, const Loaded& loaded, Recorder r) {
    if (!strategy.sizes || !strategy.opens) return;
    mark(plan, strategy);
    std::vector<PoolSize> declared;
    declared.reserve(plan.pools.size());
    for (const PoolPlan& pool : plan.pools) declared.push_back(pool.declared);
    PoolLoads loads(loaded.loads.size());
    for (Index i = 0; i < loads.size(); ++i)
        if (loaded.loads[i]) loads[i] = std::make_shared<PoolLoad>(*loaded.loads[i]);
    rate_pools(fleet, loaded.classes, declared, *strategy.sizes, loads, loaded.sizer, r, strategy.phase);
    for (Index i = 0; i < plan.pools.size(); ++i) {
        plan.pools[i].after = strategy.opens->pools[i];
        // What one pool does under the load of several is not known.
        if (loads[i] && is_merged(plan.pools[i])) loads[i]->after.reset(), loads[i]->hangs_after.reset();
        plan.pools[i].load = std::move(loads[i]);
    }
    for (Index i = 0; i < plan.poolers.size(); ++i) plan.poolers[i].after = strategy.opens->poolers[i];
}

namespace {

/// Today's pools, on servers whose outage smaller poolers end.
void keep_pools(Plan& plan) {
    for (Index i = 0; i < plan.databases.size(); ++i) {
        if (plan.databases[i].recommendation.summary.kind != Summary::Kind::smaller_pooler) continue;
        for (const Index p : plan.topology.pools[i]) {
            PoolPlan& pool = plan.pools[p];
            pool.stays = true;
            pool.after = pool.now;
            if (!pool.load) continue;
            auto load = std::make_shared<PoolLoad>(*pool.load);
            load->after = load->now;
            load->hangs_after = load->hangs_now;
            pool.load = std::move(load);
        }
    }
}

}  // namespace

void settle_poolers(const Fleet& fleet, Plan& plan, Recorder r) {
    keep_pools(plan);
    judge_clients(fleet, plan, r);
    for (const DatabasePlan& database : plan.databases)
        for (const ShareOfServer& share : database.after.shares) {
            PoolerDemand& after = plan.poolers[share.pooler].after;
            after = {share.server, share.server_deploy, {}};
            for (const ShareOfServer::Deploy& each : share.deploys) after.deploys.push_back(each.server);
            keep_on_class(plan, database, share, r);
        }
}

}  // namespace poolfit::plan
