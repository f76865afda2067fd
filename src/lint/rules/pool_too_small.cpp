// PF010: at today's size, too many checkouts wait too long.
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pool_too_small{
    "PF010",
    "pool-too-small",
    Severity::warning,
    "0.1.0",
    "Under its workload, more of a pool's checkouts wait too long than the policy allows.",
    "A pool is a queue: with random arrivals, checkouts wait long before all of its connections are busy on average, "
    "and most of the wait is there before utilization looks high. The rule checks P(wait > policy.wait) at today's "
    "size, by the formula that is exact for the workload, or by simulation if there is none. Where pools share the "
    "database's CPU, the formula is an approximation, and 20 % is added to its result; `poolfit simulate` checks it. "
    "If the load exceeds what the connections can ever handle, waits grow without bound, and that is an "
    "error.\n\nNo pool is reported if the database's CPU is saturated: more connections would only move the wait "
    "into the database (PF029).",
    "Set max to the size in the finding, if its database has room; or hold each connection for a shorter time. "
    "`poolfit explain SERVICE` shows the mathematics, `poolfit simulate` runs it.",
    check,
};

namespace {

/// The fewest vCPUs with which the goal asks for no more connections than they keep busy, or than there are; nothing
/// where that would have to be simulated, or no class has so many. Of laws other than the exponential as if of that.
std::optional<std::int64_t> enough_vcpus(const PoolLoad& load, Connections today) {
    constexpr std::int64_t most = 192;
    const auto mean = sizing::mean_hold(load.base.hold);
    const auto* hold = std::get_if<Millis>(&mean);
    sizing::Load more = load.load;
    if (hold == nullptr || !(more.cpu.value > 0) || (more.users > 0 && !(more.others > 0))) return std::nullopt;
    more.hold = sizing::MeanHold{*hold, 1.0, {}};
    while (++more.vcpus <= most) {
        const auto answer = sizing::smallest(more, load.question);
        const auto* figures = std::get_if<sizing::Figures>(&answer);
        const double knee = std::ceil(static_cast<double>(more.vcpus) * hold->value / more.cpu.value - 1e-9);
        if (figures == nullptr) continue;
        if (figures->size <= today || static_cast<double>(figures->size.value) <= knee) return more.vcpus;
    }
    return std::nullopt;
}

/// "the goal needs 8, but above 7 they mostly wait for the database's CPU: 3 vCPUs or more, or less CPU per …".
std::string past_the_knee(const Fleet& fleet, const PoolLoad& load, Connections today) {
    const auto enough = enough_vcpus(load, today);
    const std::string vcpus = enough ? fmt::format("{} vCPUs or more", *enough) : "more vCPUs";
    return fmt::format(
        "the goal needs {}, but above {} they mostly wait for the database's CPU: {}, or less CPU per transaction; "
        "{} shows the waits",
        unit::print(load.for_wait->value), unit::print(load.knee->value), vcpus, model::command(fleet, "simulate"));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const auto& load = input.plan.pools[i].load;
        if (!load || !load->now || sizing::meets(load->now->figures, load->question)) continue;
        if (!load->size && !load->now->figures.overloaded) continue;  // it could not be sized
        const Pool& pool = input.fleet.pools[i];
        const Index database = model::database_of(input.fleet, pool);
        const auto& demand = input.plan.databases[database].load;
        if (demand && demand->cpu_demand.value >= Fraction(1)) continue;  // PF029 reports it: it is the CPU
        const PoolAdvice& advice = input.plan.pools[i].advice;
        const sizing::Figures& now = load->now->figures;
        const bool grows = advice.size && advice.size->value > input.plan.pools[i].declared->value;
        const auto& taken = input.plan.pools[i].taken;
        const bool capped = load->cap == PoolLoad::Cap::knee;
        if (load->size && !grows && !now.overloaded && !capped) continue;
        const Policy& policy = input.fleet.policy;
        std::string message =
            fmt::format("its load is {} of the capacity of {}: waits grow without bound", unit::print(now.utilization),
                        count(now.size.value, "connection", "connections"));
        if (!now.overloaded)
            message = fmt::format("{} of its checkouts wait longer than {}, the policy allows {}",
                                  unit::print_probability(now.p_over.value_or(now.p_wait)), unit::print(*policy.wait),
                                  unit::print_probability(policy.wait_probability->value));
        Finding finding = found(table::pool_too_small, {database}, pool_target(input.fleet, pool), size_place(pool),
                                std::move(message));
        finding.label = wait_text(now);
        finding.notes.emplace_back("load", load_text(*load));
        if (now.overloaded) finding.severity = Severity::error;
        const bool stays_over = load->after && load->after->figures.overloaded;
        const std::string larger = grows && !stays_over ? fix_of_size(input, i) : std::string();
        if (taken && !(load->after && !sizing::meets(load->after->figures, load->question)))
            finding.fix = fix_of_size(input, i);
        else if (taken)
            finding.fix = fmt::format("its load needs {}; strategy {} from {} gives it {}",
                                      advice.size ? unit::print(advice.size->value) : "more", taken->strategy,
                                      model::command(input.fleet, "plan"), unit::print(taken->size.value));
        else if (!load->size)
            finding.fix = "a larger pool, or less load: it could not be sized";
        else if (capped)
            finding.fix = (larger.empty() ? "" : larger + "; ") +
                          past_the_knee(input.fleet, *load, input.plan.pools[i].declared->value);
        else if (stays_over)
            finding.fix =
                "shorter holds, or more processes or instances to share the load: one process cannot hold more";
        else
            finding.fix =
                grows ? larger : "more processes or instances, or shorter holds: one process cannot hold more";
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
