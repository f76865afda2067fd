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
    "In the steady state, the pools of all services can open more connections than the server allows.",
    "Pools that open connections on demand stay below their sum for months. Then one slow query, one lock, "
    "one burst of traffic fills them all at once, and the last to connect are refused, often the health check "
    "or the person trying to find out why. The sum of all connections that may be opened has to fit, not the "
    "usual number.",
    "Make the largest pool smaller (the finding has the size), remove unused pools, or add a "
    "pooler. A larger instance has more slots, but is the most expensive way to get them.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::steady_over_usable)) continue;
        const DatabaseFacts& known = facts(input, i);
        const std::string message = fmt::format("its pools can open {} connections; only {} are usable",
                                                sum(known.allocated, known.at_least), unit::print(known.usable));
        Finding finding = over(input, table::steady_over_usable, i, message, {Moment::steady});
        note(finding, "deploy", of(known.deploy_peak, known.usable));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
