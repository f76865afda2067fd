// Another volume in place of today's: of which size, with how much that is provisioned.
#pragma once

#include <cstdint>
#include <optional>

#include "storage.hpp"

namespace poolfit::plan {

class OtherVolumes {
public:
    /// `cls`: what the plan has; `use` knows today's volume.
    OtherVolumes(const Database& database, Index index, const InstanceClass& cls, const StorageUse& use)
        : database_(database), index_(index), cls_(cls), use_(use) {}

    /// What is enough where it comes with the size, and what is provisioned where it does not.
    struct Iops {
        double included = 0, provisioned = 0;
    };

    /// `kind` in place of today's, at its size or grown, for at least so many IOPS: nothing where it does not give
    /// them, or the throughput that is paid for.
    std::optional<Volume> as(const VolumeKind& kind, Iops iops, bool exactly, double grown = 0) const;
    /// With the throughput that was seen; at today's size, or the smallest larger one that gives them: no size goes
    /// back.
    std::optional<Volume> at_any_size(const VolumeKind& kind, Iops iops) const;

    /// Does it have the throughput that was seen? Of what nothing was seen, yes.
    bool has_throughput(const Volume& then) const;
    std::optional<double> seen_mibps() const;
    /// What a volume of the kind has at today's size, at most.
    double most_mibps(const VolumeKind& kind) const;

    /// Where the throughput of another volume comes from.
    assess::Term throughput_term(const Volume& then, Recorder r) const;
    /// Where its IOPS come from: `source`, what the class lets through, or what its throughput takes.
    assess::Term iops_term(const Volume& then, const std::optional<Figure<double>>& source, Recorder r) const;

    /// What the kind gives at a size; null where it has no such volume.
    static const VolumeKind::Tier* tier_of(const VolumeKind& kind, double gib);

private:
    /// Of the throughput that a volume has to have, what is provisioned.
    struct Throughput {
        enum class Of : std::uint8_t { paid, seen, by_class, by_kind, none } of = Of::none;
        double mibps = 0;
    };
    Throughput throughput(const VolumeKind::Tier& tier, const VolumeKind::Provisioned* may) const;

    const Database& database_;
    Index index_;
    const InstanceClass& cls_;
    const StorageUse& use_;
};

}  // namespace poolfit::plan
