// PF015: connections that nothing can use.
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

const Rule table::pool_over_runtime{
    "PF015",
    "pool-over-runtime",
    Severity::info,
    "0.1.0",
    "A pool is larger than a single process can keep busy.",
    "A worker that serves one request at a time (runtime = \"processes\" or \"serverless\") holds one connection, and "
    "one more for each nested checkout (workload.nested); a process of N threads (threads = N) "
    "holds N times as many. A connection that LISTENs is one more. An event loop can have many queries in flight, but "
    "beyond twice the server's vCPUs they only wait inside the server; ten, the default of most drivers, are never "
    "reported.\n\nThe rule applies only without in_use: measurements take precedence.",
    "Set max to the size in the finding. If it names no size, no measurement shows that fewer are enough: set "
    "in_use or a workload.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::over_runtime)) continue;
        const Pool& pool = input.fleet.pools[i];
        const Service& service = input.fleet.services[pool.service];
        const Connections most = *runtime_limit(input, pool);
        const Index database = model::database_of(input.fleet, pool);
        Finding finding =
            found(table::pool_over_runtime, {database}, pool_target(input.fleet, pool), size_place(pool),
                  fmt::format("{} connections {}, but its runtime can keep only {} busy",
                              unit::print(input.plan.pools[i].declared->value), per_pool(pool), unit::print(most)));
        if (service.runtime == Runtime::event_loop)
            finding.label = fmt::format("2 × {} + 1, at least 10",
                                        on_class(count(input.fleet.databases[database].type->vcpus, "vCPU", "vCPUs"),
                                                 "of", input.fleet.databases[database]));
        else
            finding.label = fmt::format("{} can hold {}", runtime_text(input.fleet, pool), unit::print(most));
        const PoolPlan& plan = input.plan.pools[i];
        const PoolSize then = plan.recommended();
        // A size that nothing measured asks for stays: the plan's is the only one.
        finding.fix = plan.taken || (then && then->value < plan.declared->value)
                          ? fix_of_size(input, i)
                          : fmt::format("set in_use or a workload, to show whether {} are enough", unit::print(most));
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
