// What other numbers of instances would open on a server.
#include <algorithm>
#include <map>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/report/pictures.hpp>

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

/// A service of a server at numbers of instances that it does not have; all others stay as they are.
class OtherNumbers {
public:
    /// `each`: connections of an instance.
    OtherNumbers(const Fleet& fleet, const Plan& plan, Index database, Index service, std::int64_t each)
        : fleet_(fleet),
          own_(plan.databases[database]),
          service_(service),
          each_(each),
          high_(fleet.services[service].instances->high),
          deploys_(fleet.services[service]) {
        // What the others open stays. So does what was seen and no pool explains.
        const auto& unexplained = own_.budget.unexplained;
        beside_ = unexplained ? unexplained->value.value : 0;
        rest_ = own_.after.allocated->value.value + beside_ - each * high_;
        deploying_ = deploys_.at(high_);
    }
    std::int64_t steady(std::int64_t n) const { return rest_ + each_ * n; }
    std::int64_t deploy(std::int64_t n) {
        return beside_ + plan::deploy_peak_with(fleet_, own_.after, service_, each_ * (n - high_),
                                                each_ * (deploys_.at(n) - deploying_));
    }
    /// After the worst failure of a related server; nothing where none is.
    std::optional<Connections> failover(std::int64_t n) const {
        if (!own_.after.failover) return std::nullopt;
        return own_.after.failover->peak + Connections(beside_ + each_ * (n - high_));
    }
    InstancesView::Row row(std::int64_t n) { return {n, Connections(steady(n)), Connections(deploy(n))}; }
    std::int64_t rest() const { return rest_; }
    std::int64_t beside() const { return beside_; }

private:
    const Fleet& fleet_;
    const DatabasePlan& own_;
    Index service_;
    std::int64_t each_, high_;
    std::int64_t beside_ = 0, rest_ = 0, deploying_ = 0;
    DeployInstances deploys_;
};

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
    OtherNumbers others(fleet, plan, database, view.service, each);
    std::vector<std::int64_t> numbers{std::max<std::int64_t>(low, 1), high, (3 * high + 1) / 2, 2 * high, 3 * high};
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (const std::int64_t n : numbers) view.rows.push_back(others.row(n));

    view.fits = std::max<std::int64_t>((view.usable.value - others.rest()) / each, 0);
    std::int64_t below = 0, above = view.fits + 1;
    while (above - below > 1) {
        const std::int64_t middle = below + (above - below) / 2;
        (others.deploy(middle) <= view.usable.value ? below : above) = middle;
    }
    view.fits_deploy = below;
    // Its pools come to another server when this one fails.
    const auto survives = [&](Connections peak, Connections usable) {
        const std::int64_t most = high + floor_quotient(usable.value - peak.value, each);
        view.fits_failover = std::clamp<std::int64_t>(most, 0, view.fits_failover.value_or(view.fits));
    };
    if (own.after.failover) survives(own.after.failover->peak + Connections(others.beside()), view.usable);
    const auto moves = [&](Index to) {
        for (const FailoverCase& loss : plan.databases[to].after.losses)
            if (loss.from == database) survives(loss.peak, plan.databases[to].chosen.limits.usable.value);
    };
    for (const Index replica : plan.topology.replicas[database]) moves(replica);
    if (const auto& primary = fleet.databases[database].replica_of) moves(*primary);
    return view;
}

std::optional<EachNumber> each_number(const Report& report, Index database) {
    const auto& view = view_of(report, database).instances;
    if (!view) return std::nullopt;
    const Fleet& fleet = *report.fleet;
    const std::int64_t each = each_instance(fleet, report.plan, database).at(view->service);
    const std::int64_t high = fleet.services[view->service].instances->high;
    OtherNumbers others(fleet, report.plan, database, view->service, each);
    const std::int64_t most = std::max(3 * high, std::min(view->fits + 2, 50 * high + 100));
    constexpr std::int64_t about = 120;
    const std::int64_t step = std::max<std::int64_t>(1, most / about);
    std::vector<std::int64_t> numbers{high};
    for (std::int64_t n = 1; n <= most; n += step) numbers.push_back(n);
    for (const InstancesView::Row& row : view->rows) numbers.push_back(row.instances);
    for (const std::int64_t n : {view->fits, view->fits + 1, view->fits_deploy})
        if (n >= 1 && n <= most) numbers.push_back(n);
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    EachNumber all;
    for (const std::int64_t n : numbers) {
        if (n == high) all.today = all.rows.size();
        all.rows.push_back(others.row(n));
        all.failover.push_back(others.failover(n));
    }
    return all;
}

}  // namespace poolfit::report
