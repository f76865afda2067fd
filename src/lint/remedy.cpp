// The fix of a database whose connections are over a limit, computed from the same figures as the limit.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "connections.hpp"
#include "finding.hpp"

namespace poolfit::lint {
namespace {

/// Connections of a consumer are `base + each × size`, in the steady state and during a deploy.
struct Slope {
    std::int64_t steady = 0, deploy = 0, base = 0;
    std::int64_t lowest = 1;  ///< size that has to remain
    std::int64_t now = 1;     ///< size today
    double percent = 0;       ///< RDS Proxy: connections of one percent, instead of the others
};

Slope slope(const LintInput& input, const Consumer& consumer) {
    Slope result;
    if (consumer.pool) {
        const PoolSize& size = input.plan.sizes[*consumer.pool];
        result.now = size ? std::max<std::int64_t>(1, size->value.value) : 1;
        result.steady = consumer.steady.value / result.now;
        result.deploy = consumer.deploy.value / result.now;
        const Pool& pool = input.fleet.pools[*consumer.pool];
        if (pool.in_use) result.lowest = static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) + 1;
        return result;
    }
    const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
    if (pooler.kind == Pooler::Kind::rds_proxy) {
        const Limits& limits = input.plan.databases[pooler.database].budget.limits;
        result.percent = static_cast<double>(limits.max_planned.value.value) / 100;
        result.now = 101;
        return result;
    }
    result.now = *pooler.default_pool_size;
    result.steady = result.deploy = pooler.instances->high * *pooler.pairs;
    result.base = result.steady * *pooler.reserve_pool_size;
    return result;
}

std::int64_t limit(const DatabasePlan& plan, Dimension dimension) {
    const Check* check = plan.now.find(dimension);
    return check && check->limit ? static_cast<std::int64_t>(std::floor(*check->limit)) : 0;
}

/// Room that is left to the consumer: under the policy in the steady state and in a deploy, and after a failover.
struct Room {
    std::int64_t steady = 0, deploy = 0, failover = 0;
};

Room room(const LintInput& input, Index database, const Consumer& consumer) {
    const auto demand = [&](Index i) -> const DatabaseDemand& { return input.plan.databases[i].budget.demand; };
    const auto usable = [&](Index i) { return input.plan.databases[i].budget.limits.usable.value.value; };
    const DatabasePlan& plan = input.plan.databases[database];
    const std::int64_t own = consumer.steady.value;
    Room result;
    if (!demand(database).allocated || !demand(database).deploy_peak) {  // a pool beside it has no limit
        const std::int64_t other = input.fleet.databases[database].other_connections->value;
        result.steady = result.failover = limit(plan, Dimension::connections_steady) - other;
        result.deploy = limit(plan, Dimension::connections_deploy) - other;
        return result;
    }
    result.steady = limit(plan, Dimension::connections_steady) - (demand(database).allocated->value.value - own);
    result.deploy = limit(plan, Dimension::connections_deploy) -
                    (demand(database).deploy_peak->value.value - consumer.deploy.value);
    result.failover = result.steady;
    if (const auto& peak = demand(database).failover_peak)
        result.failover = std::min(result.failover, usable(database) - (peak->value.value - own));
    // Where its connections go when this server fails.
    const std::int64_t services =
        demand(database).allocated->value.value - input.fleet.databases[database].other_connections->value;
    std::vector<Index> related = replicas_of(input.fleet, database);
    if (const auto& primary = input.fleet.databases[database].replica_of) related.push_back(*primary);
    for (const Index i : related)
        if (demand(i).allocated)
            result.failover =
                std::min(result.failover, usable(i) - (demand(i).allocated->value.value + services - own));
    return result;
}

/// The largest size inside the room, or nothing if that is less than what is needed.
std::optional<std::int64_t> largest(const Slope& slope, std::int64_t steady, std::int64_t deploy) {
    std::int64_t size = 0;
    if (slope.percent > 0) {
        size =
            static_cast<std::int64_t>(std::floor(static_cast<double>(std::min(steady, deploy)) / slope.percent + 1e-9));
        size = std::min<std::int64_t>(size, 100);
    } else {
        if (slope.steady <= 0 || slope.deploy <= 0) return std::nullopt;
        size = std::min((steady - slope.base) / slope.steady, (deploy - slope.base) / slope.deploy);
        if (steady < slope.base || deploy < slope.base) return std::nullopt;
    }
    if (size < slope.lowest || size >= slope.now) return std::nullopt;
    return size;
}

std::string by_size(const LintInput& input, Index database, const Consumer& consumer, const Slope& slope,
                    std::int64_t size, const Goal& goal) {
    const DatabasePlan& plan = input.plan.databases[database];
    const bool steady = goal.moment == Moment::steady;
    const Connections own = steady ? consumer.steady : consumer.deploy;
    const auto& demand = steady ? plan.budget.demand.allocated : plan.budget.demand.deploy_peak;
    const Connections now = goal.total.value_or(demand ? demand->value : own);
    const double by_percent = std::floor(slope.percent * static_cast<double>(size) + 1e-9);
    const Connections then(slope.percent > 0 ? static_cast<std::int64_t>(by_percent)
                                             : slope.base + size * (steady ? slope.steady : slope.deploy));
    std::string key = "max", value = std::to_string(size);
    if (consumer.pooler) {
        key = slope.percent > 0 ? "max_connections_percent" : "default_pool_size";
        if (slope.percent > 0) value = fmt::format("\"{}%\"", size);
    }
    return fmt::format("{}  →  {}", assign(place(input, consumer), key, value),
                       of(now - own + std::min(own, then), goal.usable.value_or(plan.budget.limits.usable.value)));
}

/// The plan's own sizes, where they are smaller and enough.
std::string by_plan(const LintInput& input, Index database, Moment moment) {
    const DatabasePlan& plan = input.plan.databases[database];
    const auto& after = plan.after;
    if (!after.allocated || !after.deploy_peak) return {};
    if (after.allocated->value.value > limit(plan, Dimension::connections_steady) ||
        after.deploy_peak->value.value > limit(plan, Dimension::connections_deploy))
        return {};
    std::vector<std::string> sizes;
    for (const Consumer& consumer : consumers(input, database, moment)) {
        if (!consumer.pool) continue;
        const PoolSize &now = input.plan.sizes[*consumer.pool], &then = input.plan.pools[*consumer.pool].size;
        if (now && then && now->value != then->value)
            sizes.push_back(fmt::format("{} for {}", unit::print(then->value), target(input, consumer)));
    }
    if (sizes.empty()) return {};
    const Connections total = moment == Moment::steady ? after.allocated->value : after.deploy_peak->value;
    return fmt::format("max = {}  →  {}", list(sizes), of(total, plan.budget.limits.usable.value));
}

std::string by_class(const LintInput& input, Index database) {
    const Recommendation& r = input.plan.databases[database].recommendation;
    const Database& record = input.fleet.databases[database];
    const bool carries = r.verdict == Verdict::resize || r.verdict == Verdict::upsize;
    if (!carries || !r.cls || r.cls == record.type)
        return "fewer processes, or a pooler between them: no size of this pool alone is enough";
    return fmt::format("{}, with the pools of poolfit plan {}",
                       assign(record.cls.place, "class", fmt::format("\"{}\"", r.cls->name)), *record.name);
}

}  // namespace

std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal) {
    const Slope per_size = slope(input, consumer);
    Room left = room(input, database, consumer);
    if (const auto& peak = input.plan.databases[database].budget.demand.deploy_peak; peak && goal.free.value > 0) {
        const Connections usable = input.plan.databases[database].budget.limits.usable.value;
        left.deploy = std::min(left.deploy, (usable - goal.free - (peak->value - consumer.deploy)).value);
    }
    auto size = largest(per_size, left.failover, left.deploy);
    if (!size) size = largest(per_size, left.steady, left.deploy);
    if (size) return by_size(input, database, consumer, per_size, *size, goal);
    if (auto text = by_plan(input, database, goal.moment); !text.empty()) return text;
    return by_class(input, database);
}

Finding over(const LintInput& input, const Rule& rule, Index database, std::string message, const Goal& goal,
             std::optional<Consumer> on) {
    const Database& record = input.fleet.databases[database];
    if (!on)
        if (const auto all = consumers(input, database, goal.moment); !all.empty()) on = all.front();
    const Place where = on                               ? place(input, *on)
                        : record.other_connections.place ? record.other_connections.place
                                                         : record.place;
    Finding finding = found(rule, {database}, *record.name, where, std::move(message));
    finding.notes.emplace_back("limit", limit_text(input.plan.databases[database].budget.limits));
    if (!on) {
        finding.fix = "fewer other_connections, or a larger class";
        return finding;
    }
    finding.label = arithmetic(input, *on, goal.moment);
    if (on->pool && goal.moment == Moment::deploy) {
        const Deploy deploy = input.fleet.services[input.fleet.pools[*on->pool].service].deploy;
        if (deploy == Deploy::rolling) finding.label += " while old and new pods overlap";
        if (deploy == Deploy::blue_green) finding.label += " while both sets of pods run";
    }
    if (const auto rest = others(input, database, *on, goal.moment); !rest.empty())
        finding.notes.emplace_back("beside", rest);
    if (on->pool) {
        const PoolAdvice& advice = input.plan.pools[*on->pool];
        if (advice.basis == Basis::observed && advice.size && advice.size->value < input.plan.sizes[*on->pool]->value)
            finding.notes.emplace_back("use",
                                       fmt::format("asks for {} = {}", advice.reason, unit::print(advice.size->value)));
    }
    finding.fix = remedy(input, database, *on, goal);
    return finding;
}

}  // namespace poolfit::lint
