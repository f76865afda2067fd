// The actions that carry out a strategy, on some servers or on all.
#include <algorithm>
#include <set>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>

#include "phase_parts.hpp"
#include "pooler_size.hpp"
#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

/// What is of these servers, in the order of all.
template <class T>
std::vector<T> at_servers(const std::vector<Index>& servers, const std::vector<std::vector<T>>& by_server) {
    std::vector<T> all;
    for (const Index i : servers) all.insert(all.end(), by_server[i].begin(), by_server[i].end());
    std::ranges::sort(all);
    return all;
}

/// The server that a change is of; of several the first.
Index server_of(const Fleet& fleet, const Point& change) {
    if (change.kind == Point::Kind::resize_pooler) return fleet.poolers[change.pooler].database;
    if (change.pools.empty()) return change.database;
    return model::database_of(fleet, fleet.pools[change.pools.front()]);
}

}  // namespace

Carrier::Carrier(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at)
    : fleet_(fleet),
      plan_(plan),
      strategy_(strategies[at]),
      at_(at),
      changes_(fleet.databases.size()),
      changed_services_(fleet.services.size(), 0) {
    for (std::size_t i = 0; i < strategy_.changes.size(); ++i)
        changes_[server_of(fleet, strategy_.changes[i])].push_back(i);
    for (const Index i : changed_services(fleet, strategy_, plan)) changed_services_[i] = 1;
}

Action Carrier::measure() const {
    std::vector<Index> all;
    for (const StrategyDatabase& server : strategy_.databases) all.push_back(server.database);
    Action action = carry_out(Action::Kind::measure, all);
    action.gain = Action::Gain::measured_sizes;
    for (std::size_t i = 0; i < strategy_.decides.size(); ++i) {
        action.watch.push_back(sign(Sign::Kind::decision));
        action.watch.back().decides = i;
    }
    action.success.push_back(sign(Sign::Kind::inventory_complete));
    return action;
}

Action Carrier::pools(std::vector<Index> servers) const {
    std::ranges::sort(servers);
    const bool adds_pooler = strategy_.work.kind == Work::Kind::hop;
    const bool everywhere = servers.size() == strategy_.databases.size();
    std::erase_if(servers, [&](Index i) { return !strategy_.databases[i].connected(); });
    Action action = carry_out(adds_pooler ? Action::Kind::pooler : Action::Kind::pools, servers);
    action.steps.push_back(step(Step::Kind::staging));
    everywhere ? in_all(action) : in_part(action);
    action.gain = Action::Gain::limits;
    if (action.before && action.after) {
        const Connections fewer = *action.before - *action.after;
        action.gain = fewer.value > 0   ? Action::Gain::fewer
                      : fewer.value < 0 ? Action::Gain::more
                                        : Action::Gain::as_many;
        action.connections = fewer.value >= 0 ? fewer : Connections(-fewer.value);
    }
    for (const Index i : servers) {
        const StrategyDatabase& server = strategy_.databases[i];
        if (!server.after) continue;
        Sign& most = action.watch.emplace_back(sign(Sign::Kind::server_connections_most));
        most.database = i;
        most.most = server.after->value;
        most.deploy = server.deploy_after ? server.deploy_after->value : most.most;
    }
    watch_drivers(servers, action.watch);
    if (everywhere) action.success.push_back(sign(Sign::Kind::in_all));
    for (const Sign::Kind kind : {Sign::Kind::no_timeout, Sign::Kind::latency_as_before})
        action.success.push_back(sign(kind));
    return action;
}

/// What an action of it has, whatever it does.
Action Carrier::carry_out(Action::Kind kind, const std::vector<Index>& servers) const {
    Action action;
    action.kind = kind;
    action.strategy = at_;
    action.databases = servers;
    const std::vector<std::size_t> changes = at_servers(servers, changes_);
    for (const std::size_t i : changes) {
        const Point& change = strategy_.changes[i];
        if (change.kind == Point::Kind::resize_pooler && with_class(fleet_, plan_, change.pooler)) continue;
        action.steps.push_back(step(Step::Kind::change));
        action.steps.back().change = i;
    }
    action.risk = strategy_.risk;
    action.downtime = deploys(servers, changes);
    return action;
}

void Carrier::in_all(Action& action) const {
    action.saves_per_year = strategy_.saves_per_year;
    if (strategy_.before) action.before = strategy_.before->value;
    if (strategy_.after) action.after = strategy_.after->value;
}

void Carrier::in_part(Action& action) const {
    action.part = true;
    action.before = action.after = Connections(0);
    for (const Index i : action.databases) {
        *action.before += least_steady(plan_.databases[i].demand);
        *action.after += least_steady(plan_.databases[i].after);
    }
}

/// A deploy of each service whose pools change, or go through a pooler from then on.
Downtime Carrier::deploys(const std::vector<Index>& servers, const std::vector<std::size_t>& changes) const {
    std::set<Index> services;
    for (const Index i : servers)
        for (const Index p : plan_.topology.pools[i])
            if (const Index s = fleet_.pools[p].service; changed_services_[s] != 0) services.insert(s);
    for (const std::size_t i : changes)
        if (strategy_.changes[i].kind == Point::Kind::add_pooler)
            for (const Index pool : strategy_.changes[i].pools) services.insert(fleet_.pools[pool].service);
    Downtime downtime;
    for (const Index s : services)
        if (fleet_.services[s].deploy == Deploy::recreate && fleet_.services[s].deploy_place)
            downtime.services.push_back(s);
    downtime.kind = Downtime::Kind::deploys;
    return downtime;
}

/// Where each driver shows requests that wait, each once.
void Carrier::watch_drivers(const std::vector<Index>& servers, std::vector<Sign>& watch) const {
    std::set<const DriverDefault*> said;
    for (const Index i : at_servers(servers, plan_.topology.pools)) {
        const Pool& pool = fleet_.pools[i];
        const DriverDefault* driver = pool.driver_default;
        if (driver == nullptr || driver->metrics.empty() || !said.insert(driver).second) continue;
        const bool counts = driver->counts_waiting != DriverDefault::Known::no;
        watch.push_back(sign(counts ? Sign::Kind::waiting : Sign::Kind::counts_no_waiting));
        watch.back().driver = driver;
        watch.back().database = model::database_of(fleet_, pool);
    }
}

bool has_change(const Action& action) {
    return std::ranges::any_of(action.steps, [](const Step& step) { return step.kind == Step::Kind::change; });
}

}  // namespace poolfit::plan
