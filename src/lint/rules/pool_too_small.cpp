// PF010: at today's size, too many checkouts wait too long.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

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
    "Under its workload, more checkouts of a pool wait longer than the policy allows.",
    "A pool is a queue: with arrivals at random, checkouts wait long before all of its connections are busy on "
    "average, and most of the wait is there before the utilisation looks high. What is judged is P(wait > policy.wait) "
    "at today's size, by the formula that is exact for the workload, or by simulation where none is. Where pools share "
    "the database's CPU, the formula is an approximation and is judged 20 % higher than it comes out; `poolfit "
    "simulate` checks it. If the load is more than the connections can ever carry, the wait grows without end, "
    "and that is an error.\n\nNo pool is reported where the database's CPU is full: more connections would only move "
    "the wait into the database (PF029).",
    "Set max to what the finding says, if its database has the room; or hold each connection for a shorter time. "
    "`poolfit explain SERVICE` shows the mathematics, `poolfit simulate` runs it.",
    check,
};

namespace {

/// "8 would do, but from 7 on they wait for the database's CPU instead: 5 vCPUs or more, or less CPU a transaction".
std::string past_the_knee(const Pool& pool, const PoolLoad& load) {
    const auto mean = sizing::mean_hold(load.base.hold);
    const auto* length = std::get_if<Millis>(&mean);
    std::string vcpus = "more vCPUs";
    if (length != nullptr && pool.workload->cpu && length->value > 0) {
        const double share = std::min(1.0, (*pool.workload->cpu)->high.value / length->value);
        const double enough = std::ceil(static_cast<double>(load.for_wait->value.value) * share - 1e-9);
        vcpus = fmt::format("{} vCPUs or more", static_cast<std::int64_t>(enough));
    }
    return fmt::format(
        "the goal takes {}, and from {} on more mostly wait for the database's CPU: {}, or less CPU a transaction; "
        "poolfit simulate shows the waits with that CPU",
        unit::print(load.for_wait->value), unit::print(load.knee->value), vcpus);
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
        if (demand && demand->cpu_demand.value >= Fraction(1)) continue;  // PF029 tells: it is the CPU
        const PoolAdvice& advice = input.plan.pools[i].advice;
        const sizing::Figures& now = load->now->figures;
        const bool grows = advice.size && advice.size->value > input.plan.pools[i].declared->value;
        const bool capped = load->cap == PoolLoad::Cap::knee;
        if (load->size && !grows && !now.overloaded && !capped) continue;
        const Policy& policy = input.fleet.policy;
        std::string message =
            fmt::format("its load is {} of what {} can carry: the wait grows without end", unit::print(now.utilisation),
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
        finding.fix = !load->size ? "a larger pool, or less load: it could not be sized"
                      : load->after && load->after->figures.overloaded
                          ? "a shorter hold, or more processes or instances that share the load: a process can hold no "
                            "more"
                      : capped ? (grows ? fix_of_size(input, i) + "; " : "") + past_the_knee(pool, *load)
                      : grows  ? fix_of_size(input, i)
                               : "more processes or instances, or a shorter hold: a process can hold no more";
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
