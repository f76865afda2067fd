// Today's distance to what a row of the strategies has as a threshold.
#pragma once

#include "strategy_parts.hpp"

namespace poolfit::plan {

/// `base` is the strategy that others are compared with. One threshold, or one for each server with pools, the fullest
/// first: connections of several servers are never added up to one that is to alert.
std::vector<Threshold> thresholds(const Scene& scene, const Limit& limit, const Strategy& base);

/// The same quantity with the pools of the base strategy, where that can be said; no limit on a pool is past any
/// number.
double right_sized(const Scene& scene, Threshold::Quantity quantity, const Strategy& base);

}  // namespace poolfit::plan
