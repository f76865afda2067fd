// A closed network: N users think, ask the pool for a connection, run on the database's m cores and then stay idle
// in transaction (an external call), all while they hold it.
//   think Z  ->  pool of c (first come first served)  ->  [ CPU: m cores  ->  external: no queue ]  -> think
// All times are exponential; cores are shared, or first come first served: that is the same here.
// Two solutions. `exact`: the Markov chain, also for the law of the wait, to 1e-9 (tests/known-answers/
// closed_pool.csv gives 10 digits). `fast`: what is inside the pool becomes one station whose speed depends on how
// many are in it (flow-equivalent server; Chandy, Herzog and Woo 1975), with an error of the throughput of at most
// 0.6 % over that table; a cost of c^2 + N.
#pragma once

#include <cstdint>
#include <vector>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct ClosedPoolInput {
    std::int64_t users = 0;
    Millis think{};  ///< mean, > 0
    Connections size{};
    std::int64_t cores = 0;
    Millis cpu{};       ///< mean CPU time per hold, >= 0
    Millis external{};  ///< mean time held without CPU, >= 0; cpu + external > 0
};

/// The bounds that no closed network exceeds, and where they cross. Source: Denning and Buzen 1978.
struct ClosedPoolBounds {
    PerSecond throughput;       ///< min(N/(Z + D), c/D, m/D_cpu), D = D_cpu + external
    double knee_of_pool = 0.0;  ///< users at which the pool, if nothing else, becomes the limit: c (Z + D)/D
    double knee_of_cpu = 0.0;   ///< the same for the cores: m (Z + D)/D_cpu; infinite without CPU time
};

struct ClosedPool {
    PerSecond throughput;
    Fraction cpu;            ///< of all cores
    Fraction pool;           ///< of all connections
    Millis mean_response{};  ///< from asking for a connection to giving it back
    Millis mean_wait{};      ///< for a connection
    double p_wait = 0.0;     ///< P(an arrival has to wait for a connection)
};

struct ClosedPoolExact {
    ClosedPool means;
    // P(an arrival still waits after k steps of a clock that ticks at random, `speed` times per ms on average).
    std::vector<double> waiting_after{};
    double speed = 0.0;
    bool has_law = true;
};

Answer<ClosedPoolBounds> closed_pool_bounds(const ClosedPoolInput& input);

/// size counts up to 3000 or the number of users, whichever is less.
Answer<ClosedPool> solve_closed_pool_fast(const ClosedPoolInput& input);

/// Needs cpu > 0 and external > 0, and users x (min(size, users) + 1)^3 <= `most_closed_work` (0.5 s). The law of
/// the wait is followed down to probabilities of 1e-15, in at most 1 s; when waits are too long for that beside the
/// shorter of the two times, `has_law` is false, and what asks for the law gets NaN.
Answer<ClosedPoolExact> solve_closed_pool(const ClosedPoolInput& input);
inline constexpr double most_closed_work = 2e8;

double p_wait_over(const ClosedPoolExact& system, Millis t);    ///< absolute error 1e-13
Millis wait_quantile(const ClosedPoolExact& system, double p);  ///< 0 <= p <= 1 - 1e-9, else NaN

}  // namespace poolfit::queue
