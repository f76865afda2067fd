#include "poolers.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "connections.hpp"
#include "finding.hpp"

namespace poolfit::lint {
namespace {

/// Connections of their server with these changes.
std::string outcome(const LintInput& input, const std::vector<plan::Change>& changes, Moment moment = Moment::steady) {
    const Index database = changes.front().of.database;
    const DatabaseFacts& known = facts(input, database);
    const auto demands = plan::demand_with(input.fleet, input.plan, changes);
    const DatabaseDemand& then = demands.at(database);
    const bool steady = moment == Moment::steady;
    const Connections connections = steady ? plan::least_steady(then) : plan::least_deploy(then);
    std::string text = of(connections, known.usable);
    if (!steady) text += " in a deploy";
    if (connections > (steady ? known.steady_limit : known.deploy_limit) && !plan::no_worse(input.plan, demands))
        text += fmt::format(", more than the policy allows: also {}", more_connections(input, database));
    return text;
}

std::optional<std::int64_t> size_that_fits(const LintInput& input, Index pooler) {
    const plan::Consumer consumer = consumer_of(input, pooler);
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
    const plan::Room room = plan::room(input.fleet, input.plan, consumer);
    for (const Connections steady : {room.failover, room.steady})
        if (const auto size = plan::largest(slope, steady, room.deploy)) return size;
    return std::nullopt;
}

std::string pool_size(const LintInput& input, Index pooler, std::int64_t size) {
    const Pooler& it = input.fleet.poolers[pooler];
    std::string text = assign(it.place, model::size_key(it), std::to_string(size));
    const auto& stop = it.max_db_connections;
    const std::int64_t all = size * model::pairs_of_database(it);
    if (stop && **stop > 0 && **stop < all)
        text += fmt::format(", {}", assign(it.place, "max_db_connections", std::to_string(all)));
    return text;
}

}  // namespace

plan::Consumer consumer_of(const LintInput& input, Index pooler) {
    const PoolerDemand& demand = input.plan.poolers[pooler].now;
    return {{}, pooler, input.fleet.poolers[pooler].database, demand.server.value, demand.server_deploy.value};
}

std::vector<SessionPooler> session_poolers(const LintInput& input) {
    std::vector<SessionPooler> all;
    for (Index i = 0; i < input.plan.poolers.size(); ++i)
        if (const auto& side = input.plan.poolers[i].session) all.push_back({*side, i});
    return all;
}

std::optional<Index> only_way_in(const LintInput& input, Index database) {
    const auto& load = input.plan.databases[database].load;
    if (!load || load->pools.empty()) return std::nullopt;
    const auto& first = input.fleet.pools[load->pools.front()].pooler;
    const bool all = std::ranges::all_of(load->pools, [&](Index p) { return input.fleet.pools[p].pooler == first; });
    if (!first || !all) return std::nullopt;
    const Pooler& pooler = input.fleet.poolers[*first];
    const bool session = pooler.kind == Pooler::Kind::pgbouncer && pooler.mode == Pooler::Mode::session;
    return session ? std::nullopt : first;
}

std::string let_in(const LintInput& input, Index index, Connections most) {
    const Pooler& pooler = input.fleet.poolers[index];
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer_of(input, index));
    const Connections now = input.plan.poolers[index].now.server.value;
    std::int64_t size = 1;
    const bool proxy = pooler.kind == Pooler::Kind::proxy;
    if (!proxy && plan::steady_at(slope, size) > most) return {};  // reserves and pairs alone open more
    while (plan::steady_at(slope, size + 1) <= most) ++size;
    const Connections then = std::min(now, plan::steady_at(slope, size));
    if (then >= now) return {};
    const std::string key = proxy ? assign(pooler.place, "max_connections_percent", fmt::format("\"{}%\"", size))
                                  : assign(pooler.place, model::size_key(pooler), std::to_string(size));
    return fmt::format("{}  →  {} instead of {}", key, count(then.value, "connection", "connections"),
                       unit::print(now));
}

std::optional<std::int64_t> asked_for(const PoolerPlan& plan) {
    std::optional<std::int64_t> most;
    if (plan.load && plan.load->smallest) most = plan.load->smallest->value;
    if (plan.used) most = std::max(most.value_or(0), plan.used->enough.value.value);
    return most;
}

namespace {

/// Pools whose sessions it pins, where the plan's sizes free some of them: its size in the plan counts with these.
std::vector<plan::Change> freed(const LintInput& input, Index pooler) {
    const PoolerPlan& plan = input.plan.poolers[pooler];
    const bool load = plan.load && plan.load->pinned_after < plan.load->pinned;
    const bool use = plan.used && plan.used->pinned_after < plan.used->pinned;
    std::vector<plan::Change> changes;
    if (!load && !use) return changes;
    for (const Index p : input.plan.topology.clients[pooler]) {
        const PoolPlan& pool = input.plan.pools[p];
        const PoolSize then = pool.recommended();
        if (assess::pinned(input.fleet, input.fleet.pools[p]) != Pinned::yes || !then || !pool.declared) continue;
        if (then->value == pool.declared->value) continue;
        plan::Change& change = changes.emplace_back();
        change.of.pool = p;
        change.of.database = input.fleet.poolers[pooler].database;
        change.size = then->value.value;
    }
    return changes;
}

std::int64_t server_connections_today(const PoolerPlan& plan) {
    return (plan.load ? plan.load->size : plan.used->size).value;
}

/// The size that the plan gives it, of a proxy its connections; nothing where the plan gives it none.
std::optional<std::int64_t> given(const LintInput& input, Index i) {
    const Pooler& pooler = input.fleet.poolers[i];
    const PoolerPlan& plan = input.plan.poolers[i];
    if (!plan.size || plan.basis == PoolerPlan::Basis::kept) return std::nullopt;
    if (pooler.kind != Pooler::Kind::proxy) return plan.size->value;
    // On another class the same connections are another share.
    const DatabasePlan& database = input.plan.databases[pooler.database];
    if (database.recommendation.cls != input.fleet.databases[pooler.database].type) return asked_for(plan);
    return plan::steady_at(plan::slope(input.fleet, input.plan, consumer_of(input, i)), plan.size->value).value;
}

}  // namespace

std::string enlarge(const LintInput& input, Index pooler, std::int64_t size, Moment moment) {
    const Pooler& it = input.fleet.poolers[pooler];
    const plan::Consumer consumer = consumer_of(input, pooler);
    std::vector<plan::Change> changes = freed(input, pooler);
    std::string first;
    if (!changes.empty()) {
        std::vector<Index> pools;
        for (const plan::Change& change : changes) pools.push_back(*change.of.pool);
        first = planned_sizes(input, pools);
        if (size <= server_connections_today(input.plan.poolers[pooler]))
            return fmt::format("{}  →  {}", first, outcome(input, changes, moment));
        first += ", and ";
    }
    if (it.kind == Pooler::Kind::proxy) {
        const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
        std::int64_t percent = 1;
        while (percent < 100 && plan::steady_at(slope, percent).value < size) ++percent;
        if (plan::steady_at(slope, percent).value < size) return first + "a class with a higher max_connections";
        changes.push_back({consumer, percent});
        return fmt::format("{}{}  →  {}", first,
                           assign(it.place, "max_connections_percent", fmt::format("\"{}%\"", percent)),
                           outcome(input, changes, moment));
    }
    if (has_fixed_size(input, pooler))
        return fmt::format("{}{}: its own size cannot be set", first, more_connections(input, it.database));
    changes.push_back({consumer, size});
    return fmt::format("{}  →  {}", pool_size(input, pooler, size), outcome(input, changes, moment));
}

bool has_fixed_size(const LintInput& input, Index pooler) {
    const Pooler& it = input.fleet.poolers[pooler];
    return platform::has_fixed_size(*input.fleet.databases[it.database].platform, it);
}

std::string as_planned(const LintInput& input, Index pooler) {
    const std::int64_t today = server_connections_today(input.plan.poolers[pooler]);
    if (const auto size = given(input, pooler); size && *size > today) return enlarge(input, pooler, *size);
    const auto asked = asked_for(input.plan.poolers[pooler]);
    return asked && *asked <= today && !freed(input, pooler).empty() ? enlarge(input, pooler, *asked) : std::string();
}

namespace {

/// Over the policy's share of its server, or of a related one, with these sizes.
bool too_many(const LintInput& input, Index database, const std::vector<plan::Change>& changes) {
    if (changes.empty()) return facts(input, database).allocated > facts(input, database).steady_limit;
    const auto demands = plan::demand_with(input.fleet, input.plan, changes);
    return plan::least_steady(demands.at(database)) > facts(input, database).steady_limit;
}

/// The plan's sizes of other poolers on its server, where this one alone does not bring it inside the policy; added to
/// the changes.
std::string with_others(const LintInput& input, Index pooler, std::vector<plan::Change>& changes) {
    const Index database = input.fleet.poolers[pooler].database;
    if (!too_many(input, database, changes)) return {};
    std::string text;
    for (const Index i : input.plan.topology.poolers[database]) {
        const PoolerPlan& plan = input.plan.poolers[i];
        if (i == pooler || !plan.size || plan.basis == PoolerPlan::Basis::kept) continue;
        if (plan.session && !plan.to_transaction) continue;
        const Pooler& other = input.fleet.poolers[i];
        changes.push_back({consumer_of(input, i), plan.size->value});
        std::string keys;
        if (plan.to_transaction) keys = fmt::format("{} = \"transaction\", ", model::mode_key(other));
        keys += other.kind == Pooler::Kind::proxy ? fmt::format("max_connections_percent = \"{}%\"", plan.size->value)
                                                  : fmt::format("{} = {}", model::size_key(other), plan.size->value);
        text += fmt::format(", and for {} {}", *other.name, keys);
    }
    return text;
}

/// The plan's sizes of the clients' pools, if those are few enough for the connections that it opens in session mode.
std::string in_session_mode(const LintInput& input, Index pooler) {
    const SessionSide& side = *input.plan.poolers[pooler].session;
    Connections clients;
    for (const Index p : input.plan.topology.clients[pooler]) {
        const PoolPlan& pool = input.plan.pools[p];
        if (!pool.after.allocated) return {};
        clients += pool.after.allocated->value;
    }
    const std::string sizes = planned_sizes(input, input.plan.topology.clients[pooler]);
    if (clients > side.held || sizes.empty()) return {};
    return fmt::format("{}  →  {} clients for {} server connections", sizes, unit::print(clients),
                       unit::print(side.held));
}

/// ": what its load needs": the basis of a size in transaction mode, or what is not measured.
std::string stands_on(const LintInput& input, Index pooler, std::optional<std::int64_t> size) {
    const PoolerPlan& plan = input.plan.poolers[pooler];
    const bool loaded = plan.load && plan.load->smallest && plan.load->silent.empty();
    const bool used = plan.used && plan.used->measured();
    if (loaded && (!size || *size >= plan.load->smallest->value)) return ": what its load needs";
    if (loaded) return fmt::format(": what fits; its load needs {}", unit::print(*plan.load->smallest));
    if (used && (!size || *size >= plan.used->enough.value.value)) return ": its clients' use, all peaks combined";
    if (used)
        return fmt::format(": what fits; its clients typically use {}, and {} if their peaks coincide",
                           unit::print(plan.used->typical), unit::print(plan.used->peak));
    std::vector<Index> silent;
    for (const Index p : input.plan.topology.clients[pooler])
        if (const Pool& pool = input.fleet.pools[p]; !pool.in_use && !pool.workload) silent.push_back(p);
    if (silent.empty()) return "; its clients' load could not be sized, so check that no more are busy at once";
    return fmt::format("; check that no more are busy at once: not measured for {}", pool_list(input.fleet, silent));
}

}  // namespace

std::string planned_sizes(const LintInput& input, const std::vector<Index>& pools) {
    std::vector<std::string> sizes;
    for (const Index p : pools) {
        const PoolPlan& pool = input.plan.pools[p];
        const PoolSize then = pool.recommended();
        if (!then || (pool.declared && pool.declared->value == then->value)) continue;
        sizes.push_back(
            fmt::format("{} for {}", unit::print(then->value), pool_target(input.fleet, input.fleet.pools[p])));
    }
    return sizes.empty() ? std::string() : fmt::format("max = {}", list(sizes, 4));
}

std::string directly(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const Pooler& pooler = input.fleet.poolers[*pool.pooler];
    const PoolSize& size = input.plan.pools[index].declared;
    const std::string key =
        assign(pool.target_place, "database", fmt::format("\"{}\"", *input.fleet.databases[pooler.database].name));
    if (!size) return key;
    plan::Change change{{index, {}, pooler.database, {}, {}}, size->value.value, true};
    return fmt::format("{}  →  {}", key, outcome(input, {change}));
}

std::string listen_directly(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const PoolSize& size = input.plan.pools[index].declared;
    const Index database = input.fleet.poolers[*pool.pooler].database;
    // A listener is nothing but its LISTEN.
    const bool listener = input.fleet.services[pool.service].kind == ServiceKind::listener;
    if (listener || (size && size->value.value == 1)) return directly(input, index);
    const DatabaseFacts& known = facts(input, database);
    const Connections more(model::copies(input.fleet, pool)), then = known.allocated + more;
    return fmt::format(
        "LISTEN in a pool of its own with {} and {}, and no \"listen\" here  →  {}{}", assign(pool.place, "max", "1"),
        assign(pool.target_place, "database", fmt::format("\"{}\"", *input.fleet.databases[database].name)),
        of(then, known.usable),
        then > known.steady_limit && known.allocated <= known.steady_limit
            ? fmt::format(", more than the policy allows: also {}", more_connections(input, database))
            : std::string());
}

std::string to_transaction_mode(const LintInput& input, Index pooler) {
    const Pooler& it = input.fleet.poolers[pooler];
    const PoolerPlan& plan = input.plan.poolers[pooler];
    const bool loses =
        std::ranges::any_of(plan.breaks, [](const Broken& broken) { return broken.need && broken.need->loses; });
    std::string first;
    if (!plan.to_transaction)
        if (const std::string sizes = in_session_mode(input, pooler); !sizes.empty()) {
            if (loses)
                return fmt::format("{} (transaction mode would break {})", sizes,
                                   broken_by_transactions(input, pooler));
            first = sizes + "; or ";
        }
    const bool loaded = plan.load && plan.load->smallest && plan.load->silent.empty();
    const bool used = plan.used && plan.used->measured();
    std::optional<std::int64_t> size;
    if (plan.to_transaction && (plan.size || !(loaded || used)))
        size = plan.size ? std::optional(plan.size->value) : std::nullopt;
    else if (loaded)
        size = plan.load->smallest->value;
    else if (used)
        size = plan.used->enough.value.value;
    else
        size = size_that_fits(input, pooler);
    const std::string mode = assign(it.place, model::mode_key(it), "\"transaction\"");
    const std::string breaks = broken_by_transactions(input, pooler);
    std::vector<plan::Change> changes;
    if (size) changes.push_back({consumer_of(input, pooler), *size});
    const std::string beside = with_others(input, pooler, changes);
    const std::string after =
        size ? fmt::format(", {}{}  →  {}", pool_size(input, pooler, *size), beside, outcome(input, changes))
             : fmt::format("{}  →  {}", beside,
                           changes.empty() ? of(facts(input, it.database).allocated, facts(input, it.database).usable)
                                           : outcome(input, changes));
    return fmt::format("{}{}{}{}{}{}", first, mode, after, stands_on(input, pooler, size),
                       breaks.empty() ? "" : "; it breaks ", breaks);
}

std::string capped(const LintInput& input, const SessionPooler& session) {
    const auto size = size_that_fits(input, session.pooler);
    if (!size) return {};
    const Pooler& pooler = input.fleet.poolers[session.pooler];
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer_of(input, session.pooler));
    const Connections fit = plan::steady_at(slope, *size);
    const std::int64_t processes = std::max<std::int64_t>(1, pooler.instances->high);
    const std::string reserve =
        *pooler.reserve_pool_size > 0 ? fmt::format(" and {} in reserve", *pooler.reserve_pool_size) : std::string();
    return fmt::format(
        "{} = {}{}, {} each for {}, fits but only moves the queue: {}{} clients wait "
        "until others disconnect",
        model::size_key(pooler), *size, reserve, unit::print(Connections(fit.value / processes)),
        count(processes, "process", "processes"), session.at_least ? "at least " : "",
        unit::print(session.clients - fit));
}

}  // namespace poolfit::lint
