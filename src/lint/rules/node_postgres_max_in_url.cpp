// PF025: a number that is never read.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::node_postgres_max_in_url{
    "PF025",
    "node-postgres-max-in-url",
    Severity::error,
    "0.1.0",
    "node-postgres ignores max in a URL, and keeps its default of 10.",
    "Measured with pg 8.23.1: ?max=3 in the connection URL changes nothing, the pool stays at 10. The same holds for "
    "libraries on top of pg.Pool: pg-boss, graphile-worker and Prisma 7. A service that seems to be limited to 3 takes "
    "10 in each process, and one that seems to have 30 queues behind 10.",
    "Pass max in code: new Pool({ connectionString, max: 3 }).",
    check,
    true,
};

namespace {

/// What the plan gives it, else what was meant, but never more than the default that runs today.
Connections fix_size(const LintInput& input, Index pool, Connections written) {
    const PoolPlan& plan = input.plan.pools[pool];
    const PoolSize then = plan.recommended();
    const Connections runs = plan.declared->value;
    return then && then->value != runs ? then->value : std::min(written, runs);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        if (!pool.max_ignored || model::is_fixed(*pool.driver_default)) continue;
        const auto written = model::evaluate(*pool.max_ignored, {});
        const auto* size = std::get_if<Connections>(&written);
        const Connections default_max(pool.driver_default->number);
        if (size == nullptr || *size == default_max) continue;
        Finding finding = found(table::node_postgres_max_in_url, {model::database_of(input.fleet, pool)},
                                pool_target(input.fleet, pool), pool.set_in->place,
                                fmt::format("max = {} in the URL is ignored: the pool opens up to {} per process",
                                            unit::print(*size), unit::print(default_max)));
        finding.label = fmt::format("pg.Pool, under {}, does not read ?max=", pool.driver_default->name);
        const std::int64_t then = fix_size(input, i, *size).value;
        finding.fix =
            fmt::format("new Pool({{ connectionString, max: {} }}) in code, and {}{}", then,
                        then == size->value ? std::string()
                                            : "here " + assign(size_place(pool), "max", std::to_string(then)) + " and ",
                        assign(pool.set_in->place, "set_in", "\"code\""));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
