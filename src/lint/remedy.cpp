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
        key = slope.percent > 0 ? "max_connections_percent" : "default_pool_size";
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
std::string by_plan(const LintInput& input, Index database, const Goal& goal) {
    const DatabaseDemand& after = input.plan.databases[database].after;
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
    return total ? fmt::format("max = {}  →  {}", list(sizes), outcome(input, database, goal, *total)) : std::string();
}

/// The largest few pools of the servers involved, each smaller by the same share.
class Together {
public:
    Together(const LintInput& input, Index database, const Goal& goal)
        : input_(input), database_(database), goal_(goal) {
        for (const Index i : involved(input, database, goal)) {
            servers_.push_back({i, 0, 0});
            for (const Consumer& consumer : consumers(input, i, goal.moment))
                if (consumer.pool) pools_.push_back(consumer);
        }
        const auto size = goal.moment == Moment::steady ? &Consumer::steady : &Consumer::deploy;
        std::ranges::stable_sort(pools_, std::ranges::greater(), size);
        if (pools_.size() > most_pools) pools_.resize(most_pools);
        for (const Consumer& pool : pools_) slopes_.push_back(plan::slope(input.fleet, input.plan, pool));
    }

    /// As few of them as are enough, and the least share that is.
    std::string remedy() {
        for (std::size_t count = 2; count <= pools_.size(); ++count) {
            for (std::int64_t share = whole - 1; share >= least; --share) {
                const std::vector<plan::Change> changes = at(count, share);
                if (!enough()) continue;
                const auto total = settled(input_, database_, goal_, changes);
                if (!total) break;
                std::vector<std::string> sizes;
                for (const plan::Change& change : changes) sizes.push_back(assigned(input_, change));
                return fmt::format("max = {}  →  {}", list(sizes, most_pools),
                                   outcome(input_, database_, goal_, *total));
            }
        }
        return {};
    }

private:
    static constexpr std::size_t most_pools = 4;
    static constexpr std::int64_t whole = 100, least = 25;

    /// What pools of some sizes save on a server.
    struct Saved {
        Index database;
        std::int64_t steady = 0, deploy = 0;
    };

    /// The first few at a share of their size; fills in what that saves.
    std::vector<plan::Change> at(std::size_t count, std::int64_t share) {
        for (Saved& server : servers_) server = {server.database, 0, 0};
        std::vector<plan::Change> changes;
        for (std::size_t k = 0; k < count; ++k) {
            const plan::Slope& each = slopes_[k];
            const std::int64_t size = std::max(each.least, each.now * share / whole);
            if (size >= each.now) continue;
            Saved& server = *std::ranges::find(servers_, pools_[k].database, &Saved::database);
            server.steady += each.steady * (each.now - size);
            server.deploy += each.deploy * (each.now - size);
            changes.push_back({pools_[k], size});
        }
        return changes;
    }

    bool enough() const {
        const DatabaseFacts& mine = facts(input_, database_);
        for (const Saved& server : servers_) {
            const DatabaseFacts& known = facts(input_, server.database);
            const std::int64_t deploy = known.deploy_peak.value - server.deploy;
            if (known.allocated.value - server.steady > known.steady_limit.value) return false;
            if (deploy > known.deploy_limit.value) return false;
            if (server.database == database_) {
                if (deploy > (known.usable - goal_.free).value) return false;
            } else if (after_loss(input_, database_, server.database).value - servers_.front().steady - server.steady >
                       mine.usable.value) {
                return false;
            }
        }
        return true;
    }

    const LintInput& input_;
    Index database_;
    const Goal& goal_;
    std::vector<Saved> servers_;  ///< the database first
    std::vector<Consumer> pools_;
    std::vector<plan::Slope> slopes_;
};

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
    const auto most = [&](Connections steady) {
        return by_size(input, database, consumer, slope, plan::largest(slope, steady, left.deploy), goal);
    };
    if (auto text = most(left.failover); !text.empty()) return text;
    if (!goal.failover)
        if (auto text = most(left.steady); !text.empty()) return text;
    if (auto text = by_plan(input, database, goal); !text.empty()) return text;
    if (auto text = Together(input, database, goal).remedy(); !text.empty()) return text;
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
