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
    "Nothing was connected to a database for 14 days or more, but the inventory has pools on it, or it was busy.",
    "One of the two is wrong: observed.connections is of another server, the services no longer run, or what was seen "
    "is "
    "of other days. Load that contradicts it: a mean or p95 CPU above 10 %, a peak above 30 %, more than 50 IOPS, more "
    "than 8 Mbps of disk or network; a replica may be as busy as its primary, whose writes it repeats. Until that is "
    "known, a class based on either would be a guess and to delete it a danger, so the verdict asks.",
    "Correct what is observed, or remove the services: a database without any connection or load is idle.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (assess::usage(input.fleet, input.plan.topology, i) != Usage::contradicted) continue;
        const Database& database = input.fleet.databases[i];
        const auto& open = input.plan.databases[i].demand.allocated;
        const auto busy = assess::activity(input.fleet, i);
        const std::string window = unit::print(**database.observed.window);
        if (!assess::listed(input.fleet, input.plan.topology, i)) {
            Finding finding = found(table::nothing_connected, {i}, *database.name, busy->place,
                                    fmt::format("no connection was open in {}, but {} is {}", window, busy->key,
                                                assess::print(busy->seen)));
            finding.fix = fmt::format("write {} and {} from one server and the same days",
                                      database.platform->words.connections, busy->key);
            findings.push_back(std::move(finding));
            continue;
        }
        Finding finding =
            found(table::nothing_connected, {i}, *database.name, database.observed.connections->place,
                  fmt::format("no connection was open in {}, and the inventory opens {}{}", window,
                              open ? count(open->value.value, "connection", "connections") : "any number",
                              busy ? fmt::format("; {} is {}", busy->key, assess::print(busy->seen)) : ""));
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
