// The same fleet under another load.
#pragma once

#include <poolfit/model/fleet.hpp>

namespace poolfit::model {

inline constexpr double least_scale = 1e-3, most_scale = 1e3;

/// Every workload's rate and users times `factor` (least_scale to most_scale). Users stay whole: rounded, at least 1
/// and at most 10^7; a rate, at most 10^9 a second. Sizes, instances, and what was observed stay as they are.
void scale_load(Fleet& fleet, double factor);

}  // namespace poolfit::model
