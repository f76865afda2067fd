// The plan in phases: what stands in the way first, then gain over risk.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/unit/print.hpp>

#include "phase_parts.hpp"
#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

bool moves(const Fleet& fleet, const Plan& plan, Index database) {
    const Recommendation& r = plan.databases[database].recommendation;
    return r.cls != nullptr && r.cls != fleet.databases[database].type;
}

/// Dollars a year for each point of risk; a class that does not carry its load comes before any saving.
double worth(const Plan& plan, Index database) {
    const Recommendation& r = plan.databases[database].recommendation;
    if (r.verdict == Verdict::upsize) return 1e15;
    const double saves = r.saves_per_year ? usd(r.saves_per_year->value) : 0;
    return saves / (1 + static_cast<double>(r.risk));
}

/// Does the move leave the database more connections? Then a replica goes before its primary, else after it: a
/// replica may at no time have fewer than its primary.
bool grows(const Fleet& fleet, const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    return moves(fleet, plan, database) &&
           chosen_projection(mine)->limits.max_nominal.value > mine.budget.limits.max_nominal.value;
}

std::vector<Index> instance_order(const Fleet& fleet, const Plan& plan) {
    std::vector<Index> order;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (moves(fleet, plan, i)) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return worth(plan, a) > worth(plan, b); });
    // A primary that grows waits for its replicas; one that shrinks goes before them.
    for (Index p = 0; p < fleet.databases.size(); ++p) {
        if (fleet.databases[p].replica_of) continue;
        std::vector<Index> replicas;
        for (const Index i : order)
            if (fleet.databases[i].replica_of == p) replicas.push_back(i);
        const auto at = std::find(order.begin(), order.end(), p);
        if (replicas.empty() || at == order.end()) continue;
        const bool last = grows(fleet, plan, p);
        const bool touches =
            std::any_of(replicas.begin(), replicas.end(), [&](Index r) { return grows(fleet, plan, r) == last; });
        if (!touches) continue;
        order.erase(at);
        const auto mine = [&](Index i) { return fleet.databases[i].replica_of == p; };
        if (last) {
            const auto end = std::find_if(order.rbegin(), order.rend(), mine).base();
            order.insert(end, p);
        } else {
            order.insert(std::find_if(order.begin(), order.end(), mine), p);
        }
    }
    return order;
}

/// All servers that the fleet's pools end at.
std::vector<Index> servers(const Strategy& strategy) {
    std::vector<Index> all;
    for (const StrategyDatabase& server : strategy.databases) all.push_back(server.database);
    return all;
}

std::string text(const std::optional<Figure<Connections>>& figure) {
    return figure ? unit::print(figure->value) : std::string("no limit");
}

std::string deploys(const Fleet& fleet, const Strategy& strategy, const Plan& plan) {
    std::vector<std::string> gap;
    for (const Service& service : fleet.services) {
        const bool changes = std::any_of(service.pools.begin(), service.pools.end(), [&](Index p) {
            return std::any_of(strategy.pools.begin(), strategy.pools.end(), [&](const StrategyPool& pool) {
                const PoolSize& now = plan.sizes[p];
                return pool.pool == p && pool.size && (!now || now->value != pool.size->value);
            });
        });
        if (changes && service.deploy == Deploy::recreate) gap.push_back(*service.name);
    }
    if (gap.empty()) return "none: a deploy each, and the databases are not touched";
    return fmt::format(
        "a deploy each: {} stop between the old and the new instance as they always do; the databases are not touched",
        listed(gap));
}

Phase pools_phase(const Fleet& fleet, const Plan& plan, const Strategy& strategy) {
    Phase phase;
    phase.kind = strategy.name == "pooler" ? Phase::Kind::pooler : Phase::Kind::pools;
    phase.title =
        fmt::format("pools, {}: {} → {} connections", strategy.name, text(strategy.before), text(strategy.after));
    phase.databases = servers(strategy);
    phase.steps = strategy.changes;
    phase.steps.emplace_back("Try it in staging under load, then deploy one service at a time.");
    phase.effort = strategy.effort_text;
    phase.risk = strategy.risk;
    phase.risk_text = strategy.risk_text;
    phase.saves_per_year = strategy.saves_per_year;
    phase.gain = "a limit on every pool";
    if (strategy.before && strategy.after) {
        const Connections fewer = strategy.before->value - strategy.after->value;
        phase.gain = fewer.value >= 0 ? fmt::format("{} fewer ({})", unit::print(fewer), change_text(strategy))
                                      : fmt::format("room for the load: {} more ({})",
                                                    unit::print(Connections(-fewer.value)), change_text(strategy));
    }
    phase.downtime = deploys(fleet, strategy, plan);
    for (const StrategyDatabase& server : strategy.databases)
        if (server.after)
            phase.watch.push_back(
                fmt::format("DatabaseConnections of {}: at most {}{}", *fleet.databases[server.database].name,
                            unit::print(server.after->value),
                            server.deploy_after && server.deploy_after->value != server.after->value
                                ? fmt::format(", {} in a deploy", unit::print(server.deploy_after->value))
                                : std::string()));
    std::vector<std::string> said;
    for (const Pool& pool : fleet.pools) {
        const DriverDefault* driver = pool.driver_default;
        if (driver == nullptr || driver->metrics.empty()) continue;
        const bool none = driver->metrics.starts_with("NONE") || driver->metrics.starts_with("none");
        std::string line =
            none ? fmt::format(
                       "{}: it counts no waiting requests; watch latency, and busy backends in "
                       "pg_stat_activity",
                       driver->name)
                 : fmt::format("{}: no waiting requests but for moments ({})", driver->name, driver->metrics);
        if (std::find(said.begin(), said.end(), line) == said.end()) said.push_back(std::move(line));
    }
    phase.watch.insert(phase.watch.end(), said.begin(), said.end());
    phase.success.push_back(
        fmt::format("connections in all {}: {}", text(strategy.after), per_server(fleet, strategy)));
    phase.success.emplace_back("no acquire timeout, no connection refused");
    phase.success.emplace_back("p95 and p99 latency of each service no higher than the week before");
    phase.rollback = "the sizes of before and a deploy: minutes, and the databases are not touched";
    return phase;
}

Phase measure_phase(const Fleet& fleet, const Plan& plan, const Strategy& strategy) {
    Phase phase;
    phase.kind = Phase::Kind::measure;
    phase.title = "measure before changing the pools";
    phase.databases = servers(strategy);
    phase.steps = strategy.changes;
    phase.effort = strategy.effort_text;
    phase.risk_text = strategy.risk_text;
    phase.gain = "sizes that stand on measured use";
    phase.downtime = deploys(fleet, strategy, plan);
    phase.watch = strategy.decides;
    phase.success.emplace_back("in_use of every pool, and observed of every database, written into the inventory");
    phase.rollback = "nothing to go back from";
    return phase;
}

/// A verdict that lacks an input: what to find out.
Phase missing_phase(const Fleet& fleet, const Plan& plan, Index index) {
    const Recommendation& r = plan.databases[index].recommendation;
    Phase phase;
    phase.kind = Phase::Kind::measure;
    phase.title = fmt::format("{}: find out what its class can't be judged without", *fleet.databases[index].name);
    phase.databases = {index};
    for (const std::string& key : r.missing) phase.steps.push_back(fmt::format("Write {} into the inventory.", key));
    if (phase.steps.empty()) phase.steps.push_back(r.summary);
    phase.effort = "an hour, where CloudWatch has kept it";
    phase.gain = "a class that is chosen, not kept";
    phase.downtime = "none";
    phase.success.emplace_back("poolfit plan gives a verdict");
    phase.rollback = "nothing to go back from";
    return phase;
}

}  // namespace

std::vector<Phase> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies) {
    std::vector<Phase> before, instances, after;
    const std::vector<Index> order = instance_order(fleet, plan);
    const auto chosen =
        std::find_if(strategies.begin(), strategies.end(), [](const Strategy& s) { return s.recommended; });
    const bool blocked = std::any_of(order.begin(), order.end(), [&](Index i) { return pools_first(plan, i); });
    // Over a limit today, and the pools alone cure it.
    const bool urgent = std::any_of(plan.databases.begin(), plan.databases.end(), [](const DatabasePlan& d) {
        return d.recommendation.verdict == Verdict::repool &&
               std::any_of(d.now.checks.begin(), d.now.checks.end(),
                           [](const Check& check) { return check.standing == Standing::over; });
    });
    for (const Index i : order) instances.push_back(instance_phase(fleet, plan, i));
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (plan.databases[i].recommendation.verdict == Verdict::unknown)
            after.push_back(missing_phase(fleet, plan, i));
    if (chosen != strategies.end() && !chosen->changes.empty()) {
        if (chosen->name == "monitor")
            after.push_back(measure_phase(fleet, plan, *chosen));
        else
            (blocked || urgent ? before : after).push_back(pools_phase(fleet, plan, *chosen));
    }
    before.insert(before.end(), std::make_move_iterator(instances.begin()), std::make_move_iterator(instances.end()));
    before.insert(before.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    return before;
}

std::string_view name(Phase::Kind kind) {
    switch (kind) {
        case Phase::Kind::instance:
            return "instance";
        case Phase::Kind::pools:
            return "pools";
        case Phase::Kind::pooler:
            return "pooler";
        case Phase::Kind::measure:
            return "measure";
    }
    return {};
}

}  // namespace poolfit::plan
