// Leaves that several figures share: lines of the inventory and rows of the catalog.
#pragma once

#include <poolfit/assess/budget.hpp>

namespace poolfit::assess {

inline Key database_key(Index database, Name name, Phase phase = Phase::now, const InstanceClass* cls = nullptr) {
    return {{Subject::Kind::database, database}, name, phase, cls, {}};
}
inline Key service_key(Index service, Name name) { return {{Subject::Kind::service, service}, name}; }
inline Key pool_key(Index pool, Name name, Phase phase = Phase::now) {
    return {{Subject::Kind::pool, pool}, name, phase};
}
inline Key pooler_key(Index pooler, Name name, Phase phase = Phase::now) {
    return {{Subject::Kind::pooler, pooler}, name, phase};
}
/// Of the hardware; of what depends on the engine, with the first database of the platform.
inline Key class_key(const InstanceClass& cls, Name name, Index database = 0) {
    return {{Subject::Kind::cls, database}, name, Phase::now, &cls};
}
inline Key policy_key(Name name) { return {{Subject::Kind::policy, 0}, name}; }
inline Key constant_key(Name name) { return {{Subject::Kind::constant, 0}, name}; }
/// A constant that is another on each platform.
inline Key constant_key(Name name, const Platform& platform) {
    return {{Subject::Kind::constant, 0}, name, Phase::now, nullptr, platform.label};
}

Figure<std::int64_t> host_vcpus(const Fleet& fleet, Index host, Recorder recorder);
/// Physical cores of a host: of its vCPUs, or of as many as `vcpus` has. Where the threads of a core are not known, as
/// many as there can be. `column`: the number of vCPUs as text, where they are not its own.
Figure<std::int64_t> host_cores(const Fleet& fleet, Index host, const Figure<std::int64_t>& vcpus,
                                std::string_view column, Recorder recorder);
inline Figure<std::int64_t> class_vcpus(const InstanceClass& cls, Recorder r) {
    const Measured value{Interval<double>(cls.vcpus), Measure::vcpus};
    return {cls.vcpus, r.row(class_key(cls, Name::vcpus), value, cls.row)};
}
/// What a value of [database.observed] that a series gave is: "mean of 1,440 points, …"; none where a key gave it.
Remark of_series(const Observed& observed, std::string_view key, const Place& place);
inline Figure<std::int64_t> month_hours(Recorder r) {
    const Measured value = measured(Measure::hours, static_cast<double>(hours_per_month));
    return {hours_per_month, r.constant(constant_key(Name::hours_per_month), value, Grounds::month)};
}
inline Figure<Bytes> class_memory(const InstanceClass& cls, Recorder r) {
    return {cls.memory, r.row(class_key(cls, Name::memory), measured(cls.memory), cls.row, {Note::label_memory})};
}
/// What the guest OS sees of a class of RestMemory's platform.
Figure<Interval<Bytes>> os_memory(const Platform& platform, const InstanceClass& cls, Recorder recorder);
Figure<Interval<Bytes>> engine_memory(const Fleet& fleet, Index database, const Offer& offer, Recorder recorder);
/// The first database that is on the same platform: figures of a class that depend on the engine are named by it.
Index first_of_platform(const Fleet& fleet, Index database);
/// The most that autoscaling may start.
Figure<std::int64_t> service_instances(const Fleet& fleet, Index service, Recorder recorder);
/// The fewest of them.
Figure<std::int64_t> fewest_instances(const Fleet& fleet, Index service, Recorder recorder);
Figure<std::int64_t> service_processes(const Fleet& fleet, Index service, Recorder recorder);
/// Databases that a process has a pool each for.
Figure<std::int64_t> pool_databases(const Fleet& fleet, Index pool, Recorder recorder);
/// So many of each pool, over all instances: instances × processes × databases. Counts: model::copies.
Term over_copies(const Fleet& fleet, Index pool, const Term& instances, const Term& processes, const Term& of_one,
                 Recorder recorder);
/// Of a process; only where they are given.
Figure<std::int64_t> service_threads(const Fleet& fleet, Index service, Recorder recorder);
Figure<Interval<double>> in_use_per_process(const Fleet& fleet, Index pool, Recorder recorder);
/// Only where they are given.
Figure<Interval<Connections>> observed_connections(const Fleet& fleet, Index database, Recorder recorder);
/// Further checkouts while one is held; of a pool with a workload.
Figure<std::int64_t> nested_checkouts(const Fleet& fleet, Index pool, Recorder recorder);

}  // namespace poolfit::assess
