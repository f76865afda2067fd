// PF105: nothing connects to the database.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/assess/usage.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::idle_database{
    "PF105",
    "idle-database",
    Severity::warning,
    "0.1.0",
    "Nothing connects to a database: no pool of the inventory, and no connection in 14 days or more.",
    "A server that nothing uses saves all of its cost once it is deleted; the last copy of its data costs its storage. "
    "The "
    "evidence is both: no pool, pooler or other_connections in the inventory, and observed.connections = 0 over a "
    "window of "
    "14 days or more. A primary is in use while a replica of it is. A replica that is kept to take over says so with "
    "failover_target = true; the only reader of an Aurora cluster is its standby, and is kept: the finding says what "
    "it "
    "costs. Load without a connection is a "
    "contradiction: PF307. Where other databases have pools and one has none, and nothing was measured, the finding "
    "asks "
    "for the evidence, unless its CPU, disk or network says that it is in use; where observed.connections = 0 has no "
    "window, or a shorter one, for the window.",
    "Ask its owner, take a copy that outlives it (a snapshot, a final backup or a dump, by provider), delete it. Where "
    "something connects once a month, count it in "
    "other_connections.",
    check,
};

namespace {

/// ": $314.24/mo for nothing".
std::string for_nothing(const DatabasePlan& plan) {
    const auto& all = plan.recommendation.idle->saves;
    if (!all) return plan.now.cost ? fmt::format(": {}/mo for nothing", unit::print(plan.now.cost->value)) : "";
    return all->value.is_point()
               ? fmt::format(": {}/mo for nothing", unit::print(all->value.high))
               : fmt::format(": {}–{}/mo for nothing", unit::print(all->value.low), unit::print(all->value.high));
}

Finding idle(const LintInput& input, Index index) {
    const Database& database = input.fleet.databases[index];
    const DatabasePlan& plan = input.plan.databases[index];
    Finding finding = found(table::idle_database, {index}, *database.name, database.observed.connections->place,
                            fmt::format("nothing connects to it, and no connection was open in {}{}",
                                        unit::print(plan.recommendation.idle->window), for_nothing(plan)));
    const auto& committed = input.plan.committed;
    const auto& listed = plan.recommendation.saves;
    if (committed && listed && committed->saves[index] && committed->saves[index]->value != listed->value)
        finding.notes.emplace_back("paid", fmt::format("{}saves {}/mo after commitments",
                                                       plan.recommendation.idle->saves ? "the instance " : "",
                                                       unit::print(committed->saves[index]->value)));
    std::string risk(plan::name(plan.recommendation.risk));
    finding.notes.emplace_back("risk", plan.recommendation.risk_reasons.empty()
                                           ? Phrase(std::move(risk))
                                           : Phrase(risk + ": ", Phrase::About::risk, index, ""));
    finding.fix = plan.recommendation.idle->replica
                      ? fmt::format("delete it, or {} if it is kept to take over",
                                    assign(database.place, "failover_target", "true"))
                      : fmt::format("take {} and delete it", database.platform->leaving->copy);
    return finding;
}

/// A replica that would be idle if it did not stand in for its primary.
Finding kept(const LintInput& input, Index index) {
    const Database& database = input.fleet.databases[index];
    const DatabasePlan& plan = input.plan.databases[index];
    const Spare& spare = *plan.recommendation.spare;
    Finding finding =
        found(table::idle_database, {index}, *database.name, database.observed.connections->place,
              fmt::format("no connection was open in {}: it is kept to take over from {}{}", unit::print(spare.window),
                          *input.fleet.databases[spare.primary].name,
                          plan.now.cost ? fmt::format(", at {}/mo", unit::print(plan.now.cost->value)) : ""));
    finding.severity = Severity::info;
    finding.fix = fmt::format("{}, or delete it if a longer outage is acceptable",
                              assign(database.place, "failover_target", "true"));
    return finding;
}

/// Where the inventory has pools, and none on these: is there anything that it does not list?
Finding asks(const LintInput& input, const std::vector<Index>& unknown) {
    const Database& first = input.fleet.databases[unknown.front()];
    Finding finding =
        found(table::idle_database, unknown, *first.name, first.place, "no pool connects to it: is it in use?");
    finding.severity = Severity::info;
    std::vector<std::string> others;
    for (std::size_t k = 1; k < unknown.size(); ++k) others.push_back(*input.fleet.databases[unknown[k]].name);
    if (!others.empty()) finding.notes.emplace_back("also", list(others));
    const auto& seen = first.observed.connections;
    const bool short_of = seen && seen->value.high.value == 0 && unknown.size() == 1;
    if (short_of)
        finding.fix = fmt::format("set observed.window, and measure {} for {} days, or add what connects to it",
                                  first.platform->words.connections, unit::print_number(assess::window_days));
    else
        finding.fix =
            fmt::format("measure {} for {} days: set observed.connections and window, or add what connects to it",
                        first.platform->words.connections, unit::print_number(assess::window_days));
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    std::vector<Index> unknown;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Recommendation& advice = input.plan.databases[i].recommendation;
        if (advice.idle) findings.push_back(idle(input, i));
        if (advice.spare) findings.push_back(kept(input, i));
        // Of replicas that nothing reads PF031 asks.
        const Database& database = input.fleet.databases[i];
        const auto& seen = database.observed.connections;
        const bool none_seen = seen && seen->value.high.value == 0;
        if (!database.replica_of && (!input.fleet.pools.empty() || none_seen) &&
            input.plan.topology.replicas[i].empty() &&
            assess::usage(input.fleet, input.plan.topology, i) == Usage::unknown &&
            !assess::load_of_use(input.fleet, i))
            unknown.push_back(i);
    }
    if (!unknown.empty()) findings.push_back(asks(input, unknown));
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
