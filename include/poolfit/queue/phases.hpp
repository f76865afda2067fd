// The shape of a hold time as a sequence of exponential phases: what makes spread other than cv = 1 solvable.
#pragma once

#include <array>
#include <cstddef>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

inline constexpr std::size_t most_phases = 16;

/// A hold starts in this phase with probability `start`, stays for an exponential time of mean 1/rate mean holds,
/// then goes on to the next phase in the list with probability `onward`, else it ends.
struct Phase {
    double start = 0.0;
    double rate = 1.0;
    double onward = 0.0;
};

/// The mean is 1: the rates are per mean hold. `count` phases are in use.
struct PhaseLaw {
    std::array<Phase, most_phases> phase{};
    std::size_t count = 0;
};

/// A law with this squared coefficient of variation, variance/mean^2; 1/16 <= scv <= 10^4.
///   scv = 1: exponential; scv > 1: two-phase hyperexponential with balanced means;
///   scv < 1: a mixture of k - 1 and k phases of one rate, 1/k <= scv (scv = 1/k is Erlang-k).
/// Source: Tijms 2003, "A First Course in Stochastic Models", B.2. The two moments are met exactly (1e-14); nothing
/// else about the true law is.
Answer<PhaseLaw> fit_phases(double scv);

double mean(const PhaseLaw& law);  ///< 1, up to rounding, for the laws made here
double scv(const PhaseLaw& law);
/// E[e^{x hold}] with the hold in mean holds; infinite where it does not exist.
double transform(const PhaseLaw& law, double x);

/// The rate, per mean hold, at which P(wait > t) falls in the end for M/PH/c: the x > 0 with
/// a/(a + x) E[e^{x hold/c}] = 1. Source: Takahashi 1981. NaN unless load < servers. Relative error 1e-12.
double wait_decay(const PhaseLaw& law, Erlangs load, Connections servers);
/// The same for M/D/c.
double wait_decay_constant(Erlangs load, Connections servers);

}  // namespace poolfit::queue
