// How long a pool runs before nested checkouts lock it up forever, where arrivals are open: a Poisson stream of
// transactions, each of which holds a connection for an exponential time, then asks the same pool for one more, holds
// both for another such time, and so on; waiting transactions are served in order of their requests. This is the system
// that `system.hpp` runs, as a Markov chain.
//
// No size is safe there: the number of transactions in flight has no limit. What a size decides is how long it takes.
// A lock-up is too rare to wait for, so it is approached in steps (forward flux sampling: Allen, Warren, ten Wolde,
// Phys. Rev. Lett. 94, 018104, 2005): how often the pool is filled one connection further than usual, times the share
// of those that get one further still, and so on to the end. The steps are exact but for chance.
#pragma once

#include <cstdint>

#include <poolfit/unit/quantity.hpp>

namespace poolfit::simulate {

struct NestedPool {
    double rate = 0;      ///< transactions a second; > 0
    double hold = 0;      ///< seconds, mean, of each checkout; > 0
    int nested = 1;       ///< further connections, one after the other; >= 1
    int connections = 1;  ///< of the pool; >= 1, <= most_lock_up_connections
    std::uint64_t seed = 1;
};
inline constexpr int most_lock_up_connections = 10'000;

struct LockUp {
    double seconds = 0;     ///< mean time from an idle pool to the lock-up
    bool at_least = false;  ///< so long or longer: it is rarer than could be followed
    double error = 0;       ///< relative standard error of `seconds`; of no meaning where at_least
};

/// The same seed gives the same answer. Costs milliseconds to a tenth of a second.
LockUp time_to_lock_up(const NestedPool& pool);

}  // namespace poolfit::simulate
