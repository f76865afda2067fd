// A database's volume: what it gives, what of that a class lets through, what a kind of volume costs.
#pragma once

#include <optional>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

/// A volume as it is or could be.
struct Volume {
    const VolumeKind* kind = nullptr;                  ///< null: a disk of one's own
    std::optional<Figure<double>> gib;                 ///< nothing where it is not given
    std::optional<Figure<double>> iops;                ///< provisioned; nothing: what the size gives
    std::optional<Figure<double>> mibps;               ///< the same
    std::optional<Figure<Interval<double>>> requests;  ///< a month, where each is charged
};

struct VolumeCost {
    std::optional<Figure<Interval<MicroUsdPerMonth>>> cost;  ///< nothing where the price, or the size, is not known
    bool at_least = false;              ///< a part is missing: a price above what the size includes, or the requests
    bool other_class = false;           ///< the prices that are listed are not those of a server of its class
    std::optional<StoragePrice> price;  ///< of the kind in the region
};

namespace assess {

/// The storage that the database's data are on: its own, or its primary's where the cluster shares one; null where the
/// inventory has none.
const Storage* storage_of(const Fleet& fleet, Index database);
/// The kind of its storage, where that changes the price of instances; else null.
const VolumeKind* volume_factor(const Fleet& fleet, Index database);
MicroUsdPerMonth with_factor(const VolumeKind& kind, MicroUsdPerMonth price);
Figure<double> class_factor(const VolumeKind& kind, Recorder recorder);

/// The price of a GiB, an IOPS or a million requests.
Measured unit_measured(MicroUsdPerMonth amount);

/// As the inventory has it.
Volume volume(const Fleet& fleet, Index database, Recorder recorder);
/// What it always gives; nothing where the size is not known, or the provider publishes none.
std::optional<Figure<double>> volume_iops(const Volume& volume, const Key& key, Recorder recorder);
std::optional<Figure<double>> volume_mibps(const Volume& volume, const Key& key, Recorder recorder);
/// IOPS for a while, above those; 0: none.
double volume_burst(const Volume& volume, const Key& key, Recorder recorder);
VolumeCost volume_cost(const Fleet& fleet, const Catalog& catalog, Index database, const Volume& volume, const Key& key,
                       Recorder recorder);
/// MiB/s of a throughput in megabits.
double mib_per_second(MegabitsPerSecond throughput);
/// The other way round.
double mbps(double mib_per_second);

}  // namespace assess
}  // namespace poolfit
