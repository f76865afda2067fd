// The discrete Fourier transform, in place.
#pragma once

#include <complex>
#include <vector>

namespace poolfit::queue {

using Complex = std::complex<double>;

/// x_m becomes sum_j x_j e^{+-2 pi i j m / n}; `sign` is the sign of the exponent, n = x.size() a power of 2. No
/// division by n.
void transform(std::vector<Complex>& x, int sign);

/// e^z - 1 without cancellation near 0.
Complex complex_expm1(Complex z);

}  // namespace poolfit::queue
