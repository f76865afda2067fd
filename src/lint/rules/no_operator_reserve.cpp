// PF007: no one can log in when all pools are full.
#include <algorithm>
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

const Rule table::no_operator_reserve{
    "PF007",
    "no-operator-reserve",
    Severity::warning,
    "0.1.0",
    "A deploy leaves no connections for people and their tools, and none are set aside.",
    "The slots that the engine reserves are for superusers. Anyone who migrates, debugs or exports metrics with the "
    "application's role needs an ordinary slot, and when services have taken all of them, no one can get in. "
    "If other_connections is not set, keep at least three: for psql, a migration and an exporter.",
    "Set other_connections on the database to count them, and make the largest pool smaller so that they fit.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::no_reserve)) continue;
        const DatabaseFacts& known = facts(input, i);
        const Connections left = std::max(Connections(0), known.usable - known.deploy_peak);
        const std::string message = fmt::format("a deploy leaves {}{} of {} connections, operators need {}",
                                                known.at_least && left.value > 0 ? "at most " : "", unit::print(left),
                                                unit::print(known.usable), unit::print(operators_need));
        Finding finding = over(input, table::no_operator_reserve, i, message, Goal{Moment::deploy, operators_need});
        finding.pools.clear();  // other findings about the pool remain true
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
