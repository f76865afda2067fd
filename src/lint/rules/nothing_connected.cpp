// PF307: the inventory has connections, and none was seen.
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

const Rule table::nothing_connected{
    "PF307",
    "nothing-connected",
    Severity::warning,
    "0.1.0",
    "The inventory has pools on a database to which nothing was connected for 14 days or more.",
    "One of the two is wrong: observed.connections is of another server, or the services no longer run. Until that is "
    "known, a class based on either would be a guess, so the verdict asks.",
    "Correct observed.connections, or remove the services: a database without any is idle.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (assess::usage(input.fleet, input.plan.topology, i) != Usage::contradicted) continue;
        const Database& database = input.fleet.databases[i];
        const auto& open = input.plan.databases[i].demand.allocated;
        Finding finding =
            found(table::nothing_connected, {i}, *database.name, database.observed.connections->place,
                  fmt::format("no connection was open in {}, and the inventory opens {}",
                              unit::print(**database.observed.window),
                              open ? count(open->value.value, "connection", "connections") : "any number"));
        std::vector<Index> pools = input.plan.topology.pools[i];
        if (!pools.empty()) finding.notes.emplace_back("pools", pool_list(input.fleet, pools));
        finding.fix = fmt::format("write {} of this server, or remove the services that no longer run",
                                  database.platform->words.connections);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
