// PF004: the server that is left can not carry what comes to it.
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
    "Readers of a lost replica connect to the primary; when a primary is lost, its pools go to the replica "
    "that was promoted. They all do so at once, and the server that is left has to carry both. If it can not, "
    "the failover that was to save the day takes down what still worked.\n\n"
    "One loss at a time is counted. A Multi-AZ standby takes over the slots of its primary, so nothing is "
    "added there.",
    "Make the largest of the pools on either server smaller, let readers fail without a fallback, or put a "
    "pooler in front of both servers.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (trouble(input, i) != Trouble::failover_over_usable) continue;
        const Budget& budget = input.plan.databases[i].budget;
        const Connections peak = budget.demand.failover_peak->value, usable = budget.limits.usable.value;
        // Its own pools and those that come to it: the largest is the one to change.
        std::vector<Index> related = replicas_of(input.fleet, i);
        if (const auto& primary = input.fleet.databases[i].replica_of) related.push_back(*primary);
        Index owner = i;
        std::optional<Consumer> largest;
        related.insert(related.begin(), i);
        for (const Index database : related) {
            const auto all = consumers(input, database, Moment::steady);
            if (all.empty() || (largest && all.front().steady <= largest->steady)) continue;
            largest = all.front();
            owner = database;
        }
        Finding finding =
            over(input, table::failover_over_usable, owner,
                 fmt::format("a failover needs {} connections, {} are usable", unit::print(peak), unit::print(usable)),
                 Goal{Moment::steady, peak, usable, {}}, largest);
        finding.target = *input.fleet.databases[i].name;
        finding.databases = related;
        // The derivation says which loss it is.
        const Derivation& worst = input.plan.ledger[budget.demand.failover_peak->id];
        std::string note = worst.note;
        if (!worst.inputs.empty()) note = input.plan.ledger[worst.inputs.front()].note;
        finding.notes = {{"limit", limit_text(budget.limits)}, {"when", note}};
        finding.notes.emplace_back("steady", of(budget.demand.allocated->value, usable));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
