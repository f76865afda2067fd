// PF037: credits run out on a class that is throttled.
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::out_of_credits{
    "PF037",
    "out-of-credits",
    Severity::error,
    "0.1.0",
    "A throttled burstable instance uses more CPU than it earns credits for: on average, or for too long in its "
    "bursts.",
    "A T2 instance earns credits at its baseline rate and spends them above it. With a mean above the baseline they "
    "run out, and RDS, which does not run T2 in unlimited mode, then caps the instance at the baseline. The load still "
    "needs more: transactions queue, pools fill, and it looks like an outage. A full credit balance only delays it. "
    "Where observed.series has the CPU over time, the balance is followed over it instead: a burst may empty it though "
    "the mean is low, and a mean near the baseline may never do so. The finding then says for how many hours a month "
    "the instance is capped.",
    "Use a class that earns enough for the mean (with a series: for its bursts), one that is not throttled (T3 and T4g "
    "are charged instead), or less load.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        if (!assess::out_of_credits(now)) continue;
        const Database& database = input.fleet.databases[i];
        const Credits& credits = *now.credits;
        const std::string baseline = unit::print(credits.baseline.value);
        const std::string gone = credits.hours_to_empty
                                     ? fmt::format("credits run out in {} h, then",
                                                   unit::print_number(std::round(credits.hours_to_empty->value)))
                                     : std::string("no credits are left:");
        const std::string told =
            credits.balance ? fmt::format("bursts over the {} baseline outlast the credits: capped for {} h a month",
                                          baseline, unit::print_number(std::round(credits.balance->short_hours.value)))
                            : fmt::format("mean CPU {} over the {} baseline: {} it is capped at {}",
                                          unit::print(now.cpu_mean->value), baseline, gone, baseline);
        Finding finding = found(table::out_of_credits, {i}, *database.name, database.observed.cpu_mean->place, told);
        finding.label =
            fmt::format("earns {} credits an hour, burns up to {}", unit::print_number(credits.earned_per_hour.value),
                        unit::print_number(credits.burned_per_hour.value.high));
        finding.fix = class_fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
