#include "pools.hpp"

#include <algorithm>

#include <poolfit/model/sizes.hpp>

#include "connections.hpp"

namespace poolfit::lint {
namespace {

// A connection or two more than the use asks for is nobody's trouble: half as many again is.
constexpr std::int64_t oversized_numerator = 3, oversized_denominator = 2;
// Processes multiply a pool that is told about where it takes more than a quarter of the server.
constexpr std::int64_t large_share = 4;
// What one event loop may have without a question: the default of most drivers.
constexpr std::int64_t event_loop_floor = 10;

}  // namespace

std::optional<Connections> runtime_limit(const LintInput& input, const Pool& pool) {
    const std::int64_t nested = pool.workload ? *pool.workload->nested : 0;
    switch (input.fleet.services[pool.service].runtime) {
        case Runtime::processes:
        case Runtime::serverless:
            return Connections(1 + nested);
        case Runtime::event_loop: {
            if (pool.workload) return std::nullopt;
            const InstanceClass& server = *input.fleet.databases[model::database_of(input.fleet, pool)].type;
            return Connections(std::max<std::int64_t>(event_loop_floor, 2 * server.vcpus + 1));
        }
        case Runtime::threads:
        case Runtime::unstated:
            break;
    }
    return std::nullopt;
}

PoolTrouble pool_trouble(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const PoolSize& size = input.plan.sizes[index];
    if (!size) return PoolTrouble::unlimited;
    if (blamed(input, index)) return PoolTrouble::blamed;
    const PoolAdvice& advice = input.plan.pools[index];
    if (advice.basis == Basis::observed && advice.size &&
        size->value.value * oversized_denominator >= advice.size->value.value * oversized_numerator)
        return PoolTrouble::oversized;
    if (!pool.in_use)
        if (const auto most = runtime_limit(input, pool); most && size->value > *most) return PoolTrouble::over_runtime;
    const auto& allocated = input.plan.now.pools[index].allocated;
    if (*input.fleet.services[pool.service].processes > 1 && pool.database && allocated &&
        allocated->value.value * large_share > input.plan.databases[*pool.database].budget.limits.usable.value.value)
        return PoolTrouble::per_process;
    if (!pool.max && !pool.in_use) return PoolTrouble::untuned;
    return PoolTrouble::none;
}

}  // namespace poolfit::lint
