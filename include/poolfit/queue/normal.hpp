// The normal distribution.
#pragma once

namespace poolfit::queue {

double normal_below(double z);     ///< Phi(z)
double normal_quantile(double p);  ///< the inverse of Phi, 0 < p < 1

}  // namespace poolfit::queue
