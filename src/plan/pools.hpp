// The size that a pool should have.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// The policy's factor on typical use.
Figure<double> buffer(const Fleet& fleet, Recorder recorder);

/// Whether a pool is raised to what its process has to hold, where today's size is less.
enum class Grow : std::uint8_t { no, yes };

PoolAdvice advise(const Fleet& fleet, Index pool, const PoolSize& declared, const PoolLoad* load, Grow grow,
                  Recorder recorder);

}  // namespace poolfit::plan
