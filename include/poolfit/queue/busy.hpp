// How many are busy at once, where nothing limits them: M/G/infinity, whose number is Poisson whatever the law of
// the hold. Source: Palm 1938; Takacs 1962. The number of requests in flight, of threads that hold a connection.
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

/// P(more than n are busy) <= p for the returned n and no smaller one; 1e-9 <= p < 1. Absolute error of the
/// probability 1e-12.
Answer<Connections> busy_quantile(Erlangs load, double p);

}  // namespace poolfit::queue
