// PF021: credits run out.
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

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const Check* credits = now.find(Dimension::credits);
        if (!credits || credits->standing != Standing::over || !now.credits) continue;
        const Database& database = input.fleet.databases[i];
        Finding finding =
            found(table::mean_cpu_over_baseline, {i}, *database.name, database.observed.cpu_mean->place, credits->text);
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
