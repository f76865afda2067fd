// The sizes of the chosen strategy: what the plan says to configure, and what pools then open and wait.
#pragma once

#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit::plan {

/// Inputs for waits: the recommended classes, and the loads of right-sized pools.
struct Loaded {
    const Classes& classes;
    const PoolLoads& loads;
    Sizer& sizer;
};

/// Fills PoolPlan::taken, and `after` and `load` of pools and `after` of poolers, where the strategy's sizes are not
/// the plan's own; nothing else changes.
void take_sizes(const Fleet& fleet, Plan& plan, const Strategy& strategy, const Loaded& loaded, Recorder recorder);
/// Final adjustments to poolers, once classes and sizes are settled: pools beside which smaller poolers end an outage
/// stay as they are; max_client_conn; what follows max_connections, on the recommended class.
void settle_poolers(const Fleet& fleet, Plan& plan, Recorder recorder);

}  // namespace poolfit::plan
