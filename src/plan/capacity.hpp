// What capacity that follows the load takes and costs.
#pragma once

#include <optional>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Of a database without a class, or of one whose platform also has such capacity and whose mean CPU is known; nothing
/// for others. `plan` is complete but for this.
std::optional<CapacityUse> capacity_use(const Fleet& fleet, const Plan& plan, Index database, Recorder r);

}  // namespace poolfit::plan
