// PF102: connections that no one uses.
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

const Rule table::pool_over_provisioned{
    "PF102",
    "pool-over-provisioned",
    Severity::warning,
    "0.1.0",
    "A pool is at least half as large again as its workload or measured use needs.",
    "An unused connection still costs: a slot that another service lacks, 1 to 4 MiB of the server's memory, "
    "and in the end a larger instance bought for its max_connections. The size needed for measured use is "
    "max(⌈observed_buffer × typical⌉, peak + 1), which leaves room above every observed peak; the size needed for a "
    "workload is the smallest with P(wait > policy.wait) ≤ policy.wait_probability.",
    "Set max to the size in the finding, and watch the pool's waiting count for a week.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::oversized)) continue;
        const Pool& pool = input.fleet.pools[i];
        const PoolAdvice& advice = input.plan.pools[i].advice;
        Finding finding =
            found(table::pool_over_provisioned, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
                  size_place(pool),
                  fmt::format("{} {}{}, but its {} needs {}", unit::print(input.plan.pools[i].declared->value),
                              per_pool(pool), pool.max ? "" : " (the default)",
                              advice.basis == Basis::workload ? "load" : "use", unit::print(advice.size->value)));
        finding.label = {"", Phrase::About::advice, i, fmt::format(" = {}", unit::print(advice.size->value))};
        finding.fix = fix_of_size(input, i);
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
