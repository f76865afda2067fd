// PF002: more connections than the server gives, all day.
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

const Rule table::steady_over_usable{
    "PF002",
    "steady-over-usable",
    Severity::error,
    "0.1.0",
    "In the steady state, the pools of all services can open more connections than the server gives.",
    "Pools that open connections on demand stay below their sum for months. Then one slow query, one lock, "
    "one burst of traffic fills them all at once, and whoever comes last is refused, often the health check "
    "or the person who wants to find out why. The sum of what may be opened has to fit, not what usually is.",
    "Make the largest pool smaller (the finding has the size), remove pools that nobody needs, or put a "
    "pooler in between. A larger instance gives more slots, and is the dearest way to get them.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (trouble(input, i) != Trouble::steady_over_usable) continue;
        const Budget& budget = input.plan.databases[i].budget;
        const Connections usable = budget.limits.usable.value;
        const std::string message = fmt::format("its pools can open {} connections, {} are usable",
                                                unit::print(budget.demand.allocated->value), unit::print(usable));
        Finding finding = over(input, table::steady_over_usable, i, message, {Moment::steady});
        note(finding, "deploy", of(budget.demand.deploy_peak->value, usable));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
