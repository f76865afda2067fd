#include "rounds.hpp"

#include <algorithm>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/sizes.hpp>

namespace poolfit::plan {

Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes) {
    Classes next = classes;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const auto& load = plan.pools[i].load;
        if (!(load && load->knee) && !assess::counts_database_vcpus(fleet.pools[i])) continue;
        const Index database = model::database_of(fleet, fleet.pools[i]);
        next[database] = plan.databases[database].recommendation.cls;
    }
    return next;
}

Classes next_limits(const Plan& plan, const Fleet& fleet, const Classes& on) {
    Classes next = on;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        if (plan.pools[i].advice.basis != Basis::limit) continue;
        const Index database = model::database_of(fleet, fleet.pools[i]);
        const Index primary = fleet.databases[database].replica_of.value_or(database);
        next[primary] = plan.databases[primary].recommendation.cls;
        for (const Index replica : plan.topology.replicas[primary])
            next[replica] = plan.databases[replica].recommendation.cls;
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (!plan.poolers[i].size) continue;
        const Index database = fleet.poolers[i].database;
        next[database] = plan.databases[database].recommendation.cls;
    }
    return next;
}

bool same_vcpus(const Classes& a, const Classes& b) {
    return std::ranges::equal(a, b, {}, &InstanceClass::vcpus, &InstanceClass::vcpus);
}

namespace {

/// By database: does it hold for its primary and all replicas?
template <class Holds>
std::vector<char> of_systems(const Fleet& fleet, const Plan& plan, const Holds& holds) {
    std::vector<char> all(fleet.databases.size(), 0);
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const Index primary = fleet.databases[i].replica_of.value_or(i);
        all[i] = holds(primary) && std::ranges::all_of(plan.topology.replicas[primary], holds) ? 1 : 0;
    }
    return all;
}

bool alone(const DatabasePlan& plan) {
    return plan.by_strategy.empty() && plan.recommendation.summary.kind != Summary::Kind::smaller_pooler;
}

}  // namespace

std::vector<char> same_steers(const Fleet& fleet, const Plan& plan, const std::shared_ptr<const Steers>& steers) {
    return of_systems(fleet, plan, [&](Index k) {
        return alone(plan.databases[k]) && steer_of(plan.steers, k) == steer_of(steers, k);
    });
}

std::vector<char> kept_servers(const Fleet& fleet, const Plan& plan, const RoundClasses& before,
                               const RoundClasses& now, const std::shared_ptr<const Steers>& steers) {
    return of_systems(fleet, plan, [&](Index k) {
        return alone(plan.databases[k]) && before.sized_for[k] == now.sized_for[k] && before.on[k] == now.on[k] &&
               steer_of(plan.steers, k) == steer_of(steers, k);
    });
}

}  // namespace poolfit::plan
