// PF009: a deploy leaves less room than the policy wants.
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

const Rule table::deploy_over_policy{
    "PF009",
    "deploy-over-policy",
    Severity::warning,
    "0.1.0",
    "During a deploy, the pools can open more of the server's connections than the policy allows.",
    "The deploy still fits, but with less room than connections_deploy_max (95 % by default) requires. One "
    "more instance, one open psql or one dead connection that the server has not noticed yet, and the deploy "
    "is refused connections.",
    "Make the largest pool smaller; the finding has the size. Or lower max_surge, or raise "
    "connections_deploy_max in [policy]. If only one service is deployed at a time, set deploys_at_once = 1.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::deploy_over_policy)) continue;
        const DatabaseFacts& known = facts(input, i);
        const std::string message =
            fmt::format("{} needs {} connections, the policy allows {}", worst_deploy(input, i),
                        sum(known.deploy_peak, known.at_least), unit::print(known.deploy_limit));
        Finding finding = over(input, table::deploy_over_policy, i, message, {Moment::deploy});
        note(finding, "policy",
             fmt::format("connections_deploy_max is {} of {} usable",
                         unit::print(*input.fleet.policy.connections_deploy_max), unit::print(known.usable)));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
