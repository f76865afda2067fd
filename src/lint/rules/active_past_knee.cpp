// PF032: more connections are active than the database's vCPUs can serve.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/copies.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::active_past_knee{
    "PF032",
    "active-past-knee",
    Severity::warning,
    "0.1.0",
    "More connections are sometimes active at once than the database's vCPUs can serve.",
    "Each transaction uses the CPU for part of its hold (cpu / hold), so a certain number of active connections keeps "
    "all vCPUs busy: the knee. Beyond it, another active connection adds waiting but no throughput; on PostgreSQL "
    "throughput even drops, by a fifth or more. The pools together allow more, and with their arrival rates and holds "
    "that happens more than 1 % of the time (Poisson).\n\nThe sum covers the workloads that set `cpu`, each over all "
    "of its processes and the maximum number of instances.",
    "Allow fewer: use smaller pools, or a pooler in transaction mode sized to the knee, where waiting costs nothing. "
    "Or use less CPU per transaction, or more vCPUs.",
    check,
};

namespace {

/// Connections to the server with the least sizes that carry the load and do not lock up.
Connections needed(const LintInput& input, Index database) {
    if (const auto pooler = only_way_in(input, database)) {
        const auto& load = input.plan.poolers[*pooler].load;
        return load ? Connections(plan::least_carrying(*load) * load->pools) : Connections();
    }
    Connections sum;
    for (const Index p : input.plan.databases[database].load->pools) {
        const auto& load = input.plan.pools[p].load;
        if (!load) continue;
        const std::int64_t floor = load->deadlock_floor ? load->deadlock_floor->value.value : 0;
        const std::int64_t open = load->load.users > 0 ? 1 : plan::least_carrying(load->offered.value);
        sum += Connections(model::copies(input.fleet, input.fleet.pools[p]) * std::max(floor, open));
    }
    return sum;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const auto& load = input.plan.databases[i].load;
        if (!load || load->cpu_demand.value >= Fraction(1)) continue;  // PF029 reports it
        if (load->active_high.value <= load->knee.value || load->sizes.value <= load->knee.value) continue;
        const Database& database = input.fleet.databases[i];
        const std::string vcpus = count(database.type->vcpus, "vCPU", "vCPUs");
        Finding finding =
            found(table::active_past_knee, {i}, *database.name, class_place(input.fleet, database),
                  fmt::format("1 % of the time {} or more connections are active; {} keep its {} busy",
                              unit::print(load->active_high.value), unit::print(load->knee.value), vcpus));
        finding.label = fmt::format("{} active on average; its pools allow {}",
                                    unit::print_number(load->active_mean.value.value), unit::print(load->sizes.value));
        finding.notes.emplace_back("cpu", fmt::format("{} on average", unit::print(load->cpu_demand.value)));
        finding.notes.emplace_back("largest", largest_demand(input, i));
        if (!load->silent.empty()) finding.notes.emplace_back("not counted", pool_list(input.fleet, load->silent));
        if (const Connections needs = needed(input, i); needs > load->knee.value) {
            finding.fix = fmt::format("less CPU per transaction, or more vCPUs: the load needs at least {} connections",
                                      unit::print(needs));
            findings.push_back(std::move(finding));
            continue;
        }
        if (const auto pooler = only_way_in(input, i)) finding.fix = let_in(input, *pooler, load->knee.value);
        if (finding.fix.empty()) finding.fix = fmt::format("pools of {} in total", unit::print(load->knee.value));
        if (input.plan.topology.poolers[i].empty())
            finding.fix +=
                fmt::format(", or a pooler in transaction mode with default_pool_size = {}", load->knee.value.value);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
