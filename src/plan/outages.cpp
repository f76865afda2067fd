// What is exceeded all day: connections, CPU, credits, clients in session mode, poolers, pools.
#include <algorithm>

#include <poolfit/model/pooler.hpp>
#include <poolfit/plan/fit.hpp>

#include "outage.hpp"

namespace poolfit::plan {

std::vector<Outage> outages(const Fleet& fleet, const Plan& plan, Index index) {
    std::vector<Outage> found;
    const DatabasePlan& mine = plan.databases[index];
    const Connections needs = least_steady(mine.demand), usable = mine.budget.limits.usable.value;
    if (needs > usable) {
        Outage& outage = found.emplace_back();
        outage.needs = needs;
        outage.usable = usable;
        outage.at_least = !mine.demand.allocated;
        outage.no_size = no_size_fits(fleet, plan, index, usable);
    }
    if (mine.load && mine.load->cpu_demand.value >= Fraction(1)) {
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::cpu_load;
        outage.share = mine.load->cpu_demand.value;
    }
    if (assess::out_of_credits(mine.now)) {
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::credits;
        outage.share = mine.now.cpu_mean->value.high;
        outage.baseline = mine.now.credits->baseline.value;
        if (const auto& balance = mine.now.credits->balance) outage.hours = balance->short_hours.value;
    }
    for (const Index i : plan.topology.poolers[index]) {
        const auto& session = plan.poolers[i].session;
        if (!session || !session->waits()) continue;
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::session_clients;
        outage.pooler = i;
        outage.needs = std::min(session->clients, session->accepted);  // those that are refused are counted below
        outage.at_least = session->at_least;
        outage.usable = session->held;
    }
    // Where the CPU is full no pooler's size helps.
    const bool cpu_full = mine.load && mine.load->cpu_demand.value >= Fraction(1);
    for (const Index i : plan.topology.poolers[index]) {
        const auto& load = plan.poolers[i].load;
        if (cpu_full || !load || !is_overloaded(*load)) continue;
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::pooler_load;
        outage.pooler = i;
        outage.usable = load->size;
        outage.pinned = load->pinned;
        if (load->now) outage.share = load->now->utilization;
    }
    std::vector<Index> processes;
    for (const Index i : plan.topology.poolers[index]) {
        const Index process = model::process_of(fleet, i);
        const auto& clients = plan.poolers[process].clients;
        if (!clients || !clients->refuses() || std::ranges::find(processes, process) != processes.end()) continue;
        processes.push_back(process);
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::pooler_clients;
        outage.pooler = process;
        outage.needs = clients->steady.value;
        outage.at_least = clients->at_least;
        outage.usable = clients->accepts.value;
    }
    for (const Index pool : plan.topology.pools[index]) {
        const auto& load = plan.pools[pool].load;
        if (!load || !load->now || !load->now->figures.overloaded) continue;
        Outage& outage = found.emplace_back();
        outage.kind = Outage::Kind::pool_load;
        outage.pool = pool;
        outage.share = load->now->figures.utilization;
    }
    return found;
}

namespace {

/// A size that is right on the recommended class may be too small on today's.
bool too_small_today(const PoolPlan& pool) {
    const auto& now = pool.load->now;
    if (pool.load->load.users > 0 || !now || now->figures.overloaded || !pool.declared || !pool.advice.size)
        return false;
    return now->figures.utilization.value * static_cast<double>(pool.declared->value.value) >=
           static_cast<double>(pool.advice.size->value.value);
}

}  // namespace

bool grows_without_end(const PoolPlan& pool, bool sizes, bool cls) {
    const auto& load = pool.load;
    if (!load) return false;
    if (load->cpu_full || (load->after && load->after->figures.overloaded)) return true;
    if (sizes && !cls && too_small_today(pool)) return true;
    if (sizes || load->load.users > 0 || !load->after || !pool.declared || !pool.advice.size) return false;
    const double busy = load->after->figures.utilization.value * static_cast<double>(pool.advice.size->value.value);
    return busy >= static_cast<double>(pool.declared->value.value);
}

}  // namespace poolfit::plan
