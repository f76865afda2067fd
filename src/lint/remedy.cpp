// The fix of a database whose connections are over a limit, computed from the same figures as the limit.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "connections.hpp"
#include "finding.hpp"

namespace poolfit::lint {
namespace {

constexpr std::size_t most_named = 4;  // pools with their sizes in one fix

/// "94 of 100 (94 %)" with the sizes that a fix gives.
std::string outcome(const LintInput& input, Index database, const Goal& goal, Connections total) {
    const DatabaseFacts& known = facts(input, database);
    const bool at_least = goal.failover && known.failover ? known.failover->at_least : known.at_least;
    return fmt::format("{}{}", at_least ? "at least " : "", of(total, known.usable));
}

/// What the finding is about, with these sizes: nothing where they do not end it, or push a related server further over
/// a limit.
std::optional<Connections> settled(const LintInput& input, Index database, const Goal& goal,
                                   const std::vector<plan::Change>& changes) {
    const auto demands = plan::demand_with(input.fleet, input.plan, changes);
    if (!plan::no_worse(input.plan, demands)) return std::nullopt;
    const DatabaseFacts& known = facts(input, database);
    const DatabaseDemand& then = demands.at(database);
    if (goal.failover) {
        if (then.failover->peak > known.usable) return std::nullopt;
        return then.failover->peak;
    }
    const Connections steady = plan::least_steady(then), deploy = plan::least_deploy(then);
    if (steady > known.steady_limit || deploy > std::min(known.deploy_limit, known.usable - goal.free))
        return std::nullopt;
    return goal.moment == Moment::steady ? steady : deploy;
}

std::string by_size(const LintInput& input, Index database, const Consumer& consumer, const plan::Slope& slope,
                    std::optional<std::int64_t> size, const Goal& goal) {
    if (!size) return {};
    const auto total = settled(input, database, goal, {{consumer, *size}});
    if (!total) return {};
    std::string key = "max", value = std::to_string(*size);
    if (consumer.pooler) {
        key = slope.percent > 0 ? "max_connections_percent" : model::size_key(input.fleet.poolers[*consumer.pooler]);
        if (slope.percent > 0) value = fmt::format("\"{}%\"", *size);
    }
    return fmt::format("{}  →  {}", assign(place(input, consumer), key, value), outcome(input, database, goal, *total));
}

/// The most that can be open after the loss of a server.
Connections after_loss(const LintInput& input, Index database, Index lost) {
    const auto& databases = input.plan.databases;
    return assess::failover(input.fleet, lost, databases[database].demand, databases[lost].demand).peak;
}

/// The servers whose pools a fix may change: the one that is over, and those whose pools come to it and are too many.
std::vector<Index> involved(const LintInput& input, Index database, const Goal& goal) {
    std::vector<Index> all{database};
    if (!goal.failover) return all;
    const DatabaseFacts& known = facts(input, database);
    all.push_back(known.failover->from);
    for (const Index i : input.plan.topology.replicas[database])
        if (i != known.failover->from && after_loss(input, database, i) > known.usable) all.push_back(i);
    return all;
}

std::string assigned(const LintInput& input, const plan::Change& change) {
    return fmt::format("{} for {}", unit::print(Connections(change.size)), target(input, change.of));
}

/// The plan's own sizes, where they are smaller and enough.
std::string by_plan(const LintInput& input, Index database, const Consumer& on, const Goal& goal) {
    const DatabaseDemand& after = input.plan.databases[database].right_sized;
    const DatabaseFacts& known = facts(input, database);
    if (!after.allocated || !after.deploy_peak) return {};
    if (after.allocated->value > known.steady_limit || after.deploy_peak->value > known.deploy_limit) return {};
    if (goal.failover && (!after.failover_peak || after.failover_peak->value > known.usable)) return {};
    std::vector<std::string> sizes;
    std::vector<plan::Change> changes;
    for (const Index i : involved(input, database, goal)) {
        for (const Consumer& consumer : consumers(input, i, goal.moment)) {
            if (!consumer.pool) continue;
            const PoolPlan& pool = input.plan.pools[*consumer.pool];
            if (!pool.advice.size || pool.advice.size->value == pool.declared->value) continue;
            changes.push_back({consumer, pool.advice.size->value.value});
            sizes.push_back(assigned(input, changes.back()));
        }
    }
    if (changes.empty()) return {};
    const auto total = settled(input, database, goal, changes);
    if (!total) return {};
    if (changes.size() == 1 && changes.front().of.pool == on.pool)
        return fmt::format("{}  →  {}", assign(place(input, on), "max", std::to_string(changes.front().size)),
                           outcome(input, database, goal, *total));
    return fmt::format("max = {}  →  {}", list(sizes, most_named), outcome(input, database, goal, *total));
}

/// Pools of the servers involved: as few as are enough, each smaller by the same share, and then none can be larger.
std::string together(const LintInput& input, Index database, const Goal& goal) {
    const std::vector<Index> servers = involved(input, database, goal);
    std::vector<Consumer> all;
    for (const Index i : servers)
        for (const Consumer& consumer : consumers(input, i, goal.moment))
            if (consumer.pool) all.push_back(consumer);
    std::ranges::stable_sort(all, std::ranges::greater(),
                             goal.moment == Moment::steady ? &Consumer::steady : &Consumer::deploy);
    std::vector<plan::FitPool> pools;
    for (const Consumer& consumer : all) {
        const plan::Slope each = plan::slope(input.fleet, input.plan, consumer);
        pools.push_back({consumer, std::min(each.least, each.now), each.now, each.now, each.steady, each.deploy, 0});
    }
    const auto limit = [&](Connections room, auto part) {
        plan::FitLimit result{room.value, {}};
        for (const plan::FitPool& pool : pools) {
            result.per.push_back(part(pool));
            result.room += result.per.back() * pool.most;
        }
        return result;
    };
    std::vector<plan::FitLimit> limits;
    for (const Index i : servers) {
        const DatabaseFacts& known = facts(input, i);
        const auto of = [&](std::int64_t plan::FitPool::*part) {
            return [i, part](const plan::FitPool& pool) { return pool.of.database == i ? pool.*part : 0; };
        };
        limits.push_back(limit(known.steady_limit - known.allocated, of(&plan::FitPool::steady)));
        const Connections most =
            i == database ? std::min(known.deploy_limit, known.usable - goal.free) : known.deploy_limit;
        limits.push_back(limit(most - known.deploy_peak, of(&plan::FitPool::deploy)));
        if (i == database) continue;
        limits.push_back(
            limit(facts(input, database).usable - after_loss(input, database, i), [&](const plan::FitPool& pool) {
                return pool.of.database == i || pool.of.database == database ? pool.steady : 0;
            }));
    }
    if (!plan::fit(pools, limits)) return {};
    std::vector<std::string> sizes;
    std::vector<plan::Change> changes;
    for (const plan::FitPool& pool : pools) {
        if (pool.size == pool.most) continue;
        changes.push_back({pool.of, pool.size});
        sizes.push_back(assigned(input, changes.back()));
    }
    const auto total = settled(input, database, goal, changes);
    if (!total) return {};
    return fmt::format("max = {}  →  {}", list(sizes, most_named), outcome(input, database, goal, *total));
}

/// The size of another pooler, where that of `on` can't be small enough: its load needs it, or it isn't the only one.
std::string by_other_pooler(const LintInput& input, Index database, const Consumer& on, const Goal& goal) {
    for (const Consumer& consumer : consumers(input, database, goal.moment)) {
        if (!consumer.pooler || consumer.pooler == on.pooler) continue;
        const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
        const plan::Room left = plan::room(input.fleet, input.plan, consumer);
        const auto size = plan::largest(slope, left.steady, left.deploy);
        const auto total = size ? settled(input, database, goal, {{consumer, *size}}) : std::nullopt;
        if (!total) continue;
        const Pooler& pooler = input.fleet.poolers[*consumer.pooler];
        const bool share = pooler.kind == Pooler::Kind::proxy;
        return fmt::format("{} for {}  →  {}",
                           assign(place(input, consumer), share ? "max_connections_percent" : model::size_key(pooler),
                                  share ? fmt::format("\"{}%\"", *size) : std::to_string(*size)),
                           target(input, consumer), outcome(input, database, goal, *total));
    }
    return {};
}

/// Does the plan make pools of the database smaller for its limit?
bool forced(const LintInput& input, Index database) {
    return std::ranges::any_of(input.plan.topology.pools[database],
                               [&](Index pool) { return input.plan.pools[pool].advice.basis == Basis::limit; });
}

/// " on db.t4g.large", where today's class does not carry it; " with max_connections = 197", where its limit does not.
std::string moved(const LintInput& input, Index database, const WayOut& way) {
    const DatabasePlan& plan = input.plan.databases[database];
    if (way.to.value > 0)
        return fmt::format(" with max_connections = {} instead of {}", unit::print(way.to), unit::print(way.from));
    return way.usable == plan.budget.limits.usable.value ? std::string()
                                                         : fmt::format(" on {}", plan.recommendation.cls->name);
}

/// What else ends an outage: a limit that is raised, a strategy, fewer instances.
std::string by_way(const LintInput& input, Index database) {
    std::vector<std::string> texts;
    for (const WayOut& way : input.plan.databases[database].recommendation.ways) {
        if (way.kind == WayOut::Kind::limit)
            texts.push_back(fmt::format("max_connections = {} instead of {} (the class gives {}), a restart  →  {}",
                                        unit::print(way.to), unit::print(way.from), unit::print(way.most),
                                        of(way.steady, way.usable)));
        if (way.kind == WayOut::Kind::strategy)
            texts.push_back(fmt::format("the strategy {} of poolfit plan{}  →  {}", way.strategy,
                                        moved(input, database, way), of(way.steady, way.usable)));
        if (way.kind == WayOut::Kind::instances)
            texts.push_back(fmt::format("at most {} of {}  →  {}", count(way.count, "instance", "instances"),
                                        *input.fleet.services[way.service].name, of(way.steady, way.usable)));
    }
    return fmt::format("{}", fmt::join(texts, "; or "));
}

/// The strategy that the plan takes, where it ends what the finding is about: its sizes are the plan's.
std::string by_strategy(const LintInput& input, Index database, const Goal& goal) {
    const DatabasePlan& plan = input.plan.databases[database];
    const DatabaseDemand& after = plan.after;
    if (plan.by_strategy.empty() || !after.allocated || !after.deploy_peak) return {};
    const Policy& policy = input.fleet.policy;
    const auto ends = [&](Connections usable) {
        const auto within = [&](Connections needs, Fraction share) {
            return static_cast<double>(needs.value) <= share.value * static_cast<double>(usable.value) + assess::hair;
        };
        return within(after.allocated->value, *policy.connections_steady_max) &&
               within(after.deploy_peak->value, *policy.connections_deploy_max) &&
               after.deploy_peak->value <= usable - goal.free &&
               (!goal.failover || (after.failover_peak && after.failover_peak->value <= usable));
    };
    // Where today's class carries it, the move to another one is a saving, and no part of the fix.
    const Connections today = plan.budget.limits.usable.value, there = plan.chosen.limits.usable.value;
    std::string on;
    Connections usable = today;
    if (!ends(today) || !after.shares.empty()) {
        if (!ends(there)) return {};
        usable = there;
        if (const auto& to = plan.recommendation.max_connections)
            on = fmt::format(" with max_connections = {} instead of {}", unit::print(*to),
                             unit::print(plan.budget.limits.max_planned.value));
        else if (plan.recommendation.cls != input.fleet.databases[database].type)
            on = fmt::format(" on {}", plan.recommendation.cls->name);
    }
    const auto& then = goal.failover                   ? after.failover_peak
                       : goal.moment == Moment::steady ? after.allocated
                                                       : after.deploy_peak;
    return fmt::format("the strategy {} of poolfit plan{}  →  {}", plan.by_strategy, on, of(then->value, usable));
}

std::string by_class(const LintInput& input, Index database, const Goal& goal) {
    const Recommendation& r = input.plan.databases[database].recommendation;
    const Database& record = input.fleet.databases[database];
    if (!r.cls || r.cls == record.type)
        return fmt::format("{}: no reasonable size of its pools is enough",
                           goal.failover ? "readers without a fallback, or a pooler in front of both servers"
                                         : "fewer processes, or a pooler between them");
    return fmt::format("{}, with the pools of poolfit plan {}",
                       assign(record.cls.place, "class", fmt::format("\"{}\"", r.cls->name)), *record.name);
}

/// What makes a pool's connections more during a deploy.
std::string_view meanwhile(const LintInput& input, const Consumer& consumer, Moment moment) {
    if (!consumer.pool || moment != Moment::deploy) return {};
    const Deploy deploy = input.fleet.services[input.fleet.pools[*consumer.pool].service].deploy;
    if (deploy == Deploy::rolling) return " while old and new pods overlap";
    return deploy == Deploy::blue_green ? " while both sets of pods run" : "";
}

}  // namespace

std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal) {
    const auto& ways = input.plan.databases[database].recommendation.ways;
    if (!ways.empty() && (ways.front().kind == WayOut::Kind::limit || ways.front().kind == WayOut::Kind::strategy))
        return by_way(input, database);
    if (auto text = by_strategy(input, database, goal); !text.empty()) return text;
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
    plan::Room left = plan::room(input.fleet, input.plan, consumer);
    if (goal.free.value > 0) {
        const DatabaseFacts& known = facts(input, database);
        left.deploy = std::min(left.deploy, known.usable - goal.free - known.deploy_peak + consumer.deploy);
    }
    const auto most = [&](Connections steady) {
        return by_size(input, database, consumer, slope, plan::largest(slope, steady, left.deploy), goal);
    };
    // A failover asks several servers: their pools get the sizes of the plan.
    if (forced(input, database) || goal.failover)
        if (auto text = by_plan(input, database, consumer, goal); !text.empty()) return text;
    if (auto text = most(left.failover); !text.empty()) return text;
    if (!goal.failover)
        if (auto text = most(left.steady); !text.empty()) return text;
    if (auto text = by_plan(input, database, consumer, goal); !text.empty()) return text;
    if (auto text = together(input, database, goal); !text.empty()) return text;
    if (auto text = by_other_pooler(input, database, consumer, goal); !text.empty()) return text;
    if (auto text = by_way(input, database); !text.empty()) return text;
    return by_class(input, database, goal);
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
    if (on->pool) finding.pools = {*on->pool};
    finding.label = fmt::format("{}{}", arithmetic(input, *on, goal.moment), meanwhile(input, *on, goal.moment));
    if (const auto rest = others(input, database, *on, goal.moment); !rest.empty())
        finding.notes.emplace_back("beside", rest);
    if (facts(input, database).at_least)
        finding.notes.emplace_back("no limit", pool_list(input.fleet, input.plan.databases[database].budget.unlimited));
    if (on->pool) {
        const PoolAdvice& advice = input.plan.pools[*on->pool].advice;
        const Connections declared = input.plan.pools[*on->pool].declared->value;
        if (advice.basis == Basis::observed && advice.size && advice.size->value < declared)
            finding.notes.emplace_back("use", Phrase("asks for ", Phrase::About::advice, *on->pool,
                                                     fmt::format(" = {}", unit::print(advice.size->value))));
    }
    finding.fix = remedy(input, database, *on, goal);
    return finding;
}

}  // namespace poolfit::lint
