// PF113: far more IOPS are provisioned than used.
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

const Rule table::iops_over_provisioned{
    "PF113",
    "iops-over-provisioned",
    Severity::warning,
    "0.1.0",
    "More IOPS are provisioned than the load needs.",
    "Provisioned IOPS are charged whether they are used or not. The highest that was observed, with a quarter "
    "more as room, is what the volume needs; no less than RDS takes for its size.",
    "Provision fewer IOPS; the database stays up. Check that the observed peak has the busiest hour in it.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    const auto one = [](Index i, const Database& database, const StorageUse& use, const StorageAdvice& advice) {
        Finding finding =
            found(table::iops_over_provisioned, {i}, *database.name, storage_place(*use.given, true),
                  fmt::format("{} IOPS are provisioned, at most {} were used", iops_text(use.volume.iops->value),
                              iops_text((*database.observed.iops)->high)));
        if (advice.mibps_not_seen) finding.notes.emplace_back("check", not_seen_text(advice));
        finding.fix = storage_fix(use) + fmt::format("  →  saves {}", money_text(advice.saves->value));
        return finding;
    };
    return of_advice(input, StorageAdvice::Kind::fewer_iops, one);
}

}  // namespace
}  // namespace poolfit::lint
