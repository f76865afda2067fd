// PF022: a fixed size fits one machine.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pool_ignores_vcpus{
    "PF022",
    "pool-ignores-vcpus",
    Severity::info,
    "0.1.0",
    "Pools of a service have the same size regardless of the host's vCPUs.",
    "How many queries a process can usefully run grows with its own and its database's CPUs. A fixed number "
    "is right for one machine: on a larger one it holds the service back, on a smaller one it only lengthens the queue "
    "in the server. Reported once for each service whose host is known.",
    "Write max as a formula of TOTAL_VCPUS (the host's) or DB_VCPUS, such as \"max(5, 2 * TOTAL_VCPUS)\".",
    check,
};

namespace {

/// Is its size what a process can hold, whatever the CPUs?
bool of_process(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    if (!model::has_setting(pool)) return true;
    const Connections size = input.plan.pools[index].declared->value;
    const model::Holding holding = model::holding(input.fleet, pool, size);
    return holding.ceiling && holding.floor == *holding.ceiling && size == *holding.ceiling;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const Service& service : input.fleet.services) {
        if (service.kind != ServiceKind::server) continue;
        const auto vcpus = model::host_vcpus(input.fleet, service);
        if (!vcpus) continue;
        std::vector<std::string> names;
        std::vector<Index> databases, pools;
        std::optional<Index> first, scaled;
        for (const Index i : service.pools) {
            const Pool& pool = input.fleet.pools[i];
            if (!input.plan.pools[i].declared || knows_vcpus(pool)) continue;
            if (!pool.vcpu_max && pool.pooler) continue;  // a pooler queues for it
            if (!pool.vcpu_max && of_process(input, i)) continue;
            names.push_back(*pool.name);
            databases.push_back(model::database_of(input.fleet, pool));
            pools.push_back(i);
            if (!first || (troubled(input, *first) && !troubled(input, i))) first = i;
            if (!scaled && pool.vcpu_max) scaled = i;
        }
        if (!first) continue;
        const Index on = scaled.value_or(*first);
        const Pool& pool = input.fleet.pools[on];
        Finding finding = found(table::pool_ignores_vcpus, databases, *service.name, size_place(pool),
                                fmt::format("{} {} the same size on any host: {}",
                                            count(static_cast<std::int64_t>(names.size()), "pool", "pools"),
                                            names.size() == 1 ? "has" : "have", list(names)));
        finding.label = fmt::format("{} on {}, and the same on any other host",
                                    unit::print(input.plan.pools[on].declared->value), count(*vcpus, "vCPU", "vCPUs"));
        // The size that the plan gives it, on this host.
        finding.fix = assign(size_place(pool), "max", size_to_write(input, on, true));
        // A vcpu_max that knows no vCPUs would leave the finding as it is; one under the peak would bring another.
        const PoolSize& by_vcpus = input.plan.pools[on].by_vcpus;
        if (pool.vcpu_max && knows_vcpus(*pool.vcpu_max) && by_vcpus) {
            const PoolSize& advised = input.plan.pools[on].advice.size;
            const bool holds_peak =
                !pool.in_use || by_vcpus->value.value * *pool.databases > model::observed_peak(pool) || !advised;
            const Connections size = holds_peak ? by_vcpus->value : std::max(by_vcpus->value, advised->value);
            std::string formula(pool.vcpu_max->formula.text());
            if (size > by_vcpus->value) formula = fmt::format("max({}, {})", size.value, formula);
            finding.fix = fmt::format("{} = {}", assign(size_place(pool), "max", fmt::format("\"{}\"", formula)),
                                      unit::print(size));
        }
        // A formula of the team's own is always worth a word.
        if (!scaled) finding.pools = pools;
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
