// PF301: a formula is not an answer.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../facts.hpp"
#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::limit_not_observed{
    "PF301",
    "limit-not-observed",
    Severity::info,
    "0.1.0",
    "max_connections comes from the formula: the server has not been asked.",
    "On RDS the default is LEAST({DBInstanceClassMemory/9531392}, 5000), and the memory in it is less than the label "
    "says: 3 % to 14 % on observed servers (832 for a class that counts to 901, 181 for 225). poolfit plans with the "
    "low end of what it may be. A parameter that somebody set by hand is not seen at all. A replica of its primary's "
    "class is reported with it.",
    "Ask the server (SHOW max_connections; on MySQL and MariaDB SHOW VARIABLES LIKE 'max_connections'), and write the "
    "answer as max_connections.",
    check,
};

namespace {

/// Told of with its primary: the same class, and asked no more than that one.
bool with_primary(const Fleet& fleet, const Database& database) {
    if (!database.replica_of) return false;
    const Database& primary = fleet.databases[*database.replica_of];
    return !primary.max_connections && primary.type == database.type;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        if (database.max_connections || with_primary(input.fleet, database)) continue;
        const Limits& limits = input.plan.databases[i].budget.limits;
        std::vector<Index> about{i};
        for (const Index replica : input.plan.topology.replicas[i])
            if (!input.fleet.databases[replica].max_connections &&
                with_primary(input.fleet, input.fleet.databases[replica]))
                about.push_back(replica);
        Finding finding =
            found(table::limit_not_observed, about, *database.name, class_place(input.fleet, database),
                  fmt::format("max_connections is not given: {} expected, {} by the label",
                              unit::print(limits.max_expected->value), unit::print(limits.max_nominal->value)));
        finding.label = fmt::format("planned with {}", unit::print(limits.max_planned.value));
        if (about.size() > 1) {
            std::vector<std::string> names;
            for (std::size_t k = 1; k < about.size(); ++k) names.push_back(*input.fleet.databases[about[k]].name);
            finding.notes.emplace_back("also", list(names));
        }
        finding.fix = fmt::format("write what {} prints as max_connections", database.platform->words.limit_command);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
