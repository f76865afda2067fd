// Pools and their workloads in words.
#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/report/view.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

std::string held_text(const Fleet& fleet, const Pool& pool, Held held) {
    const std::string at_a_time = at_a_time_text(fleet, pool);
    if (held == Held::at_most) return fmt::format("{}: it never holds more", at_a_time);
    const bool known = pool.driver_default != nullptr && pool.driver_default->holds != DriverDefault::Holds::unknown;
    return fmt::format("{}: each {} hold a connection until its request ends", at_a_time, known ? "can" : "may");
}

/// What the workload's size is based on: "P(wait > 5 ms) ≤ 0.1 % at 120/s × 80 ms".
std::string workload_text(const Fleet& fleet, const Pool& pool, const PoolLoad& load) {
    if (load.never_safe)
        return "nested checkouts with open arrivals: no size is safe, and smaller pools lock up sooner";
    if (load.deadlock_floor && load.deadlock_floor->value == load.size->value)
        return fmt::format("{} in flight × {} nested + 1, to rule out deadlock", load.in_flight->value,
                           *pool.workload->nested);
    if (load.held != Held::no) return held_text(fleet, pool, load.held);
    std::string text = load.for_timeout
                           ? fmt::format("p99 wait ≤ its timeout {} ", unit::print(load.acquire_timeout->value))
                           : fmt::format("P(wait > {}) ≤ {} ", unit::print(*fleet.policy.wait),
                                         unit::print_probability(fleet.policy.wait_probability->value));
    const std::string hold = unit::print(report::mean_hold(load));
    if (load.base.users > 0)
        text += fmt::format("for {}, think {}, hold {}", counted(load.base.users, "user", "users"),
                            unit::print(load.base.think), hold);
    else
        text += fmt::format("at {} × {}", unit::print(load.base.rate), hold);
    if (load.cap == PoolLoad::Cap::knee)
        text += fmt::format(" needs {}, but above {} they mostly wait for the database's CPU",
                            unit::print(load.for_wait->value), unit::print(load.knee->value));
    else if (load.at_best)
        text += fmt::format("; {} at the low end", unit::print(*load.at_best));
    return text;
}

std::string observed_text(const Fleet& fleet, const Pool& pool, const PoolAdvice& advice) {
    const Interval<double>& seen = **pool.in_use;
    const std::string by_use = fmt::format("⌈{} × {}⌉, {} + 1", unit::print_number(*fleet.policy.observed_buffer),
                                           unit::print_number(seen.low), unit::print_number(seen.high));
    const std::int64_t databases = *pool.databases;
    const auto sized = [&] {
        if (databases > 1 && advice.evenly)
            return fmt::format("⌈max({}) ÷ {} databases⌉", by_use, unit::print(Connections(databases)));
        if (advice.held == Held::no) return fmt::format("max({})", by_use);
        const std::string at_a_time = at_a_time_text(fleet, pool);
        if (advice.held == Held::at_least) return fmt::format("max({}, {})", by_use, at_a_time);
        return fmt::format("max({}), at most {}", by_use, at_a_time);
    };
    if (!advice.raised_from) return sized();
    const std::string text =
        fmt::format("{} gives {}, but peak use is {}",
                    advice.raised_from == Basis::formula ? pool.max->formula.text() : "its workload",
                    unit::print(advice.unraised), advice.peak.value);
    return advice.raised_from == Basis::formula ? fmt::format("{}: {}", text, sized()) : text;
}

/// Why use does not change a pool's size: it is unknown, or known only for all databases together.
std::string unmoved_text(const Pool& pool) {
    if (!pool.in_use || *pool.databases == 1 || !model::has_setting(pool)) return "its use is not measured";
    return fmt::format("use is measured for all {} databases together; one of them may account for all of it",
                       unit::print(Connections(*pool.databases)));
}

std::string basis_text(const Fleet& fleet, const PoolPlan& plan, const Pool& pool) {
    switch (plan.advice.basis) {
        case Basis::workload:
            return workload_text(fleet, pool, *plan.load);
        case Basis::observed:
            return observed_text(fleet, pool, plan.advice);
        case Basis::formula:
            return std::string(pool.max->formula.text());
        case Basis::runtime:
            return held_text(fleet, pool, plan.advice.held);
        case Basis::declared:
            return unmoved_text(pool);
        case Basis::driver_default:
            return fmt::format("default of {}; {}", pool.driver_default->name, unmoved_text(pool));
        case Basis::limit:
            return fmt::format("forced by the server's limit, instead of {}{}", unit::print(plan.advice.unforced),
                               pool.in_use ? "" : "; its use is not measured");
        case Basis::strategy:  // no advice of the plan's own has it
        case Basis::unlimited:
            break;
    }
    return "no limit is set and its use is not measured";
}

}  // namespace

std::string at_a_time_text(const Fleet& fleet, const Pool& pool) {
    const Service& service = fleet.services[pool.service];
    if (service.runtime != Runtime::threads) return "one request at a time";
    const std::int64_t threads = *model::at_a_time(service);
    return counted(threads, "thread", "threads");
}

std::string advice_text(const Fleet& fleet, const Plan& plan, Index pool) {
    const PoolPlan& own = plan.pools[pool];
    std::string text = basis_text(fleet, own, fleet.pools[pool]);
    if (!own.load) return text;
    const std::string refused = unsized_text(*own.load);
    if (!refused.empty()) text += fmt::format("; its workload could not be sized: {}", refused);
    return text;
}

std::string size_text(const Fleet& fleet, const Plan& plan, Index pool, const SizeReason& reason) {
    std::string text;
    switch (reason.kind) {
        case SizeReason::Kind::advice:
            text = advice_text(fleet, plan, pool);
            break;
        case SizeReason::Kind::as_today:
            text = "as today";
            break;
        case SizeReason::Kind::merged_max:
            text = fmt::format("merged_max {}", fleet.services[fleet.pools[pool].service].merged_max->formula.text());
            break;
        case SizeReason::Kind::merged_sum:
            text = "sum of the recommended sizes: the service has no merged_max";
            break;
        case SizeReason::Kind::vcpu_max:
            text = fmt::format("vcpu_max {}", fleet.pools[pool].vcpu_max->formula.text());
            break;
    }
    if (reason.raised_to) text += fmt::format(", raised to the observed peak of {}", reason.raised_to->value);
    return text;
}

std::string recommended_text(const Fleet& fleet, const Plan& plan, Index pool) {
    if (plan.pools[pool].stays) return "as today: smaller poolers end the outage";
    const auto& taken = plan.pools[pool].taken;
    if (!taken) return advice_text(fleet, plan, pool);
    if (taken->into) return fmt::format("strategy {}: merged into {}", taken->strategy, pool_key(fleet, *taken->into));
    const std::string text =
        fmt::format("strategy {}: {}", taken->strategy, size_text(fleet, plan, pool, taken->reason));
    if (taken->merged.empty()) return text;
    return fmt::format("{}; {} merged into it", text, joined(pool_keys(fleet, taken->merged), ", "));
}

std::string unsized_text(const PoolLoad& load) {
    switch (load.refused) {
        case PoolLoad::Refused::no:
            break;
        case PoolLoad::Refused::by_method:
            return load.method_says;
        case PoolLoad::Refused::too_large:
            return fmt::format("it needs more than {} connections", max_pool);
    }
    return {};
}

std::string pool_label(const Fleet& fleet, Index pool) {
    return fmt::format("{}.{}", *fleet.services[fleet.pools[pool].service].name, *fleet.pools[pool].name);
}

std::string pool_key(const Fleet& fleet, Index pool) {
    return fmt::format("{}.{}", *fleet.services[fleet.pools[pool].service].name, *fleet.pools[pool].name);
}

std::vector<std::string> pool_keys(const Fleet& fleet, const std::vector<Index>& pools) {
    std::vector<std::string> keys;
    keys.reserve(pools.size());
    for (const Index pool : pools) keys.push_back(pool_key(fleet, pool));
    return keys;
}

}  // namespace poolfit::render
