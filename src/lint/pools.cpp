#include "pools.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "facts.hpp"
#include "finding.hpp"

namespace poolfit::lint {
namespace {

// One or two connections more than the use needs are not a problem; half as many again are.
constexpr std::int64_t oversized_numerator = 3, oversized_denominator = 2;
// A pool multiplied by processes is reported if it takes more than a quarter of the server.
constexpr std::int64_t large_share = 4;
// What one event loop may have without a question: the default of most drivers.
constexpr std::int64_t event_loop_floor = 10;

/// Are there threads that find no connection? Where the driver lends one for a transaction only, and it is known what
/// the pool has to carry, that is judged by the load: PF010, PF026.
bool threads_wait(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const Service& service = input.fleet.services[pool.service];
    const PoolSize& size = input.plan.pools[index].declared;
    if (service.runtime != Runtime::threads || !service.threads || !model::has_setting(pool)) return false;
    if (!size || size->value.value * *pool.databases >= **service.threads) return false;
    using Holds = DriverDefault::Holds;
    const bool lends = pool.driver_default != nullptr && pool.driver_default->holds == Holds::transaction;
    return !lends || (!pool.in_use && !pool.workload);
}

}  // namespace

std::optional<Connections> runtime_limit(const LintInput& input, const Pool& pool) {
    if (const auto most = model::holding(input.fleet, pool, {}).ceiling) return most;
    if (input.fleet.services[pool.service].runtime != Runtime::event_loop || pool.workload) return std::nullopt;
    const InstanceClass& server = *input.fleet.databases[model::database_of(input.fleet, pool)].type;
    if (server.unknown) return std::nullopt;
    return Connections(std::max<std::int64_t>(event_loop_floor, 2 * server.vcpus + 1));
}

std::string runtime_text(const Fleet& fleet, const Pool& pool) {
    const Service& service = fleet.services[pool.service];
    const std::int64_t requests = *model::at_a_time(service), nested = pool.workload ? *pool.workload->nested : 0;
    std::string text =
        service.runtime == Runtime::threads ? count(requests, "thread", "threads") : "one request at a time";
    if (nested > 0) text += fmt::format(" × (1 + {} nested)", nested);
    const std::int64_t rest = model::most_by_runtime(fleet, pool)->value - requests * (1 + nested);
    if (rest > 0) text += " + 1 that LISTENs";
    return text;
}

bool holds(const LintInput& input, Index index, PoolTrouble trouble) {
    const Pool& pool = input.fleet.pools[index];
    const PoolSize& size = input.plan.pools[index].declared;
    if (!size) return false;  // no limit: PF012
    const PoolAdvice& advice = input.plan.pools[index].advice;
    const bool is_known = pool.in_use || advice.basis == Basis::workload;  // what it has to carry
    switch (trouble) {
        case PoolTrouble::saturated:
            if (holds(input, index, PoolTrouble::under_threads)) return false;  // which is why
            return pool.in_use && (*pool.in_use)->high >= static_cast<double>(size->value.value * *pool.databases) &&
                   advice.size && advice.size->value > size->value;
        case PoolTrouble::oversized:
            return (advice.basis == Basis::observed || advice.basis == Basis::workload) && advice.size &&
                   size->value.value * oversized_denominator >= advice.size->value.value * oversized_numerator;
        case PoolTrouble::over_runtime: {
            const auto most = runtime_limit(input, pool);
            return (!is_known || advice.basis == Basis::runtime) && most && size->value > *most;
        }
        case PoolTrouble::under_threads:
            return threads_wait(input, index);
        case PoolTrouble::per_process: {
            const auto& allocated = input.plan.pools[index].now.allocated;
            return !is_known && model::copies_of_instance(input.fleet, pool) > 1 && pool.database && allocated &&
                   allocated->value.value * large_share > facts(input, *pool.database).usable.value;
        }
        case PoolTrouble::untuned:
            break;
    }
    return !pool.max && !pool.max_ignored && !is_known && model::has_setting(pool);
}

bool troubled(const LintInput& input, Index pool) {
    constexpr PoolTrouble all[] = {PoolTrouble::saturated,     PoolTrouble::oversized,   PoolTrouble::over_runtime,
                                   PoolTrouble::under_threads, PoolTrouble::per_process, PoolTrouble::untuned};
    return std::ranges::any_of(all, [&](PoolTrouble trouble) { return holds(input, pool, trouble); });
}

bool knows_vcpus(const Size& size) {
    const auto& names = size.formula.names();
    return std::any_of(names.begin(), names.end(),
                       [](const std::string& name) { return name == "TOTAL_VCPUS" || name == "DB_VCPUS"; });
}

bool knows_vcpus(const Pool& pool) {
    if (pool.max) return knows_vcpus(*pool.max);
    return pool.driver_default && pool.driver_default->kind == DriverDefault::Kind::formula;
}

std::string size_to_write(const LintInput& input, Index index, bool formula) {
    const Pool& pool = input.fleet.pools[index];
    const PoolPlan& plan = input.plan.pools[index];
    const PoolSize then = plan.recommended();
    const Connections size = then ? then->value : plan.declared->value;
    const auto vcpus = model::host_vcpus(input.fleet, input.fleet.services[pool.service]);
    const bool follows = !pool.max && !pool.pooler && knows_vcpus(pool);
    if (!vcpus || (!formula && !follows)) return std::to_string(size.value);
    return fmt::format("\"ceil({} * TOTAL_VCPUS / {})\"", size.value, *vcpus);
}

namespace {

/// "one pool of 30 instead of a and b, by strategy aggressive from poolfit plan  →  30 connections instead of 80".
std::string fix_of_merge(const LintInput& input, Index into) {
    const PoolTaken& taken = *input.plan.pools[into].taken;
    std::vector<std::string> names{*input.fleet.pools[into].name};
    const PoolPlan& first = input.plan.pools[into];
    bool known = first.now.allocated.has_value();
    Connections now = known ? first.now.allocated->value : Connections(0);
    for (const Index i : taken.merged) {
        names.push_back(*input.fleet.pools[i].name);
        const auto& open = input.plan.pools[i].now.allocated;
        known = known && open.has_value();
        if (open) now += open->value;
    }
    std::string fix = fmt::format("one pool of {} instead of {}, by strategy {} from {}", unit::print(taken.size.value),
                                  list(names), taken.strategy, model::command(input.fleet, "plan"));
    if (!first.after.allocated) return fix;
    fix += fmt::format("  →  {}", count(first.after.allocated->value.value, "connection", "connections"));
    if (known) fix += fmt::format(" instead of {}", unit::print(now));
    return fix;
}

}  // namespace

std::string fix_of_size(const LintInput& input, Index pool) {
    if (const auto& taken = input.plan.pools[pool].taken)
        if (taken->into || !taken->merged.empty()) return fix_of_merge(input, taken->into.value_or(pool));
    std::string fix = assign(size_place(input.fleet.pools[pool]), "max", size_to_write(input, pool, false));
    const auto &now = input.plan.pools[pool].now.allocated, &then = input.plan.pools[pool].after.allocated;
    if (now && then)
        fix += fmt::format("  →  {} instead of {}", count(then->value.value, "connection", "connections"),
                           unit::print(now->value));
    return fix;
}

}  // namespace poolfit::lint
