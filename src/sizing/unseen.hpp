// What a simulation was too short to see: holds so long and so rare that fewer than ten were to be expected in it.
// Their load is known, and from it what they can do to the waits at most, nearly.
#pragma once

#include <poolfit/simulate/pool.hpp>

#include "exact.hpp"

namespace poolfit::sizing {

/// Makes the intervals of the waits wide enough for them; `busy` connections on the mean, of all holds.
///
/// So many of the unseen holds are there at once as a Poisson number says, whose mean is their share of `busy`. With k
/// of them the others have k connections less, and wait as M/M/(c - k) does (closed: M/M/(c - k)//(N - k)); where that
/// is too few the queue grows as long as they last, and for 1/(c - load) of that time after. A bound where they are
/// long, as what is rare in a long run is; and next to nothing in a pool that can spare a connection.
void allow_for_unseen(simulate::PoolRun& run, const Asked& asked, Connections size, double busy);

}  // namespace poolfit::sizing
