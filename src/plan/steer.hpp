// Which classes commitments make the plan keep or take.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Of a plan whose candidates are all known: for each database that commitments touch, the class that leaves the fleet
/// the smallest bill beside them, where that saves what the policy asks for; else today's.
Steers steer(const Fleet& fleet, const Plan& plan);
/// The same, with those servers on today's classes whose change would save nothing after all, and without schedules and
/// capacity that follows the load where those save too little.
Steers hold_losses(const Fleet& fleet, const Plan& plan, Steers steers);
/// What the plan pays, today and after, beside commitments: `plan.committed`; and what that says of its
/// recommendations.
void settle_commitments(const Fleet& fleet, Plan& plan, const std::vector<Index>& counted, Recorder recorder);

}  // namespace poolfit::plan
