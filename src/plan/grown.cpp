#include "grown.hpp"

#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>

namespace poolfit::plan {
namespace {

/// A workload's size is more than its process's floor: it stays.
bool raised_for_process(const Fleet& fleet, const Plan& plan, Index pool) {
    const PoolPlan& own = plan.pools[pool];
    return own.advice.held == Held::at_least && own.declared && own.advice.size && !own.load &&
           fleet.pools[pool].database && own.advice.size->value > own.declared->value;
}

/// The server and all that it is related to by replication.
Index first_of(const Fleet& fleet, Index pool) {
    const Index database = model::database_of(fleet, fleet.pools[pool]);
    return fleet.databases[database].replica_of.value_or(database);
}

/// What the plan changes on these servers beside the pools in question.
std::vector<Change> others(const Fleet& fleet, const Plan& plan, Index primary) {
    std::vector<Change> changes;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const PoolPlan& own = plan.pools[i];
        if (first_of(fleet, i) != primary || !own.declared || !own.advice.size) continue;
        if (raised_for_process(fleet, plan, i) || own.advice.size->value == own.declared->value) continue;
        changes.push_back({{i, {}, model::database_of(fleet, fleet.pools[i]), {}, {}}, own.advice.size->value.value});
    }
    return changes;
}

}  // namespace

std::vector<char> without_room(const Fleet& fleet, const Plan& plan) {
    std::vector<char> result(fleet.pools.size(), 0);
    std::map<Index, std::vector<Change>> taken;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        if (!raised_for_process(fleet, plan, i)) continue;
        const Index primary = first_of(fleet, i);
        const auto [changes, fresh] = taken.try_emplace(primary);
        if (fresh) changes->second = others(fleet, plan, primary);
        changes->second.push_back({{i, {}, *fleet.pools[i].database, {}, {}}, plan.pools[i].advice.size->value.value});
        if (no_worse(plan, demand_with(fleet, plan, changes->second))) continue;
        changes->second.pop_back();
        result[i] = 1;
    }
    return result;
}

}  // namespace poolfit::plan
