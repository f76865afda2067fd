// PF112: another kind of volume has the same IOPS for less.
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

const Rule table::provisioned_iops_dear{
    "PF112",
    "provisioned-iops-for-less",
    Severity::warning,
    "0.1.0",
    "Another kind of volume gives the provisioned IOPS for less.",
    "io1 and io2 charge every provisioned IOPS. gp3 includes 3,000 IOPS, 12,000 from 400 GiB on, and charges only "
    "what is above. io1 promises its latency 99.9 % of the time, gp3 99 %. The price of both is compared at the "
    "same IOPS and the same size; where a smaller gp3 volume does not give them, at 400 GiB, which can't be made "
    "smaller "
    "again.",
    "Change the type; the database stays up. For the next six hours, or until optimizing ends, storage cannot be "
    "changed again.",
    check,
};

namespace {

/// Where the price of one of the two is not known, or of both.
std::string for_known(const StorageUse& use, const StorageAdvice& advice, const std::string& to,
                      const std::string& region) {
    const std::string iops = iops_text(advice.iops ? advice.iops->value : use.volume.iops->value);
    if (advice.cost)
        return fmt::format("{} has {} IOPS for {}; the price of {} is not known in {}", to, iops,
                           money_text(advice.cost->value), use.volume.kind->name, region);
    if (use.cost.cost && !use.cost.at_least)
        return fmt::format("{} has {} IOPS too; the price of {} is not known in {}", to, iops, advice.to->name, region);
    return fmt::format("{} has {} IOPS too; the price of both is not known in {}", to, iops, region);
}

std::vector<Finding> check(const LintInput& input) {
    const auto one = [](Index i, const Database& database, const StorageUse& use, const StorageAdvice& advice) {
        const std::string what = fmt::format("{} IOPS", iops_text(use.volume.iops->value));
        const std::string to = advice.gib
                                   ? fmt::format("{} of {} GiB", advice.to->name, unit::print_number(*advice.gib))
                                   : std::string(advice.to->name);
        Finding finding =
            found(table::provisioned_iops_dear, {i}, *database.name, storage_place(*use.given, false),
                  advice.saves ? fmt::format("{} with {} cost {}; with {} {}", what, use.volume.kind->name,
                                             money_text(use.cost.cost->value), to, money_text(advice.cost->value))
                               : for_known(use, advice, to, *database.region));
        if (!advice.saves) finding.severity = Severity::info;
        if (advice.mibps) finding.label = fmt::format("{} has {} MiB/s", advice.to->name, iops_text(*advice.mibps));
        if (advice.mibps_not_seen) finding.notes.emplace_back("check", not_seen_text(advice));
        finding.fix = storage_fix(use);
        if (advice.saves) finding.fix += fmt::format("  →  saves {}", money_text(advice.saves->value));
        return finding;
    };
    return of_advice(input, StorageAdvice::Kind::cheaper, one);
}

}  // namespace
}  // namespace poolfit::lint
