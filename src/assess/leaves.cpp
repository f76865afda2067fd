#include <poolfit/assess/leaves.hpp>

namespace poolfit::assess {

namespace {

constexpr Measured whole(Measure measure, std::int64_t value) {
    return {Interval<double>(static_cast<double>(value)), measure};
}

}  // namespace

Figure<std::int64_t> host_vcpus(const Fleet& fleet, Index index, Recorder recorder) {
    const Host& host = fleet.hosts[index];
    const Key key{{Subject::Kind::host, index}, Name::vcpus};
    if (host.vcpus)
        return {host.vcpus->value, recorder.input(key, whole(Measure::vcpus, host.vcpus->value), host.vcpus->place)};
    return {host.type->vcpus, recorder.row(key, whole(Measure::vcpus, host.type->vcpus), host.type->row,
                                           {Note::of_host_type, host.type->name})};
}

Figure<std::int64_t> host_cores(const Fleet& fleet, Index index, const Figure<std::int64_t>& vcpus,
                                std::string_view column, Recorder r) {
    const Host& host = fleet.hosts[index];
    Key key{{Subject::Kind::host, index}, Name::threads_per_core};
    Figure<std::int64_t> threads{1, {}};
    if (const auto& given = host.threads_per_core)
        threads = {**given, r.input(key, whole(Measure::count, **given), given->place)};
    else if (host.type != nullptr)
        threads = {host.type->threads_per_core,
                   r.constant(key, whole(Measure::count, host.type->threads_per_core), Grounds::threads_per_core,
                              {Note::of_host_type, host.type->name})};
    else
        threads.id = r.input(key, whole(Measure::count, 1), {}, {Note::one_thread_a_core});
    key.name = column.empty() ? Name::cores : Name::cores_at;
    key.detail = column;
    return r.keep<std::int64_t>(key, ceil(r(vcpus) / r(threads)));
}

Index first_of_platform(const Fleet& fleet, Index database) {
    Index first = 0;
    while (fleet.databases[first].platform != fleet.databases[database].platform) ++first;
    return first;
}

Figure<Interval<Bytes>> os_memory(const Platform& platform, const InstanceClass& cls, Recorder recorder) {
    const RestMemory& rest = *platform.rest;
    const Key key = class_key(cls, Name::os_visible_memory);
    if (cls.os_visible)
        return {Interval<Bytes>(*cls.os_visible),
                recorder.row(key, measured(*cls.os_visible), cls.row, {Note::os_sees})};
    const Interval<Bytes> range = recorder.drawn(Doubt::server_memory, rest.os_sees(cls));
    return {range, recorder.constant(key, measured(range), rest.os_source)};
}

Figure<Interval<Bytes>> engine_memory(const Fleet& fleet, Index database, const Offer& offer, Recorder recorder) {
    Figure<Interval<Bytes>> result{offer.engine_memory, {}};
    if (!recorder.on()) return result;
    const InstanceClass& cls = *offer.cls;
    const EngineMemory memory = catalog::engine_memory(*fleet.databases[database].platform, cls);
    const FigureId base = cls.os_visible ? os_memory(*fleet.databases[database].platform, cls, recorder).id
                                         : class_memory(cls, recorder).id;
    result.id = recorder.by_model(class_key(cls, Name::engine_memory, first_of_platform(fleet, database)),
                                  measured(memory.range), Model::engine_memory,
                                  fleet.databases[database].platform->names.keeper, std::span(&base, 1),
                                  {Note::free_text, memory.basis}, &memory.row);
    return result;
}

Figure<std::int64_t> service_instances(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& instances = fleet.services[index].instances;
    const Remark remark =
        instances->is_point() ? Remark{} : Remark{Note::autoscaling, {}, static_cast<double>(instances->low)};
    return {instances->high, recorder.input(service_key(index, Name::instances), whole(Measure::count, instances->high),
                                            instances.place, remark)};
}

Figure<std::int64_t> fewest_instances(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& instances = fleet.services[index].instances;
    return {instances->low,
            recorder.input(service_key(index, Name::instances_min), measured(instances->low), instances.place)};
}

Figure<std::int64_t> service_processes(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& processes = fleet.services[index].processes;
    return {*processes,
            recorder.input(service_key(index, Name::processes), whole(Measure::count, *processes), processes.place)};
}

Figure<std::int64_t> pool_databases(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& databases = fleet.pools[index].databases;
    return {*databases,
            recorder.input(pool_key(index, Name::databases), whole(Measure::count, *databases), databases.place)};
}

Term over_copies(const Fleet& fleet, Index pool, const Term& instances, const Term& processes, const Term& of_one,
                 Recorder r) {
    if (*fleet.pools[pool].databases == 1) return instances * processes * of_one;
    return instances * processes * r(pool_databases(fleet, pool, r)) * of_one;
}

Figure<std::int64_t> service_threads(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& threads = *fleet.services[index].threads;
    return {*threads,
            recorder.input(service_key(index, Name::threads), whole(Measure::count, *threads), threads.place)};
}

Figure<Interval<double>> in_use_per_process(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& in_use = *fleet.pools[index].in_use;
    return {*in_use,
            recorder.input(pool_key(index, Name::in_use_per_process), {*in_use, Measure::connections}, in_use.place)};
}

Figure<Interval<Connections>> observed_connections(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& seen = *fleet.databases[index].observed.connections;
    return {*seen, recorder.input(database_key(index, Name::connections_observed), measured(*seen), seen.place,
                                  of_series(fleet.databases[index].observed, "connections", seen.place))};
}

Figure<std::int64_t> nested_checkouts(const Fleet& fleet, Index index, Recorder recorder) {
    const auto& nested = fleet.pools[index].workload->nested;
    return {*nested, recorder.input(pool_key(index, Name::nested), whole(Measure::count, *nested), nested.place)};
}

}  // namespace poolfit::assess
