// What the run of a system was too short to see of each service's holds.
#pragma once

#include <memory>
#include <vector>

#include <poolfit/simulate/system.hpp>

#include "system_report.hpp"

namespace poolfit::simulate {

/// Widens the intervals of the waits by it, and says of how much of the load it is. Where it is more than what was seen
/// of a wait, the interval has no end.
void allow_for_unseen(SystemRun& run, const Prepared& prepared, const Runs& runs);

}  // namespace poolfit::simulate
