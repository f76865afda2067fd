// ln from multiplications, additions and one division, for a double or for a vector of them, with the same bits on
// any machine. Included by files that are compiled for different instruction sets: everything here stays inside the
// file that includes it, and nothing of the standard library is instantiated.
#pragma once

#include <cstdint>

namespace poolfit::simulate {
namespace {

using Bits = std::uint64_t;

[[gnu::always_inline]] inline Bits to_bits(double x) { return __builtin_bit_cast(Bits, x); }
[[gnu::always_inline]] inline double from_bits(Bits x) { return __builtin_bit_cast(double, x); }

// ln x for positive, finite, normal x; relative error below 4e-13 (near x = 1 too: x − 1 is exact).
// x = 2^k m with m in [√½, √2); ln m = 2 artanh(s), s = (m − 1)/(m + 1), by a polynomial in s² (degree 4, Chebyshev
// nodes, error 1.1e-13).
#define POOLFIT_LN(Real, Integer)                                                                                \
    [[gnu::always_inline]] inline Real ln(Real x) {                                                              \
        const Bits root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;                                     \
        const Integer shifted = to_bits(x) + (one - root_half);                                                  \
        const Integer exponent = (shifted >> 52) | 0x4330000000000000;                                           \
        const Real k = from_bits(exponent) - (0x1p52 + 1023.0);                                                  \
        const Real m = from_bits((shifted & 0x000fffffffffffff) + root_half);                                    \
        const Real s = (m - 1.0) / (m + 1.0);                                                                    \
        const Real z = s * s;                                                                                    \
        const Real p = 0x1.5555555564f38p-1 +                                                                    \
                       z * (0x1.999998ca905e6p-2 +                                                               \
                            z * (0x1.2493243a9f665p-2 + z * (0x1.c67aaf7804112p-3 + z * 0x1.8c8f4c2bcf9dcp-3))); \
        return (s + s) + (s * z) * p + k * 0x1.62e42fefa39efp-1;                                                 \
    }
POOLFIT_LN(double, Bits)

}  // namespace
}  // namespace poolfit::simulate
