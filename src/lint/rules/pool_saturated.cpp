// PF026: all of its connections were busy at once.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pool_saturated{
    "PF026",
    "pool-saturated",
    Severity::warning,
    "0.1.0",
    "All connections of a pool were busy at once: the next request had to wait.",
    "A peak that reaches max shows where counting stops, not where demand does: further requests queue in the "
    "pool, and in_use does not show how many. They wait, and time out, while the database may be idle. "
    "The size needed is max(⌈observed_buffer × typical⌉, peak + 1); a formula that gives less is raised to peak + "
    "1.\n\n"
    "A peak above max means that one of the two is wrong: max in the inventory, or the "
    "measurement.",
    "Set max to the size in the finding, if its database has room, and watch the pool's waiting count; or shorten "
    "what holds the connections. Then measure again.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::saturated)) continue;
        const Pool& pool = input.fleet.pools[i];
        const PoolAdvice& advice = input.plan.pools[i].advice;
        Finding finding =
            found(table::pool_saturated, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
                  size_place(pool),
                  fmt::format("{} of {} connections per process{} were busy at its peak",
                              unit::print_number((*pool.in_use)->high),
                              unit::print(Connections(input.plan.pools[i].declared->value.value * *pool.databases)),
                              pool.max ? "" : " (the default)"));
        // If the peak raised a workload's size, the reason is a sentence of its own.
        finding.label = {
            "", Phrase::About::advice, i,
            fmt::format("{}{}", advice.raised_from == Basis::workload ? ": " : " = ", unit::print(advice.size->value))};
        finding.fix = fix_of_size(input, i);
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
