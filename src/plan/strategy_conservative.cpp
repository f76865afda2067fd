// Right-size each pool to what it uses: the plan's own recommendation, and nothing else changes.
#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

struct Seen {
    std::size_t changed = 0, by_load = 0, by_use = 0, by_formula = 0;
    std::vector<std::string> unmeasured, without_limit, silent, fixed, replica_pools;
};

bool changes(const PoolSize& now, const PoolSize& then) { return then && (!now || now->value != then->value); }

Seen look(const Scene& scene) {
    Seen seen;
    for (std::size_t i = 0; i < scene.fleet.pools.size(); ++i) {
        const Pool& pool = scene.fleet.pools[i];
        const PoolAdvice& advice = scene.plan.pools[i];
        const std::string name = label(scene.fleet, pool);
        if (scene.fleet.databases[model::database_of(scene.fleet, pool)].replica_of) seen.replica_pools.push_back(name);
        if (!advice.size)
            seen.without_limit.push_back(name);
        else if (advice.basis == Basis::declared || advice.basis == Basis::driver_default)
            seen.unmeasured.push_back(name);
        if (advice.basis == Basis::workload) ++seen.by_load;
        if (advice.basis == Basis::formula) ++seen.by_formula;
        if (advice.basis == Basis::observed) ++seen.by_use;
        if ((advice.basis == Basis::observed || advice.basis == Basis::workload) && !pool.vcpu_max)
            seen.fixed.push_back(name);
        if (!changes(scene.plan.sizes[i], advice.size)) continue;
        ++seen.changed;
        // A driver that waits for ever, or has no timeout at all, shows a pool that is too small as slowness.
        if (pool.driver_default) {
            const std::string_view timeout = pool.driver_default->acquire_timeout;
            if (timeout.starts_with("no") || timeout.find("forever") != std::string_view::npos)
                seen.silent.push_back(fmt::format("{} ({})", name, driver_of(pool)));
        }
    }
    return seen;
}

/// Services with several pools on one database keep them.
std::vector<std::string> duplicates(const Fleet& fleet) {
    std::vector<std::string> texts;
    for (const Service& service : fleet.services) {
        std::vector<std::size_t> count(fleet.databases.size(), 0);
        for (const Index pool : service.pools) ++count[model::database_of(fleet, fleet.pools[pool])];
        for (std::size_t d = 0; d < count.size(); ++d)
            if (count[d] > 1)
                texts.push_back(
                    fmt::format("{} keeps {} pools on {}", *service.name, count[d], *fleet.databases[d].name));
    }
    return texts;
}

void weigh(const Scene& scene, const Seen& seen, Strategy& strategy) {
    if (seen.changed > 0 && strategy.before && strategy.after)
        strategy.pros.push_back(fmt::format("{}, {} → {} connections in all ({})", counted(seen.changed, "setting"),
                                            unit::print(strategy.before->value), unit::print(strategy.after->value),
                                            per_server(scene.fleet, strategy)));
    if (seen.by_load > 0)
        strategy.pros.push_back(fmt::format("{} by {} workload: P(wait > {}) ≤ {}", counted(seen.by_load, "pool"),
                                            seen.by_load == 1 ? "its" : "their", unit::print(*scene.fleet.policy.wait),
                                            unit::print_probability(scene.fleet.policy.wait_probability->value)));
    if (seen.by_use > 0)
        strategy.pros.push_back(fmt::format("{} by {} own use: {} × typical, and at least one above the peak seen",
                                            counted(seen.by_use, "pool"), seen.by_use == 1 ? "its" : "their",
                                            unit::print_number(*scene.fleet.policy.observed_buffer)));
    if (!seen.replica_pools.empty())
        strategy.pros.push_back(
            fmt::format("replica rule: {} by their own observed use, like any pool; not copied from the primary's",
                        listed(seen.replica_pools)));
    if (seen.by_formula > 0)
        strategy.pros.push_back(
            fmt::format("{} formula and still {} its variables",
                        counted(seen.by_formula, "pool") + (seen.by_formula == 1 ? " keeps its" : " keep their"),
                        seen.by_formula == 1 ? "follows" : "follow"));
    strategy.pros.emplace_back("no code is merged, nothing new has to run");
    for (std::string& text : duplicates(scene.fleet)) strategy.cons.push_back(std::move(text));
    if (!seen.fixed.empty())
        strategy.cons.push_back(fmt::format("fixed numbers, whatever vCPUs the host has: {}", listed(seen.fixed)));
    if (!seen.unmeasured.empty())
        strategy.cons.push_back(
            fmt::format("left as today, since the use is not measured: {}", listed(seen.unmeasured)));
    if (!seen.without_limit.empty())
        strategy.cons.push_back(
            fmt::format("no limit is set and the use is not measured: {} without a limit", listed(seen.without_limit)));
    if (!seen.silent.empty())
        strategy.cons.push_back(fmt::format(
            "a pool that turns out too small shows as slow queries, not as errors: no acquire timeout in {}",
            listed(seen.silent)));
}

}  // namespace

void make_conservative(const Scene& scene, Strategy& strategy) {
    std::vector<std::string> reasons;
    for (const PoolAdvice& advice : scene.plan.pools) reasons.push_back(advice.reason);
    list_pools(scene, strategy, recommended_sizes(scene.plan), reasons);
    measure(scene, strategy, scene.plan.after.databases);
    saves_nothing(scene, strategy);
    const Seen seen = look(scene);
    weigh(scene, seen, strategy);
    const std::size_t services = changed_services(scene.fleet, strategy, scene.plan);
    if (seen.changed == 0) {
        strategy.effort = Effort::minutes;
        strategy.effort_text = "nothing to change";
        strategy.risk_text = "nothing changes";
        return;
    }
    strategy.effort = Effort::hours;
    strategy.effort_text =
        fmt::format("{}, {} to deploy", counted(seen.changed, "setting"), counted(services, "service"));
    strategy.risk = Risk::low;
    strategy.risk_text = "every pool that changes keeps room above the peak that was seen";
    std::size_t blind = 0;
    for (std::size_t i = 0; i < scene.fleet.pools.size(); ++i)
        if (changes(scene.plan.sizes[i], scene.plan.pools[i].size) && !*scene.fleet.pools[i].monitored) ++blind;
    if (blind > 0)
        strategy.risk_text +=
            fmt::format("; {} of the {} are not monitored, so that peak is an estimate", blind, seen.changed);
}

}  // namespace poolfit::plan
