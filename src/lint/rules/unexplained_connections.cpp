// PF304: the server has connections that the inventory knows nothing of.
#include <string>
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

const Rule table::unexplained_connections{
    "PF304",
    "unexplained-connections",
    Severity::warning,
    "0.1.0",
    "The server has more connections than the inventory explains.",
    "Something connects that the inventory does not list: a service, a worker, a cron job, a BI tool, another team. "
    "Every figure about this server's connections leaves it out, so the room that a plan shows is not "
    "there.\n\nTypical "
    "connections are compared with all that pools and poolers can open in the steady state with the maximum number of "
    "instances; the peak is compared with what a deploy or a failover opens. Both include other_connections and the "
    "reserved slots. The excess is a lower bound: pools are seldom full, so unlisted connections can hide in their "
    "unused "
    "room. A pool without a limit explains any number.",
    "Find out who connects, and add that service with its pools. If it is not a service, count its connections in "
    "other_connections; the finding has the number.",
    check,
};

namespace {

/// "14 typical, 20 at the peak".
std::string seen(const Interval<Connections>& range) {
    if (range.is_point()) return unit::print(range.low);
    return fmt::format("{} typical, {} at the peak", unit::print(range.low), unit::print(range.high));
}

std::string explained(const DatabasePlan& plan) {
    const Budget& budget = plan.budget;
    if (!budget.explained_peak || budget.explained_peak->value == budget.explained->value)
        return unit::print(budget.explained->value);
    return fmt::format("{}, {} in a deploy{}", unit::print(budget.explained->value),
                       unit::print(budget.explained_peak->value), plan.demand.failover ? " or after a failover" : "");
}

std::string fix(const LintInput& input, Index database) {
    const Database& record = input.fleet.databases[database];
    const Budget& budget = input.plan.databases[database].budget;
    const Connections more = budget.unexplained->value, all = *record.other_connections + more;
    const std::string add = "add the service that opens them";
    const Connections then = facts(input, database).allocated + more;
    if (then > budget.limits.usable.value)
        return fmt::format("{}; {} are more than the server lets in, so check the figure too", add,
                           of(then, budget.limits.usable.value));
    if (record.max_connections && all >= **record.max_connections) return add;
    return fmt::format("{}; or {}  →  {}", add,
                       assign(record.observed.place, "other_connections", fmt::format("{}", all.value)),
                       of(then, budget.limits.usable.value));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    if (input.fleet.services.empty()) return findings;  // an inventory of servers alone explains none
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Budget& budget = input.plan.databases[i].budget;
        if (!budget.unexplained || budget.unexplained->value.value <= 0) continue;
        const Database& database = input.fleet.databases[i];
        const Connections more = budget.unexplained->value;
        Finding finding =
            found(table::unexplained_connections, {i}, *database.name, database.observed.connections->place,
                  fmt::format("{} that no pool explains", count(more.value, "connection", "connections")));
        finding.label = fmt::format("{}; the inventory explains at most {}", seen(budget.observed->value),
                                    explained(input.plan.databases[i]));
        std::string known = others(input, i, Consumer(), Moment::steady);
        if (known.empty()) known = "no pool connects here";
        if (const Connections slots = budget.limits.reserved.value; slots.value > 0)
            known += fmt::format(" · {} reserved", unit::print(slots));
        finding.notes.emplace_back("known", std::move(known));
        finding.notes.emplace_back("look", fmt::format("{}: a service, a worker, a cron job, another team",
                                                       database.platform->words.by_client));
        finding.fix = fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
