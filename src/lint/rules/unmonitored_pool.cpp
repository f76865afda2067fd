// PF023: pools are not monitored.
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

const Rule table::unmonitored_pool{
    "PF023",
    "unmonitored-pool",
    Severity::info,
    "0.1.0",
    "A service's pools are not monitored.",
    "Without a measurement every size is a guess: whether a pool is far too large or just about to queue cannot be "
    "seen from outside, since the server counts open connections, not busy ones. Reported once for each service.",
    "Export what the library counts (HikariCP: hikaricp.connections.active and .pending; pg: totalCount, "
    "idleCount, waitingCount), or sample pg_stat_activity by application_name; then set monitored = true and "
    "set in_use.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const Service& service : input.fleet.services) {
        if (service.kind != ServiceKind::server) continue;
        std::vector<std::string> names;
        std::vector<Index> databases;
        const Pool* first = nullptr;
        for (const Index i : service.pools) {
            const Pool& pool = input.fleet.pools[i];
            // If in_use is set, the pool was measured, unless the inventory says `monitored = false`.
            if (*pool.monitored || (pool.in_use && !pool.monitored.place)) continue;
            names.push_back(*pool.name);
            databases.push_back(model::database_of(input.fleet, pool));
            if (!first) first = &pool;
        }
        if (!first) continue;
        Finding finding =
            found(table::unmonitored_pool, databases, *service.name,
                  first->monitored.place ? first->monitored.place : first->place,
                  fmt::format("{} not monitored: {}",
                              count(static_cast<std::int64_t>(names.size()), "pool is", "pools are"), list(names)));
        finding.fix =
            fmt::format("measure busy and waiting connections, then {}", assign(finding.place, "monitored", "true"));
        if (first->driver_default && !first->driver_default->metrics.empty())
            finding.notes.emplace_back(
                "metrics", fmt::format("{}: {}", first->driver_default->name, first->driver_default->metrics));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
