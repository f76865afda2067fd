// The phase that moves a database to another class: steps, what to watch, when it worked, how to go back.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "phase_parts.hpp"

namespace poolfit::plan {

namespace {

constexpr std::string_view watch_hours = "48 h";  // the plan document's own time to watch a changed instance

std::string money(const Figure<MicroUsdPerMonth>& figure) { return unit::print(figure.value); }

void steps(const Fleet& fleet, const Plan& plan, Index index, Phase& phase) {
    const Database& database = fleet.databases[index];
    const DatabasePlan& mine = plan.databases[index];
    const Recommendation& r = mine.recommendation;
    phase.steps.push_back(fmt::format("Take a snapshot of {}.", *database.name));
    if (mine.budget.limits.set_by_hand)
        phase.steps.push_back(
            "Check the parameter group: max_connections is set by hand and stays when the class changes.");
    else
        phase.steps.emplace_back(
            "Check the parameter group: shared_buffers and max_connections should be formulas of memory, so that they "
            "follow the class with the restart.");
    if (r.cls->arch != database.type->arch)
        phase.steps.emplace_back("Test extensions and drivers on the other processor architecture in staging.");
    if (pools_first(plan, index)) phase.steps.emplace_back("Only after the pools have been changed: today's do not fit.");
    if (database.replica_of) {
        phase.steps.push_back(fmt::format(
            "Point readers at {} meanwhile, or accept that they fail for minutes.",
            *fleet.databases[*database.replica_of].name));
    }
    phase.steps.push_back(fmt::format("Change the class to {} in the maintenance window, or at the quietest hour.", r.cls->name));
    phase.steps.emplace_back("Ask SHOW max_connections, and write it into the inventory.");
    phase.steps.push_back(fmt::format("Watch for {}, over at least one daily peak.", watch_hours));
}

void downtime(const Fleet& fleet, const Plan& plan, Index index, Phase& phase) {
    const Database& database = fleet.databases[index];
    if (*database.multi_az) {
        phase.downtime = "Multi-AZ: the standby changes first, then a failover: about a minute without the database, and "
                         "every connection is dropped once";
        return;
    }
    phase.downtime = "single-AZ: the instance restarts, minutes without it; not zero";
    if (!database.replica_of) return;
    const Index primary = *database.replica_of;
    const auto& peak = plan.databases[primary].budget.demand.failover_peak;
    if (peak)
        phase.downtime += fmt::format("; with its readers {} would carry {} of {} usable connections",
                                      *fleet.databases[primary].name, unit::print(peak->value),
                                      unit::print(std::min(plan.databases[primary].budget.limits.usable.value,
                                                           chosen_projection(plan.databases[primary])->limits.usable.value)));
}

void watch(const Fleet& fleet, const Plan& plan, Index index, Phase& phase) {
    const Policy& policy = fleet.policy;
    const DatabasePlan& mine = plan.databases[index];
    const Projection& then = *chosen_projection(mine);
    const auto steady = static_cast<std::int64_t>(
        std::floor(policy.connections_steady_max->value * static_cast<double>(then.limits.usable.value.value) + 1e-9));
    phase.watch.push_back(fmt::format("DatabaseConnections: at most {} ({} of {} usable)", unit::print(Connections(steady)),
                                      unit::print(*policy.connections_steady_max),
                                      unit::print(then.limits.usable.value)));
    phase.watch.push_back(fmt::format("CPUUtilization: peaks up to {}", unit::print(*policy.cpu_peak_max)));
    if (then.cls->burst) {
        phase.watch.push_back(fmt::format("CPUUtilization, mean of a day: up to {}, the baseline of {}",
                                          unit::print(then.cls->burst->baseline), then.cls->name));
        phase.watch.push_back("CPUCreditBalance: does not fall from day to day; CPUSurplusCreditsCharged: 0");
    }
    const Bytes room(static_cast<std::int64_t>(static_cast<double>(then.cls->memory.value) *
                                               (1 - policy.memory_max->value)));
    const Bytes floor = std::max(room, *policy.freeable_memory_min);
    phase.watch.push_back(fmt::format("FreeableMemory: at least {}; SwapUsage: does not grow", unit::print(floor)));
    if (then.cls->memory < fleet.databases[index].type->memory)
        phase.watch.emplace_back("ReadIOPS: a smaller page cache may read more from disk");
    phase.watch.emplace_back("query latency p95 and p99, from the services");
}

void success(const Fleet& fleet, const Plan& plan, Index index, Phase& phase) {
    const DatabasePlan& mine = plan.databases[index];
    const Projection& then = *chosen_projection(mine);
    if (then.cpu_peak)
        phase.success.push_back(fmt::format("peak CPU about {}, at most {}", unit::print(then.cpu_peak->value),
                                            unit::print(*fleet.policy.cpu_peak_max)));
    if (then.cpu_mean) {
        phase.success.push_back(
            then.cls->burst
                ? fmt::format("mean CPU about {}, under the {} baseline", unit::print(then.cpu_mean->value), unit::print(then.cls->burst->baseline))
                : fmt::format("mean CPU about {}", unit::print(then.cpu_mean->value)));
    } else if (then.cls->burst) {
        phase.success.push_back(fmt::format("mean CPU, not known today, under the {} baseline",
                                            unit::print(then.cls->burst->baseline)));
    }
    if (then.freeable)
        phase.success.push_back(fmt::format("freeable memory about {}{}", unit::print(then.freeable->value),
                                            fleet.policy.freeable_memory_min->value > 0
                                                ? fmt::format(", at least {}", unit::print(*fleet.policy.freeable_memory_min))
                                                : std::string()));
    if (mine.after.allocated && mine.budget.demand.allocated)
        phase.success.push_back(pools_first(plan, index)
                                    ? fmt::format("connections at most {}", unit::print(mine.after.allocated->value))
                                    : fmt::format("connections at most {} before the pools change, {} after",
                                                  unit::print(mine.budget.demand.allocated->value),
                                                  unit::print(mine.after.allocated->value)));
    phase.success.emplace_back("no connection refused, p95 and p99 latency no higher than the week before");
}

}  // namespace

const Projection* chosen_projection(const DatabasePlan& plan) {
    const auto& projection = plan.candidates[plan.recommendation.candidate].projection;
    return projection ? &*projection : &plan.now;
}

bool pools_first(const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    const auto& deploy = mine.budget.demand.deploy_peak;
    return !deploy || deploy->value > chosen_projection(mine)->limits.usable.value;
}

Phase instance_phase(const Fleet& fleet, const Plan& plan, Index index) {
    const Database& database = fleet.databases[index];
    const Recommendation& r = plan.databases[index].recommendation;
    Phase phase;
    phase.kind = Phase::Kind::instance;
    phase.title = fmt::format("{}: {} → {}", *database.name, *database.cls, r.cls->name);
    phase.databases.push_back(index);
    phase.effort = fmt::format("30 min, then {} of watching", watch_hours);
    phase.risk = r.risk;
    phase.risk_text = fmt::format("{}", fmt::join(r.risk_reasons, "; "));
    phase.saves_per_year = r.saves_per_year;
    if (r.saves_per_year) {
        const std::int64_t year = r.saves_per_year->value.value;
        phase.gain = year >= 0 ? fmt::format("saves {} a year", money(*r.saves_per_year))
                               : fmt::format("costs {} more a year", unit::print(MicroUsdPerMonth(-year)));
    }
    if (r.verdict == Verdict::upsize) phase.gain += fmt::format("{}{}", phase.gain.empty() ? "" : "; ", r.summary);
    steps(fleet, plan, index, phase);
    downtime(fleet, plan, index, phase);
    watch(fleet, plan, index, phase);
    success(fleet, plan, index, phase);
    phase.rollback = fmt::format("back to {}: the same change with the same {}, and no data is lost", *database.cls,
                                 *database.multi_az ? "failover" : "restart");
    return phase;
}

}  // namespace poolfit::plan
