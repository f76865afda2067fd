// What other numbers of instances would open on a server.
#include <algorithm>
#include <map>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/plan/fit.hpp>

#include "view.hpp"

namespace poolfit::report {
namespace {

/// The service alone, so that the plan's own count of a deploy can be asked about other numbers of instances.
class DeployInstances {
public:
    explicit DeployInstances(const Service& service) : fewest_(service.instances->low) {
        alone_.services.push_back(service);
    }
    std::int64_t at(std::int64_t instances) {
        alone_.services.front().instances.value = {std::min(fewest_, instances), instances};
        return assess::deploy_instances(alone_, 0, Recorder()).value;
    }

private:
    std::int64_t fewest_;
    Fleet alone_;
};

/// Do all connections of the plan's services go where today's do? A strategy may lead pools through a new pooler: what
/// an instance then adds to the server is not its pools' sizes.
bool as_today(const Plan& plan, Index database) {
    const DatabasePlan& own = plan.databases[database];
    if (own.by_strategy.empty()) return true;
    if (!plan.topology.poolers[database].empty() || !own.after.services) return false;
    Connections sum(0);
    for (const Index i : plan.topology.pools[database])
        if (const auto& opened = plan.pools[i].after.allocated) sum = sum + opened->value;
    return sum == own.after.services->value;
}

/// Connections of an instance of each service, at the plan's sizes; without those that come through a pooler, which
/// opens no more than its own size, or that have no limit.
std::map<Index, std::int64_t> each_instance(const Fleet& fleet, const Plan& plan, Index database) {
    std::map<Index, std::int64_t> each;
    std::vector<Index> others;
    for (const Index i : plan.topology.pools[database]) {
        const Pool& pool = fleet.pools[i];
        const PoolSize size = plan.pools[i].recommended();
        if (pool.pooler || !size)
            others.push_back(pool.service);
        else
            each[pool.service] += model::copies_of_instance(fleet, pool) * size->value.value;
    }
    for (const Index service : others) each.erase(service);
    return each;
}

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

}  // namespace

std::optional<InstancesView> instances_view(const Fleet& fleet, const Plan& plan, Index database) {
    const DatabasePlan& own = plan.databases[database];
    if (!own.after.allocated || !own.after.deploy_peak || !as_today(plan, database)) return std::nullopt;
    if (!own.chosen.limits.known) return std::nullopt;
    InstancesView view;
    const auto of_instance = each_instance(fleet, plan, database);
    const auto opened = [&](const auto& of) { return of.second * fleet.services[of.first].instances->high; };
    const auto largest = [&](bool of_those_that_scale) {
        auto best = of_instance.end();
        for (auto at = of_instance.begin(); at != of_instance.end(); ++at) {
            if (of_those_that_scale && fleet.services[at->first].instances->is_point()) continue;
            if (best == of_instance.end() || opened(*at) > opened(*best)) best = at;
        }
        return best;
    };
    const auto all = largest(false), scaling = largest(true);
    if (all == of_instance.end() || opened(*all) == 0) return std::nullopt;
    const bool scales = scaling != of_instance.end() && opened(*scaling) * 2 >= opened(*all);
    const std::int64_t each = (scales ? scaling : all)->second;
    view.service = (scales ? scaling : all)->first;

    const Service& service = fleet.services[view.service];
    const std::int64_t low = service.instances->low, high = service.instances->high;
    view.usable = own.chosen.limits.usable.value;
    // What the others open stays.
    DeployInstances deploys(service);
    const std::int64_t deploying = deploys.at(high);
    // So does what was seen and no pool explains.
    const auto& unexplained = own.budget.unexplained;
    const std::int64_t beside = unexplained ? unexplained->value.value : 0;
    const std::int64_t steady = own.after.allocated->value.value + beside - each * high;
    const auto in_deploy = [&](std::int64_t n) {
        return beside + plan::deploy_peak_with(fleet, own.after, view.service, each * (n - high),
                                               each * (deploys.at(n) - deploying));
    };
    std::vector<std::int64_t> numbers{std::max<std::int64_t>(low, 1), high, (3 * high + 1) / 2, 2 * high, 3 * high};
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::int64_t n : numbers)
        view.rows.push_back({n, Connections(steady + each * n), Connections(in_deploy(n))});

    view.fits = std::max<std::int64_t>((view.usable.value - steady) / each, 0);
    std::int64_t below = 0, above = view.fits + 1;
    while (above - below > 1) {
        const std::int64_t middle = below + (above - below) / 2;
        (in_deploy(middle) <= view.usable.value ? below : above) = middle;
    }
    view.fits_deploy = below;
    // Its pools come to another server when this one fails.
    const auto survives = [&](Connections peak, Connections usable) {
        const std::int64_t most = high + floor_quotient(usable.value - peak.value, each);
        view.fits_failover = std::clamp<std::int64_t>(most, 0, view.fits_failover.value_or(view.fits));
    };
    if (own.after.failover) survives(own.after.failover->peak + Connections(beside), view.usable);
    const auto moves = [&](Index to) {
        for (const FailoverCase& loss : plan.databases[to].after.losses)
            if (loss.from == database) survives(loss.peak, plan.databases[to].chosen.limits.usable.value);
    };
    for (const Index replica : plan.topology.replicas[database]) moves(replica);
    if (const auto& primary = fleet.databases[database].replica_of) moves(*primary);
    return view;
}

}  // namespace poolfit::report
