// What all workloads on one database ask of it together.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/workload.hpp>
#include <poolfit/queue/busy.hpp>

#include "workload_figures.hpp"

namespace poolfit::plan {
namespace {

/// "More at once" of DatabaseLoad::active_high.
constexpr double high_share = 0.01;

/// The pools of one database that say how much CPU they take.
struct Sum {
    double most = 0;              ///< that can be active: users, where they are counted, else connections
    double active = 0, busy = 0;  ///< connections in a transaction, and vCPUs at work, on average
    Connections sizes;
    std::vector<FigureId> actives, demands, allocations;
    std::vector<std::string> silent;
};

FigureId times_processes(const Fleet& fleet, const Pool& pool, const PoolLoad& load, double active, Ledger& ledger) {
    const Service& service = fleet.services[pool.service];
    const auto count = [&](std::string_view key, std::int64_t value, const Place& place) {
        return ledger.input(fmt::format("service.{}.{}", *service.name, key),
                            assess::measured(Measure::count, static_cast<double>(value)), place);
    };
    return ledger.derive(load_name(fleet, pool, "active"), assess::measured(Measure::erlangs, active),
                         "offered * processes * instances",
                         {load.offered.id, count("processes", *service.processes, service.processes.place),
                          count("instances", service.instances->high, service.instances.place)});
}

void add(const Fleet& fleet, const Pool& pool, const std::optional<PoolLoad>& load,
         const std::optional<Figure<Connections>>& allocated, Sum& sum, Ledger& ledger) {
    const Service& service = fleet.services[pool.service];
    const auto hold = load ? sizing::mean_hold(load->base.hold) : queue::Answer<Millis>(Millis(0));
    const Millis* mean = std::get_if<Millis>(&hold);
    if (!load || !pool.workload->cpu || mean == nullptr || !(mean->value > 0)) {
        sum.silent.push_back(fmt::format("{}.{}", *service.name, *pool.name));
        return;
    }
    const double copies = static_cast<double>(*service.processes) * static_cast<double>(service.instances->high);
    const double active = load->offered.value.value * copies, busy = active * load->base.cpu.value / mean->value;
    const FigureId active_id = times_processes(fleet, pool, *load, active, ledger);
    sum.active += active;
    const double users = static_cast<double>(load->base.users) * copies;
    const double size = allocated ? static_cast<double>(allocated->value.value) : 1e15;
    sum.most += load->base.users > 0 ? std::min(users, size) : size;
    sum.busy += busy;
    sum.actives.push_back(active_id);
    sum.demands.push_back(ledger.derive(
        load_name(fleet, pool, "cpu_demand"), assess::measured(Measure::vcpus, busy), "active * cpu / hold",
        {active_id, cpu_figure(fleet, pool, ledger), hold_figure(fleet, pool, load->base, ledger)}));
    if (!allocated) return;
    sum.sizes += allocated->value;
    sum.allocations.push_back(allocated->id);
}

std::optional<DatabaseLoad> total(const Database& database, Sum sum, Ledger& ledger) {
    if (!(sum.busy > 0)) return std::nullopt;
    const std::string name = fmt::format("database.{}.load.", *database.name);
    const double demand = sum.busy / database.type->vcpus;
    const FigureId busy_id = ledger.derive(name + "cpu_busy", assess::measured(Measure::vcpus, sum.busy),
                                           "Σ pools' cpu_demand", std::move(sum.demands));
    const FigureId demand_id = ledger.derive(name + "cpu_demand", assess::measured(Fraction(demand)),
                                             "cpu_busy / vcpus", {busy_id, vcpus_figure(*database.type, ledger)});
    const FigureId active_id = ledger.derive(name + "active_mean", assess::measured(Measure::erlangs, sum.active),
                                             "Σ pools' active", std::move(sum.actives));
    DatabaseLoad load;
    load.cpu_demand = {Fraction(demand), demand_id};
    load.active_mean = {Erlangs(sum.active), active_id};
    const auto most = queue::busy_quantile(load.active_mean.value, high_share);
    const auto* rarely_more = std::get_if<Connections>(&most);
    Connections high = rarely_more != nullptr ? *rarely_more : Connections(std::llround(sum.active));
    if (static_cast<double>(high.value) > sum.most) high = Connections(static_cast<std::int64_t>(sum.most));
    load.active_high = {
        high, ledger.derive(name + "active_high", assess::measured(high),
                            "more are active 1 % of the time at most: Poisson(active_mean), and no more than there are",
                            {active_id})};
    const Connections knee(static_cast<std::int64_t>(std::ceil(std::min(sum.active / demand, 1e12) - 1e-9)));
    load.knee = {knee, ledger.derive(name + "knee", assess::measured(knee), "⌈active_mean / cpu_demand⌉",
                                     {active_id, demand_id})};
    if (sum.allocations.empty()) sum.allocations.push_back(active_id);
    load.sizes = {sum.sizes, ledger.derive(name + "sizes", assess::measured(sum.sizes), "Σ pools' connections",
                                           std::move(sum.allocations))};
    load.silent = std::move(sum.silent);
    return load;
}

}  // namespace

std::vector<std::optional<DatabaseLoad>> load_databases(const Fleet& fleet,
                                                        const std::vector<std::optional<PoolLoad>>& pools,
                                                        const Demand& today, Ledger& ledger) {
    std::vector<Sum> sums(fleet.databases.size());
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        add(fleet, pool, pools[i], today.pools[i].allocated, sums[model::database_of(fleet, pool)], ledger);
    }
    std::vector<std::optional<DatabaseLoad>> loads;
    for (std::size_t i = 0; i < sums.size(); ++i)
        loads.push_back(total(fleet.databases[i], std::move(sums[i]), ledger));
    return loads;
}

}  // namespace poolfit::plan
