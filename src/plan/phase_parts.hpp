// What the actions are made with.
#pragma once

#include <poolfit/plan/action.hpp>

namespace poolfit::plan {

/// One database moved to another class.
Action instance_action(const Fleet& fleet, const Plan& plan, Index database);
/// Today's pools, in a deploy, are more than the new class allows: the pools have to change first.
bool pools_first(const Plan& plan, Index database);
/// Databases that change their class, in the order to do so.
std::vector<Index> instance_order(const Fleet& fleet, const Plan& plan);

Step step(Step::Kind kind);
Sign sign(Sign::Kind kind);

}  // namespace poolfit::plan
