#include <poolfit/assess/usage.hpp>

#include <algorithm>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::assess {
namespace {

/// What agents, backups and maintenance take of a server that nothing uses. Ours: rules in use elsewhere ask for a mean
/// CPU below 5 % and fewer than 50 IOPS, and the smallest classes are above 5 % at rest.
constexpr double idle_cpu = 0.10, idle_cpu_moment = 0.30, idle_iops = 50, idle_mbps = 8;

struct Load {
    std::string_view key;
    Measure measure;
    double limit;
    std::optional<Interval<double>> (*of)(const Database&);
    Place (*place)(const Observed&);
};

std::optional<Interval<double>> busy(const Maybe<Interval<Fraction>>& seen) {
    return seen ? std::optional(Interval<double>{(*seen)->low.value, (*seen)->high.value}) : std::nullopt;
}

std::optional<Interval<double>> mbps(const Maybe<Interval<MegabitsPerSecond>>& seen) {
    return seen ? std::optional(Interval<double>{(*seen)->low.value, (*seen)->high.value}) : std::nullopt;
}

/// The steadiest first.
constexpr Load loads[] = {
    {"cpu_mean", Measure::fraction, idle_cpu, [](const Database& d) { return busy(d.observed.cpu_mean); },
     [](const Observed& o) { return o.cpu_mean->place; }},
    {"cpu_p95", Measure::fraction, idle_cpu, [](const Database& d) { return busy(d.observed.cpu_p95); },
     [](const Observed& o) { return o.cpu_p95->place; }},
    {"cpu_peak", Measure::fraction, idle_cpu_moment, [](const Database& d) { return busy(d.observed.cpu_peak); },
     [](const Observed& o) { return o.cpu_peak->place; }},
    {"iops", Measure::iops, idle_iops,
     [](const Database& d) { return d.observed.iops ? std::optional(**d.observed.iops) : std::nullopt; },
     [](const Observed& o) { return o.iops->place; }},
    {"ebs_throughput", Measure::mbps, idle_mbps, [](const Database& d) { return mbps(d.observed.ebs_throughput); },
     [](const Observed& o) { return o.ebs_throughput->place; }},
    {"network", Measure::mbps, idle_mbps, [](const Database& d) { return mbps(d.observed.network); },
     [](const Observed& o) { return o.network->place; }},
};

/// As its primary's, on the same number of vCPUs.
double as_on_replica(const Load& load, double seen, const Database& primary, const Database& replica) {
    if (load.measure != Measure::fraction) return seen;
    return seen * primary.type->vcpus / replica.type->vcpus;
}

/// A part of a connection is one.
bool none_open(const Observed& observed) {
    return observed.connections && observed.connections->value.high.value == 0 && !observed.part_of_one;
}

/// In all of a window that is long enough.
bool none_seen(const Observed& observed) {
    return none_open(observed) && observed.window && (*observed.window)->value >= window_days;
}

bool lags(const Observed& observed) { return observed.replica_lag && observed.replica_lag->value.high.value > 0; }

/// By itself, whatever its primary and its replicas are used for.
bool unconnected(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    return !listed(fleet, topology, index) && none_seen(database.observed) && !activity(fleet, index) &&
           !*database.failover_target;
}

bool idle_primary(const Fleet& fleet, const Topology& topology, Index index) {
    // Without replica_of, what lags is a replica of a server that the inventory does not have.
    return unconnected(fleet, topology, index) && !lags(fleet.databases[index].observed) &&
           std::ranges::all_of(topology.replicas[index],
                               [&](Index replica) { return unconnected(fleet, topology, replica); });
}

/// The only reader of a cluster is its standby.
bool only_reader(const Fleet& fleet, const Topology& topology, Index replica) {
    return fleet.databases[replica].platform->cluster &&
           topology.replicas[*fleet.databases[replica].replica_of].size() == 1;
}

std::optional<bool> carries(const Fleet& fleet, Index replica) {
    const Index primary = *fleet.databases[replica].replica_of;
    const Database &own = fleet.databases[replica], &lost = fleet.databases[primary];
    if (!own.observed.cpu_peak || !lost.observed.cpu_peak) return std::nullopt;
    const auto load = [](const Database& database, Index index) {
        return CpuLoad{database.type, {**database.observed.cpu_peak, {}}, database_key(index, Name::cpu_peak)};
    };
    const CpuLoad both[] = {load(own, replica), load(lost, primary)};
    const Key key = database_key(replica, Name::cpu_failover), law = database_key(replica, Name::cpu_failover_law);
    return cpu_together(key, law, *own.type, both, {}).value.high.value < 1;
}

/// Of a cluster's readers the first that carries its primary's load, where none that is read does.
bool only_heir(const Fleet& fleet, const Topology& topology, Index replica) {
    const Database& database = fleet.databases[replica];
    if (!*fleet.policy.survive_failover || !database.platform->cluster || !database.platform->replica_takes_over ||
        carries(fleet, replica) != std::optional(true))
        return false;
    for (const Index other : topology.replicas[*database.replica_of]) {
        if (other == replica) continue;
        const bool in_use = !unconnected(fleet, topology, other);
        const std::optional<bool> able = carries(fleet, other);
        // What is not known may carry it.
        if (in_use ? able != std::optional(false) : able == std::optional(true) && other < replica) return false;
    }
    return true;
}

}  // namespace

bool listed(const Fleet& fleet, const Topology& topology, Index database) {
    // A pooler that nothing connects to opens no connection.
    const bool pooled = std::ranges::any_of(topology.poolers[database],
                                            [&](Index pooler) { return !topology.clients[pooler].empty(); });
    return !topology.pools[database].empty() || pooled || fleet.databases[database].other_connections->value > 0;
}

std::optional<Activity> activity(const Fleet& fleet, Index index) {
    return none_open(fleet.databases[index].observed) ? load_of_use(fleet, index) : std::nullopt;
}

std::optional<Activity> load_of_use(const Fleet& fleet, Index index) {
    const Database& database = fleet.databases[index];
    for (const Load& load : loads) {
        const auto seen = load.of(database);
        if (!seen || seen->high <= load.limit) continue;
        if (database.replica_of) {
            const Database& primary = fleet.databases[*database.replica_of];
            const auto theirs = load.of(primary);
            if (theirs && seen->high <= as_on_replica(load, theirs->high, primary, database)) continue;
        }
        return Activity{load.key, load.place(database.observed), measured(load.measure, *seen), load.limit};
    }
    return std::nullopt;
}

Usage usage(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    const Observed& observed = database.observed;
    if (observed.connections && (observed.connections->value.high.value > 0 || observed.part_of_one))
        return Usage::used;
    if (listed(fleet, topology, index)) return none_seen(observed) ? Usage::contradicted : Usage::used;
    if (!none_seen(observed)) return Usage::unknown;
    if (*database.failover_target) return Usage::kept;
    if (!database.replica_of) {
        if (idle_primary(fleet, topology, index)) return Usage::idle;
        if (lags(observed)) return Usage::kept;
        return activity(fleet, index) ? Usage::contradicted : Usage::used;
    }
    if (only_reader(fleet, topology, index) && !idle_primary(fleet, topology, *database.replica_of)) return Usage::kept;
    if (activity(fleet, index)) return Usage::contradicted;
    const bool needed = only_heir(fleet, topology, index) && !idle_primary(fleet, topology, *database.replica_of);
    return needed ? Usage::kept : Usage::idle;
}

bool takes_over(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    if (!database.replica_of || !database.platform->cluster || !database.platform->replica_takes_over) return false;
    if (*database.failover_target) return true;
    const std::vector<Index>& readers = topology.replicas[*database.replica_of];
    if (!*fleet.policy.survive_failover ||
        std::ranges::any_of(readers, [&](Index reader) { return *fleet.databases[reader].failover_target; }))
        return false;
    std::optional<Index> best;
    int most = 0;
    for (const Index reader : readers) {
        if (usage(fleet, topology, reader) == Usage::idle) continue;  // it is to be deleted
        const std::optional<bool> able = carries(fleet, reader);
        const int rank = !able ? 1 : *able ? 2 : 0;
        if (best && rank <= most) continue;
        best = reader;
        most = rank;
    }
    return best == index;
}

}  // namespace poolfit::assess
