// PF021: credits run out.
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
    Severity::warning,
    "0.1.0",
    "A burstable instance uses more CPU on average than it earns credits for.",
    "A t class earns credits at its baseline rate and spends them above it. With a mean over the baseline the "
    "credits run out, and then RDS, which runs these classes unlimited, charges every vCPU-hour above it. The "
    "price of the class is no longer what is paid, and the saving that it was chosen for may be gone.",
    "A class that is not burstable, a larger burstable one, or less load.",
    check,
};

namespace {

/// "mean CPU 25 % over the 20 % baseline: full to empty in 12 h, then $9.00/mo surplus": RDS runs t3 and t4g
/// unlimited, so the load is served and charged.
std::string told(const Credits& credits, const Interval<Fraction>& mean) {
    const std::string baseline = unit::print(credits.baseline.value);
    std::string value = unit::print(mean);
    // Just over it would print alike.
    if (unit::print(mean.high) == baseline) value = fmt::format("{:.2f} %", mean.high.value * 100);
    std::string bill;
    if (credits.hours_to_empty)
        bill = fmt::format("full to empty in {} h", unit::print_number(std::round(credits.hours_to_empty->value)));
    if (credits.surplus) bill += fmt::format(", then {}/mo surplus", unit::print(credits.surplus->value));
    return fmt::format("mean CPU {} over the {} baseline: {}", value, baseline, bill);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const Check* credits = now.find(Dimension::credits);
        if (!credits || credits->standing != Standing::over || !now.credits) continue;
        const Database& database = input.fleet.databases[i];
        Finding finding = found(table::mean_cpu_over_baseline, {i}, *database.name, database.observed.cpu_mean->place,
                                told(*now.credits, now.cpu_mean->value));
        finding.label = fmt::format("earns {} credits an hour, burns up to {}",
                                    unit::print_number(now.credits->earned_per_hour.value),
                                    unit::print_number(now.credits->burned_per_hour.value.high));
        finding.fix = class_fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
