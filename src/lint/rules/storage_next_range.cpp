// PF044: the volume grows to a size with another baseline.
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

const Rule table::storage_next_range{
    "PF044",
    "storage-grows-past-threshold",
    Severity::info,
    "0.1.0",
    "The volume will grow past the size from which RDS stripes it over four volumes.",
    "From 400 GiB on, RDS stripes a volume: gp3 then has 12,000 IOPS and 500 MiB/s instead of 3,000 and 125, and "
    "takes provisioned IOPS; below that none can be provisioned. On the way RDS moves all data to new volumes, "
    "which can take hours with slower I/O, and storage cannot be made smaller again.",
    "If the load needs the IOPS, grow to the threshold on purpose, at a quiet hour; else set max_size below it.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        if (use->next == nullptr) continue;
        const VolumeKind& kind = *use->volume.kind;
        std::string gives;
        if (use->next->iops > 0)
            gives = fmt::format(": {} IOPS then, not {}", iops_text(use->next->iops), iops_text(use->iops->value));
        const auto& most = use->given->max_size;
        const std::string why = use->by_growth ? std::string("if data grow like the load, within a year")
                                               : fmt::format("autoscaling may grow it to {}", unit::print(most->value));
        Finding finding = found(
            table::storage_next_range, {i}, *database.name, use->by_growth ? use->given->size->place : most->place,
            fmt::format("its {} volume grows past {} GiB{}", kind.name, use->next->from_gib, gives));
        finding.label = why;
        // Its advice may be that size: then no other is set.
        const bool wanted =
            use->advice && use->advice->gib && *use->advice->gib >= static_cast<double>(use->next->from_gib);
        finding.fix = fmt::format(
            "grow it at a quiet hour: RDS moves the data to other volumes{}",
            use->by_growth || wanted ? "" : fmt::format("; or max_size = \"{} GiB\"", use->next->from_gib - 1));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
