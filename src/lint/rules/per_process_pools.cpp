// PF016: each worker process has a pool of its own.
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/holding.hpp>
#include <poolfit/unit/print.hpp>

#include "../facts.hpp"
#include "../finding.hpp"
#include "../pools.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::per_process_pools{
    "PF016",
    "per-process-pools",
    Severity::info,
    "0.1.0",
    "Each of several processes opens a pool, or one for each of several databases, and together they take more than "
    "a quarter of the server's connections.",
    "A pool belongs to a process, not to a service. Every worker of gunicorn, uvicorn, Puma, PM2 or Celery "
    "opens its own, so that \"max 5\" in a configuration is 5 for each of them. This is how a pool of 45 "
    "becomes 720 connections. With a pool for each of several databases (databases = N) each process opens N of them.",
    "Divide the connections that the service needs by instances × processes, or write a formula with PROCESSES in it. "
    "Fewer processes with threads share one pool. Tenants with their own connection strings share none: PgBouncer, "
    "with few connections for each, keeps idle ones off the server.",
    check,
};

namespace {

/// A size that was meant for all processes of a pod leaves each of them enough for its threads.
bool may_be_for_all(const Service& service, std::int64_t size) {
    const std::int64_t each = size / *service.processes;
    return size > 1 && (service.runtime != Runtime::threads || !service.threads || each >= **service.threads);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (!holds(input, i, PoolTrouble::per_process)) continue;
        const Pool& pool = input.fleet.pools[i];
        const Service& service = input.fleet.services[pool.service];
        const Connections allocated = input.plan.pools[i].now.allocated->value;
        const Connections usable = facts(input, *pool.database).usable;
        Finding finding = found(
            table::per_process_pools, {*pool.database}, pool_target(input.fleet, pool), size_place(pool),
            fmt::format("{} connections in each of {}{} can add up to {}",
                        unit::print(input.plan.pools[i].declared->value),
                        count(*service.processes * service.instances->high, "process", "processes"),
                        *pool.databases > 1
                            ? fmt::format(", for each of {} databases,", unit::print(Connections(*pool.databases)))
                            : std::string(),
                        of(allocated, usable)));
        finding.label =
            product(input.fleet, pool, service.instances->high, input.plan.pools[i].declared->value, allocated);
        const std::int64_t size = input.plan.pools[i].declared->value.value;
        finding.fix = "fewer processes, or a pooler";
        if (!model::has_setting(pool))
            finding.fix = "fewer processes or threads, or a pooler";
        else if (*pool.databases > 1)
            finding.fix = "a pooler with few connections per database, or fewer databases on this server";
        else if (may_be_for_all(service, size))
            finding.fix = fmt::format(
                "{}, if {} was meant for all processes of a pod",
                assign(size_place(pool), "max", fmt::format("\"max(1, floor({} / PROCESSES))\"", size)), size);
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
