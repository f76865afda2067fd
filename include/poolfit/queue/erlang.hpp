// Erlang's two formulas. `load` is arrivals per hold time (a = lambda S), `servers` is the number of connections.
//   B = (a^c/c!) / sum_{k<=c} a^k/k!        C = c B / (c - a + a B)
// Source: Erlang 1917; in the form of a Poisson probability over a distribution function, whose sums hold positive
// terms only, and whose logarithm is taken by Loader's saddle-point form (Loader 2000, "Fast and accurate
// computation of binomial probabilities"). Cost grows with sqrt(servers).
// Error, against 60-digit tables (tests/known-answers/erlang.csv): relative 1e-13 x (1 + |ln of the answer|), up to
// a million servers and a utilization of 0.999999.
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

/// P(an arrival finds every connection busy) when such arrivals leave at once: M/G/c/c, any law of the hold. Any
/// load; 0 servers block always.
Answer<Probability> erlang_b(Erlangs load, Connections servers);

/// P(an arrival has to wait) when arrivals wait as long as it takes: M/M/c. load < servers, else `Unstable`.
Answer<Probability> erlang_c(Erlangs load, Connections servers);

}  // namespace poolfit::queue
