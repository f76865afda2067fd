// PF021: surplus credits are charged.
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::mean_cpu_over_baseline{
    "PF021",
    "mean-cpu-over-baseline",
    Severity::info,
    "0.1.0",
    "A burstable instance uses more CPU than it earns credits for: on average, or for too long in its bursts.",
    "A t class earns credits at its baseline rate and spends them above it. With a mean above the baseline the "
    "credits run out, and RDS, which runs T3 and T4g in unlimited mode, charges every vCPU-hour above it. You then pay "
    "more than the class's price. Where observed.series has the CPU over time, the balance is followed over it instead "
    "of the mean: only what later earnings do not pay back is charged. poolfit plan counts both, so a class that is "
    "cheapest even with surplus is kept. T2 is throttled instead: see PF037.",
    "None if the class is cheapest even with surplus; otherwise the class that poolfit plan recommends, or less load.",
    check,
};

namespace {

/// "mean CPU 25 % over the 20 % baseline: credits run out in 12 h, then $9.00/mo surplus".
std::string told(const Credits& credits, const Interval<Fraction>& mean) {
    const std::string baseline = unit::print(credits.baseline.value);
    if (credits.balance)
        return fmt::format("bursts over the {} baseline outlast the credits in {} h a month: {}/mo surplus", baseline,
                           unit::print_number(std::round(credits.balance->short_hours.value)),
                           credits.surplus ? unit::print(credits.surplus->value) : std::string("an unknown"));
    std::string value = unit::print(mean);
    // Just over it would print alike.
    if (unit::print(mean.high) == baseline) value = fmt::format("{:.2f} %", mean.high.value * 100);
    std::string bill;
    if (credits.hours_to_empty)
        bill = fmt::format("credits run out in {} h", unit::print_number(std::round(credits.hours_to_empty->value)));
    if (credits.surplus) bill += fmt::format(", then {}/mo surplus", unit::print(credits.surplus->value));
    return fmt::format("mean CPU {} over the {} baseline: {}", value, baseline, bill);
}

/// The plan's class, where that costs less than today's with its surplus.
std::string fix(const LintInput& input, Index index) {
    const Recommendation& r = input.plan.databases[index].recommendation;
    if (r.cls == input.fleet.databases[index].type && !r.leaves_class_open())
        return "none needed: even with surplus it is the cheapest class that passes every limit";
    if (r.cls == input.fleet.databases[index].type || !r.saves || r.saves->value.value > 0)
        return class_fix(input, index);
    return fmt::format(
        "none needed for the surplus alone: {}, which poolfit plan recommends for another reason, costs {}/mo more "
        "than {} with surplus",
        r.cls->name, unit::print(MicroUsdPerMonth(-r.saves->value.value)), input.fleet.databases[index].type->name);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const auto& credits = now.credits;
        if (!credits || !credits->mean_known || !credits->lives_on_credits || credits->throttled) continue;
        const Database& database = input.fleet.databases[i];
        Finding finding = found(table::mean_cpu_over_baseline, {i}, *database.name, database.observed.cpu_mean->place,
                                told(*now.credits, now.cpu_mean->value));
        finding.label = fmt::format("earns {} credits an hour, burns up to {}",
                                    unit::print_number(now.credits->earned_per_hour.value),
                                    unit::print_number(now.credits->burned_per_hour.value.high));
        finding.fix = fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
