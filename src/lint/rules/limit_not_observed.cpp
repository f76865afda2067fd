// PF301: a formula is not an answer.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/offers.hpp>
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
    "max_connections comes from the formula, not from the server.",
    "On RDS the default is LEAST({DBInstanceClassMemory/9531392}, 5000), and the memory in it is less than the label "
    "says: 3 % to 14 % on observed servers (832 where the formula gives 901, 181 where it gives 225). poolfit plans "
    "with the low end of the expected range. A parameter set by hand is not visible at all. Azure sets it when a "
    "server is made and keeps it when the SKU changes. A replica of the same class is reported together with its "
    "primary.",
    "Run SHOW max_connections (on MySQL and MariaDB SHOW VARIABLES LIKE 'max_connections'), and set max_connections "
    "in the inventory to the result.",
    check,
};

namespace {

/// Reported with its primary: same class, and neither has max_connections.
bool with_primary(const Fleet& fleet, const Database& database) {
    if (!database.replica_of) return false;
    const Database& primary = fleet.databases[*database.replica_of];
    return !primary.max_connections && primary.type->name == database.type->name;
}

/// "648–687 expected, 901 by the class label".
std::string expected_text(const Database& database, const Limits& limits, const Chained* chained) {
    const std::string range = unit::print(limits.max_expected->value);
    if (chained != nullptr && chained->largest)
        return range + " by default, as the largest instance in its replica chain";
    if (chained != nullptr && chained->primary) return range + " as its primary";
    if (database.type->limit && limits.max_nominal) return range + " by default";
    if (!limits.max_nominal) return range + " expected";
    return fmt::format("{} expected, {} by the class label", range, unit::print(limits.max_nominal->value));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        if (database.max_connections || database.type->unknown || with_primary(input.fleet, database)) continue;
        if (input.plan.databases[i].recommendation.verdict == Verdict::idle) continue;
        const Limits& limits = input.plan.databases[i].budget.limits;
        std::vector<Index> about{i};
        for (const Index replica : input.plan.topology.replicas[i])
            if (!input.fleet.databases[replica].max_connections &&
                with_primary(input.fleet, input.fleet.databases[replica]))
                about.push_back(replica);
        Finding finding =
            found(table::limit_not_observed, about, *database.name, class_place(input.fleet, database),
                  "max_connections is not set: " + expected_text(database, limits, input.plan.market->chained(i)));
        finding.label = fmt::format("the plan counts on {}", unit::print(limits.max_planned.value));
        if (!database.platform->limit.follows_class)
            finding.notes.emplace_back(
                "note", fmt::format("{} keeps what it was when the server was made, on its class of then",
                                    database.platform->names.full));
        if (about.size() > 1) {
            std::vector<std::string> names;
            for (std::size_t k = 1; k < about.size(); ++k) names.push_back(*input.fleet.databases[about[k]].name);
            finding.notes.emplace_back("also", list(names));
        }
        finding.fix =
            fmt::format("run {} and set max_connections to the result", database.platform->words.limit_command);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
