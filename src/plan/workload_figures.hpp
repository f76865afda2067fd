// The leaves of a workload: its keys, at the end that counts, with the line that each stands on.
#pragma once

#include <poolfit/assess/leaves.hpp>
#include <poolfit/plan/workload.hpp>

namespace poolfit::plan {

/// Rate and hold, or users, think and hold: what the offered load is made of, and the load itself.
Figure<Erlangs> offered_figure(const Fleet& fleet, Index pool, const sizing::Load& load, Recorder recorder);
/// Users of a closed workload.
Figure<std::int64_t> users_figure(const Fleet& fleet, Index pool, Recorder recorder);
/// The mean hold, from `hold` or from percentiles; a range where it is given as one.
Figure<Interval<Millis>> hold_figure(const Fleet& fleet, Index pool, const sizing::Load& load, Recorder recorder);
/// Of a closed workload: the think time.
Figure<Interval<Millis>> think_figure(const Fleet& fleet, Index pool, Recorder recorder);
/// Its CPU part; only where the workload says.
Figure<Interval<Millis>> cpu_figure(const Fleet& fleet, Index pool, Recorder recorder);
Figure<double> spread_figure(const Fleet& fleet, Index pool, Recorder recorder);

}  // namespace poolfit::plan
