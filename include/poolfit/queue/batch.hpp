// M^X/M/c: requests come in batches at random; their number is geometric (1, 2, 3, ... each more unlikely by the same
// factor), holds are exponential. Exact. A peak factor is another kind of burst: it is a larger load (`peak_load`).
// Source: balance across the cut between n and n + 1 in the system (Chaudhry and Templeton 1983): with q = 1 - 1/m
// and s_n = sum_{k<n} p_k q^(n-1-k), p_n min(n, c)/S = lambda_b s_n and s_{n+1} = q s_n + p_n, which makes the wait,
// given that there is one, exponential with m S/(c - a) as its mean.
// Error: relative 1e-12. Cost: proportional to servers.
#pragma once

#include <poolfit/queue/mmc.hpp>

namespace poolfit::queue {

struct BatchMmc {
    Erlangs load;  ///< of single requests
    Millis hold;
    Connections servers;
    double mean_batch = 1.0;
    double p_wait = 0.0;  ///< P(a request has to wait)
    Millis mean_wait{};
};

/// 1 <= mean_batch <= 10^6; 1 is M/M/c. load < servers, else `Unstable`.
Answer<BatchMmc> solve_batch_mmc(Erlangs load, Millis hold, Connections servers, double mean_batch);

double p_wait_over(const BatchMmc& system, Millis t);
Millis wait_quantile(const BatchMmc& system, double p);  ///< 0 <= p < 1, else NaN

/// The load at the peak, `factor` times the mean load; 1 <= factor <= 10^4.
Answer<Erlangs> peak_load(Erlangs mean, double factor);
/// Whether a peak lasts long enough (ten relaxation times of the system at the peak) to be sized as if it lasted
/// forever.
bool is_sustained(const Mmc& at_peak, Millis lasts);

}  // namespace poolfit::queue
