// Fewer instances beside the old ones while a service is deployed, where that is all that a larger class is for.
#include <algorithm>
#include <set>

#include <poolfit/model/copies.hpp>
#include <poolfit/plan/fit.hpp>

#include "outage.hpp"

namespace poolfit::plan {

namespace {

/// Do only deploys rule out today's class?
bool only_deploys(const Candidate& today) {
    return !today.fits && std::ranges::all_of(today.reasons, [](const Reason& reason) {
        return !reason.blocking ||
               (reason.kind == Reason::Kind::check && reason.check.dimension == Dimension::connections_deploy);
    });
}

/// Connections of one instance, in the sizes that the plan has.
std::int64_t of_one(const Fleet& fleet, const Plan& plan, Index database, Index service) {
    std::int64_t sum = 0;
    for (const Index p : fleet.services[service].pools) {
        const PoolSize& size = plan.pools[p].advice.size ? plan.pools[p].advice.size : plan.pools[p].declared;
        if (fleet.pools[p].database == database && size)
            sum += model::copies_of_instance(fleet, fleet.pools[p]) * size->value.value;
    }
    return sum;
}

}  // namespace

std::optional<SmallerSurge> smaller_surge(const Fleet& fleet, const Plan& plan, Index database, bool resized) {
    const DatabasePlan& mine = plan.databases[database];
    if (!mine.by_strategy.empty() || !mine.after.deploy_peak || !mine.after.shares.empty()) return std::nullopt;
    if (!only_deploys(today_of(fleet, plan, database))) return std::nullopt;
    const std::int64_t limit = allowed(mine, Dimension::connections_deploy).value;
    std::set<Index> services;
    for (const Index p : plan.topology.pools[database]) services.insert(fleet.pools[p].service);
    std::optional<SmallerSurge> best;
    std::int64_t most = 0;
    for (const Index s : services) {
        const std::int64_t each = of_one(fleet, plan, database, s);
        const std::int64_t more = each * (plan.deploy_instances[s].value - fleet.services[s].instances->high);
        if (more <= most) continue;
        const auto with = [&](std::int64_t surge) {
            return deploy_peak_with(fleet, mine.after, s, 0, surge * each - more);
        };
        most = more;
        best.reset();
        // Without any besides the old ones there would be a gap, or less capacity. A platform that cuts over has no
        // surge to set.
        const bool by_platform =
            fleet.services[s].runtime == Runtime::serverless || fleet.services[s].deploy == Deploy::cut_over;
        if (by_platform || with(1) > limit) continue;
        std::int64_t surge = 1, over = more / each;
        while (over - surge > 1) {
            const std::int64_t middle = surge + (over - surge) / 2;
            (with(middle) <= limit ? surge : over) = middle;
        }
        best = SmallerSurge{s, surge, resized, Connections(with(surge)), mine.budget.limits.usable.value};
    }
    return best;
}

}  // namespace poolfit::plan
