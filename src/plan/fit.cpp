#include <poolfit/plan/fit.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/pooler.hpp>

namespace poolfit::plan {

namespace {

Slope of_pool(const Fleet& fleet, const Plan& plan, Index index) {
    const Index service = fleet.pools[index].service;
    Slope result;
    result.now = std::max<std::int64_t>(1, plan.pools[index].declared->value.value);
    result.steady = model::copies(fleet, fleet.pools[index]);
    result.deploy = model::copies(fleet, fleet.pools[index], plan.deploy_instances[service].value);
    result.least = least_size(fleet, plan, index, result.now);
    return result;
}

Slope of_pooler(const Plan& plan, const Pooler& pooler, Index index) {
    Slope result;
    // As many as its clients' load asks for.
    const auto* load = index < plan.poolers.size() && plan.poolers[index].load ? &*plan.poolers[index].load : nullptr;
    if (load != nullptr && load->shares && load->smallest) result.least = load->smallest->value;
    if (load != nullptr && load->shares && load->nesting) result.least = std::max(result.least, least_carrying(*load));
    if (pooler.kind == Pooler::Kind::proxy) {
        const Limits& limits = plan.databases[pooler.database].budget.limits;
        result.percent =
            static_cast<double>(limits.max_planned.value.value) / static_cast<double>(model::whole_percent);
        result.now = model::whole_percent + 1;
        if (result.percent > 0)
            result.least =
                static_cast<std::int64_t>(std::ceil(static_cast<double>(result.least) / result.percent - 1e-9));
        return result;
    }
    result.now = *pooler.default_pool_size;
    result.steady = result.deploy = pooler.instances->high * *pooler.pairs;
    result.base = result.steady * *pooler.reserve_pool_size;
    return result;
}

/// Of the deploys where one service at a time is deployed: its own, if any pool of it has more connections then.
const OneDeploy* own_deploy(const std::vector<OneDeploy>& deploys, Index service) {
    const auto found = std::ranges::find(deploys, service, &OneDeploy::service);
    return found == deploys.end() ? nullptr : &*found;
}

/// Of the pooler, while the service is deployed alone.
Connections in_deploy(const PoolerDemand& pooler, Index service) {
    const OneDeploy* own = own_deploy(pooler.deploys, service);
    return own == nullptr ? pooler.server.value : own->connections.value;
}

Connections at(const Slope& slope, std::int64_t each, std::int64_t size) {
    if (slope.percent > 0)
        return Connections(static_cast<std::int64_t>(std::floor(slope.percent * static_cast<double>(size) + 1e-9)));
    return Connections(slope.base + each * size);
}

/// The pooler with another size.
Pooler with_size(Pooler pooler, std::int64_t size) {
    if (pooler.kind == Pooler::Kind::proxy) {
        const double share = static_cast<double>(size) / static_cast<double>(model::whole_percent);
        pooler.max_connections_percent = Located<Fraction>{Fraction(share), {}};
    } else {
        const std::int64_t stop = model::db_connections_with(pooler, size);
        if (pooler.max_db_connections) pooler.max_db_connections->value = stop;
        pooler.default_pool_size.value = size;
    }
    return pooler;
}

}  // namespace

std::int64_t least_size(const Fleet& fleet, const Plan& plan, Index index, std::int64_t now) {
    const Pool& pool = fleet.pools[index];
    const PoolPlan& known = plan.pools[index];
    if (!model::has_setting(pool)) return now;
    if (known.load && known.load->size) return known.advice.size->value.value;
    const model::Holding holding = model::holding(fleet, pool, Connections(now));
    // Of today's size the part that a process can hold at all. One connection for each of many databases is a size that
    // people choose.
    const std::int64_t held = holding.within(Connections(now)).value;
    const std::int64_t quarter = (held + 3) / 4;
    const std::int64_t unmeasured = *pool.databases > 1 ? quarter : std::max<std::int64_t>(2, quarter);
    const std::int64_t least = pool.in_use ? model::over_peak(pool) : unmeasured;
    return holding.within(Connections(least)).value;
}

std::vector<Consumer> consumers(const Fleet& fleet, const Plan& plan, Index database) {
    const std::vector<OneDeploy>& deploys = plan.databases[database].demand.deploys;
    std::vector<Consumer> all;
    for (const Index i : plan.topology.pools[database]) {
        const PoolDemand& demand = plan.pools[i].now;
        if (!fleet.pools[i].database || !demand.allocated || !demand.deploy_peak) continue;
        const bool deployed = deploys.empty() || fleet.pools[i].service == assess::worst_deploy(deploys).service;
        all.push_back(
            {i, {}, database, demand.allocated->value, (deployed ? demand.deploy_peak : demand.allocated)->value});
    }
    for (const Index i : plan.topology.poolers[database]) {
        const PoolerDemand& demand = plan.poolers[i].now;
        const Connections deploying =
            deploys.empty() ? demand.server_deploy.value : in_deploy(demand, assess::worst_deploy(deploys).service);
        all.push_back({{}, i, database, demand.server.value, deploying});
    }
    return all;
}

Slope slope(const Fleet& fleet, const Plan& plan, const Consumer& consumer) {
    if (consumer.pool) return of_pool(fleet, plan, *consumer.pool);
    const Pooler& pooler = fleet.poolers[*consumer.pooler];
    Slope result = of_pooler(plan, pooler, *consumer.pooler);
    if (platform::has_fixed_size(*fleet.databases[pooler.database].platform, pooler)) result.least = result.now;
    return result;
}

Connections steady_at(const Slope& slope, std::int64_t size) { return at(slope, slope.steady, size); }
Connections deploy_at(const Slope& slope, std::int64_t size) { return at(slope, slope.deploy, size); }

Room room(const Fleet& fleet, const Plan& plan, const Consumer& consumer, std::optional<Connections> deploying) {
    const DatabasePlan& mine = plan.databases[consumer.database];
    Room result;
    result.steady = allowed(mine, Dimension::connections_steady) - least_steady(mine.demand) + consumer.steady;
    Connections limit = allowed(mine, Dimension::connections_deploy);
    if (deploying) limit = std::min(limit, *deploying);
    result.deploy = limit - least_deploy(mine.demand) + consumer.deploy;
    if (!*fleet.policy.deploys_together) {
        // Without a deploy of its own, or between deploys.
        result.deploy = limit - least_steady(mine.demand) + consumer.steady;
        for (const OneDeploy& one : mine.demand.deploys) {
            const Connections left = limit - one.connections.value;
            if (consumer.pooler)
                result.deploy =
                    std::min(result.deploy, left + in_deploy(plan.poolers[*consumer.pooler].now, one.service));
            else if (one.service == fleet.pools[*consumer.pool].service)
                result.deploy = left + plan.pools[*consumer.pool].now.deploy_peak->value;
            else
                result.steady = std::min(result.steady, left + consumer.steady);
        }
    }
    result.failover = result.steady;
    const auto survives = [&](Index onto, const FailoverCase& failover) {
        const Connections usable = plan.databases[onto].budget.limits.usable.value;
        result.failover = std::min(result.failover, usable - failover.peak + consumer.steady);
    };
    if (mine.demand.failover) survives(consumer.database, *mine.demand.failover);
    // Where its connections go when this server fails.
    const auto moves = [&](Index onto) {
        survives(onto, assess::failover(fleet, consumer.database, plan.databases[onto].demand, mine.demand));
    };
    for (const Index replica : plan.topology.replicas[consumer.database]) moves(replica);
    if (const auto& primary = fleet.databases[consumer.database].replica_of) moves(*primary);
    return result;
}

std::vector<Deploying> deploys_of(const DatabaseDemand& demand) {
    if (demand.deploys.empty()) return {{std::nullopt, least_deploy(demand).value}};
    std::vector<Deploying> all;
    for (const OneDeploy& one : demand.deploys) all.push_back({one.service, one.connections.value.value});
    return all;
}

std::int64_t deploy_peak_with(const Fleet& fleet, const DatabaseDemand& demand, Index service, std::int64_t steady,
                              std::int64_t deploying) {
    if (*fleet.policy.deploys_together) return least_deploy(demand).value + deploying;
    const std::int64_t between = least_steady(demand).value;
    const OneDeploy* own = own_deploy(demand.deploys, service);
    std::int64_t peak =
        std::max(between + steady, (own == nullptr ? between : own->connections.value.value) + deploying);
    for (const OneDeploy& one : demand.deploys)
        if (one.service != service) peak = std::max(peak, one.connections.value.value + steady);
    return peak;
}

std::optional<std::int64_t> largest(const Slope& slope, Connections steady, Connections deploy) {
    std::int64_t size = 0;
    if (slope.percent > 0) {
        const auto room = static_cast<double>(std::min(steady, deploy).value);
        size = std::min(static_cast<std::int64_t>(std::floor(room / slope.percent + 1e-9)), model::whole_percent);
    } else {
        if (slope.steady <= 0 || slope.deploy <= 0) return std::nullopt;
        if (steady.value < slope.base || deploy.value < slope.base) return std::nullopt;
        size = std::min((steady.value - slope.base) / slope.steady, (deploy.value - slope.base) / slope.deploy);
    }
    if (size < slope.least || size >= slope.now) return std::nullopt;
    return size;
}

std::map<Index, DatabaseDemand> demand_with(const Fleet& fleet, const Plan& plan, const std::vector<Change>& changes) {
    std::map<Index, PoolSize> sizes;
    std::set<Index> direct;
    std::map<Index, Pooler> poolers;
    std::set<Index> databases;
    for (const Change& change : changes) {
        const Index primary = fleet.databases[change.of.database].replica_of.value_or(change.of.database);
        databases.insert(primary);
        databases.insert(plan.topology.replicas[primary].begin(), plan.topology.replicas[primary].end());
        if (change.direct) direct.insert(*change.of.pool);
        if (change.of.pool)
            sizes[*change.of.pool] = Figure<Connections>{Connections(change.size), {}};
        else
            poolers.emplace(*change.of.pooler, with_size(fleet.poolers[*change.of.pooler], change.size));
    }
    assess::Part part;
    for (const Index database : databases) {
        part.databases.push_back(database);
        for (const Index i : plan.topology.pools[database]) {
            const auto changed = sizes.find(i);
            part.pools.push_back(
                {i, changed != sizes.end() ? changed->second : plan.pools[i].declared, direct.contains(i)});
        }
        for (const Index i : plan.topology.poolers[database]) {
            const auto changed = poolers.find(i);
            part.poolers.emplace_back(i, changed != poolers.end() ? &changed->second : &fleet.poolers[i]);
        }
    }
    return assess::demand(fleet, *plan.market, part);
}

bool no_worse(const Plan& plan, const std::map<Index, DatabaseDemand>& demands) {
    return std::ranges::all_of(demands, [&](const auto& entry) {
        const DatabasePlan& known = plan.databases[entry.first];
        const DatabaseDemand &now = known.demand, &then = entry.second;
        const auto inside = [](Connections value, Connections limit, Connections before) {
            return value <= std::max(limit, before);
        };
        return inside(least_steady(then), allowed(known, Dimension::connections_steady), least_steady(now)) &&
               inside(least_deploy(then), allowed(known, Dimension::connections_deploy), least_deploy(now)) &&
               (!then.failover || inside(then.failover->peak, known.budget.limits.usable.value, now.failover->peak));
    });
}

Connections allowed(const DatabasePlan& database, Dimension dimension) {
    if (!database.budget.limits.known) return no_limit_known;
    const Check* check = database.now.find(dimension);
    return Connections(check && check->limit ? static_cast<std::int64_t>(std::floor(*check->limit)) : 0);
}

Connections least_steady(const DatabaseDemand& demand) {
    return demand.allocated ? demand.allocated->value : demand.allocated_at_least->value;
}

Connections least_deploy(const DatabaseDemand& demand) {
    return demand.deploy_peak ? demand.deploy_peak->value : demand.deploy_at_least->value;
}

}  // namespace poolfit::plan
