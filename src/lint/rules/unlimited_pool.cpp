// PF012: nothing stops a pool from growing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::unlimited_pool{
    "PF012",
    "unlimited-pool",
    Severity::error,
    "0.1.0",
    "A pool has no limit: max is not set, and its driver has no default limit.",
    "Go's database/sql opens as many connections as requests need unless SetMaxOpenConns is called. One slow "
    "query can then take every slot of the server, at the expense of all its services. And the connections of an "
    "unlimited pool cannot be added up, so nothing else about its database can be guaranteed either.\n\n"
    "Django without its pool opens a connection for each thread, and keeps it for the request or for CONN_MAX_AGE. "
    "Under WSGI that is one per thread of a worker, if the number of threads is set; under ASGI and gevent each "
    "request in flight can have its own, without a limit.",
    "Set max to what its use needs. For database/sql set SetMaxIdleConns to the same number, or connections "
    "above two are constantly closed and reopened.",
    check,
};

namespace {

std::string_view unbounded(const LintInput& input, const Pool& pool) {
    return input.fleet.services[pool.service].runtime == Runtime::event_loop
               ? "an event loop has one for each request in flight"
               : "the number of threads is not set";
}

/// The size for each of a server's pools without a limit, so that the policy's shares carry all of them beside what is
/// open: at most `most`. 0: there is no room for one connection each.
std::int64_t room_for_each(const LintInput& input, Index database, std::int64_t most) {
    const DatabasePlan& mine = input.plan.databases[database];
    const Connections open = plan::least_steady(mine.demand),
                      in_deploy = plan::allowed(mine, Dimension::connections_deploy);
    std::vector<plan::Deploying> deploys = plan::deploys_of(mine.demand);
    std::vector<plan::FitPool> pools;
    std::int64_t steady = 0;
    for (const Index i : input.plan.topology.pools[database]) {
        const Pool& pool = input.fleet.pools[i];
        if (!pool.database || input.plan.pools[i].declared) continue;
        plan::FitPool& added = pools.emplace_back();
        added.of.pool = i;
        added.steady = model::copies(input.fleet, pool);
        added.deploy = model::copies(input.fleet, pool, input.plan.deploy_instances[pool.service].value);
        steady += added.steady;
        if (!*input.fleet.policy.deploys_together) deploys.push_back({pool.service, open.value});
    }
    const auto fits = [&](Connections room, std::int64_t each) {
        return each > 0 ? std::max<std::int64_t>(0, room.value) / each : most;
    };
    std::int64_t size = std::min(most, fits(plan::allowed(mine, Dimension::connections_steady) - open, steady));
    for (const plan::Deploying& deploy : deploys) {
        std::int64_t each = 0;
        for (const plan::FitPool& pool : pools) each += deploy.per(input.fleet, pool);
        size = std::min(size, fits(in_deploy - Connections(deploy.connections), each));
    }
    if (mine.demand.failover)
        size = std::min(size, fits(mine.budget.limits.usable.value - mine.demand.failover->peak, steady));
    return size;
}

constexpr std::string_view no_room = "no size fits: fewer instances or processes, or a pooler";

/// It has no setting for a maximum, unless its pool is turned on. A pooler in between would leave it without a limit.
std::string per_thread_fix(const LintInput& input, const Pool& pool) {
    const Service& service = input.fleet.services[pool.service];
    std::string pooled = fmt::format("use its pool ({}) and write its size as max", pool.driver_default->max_option);
    if (pool.database) {
        constexpr std::int64_t enough = 10;
        const std::int64_t room = room_for_each(input, *pool.database, enough);
        pooled += room == 0 ? fmt::format("; {}", no_room) : room < enough ? fmt::format(", at most {}", room) : "";
    }
    if (service.runtime == Runtime::event_loop) return pooled;
    return fmt::format("under WSGI: set threads in the service to those of a worker{}; under ASGI: {}",
                       service.runtime == Runtime::threads ? "" : ", or runtime = \"processes\" if it has one", pooled);
}

/// Without measured use: ten, or as many as its server has room for.
std::string unmeasured_fix(const LintInput& input, Index index) {
    constexpr std::int64_t usual = 10;
    const Pool& pool = input.fleet.pools[index];
    if (!pool.database) return assign(size_place(pool), "max", std::to_string(usual));
    const std::int64_t room = room_for_each(input, *pool.database, usual);
    return room == 0 ? std::string(no_room) : assign(size_place(pool), "max", std::to_string(room));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (input.plan.pools[i].declared) continue;
        const Pool& pool = input.fleet.pools[i];
        const std::string driver = pool.driver_default ? std::string(pool.driver_default->name) : "its driver";
        Finding finding =
            found(table::unlimited_pool, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
                  size_place(pool), fmt::format("max is not set, and {} has no default limit", driver));
        if (pool.driver_default) finding.label = std::string(pool.driver_default->text);
        if (!model::has_setting(pool)) {
            finding.message =
                fmt::format("{} opens a connection for each thread, and {}", driver, unbounded(input, pool));
            finding.fix = per_thread_fix(input, pool);
            findings.push_back(std::move(finding));
            continue;
        }
        if (input.plan.pools[i].taken) {
            finding.fix = fix_of_size(input, i);
            findings.push_back(std::move(finding));
            continue;
        }
        const PoolSize& advised = input.plan.pools[i].advice.size;
        finding.fix =
            advised ? assign(size_place(pool), "max", std::to_string(advised->value.value)) : unmeasured_fix(input, i);
        if (finding.fix != no_room && pool.driver_default && !pool.driver_default->max_option.empty())
            finding.fix += fmt::format(", with {}", pool.driver_default->max_option);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
