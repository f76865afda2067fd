// PF001: a deploy needs more connections than the server has.
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

const Rule table::deploy_over_usable{
    "PF001",
    "deploy-over-usable",
    Severity::error,
    "0.1.0",
    "During a deploy, old and new instances together can open more connections than the server allows.",
    "A rolling or blue-green deploy starts new instances before old ones stop, and each opens its pool. A fleet that "
    "fits all day fails at the moment of a release: the new instances are refused (PostgreSQL: \"remaining connection "
    "slots are reserved\"; MySQL and MariaDB: \"ERROR 1040: Too many connections\"), their health checks fail, and the "
    "rollout hangs half-way or rolls back.\n\nThe sum is instances × "
    "processes × max, with the instances of the deploy: max_surge more for rolling, twice as many for blue-green. It "
    "counts every service, because two teams can deploy at the same time. If yours never do, deploys_at_once = 1 in "
    "[policy] counts the worst deploy of one service.",
    "Make the largest pool smaller; the finding has the largest size that fits the policy in the steady state "
    "and in a deploy. Or lower max_surge, deploy with recreate if downtime is acceptable, or add a "
    "pooler.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::deploy_over_usable)) continue;
        const DatabaseFacts& known = facts(input, i);
        const std::string message = fmt::format("{} needs {} connections; only {} are usable", worst_deploy(input, i),
                                                sum(known.deploy_peak, known.at_least), unit::print(known.usable));
        Finding finding = over(input, table::deploy_over_usable, i, message, {Moment::deploy});
        const bool fits = !known.at_least && known.allocated <= known.usable;
        note(finding, "steady",
             of(known.allocated, known.usable) + (fits ? ": fits today, fails on the next rollout" : ""));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
