// PF104: the same load for less, on another processor.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/plan/savings.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::arm_cheaper{
    "PF104",
    "arm-cheaper",
    Severity::info,
    "0.1.0",
    "A class with an ARM processor would handle the load for less, but the policy forbids it.",
    "RDS runs PostgreSQL on Graviton without any change to the applications: the protocol is the same. Only "
    "extensions built for x86 stand in the way. allow_arm is false by default, so poolfit does not recommend ARM "
    "unless allowed; this finding shows what it would save. Reported if the additional saving reaches "
    "min_savings_per_month and min_savings.",
    "Check the extensions in use, then set allow_arm = true in [policy].",
    check,
};

namespace {

/// Nothing but allow_arm stands against the class.
bool only_arm_forbids(const Platform& platform, const Policy& policy, const Candidate& candidate) {
    const InstanceClass& cls = *candidate.cls;
    const auto matches = [&](const Located<std::string>& glob) { return catalog::matches(platform, *glob, cls.name); };
    return cls.arch == Arch::arm64 && candidate.fits_but_for_policy && candidate.cost && candidate.ranked_by &&
           (!cls.burst || *policy.allow_burstable) &&
           (policy.allow.empty() || std::any_of(policy.allow.begin(), policy.allow.end(), matches)) &&
           std::none_of(policy.deny.begin(), policy.deny.end(), matches);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const Policy& policy = input.fleet.policy;
    if (*policy.allow_arm) return findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const DatabasePlan& own = input.plan.databases[i];
        const Database& database = input.fleet.databases[i];
        const auto& paid = own.recommendation.cost;
        if (database.type->arch == Arch::arm64 || own.recommendation.leaves_class_open() || !paid) continue;
        const MicroUsdPerMonth chosen = paid->value;
        const Candidate* best = nullptr;
        for (const Candidate& candidate : own.candidates)
            if (only_arm_forbids(*database.platform, policy, candidate) &&
                (!best || *candidate.ranked_by < *best->ranked_by))
                best = &candidate;
        if (!best) continue;
        // At what is known to be paid, and if the peak lasted.
        const MicroUsdPerMonth at_peak = own.recommendation.ranked_by.value_or(chosen) - *best->ranked_by;
        const auto beside = plan::saves_beside_commitments(input.fleet, input.plan, i, *best);
        const MicroUsdPerMonth saves = std::min({chosen - *best->cost, at_peak, beside.value_or(at_peak)});
        if (!plan::worth_it(policy, chosen, chosen - saves, plan::support_of(own.chosen)).enough) continue;
        const auto& planned = own.recommendation.saves;
        const bool more = planned && planned->value.value > 0;
        Finding finding = found(
            table::arm_cheaper, {i}, *database.name, class_place(input.fleet, database),
            fmt::format("{} would save {}/mo{}, on ARM", best->cls->name, unit::print(saves), more ? " more" : ""));
        const InstanceClass& of = *own.recommendation.cls;
        finding.label =
            fmt::format("{}{}/mo → {}/mo", &of == database.type ? std::string() : fmt::format("{} ", of.name),
                        unit::print(chosen), unit::print(chosen - saves));
        finding.fix = assign(class_place(input.fleet, database), "allow_arm", "true") + " in [policy]";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
