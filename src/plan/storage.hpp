#pragma once

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Nothing for a database without [database.storage]. Classes and capacity are settled.
std::optional<StorageUse> storage_use(const Fleet& fleet, const Plan& plan, Index database, Recorder recorder);
/// Of a volume that charges each request, or of a cluster, whose other configuration may: how many there are.
void count_requests(const Fleet& fleet, const Plan& plan, Index database, StorageUse& use, Recorder recorder);
/// A cluster with Standard and I/O-Optimized storage: which costs less, in `use`.
void compare_configurations(const Fleet& fleet, const Plan& plan, Index database, StorageUse& use, Recorder recorder);
/// Observed peaks take so much of what is provisioned.
inline constexpr double room_in_volume = 0.8;
Figure<double> volume_room(Recorder recorder);
/// Does only the price of a throughput lack, which today's volume of the kind has as well?
bool lacks_throughput_alone(const StorageUse& use, const Volume& then, const VolumeCost& cost);
/// Carries out its advice; nothing where there is none, or what it saves is not known.
std::optional<Action> storage_action(const Plan& plan, Index database);

}  // namespace poolfit::plan
