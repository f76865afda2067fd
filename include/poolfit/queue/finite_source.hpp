// M/M/c//N, the closed single pool: N users (or workers) who think, ask for a connection, hold it, and think again.
// No one requests two at a time, so the queue is never longer than N - c and every load is stable.
// Exact for exponential holds, and for think times of any law with the given mean.
// Source: machine repair model (Palm 1947; Sztrik 2012, "Basic Queueing Theory", ch. 3). An arrival sees the system
// with one user less (Sevcik and Mitrani 1981); with n = N - 1 - c and y = c Z/S its wait is
//   P(wait > t) = P(wait > 0) P(Poisson(y + c t/S) <= n) / P(Poisson(y) <= n).
// Error: relative 1e-11 against 40-digit tables (tests/known-answers/finite_source.csv). Cost: sqrt(N).
#pragma once

#include <cstdint>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct FiniteSource {
    std::int64_t users = 0;
    Millis think;  ///< mean
    Millis hold;   ///< mean
    Connections servers;
    Probability wait{};       ///< P(an arrival has to wait)
    double p_all_busy = 0.0;  ///< share of time
    PerSecond throughput{};
    Fraction utilization{};
    Millis mean_wait{};
    Millis mean_response{};  ///< wait + hold
};

/// think >= 0: 0 is users who ask again at once.
Answer<FiniteSource> solve_finite_source(std::int64_t users, Millis think, Millis hold, Connections servers);

double p_wait_over(const FiniteSource& system, Millis t);
double ln_p_wait_over(const FiniteSource& system, Millis t);
Millis wait_quantile(const FiniteSource& system, double p);  ///< 0 <= p < 1, else NaN

/// Users at which the pool starts to be the limit: c (Z + S)/S. Source: asymptotic bounds (Denning and Buzen 1978).
double knee_users(const FiniteSource& system);

}  // namespace poolfit::queue
