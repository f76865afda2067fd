// M/M/c with an acquire timeout: an arrival that has waited `timeout` gives up and leaves. Every load has an answer,
// even one that saturates the pool: the arrivals that give up keep the queue finite. "Wait" counts all arrivals; those
// that give up have waited the whole timeout. Source: Baccelli and Hebuterne 1981 (M/M/c+D):
//   1/p = 1/B(c-1, a) + lambda [(1 - e^{-d T})/d + e^{-d T}/(c mu)],   d = c mu - lambda,
//   P(timeout) = lambda p e^{-d T}/(c mu),   P(wait > t) = lambda p [(e^{-d t} - e^{-d T})/d + e^{-d T}/(c mu)].
// Error: relative 1e-12 against 50-digit tables (tests/known-answers/mmc_timeout.csv). Probabilities below 1e-300
// come out as 0.
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct MmcTimeout {
    Erlangs load;  ///< asked for, by all arrivals
    Millis hold;   ///< mean
    Connections servers;
    Millis timeout;
    double p_wait = 0.0;     ///< P(an arrival finds every connection busy)
    double p_timeout = 0.0;  ///< P(an arrival gives up)
    PerSecond throughput{};  ///< of those who get a connection
    Fraction utilization{};
    Millis mean_wait{};
    double scale = 0.0;  ///< what the functions below share: lambda p, times e^{-d T} when d < 0
};

/// timeout >= 0; 0 means that no arrival waits (Erlang B).
Answer<MmcTimeout> solve_mmc_timeout(Erlangs load, Millis hold, Connections servers, Millis timeout);

double p_wait_over(const MmcTimeout& system, Millis t);
/// 0 <= p < 1, else NaN. It is the timeout itself when at least a share 1 - p gives up.
Millis wait_quantile(const MmcTimeout& system, double p);

}  // namespace poolfit::queue
