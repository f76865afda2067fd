// PF004: the remaining server has too few connections for both.
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../connections.hpp"
#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::failover_over_usable{
    "PF004",
    "failover-over-usable",
    Severity::warning,
    "0.1.0",
    "When one server is lost, its pools move to a server that has too few connections for both.",
    "Readers of a lost replica connect to the primary; when a primary is lost, its pools go to the replica that was "
    "promoted. They all do so at once, and the remaining server has to handle both. If it cannot, the failover takes "
    "down what still worked.\n\nOne loss at a time is counted. A Multi-AZ standby takes over the slots of its primary, "
    "so nothing is added there.",
    "Make the largest of the pools on either server smaller, let readers fail without a fallback, or put a "
    "pooler in front of both servers.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::failover_over_usable)) continue;
        const DatabaseFacts& known = facts(input, i);
        const FailoverCase& failover = *known.failover;
        // Its own pools and those that come to it: the largest is the one to change.
        std::optional<Consumer> largest;
        for (const Index database : {i, failover.from}) {
            const auto& all = consumers(input, database, Moment::steady);
            if (!all.empty() && (!largest || all.front().steady > largest->steady)) largest = all.front();
        }
        Finding finding = over(input, table::failover_over_usable, i,
                               fmt::format("a failover needs {} connections; only {} are usable",
                                           sum(failover.peak, failover.at_least), unit::print(known.usable)),
                               Goal{Moment::steady, {}, true}, largest);
        finding.databases = {i};
        if (const auto& primary = input.fleet.databases[i].replica_of) finding.databases.push_back(*primary);
        const std::vector<Index>& replicas = input.plan.topology.replicas[i];
        finding.databases.insert(finding.databases.end(), replicas.begin(), replicas.end());
        const std::string& lost = *input.fleet.databases[failover.from].name;
        finding.notes = {{"limit", limit_text(input.plan.databases[i].budget.limits)},
                         {"when", input.fleet.databases[i].replica_of
                                      ? fmt::format("{} is promoted: the primary's pools connect to it",
                                                    *input.fleet.databases[i].name)
                                      : fmt::format("{} fails: its pools connect to the primary", lost)},
                         {"steady", of(known.allocated, known.usable)}};
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
