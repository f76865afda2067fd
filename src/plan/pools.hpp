// The size that a pool should have.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// The policy's factor on typical use.
Figure<double> buffer(const Fleet& fleet, Recorder recorder);

PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load, Recorder recorder);

}  // namespace poolfit::plan
