// What a simulation of one pool was too short to see: holds of which fewer than ten were to be expected in it.
#pragma once

#include <poolfit/simulate/pool.hpp>

#include "exact.hpp"

namespace poolfit::sizing {

/// Makes the intervals of the waits wide enough for them; `busy` connections on average, of all holds.
/// See simulate::unseen.
void allow_for_unseen(simulate::PoolRun& run, const Asked& asked, Connections size, double busy);

}  // namespace poolfit::sizing
