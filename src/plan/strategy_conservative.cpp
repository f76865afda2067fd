// Right-size each pool to what it uses: the plan's own recommendation, and nothing else changes.
#include <algorithm>

#include <poolfit/model/sizes.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

using Kind = Point::Kind;

struct Seen {
    std::size_t changed = 0, by_load = 0, by_use = 0, by_formula = 0, blind = 0;
    std::vector<Index> unmeasured, without_limit, silent, fixed, on_replica, forced;
};

Seen look(const Scene& scene) {
    Seen seen;
    for (Index i = 0; i < scene.fleet.pools.size(); ++i) {
        const Pool& pool = scene.fleet.pools[i];
        const PoolAdvice& advice = scene.plan.pools[i].advice;
        if (scene.fleet.databases[model::database_of(scene.fleet, pool)].replica_of) seen.on_replica.push_back(i);
        if (!advice.size)
            seen.without_limit.push_back(i);
        else if (advice.basis == Basis::declared || advice.basis == Basis::driver_default)
            seen.unmeasured.push_back(i);
        if (advice.basis == Basis::limit) seen.forced.push_back(i);
        if (advice.basis == Basis::workload) ++seen.by_load;
        if (advice.basis == Basis::formula) ++seen.by_formula;
        if (advice.basis == Basis::observed) ++seen.by_use;
        if ((advice.basis == Basis::observed || advice.basis == Basis::workload) && !pool.vcpu_max)
            seen.fixed.push_back(i);
        if (!changes(scene.plan.pools[i].declared, advice.size)) continue;
        ++seen.changed;
        if (!*pool.monitored) ++seen.blind;
        // With a driver that waits forever, a pool that is too small shows up as slowness.
        if (pool.driver_default && pool.driver_default->waits_forever == DriverDefault::Known::yes)
            seen.silent.push_back(i);
    }
    return seen;
}

/// Services with several pools on one database keep them.
void keep_pools(const Fleet& fleet, Strategy& strategy) {
    for (const Service& service : fleet.services) {
        std::vector<std::pair<Index, Index>> by_database;
        for (const Index pool : service.pools)
            by_database.emplace_back(model::database_of(fleet, fleet.pools[pool]), pool);
        std::stable_sort(by_database.begin(), by_database.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 0, end = 0; i < by_database.size(); i = end) {
            Point kept = point(Kind::keeps_pools);
            kept.database = by_database[i].first;
            for (end = i; end < by_database.size() && by_database[end].first == kept.database; ++end)
                kept.pools.push_back(by_database[end].second);
            if (kept.pools.size() > 1) strategy.cons.push_back(std::move(kept));
        }
    }
}

void weigh(const Scene& scene, const Seen& seen, Strategy& strategy) {
    const auto count = [](std::vector<Point>& points, Kind kind, std::size_t number) {
        if (number > 0) points.push_back(counted(kind, number));
    };
    const auto list = [](std::vector<Point>& points, Kind kind, const std::vector<Index>& pools) {
        if (!pools.empty()) points.push_back(about(kind, pools));
    };
    if (strategy.before && strategy.after) count(strategy.pros, Kind::sizes_change, seen.changed);
    count(strategy.pros, Kind::by_workload, seen.by_load);
    count(strategy.pros, Kind::by_use, seen.by_use);
    list(strategy.pros, Kind::own_use_on_replica, seen.on_replica);
    count(strategy.pros, Kind::by_formula, seen.by_formula);
    strategy.pros.push_back(point(Kind::no_new_parts));
    keep_pools(scene.fleet, strategy);
    list(strategy.cons, Kind::fixed_numbers, seen.fixed);
    list(strategy.cons, Kind::forced, seen.forced);
    list(strategy.cons, Kind::left_as_today, seen.unmeasured);
    list(strategy.cons, Kind::without_limit, seen.without_limit);
    list(strategy.cons, Kind::fails_silently, seen.silent);
}

}  // namespace

void make_conservative(const Scene& scene, Strategy& strategy) {
    list_pools(scene, strategy, recommended_sizes(scene.plan), std::vector<SizeReason>(scene.fleet.pools.size()));
    list_poolers(scene, strategy);
    measure(scene, strategy, [&](Index i) -> const DatabaseDemand& { return scene.plan.databases[i].right_sized; });
    saves_nothing(scene, strategy);
    if (!scene.with_points) return;
    const Seen seen = look(scene);
    weigh(scene, seen, strategy);
    std::size_t poolers = 0;
    bool modes = false;
    for (const PoolerPlan& pooler : scene.plan.poolers) {
        const bool kept = pooler.basis == PoolerPlan::Basis::kept;  // comes with the class
        poolers += (pooler.size && !kept ? 1 : 0) + (pooler.to_transaction ? 1 : 0);
        modes = modes || pooler.to_transaction;
    }
    if (seen.changed + poolers == 0) {
        strategy.effort = Effort::minutes;
        strategy.work.kind = Work::Kind::nothing_to_change;
        strategy.hazard.kind = Hazard::Kind::nothing_changes;
        return;
    }
    strategy.effort = Effort::hours;
    strategy.work.kind = Work::Kind::settings;
    strategy.work.settings = seen.changed + poolers;
    strategy.work.services = changed_services(scene.fleet, strategy, scene.plan).size();
    if (modes) {
        strategy.risk = Risk::medium;
        strategy.hazard.kind = Hazard::Kind::session_ends;
        return;
    }
    const auto blind =
        std::ranges::count_if(seen.forced, [&](Index pool) { return !scene.fleet.pools[pool].in_use.has_value(); });
    if (blind > 0) {
        strategy.risk = Risk::medium;
        strategy.hazard.kind = Hazard::Kind::forced;
        strategy.hazard.count = static_cast<std::size_t>(blind);
        return;
    }
    const bool limit = std::ranges::any_of(scene.plan.poolers, [](const PoolerPlan& pooler) {
        return pooler.size && pooler.basis == PoolerPlan::Basis::limit;
    });
    if (limit || seen.changed == 0) {
        if (limit) strategy.risk = Risk::medium;
        strategy.hazard.kind = limit ? Hazard::Kind::poolers_forced : Hazard::Kind::poolers_by_load;
        return;
    }
    strategy.hazard.kind = Hazard::Kind::room_kept;
    strategy.hazard.count = seen.changed;
    strategy.hazard.blind = seen.blind;
}

}  // namespace poolfit::plan
