// A primary and its replicas, as one choice of classes.
#pragma once

#include <cstdint>
#include <utility>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Does a replica's primary alone stand against a class that is cheaper, or against today's?
bool held_up(const DatabasePlan& plan);
/// How many of them have no class that is known to fit, then what all of them cost a month, in micro-USD.
std::pair<int, std::int64_t> whole(const Plan& plan, Index primary);

}  // namespace poolfit::plan
