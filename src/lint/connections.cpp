#include "connections.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "finding.hpp"

namespace poolfit::lint {
namespace {

Connections usable_of(const LintInput& input, Index database) {
    return input.plan.databases[database].budget.limits.usable.value;
}

/// The steady state with every service at its fewest instances.
std::optional<Connections> at_the_fewest(const LintInput& input, Index database) {
    const auto& demand = input.plan.databases[database].budget.demand;
    if (!demand.allocated) return std::nullopt;
    Connections total = demand.allocated->value;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        if (pool.database != database) continue;
        const Interval<std::int64_t>& instances = *input.fleet.services[pool.service].instances;
        const auto& allocated = input.plan.now.pools[i].allocated;
        if (!allocated || instances.high <= 0) continue;
        total -= Connections(allocated->value.value / instances.high * (instances.high - instances.low));
    }
    return total;
}

/// A value of the ledger that is a number of connections.
std::optional<Connections> figure(const LintInput& input, const std::string& name) {
    const auto id = input.plan.ledger.find(name);
    if (!id) return std::nullopt;
    return Connections(static_cast<std::int64_t>(std::llround(input.plan.ledger[*id].value.value.high)));
}

/// Of the replicas and the primary of one system only the worst is told of, since one pool mends them all.
bool worst_failover(const LintInput& input, Index database) {
    const auto excess = [&](Index i) {
        const auto& peak = input.plan.databases[i].budget.demand.failover_peak;
        return peak ? peak->value.value - usable_of(input, i).value : std::int64_t{0};
    };
    const Index primary = input.fleet.databases[database].replica_of.value_or(database);
    Index worst = primary;
    for (const Index replica : replicas_of(input.fleet, primary))
        if (excess(replica) > excess(worst)) worst = replica;
    return worst == database;
}

}  // namespace

Consumer pooler_consumer(const LintInput& input, Index pooler) {
    const std::string name = fmt::format("pooler.{}.server_connections", *input.fleet.poolers[pooler].name);
    Consumer consumer;
    consumer.pooler = pooler;
    consumer.steady = figure(input, name).value_or(Connections(0));
    consumer.deploy = figure(input, name + "_deploy").value_or(consumer.steady);
    return consumer;
}

std::vector<Consumer> consumers(const LintInput& input, Index database, Moment moment) {
    std::vector<Consumer> all;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const PoolDemand& demand = input.plan.now.pools[i];
        if (input.fleet.pools[i].database != database || !demand.allocated || !demand.deploy_peak) continue;
        all.push_back({i, {}, demand.allocated->value, demand.deploy_peak->value});
    }
    for (Index i = 0; i < input.fleet.poolers.size(); ++i)
        if (input.fleet.poolers[i].database == database) all.push_back(pooler_consumer(input, i));
    std::stable_sort(all.begin(), all.end(), [&](const Consumer& a, const Consumer& b) {
        return moment == Moment::steady ? a.steady > b.steady : a.deploy > b.deploy;
    });
    return all;
}

std::optional<Consumer> pooler_over(const LintInput& input, Index database) {
    std::optional<Consumer> worst;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        if (input.fleet.poolers[i].database != database) continue;
        const Consumer consumer = pooler_consumer(input, i);
        if (consumer.steady > usable_of(input, database) && (!worst || consumer.steady > worst->steady))
            worst = consumer;
    }
    return worst;
}

Trouble trouble(const LintInput& input, Index database) {
    const DatabasePlan& plan = input.plan.databases[database];
    const DatabaseDemand& demand = plan.budget.demand;
    const Connections usable = usable_of(input, database);
    if (pooler_over(input, database)) return Trouble::pooler_over_usable;
    if (!demand.allocated || !demand.deploy_peak) return Trouble::none;  // a pool without a limit has its own rule
    if (demand.allocated->value > usable) {
        const auto fewest = at_the_fewest(input, database);
        return fewest && *fewest <= usable ? Trouble::scaled_over_usable : Trouble::steady_over_usable;
    }
    if (demand.deploy_peak->value > usable) return Trouble::deploy_over_usable;
    if (demand.failover_peak && demand.failover_peak->value > usable && worst_failover(input, database))
        return Trouble::failover_over_usable;
    const auto over = [&](Dimension dimension) {
        const Check* check = plan.now.find(dimension);
        return check && check->standing == Standing::over;
    };
    if (over(Dimension::connections_steady)) return Trouble::steady_over_policy;
    if (over(Dimension::connections_deploy)) return Trouble::deploy_over_policy;
    const Database& record = input.fleet.databases[database];
    const bool told = record.other_connections->value > 0;
    if (!told && demand.allocated->value.value > 0 && usable - demand.deploy_peak->value < operators_need)
        return Trouble::no_reserve;
    return Trouble::none;
}

Place place(const LintInput& input, const Consumer& consumer) {
    if (consumer.pool) return size_place(input.fleet.pools[*consumer.pool]);
    const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
    if (pooler.kind == Pooler::Kind::rds_proxy)
        return pooler.max_connections_percent ? pooler.max_connections_percent->place : pooler.kind_place;
    return pooler.default_pool_size.place ? pooler.default_pool_size.place : pooler.place;
}

std::string target(const LintInput& input, const Consumer& consumer) {
    return consumer.pool ? pool_target(input.fleet, input.fleet.pools[*consumer.pool])
                         : *input.fleet.poolers[*consumer.pooler].name;
}

std::string arithmetic(const LintInput& input, const Consumer& consumer, Moment moment) {
    const Connections total = moment == Moment::steady ? consumer.steady : consumer.deploy;
    if (consumer.pool) {
        const Pool& pool = input.fleet.pools[*consumer.pool];
        const Service& service = input.fleet.services[pool.service];
        std::int64_t pods = service.instances->high;
        if (moment == Moment::deploy)
            pods = figure(input, fmt::format("service.{}.deploy_instances", *service.name))
                       .value_or(Connections(pods))
                       .value;
        const PoolSize& size = input.plan.sizes[*consumer.pool];
        return product(pods, *service.processes, size ? size->value : Connections(0), total);
    }
    const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
    if (pooler.kind == Pooler::Kind::rds_proxy)
        return fmt::format("{} of max_connections = {}",
                           unit::print(pooler.max_connections_percent ? **pooler.max_connections_percent : Fraction(1)),
                           unit::print(total));
    std::string size = unit::print(Connections(*pooler.default_pool_size));
    if (*pooler.reserve_pool_size > 0)
        size = fmt::format("({} + {} reserve)", size, unit::print(Connections(*pooler.reserve_pool_size)));
    const std::int64_t most =
        pooler.instances->high * *pooler.pairs * (*pooler.default_pool_size + *pooler.reserve_pool_size);
    return fmt::format("{} × {} × {} {} {}", count(pooler.instances->high, "instance", "instances"),
                       count(*pooler.pairs, "pair", "pairs"), size, most == total.value ? "=" : "capped at",
                       unit::print(total));
}

std::string others(const LintInput& input, Index database, const Consumer& but, Moment moment) {
    std::vector<std::string> parts;
    std::size_t more = 0;
    for (const Consumer& consumer : consumers(input, database, moment)) {
        if (consumer.pool == but.pool && consumer.pooler == but.pooler) continue;
        if (parts.size() >= 3) {
            ++more;
            continue;
        }
        parts.push_back(fmt::format("{} {}", target(input, consumer),
                                    unit::print(moment == Moment::steady ? consumer.steady : consumer.deploy)));
    }
    if (more > 0) parts.push_back(fmt::format("{} more", more));
    const Connections other = *input.fleet.databases[database].other_connections;
    if (other.value > 0) parts.push_back(fmt::format("other_connections {}", unit::print(other)));
    std::string text;
    for (const std::string& part : parts) text += fmt::format("{}{}", text.empty() ? "" : " · ", part);
    return text;
}

bool blamed(const LintInput& input, Index pool) {
    const auto& database = input.fleet.pools[pool].database;
    if (!database) return false;
    switch (trouble(input, *database)) {
        case Trouble::none:
        case Trouble::pooler_over_usable:
        case Trouble::no_reserve:
            return false;
        case Trouble::deploy_over_usable:
        case Trouble::deploy_over_policy:
            return consumers(input, *database, Moment::deploy).front().pool == pool;
        default:
            return consumers(input, *database, Moment::steady).front().pool == pool;
    }
}

}  // namespace poolfit::lint
