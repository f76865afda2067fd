#include "rounds.hpp"

#include <algorithm>

#include <poolfit/model/sizes.hpp>

namespace poolfit::plan {

Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes) {
    Classes next = classes;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const auto& load = plan.pools[i].load;
        if (!load || !load->knee) continue;
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
    return next;
}

bool same_vcpus(const Classes& a, const Classes& b) {
    return std::ranges::equal(a, b, {}, &InstanceClass::vcpus, &InstanceClass::vcpus);
}

}  // namespace poolfit::plan
