// Actions of what stands beside a class: a database to delete, capacity that follows the load, a schedule.
#include <utility>

#include <poolfit/plan/action.hpp>
#include <poolfit/platform/platform.hpp>

#include "phase_parts.hpp"

namespace poolfit::plan {
namespace {

Action about(Action::Kind kind, Index database) {
    Action action;
    action.kind = kind;
    action.databases = {database};
    return action;
}

void add_step(Action& action, Step::Kind kind) {
    action.steps.push_back(step(kind));
    action.steps.back().database = action.databases.front();
}

void expect(Action& action, Sign::Kind kind) {
    action.success.push_back(sign(kind));
    action.success.back().database = action.databases.front();
}

Action removal_action(const Plan& plan, Index index) {
    const Recommendation& advice = plan.databases[index].recommendation;
    Action action = about(Action::Kind::remove, index);
    action.risk = advice.risk;
    action.saves_per_year = advice.saves_per_year;
    add_step(action, Step::Kind::ask_owner);
    if (!advice.idle->replica) add_step(action, Step::Kind::last_snapshot);
    add_step(action, Step::Kind::remove);
    add_step(action, Step::Kind::forget);
    action.downtime.kind = Downtime::Kind::gone;
    expect(action, Sign::Kind::no_instance);
    return action;
}

Action serverless_action(const Fleet& fleet, const Plan& plan, Index index) {
    const Recommendation& advice = plan.databases[index].recommendation;
    Action action = about(Action::Kind::serverless, index);
    action.risk = advice.risk;
    action.saves_per_month = advice.serverless->saves.value.low;
    add_step(action, Step::Kind::snapshot);
    add_step(action, Step::Kind::add_capacity);
    add_step(action, Step::Kind::set_capacity);
    add_step(action, Step::Kind::watch);
    const bool reader = fleet.databases[index].replica_of.has_value();
    action.downtime.kind = reader ? Downtime::Kind::none : Downtime::Kind::failover;
    action.watch.push_back(sign(Sign::Kind::latency));
    expect(action, Sign::Kind::capacity_about);
    expect(action, Sign::Kind::nothing_refused);
    return action;
}

/// Nothing where it has no schedule; a cluster's is its primary's.
std::optional<Action> stop_action(const Plan& plan, Index index) {
    const auto& stop = plan.databases[index].recommendation.stop;
    if (!stop || stop->saves.value.value == 0) return std::nullopt;
    Action action = about(Action::Kind::stop, index);
    action.risk = Risk::low;
    action.saves_per_month = stop->saves.value;
    add_step(action, Step::Kind::schedule);
    action.downtime.kind = Downtime::Kind::by_schedule;
    expect(action, Sign::Kind::hours_on_bill);
    return action;
}

}  // namespace

std::vector<Action> removals(const Fleet& fleet, const Plan& plan) {
    std::vector<Action> all;
    for (const bool replicas : {true, false})
        for (Index i = 0; i < fleet.databases.size(); ++i)
            if (fleet.databases[i].replica_of.has_value() == replicas && plan.databases[i].recommendation.idle)
                all.push_back(removal_action(plan, i));
    return all;
}

std::vector<Action> beside_classes(const Fleet& fleet, const Plan& plan) {
    std::vector<Action> all;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (plan.databases[i].recommendation.serverless) all.push_back(serverless_action(fleet, plan, i));
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (auto action = stop_action(plan, i)) all.push_back(std::move(*action));
    return all;
}

}  // namespace poolfit::plan
