// Volumes: what a provider offers to keep a database's data on, what a volume gives by its size, and what may be set.
// Data of the platforms' rows (src/platform); prices are the catalog's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit {

/// Throughputs are in MiB/s, sizes in GiB.
struct VolumeKind {
    std::string_view name;                     ///< as an inventory writes it: "gp3"
    std::string_view in_api{};                 ///< how its provider's API writes it, where that is another word
    std::int64_t least_gib = 0, most_gib = 0;  ///< 0: it grows by itself, and has no size to set
    bool grows = true;                         ///< autoscaling works
    std::span<const std::int64_t> sizes{};     ///< the only ones that it has, ascending; empty: any

    /// What it gives from a size on, whatever the class.
    struct Tier {
        std::string_view name{};  ///< of its figures: "gp3_under_400_gib"
        std::int64_t from_gib = 0;
        double iops = 0;     ///< that are always there; 0: they follow the size, or are provisioned
        double burst = 0;    ///< for a while; 0: no more than always
        double mibps = 0;    ///< that are always there; 0: not published
        bool set = false;    ///< IOPS may be provisioned
        bool moved = false;  ///< a volume that grows into it is moved to other disks
    };
    std::span<const Tier> tiers{};  ///< ascending; the first begins at 0; empty: not published
    double iops_per_gib = 0, least_iops = 0, most_iops = 0;
    std::string_view iops_follow{};  ///< what its IOPS follow where none are published here: "its size and the vCPUs"

    /// Where no IOPS can be set, what gives a volume more at the same size: "a higher performance tier".
    std::string_view performance_tier{};

    /// What may be provisioned, where a tier allows it.
    struct Provisioned {
        bool needed = false;  ///< the volume has no IOPS of its own
        double least = 0, most = 0;
        double least_per_gib = 0, most_per_gib = 0;  ///< the most of 0: any
        double most_mibps = 0;                       ///< 0: throughput cannot be set
        double mibps_per_iops = 0;                   ///< at most, of a throughput that is set; 0: any
    };
    const Provisioned* provisioned = nullptr;

    bool (*on)(const InstanceClass& cls) = nullptr;  ///< which servers take it; null: all

    bool io_charged = false;             ///< each request is on the bill
    double class_factor = 1;             ///< the price of every instance, against its list price
    std::string_view class_source{};     ///< of the factor
    std::string_view retired{};          ///< the day from which the provider moves such volumes by force
    const VolumeKind* better = nullptr;  ///< of the same provider: takes its place at no more, as far as it reaches
    std::string_view source;
};

/// What a platform offers.
struct Volumes {
    std::span<const VolumeKind* const> kinds;
    const VolumeKind* usual = nullptr;  ///< what a database has that names none; null: it has to name one
    bool shared = false;                ///< a primary and its replicas have one
    /// The first release of each series that takes a kind without charged requests, ascending; newer series do as well.
    std::span<const EngineVersion> flat_since{};
    /// Are the catalog's prices those of a server of this class? Null: of any.
    bool (*listed_price)(const InstanceClass& cls) = nullptr;

    /// What people are told of a change of the kind or of its IOPS, after it is named.
    struct Change {
        std::string_view meanwhile;  ///< ": the database stays up. …"
        std::string_view work;       ///< "minutes"
        std::string_view undo;       ///< of the change back: "at any time"
    } change{};
};

struct Platform;

namespace platform {

/// Null where the platform has no such kind.
const VolumeKind* find_volume(const Platform& platform, std::string_view name);
/// The same by its name in the provider's API, too.
const VolumeKind* volume_meant(const Platform& platform, std::string_view name);
/// What a server of the class has where an inventory names no kind; null where it has to.
const VolumeKind* usual_volume(const Volumes& volumes, const InstanceClass* cls);
const VolumeKind::Tier* tier(const VolumeKind& kind, double gib);
/// IOPS that may be provisioned at a size, where some may: the most, and the least.
double most_provisioned(const VolumeKind& kind, double gib);
double least_provisioned(const VolumeKind& kind, double gib);
/// Does the version take a volume without charged requests? A series alone may.
bool has_flat_volume(const Volumes& volumes, EngineVersion version);
/// The first tier that is larger than the one of this size; null where none is.
const VolumeKind::Tier* next_tier(const VolumeKind& kind, double gib);

}  // namespace platform
}  // namespace poolfit
