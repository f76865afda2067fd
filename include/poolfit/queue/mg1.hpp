// M/G/1: arrivals at random, one connection, holds of any law. Nothing is estimated, so a hold that is one in a hundred
// million counts as much as it should.
// Source: Pollaczek 1930 and Khinchine 1932. P(wait > 0) = rho, mean wait = lambda E[S^2]/(2 (1 - rho)), and with R(s)
// the transform of what is left of a hold, P(wait > t) has the transform rho (1 - R(s))/(1 - rho R(s))/s, which is
// inverted by Euler's summation (Abate and Whitt 1995). Error: mean wait as exact as the moments given; P(wait > t)
// absolute 1e-6, where the law is a few lengths only 1e-4 (tests/known-answers/mgc.csv). Cost: 60 x bins for each
// P(wait > t), 25 of them for a quantile.
#pragma once

#include <vector>

#include <poolfit/queue/hold.hpp>

namespace poolfit::queue {

struct Mg1 {
    Erlangs load;
    Millis hold;  ///< mean
    double p_wait = 0.0;
    Millis mean_wait{};
    std::vector<HoldBin> law{};  ///< weights sum to 1; its mean is `hold`
};

/// load < 1, else `Unstable`. `exact` are the moments of the law, `law` the law or bins that follow it; they are
/// stretched to the exact mean.
Answer<Mg1> solve_mg1(Erlangs load, const HoldMoments& exact, const HistogramHold& law);

double p_wait_over(const Mg1& system, Millis t);    ///< 1 for t < 0
Millis wait_quantile(const Mg1& system, double p);  ///< 0 <= p <= 0.99999, else NaN; relative error 1e-6

}  // namespace poolfit::queue
