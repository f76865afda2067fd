// PF012: nothing stops a pool from growing.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>

#include "../finding.hpp"
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
    "A pool has no limit: none is set, and its driver has none of its own.",
    "Go's database/sql opens as many connections as are asked for unless SetMaxOpenConns is called. One slow "
    "query then takes every slot of the server, for all services on it. And what a pool without a limit may "
    "open can not be added up: nothing else about its database can be promised either.",
    "Set max to what its use needs. For database/sql set SetMaxIdleConns to the same number, or connections "
    "above two are closed and opened again all the time.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        if (input.plan.pools[i].declared) continue;
        const Pool& pool = input.fleet.pools[i];
        const std::string driver = pool.driver_default ? std::string(pool.driver_default->name) : "its driver";
        Finding finding =
            found(table::unlimited_pool, {model::database_of(input.fleet, pool)}, pool_target(input.fleet, pool),
                  size_place(pool), fmt::format("max is not set, and {} has no limit of its own", driver));
        if (pool.driver_default) finding.label = std::string(pool.driver_default->text);
        const PoolSize& advised = input.plan.pools[i].advice.size;
        const std::string size = advised ? std::to_string(advised->value.value) : "10";
        finding.fix = assign(size_place(pool), "max", size);
        if (pool.driver_default && !pool.driver_default->max_option.empty())
            finding.fix += fmt::format(", with {}", pool.driver_default->max_option);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
