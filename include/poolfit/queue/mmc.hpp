// M/M/c: arrivals at random (Poisson), exponential hold times, c connections, nobody gives up, first come first
// served. "Wait" is from asking for a connection to having it, over all arrivals, those that need not wait
// included; "response" is wait plus hold.
// Source: Erlang 1917; P(W > t) = C e^{-(c-a) t/S}. Error: that of Erlang's C (erlang.hpp) and, near saturation,
// the rounding of the given load times 1/(1 - utilization).
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct Mmc {
    Erlangs load;
    Millis hold;  ///< mean
    Connections servers;
    Probability wait;  ///< P(an arrival has to wait), Erlang's C
};

/// load < servers, else `Unstable`. hold within the room's limits.
Answer<Mmc> solve_mmc(Erlangs load, Millis hold, Connections servers);

Fraction utilization(const Mmc& system);
double p_wait(const Mmc& system);
double p_wait_over(const Mmc& system, Millis t);  ///< P(wait > t); for t < 0 it is 1
double ln_p_wait_over(const Mmc& system, Millis t);
Millis mean_wait(const Mmc& system);
double mean_waiting(const Mmc& system);  ///< mean number of arrivals that are waiting

/// The time that a share p of all arrivals wait no longer than: 0 <= p < 1, else NaN.
Millis wait_quantile(const Mmc& system, double p);

double p_response_over(const Mmc& system, Millis t);
Millis response_quantile(const Mmc& system, double p);  ///< 0 <= p < 1, else NaN; relative error 1e-12

/// The time scale on which the queue forgets its past, S / (c (1 - sqrt(a/c))^2). A peak that lasts ten of them may be
/// sized as if it lasted forever. Source: Abate and Whitt 1988 (relaxation time of M/M/1, c times as fast).
Millis relaxation_time(const Mmc& system);

}  // namespace poolfit::queue
