// PF042: more IOPS are used than the volume always gives.
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

const Rule table::storage_iops_short{
    "PF042",
    "storage-iops-short",
    Severity::warning,
    "0.1.0",
    "The database uses more IOPS than its volume always gives.",
    "A gp2 volume has 3 IOPS per GiB and bursts above that on credits; when they are used up, every query that "
    "reads or writes waits. gp3 has 3,000 IOPS below 400 GiB and 12,000 from there on, at any size. Reads and "
    "writes count together.",
    "Change gp2 to gp3 for its IOPS: a GiB costs about the same. A gp3 volume below 400 GiB takes no provisioned "
    "IOPS; from 400 GiB on it has 12,000 and takes more.",
    check,
};

namespace {

/// Of a volume with so many IOPS.
std::string limit_of_class(const DatabasePlan& plan, double iops) {
    const auto& lets = plan.chosen.cls->throughput.ebs_baseline_iops;
    if (!lets || *lets >= iops) return {};
    return fmt::format(", of which {} always lets through {}", plan.chosen.cls->name, iops_text(*lets));
}

/// What gives as many at today's size.
std::string tier_instead(const StorageAdvice& advice) {
    return advice.to->performance_tier.empty()
               ? std::string()
               : fmt::format(", or {}, whose price is not known", advice.to->performance_tier);
}

/// Can more IOPS be provisioned at today's size?
bool takes_more(const StorageUse& use) {
    const VolumeKind* kind = use.volume.kind;
    if (kind == nullptr || kind->provisioned == nullptr || !use.volume.gib) return false;
    const VolumeKind::Tier* tier = platform::tier(*kind, use.volume.gib->value);
    return tier != nullptr && tier->set && platform::most_provisioned(*kind, use.volume.gib->value) > use.iops->value;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const StorageUse* use = kept_storage(input.plan, i);
        if (use == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        const auto& seen = database.observed.iops;
        if (!seen || !use->iops || (*seen)->high <= use->iops->value) continue;
        Finding finding = found(
            table::storage_iops_short, {i}, *database.name, seen->place,
            fmt::format(
                "{} IOPS observed; its volume always gives {}{}", iops_text((*seen)->high), iops_text(use->iops->value),
                use->burst > use->iops->value ? fmt::format(", and {} while burst credits last", iops_text(use->burst))
                                              : std::string()));
        const VolumeKind* kind = use->volume.kind;
        if (kind != nullptr && use->volume.gib)
            finding.label = fmt::format("{} of {} GiB", kind->name, unit::print_number(use->volume.gib->value));
        const InstanceClass& cls = *input.plan.databases[i].chosen.cls;
        const auto& lets = cls.throughput.ebs_baseline_iops;
        const auto* next =
            kind != nullptr && use->volume.gib ? platform::next_tier(*kind, use->volume.gib->value) : nullptr;
        if (use->advice && use->advice->kind == StorageAdvice::Kind::more_iops)
            finding.fix = fmt::format("{}  →  {} IOPS", storage_fix(*use), iops_text(use->advice->iops->value)) +
                          tier_instead(*use->advice) +
                          limit_of_class(input.plan.databases[i], use->advice->iops->value);
        else if (lets && *lets <= use->iops->value)
            finding.fix = fmt::format("a class with a higher {} baseline: {} always lets through {}",
                                      database.platform->words.disk, cls.name, iops_text(*lets));
        else if (kind != nullptr && !kind->performance_tier.empty())
            finding.fix = fmt::format("{} of the disk: its price is not known", kind->performance_tier);
        else if (next != nullptr && next->iops > use->iops->value)
            finding.fix = fmt::format("size = \"{} GiB\"  →  {} IOPS", next->from_gib, iops_text(next->iops)) +
                          limit_of_class(input.plan.databases[i], next->iops);
        else
            finding.fix = fmt::format("{}find the queries that read and write most",
                                      takes_more(*use) ? "provision more IOPS, or " : "");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
