#include <poolfit/assess/budget.hpp>

#include <map>
#include <vector>

#include <poolfit/assess/leaves.hpp>

#include "observed.hpp"

namespace poolfit::assess {

namespace {

Term not_negative(const Term& term, Recorder r) { return most(term, r.literal(0)); }

/// For clients that each hold a connection of their pooler: connections in use, and spare ones.
struct Held {
    std::vector<Term> in_use, waste;
};

/// Use of the database's pools, and what they hold without using it.
void add_use(const Fleet& fleet, Index database, const std::vector<Index>& pools, const Demand& demand,
             const std::vector<PoolUse>& use, Budget& budget, Recorder r) {
    std::vector<Term> in_use, waste;
    std::map<Index, Held> held;  // by pooler in session mode
    bool waste_known = true;
    for (const Index i : pools) {
        if (!demand.pools[i].size) budget.unlimited.push_back(i);
        if (!use[i].in_use) {
            budget.unmeasured.push_back(i);
            continue;
        }
        in_use.push_back(r(*use[i].in_use));
        // Behind a pooler that shares, a client's spare connection holds no slot of the server.
        const auto& pooler = fleet.pools[i].pooler;
        const bool shared = pooler && (fleet.poolers[*pooler].kind == Pooler::Kind::proxy ||
                                       fleet.poolers[*pooler].mode != Pooler::Mode::session);
        if (shared || !use[i].waste) {
            waste_known = false;
            continue;
        }
        if (pooler) {
            held[*pooler].in_use.push_back(in_use.back());
            held[*pooler].waste.push_back(r(*use[i].waste));
        } else {
            waste.push_back(r(*use[i].waste));
        }
    }
    for (const auto& [pooler, its] : held) {
        const Term all = sum(its.waste, r.figures(), Grounds::no_pools);
        const Figure<Connections>& opened = demand.poolers[pooler].server;
        // Clients that wait for a connection waste none.
        waste.push_back(least(all, not_negative(r(opened) - sum(its.in_use, r.figures(), Grounds::no_pools), r)));
    }
    if (!budget.unmeasured.empty()) {
        if (!in_use.empty())
            budget.in_use_at_least = r.keep<Interval<Connections>>(
                database_key(database, Name::connections_in_use_at_least), sum(in_use, r.figures(), Grounds::no_pools));
        return;
    }
    budget.in_use = r.keep<Interval<Connections>>(database_key(database, Name::connections_in_use),
                                                  sum(in_use, r.figures(), Grounds::no_pools));
    if (waste_known)
        budget.waste = r.keep<Interval<Connections>>(database_key(database, Name::connections_waste),
                                                     sum(waste, r.figures(), Grounds::no_pools));
}

void add_observed(const Fleet& fleet, Index database, const DatabaseDemand& demand, Budget& budget, Recorder r) {
    const auto seen = seen_connections(fleet, database, demand, budget.limits.reserved, r);
    if (!seen) return;
    budget.observed = seen->observed;
    budget.explained = seen->explained;
    budget.explained_peak = seen->explained_peak;
    budget.unexplained = seen->unexplained;
}

/// Of one pool over all its processes.
struct Busy {
    Term per_process, processes, instances, fewest;

    Busy(const Fleet& fleet, Index index, Recorder r)
        : per_process(r(in_use_per_process(fleet, index, r))),
          processes(r(service_processes(fleet, fleet.pools[index].service, r))),
          instances(r(service_instances(fleet, fleet.pools[index].service, r))),
          fewest(instances) {
        const Index service = fleet.pools[index].service;
        const auto& given = fleet.services[service].instances;
        const auto least = fewest_instances(fleet, service, r);
        if (!given->is_point()) fewest = r(least);
    }
    Term typical() const { return fewest * processes * low(per_process); }
    Term peak() const { return high(instances) * processes * high(per_process); }
};

}  // namespace

BusyInAll busy_in_all(const Fleet& fleet, Index pool, Recorder r) {
    const Busy busy(fleet, pool, r);
    return {busy.typical(), busy.peak()};
}

PoolUse pool_use(const Fleet& fleet, Index index, const PoolDemand& demand, Recorder r) {
    PoolUse use;
    const Pool& pool = fleet.pools[index];
    if (!pool.in_use) return use;
    const Service& service = fleet.services[pool.service];
    const Busy busy(fleet, index, r);
    const Term &per_process = busy.per_process, &processes = busy.processes, &instances = busy.instances,
               &fewest = busy.fewest;
    const Term most = ceil(busy.peak());
    const Key key = pool_key(index, Name::in_use);
    use.in_use = r.keep<Interval<Connections>>(key, between(floor(busy.typical()), most));
    if (!demand.allocated) return use;
    const Term allocated = r(*demand.allocated);
    const Key waste = pool_key(index, Name::waste);
    if (service.instances->is_point()) {
        use.waste = r.keep<Interval<Connections>>(waste, not_negative(allocated - r(*use.in_use), r));
        return use;
    }
    // With fewer instances both are fewer: each end counts the instances that it has in both.
    const Term least_used = floor(high(instances) * processes * low(per_process));
    const Term most_used = ceil(fewest * processes * high(per_process));
    const Term fewest_allocated = over_copies(fleet, index, fewest, processes, r(*demand.size), r);
    const Term least_waste = not_negative(fewest_allocated - most_used, r);
    const Term most_waste = not_negative(allocated - least_used, r);
    use.waste = r.keep<Interval<Connections>>(waste, between(least_waste, most_waste));
    return use;
}

std::optional<Seen> seen_connections(const Fleet& fleet, Index database, const DatabaseDemand& demand,
                                     const Figure<Connections>& reserved, Recorder r) {
    if (!fleet.databases[database].observed.connections) return std::nullopt;
    const auto key = [&](Name name) { return database_key(database, name); };
    Seen seen;
    seen.observed = observed_connections(fleet, database, r);
    if (!demand.allocated || !demand.deploy_peak) return seen;
    // Where nothing is listed, nothing is explained.
    const bool listed = demand.allocated->value.value > 0;
    const Term open = r(seen.observed), kept = listed ? r(reserved) : r.literal(0);
    seen.explained = r.keep<Connections>(key(Name::connections_explained), r(*demand.allocated) + kept);
    Term more = low(open) - r(*seen.explained);
    if (demand.failover_peak || !demand.failover) {
        const Term deploy = r(*demand.deploy_peak);
        const Term worst = demand.failover_peak ? most(deploy, r(*demand.failover_peak)) : deploy;
        seen.explained_peak = r.keep<Connections>(key(Name::connections_explained_peak), worst + kept);
        more = most(more, high(open) - r(*seen.explained_peak));
    }
    seen.unexplained = r.keep<Connections>(key(Name::connections_unexplained), not_negative(more, r));
    return seen;
}

Budget budget(const Fleet& fleet, const Market& market, Index index, const std::vector<Index>& pools,
              const Demand& demand, const std::vector<PoolUse>& use, Recorder r) {
    Budget result;
    result.limits = limits(fleet, market, index, market.offer(index, *fleet.databases[index].type), r);
    add_use(fleet, index, pools, demand, use, result, r);
    add_observed(fleet, index, demand.databases[index], result, r);

    const auto& allocated = demand.databases[index].allocated;
    if (!allocated || !result.limits.known) return result;
    const Limits& limits = result.limits;
    const auto share = [&](Name name, const Figure<Connections>& of) -> std::optional<Figure<Fraction>> {
        if (of.value.value <= 0) return std::nullopt;
        return r.keep<Fraction>(database_key(index, name), r(*allocated) / r(of));
    };
    result.utilization = share(Name::connections_utilization, limits.usable);
    if (limits.max_nominal)
        result.utilization_nominal = share(Name::connections_utilization_nominal, *limits.max_nominal);
    result.headroom =
        r.keep<Connections>(database_key(index, Name::connections_headroom), r(limits.usable) - r(*allocated));
    const auto copies = [&](Name name, const Figure<Connections>& usable) -> std::optional<Figure<Connections>> {
        if (allocated->value.value <= 0) return std::nullopt;
        return r.keep<Connections>(database_key(index, name), Measure::count, floor(r(usable) / r(*allocated)));
    };
    result.copies = copies(Name::connections_copies, limits.usable);
    if (limits.usable_nominal) result.copies_nominal = copies(Name::connections_copies_nominal, *limits.usable_nominal);
    return result;
}

}  // namespace poolfit::assess
