// The actions that end an outage, but for sizes and classes.
#include <algorithm>

#include <poolfit/model/pooler.hpp>
#include <poolfit/plan/fit.hpp>

#include "phase_parts.hpp"
#include "strategy_parts.hpp"

namespace poolfit::plan {

Action outage_action(const Fleet& fleet, const Plan& plan, Index index, const WayOut& way) {
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
        if (fleet.databases[index].platform->limit_needs_restart) action.downtime.kind = Downtime::Kind::restart;
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

Action limit_action(const Fleet& fleet, const Plan& plan, Index index) {
    const DatabasePlan& mine = plan.databases[index];
    WayOut way;
    way.kind = WayOut::Kind::limit;
    way.to = *mine.recommendation.max_connections;
    if (const auto& most = mine.budget.limits.max_expected) way.most = most->value.low;
    way.steady = least_steady(mine.after);
    way.usable = way.to - mine.budget.limits.reserved.value;
    Action action = outage_action(fleet, plan, index, way);
    // Alone it does not end the outage; the action says so where it does.
    action.gain = Action::Gain::starts;
    const auto over = [&](Dimension dimension, const std::optional<Figure<Connections>>& most) {
        if (!most || action.gain == Action::Gain::makes_room || most->value <= allowed(mine, dimension)) return;
        action.gain = Action::Gain::makes_room;
        action.dimension = dimension;
        action.connections = most->value;
    };
    over(Dimension::connections_steady, mine.after.allocated);
    over(Dimension::connections_deploy, mine.after.deploy_peak);
    over(Dimension::connections_failover, mine.after.failover_peak);
    return action;
}

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

bool clients_need_sizes(const Fleet& fleet, const Plan& plan, Index process) {
    const auto holds = [&](Index pooler) {
        return model::process_of(fleet, pooler) == process && fleet.poolers[pooler].mode == Pooler::Mode::session;
    };
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        if (holds(i) && (plan.poolers[i].size || plan.poolers[i].to_transaction)) return true;
    for (Index i = 0; i < fleet.pools.size(); ++i)
        if (fleet.pools[i].pooler && holds(*fleet.pools[i].pooler) &&
            changes(plan.pools[i].declared, plan.pools[i].recommended()))
            return true;
    return false;
}

bool servers_have_room(const Fleet& fleet, const Plan& plan, Index process) {
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (model::process_of(fleet, i) != process) continue;
        const auto& outages = plan.databases[fleet.poolers[i].database].recommendation.outages;
        if (std::ranges::any_of(outages,
                                [](const Outage& outage) { return outage.kind != Outage::Kind::pooler_clients; }))
            return false;
    }
    return true;
}

}  // namespace poolfit::plan
