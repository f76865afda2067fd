// PF114: the other configuration of Aurora storage costs less.
#include <string>
#include <vector>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"
#include "../storage.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::storage_configuration{
    "PF114",
    "aurora-storage-configuration",
    Severity::warning,
    "0.1.0",
    "The other storage configuration of an Aurora cluster costs less.",
    "Aurora Standard charges each I/O request. I/O-Optimized charges none, but 30 % more for instances and more "
    "per GiB. They cost the same where I/O costs 30 % of the instances plus the difference in storage; AWS's rule "
    "of thumb is I/O of a quarter of the bill. Instances are those that the plan keeps, at what "
    "is paid for them; a schedule that the plan advises is not assumed. Old versions have no I/O-Optimized.",
    "Change the configuration of the cluster; no downtime. A cluster can change to I/O-Optimized once in 30 days, "
    "and back at any time.",
    check,
};

namespace {

/// On today's instances, where that is too little, or a loss.
std::string today_text(const Interval<MicroUsdPerMonth>& saves) {
    const Interval<MicroUsdPerMonth> more{MicroUsdPerMonth(-saves.high.value), MicroUsdPerMonth(-saves.low.value)};
    if (saves.high.value <= 0) return fmt::format("on today's classes it costs {} more", money_text(more));
    if (saves.low.value < 0)
        return fmt::format("on today's classes it may cost {} more", unit::print(more.high) + "/mo");
    return fmt::format("on today's classes it saves {}", money_text(saves));
}

std::vector<Finding> check(const LintInput& input) {
    const auto one = [](Index i, const Database& database, const StorageUse& use, const StorageAdvice& advice) {
        const auto& today = advice.saves_today;
        const bool later = !advice.pays_today;
        Finding finding = found(table::storage_configuration, {i}, *database.name, storage_place(*use.given, false),
                                fmt::format("{} costs {} less than {}{}", advice.to->name,
                                            money_text(today && !later ? today->value : advice.saves->value),
                                            use.volume.kind->name, later ? ", once the plan's classes run" : ""));
        if (today)
            finding.notes.emplace_back(
                later ? "today" : "after",
                later ? today_text(today->value)
                      : fmt::format("on the plan's classes it saves {}", money_text(advice.saves->value)));
        finding.label = fmt::format(
            "{} I/O requests a month{}; both cost the same at {}", requests_text(use.requests->value),
            use.requests_observed ? " by observed IOPS" : "", requests_text(use.break_even_requests->value));
        finding.fix = later ? "after the change of class: " : "";
        finding.fix += assign(storage_place(*use.given, false), "type", fmt::format("\"{}\"", advice.to->name));
        return finding;
    };
    return of_advice(input, StorageAdvice::Kind::configuration, one);
}

}  // namespace
}  // namespace poolfit::lint
