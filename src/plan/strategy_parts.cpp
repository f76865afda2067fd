#include "strategy_parts.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/sizes.hpp>

#include "pooler_size.hpp"
#include "pools.hpp"

namespace poolfit::plan {

using Term = assess::Term;

bool is_known(const Plan& plan, const Fleet& fleet, Index pool) {
    return fleet.pools[pool].in_use || (plan.pools[pool].load && plan.pools[pool].load->size) ||
           plan.pools[pool].advice.basis == Basis::runtime;
}

std::size_t count_unknown(const Plan& plan, const Fleet& fleet) {
    std::size_t count = 0;
    for (Index i = 0; i < fleet.pools.size(); ++i) count += is_known(plan, fleet, i) ? 0 : 1;
    return count;
}

bool changes(const PoolSize& now, const PoolSize& then) { return then && (!now || now->value != then->value); }

Point point(Point::Kind kind) {
    Point result;
    result.kind = kind;
    return result;
}

Point about(Point::Kind kind, std::vector<Index> pools) {
    Point result = point(kind);
    result.pools = std::move(pools);
    return result;
}

Point counted(Point::Kind kind, std::size_t count, std::size_t all) {
    Point result = point(kind);
    result.count = count;
    result.all = all;
    return result;
}

Key strategy_key(const Strategy& strategy, Name name, Subject subject) { return {subject, name, strategy.phase}; }

std::vector<PoolSize> recommended_sizes(const Plan& plan) {
    std::vector<PoolSize> sizes;
    sizes.reserve(plan.pools.size());
    for (const PoolPlan& pool : plan.pools) sizes.push_back(pool.advice.size);
    return sizes;
}

Term processes(const Fleet& fleet, Index service, Recorder r) {
    const Term instances = r(assess::service_instances(fleet, service, r));
    return instances * r(assess::service_processes(fleet, service, r));
}

Term peak(const Fleet& fleet, Index pool, Recorder r) {
    return assess::ceil(assess::high(r(assess::in_use_per_process(fleet, pool, r))));
}

namespace {

/// Sum over servers: what the services open in total. Limits are never added, demands may be.
std::optional<Figure<Connections>> in_all(const std::vector<StrategyDatabase>& servers,
                                          std::optional<Figure<Connections>> StrategyDatabase::*part, const Key& key,
                                          Recorder r) {
    std::vector<Term> parts;
    parts.reserve(servers.size());
    for (const StrategyDatabase& server : servers) {
        const auto& figure = server.*part;
        if (!figure) return std::nullopt;
        parts.push_back(r(*figure));
    }
    return r.keep<Connections>(key, assess::sum(parts, r.figures()));
}

}  // namespace

void measure(const Scene& scene, Strategy& strategy,
             const std::function<const DatabaseDemand&(Index database)>& after_of) {
    // The plan may still raise a limit that these follow: they are recorded with the strategies that are shown.
    const Recorder r = scene.with_points ? scene.r : Recorder();
    strategy.databases.reserve(scene.fleet.databases.size());
    for (Index i = 0; i < scene.fleet.databases.size(); ++i) {
        const auto kept = [&](const std::optional<Figure<Connections>>& figure, Name name) {
            std::optional<Figure<Connections>> result;
            if (figure)
                result = r.keep<Connections>(strategy_key(strategy, name, {Subject::Kind::database, i}), r(*figure));
            return result;
        };
        const Projection& chosen = scene.plan.databases[i].chosen;
        // Whatever follows max_connections is evaluated on the recommended class.
        const DatabaseDemand& after = after_of(i);
        std::optional<DatabaseDemand> changed;  // most have no share, and stay as they are
        if (!after.shares.empty()) {
            changed = after;
            const bool raised = scene.plan.databases[i].recommendation.max_connections.has_value();
            const bool as_today = chosen.cls == scene.fleet.databases[i].type && !raised;
            if (raised) grow_with_limit(*changed);
            changed = assess::demand_at(scene.fleet, *changed, chosen.limits, i, as_today ? nullptr : chosen.cls,
                                        strategy.phase, r);
        }
        const DatabaseDemand& there = changed ? *changed : after;
        strategy.databases.push_back({i, scene.plan.databases[i].demand.allocated,
                                      kept(there.allocated, Name::strategy_server_connections),
                                      kept(there.deploy_peak, Name::strategy_server_deploy), chosen.cls,
                                      chosen.limits.usable.value, chosen.limits.max_planned.value});
    }
    strategy.before =
        in_all(strategy.databases, &StrategyDatabase::before, {{Subject::Kind::fleet, 0}, Name::fleet_connections}, r);
    strategy.after =
        in_all(strategy.databases, &StrategyDatabase::after, strategy_key(strategy, Name::strategy_connections), r);
    if (!strategy.before || !strategy.after || strategy.before->value.value <= 0) return;
    const Term before = r(*strategy.before), after_all = r(*strategy.after);
    strategy.change = r.keep<Fraction>(strategy_key(strategy, Name::strategy_change), (after_all - before) / before);
}

/// On the recommended class, would its formula give another size?
bool formula_moves(const Scene& scene, Index pool, const PoolSize& size) {
    if (!size || !assess::counts_database_vcpus(scene.fleet.pools[pool])) return false;
    const Index database = model::database_of(scene.fleet, scene.fleet.pools[pool]);
    const InstanceClass& cls = *scene.plan.databases[database].recommendation.cls;
    const PoolSize there = assess::size_on(scene.fleet, pool, cls, Recorder());
    return there && there->value != size->value;
}

void list_pools(const Scene& scene, Strategy& strategy, const std::vector<PoolSize>& sizes,
                const std::vector<SizeReason>& reasons) {
    strategy.pools.reserve(sizes.size());
    for (Index i = 0; i < scene.fleet.pools.size(); ++i) {
        const PoolSize &now = scene.plan.pools[i].declared, &then = sizes[i];
        strategy.pools.push_back({i, {}, then, reasons[i]});
        if (!scene.with_points && !strategy.changes.empty()) continue;  // that there is a change decides
        // A strategy that leaves sizes as they are leaves formulas too.
        const bool stays = reasons[i].kind == SizeReason::Kind::as_today;
        if (!changes(now, then) && (stays || !formula_moves(scene, i, then))) continue;
        Point change = about(Point::Kind::resize, {i});
        if (now) change.from = now->value;
        change.to = then->value;
        change.reason = reasons[i];
        change.in_code = model::max_arrives(scene.fleet.pools[i]) != DriverDefault::Arrives::as_set;
        strategy.changes.push_back(std::move(change));
    }
}

std::vector<PoolerSize> pooler_sizes(const Plan& plan) {
    std::vector<PoolerSize> sizes;
    for (const PoolerPlan& pooler : plan.poolers) sizes.push_back(pooler.right_sized.value_or(pooler.size));
    return sizes;
}

std::optional<Connections> allowed_by(const DatabasePlan& database, Dimension dimension) {
    const Check* check = database.chosen.find(dimension);
    if (check == nullptr || !check->limit) return std::nullopt;
    return Connections(static_cast<std::int64_t>(std::floor(*check->limit + assess::hair)));
}

void list_poolers(const Scene& scene, Strategy& strategy) {
    for (Index i = 0; i < scene.fleet.poolers.size(); ++i) {
        const PoolerPlan& pooler = scene.plan.poolers[i];
        if (pooler.basis == PoolerPlan::Basis::kept && pooler.size) continue;  // comes with the class
        if (!pooler.size && !pooler.to_transaction) continue;
        if (!scene.with_points && !strategy.changes.empty()) return;
        Point change = point(Point::Kind::resize_pooler);
        change.pooler = i;
        if (pooler.size) change.to = Connections(pooler.size->value);
        strategy.changes.push_back(std::move(change));
    }
}

void saves_nothing(const Scene& scene, Strategy& strategy) {
    strategy.saves_per_year = {MicroUsdPerMonth(0),
                               scene.r.constant(strategy_key(strategy, Name::strategy_saves_per_year),
                                                assess::measured(Measure::usd_per_year, 0), {}, {Note::no_own_price})};
}

bool fits(const Scene& scene, const Strategy& strategy) {
    const Policy& policy = scene.fleet.policy;
    return std::all_of(strategy.databases.begin(), strategy.databases.end(), [&](const StrategyDatabase& server) {
        const auto usable = static_cast<double>(server.usable.value);
        const auto within = [&](const std::optional<Figure<Connections>>& figure, Fraction share) {
            return figure && static_cast<double>(figure->value.value) <= share.value * usable + 1e-9;
        };
        return within(server.after, *policy.connections_steady_max) &&
               within(server.deploy_after, *policy.connections_deploy_max);
    });
}

std::vector<Index> changed_services(const Fleet& fleet, const Strategy& strategy, const Plan& plan) {
    std::vector<char> changed(fleet.services.size(), 0);
    for (const StrategyPool& pool : strategy.pools) {
        const PoolSize& now = plan.pools[pool.pool].declared;
        const bool same =
            pool.merged.empty() && now.has_value() == pool.size.has_value() && (!now || now->value == pool.size->value);
        if (!same) changed[fleet.pools[pool.pool].service] = 1;
    }
    std::vector<Index> services;
    for (Index i = 0; i < changed.size(); ++i)
        if (changed[i]) services.push_back(i);
    return services;
}

}  // namespace poolfit::plan
