#include "connections.hpp"

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "finding.hpp"

namespace poolfit::lint {
namespace {

/// The steady state with every service at its fewest instances.
Connections at_the_fewest(const LintInput& input, Index database) {
    Connections total = facts(input, database).allocated;
    for (const Consumer& consumer : facts(input, database).steady) {
        if (!consumer.pool) continue;
        const Pool& pool = input.fleet.pools[*consumer.pool];
        const Interval<std::int64_t>& instances = *input.fleet.services[pool.service].instances;
        if (instances.high <= 0) continue;
        total -= Connections(consumer.steady.value / instances.high * (instances.high - instances.low));
    }
    return total;
}

}  // namespace

const std::vector<Consumer>& consumers(const LintInput& input, Index database, Moment moment) {
    return moment == Moment::steady ? facts(input, database).steady : facts(input, database).deploy;
}

bool is_deployed(const LintInput& input, const Consumer& consumer) {
    const std::vector<OneDeploy>& deploys = input.plan.databases[consumer.database].demand.deploys;
    return *input.fleet.policy.deploys_together ||
           (!deploys.empty() && input.fleet.pools[*consumer.pool].service == assess::worst_deploy(deploys).service);
}

std::string worst_deploy(const LintInput& input, Index database) {
    const std::vector<OneDeploy>& deploys = input.plan.databases[database].demand.deploys;
    if (deploys.empty()) return "a deploy";
    return fmt::format("the deploy of {}", *input.fleet.services[assess::worst_deploy(deploys).service].name);
}

std::optional<Consumer> pooler_over(const LintInput& input, Index database) {
    for (const Consumer& consumer : facts(input, database).steady)
        if (consumer.pooler && consumer.steady > facts(input, database).usable) return consumer;
    return std::nullopt;
}

bool holds(const LintInput& input, Index database, Trouble trouble) {
    const DatabaseFacts& known = facts(input, database);
    switch (trouble) {
        case Trouble::pooler_over_usable:
            return pooler_over(input, database).has_value();
        case Trouble::scaled_over_usable:
            // With a pool without a limit, it is unknown whether the fewest instances fit.
            return !known.at_least && known.allocated > known.usable && at_the_fewest(input, database) <= known.usable;
        case Trouble::steady_over_usable:
            return known.allocated > known.usable;
        case Trouble::deploy_over_usable:
            return known.deploy_peak > known.usable;
        case Trouble::failover_over_usable:
            return known.failover && known.failover->peak > known.usable;
        case Trouble::steady_over_policy:
            return known.allocated > known.steady_limit;
        case Trouble::deploy_over_policy:
            return known.deploy_peak > known.deploy_limit;
        case Trouble::no_reserve:
            break;
    }
    const bool told = input.fleet.databases[database].other_connections->value > 0;
    return !told && known.allocated.value > 0 && known.usable - known.deploy_peak < operators_need;
}

Place place(const LintInput& input, const Consumer& consumer) {
    if (consumer.pool) return size_place(input.fleet.pools[*consumer.pool]);
    const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
    if (pooler.kind == Pooler::Kind::proxy)
        return pooler.max_connections_percent ? pooler.max_connections_percent->place : pooler.kind_place;
    return model::size_place(pooler);
}

std::string target(const LintInput& input, const Consumer& consumer) {
    return consumer.pool ? pool_target(input.fleet, input.fleet.pools[*consumer.pool])
                         : *input.fleet.poolers[*consumer.pooler].name;
}

std::string arithmetic(const LintInput& input, const Consumer& consumer, Moment moment) {
    const Connections total = moment == Moment::steady ? consumer.steady : consumer.deploy;
    if (consumer.pool) {
        const Pool& pool = input.fleet.pools[*consumer.pool];
        std::int64_t pods = input.fleet.services[pool.service].instances->high;
        if (moment == Moment::deploy && is_deployed(input, consumer))
            pods = input.plan.deploy_instances[pool.service].value;
        const PoolSize& size = input.plan.pools[*consumer.pool].declared;
        return product(input.fleet, pool, pods, size ? size->value : Connections(0), total);
    }
    const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
    if (pooler.kind == Pooler::Kind::proxy)
        return fmt::format("{} of max_connections = {}", unit::print(Fraction(model::share_of(pooler))),
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

}  // namespace poolfit::lint
