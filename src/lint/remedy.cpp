// The fix of a database whose connections are over a limit, computed from the same figures as the limit.
#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "connections.hpp"
#include "finding.hpp"
#include "poolers.hpp"
#include "remedy_plan.hpp"

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

std::string_view pooler_key(const Pooler& pooler) {
    return pooler.kind == Pooler::Kind::proxy ? "max_connections_percent" : model::size_key(pooler);
}
std::string pooler_value(const Pooler& pooler, std::int64_t size) {
    return pooler.kind == Pooler::Kind::proxy ? fmt::format("\"{}%\"", size) : std::to_string(size);
}

/// `max = 4`, at its place.
std::string assigned(const LintInput& input, const plan::Change& change) {
    const Place where = place(input, change.of);
    if (change.of.pool) return assign(where, "max", std::to_string(change.size));
    const Pooler& pooler = input.fleet.poolers[*change.of.pooler];
    std::string text = assign(where, pooler_key(pooler), pooler_value(pooler, change.size));
    const std::int64_t stop = model::db_connections_with(pooler, change.size);
    if (pooler.max_db_connections && **pooler.max_db_connections != stop)
        text += fmt::format(", {}", assign(where, "max_db_connections", std::to_string(stop)));
    return text;
}

/// "default_pool_size = 26 for a and 22 for b, max = 4 for api.main"; without a name, or `named` before it, where it is
/// `on` alone.
std::string assigned(const LintInput& input, const std::vector<plan::Change>& changes, const Consumer& on, bool named) {
    if (changes.size() == 1 && changes.front().of.pool == on.pool && changes.front().of.pooler == on.pooler) {
        const std::string text = assigned(input, changes.front());
        return named ? fmt::format("{}: {}", target(input, on), text) : text;
    }
    std::vector<std::pair<std::string_view, std::vector<std::string>>> keys;
    const auto add = [&](std::string_view key, std::string value) {
        auto at = std::ranges::find(keys, key, [](const auto& entry) { return entry.first; });
        if (at == keys.end()) at = keys.emplace(keys.end(), key, std::vector<std::string>());
        at->second.push_back(std::move(value));
    };
    for (const plan::Change& change : changes) {
        const std::string of = target(input, change.of);
        if (change.of.pool) {
            add("max", fmt::format("{} for {}", unit::print(Connections(change.size)), of));
            continue;
        }
        const Pooler& pooler = input.fleet.poolers[*change.of.pooler];
        if (input.plan.poolers[*change.of.pooler].to_transaction)
            add(model::mode_key(pooler), fmt::format("\"transaction\" for {}", of));
        add(pooler_key(pooler), fmt::format("{} for {}", pooler_value(pooler, change.size), of));
        const std::int64_t stop = model::db_connections_with(pooler, change.size);
        if (pooler.max_db_connections && **pooler.max_db_connections != stop)
            add("max_db_connections", fmt::format("{} for {}", stop, of));
    }
    std::string text;
    for (const auto& [key, values] : keys)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, list(values, most_named));
    return text;
}

/// What it leads to, where these sizes end it.
std::string by_sizes(const LintInput& input, Index database, const Consumer& on, const Goal& goal,
                     const std::vector<plan::Change>& changes) {
    if (changes.empty()) return {};
    const auto total = settled(input, database, goal, changes);
    if (!total) return {};
    return fmt::format("{}  →  {}", assigned(input, changes, on, goal.named), outcome(input, database, goal, *total));
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

/// Is the plan's size for it based on its load or its use, and not on a limit?
bool by_need(const LintInput& input, const Consumer& consumer) {
    if (consumer.pooler) {
        const PoolerPlan& pooler = input.plan.poolers[*consumer.pooler];
        return pooler.basis == PoolerPlan::Basis::load || pooler.basis == PoolerPlan::Basis::use;
    }
    const Basis basis = input.plan.pools[*consumer.pool].basis();
    return basis == Basis::observed || basis == Basis::workload;
}

/// ": what its use needs, up to 9 fits"; "" where a limit forces one of them. `most`: the largest of one that fits.
std::string needs(const LintInput& input, const std::vector<plan::Change>& changes, std::optional<std::int64_t> most) {
    if (!std::ranges::all_of(changes, [&](const plan::Change& change) { return by_need(input, change.of); })) return {};
    const auto loaded = [&](const plan::Change& change) {
        if (change.of.pooler) return input.plan.poolers[*change.of.pooler].basis == PoolerPlan::Basis::load;
        return input.plan.pools[*change.of.pool].basis() == Basis::workload;
    };
    const auto loads = std::ranges::count_if(changes, loaded);
    const bool all = loads == static_cast<std::ptrdiff_t>(changes.size());
    const std::string_view ask = all ? "load needs" : loads == 0 ? "use needs" : "load and use need";
    std::string text = fmt::format(": what {} {}", changes.size() == 1 ? "its" : "their", ask);
    if (most && changes.size() == 1 && *most > changes.front().size) text += fmt::format(", up to {} fits", *most);
    return text;
}

/// The plan's size of the one that the finding is about, where its load or its use needs it and that is enough.
std::string by_own_need(const LintInput& input, Index database, const Consumer& on, const Goal& goal,
                        std::optional<std::int64_t> most) {
    std::vector<plan::Change> change;
    if (on.pooler) {
        const PoolerPlan& pooler = input.plan.poolers[*on.pooler];
        if (!pooler.size || pooler.session || !by_need(input, on)) return {};
        change.push_back({on, pooler.size->value});
    } else {
        const PoolPlan& pool = input.plan.pools[*on.pool];
        const PoolSize then = pool.recommended();
        if (!then || pool.taken || !pool.declared || then->value >= pool.declared->value || !by_need(input, on))
            return {};
        change.push_back({on, then->value.value});
    }
    const std::string text = by_sizes(input, database, on, goal, change);
    return text.empty() ? text : text + needs(input, change, most);
}

/// The plan's own sizes, where they are enough: of poolers alone, of pools alone, or of both.
std::string by_plan(const LintInput& input, Index database, const Consumer& on, const Goal& goal) {
    std::vector<plan::Change> pools, all;
    for (const Index i : involved(input, database, goal)) {
        for (const Consumer& consumer : consumers(input, i, goal.moment)) {
            if (consumer.pooler) {
                const PoolerPlan& pooler = input.plan.poolers[*consumer.pooler];
                if (!pooler.size || pooler.basis == PoolerPlan::Basis::kept) continue;
                if (!pooler.session || pooler.to_transaction) all.push_back({consumer, pooler.size->value});
                continue;
            }
            const PoolPlan& pool = input.plan.pools[*consumer.pool];
            if (!pool.advice.size || pool.advice.size->value == pool.declared->value) continue;
            pools.push_back({consumer, pool.advice.size->value.value});
        }
    }
    const auto with = [&](const std::vector<plan::Change>& changes) {
        const std::string text = by_sizes(input, database, on, goal, changes);
        return text.empty() ? text : text + needs(input, changes, {});
    };
    if (auto text = with(all); !text.empty()) return text;
    if (auto text = with(pools); !text.empty()) return text;
    if (pools.empty() || all.empty()) return {};
    all.insert(all.end(), pools.begin(), pools.end());
    return with(all);
}

/// Pools of the servers involved: as few as are enough, each smaller by the same share, then each as large as possible.
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
        limits.push_back(limit(known.steady_limit - known.allocated,
                               [&](const plan::FitPool& pool) { return pool.of.database == i ? pool.steady : 0; }));
        const Connections most =
            i == database ? std::min(known.deploy_limit, known.usable - goal.free) : known.deploy_limit;
        for (const plan::Deploying& deploy : plan::deploys_of(input.plan.databases[i].demand))
            limits.push_back(limit(most - Connections(deploy.connections), [&](const plan::FitPool& pool) {
                return pool.of.database == i ? deploy.per(input.fleet, pool) : 0;
            }));
        if (i == database) continue;
        limits.push_back(
            limit(facts(input, database).usable - after_loss(input, database, i), [&](const plan::FitPool& pool) {
                return pool.of.database == i || pool.of.database == database ? pool.steady : 0;
            }));
    }
    if (!plan::fit(pools, limits)) return {};
    std::vector<plan::Change> changes;
    for (const plan::FitPool& pool : pools)
        if (pool.size != pool.most) changes.push_back({pool.of, pool.size});
    return by_sizes(input, database, {}, goal, changes);
}

/// What makes a pool's connections more during a deploy.
std::string_view meanwhile(const LintInput& input, const Consumer& consumer, Moment moment) {
    if (!consumer.pool || moment != Moment::deploy || !is_deployed(input, consumer)) return {};
    const Service& service = input.fleet.services[input.fleet.pools[*consumer.pool].service];
    if (service.deploy == Deploy::blue_green) return " while both sets of pods run";
    if (service.deploy == Deploy::cut_over) return " while the new revision runs its minimum beside the old one";
    if (service.deploy != Deploy::rolling) return {};
    return service.max_surge.place ? " while old and new pods overlap"
                                   : " while old and new pods overlap (the default max_surge, 25 %)";
}

/// Of a pooler whose users cannot change its size: it opens no more than its clients do.
std::string by_clients(const LintInput& input, Index database, const Consumer& on, const Goal& goal) {
    std::vector<plan::Change> changes;
    for (const Index p : input.plan.topology.clients[*on.pooler]) {
        const PoolPlan& pool = input.plan.pools[p];
        if (!pool.advice.size || !pool.declared || pool.advice.size->value >= pool.declared->value) continue;
        changes.push_back({Consumer{p, {}, database, {}, {}}, pool.advice.size->value.value});
    }
    if (auto text = by_sizes(input, database, on, goal, changes); !text.empty()) return text;
    const DatabaseFacts& known = facts(input, database);
    const Connections others = known.allocated - on.steady;
    const std::string fewer = known.steady_limit > others ? fmt::format("at most {} connections of its clients",
                                                                        unit::print(known.steady_limit - others))
                                                          : std::string("fewer connections of its clients");
    return fmt::format("{}: its own size cannot be set; or {}", fewer, more_connections(input, database));
}

}  // namespace

std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal) {
    const auto& ways = input.plan.databases[database].recommendation.ways;
    if (!ways.empty() && (ways.front().kind == WayOut::Kind::limit || ways.front().kind == WayOut::Kind::strategy))
        return by_way(input, database);
    if (auto text = by_strategy(input, database, goal); !text.empty()) return text;
    if (consumer.pooler && has_fixed_size(input, *consumer.pooler)) return by_clients(input, database, consumer, goal);
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
    const plan::Room left = plan::room(input.fleet, input.plan, consumer, facts(input, database).usable - goal.free);
    const auto fits = plan::largest(slope, left.failover, left.deploy);
    const auto most = [&](Connections steady) {
        const auto size = plan::largest(slope, steady, left.deploy);
        return size ? by_sizes(input, database, consumer, goal, {{consumer, *size}}) : std::string();
    };
    const auto poolers = [&] {
        return by_sizes(input, database, consumer, goal, plan::smaller_poolers(input.fleet, input.plan, database));
    };
    // The plan's sizes come first: one pool has one size. A failover asks several servers.
    const bool steady = goal.moment == Moment::steady && !goal.failover;
    const std::string rest = steady ? other_ways(input, database) : std::string();
    if (auto text = by_own_need(input, database, consumer, goal, fits); !text.empty()) return text + rest;
    if (auto text = by_plan(input, database, consumer, goal); !text.empty()) return text + rest;
    if (consumer.pooler)
        if (auto text = poolers(); !text.empty()) return text;
    if (auto text = most(left.failover); !text.empty()) return text;
    if (!goal.failover)
        if (auto text = most(left.steady); !text.empty()) return text;
    if (auto text = together(input, database, goal); !text.empty()) return text;
    if (auto text = poolers(); !text.empty()) return text;
    if (auto text = by_raised_limit(input, database, goal); !text.empty()) return text;
    if (auto text = by_way(input, database); !text.empty()) return text;
    std::string surge = goal.moment == Moment::deploy && !goal.failover ? by_surge(input, database) : std::string();
    const std::string cls = by_class(input, database, goal);
    return surge.empty() ? cls : fmt::format("{}; or {}", surge, cls);
}

namespace {

/// "acu_min = 1: max_connections 5,000 instead of 2,000, at $87.60–$105.12/mo instead of $43.80–$105.12/mo": where the
/// least capacity caps it.
std::string by_capacity(const LintInput& input, Index database) {
    const auto& use = input.plan.databases[database].capacity;
    if (!use || !use->uncapped) return {};
    const Database& record = input.fleet.databases[database];
    const auto& then = *use->uncapped;
    const auto money = [](const Interval<MicroUsdPerMonth>& range) {
        return range.is_point() ? unit::print(range.high) + "/mo"
                                : fmt::format("{}–{}/mo", unit::print(range.low), unit::print(range.high));
    };
    return fmt::format("{}: max_connections {} instead of {}{}",
                       assign(record.machine->capacity->min.place, use->elastic->min_key, unit::print_number(then.min)),
                       unit::print(then.limit.value), unit::print(Connections(use->elastic->capped_at)),
                       then.cost && use->cost
                           ? fmt::format(", at {} instead of {}", money(then.cost->value), money(use->cost->value))
                           : std::string());
}

/// Does it set the size of `on` at its place, without its name? "max = 3  →  120 of 176", not "max = 3 for api.main".
bool sets_unnamed(const LintInput& input, const Consumer& on, std::string_view fix) {
    const std::string_view key = on.pool ? "max" : pooler_key(input.fleet.poolers[*on.pooler]);
    if (!fix.starts_with(assign(place(input, on), key, ""))) return false;
    return fix.substr(0, fix.find("  →  ")).find(" for ") == fix.npos;
}

}  // namespace

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
        finding.fix = fmt::format("fewer other_connections, or {}", more_connections(input, database));
        return finding;
    }
    if (on->pool) finding.pools = {*on->pool};
    finding.label = fmt::format("{}{}", arithmetic(input, *on, goal.moment), meanwhile(input, *on, goal.moment));
    if (const auto rest = others(input, database, *on, goal.moment); !rest.empty())
        finding.notes.emplace_back("also", rest);
    if (facts(input, database).at_least)
        finding.notes.emplace_back("no limit", pool_list(input.fleet, input.plan.databases[database].budget.unlimited));
    if (on->pool) {
        const PoolAdvice& advice = input.plan.pools[*on->pool].advice;
        const Connections declared = input.plan.pools[*on->pool].declared->value;
        if (advice.basis == Basis::observed && advice.size && advice.size->value < declared)
            finding.notes.emplace_back("use", Phrase("needs ", Phrase::About::advice, *on->pool,
                                                     fmt::format(" = {}", unit::print(advice.size->value))));
    }
    finding.fix = remedy(input, database, *on, goal);
    if (sets_unnamed(input, *on, finding.fix)) finding.fix_at = target(input, *on);
    if (const auto or_else = by_capacity(input, database); !or_else.empty()) finding.notes.emplace_back("or", or_else);
    return finding;
}

}  // namespace poolfit::lint
