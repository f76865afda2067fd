#include "world_draws.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/workload.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/queue/normal.hpp>
#include <poolfit/simulate/generator.hpp>

namespace poolfit::plan {

namespace {

using simulate::Generator;
using Draw = Worlds::Draw;

/// Names of what chance is drawn for: FNV-1a over their parts.
class Named {
public:
    explicit Named(std::string_view kind) { add(kind); }
    Named& add(std::string_view part) {
        for (const char c : part) mix(static_cast<unsigned char>(c));
        mix(0);
        return *this;
    }
    Generator in(std::uint64_t seed, std::uint64_t world) const {
        return Generator(seed, simulate::Purpose::world, hash_, world);
    }

private:
    void mix(std::uint64_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3u; }
    std::uint64_t hash_ = 0xcbf29ce484222325u;
};

Named of_pool(const Fleet& fleet, const Pool& pool) {
    return Named("pool").add(*fleet.services[pool.service].name).add(*pool.name);
}

bool is_range(const auto& maybe) { return maybe && !(*maybe)->is_point(); }

/// Does its CPU demand depend on a range?
bool has_range(const Workload& workload) {
    return is_range(workload.rate) || is_range(workload.think) || is_range(workload.hold) || is_range(workload.cpu);
}

template <class T>
void settle(Maybe<Interval<T>>& range, double position) {
    if (range) range->value = Interval<T>(assess::value_at(range->value.low, range->value.high, position));
}

}  // namespace

WorldDraws::WorldDraws(const Fleet& fleet, const Plan& plan, Index database, std::uint64_t seed)
    : fleet_(fleet), plan_(plan), database_(database), seed_(seed), servers_{database} {
    const DatabasePlan& mine = plan.databases[database];
    for (const FailoverCase& loss : mine.after.losses) servers_.push_back(loss.from);
    if (fleet.growth && fleet.growth->load_per_month) growth_ = fleet.growth->load_per_month->value.value;
    if (!mine.load) return;
    const bool any =
        growth_ || std::ranges::any_of(mine.load->pools, [&](Index i) { return has_range(*fleet.pools[i].workload); });
    if (any) pools_ = mine.load->pools;
}

World WorldDraws::empty() const {
    World world;
    for (const Index i : servers_) world.servers.push_back({i, 1, {}});
    for (const Index i : pools_) world.loads.push_back({i, *fleet_.pools[i].workload});
    return world;
}

void WorldDraws::draw(std::uint64_t number, World& world) const {
    for (World::Server& server : world.servers) {
        Generator chance = Named("database").add(*fleet_.databases[server.database].name).in(seed_, number);
        for (double& at : server.at) at = chance.uniform();
        double& band = server.at[static_cast<std::size_t>(Doubt::cpu_band)];
        band = assess::cpu_band_share(band);
        server.load = 1;
    }
    for (World::Load& load : world.loads) draw_load(number, load);
}

/// Its CPU time is a part of its hold: a longer one has more of it. A service's rate is one line for all of its pools.
void WorldDraws::draw_load(std::uint64_t number, World::Load& load) const {
    const Pool& pool = fleet_.pools[load.pool];
    const Workload& given = *pool.workload;
    Generator own = of_pool(fleet_, pool).in(seed_, number);
    const double long_hold = own.uniform(), long_think = own.uniform(), own_rate = own.uniform();
    load.workload.rate = given.rate;
    load.workload.users = given.users;
    load.workload.hold = given.hold;
    load.workload.cpu = given.cpu;
    load.workload.think = given.think;
    settle(load.workload.hold, long_hold);
    settle(load.workload.cpu, long_hold);
    settle(load.workload.think, long_think);
    if (!given.rate_of_service) return settle(load.workload.rate, own_rate);
    Generator of_service = Named("service").add(*fleet_.services[pool.service].name).in(seed_, number);
    settle(load.workload.rate, of_service.uniform());
}

void WorldDraws::grow(std::uint64_t number, World& world) const {
    const double factor = growth_factor(*growth_, Named("growth").in(seed_, number).uniform());
    for (World::Server& server : world.servers) server.load = factor;
    for (World::Load& load : world.loads) {
        Workload& workload = load.workload;
        if (workload.rate) workload.rate->value = Interval<PerSecond>(assess::grown(workload.rate->value.high, factor));
        // No more than a number holds: a load so large is over any limit.
        if (workload.users)
            workload.users->value = std::llround(std::min(static_cast<double>(workload.users->value) * factor, 1e15));
    }
}

void WorldDraws::add_measured(Index database, std::vector<Draw>& all) const {
    const Observed& seen = fleet_.databases[database].observed;
    const auto add = [&](Name name, const auto& range) {
        if (!is_range(range)) return;
        all.push_back(
            {assess::database_key(database, name), Worlds::Law::uniform, assess::measured(**range), range->place, {}});
    };
    add(Name::cpu_mean, seen.cpu_mean);
    add(Name::cpu_p95, seen.cpu_p95);
    add(Name::cpu_p99, seen.cpu_p99);
    add(Name::cpu_peak, seen.cpu_peak);
    if (database != database_) return;  // of a server that is lost, only its CPU counts
    add(Name::memory_freeable, seen.freeable_memory);
    add(Name::memory_swap, seen.swap);
    const auto path = [&](Name name, Measure measure, const auto& range, const Interval<double>& values) {
        all.push_back(
            {assess::database_key(database, name), Worlds::Law::uniform, {values, measure}, range->place, {}});
    };
    const auto number = [](const auto& range) { return Interval<double>{(*range)->low.value, (*range)->high.value}; };
    if (is_range(seen.ebs_throughput))
        path(Name::observed_ebs_throughput, Measure::mbps, seen.ebs_throughput, number(seen.ebs_throughput));
    if (is_range(seen.iops)) path(Name::observed_iops, Measure::iops, seen.iops, **seen.iops);
    if (is_range(seen.network)) path(Name::observed_network, Measure::mbps, seen.network, number(seen.network));
}

void WorldDraws::add_workloads(std::vector<Draw>& all) const {
    std::vector<Index> services;
    for (const Index i : pools_) {
        const Pool& pool = fleet_.pools[i];
        const Workload& workload = *pool.workload;
        const auto add = [&](const Key& key, Measure measure, const auto& range) {
            if (!is_range(range)) return;
            const Interval<double> values{(*range)->low.value, (*range)->high.value};
            all.push_back({key, Worlds::Law::uniform, {values, measure}, range->place, {}});
        };
        if (!workload.rate_of_service) {
            add(assess::pool_key(i, Name::rate), Measure::per_second, workload.rate);
        } else if (std::ranges::find(services, pool.service) == services.end()) {
            services.push_back(pool.service);
            add(assess::service_key(pool.service, Name::service_rate), Measure::per_second,
                fleet_.services[pool.service].rate);
        }
        add(assess::pool_key(i, Name::think), Measure::milliseconds, workload.think);
        add(assess::pool_key(i, Name::hold), Measure::milliseconds, workload.hold);
        add(assess::pool_key(i, Name::cpu_time), Measure::milliseconds, workload.cpu);
    }
}

/// What the memory model leaves open, where a class other than today's is judged, or more connections are.
void WorldDraws::add_memory(std::vector<Draw>& all) const {
    const Database& database = fleet_.databases[database_];
    const Platform& platform = *database.platform;
    const Offer& today = plan_.market->offer(database_, *database.type);
    const auto add = [&](const Key& key, const Interval<Bytes>& range, std::string_view source) {
        if (range.is_point()) return;
        all.push_back({key, Worlds::Law::uniform, assess::measured(range), {}, source});
    };
    if (platform.limit.memory != nullptr && platform::is_of_class(database))
        add(assess::class_key(*database.type, Name::engine_memory, assess::first_of_platform(fleet_, database_)),
            today.engine_memory, platform.limit.source);
    if (!database.observed.freeable_memory || platform.rest == nullptr) return;
    add(assess::constant_key(Name::memory_at_rest, platform), platform.rest->at_rest, platform.rest->at_rest_source);
    add(assess::constant_key(Name::memory_per_connection, platform), {Bytes(0), platform.connection_memory.high},
        platform.connection_source);
    const BufferMemory buffers =
        platform.buffers(today.engine_memory, database.version ? std::optional(database.version->value) : std::nullopt);
    add(assess::database_key(database_, Name::memory_buffers), {Bytes(0), buffers.range.high}, buffers.source);
}

std::vector<Draw> WorldDraws::all(const std::vector<CpuMove>& moves) const {
    std::vector<Draw> all;
    for (const Index i : servers_) add_measured(i, all);
    add_workloads(all);
    for (const CpuMove move : moves) {
        const auto band = assess::cpu_band_figure(move, {});
        all.push_back({{{}, Name::cpu_band, Phase::now, nullptr, assess::name(move)},
                       Worlds::Law::in_band,
                       assess::measured(Measure::ratio, band.value),
                       {},
                       {},
                       Grounds::cpu_moves});
    }
    add_memory(all);
    if (growth_) {
        const auto& given = *fleet_.growth->load_per_month;
        all.push_back({{{Subject::Kind::growth, 0}, Name::load_per_month},
                       Worlds::Law::lognormal,
                       assess::measured(*given),
                       given.place,
                       {}});
    }
    return all;
}

double growth_factor(double per_month, double position) {
    const double median = Worlds::months * std::log1p(per_month);
    return std::exp(median * (1 + queue::normal_quantile(position) / 2));
}

}  // namespace poolfit::plan
