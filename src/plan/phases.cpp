// The plan in phases: what stands in the way first, then gain over risk.
#include <algorithm>

#include <iterator>
#include <set>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/platform/platform.hpp>

#include "phase_parts.hpp"
#include "pooler_size.hpp"
#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

/// All servers that the fleet's pools end at.
std::vector<Index> servers(const Strategy& strategy) {
    std::vector<Index> all;
    for (const StrategyDatabase& server : strategy.databases) all.push_back(server.database);
    return all;
}

/// A deploy of each service whose pools change, or go through a pooler from then on.
Downtime deploys(const Fleet& fleet, const Plan& plan, const Strategy& strategy) {
    const std::vector<Index> changed = changed_services(fleet, strategy, plan);
    std::set<Index> services(changed.begin(), changed.end());
    for (const Point& change : strategy.changes)
        if (change.kind == Point::Kind::add_pooler)
            for (const Index pool : change.pools) services.insert(fleet.pools[pool].service);
    Downtime downtime;
    for (const Index s : services)
        if (fleet.services[s].deploy == Deploy::recreate) downtime.services.push_back(s);
    downtime.kind = Downtime::Kind::deploys;
    return downtime;
}

/// What a strategy's action has, whatever it does.
Action carry_out(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at,
                 Action::Kind kind) {
    const Strategy& strategy = strategies[at];
    Action action;
    action.kind = kind;
    action.strategy = at;
    action.databases = servers(strategy);
    for (std::size_t i = 0; i < strategy.changes.size(); ++i) {
        const Point& change = strategy.changes[i];
        if (change.kind == Point::Kind::resize_pooler && with_class(fleet, plan, change.pooler)) continue;
        action.steps.push_back(step(Step::Kind::change));
        action.steps.back().change = i;
    }
    action.risk = strategy.risk;
    return action;
}

/// Where each driver shows requests that wait, each once.
void watch_drivers(const Fleet& fleet, std::vector<Sign>& watch) {
    std::set<const DriverDefault*> said;
    for (const Pool& pool : fleet.pools) {
        const DriverDefault* driver = pool.driver_default;
        if (driver == nullptr || driver->metrics.empty() || !said.insert(driver).second) continue;
        const bool counts = driver->counts_waiting != DriverDefault::Known::no;
        watch.push_back(sign(counts ? Sign::Kind::waiting : Sign::Kind::counts_no_waiting));
        watch.back().driver = driver;
        watch.back().database = model::database_of(fleet, pool);
    }
}

Action pools_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at) {
    const Strategy& strategy = strategies[at];
    const bool adds_pooler = strategy.work.kind == Work::Kind::hop;
    Action action = carry_out(fleet, plan, strategies, at, adds_pooler ? Action::Kind::pooler : Action::Kind::pools);
    action.steps.push_back(step(Step::Kind::staging));
    action.saves_per_year = strategy.saves_per_year;
    action.gain = Action::Gain::limits;
    if (strategy.before && strategy.after) {
        const Connections fewer = strategy.before->value - strategy.after->value;
        action.gain = fewer.value > 0   ? Action::Gain::fewer
                      : fewer.value < 0 ? Action::Gain::more
                                        : Action::Gain::as_many;
        action.connections = fewer.value >= 0 ? fewer : Connections(-fewer.value);
    }
    action.downtime = deploys(fleet, plan, strategy);
    for (const StrategyDatabase& server : strategy.databases) {
        if (!server.after) continue;
        Sign& most = action.watch.emplace_back(sign(Sign::Kind::server_connections_most));
        most.database = server.database;
        most.most = server.after->value;
        most.deploy = server.deploy_after ? server.deploy_after->value : most.most;
    }
    watch_drivers(fleet, action.watch);
    for (const Sign::Kind kind : {Sign::Kind::in_all, Sign::Kind::no_timeout, Sign::Kind::latency_as_before})
        action.success.push_back(sign(kind));
    return action;
}

/// Not where all that changes comes with another class.
bool has_change(const Action& action) {
    return std::ranges::any_of(action.steps, [](const Step& step) { return step.kind == Step::Kind::change; });
}

bool ended_by(const Recommendation& r, WayOut::Kind kind) { return !r.ways.empty() && r.ways.front().kind == kind; }

/// Servers whose plan stands on other pool sizes while no strategy that brings them is recommended, since they do not
/// fit somewhere else: those of a primary and its replicas that carry them.
std::vector<Index> own_way(const Fleet& fleet, const Plan& plan) {
    std::vector<Index> all;
    for (Index primary = 0; primary < fleet.databases.size(); ++primary) {
        if (fleet.databases[primary].replica_of) continue;
        std::vector<Index> group{primary};
        const auto& replicas = plan.topology.replicas[primary];
        group.insert(group.end(), replicas.begin(), replicas.end());
        for (const Index i : group) {
            const DatabasePlan& mine = plan.databases[i];
            if (mine.recommendation.verdict == Verdict::unknown || !mine.after.allocated) continue;
            if (mine.recommendation.summary.kind == Summary::Kind::smaller_pooler) continue;  // beside today's pools
            const bool over = std::ranges::any_of(mine.chosen.checks, [](const Check& check) {
                return check.standing == Standing::over && check.dimension <= Dimension::connections_deploy;
            });
            const bool change = std::ranges::any_of(plan.topology.pools[i], [&](Index p) {
                return changes(plan.pools[p].declared, plan.pools[p].advice.size);
            });
            if (change && (!over || ended_by(mine.recommendation, WayOut::Kind::pools))) all.push_back(i);
        }
    }
    return all;
}

/// The sizes of the plan on some servers alone.
Action pools_of(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at,
                const std::vector<Index>& servers) {
    std::vector<char> is_here(fleet.databases.size(), 0);
    for (const Index i : servers) is_here[i] = 1;
    const auto here = [&](Index database) { return is_here[database] != 0; };
    std::vector<Strategy> parts(1, strategies[at]);
    Strategy& part = parts.front();
    std::erase_if(part.databases, [&](const StrategyDatabase& server) { return !here(server.database); });
    part.before.reset();
    part.after.reset();
    Connections before(0), after(0);
    for (const StrategyDatabase& server : part.databases) {
        before += least_steady(plan.databases[server.database].demand);
        after += least_steady(plan.databases[server.database].after);
    }
    part.before = {before, {}};
    part.after = {after, {}};
    std::erase_if(part.pools,
                  [&](const StrategyPool& pool) { return !here(model::database_of(fleet, fleet.pools[pool.pool])); });
    Action action = pools_action(fleet, plan, parts, 0);
    action.strategy = at;
    std::erase_if(action.steps, [&](const Step& step) {
        if (step.kind != Step::Kind::change) return false;
        const Point& change = part.changes[step.change];
        if (change.kind == Point::Kind::resize_pooler) return !here(fleet.poolers[change.pooler].database);
        return change.pools.empty() || !here(model::database_of(fleet, fleet.pools[change.pools.front()]));
    });
    std::erase_if(action.success, [](const Sign& sign) { return sign.kind == Sign::Kind::in_all; });
    return action;
}

Action measure_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at) {
    Action action = carry_out(fleet, plan, strategies, at, Action::Kind::measure);
    action.gain = Action::Gain::measured_sizes;
    action.downtime = deploys(fleet, plan, strategies[at]);
    for (std::size_t i = 0; i < strategies[at].decides.size(); ++i) {
        action.watch.push_back(sign(Sign::Kind::decision));
        action.watch.back().decides = i;
    }
    action.success.push_back(sign(Sign::Kind::inventory_complete));
    return action;
}

/// Does a limit of the server force a pooler's size? That comes before another class.
bool forced_pooler(const Plan& plan, const DatabasePlan& database) {
    const auto index = static_cast<Index>(&database - plan.databases.data());
    return std::ranges::any_of(plan.topology.poolers[index], [&](Index i) {
        return plan.poolers[i].size && plan.poolers[i].basis == PoolerPlan::Basis::limit;
    });
}

/// No class could be judged: for want of an input, or since none passes.
bool lacks_class(const Recommendation& r) {
    return r.verdict == Verdict::unknown || (r.verdict == Verdict::over && (r.ways.empty() || !r.missing.empty()));
}

/// Does the recommended strategy change the pooler?
bool carried_out(const std::vector<Strategy>& strategies, Index pooler) {
    const auto chosen = std::ranges::find_if(strategies, &Strategy::recommended);
    return chosen != strategies.end() && std::ranges::any_of(chosen->changes, [&](const Point& change) {
               return change.kind == Point::Kind::resize_pooler && change.pooler == pooler;
           });
}

/// Another max_connections, fewer instances, a smaller pooler, or another mode.
Action outage_action(const Plan& plan, Index index, const WayOut& way) {
    Action action;
    action.kind = Action::Kind::limit;
    action.gain = Action::Gain::ends_outage;
    action.databases = {index};
    action.connections = way.steady;
    action.usable = way.usable;
    Step::Kind kind = Step::Kind::smaller_pooler;
    if (way.kind == WayOut::Kind::limit) {
        kind = Step::Kind::raise_limit;
        action.risk = Risk::medium;
        action.downtime.kind = Downtime::Kind::restart;
    } else if (way.kind == WayOut::Kind::instances) {
        kind = Step::Kind::fewer_instances;
        action.risk = Risk::medium;
    } else if (way.kind == WayOut::Kind::pooler_mode) {
        kind = Step::Kind::pooler_mode;
        action.risk = Risk::medium;
    }
    Step change = step(kind);
    change.database = index;
    change.limit = way.to;
    change.most = way.most;
    change.service = way.service;
    change.pooler = way.pooler;
    change.count = way.count;
    if (way.poolers.empty()) action.steps.push_back(change);
    for (const WayOut::PoolerCount& each : way.poolers) {
        change.pooler = each.pooler;
        change.count = each.count;
        action.steps.push_back(change);
    }
    if (way.kind == WayOut::Kind::limit) {
        action.steps.push_back(step(Step::Kind::ask_limit));
        action.steps.back().database = index;
    }
    Sign& most = action.watch.emplace_back(sign(Sign::Kind::server_connections_most));
    most.database = index;
    most.most = way.steady;
    most.deploy = std::max(way.steady, least_deploy(plan.databases[index].after));
    action.success.push_back(sign(Sign::Kind::nothing_refused));
    return action;
}

/// Raises max_client_conn: a reload, at no cost.
std::optional<Action> clients_action(const Fleet& fleet, const Plan& plan, Index process) {
    const auto& clients = plan.poolers[process].clients;
    if (!clients || !clients->enough) return std::nullopt;
    Action action;
    action.kind = Action::Kind::limit;
    action.gain = Action::Gain::takes_clients;
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        if (model::process_of(fleet, i) == process &&
            std::ranges::find(action.databases, fleet.poolers[i].database) == action.databases.end())
            action.databases.push_back(fleet.poolers[i].database);
    Step& raise = action.steps.emplace_back(step(Step::Kind::client_limit));
    raise.database = action.databases.front();
    raise.pooler = process;
    raise.count = clients->enough->value;
    action.success.push_back(sign(Sign::Kind::nothing_refused));
    return action;
}

/// Clients come in first, but not to a server that has no room for them.
bool lets_in_first(const Plan& plan, const Action& action) {
    return std::ranges::none_of(action.databases, [&](Index i) {
        const auto& outages = plan.databases[i].recommendation.outages;
        return std::ranges::any_of(outages,
                                   [](const Outage& outage) { return outage.kind != Outage::Kind::pooler_clients; });
    });
}

/// A verdict that lacks an input: what to find out.
Action missing_action(const Plan& plan, Index index) {
    Action action;
    action.kind = Action::Kind::measure;
    action.gain = Action::Gain::judged_class;
    action.databases = {index};
    for (const MissingInput& input : plan.databases[index].recommendation.missing) {
        Step& write = action.steps.emplace_back(step(Step::Kind::write));
        write.database = index;
        write.missing = input;
    }
    if (action.steps.empty()) {
        action.steps.push_back(step(Step::Kind::look));
        action.steps.back().database = index;
    }
    action.success.push_back(sign(Sign::Kind::verdict));
    return action;
}

}  // namespace

Step step(Step::Kind kind) {
    Step result;
    result.kind = kind;
    return result;
}

Sign sign(Sign::Kind kind) {
    Sign result;
    result.kind = kind;
    return result;
}

std::vector<Action> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies) {
    std::vector<Action> before, instances, after;
    const std::vector<Index> order = instance_order(fleet, plan);
    const bool blocked = std::any_of(order.begin(), order.end(), [&](Index i) { return pools_first(plan, i); });
    // Over a limit today, and the pools alone cure it.
    const bool urgent = std::any_of(plan.databases.begin(), plan.databases.end(), [&](const DatabasePlan& d) {
        const Recommendation& r = d.recommendation;
        if (r.verdict == Verdict::over)
            return ended_by(r, WayOut::Kind::pools) || ended_by(r, WayOut::Kind::strategy) ||
                   ended_by(r, WayOut::Kind::pooler_mode) || ended_by(r, WayOut::Kind::pooler_share) ||
                   forced_pooler(plan, d);
        return r.verdict == Verdict::repool && d.now.checks.any_over();
    });
    std::vector<Action> outages, clients;
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        if (auto action = clients_action(fleet, plan, i))
            (lets_in_first(plan, *action) ? outages : clients).push_back(std::move(*action));
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        // The first is the plan's; the others are to choose from.
        const Recommendation& r = plan.databases[i].recommendation;
        for (const WayOut::Kind kind : {WayOut::Kind::limit, WayOut::Kind::instances})
            if (ended_by(r, kind)) outages.push_back(outage_action(plan, i, r.ways.front()));
        if (ended_by(r, WayOut::Kind::strategy) && r.max_connections) {  // the strategy needs it
            WayOut limit = r.ways.front();
            limit.kind = WayOut::Kind::limit;
            outages.push_back(outage_action(plan, i, limit));
        }
        if ((ended_by(r, WayOut::Kind::pooler_mode) || ended_by(r, WayOut::Kind::pooler_share)) &&
            !carried_out(strategies, r.ways.front().pooler))
            outages.push_back(outage_action(plan, i, r.ways.front()));
    }
    for (const Index i : order) instances.push_back(instance_action(fleet, plan, i));
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (lacks_class(plan.databases[i].recommendation) && fleet.databases[i].platform->has_classes &&
            (plan.databases[i].recommendation.verdict != Verdict::over ||
             !plan.databases[i].recommendation.missing.empty()))
            after.push_back(missing_action(plan, i));
    const auto chosen =
        std::find_if(strategies.begin(), strategies.end(), [](const Strategy& s) { return s.recommended; });
    if (chosen != strategies.end() && !chosen->changes.empty()) {
        const auto at = static_cast<std::size_t>(chosen - strategies.begin());
        if (chosen->role == Strategy::Role::measures)
            after.push_back(measure_action(fleet, plan, strategies, at));
        else if (Action pools = pools_action(fleet, plan, strategies, at); has_change(pools))
            (blocked || urgent ? before : after).push_back(std::move(pools));
    }
    const bool resizes = chosen != strategies.end() && chosen->role != Strategy::Role::measures;
    const std::vector<Index> alone = resizes || strategies.empty() ? std::vector<Index>{} : own_way(fleet, plan);
    if (!alone.empty()) {
        const auto base = std::ranges::find(strategies, Strategy::Role::base, &Strategy::role);
        before.push_back(pools_of(fleet, plan, strategies, static_cast<std::size_t>(base - strategies.begin()), alone));
    }
    before.insert(before.end(), std::make_move_iterator(clients.begin()), std::make_move_iterator(clients.end()));
    before.insert(before.begin(), std::make_move_iterator(outages.begin()), std::make_move_iterator(outages.end()));
    before.insert(before.end(), std::make_move_iterator(instances.begin()), std::make_move_iterator(instances.end()));
    before.insert(before.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    for (Action& action : before) action.rollback = rollback(fleet, plan, strategies, action);
    return before;
}

std::string_view name(Action::Kind kind) {
    constexpr std::string_view names[] = {"instance", "pools", "pooler", "measure", "limit"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace poolfit::plan
