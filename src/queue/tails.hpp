// Poisson and binomial probabilities and distribution functions in logarithms, without cancellation: Loader's
// saddle-point form for a single probability, sums of positive falling terms for the rest. Absolute error of a
// logarithm: about 2e-15 + 2e-16 x its size.
#pragma once

#include <poolfit/queue/normal.hpp>

namespace poolfit::queue {

/// n ln(n/x) + x - n, never negative; n >= 0, x > 0.
double deviance(double n, double x);

double ln_poisson(double n, double x);      ///< P(Poisson(x) = n); whole n >= 0, x >= 0
double ln_poisson_cdf(double n, double x);  ///< P(Poisson(x) <= n)

/// sum_{j>=1} x^j / ((n+1)...(n+j)) = P(Poisson > n) / P(Poisson = n); for x <= n + 1, else slow.
double sum_above(double n, double x);
/// sum_{j>=0} n (n-1)...(n-j+1) / x^j = P(Poisson <= n) / P(Poisson = n); for x >= n, else it may overflow.
double sum_below(double n, double x);

double ln_blocking(double n, double x);  ///< ln Erlang B, n servers and load x >= 0: ln_poisson - ln_poisson_cdf

/// P(X < n) / P(X = n), as a logarithm, X the number of m sources that are on when each is on with odds r;
/// whole 0 <= n <= m, r > 0. For n = 0 it is -infinity.
double ln_binomial_head(double n, double m, double r);

double normal_density(double z);

double mean_expm1(double x);    ///< (1 - e^-x)/x, 1 at 0
double second_expm1(double x);  ///< (1 - e^-x (1+x))/x^2, 1/2 at 0

}  // namespace poolfit::queue
