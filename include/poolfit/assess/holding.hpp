// The figures of what a process can hold of a pool: model::holding, with its derivation.
#pragma once

#include <poolfit/assess/budget.hpp>

namespace poolfit::assess {

/// What its process serves at a time; only where model::at_a_time has a number.
Term served_at_a_time(const Fleet& fleet, Index pool, Recorder recorder);
/// The ceiling; only where model::holding has one.
Figure<Connections> can_hold(const Fleet& fleet, Index pool, Recorder recorder);
/// The floor; `today` as there.
Figure<Connections> has_to_hold(const Fleet& fleet, Index pool, const PoolSize& today, Recorder recorder);

}  // namespace poolfit::assess
