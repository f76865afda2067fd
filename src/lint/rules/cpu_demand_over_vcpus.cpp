// PF029: the workloads need more CPU than the database has.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../loads.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::cpu_demand_over_vcpus{
    "PF029",
    "cpu-demand-over-vcpus",
    Severity::error,
    "0.1.0",
    "The workloads of a database's pools need all of its vCPUs, or more.",
    "When transactions need more CPU time than there is, they queue: in the pools if those are full, otherwise inside "
    "the database. The pools fill up because each transaction takes longer, which looks like pools that are too small; "
    "larger pools add waiting, context switches and lock contention, but no throughput.\n\nThe sum covers the "
    "workloads that set `cpu`, each over all of its processes and the maximum number of instances.",
    "Make the transactions that take the most CPU cheaper (the finding names the largest), or use a class with more "
    "vCPUs. More connections do not help.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const auto& load = input.plan.databases[i].load;
        if (!load || load->cpu_demand.value < Fraction(1)) continue;
        const Database& database = input.fleet.databases[i];
        const std::string vcpus = count(database.type->vcpus, "vCPU", "vCPUs");
        Finding finding =
            found(table::cpu_demand_over_vcpus, {i}, *database.name, class_place(input.fleet, database),
                  fmt::format("its workloads need {} of its {}", unit::print(load->cpu_demand.value), vcpus));
        finding.label = fmt::format("{} active × {} each, on {}", unit::print_number(load->active_at_demand.value),
                                    cpu_each(*load, *database.type), vcpus);
        finding.notes.emplace_back("largest", largest_demand(input, i));
        if (!load->silent.empty()) finding.notes.emplace_back("not counted", pool_list(input.fleet, load->silent));
        finding.fix = "less CPU per transaction, or a class with more vCPUs; more connections do not help";
        if (const auto pooler = only_way_in(input, i))
            if (const std::string fewer = let_in(input, *pooler, load->knee.value); !fewer.empty())
                finding.fix += fmt::format("; until then {}, so that the rest wait at {}", fewer,
                                           *input.fleet.poolers[*pooler].name);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
