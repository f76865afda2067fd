// The size that a pool should have.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Busy connections of one process at the most, as far as it was seen; 0 where it was not.
std::int64_t observed_peak(const Pool& pool);

/// The policy's factor on typical use.
Figure<double> buffer(const Fleet& fleet, Recorder recorder);

PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load, Recorder recorder);

}  // namespace poolfit::plan
