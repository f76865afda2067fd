// What a run was too short to see: holds so long and so rare that it drew few of them, or hardly ever as many at a time
// as it takes to fill a pool. Their load is known from the law, and from it what they do to the waits, at most, nearly.
#pragma once

#include <cstdint>
#include <limits>

#include <poolfit/simulate/estimate.hpp>
#include <poolfit/simulate/histogram.hpp>

namespace poolfit::simulate {

/// A pool, and what is asked of it without the long holds. Any unit of time.
struct SteadyPool {
    std::int64_t connections = 1;
    std::int64_t users = 0;  ///< 0: open
    double think = 0;        ///< closed
    double load = 0;         ///< erlangs, of an open pool; of a closed one, if none waited
    double hold = 1;         ///< mean
    double scv = 1;          ///< squared coefficient of variation of the hold
    double wait = 0;         ///< mean, as the run saw it
};

/// The holds that it hardly saw.
struct LongHolds {
    double there = 0;   ///< how many at a time on average, if none waited
    double length = 0;  ///< of one that is found at a moment, from its beginning to its end
};

/// What they add, at most, nearly: to the share that waits (or waits longer than any given time), and to the mean wait.
struct Unseen {
    double share = 0;
    double wait = 0;
};

/// The number of them present at once is Poisson. With k of them the others have k connections less, and
/// wait as M/M/(c - k) does (closed: M/M/(c - k)//(N - k)), by their spread longer; where that is too few the queue
/// grows as long as they last, and takes as long to drain as the connections that are left then say. A bound where they
/// are long, as what is rare in a long run is; and next to nothing in a pool that can spare a connection.
/// Of `from` to `to` of them at a time.
Unseen unseen(const SteadyPool& pool, const LongHolds& holds, std::int64_t from = 1,
              std::int64_t to = std::numeric_limits<std::int64_t>::max());

/// Connections that such holds have to take from an open pool until its queue grows; from a closed one: all.
std::int64_t that_fill(const SteadyPool& pool);
/// The chance that at least `least` of them are there at once.
double chance_of(const LongHolds& holds, std::int64_t least);

/// Figures of a queue, and what they were counted from.
struct Waits {
    Estimate &mean, &probability, &over, &p50, &p95, &p99;
    const Histogram& waits;
    double timeout = never;
};
/// Makes their intervals wide enough.
void widen(const Waits& waits, const Unseen& by);

}  // namespace poolfit::simulate
