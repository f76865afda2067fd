// M/PH/c: arrivals at random, holds made of exponential phases (phases.hpp). Exact for that law.
// Source: quasi-birth-death process (Neuts 1981), the matrix G of the saturated levels by logarithmic reduction
// (Latouche and Ramaswami 1993); the wait from the queue length by the distributional form of Little's law (Keilson
// and Servi 1988), which gives, with T = C0 + lambda G (C0: phase changes while all connections are busy),
//   P(wait > t) = beta e^{T t} 1,   mean wait = beta (-T)^-1 1,   beta = pi_c (I + lambda (-T)^-1).
// Error: relative 1e-10 (tests/known-answers/mgc.csv gives 12 digits), growing as 1/(1 - utilization).
// Range: at most `most_phase_states` ways to spread c holds over the phases, choose(c + phases - 1, phases - 1):
// two phases up to c = 149, three to 15, four to 7. Utilization <= 0.9999. Cost: 0.06 ms at 10 states, 9 ms at 50,
// 110 ms at 100, 0.4 s at 150; each P(wait > t) costs t/S x c x states^2.
#pragma once

#include <vector>

#include <poolfit/queue/phases.hpp>

namespace poolfit::queue {

struct Mphc {
    Erlangs load;
    Millis hold;
    Connections servers;
    double p_wait = 0.0;  ///< P(an arrival has to wait)
    Millis mean_wait{};
    // For the functions below: beta, and I + T/speed, row after row, with no negative entry.
    std::vector<double> start{};
    std::vector<double> step{};
    double speed = 0.0;  ///< per mean hold
};

inline constexpr std::size_t most_phase_states = 150;

/// A law made by fit_phases, or any other of mean 1 whose phases are all reached.
Answer<Mphc> solve_mphc(Erlangs load, Millis hold, const PhaseLaw& law, Connections servers);

double p_wait_over(const Mphc& system, Millis t);
Millis wait_quantile(const Mphc& system, double p);  ///< 0 <= p < 1, else NaN

}  // namespace poolfit::queue
