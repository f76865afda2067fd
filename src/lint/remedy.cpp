// The fix of a database whose connections are over a limit, computed from the same figures as the limit.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "connections.hpp"
#include "finding.hpp"

namespace poolfit::lint {
namespace {

/// "94 of 100 (94 %)" with the sizes that a fix gives.
std::string outcome(const LintInput& input, Index database, const Goal& goal, Connections total) {
    const DatabaseFacts& known = facts(input, database);
    const bool at_least = goal.failover && known.failover ? known.failover->at_least : known.at_least;
    return fmt::format("{}{}", at_least ? "at least " : "", of(total, known.usable));
}

/// What the finding is about, today.
Connections today(const LintInput& input, Index database, const Goal& goal) {
    const DatabaseFacts& known = facts(input, database);
    return goal.failover ? known.failover->peak : goal.moment == Moment::steady ? known.allocated : known.deploy_peak;
}

std::string by_size(const LintInput& input, Index database, const Consumer& consumer, const plan::Slope& slope,
                    std::int64_t size, const Goal& goal) {
    const bool steady = goal.moment == Moment::steady;
    const Connections own = steady ? consumer.steady : consumer.deploy;
    const Connections then = steady ? plan::steady_at(slope, size) : plan::deploy_at(slope, size);
    std::string key = "max", value = std::to_string(size);
    if (consumer.pooler) {
        key = slope.percent > 0 ? "max_connections_percent" : "default_pool_size";
        if (slope.percent > 0) value = fmt::format("\"{}%\"", size);
    }
    return fmt::format("{}  →  {}", assign(place(input, consumer), key, value),
                       outcome(input, database, goal, today(input, database, goal) - own + std::min(own, then)));
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
            const PoolSize &now = input.plan.pools[*consumer.pool].declared,
                           &then = input.plan.pools[*consumer.pool].advice.size;
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
                const plan::Slope each = plan::slope(input.fleet, input.plan, pools[k]);
                const std::int64_t size = std::max(each.least, each.now * share / whole);
                if (size >= each.now) continue;
                Saved& server = *std::ranges::find(servers, pools[k].database, &Saved::database);
                server.steady += each.steady * (each.now - size);
                server.deploy += each.deploy * (each.now - size);
                saved += (goal.moment == Moment::steady ? each.steady : each.deploy) * (each.now - size);
                sizes.push_back(assigned(input, pools[k], size));
            }
            if (!enough()) continue;
            return fmt::format("max = {}  →  {}", list(sizes, most_pools),
                               outcome(input, database, goal, today(input, database, goal) - Connections(saved)));
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

/// What makes a pool's connections more during a deploy.
std::string_view meanwhile(const LintInput& input, const Consumer& consumer, Moment moment) {
    if (!consumer.pool || moment != Moment::deploy) return {};
    const Deploy deploy = input.fleet.services[input.fleet.pools[*consumer.pool].service].deploy;
    if (deploy == Deploy::rolling) return " while old and new pods overlap";
    return deploy == Deploy::blue_green ? " while both sets of pods run" : "";
}

}  // namespace

std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal) {
    const plan::Slope slope = plan::slope(input.fleet, input.plan, consumer);
    plan::Room left = plan::room(input.fleet, input.plan, consumer);
    if (goal.free.value > 0) {
        const DatabaseFacts& known = facts(input, database);
        left.deploy = std::min(left.deploy, known.usable - goal.free - known.deploy_peak + consumer.deploy);
    }
    auto size = plan::largest(slope, left.failover, left.deploy);
    if (!size && !goal.failover) size = plan::largest(slope, left.steady, left.deploy);
    if (size) return by_size(input, database, consumer, slope, *size, goal);
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
