// Random inventories with all that an inventory can have, seeded: as the text that a user would write.
#pragma once

#include <string>

#include "random_fleet.hpp"

namespace poolfit::test {

/// Small fleets, most of them near a limit or over it: engines and versions, servers of one's own, burstable, arm and
/// Multi-AZ classes, replicas, hosts, threads, poolers of each kind and mode, workloads, policies, prices, growth.
/// Nearly all load; one that breaks a rule of the inventory (a default that needs a host) may not.
std::string any_fleet(Generator& generator);

}  // namespace poolfit::test
