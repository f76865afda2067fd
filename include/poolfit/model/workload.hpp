// What a workload's keys mean together.
#pragma once

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

/// The hold is given as hold_p50 with hold_p95, hold_p99 or both: they say more than `hold` and `cv`, and win.
inline bool has_percentiles(const Workload& w) { return w.hold_p50 && (w.hold_p95 || w.hold_p99); }

}  // namespace poolfit::model
