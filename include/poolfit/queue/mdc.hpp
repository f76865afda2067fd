// M/D/c: arrivals at random, every hold equally long. Exact.
// Source: the queue length is the maximum of a random walk with steps Poisson(a) - c (Crommelin 1932), its law by
// Spitzer's identity (1956); the wait from the queue length by Franx 2001 (doi 10.1016/S0167-6377(01)00108-0).
// The coefficients are taken by a Fourier transform of -log(1 - z^-c e^{a(z-1)}) on the circle |z| = c/a, where they
// are well scaled (Abate and Whitt 1992).
// Error: relative 1e-10 (tests/known-answers/mgc.csv gives 12 digits), for P(wait > t) down to 1e-12.
// Range: 1 <= servers <= 1000, and utilization <= 0.999, above which the transform gets too long. Cost:
// 1/(1 - utilization) steps to solve (0.8 ms at 0.95, 0.2 s at 0.999), and t c/S steps for each P(wait > t).
#pragma once

#include <vector>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

struct Mdc {
    Erlangs load;
    Millis hold;
    Connections servers;
    double p_wait = 0.0;  ///< P(an arrival has to wait)
    Millis mean_wait{};
    std::vector<double> queue_over{};  ///< P(more than n arrivals wait), n = 0, 1, ...; beyond the end it is 0
};

inline constexpr std::int64_t most_mdc_servers = 1000;
inline constexpr double most_mdc_utilization = 0.999;

Answer<Mdc> solve_mdc(Erlangs load, Millis hold, Connections servers);

double p_wait_over(const Mdc& system, Millis t);
Millis wait_quantile(const Mdc& system, double p);  ///< 0 <= p <= 1 - 1e-12, else NaN

}  // namespace poolfit::queue
