// PF003: the steady state leaves less room than the policy wants.
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

const Rule table::steady_over_policy{
    "PF003",
    "steady-over-policy",
    Severity::warning,
    "0.1.0",
    "In the steady state, the pools can open more of the server's connections than the policy allows.",
    "Between the policy's share (connections_steady_max, 80 % by default) and the limit is the room for "
    "what no inventory lists: a migration, a person with psql, the next service, a failover, a deploy. A "
    "server that is planned without it works until the first of these.",
    "Make the largest pool smaller; the finding has the size. Or, if you have provided the room in another way, raise "
    "connections_steady_max in [policy].",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::steady_over_policy)) continue;
        const DatabaseFacts& known = facts(input, i);
        const std::string message = fmt::format("its pools can open {} connections, the policy allows {}",
                                                sum(known.allocated, known.at_least), unit::print(known.steady_limit));
        Finding finding = over(input, table::steady_over_policy, i, message, {Moment::steady});
        note(finding, "policy",
             fmt::format("connections_steady_max is {} of {} usable",
                         unit::print(*input.fleet.policy.connections_steady_max), unit::print(known.usable)));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
