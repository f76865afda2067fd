#include "fourier.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

namespace poolfit::queue {

void transform(std::vector<Complex>& x, int sign) {
    const std::size_t n = x.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) {  // bit-reversed order
        std::size_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(x[i], x[j]);
    }
    const double circle = sign * 2.0 * 3.14159265358979323846;
    std::vector<Complex> roots(n / 2);
    for (std::size_t k = 0; k < n / 2; ++k) {
        const double angle = circle * static_cast<double>(k) / static_cast<double>(n);
        roots[k] = {std::cos(angle), std::sin(angle)};
    }
    for (std::size_t half = 1; half < n; half *= 2) {
        const std::size_t stride = n / (2 * half);
        for (std::size_t start = 0; start < n; start += 2 * half) {
            for (std::size_t k = 0; k < half; ++k) {
                const Complex root = roots[k * stride];
                const Complex high = x[start + k + half];
                const Complex turned(high.real() * root.real() - high.imag() * root.imag(),
                                     high.real() * root.imag() + high.imag() * root.real());
                x[start + k + half] = x[start + k] - turned;
                x[start + k] += turned;
            }
        }
    }
}

Complex complex_expm1(Complex z) {
    const double grown = std::expm1(z.real());
    const double half_sine = std::sin(0.5 * z.imag());
    return {grown * std::cos(z.imag()) - 2.0 * half_sine * half_sine, (grown + 1.0) * std::sin(z.imag())};
}

}  // namespace poolfit::queue
