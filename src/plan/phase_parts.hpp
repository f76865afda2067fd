// What the actions are made with.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/plan/action.hpp>

namespace poolfit::plan {

/// One database moved to another class.
Action instance_action(const Fleet& fleet, const Plan& plan, Index database);
/// Today's pools, in a deploy, are more than the new class allows: the pools have to change first.
bool pools_first(const Plan& plan, Index database);
/// Databases that change their class, in the order to do so.
std::vector<Index> instance_order(const Fleet& fleet, const Plan& plan);

/// A strategy of `strategies`, carried out on some servers.
Action pools_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at,
                    const std::vector<Index>& servers);
/// Not where all that changes comes with another class.
bool has_change(const Action& action);
/// A strategy that measures first.
Action measure_action(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies, std::size_t at);

/// Another max_connections, fewer instances, a smaller pooler, or another mode.
Action outage_action(const Plan& plan, Index database, const WayOut& way);
/// Another max_connections, where the recommendation has one.
Action limit_action(const Plan& plan, Index database);
/// Raises max_client_conn: a reload, at no cost. Nothing where `process` refuses none.
std::optional<Action> clients_action(const Fleet& fleet, const Plan& plan, Index process);

Step step(Step::Kind kind);
Sign sign(Sign::Kind kind);

}  // namespace poolfit::plan
