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

/// One strategy, on some servers.
class Part {
public:
    Part(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at,
         const std::vector<Index>& servers)
        : fleet_(fleet), plan_(plan), strategy_(strategies[at]), at_(at), is_here_(fleet.databases.size(), 0) {
        for (const Index i : servers) is_here_[i] = 1;
    }

    Action measure() const {
        Action action = carry_out(Action::Kind::measure);
        action.gain = Action::Gain::measured_sizes;
        action.downtime = deploys();
        for (std::size_t i = 0; i < strategy_.decides.size(); ++i) {
            action.watch.push_back(sign(Sign::Kind::decision));
            action.watch.back().decides = i;
        }
        action.success.push_back(sign(Sign::Kind::inventory_complete));
        return action;
    }

    Action pools() const {
        const bool adds_pooler = strategy_.work.kind == Work::Kind::hop;
        Action action = carry_out(adds_pooler ? Action::Kind::pooler : Action::Kind::pools);
        action.steps.push_back(step(Step::Kind::staging));
        totals(action);
        action.gain = Action::Gain::limits;
        if (action.before && action.after) {
            const Connections fewer = *action.before - *action.after;
            action.gain = fewer.value > 0   ? Action::Gain::fewer
                          : fewer.value < 0 ? Action::Gain::more
                                            : Action::Gain::as_many;
            action.connections = fewer.value >= 0 ? fewer : Connections(-fewer.value);
        }
        action.downtime = deploys();
        for (const StrategyDatabase& server : strategy_.databases) {
            if (!server.after || !here(server.database)) continue;
            Sign& most = action.watch.emplace_back(sign(Sign::Kind::server_connections_most));
            most.database = server.database;
            most.most = server.after->value;
            most.deploy = server.deploy_after ? server.deploy_after->value : most.most;
        }
        watch_drivers(action.watch);
        if (everywhere()) action.success.push_back(sign(Sign::Kind::in_all));
        for (const Sign::Kind kind : {Sign::Kind::no_timeout, Sign::Kind::latency_as_before})
            action.success.push_back(sign(kind));
        return action;
    }

private:
    bool here(Index database) const { return is_here_[database] != 0; }
    bool here(const Point& change) const {
        if (change.kind == Point::Kind::resize_pooler) return here(fleet_.poolers[change.pooler].database);
        if (change.pools.empty()) return here(change.database);
        return here(model::database_of(fleet_, fleet_.pools[change.pools.front()]));
    }
    bool everywhere() const {
        return std::ranges::all_of(strategy_.databases,
                                   [&](const StrategyDatabase& server) { return here(server.database); });
    }

    /// What an action of it has, whatever it does.
    Action carry_out(Action::Kind kind) const {
        Action action;
        action.kind = kind;
        action.strategy = at_;
        for (const StrategyDatabase& server : strategy_.databases)
            if (here(server.database)) action.databases.push_back(server.database);
        for (std::size_t i = 0; i < strategy_.changes.size(); ++i) {
            const Point& change = strategy_.changes[i];
            if (!here(change)) continue;
            if (change.kind == Point::Kind::resize_pooler && with_class(fleet_, plan_, change.pooler)) continue;
            action.steps.push_back(step(Step::Kind::change));
            action.steps.back().change = i;
        }
        action.risk = strategy_.risk;
        return action;
    }

    void totals(Action& action) const {
        if (everywhere()) {
            action.saves_per_year = strategy_.saves_per_year;
            if (strategy_.before) action.before = strategy_.before->value;
            if (strategy_.after) action.after = strategy_.after->value;
            return;
        }
        action.part = true;
        action.before = action.after = Connections(0);
        for (const Index i : action.databases) {
            *action.before += least_steady(plan_.databases[i].demand);
            *action.after += least_steady(plan_.databases[i].after);
        }
    }

    /// A deploy of each service whose pools change, or go through a pooler from then on.
    Downtime deploys() const {
        std::set<Index> services;
        for (const Index s : changed_services(fleet_, strategy_, plan_))
            if (std::ranges::any_of(fleet_.services[s].pools,
                                    [&](Index p) { return here(model::database_of(fleet_, fleet_.pools[p])); }))
                services.insert(s);
        for (const Point& change : strategy_.changes)
            if (change.kind == Point::Kind::add_pooler && here(change))
                for (const Index pool : change.pools) services.insert(fleet_.pools[pool].service);
        Downtime downtime;
        for (const Index s : services)
            if (fleet_.services[s].deploy == Deploy::recreate) downtime.services.push_back(s);
        downtime.kind = Downtime::Kind::deploys;
        return downtime;
    }

    /// Where each driver shows requests that wait, each once.
    void watch_drivers(std::vector<Sign>& watch) const {
        std::set<const DriverDefault*> said;
        for (const Pool& pool : fleet_.pools) {
            const DriverDefault* driver = pool.driver_default;
            const Index database = model::database_of(fleet_, pool);
            if (driver == nullptr || driver->metrics.empty() || !here(database) || !said.insert(driver).second)
                continue;
            const bool counts = driver->counts_waiting != DriverDefault::Known::no;
            watch.push_back(sign(counts ? Sign::Kind::waiting : Sign::Kind::counts_no_waiting));
            watch.back().driver = driver;
            watch.back().database = database;
        }
    }

    const Fleet& fleet_;
    const Plan& plan_;
    const Strategy& strategy_;
    std::size_t at_;
    std::vector<char> is_here_;
};

}  // namespace

Action pools_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at,
                    const std::vector<Index>& servers) {
    return Part(fleet, plan, strategies, at, servers).pools();
}

Action measure_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at) {
    std::vector<Index> all;
    for (const StrategyDatabase& server : strategies[at].databases) all.push_back(server.database);
    return Part(fleet, plan, strategies, at, all).measure();
}

bool has_change(const Action& action) {
    return std::ranges::any_of(action.steps, [](const Step& step) { return step.kind == Step::Kind::change; });
}

}  // namespace poolfit::plan
