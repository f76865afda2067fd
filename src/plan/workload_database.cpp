// The combined load of all workloads on one database.
#include <algorithm>
#include <cmath>
#include <map>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/workload.hpp>
#include <poolfit/queue/busy.hpp>

#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

using Term = assess::Term;

/// "More at once" of DatabaseLoad::active_high.
constexpr double high_share = 0.01;

/// The same behind one pooler, which lets no more in than it has.
struct Behind {
    double most = 0;
    std::vector<Term> allocations;
};

/// The pools of one database that state how much CPU they take.
struct Sum {
    double most = 0;  ///< that can be active: users, where they are counted, else connections
    std::vector<Term> actives, demands, allocations;
    /// Active where the demand is highest: of closed loads with the shortest hold.
    std::vector<Term> at_demand;
    bool has_ends = false;
    std::map<Index, Behind> behind;  ///< by pooler
    DatabaseLoad load;
};

/// What one pool does, over all of them.
Term over_all(const Fleet& fleet, Index index, const Term& of_one, Recorder r) {
    const Index service = fleet.pools[index].service;
    const Term processes = r(assess::service_processes(fleet, service, r));
    const Term instances = r(assess::service_instances(fleet, service, r));
    const Term all = of_one * processes * instances;
    return *fleet.pools[index].databases == 1 ? all : all * r(assess::pool_databases(fleet, index, r));
}

/// Connections in a transaction over all processes.
Figure<Erlangs> active(const Fleet& fleet, Index index, const PoolLoad& load, Recorder r) {
    return r.keep<Erlangs>(assess::pool_key(index, Name::active), over_all(fleet, index, r(load.offered), r));
}

/// The CPU demand of a pool, in vCPUs, and how many are active then.
struct Asked {
    Term cpu, active;
    bool at_other_end = false;  ///< not where most are active
};

/// At the more demanding end. An open load needs its rate times its CPU time, whatever the hold. Users with short holds
/// come back sooner, so for them the shortest hold is the worse end, while the longest keeps most
/// active.
Asked asked_of(const Fleet& fleet, Index index, const PoolLoad& load, const Term& active, Recorder r) {
    const Workload& workload = r.workload(fleet, index);
    const auto& given = workload.hold;
    const Term hold = r(hold_figure(fleet, index, load.base, r));
    // A CPU part is never longer than its hold.
    const Term held = assess::high(hold);
    const Term cpu = assess::least(assess::high(r(cpu_figure(fleet, index, r))), held);
    const bool closed = load.base.users > 0;
    if (!closed || !given || (*given)->is_point() || model::has_percentiles(workload))
        return {active * cpu / held, active, false};
    const Term shortest = assess::most(assess::low(hold), cpu);
    const Term think = assess::low(r(think_figure(fleet, index, r)));
    const Term users = over_all(fleet, index, r(users_figure(fleet, index, r)), r);
    const Term rounds = users / (think + shortest);
    return {rounds * cpu, rounds * shortest, true};
}

void add_pool(const Fleet& fleet, Index index, const PoolLoad* load,
              const std::optional<Figure<Connections>>& allocated, Sum& sum, Recorder r) {
    const Pool& pool = fleet.pools[index];
    const auto hold = load ? sizing::mean_hold(load->base.hold) : queue::Answer<Millis>(Millis(0));
    const Millis* mean = std::get_if<Millis>(&hold);
    if (!load || !pool.workload->cpu || mean == nullptr || !(mean->value > 0)) {
        sum.load.silent.push_back(index);
        return;
    }
    const auto now = active(fleet, index, *load, r);
    const Asked asked = asked_of(fleet, index, *load, r(now), r);
    sum.load.demands.push_back(
        r.keep<double>(assess::pool_key(index, Name::pool_cpu_demand), Measure::vcpus, asked.cpu));
    sum.load.pools.push_back(index);
    sum.actives.push_back(r(now));
    sum.at_demand.push_back(asked.active);
    sum.has_ends = sum.has_ends || asked.at_other_end;
    sum.demands.push_back(r(sum.load.demands.back()));
    const double users = static_cast<double>(load->base.users) * static_cast<double>(model::copies(fleet, pool));
    const double size = allocated ? static_cast<double>(allocated->value.value) : 1e15;
    const double most = load->base.users > 0 ? std::min(users, size) : size;
    if (pool.pooler) {
        Behind& behind = sum.behind[*pool.pooler];
        behind.most += most;
        if (allocated) behind.allocations.push_back(r(*allocated));
        return;
    }
    sum.most += most;
    if (allocated) sum.allocations.push_back(r(*allocated));
}

/// Of today's vCPUs.
Figure<Fraction> cpu_demand(const Fleet& fleet, Index database, const Term& busy, Recorder r) {
    const auto key = [&](Name name) { return Key{{Subject::Kind::database, database}, name}; };
    const auto cpu_busy = r.keep<double>(key(Name::load_cpu_busy), Measure::vcpus, busy);
    return r.keep<Fraction>(key(Name::load_cpu_demand),
                            r(cpu_busy) / r(assess::class_vcpus(*fleet.databases[database].type, r)));
}

/// More are active 1 % of the time at most: Poisson, and no more than there are.
Figure<Connections> active_high(Index database, const Figure<Erlangs>& mean, double most, Recorder r) {
    const auto quantile = queue::busy_quantile(mean.value, high_share);
    const auto* rarely_more = std::get_if<Connections>(&quantile);
    const std::int64_t asked = rarely_more != nullptr ? rarely_more->value : std::llround(mean.value.value);
    const Connections high(static_cast<std::int64_t>(std::min(static_cast<double>(asked), most)));
    return {high, r.by_model({{Subject::Kind::database, database}, Name::load_active_high}, assess::measured(high),
                             Model::poisson_active, {}, std::span(&mean.id, 1))};
}

}  // namespace

Figure<Fraction> cpu_demand_in(const World& world, const Fleet& fleet, Index database,
                               const std::vector<Index>& pools) {
    const Recorder r(world);
    const InstanceClass& cls = *fleet.databases[database].type;
    Term busy{};
    for (const Index i : pools) {
        PoolLoad load;
        load.base = load_of(fleet.pools[i], r.workload(fleet, i), cls, End::pessimistic);
        load.offered = offered_figure(fleet, i, load.base, r);
        busy = busy + asked_of(fleet, i, load, r(active(fleet, i, load, r)), r).cpu;
    }
    return cpu_demand(fleet, database, busy, r);
}

std::optional<DatabaseLoad> load_database(const Fleet& fleet, Index database, const std::vector<Index>& pools,
                                          const PoolLoads& loads, const Demand& today, Recorder r) {
    if (fleet.databases[database].type->unknown) return std::nullopt;  // of how many vCPUs
    Sum sum;
    for (const Index i : pools) add_pool(fleet, i, loads[i].get(), today.pools[i].allocated, sum, r);
    for (const auto& [pooler, behind] : sum.behind) {
        const Term lets_in = r(today.poolers[pooler].server);
        sum.most += std::min(behind.most, lets_in.value.high);
        sum.allocations.push_back(behind.allocations.empty()
                                      ? lets_in
                                      : assess::least(assess::sum(behind.allocations, r.figures()), lets_in));
    }
    const Term busy = assess::sum(sum.demands, r.figures());
    if (!(busy.value.high > 0)) return std::nullopt;
    const auto key = [&](Name name) { return Key{{Subject::Kind::database, database}, name}; };
    DatabaseLoad& load = sum.load;
    load.cpu_demand = cpu_demand(fleet, database, busy, r);
    load.active_mean = r.keep<Erlangs>(key(Name::load_active_mean), assess::sum(sum.actives, r.figures()));
    load.active_high = active_high(database, load.active_mean, sum.most, r);
    const Term active_there = sum.has_ends ? assess::sum(sum.at_demand, r.figures()) : r(load.active_mean);
    load.active_at_demand = Erlangs(active_there.value.high);
    load.knee = r.keep<Connections>(key(Name::load_knee), assess::ceil(active_there / r(load.cpu_demand)));
    load.sizes = r.keep<Connections>(key(Name::load_sizes), assess::sum(sum.allocations, r.figures()));
    return std::move(load);
}

}  // namespace poolfit::plan
