// PF043: the class lets through less than what is provisioned.
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

const Rule table::iops_over_class{
    "PF043",
    "provisioned-iops-over-class",
    Severity::warning,
    "0.1.0",
    "More IOPS are provisioned than the instance class always lets through.",
    "Each class has a limit of its own for reads and writes to EBS. What a volume has above it is on the bill "
    "every month and can only be used while the class bursts, half an hour a day on smaller classes.",
    "Provision no more than the class lets through, or take a class with a higher EBS baseline.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        const auto& lets = database.type->throughput.ebs_baseline_iops;
        if (!use->volume.iops || !lets || use->volume.iops->value <= *lets) continue;
        Finding finding = found(table::iops_over_class, {i}, *database.name, use->given->iops->place,
                                fmt::format("{} IOPS are provisioned; {} always lets through {}",
                                            iops_text(use->volume.iops->value), database.type->name, iops_text(*lets)));
        if (const auto& most = database.type->throughput.ebs_max_iops; most && *most > *lets)
            finding.label = fmt::format("up to {} in a burst", iops_text(*most));
        const bool fewer =
            use->advice && (!use->advice->provisioned || *use->advice->provisioned < use->volume.iops->value);
        if (fewer)
            finding.fix = storage_fix(*use);
        else
            finding.fix = fmt::format("provision fewer IOPS, or a class with a higher {} baseline",
                                      database.platform->words.disk);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
