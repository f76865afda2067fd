// PF045: the provider gives up this kind of storage.
#include <string>
#include <utility>
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

const Rule table::retired_storage{
    "PF045",
    "retired-storage",
    Severity::warning,
    "0.1.0",
    "The storage is of a kind that the provider has retired.",
    "RDS deprecated magnetic storage on 2026-04-30 and moves such volumes to gp3 by force. Magnetic storage has "
    "at most 1,000 IOPS, charges each request, and does not grow by itself.",
    "Change it to gp3 in a maintenance window of your choice. RDS moves the data to new volumes, which takes "
    "hours with slower I/O.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        const VolumeKind* kind = use->volume.kind;
        if (kind == nullptr || kind->retired.empty()) continue;
        Finding finding = found(table::retired_storage, {i}, *database.name, storage_place(*use->given, false),
                                fmt::format("{} storage was deprecated on {}: {} moves it to {} by force", kind->name,
                                            kind->retired, database.platform->names.keeper, kind->better->name));
        if (use->advice) finding.fix = storage_fix(*use);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
