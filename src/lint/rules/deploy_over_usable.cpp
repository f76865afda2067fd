// PF001: a deploy asks for more than the server gives.
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
    "During a deploy, old and new instances together can open more connections than the server gives.",
    "A rolling or blue-green deploy starts new instances before old ones stop, and each opens its pool. A "
    "fleet that fits all day fails at the moment of a release: the new instances are refused (\"remaining "
    "connection slots are reserved\"), their health checks fail, and the rollout hangs half-way or rolls back.\n\n"
    "The sum is instances × processes × max, with the instances of the deploy: max_surge more for rolling, "
    "twice as many for blue-green. It counts every service, since two teams do deploy at the same time.",
    "Make the largest pool smaller; the finding has the largest size that fits the policy in the steady state "
    "and in a deploy. Or lower max_surge, deploy with recreate where a gap is allowed, or put a pooler in "
    "between.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (trouble(input, i) != Trouble::deploy_over_usable) continue;
        const Budget& budget = input.plan.databases[i].budget;
        const Connections usable = budget.limits.usable.value;
        const Connections peak = budget.demand.deploy_peak->value, steady = budget.demand.allocated->value;
        const std::string message =
            fmt::format("a deploy needs {} connections, {} are usable", unit::print(peak), unit::print(usable));
        Finding finding = over(input, table::deploy_over_usable, i, message, {Moment::deploy});
        note(finding, "steady", of(steady, usable) + ": fits today, fails on the next rollout");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
