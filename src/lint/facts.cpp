#include "facts.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::lint {
namespace {

DatabaseFacts of_database(const LintInput& input, Index index) {
    const DatabasePlan& plan = input.plan.databases[index];
    DatabaseFacts facts;
    facts.steady = plan::consumers(input.fleet, input.plan, index);
    facts.deploy = facts.steady;
    std::ranges::stable_sort(facts.steady, std::ranges::greater(), &Consumer::steady);
    std::ranges::stable_sort(facts.deploy, std::ranges::greater(), &Consumer::deploy);
    facts.usable = plan.budget.limits.usable.value;
    facts.steady_limit = plan::allowed(plan, Dimension::connections_steady);
    facts.deploy_limit = plan::allowed(plan, Dimension::connections_deploy);
    facts.allocated = plan::least_steady(plan.demand);
    facts.deploy_peak = plan::least_deploy(plan.demand);
    facts.at_least = !plan.demand.allocated || !plan.demand.deploy_peak;
    facts.failover = plan.demand.failover;
    return facts;
}

}  // namespace

Facts collect(const LintInput& input) {
    Facts facts;
    facts.databases.reserve(input.fleet.databases.size());
    for (Index i = 0; i < input.fleet.databases.size(); ++i) facts.databases.push_back(of_database(input, i));
    return facts;
}

const DatabaseFacts& facts(const LintInput& input, Index database) { return input.facts->databases[database]; }

std::string sum(Connections total, bool at_least) {
    return fmt::format("{}{}", at_least ? "at least " : "", unit::print(total));
}

}  // namespace poolfit::lint
