// PF034: more threads than connections.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pool_under_threads{
    "PF034",
    "pool-under-threads",
    Severity::warning,
    "0.1.0",
    "A process has more threads than its pool has connections, and a thread keeps its connection.",
    "Rails, Django and SQLAlchemy's sessions give a thread one connection for the whole request or job. With five "
    "threads and three connections, the fourth thread that touches the database waits until another's request ends, "
    "however short its query is, and fails at the pool's timeout. The right size is then the number of threads: "
    "with fewer, threads wait for each other; more are never used.\n\nIt is an info if the driver is not set, because "
    "a thread may then keep its connection. It is also an info for drivers that lend a connection for one transaction "
    "(HikariCP, Npgsql, Sequel) and need fewer connections than threads, unless in_use or a workload shows how "
    "many.",
    "Set max to threads, if the database has room; otherwise run fewer threads. Or return connections before the "
    "request ends.",
    check,
};

namespace {

using Holds = DriverDefault::Holds;

/// Does the size break no limit that is kept today? Of a pooler's client it is the pooler's to say.
bool fits(const LintInput& input, Index index, Connections size) {
    const auto& database = input.fleet.pools[index].database;
    if (!database) return true;
    for (const plan::Consumer& consumer : plan::consumers(input.fleet, input.plan, *database))
        if (consumer.pool == index)
            return plan::no_worse(input.plan, plan::demand_with(input.fleet, input.plan, {{consumer, size.value}}));
    return true;
}

/// `size` is that of all pools of a process: one, or one for each of its databases.
std::string fix(const LintInput& input, Index index, std::int64_t threads, Connections size) {
    const Pool& pool = input.fleet.pools[index];
    if (input.plan.pools[index].taken) return fix_of_size(input, index);
    const PoolSize& advised = input.plan.pools[index].advice.size;
    threads = (threads + *pool.databases - 1) / *pool.databases;
    const std::string fewer = fmt::format("threads = {}", size.value);
    if (advised && advised->value.value >= threads && fits(input, index, advised->value))
        return fmt::format("{}; or {}", fix_of_size(input, index), fewer);
    const bool keeps = pool.driver_default != nullptr && pool.driver_default->holds == Holds::request;
    if (keeps || (advised && advised->value.value >= threads))
        return fmt::format("{}: its database has no room for {} connections each", fewer, threads);
    const std::string all = assign(size_place(pool), "max", std::to_string(threads));
    if (pool.driver_default == nullptr || pool.driver_default->holds == Holds::unknown)
        return fmt::format("{} or {}, if a request keeps its connection; set driver to be sure", all, fewer);
    return "set in_use or a workload: its driver lends a connection only for a transaction";
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::under_threads)) continue;
        const Pool& pool = input.fleet.pools[i];
        const std::int64_t threads = **input.fleet.services[pool.service].threads;
        const Connections size(input.plan.pools[i].declared->value.value * *pool.databases);
        const bool lends = pool.driver_default != nullptr && pool.driver_default->holds == Holds::transaction;
        Finding finding = found(
            table::pool_under_threads, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
            size_place(pool),
            fmt::format("{} share {}{}: beyond that they wait for each other", count(threads, "thread", "threads"),
                        count(size.value, "connection", "connections"), pool.max ? "" : " (the default)"));
        finding.label = lends ? fmt::format("{} lends one for a transaction", pool.driver_default->name)
                              : std::string("a thread keeps its connection until its request ends");
        if (pool.driver_default == nullptr) finding.label = "a thread may keep its connection until its request ends";
        if (pool.driver_default == nullptr || pool.driver_default->holds != Holds::request)
            finding.severity = Severity::info;
        finding.fix = fix(input, i, threads, size);
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
