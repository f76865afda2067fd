// PF305: the threads of a process are not given, and each keeps a connection.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::threads_not_set{
    "PF305",
    "threads-not-set",
    Severity::warning,
    "0.1.0",
    "The plan makes a pool smaller, its driver gives each thread a connection, and the number of threads is not set.",
    "Rails, Django and SQLAlchemy's sessions give a thread one connection for the whole request or job. A pool with "
    "fewer connections than threads makes them wait for each other, however short their queries are. Without threads "
    "and without measured use, the plan can only fit the pool to the server's limit, and that may be less than the "
    "process needs.",
    "Set threads to what one process runs: Puma's threads, Sidekiq's concurrency, gunicorn's --threads. Or measure the "
    "pool and set in_use.",
    check,
};

namespace {

/// Is its size a guess that threads would settle?
bool holds_by_thread(const Fleet& fleet, const Pool& pool) {
    const Service& service = fleet.services[pool.service];
    return service.runtime == Runtime::threads && !service.threads && !pool.in_use && !pool.workload &&
           pool.driver_default != nullptr && pool.driver_default->holds == DriverDefault::Holds::request;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        const PoolSize &now = input.plan.pools[i].declared, then = input.plan.pools[i].recommended();
        if (input.plan.pools[i].basis() != Basis::limit || !holds_by_thread(input.fleet, pool) || !now || !then ||
            then->value >= now->value)
            continue;
        const Service& service = input.fleet.services[pool.service];
        Finding finding =
            found(table::threads_not_set, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
                  service.runtime_place ? service.runtime_place : service.name.place,
                  fmt::format("the plan makes it {} instead of {}, and threads is not set", unit::print(then->value),
                              unit::print(now->value)));
        finding.label = fmt::format("{} gives each thread a connection", pool.driver_default->name);
        finding.fix = fmt::format("set threads of {} to what one process runs, or in_use of the pool", *service.name);
        finding.pools = {i};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
