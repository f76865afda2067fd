// Pool sizes, and the load that a pool may have, for waits to stay within goals. Exact searches over the exact
// models (mmc.hpp, timeout.hpp, finite_source.hpp): every goal is met by the size returned and by no smaller one.
#pragma once

#include <cstdint>
#include <optional>

#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/timeout.hpp>

namespace poolfit::queue {

/// A share `p` of all arrivals, at most, may wait longer than `t`: 0 < p <= 1, t >= 0.
struct WaitGoal {
    Millis t;
    double p = 0.0;
};

/// Every given goal has to hold; with none given, stable is enough.
struct Goals {
    std::optional<WaitGoal> wait;
    std::optional<Millis> mean_wait;      ///< >= 0; 0 needs a mean wait that rounds to 0
    std::optional<Fraction> utilization;  ///< > 0; above 1 it asks nothing
};

bool meets(const Mmc& system, const Goals& goals);
bool meets(const FiniteSource& system, const Goals& goals);

/// The smallest M/M/c that meets the goals. Load below `most_servers`; `BadInput` "goals" when so many would not do.
Answer<Mmc> smallest_mmc(Erlangs load, Millis hold, const Goals& goals);

/// The smallest M/M/c with this acquire timeout at which a share p of the arrivals, at most, gives up; 0 < p <= 1.
Answer<MmcTimeout> smallest_mmc_timeout(Erlangs load, Millis hold, Millis timeout, double p);

/// The smallest pool for these users. With a size of one per user nobody waits, so only a goal for the utilization
/// can ask for more.
Answer<FiniteSource> smallest_pool(std::int64_t users, Millis think, Millis hold, const Goals& goals);

/// The largest arrival rate that M/M/c carries within the goals; relative error 1e-12. With no goals it is the
/// rate at which the pool saturates, which is itself one too many.
Answer<PerSecond> largest_rate(Connections servers, Millis hold, const Goals& goals);

/// The longest mean hold with which M/M/c carries this rate within the goals: how short the hold has to become for
/// the pool to do. Relative error 1e-12.
Answer<Millis> longest_hold(Connections servers, PerSecond rate, const Goals& goals);

/// The most users that a closed pool serves within the goals; at least one. `BadInput` "goals" when one is too many.
Answer<std::int64_t> most_users_served(Connections servers, Millis think, Millis hold, const Goals& goals);

}  // namespace poolfit::queue
