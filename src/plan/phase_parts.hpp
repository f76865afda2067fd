// What phases are made with.
#pragma once

#include <string>
#include <vector>

#include <poolfit/plan/action.hpp>

namespace poolfit::plan {

/// One database moved to another class.
Phase instance_phase(const Fleet& fleet, const Plan& plan, Index database);
/// Today's pools, in a deploy, are more than the new class allows: the pools have to change first.
bool pools_first(const Plan& plan, Index database);
const Projection* chosen_projection(const DatabasePlan& plan);

}  // namespace poolfit::plan
