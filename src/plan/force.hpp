// Sizes that servers' limits force.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// As Fleet::pools: the size of a pool that cannot get its advised size, because its server, on the recommended class,
/// would be over the policy's shares, or another one over its limit after a failover. Nothing where the advised size
/// stands, and where no size that still serves is enough: then the class, or the limit, has to change. Of `plan`, the
/// topology, deploy_instances and the pools' declared sizes, free advice and load are there. `settled`, by database:
/// the advice of its pools is not free, but already what its server forces.
std::vector<std::optional<Connections>> forced_sizes(const Fleet& fleet, const Market& market, const Plan& plan,
                                                     const Classes& on, const std::vector<char>& settled, int threads);

}  // namespace poolfit::plan
