// PF031: a replica that no one reads from.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::replica_without_reads{
    "PF031",
    "replica-without-reads",
    Severity::warning,
    "0.1.0",
    "No pool connects to a replica.",
    "A replica costs as much as its primary. If no service reads from it, either the expected load never came or the "
    "service that should use it still reads from the primary. As a standby for failover, Multi-AZ is less work; a "
    "replica that is kept for that has failover_target = true. With observed.connections = 0 over 14 days it is idle: "
    "PF105. A replica with other_connections is in use and "
    "is not reported, nor is the only reader of an Aurora cluster, which is its standby.",
    "Point readers to it, remove it, or say what it is for: other_connections, or failover_target = true.",
    check,
};

namespace {

/// Databases that something connects to.
std::vector<bool> used(const Fleet& fleet) {
    std::vector<bool> result;
    for (const Database& database : fleet.databases) result.push_back(database.other_connections->value > 0);
    for (const Pool& pool : fleet.pools)
        if (pool.database) result[*pool.database] = true;
    for (const Pooler& pooler : fleet.poolers) result[pooler.database] = true;
    return result;
}

/// Where no deployment of the provider has a standby, a reader is one.
bool is_standby(const Topology& topology, const Database& replica) {
    const Platform& platform = *replica.platform;
    return platform::has_regions(platform) && platform.deployments.size() == 1 &&
           topology.replicas[*replica.replica_of].size() == 1;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const std::vector<bool> connected = used(input.fleet);
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& replica = input.fleet.databases[i];
        if (!replica.replica_of || connected[i] || is_standby(input.plan.topology, replica)) continue;
        const Recommendation& advice = input.plan.databases[i].recommendation;
        if (*replica.failover_target || advice.idle || advice.spare) continue;  // PF105 says the others
        const auto& cost = input.plan.databases[i].now.cost;
        Finding finding = found(table::replica_without_reads, {i}, *replica.name, replica.replica_place,
                                cost ? fmt::format("no pool connects to it, at {}/mo", unit::print(cost->value))
                                     : std::string("no pool connects to it"));
        finding.label = fmt::format("{} serves everything", *input.fleet.databases[*replica.replica_of].name);
        finding.fix =
            "point readers to it, remove it, count its users in other_connections, or set failover_target = true";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
