#include "facts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::lint {
namespace {

Connections limit(const DatabasePlan& plan, Dimension dimension) {
    const Check* check = plan.now.find(dimension);
    return Connections(check && check->limit ? static_cast<std::int64_t>(std::floor(*check->limit)) : 0);
}

/// What a pooler may open on its server.
Consumer pooler_consumer(const LintInput& input, Index index) {
    const Pooler& pooler = input.fleet.poolers[index];
    const std::string name = fmt::format("pooler.{}.server_connections", *pooler.name);
    const Connections steady = figure(input, name).value_or(Connections(0));
    return {{}, index, pooler.database, steady, figure(input, name + "_deploy").value_or(steady)};
}

void add_up(const LintInput& input, Index index, DatabaseFacts& facts) {
    const DatabasePlan& plan = input.plan.databases[index];
    const Connections other = *input.fleet.databases[index].other_connections;
    facts.usable = plan.budget.limits.usable.value;
    facts.steady_limit = limit(plan, Dimension::connections_steady);
    facts.deploy_limit = limit(plan, Dimension::connections_deploy);
    facts.deploy = facts.steady;
    std::ranges::stable_sort(facts.steady, std::ranges::greater(), &Consumer::steady);
    std::ranges::stable_sort(facts.deploy, std::ranges::greater(), &Consumer::deploy);
    facts.allocated = facts.deploy_peak = other;
    for (const Consumer& consumer : facts.steady) {
        facts.allocated += consumer.steady;
        facts.deploy_peak += consumer.deploy;
    }
    const DatabaseDemand& demand = plan.budget.demand;
    facts.at_least = !demand.allocated || !demand.deploy_peak;
    if (!facts.at_least) {
        facts.allocated = demand.allocated->value;
        facts.deploy_peak = demand.deploy_peak->value;
    }
    facts.services = facts.allocated - other;
}

/// One server fails at a time: a replica's pools go to its primary, a primary's to the replica that is promoted.
void lose(Facts& facts, Index from, Index onto) {
    const DatabaseFacts& lost = facts.databases[from];
    DatabaseFacts& left = facts.databases[onto];
    const Connections peak = left.allocated + lost.services;
    if (left.failover && left.failover->peak >= peak) return;
    left.failover = Failover{from, peak, left.at_least || lost.at_least};
}

}  // namespace

Facts collect(const LintInput& input) {
    const Fleet& fleet = input.fleet;
    Facts facts;
    facts.databases.resize(fleet.databases.size());
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const auto& database = fleet.pools[i].database;
        const PoolDemand& demand = input.plan.now.pools[i];
        if (!database || !demand.allocated || !demand.deploy_peak) continue;
        facts.databases[*database].steady.push_back(
            {i, {}, *database, demand.allocated->value, demand.deploy_peak->value});
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        facts.databases[fleet.poolers[i].database].steady.push_back(pooler_consumer(input, i));
    for (Index i = 0; i < fleet.databases.size(); ++i) add_up(input, i, facts.databases[i]);
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const auto& primary = fleet.databases[i].replica_of;
        if (!primary) continue;
        facts.databases[*primary].replicas.push_back(i);
        lose(facts, i, *primary);
        lose(facts, *primary, i);
    }
    return facts;
}

const DatabaseFacts& facts(const LintInput& input, Index database) { return input.facts->databases[database]; }

std::optional<Connections> figure(const LintInput& input, const std::string& name) {
    const auto id = input.plan.ledger.find(name);
    if (!id) return std::nullopt;
    return Connections(static_cast<std::int64_t>(std::llround(input.plan.ledger[*id].value.value.high)));
}

std::string sum(Connections total, bool at_least) {
    return fmt::format("{}{}", at_least ? "at least " : "", unit::print(total));
}

}  // namespace poolfit::lint
