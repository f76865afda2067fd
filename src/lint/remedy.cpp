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

/// What a size may not be under: what its workload asks for, or the peak that was seen; where nothing was, a quarter of
/// today's, and two, since nobody can say that so few are enough. A runtime that serves one request at a time is the
/// exception.
std::int64_t lowest(const LintInput& input, Index index, std::int64_t now) {
    const Pool& pool = input.fleet.pools[index];
    const auto& load = input.plan.loads[index];
    if (load && load->size) return input.plan.pools[index].size->value.value;
    if (pool.in_use) return static_cast<std::int64_t>(std::ceil((*pool.in_use)->high - 1e-9)) + 1;
    const Runtime runtime = input.fleet.services[pool.service].runtime;
    if (runtime == Runtime::processes || runtime == Runtime::serverless)
        return 1 + (pool.workload ? *pool.workload->nested : 0);
    return std::max<std::int64_t>(2, (now + 3) / 4);
}

Slope slope(const LintInput& input, const Consumer& consumer) {
    Slope result;
    if (consumer.pool) {
        const PoolSize& size = input.plan.sizes[*consumer.pool];
        result.now = size ? std::max<std::int64_t>(1, size->value.value) : 1;
        result.steady = consumer.steady.value / result.now;
        result.deploy = consumer.deploy.value / result.now;
        result.lowest = lowest(input, *consumer.pool, result.now);
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

/// Room that is left to the consumer: under the policy in the steady state and in a deploy, and after a failover.
struct Room {
    std::int64_t steady = 0, deploy = 0, failover = 0;
};

Room room(const LintInput& input, const Consumer& consumer) {
    const DatabaseFacts& known = facts(input, consumer.database);
    const std::int64_t own = consumer.steady.value;
    Room result;
    result.steady = (known.steady_limit - known.allocated).value + own;
    result.deploy = (known.deploy_limit - known.deploy_peak + consumer.deploy).value;
    result.failover = result.steady;
    if (known.failover) result.failover = std::min(result.failover, (known.usable - known.failover->peak).value + own);
    // Where its connections go when this server fails.
    std::vector<Index> related = known.replicas;
    if (const auto& primary = input.fleet.databases[consumer.database].replica_of) related.push_back(*primary);
    for (const Index i : related) {
        const DatabaseFacts& left = facts(input, i);
        result.failover = std::min(result.failover, (left.usable - left.allocated - known.services).value + own);
    }
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

/// "94 of 100 (94 %)" with the sizes that a fix gives.
std::string outcome(const LintInput& input, Index database, const Goal& goal, Connections total) {
    const DatabaseFacts& known = facts(input, database);
    const bool at_least = goal.failover && known.failover ? known.failover->at_least : known.at_least;
    return fmt::format("{}{}", at_least ? "at least " : "", of(total, goal.usable.value_or(known.usable)));
}

std::string by_size(const LintInput& input, Index database, const Consumer& consumer, const Slope& slope,
                    std::int64_t size, const Goal& goal) {
    const DatabaseFacts& known = facts(input, database);
    const bool steady = goal.moment == Moment::steady;
    const Connections own = steady ? consumer.steady : consumer.deploy;
    const Connections now = goal.total.value_or(steady ? known.allocated : known.deploy_peak);
    const double by_percent = std::floor(slope.percent * static_cast<double>(size) + 1e-9);
    const Connections then(slope.percent > 0 ? static_cast<std::int64_t>(by_percent)
                                             : slope.base + size * (steady ? slope.steady : slope.deploy));
    std::string key = "max", value = std::to_string(size);
    if (consumer.pooler) {
        key = slope.percent > 0 ? "max_connections_percent" : "default_pool_size";
        if (slope.percent > 0) value = fmt::format("\"{}%\"", size);
    }
    return fmt::format("{}  →  {}", assign(place(input, consumer), key, value),
                       outcome(input, database, goal, now - own + std::min(own, then)));
}

/// The servers whose pools a fix may change: the one that is over, and the one whose pools come to it.
std::vector<Index> involved(const LintInput& input, Index database, const Goal& goal) {
    std::vector<Index> all{database};
    if (goal.failover) all.push_back(facts(input, database).failover->from);
    return all;
}

std::string assigned(const LintInput& input, const Consumer& consumer, std::int64_t size) {
    return fmt::format("{} for {}", unit::print(Connections(size)), target(input, consumer));
}

/// The plan's own sizes, where they are smaller and enough.
std::string by_plan(const LintInput& input, Index database, const Goal& goal) {
    const DatabaseDemand& after = input.plan.databases[database].after;
    const DatabaseFacts& known = facts(input, database);
    if (!after.allocated || !after.deploy_peak) return {};
    if (after.allocated->value > known.steady_limit || after.deploy_peak->value > known.deploy_limit) return {};
    if (goal.failover && (!after.failover_peak || after.failover_peak->value > known.usable)) return {};
    std::vector<std::string> sizes;
    for (const Index i : involved(input, database, goal)) {
        for (const Consumer& consumer : consumers(input, i, goal.moment)) {
            if (!consumer.pool) continue;
            const PoolSize &now = input.plan.sizes[*consumer.pool], &then = input.plan.pools[*consumer.pool].size;
            if (now && then && now->value != then->value) sizes.push_back(assigned(input, consumer, then->value.value));
        }
    }
    if (sizes.empty()) return {};
    const auto& total = goal.failover                   ? after.failover_peak
                        : goal.moment == Moment::steady ? after.allocated
                                                        : after.deploy_peak;
    return fmt::format("max = {}  →  {}", list(sizes), outcome(input, database, goal, total->value));
}

/// What pools of some sizes save on a server.
struct Saved {
    Index database;
    std::int64_t steady = 0, deploy = 0;
};

/// The largest few pools, each smaller by the same share: as few of them as are enough, and the least share that is.
std::string together(const LintInput& input, Index database, const Goal& goal) {
    constexpr std::size_t most_pools = 4;
    constexpr std::int64_t whole = 100, least = 25;
    std::vector<Saved> servers;
    std::vector<Consumer> pools;
    for (const Index i : involved(input, database, goal)) {
        servers.push_back({i});
        for (const Consumer& consumer : consumers(input, i, goal.moment))
            if (consumer.pool) pools.push_back(consumer);
    }
    std::ranges::stable_sort(pools, std::ranges::greater(),
                             goal.moment == Moment::steady ? &Consumer::steady : &Consumer::deploy);
    const auto enough = [&] {
        std::int64_t saved = 0;
        for (const Saved& server : servers) {
            const DatabaseFacts& known = facts(input, server.database);
            const std::int64_t deploy = known.deploy_peak.value - server.deploy;
            if (known.allocated.value - server.steady > known.steady_limit.value) return false;
            if (deploy > known.deploy_limit.value) return false;
            if (server.database == database && deploy > (known.usable - goal.free).value) return false;
            saved += server.steady;
        }
        const DatabaseFacts& known = facts(input, database);
        return !goal.failover || known.failover->peak.value - saved <= known.usable.value;
    };
    for (std::size_t count = 2; count <= std::min(most_pools, pools.size()); ++count) {
        for (std::int64_t share = whole - 1; share >= least; --share) {
            for (Saved& server : servers) server = {server.database};
            std::vector<std::string> sizes;
            std::int64_t saved = 0;
            for (std::size_t k = 0; k < count; ++k) {
                const Slope each = slope(input, pools[k]);
                const std::int64_t size = std::max(each.lowest, each.now * share / whole);
                if (size >= each.now) continue;
                Saved& server = *std::ranges::find(servers, pools[k].database, &Saved::database);
                server.steady += each.steady * (each.now - size);
                server.deploy += each.deploy * (each.now - size);
                saved += (goal.moment == Moment::steady ? each.steady : each.deploy) * (each.now - size);
                sizes.push_back(assigned(input, pools[k], size));
            }
            if (!enough()) continue;
            const DatabaseFacts& known = facts(input, database);
            const Connections now =
                goal.total.value_or(goal.moment == Moment::steady ? known.allocated : known.deploy_peak);
            return fmt::format("max = {}  →  {}", list(sizes, most_pools),
                               outcome(input, database, goal, now - Connections(saved)));
        }
    }
    return {};
}

std::string by_class(const LintInput& input, Index database, const Goal& goal) {
    const Recommendation& r = input.plan.databases[database].recommendation;
    const Database& record = input.fleet.databases[database];
    const bool carries = r.verdict == Verdict::resize || r.verdict == Verdict::upsize;
    if (!carries || !r.cls || r.cls == record.type)
        return fmt::format("{}: no reasonable size of its pools is enough",
                           goal.failover ? "readers without a fallback, or a pooler in front of both servers"
                                         : "fewer processes, or a pooler between them");
    return fmt::format("{}, with the pools of poolfit plan {}",
                       assign(record.cls.place, "class", fmt::format("\"{}\"", r.cls->name)), *record.name);
}

}  // namespace

std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal) {
    const Slope per_size = slope(input, consumer);
    Room left = room(input, consumer);
    if (goal.free.value > 0) {
        const DatabaseFacts& known = facts(input, database);
        left.deploy = std::min(left.deploy, (known.usable - goal.free - known.deploy_peak + consumer.deploy).value);
    }
    auto size = largest(per_size, left.failover, left.deploy);
    if (!size && !goal.failover) size = largest(per_size, left.steady, left.deploy);
    if (size) return by_size(input, database, consumer, per_size, *size, goal);
    if (auto text = by_plan(input, database, goal); !text.empty()) return text;
    if (auto text = together(input, database, goal); !text.empty()) return text;
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
    finding.label = arithmetic(input, *on, goal.moment);
    if (on->pool && goal.moment == Moment::deploy) {
        const Deploy deploy = input.fleet.services[input.fleet.pools[*on->pool].service].deploy;
        if (deploy == Deploy::rolling) finding.label += " while old and new pods overlap";
        if (deploy == Deploy::blue_green) finding.label += " while both sets of pods run";
    }
    if (const auto rest = others(input, database, *on, goal.moment); !rest.empty())
        finding.notes.emplace_back("beside", rest);
    if (facts(input, database).at_least)
        finding.notes.emplace_back("no limit", list(input.plan.databases[database].budget.unlimited));
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
