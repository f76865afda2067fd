// Bounds that hold for every M/G/c, even if only mean and spread of the hold are known. Source: Brumelle 1971 below,
// Kingman 1970 above, as in Kleinrock 1976, "Queueing Systems" II, 2.3: with rho = a/c
//   mean wait >= a (1 + scv) S/(2 c^2 (1 - rho)) - (c - 1)/c (1 + scv) S/2, and 0
//   mean wait <= S/(2 (1 - rho)) (1/a + a (scv/c + (c - 1)/c^2))
// Exact as formulas; for one connection the lower one is Pollaczek's and Khinchine's mean itself.
#pragma once

#include <poolfit/queue/answer.hpp>
#include <poolfit/unit/interval.hpp>

namespace poolfit::queue {

/// load < servers, else `Unstable`; scv is variance/mean^2 of the hold, 0..10^12.
Answer<Interval<Millis>> mean_wait_bounds(Erlangs load, Millis hold, double scv, Connections servers);

}  // namespace poolfit::queue
