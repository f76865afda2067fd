// Fewer of the instances that autoscaling may start, as a way out.
#include <algorithm>
#include <optional>
#include <set>

#include <poolfit/model/copies.hpp>
#include <poolfit/plan/fit.hpp>

#include "outage.hpp"

namespace poolfit::plan {

namespace {

/// Connections of one instance, with today's sizes.
std::int64_t of_one(const Fleet& fleet, const Plan& plan, Index database, Index service) {
    std::int64_t sum = 0;
    for (const Index p : fleet.services[service].pools)
        if (fleet.pools[p].database == database && plan.pools[p].declared)
            sum += model::copies_of_instance(fleet, fleet.pools[p]) * plan.pools[p].declared->value.value;
    return sum;
}

bool shares_rate(const Fleet& fleet, Index service) {
    return std::ranges::any_of(fleet.services[service].pools, [&](Index p) {
        return fleet.pools[p].workload && fleet.pools[p].workload->rate_of_service;
    });
}

/// No more than so many of them, and none that a deploy is too many with.
std::int64_t most_in_deploy(const Fleet& fleet, const Plan& plan, Index database, Index service, std::int64_t count) {
    const DatabasePlan& mine = plan.databases[database];
    Fleet fewer;
    fewer.services.push_back(fleet.services[service]);
    const std::int64_t each = of_one(fleet, plan, database, service);
    const std::int64_t now = fleet.services[service].instances->high, deploying = plan.deploy_instances[service].value;
    const std::int64_t limit = allowed(mine, Dimension::connections_deploy).value;
    for (; count > 0; --count) {
        fewer.services.front().instances.value.high = count;
        const std::int64_t at_once = assess::deploy_instances(fewer, 0, Recorder()).value;
        const std::int64_t peak =
            deploy_peak_with(fleet, mine.demand, service, each * (count - now), each * (at_once - deploying));
        if (peak <= limit) return count;
        const std::int64_t over = peak - limit;
        count -= std::max<std::int64_t>(0, over / (each * 4) - 1);  // far off: not one by one
    }
    return 0;
}

}  // namespace

std::optional<WayOut> fewer_instances(const Fleet& fleet, const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    if (!mine.demand.allocated || !mine.demand.deploy_peak) return std::nullopt;
    const std::int64_t steady = least_steady(mine.demand).value;
    const std::int64_t limit = allowed(mine, Dimension::connections_steady).value;
    std::optional<WayOut> best;
    std::int64_t most = 0;
    std::set<Index> services;
    for (const Index p : plan.topology.pools[database]) services.insert(fleet.pools[p].service);
    for (const Index s : services) {
        const Interval<std::int64_t>& instances = *fleet.services[s].instances;
        const std::int64_t each = of_one(fleet, plan, database, s);
        if (instances.is_point() || each <= 0 || each * instances.high <= most) continue;
        // Fewer of them would have more of it each.
        if (shares_rate(fleet, s)) continue;
        const std::int64_t too_many = (steady - limit + each - 1) / each;
        const std::int64_t count =
            most_in_deploy(fleet, plan, database, s, instances.high - std::max<std::int64_t>(too_many, 0));
        if (count < std::max<std::int64_t>(instances.low, 1)) continue;
        most = each * instances.high;
        WayOut& way = best.emplace();
        way.kind = WayOut::Kind::instances;
        way.service = s;
        way.count = count;
        way.usable = mine.budget.limits.usable.value;
        way.steady = Connections(steady - each * (instances.high - count));
    }
    return best;
}

}  // namespace poolfit::plan
