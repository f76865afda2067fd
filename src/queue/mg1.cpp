#include <poolfit/queue/mg1.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "checks.hpp"

namespace poolfit::queue {
namespace {

using Complex = std::complex<double>;

constexpr double rarest = 1e-5;
// Euler's summation: so many terms, then the binomial mean of so many more sums. The error of the method is e^-A.
constexpr int terms = 40, averaged = 12;
constexpr double A = 18.4;

Complex power(Complex s) {  // e^-s
    const double size = std::exp(-s.real());
    return {size * std::cos(s.imag()), -size * std::sin(s.imag())};
}

Complex times(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

Complex over(Complex a, Complex b) {
    const double size = b.real() * b.real() + b.imag() * b.imag();
    const Complex product = times(a, std::conj(b));
    return {product.real() / size, product.imag() / size};
}

/// (1 - E[e^-sX])/s for X even from c - d to c + d.
Complex left_of(double c, double d, Complex s) {
    const double length = std::abs(s) * (c + d);
    if (length < 0.03) {  // by moments: the difference from 1 would be lost
        const double cc = c * c, dd = d * d;
        const double m2 = cc + dd / 3.0, m3 = c * (cc + dd), m4 = cc * cc + 2.0 * cc * dd + dd * dd / 5.0;
        const Complex third = m3 / 6.0 - s * (m4 / 24.0);
        return c - times(s, m2 / 2.0 - times(s, third));
    }
    if (s.real() * (c - d) > 40.0) return over(1.0, s);
    const Complex x = s * d;
    Complex even;  // sinh(x)/x e^-sc
    if (std::abs(x) < 0.2) {
        const Complex xx = times(x, x);
        even = times(power(s * c), 1.0 + times(xx, 1.0 / 6.0 + times(xx, 1.0 / 120.0 + xx / 5040.0)));
    } else {
        even = over(power(s * (c - d)) - power(s * (c + d)), 2.0 * x);
    }
    return over(1.0 - even, s);
}

Complex transform(const Mg1& system, Complex s) {
    Complex left{};
    for (const HoldBin& bin : system.law) {
        if (bin.weight == 0.0) continue;
        const double low = bin.low.value, high = bin.high.value;
        left += bin.weight * left_of(0.5 * (low + high), 0.5 * (high - low), s);
    }
    const Complex r = left / system.hold.value;
    const double rho = system.load.value;
    return over(over(rho * (1.0 - r), 1.0 - rho * r), s);
}

}  // namespace

Answer<Mg1> solve_mg1(Erlangs load, const HoldMoments& exact, const HistogramHold& law) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(exact.mean)) return *bad;
    if (const auto bad = check_range(scv_input, exact.scv, 0.0, 1e12)) return *bad;
    if (law.bins.empty()) return BadInput{"histogram", Flaw::nothing_given, 0.0, 0.0};
    if (load.value >= 1.0) return unstable(load, Connections(1));
    Mg1 system{load, exact.mean, load.value, {}, law.bins};
    system.mean_wait = exact.mean * (load.value * (1.0 + exact.scv) / (2.0 * (1.0 - load.value)));
    const double stretch = exact.mean.value / moments(law).mean.value;
    for (HoldBin& bin : system.law) {
        bin.low = bin.low * stretch;
        bin.high = bin.high * stretch;
    }
    return system;
}

double p_wait_over(const Mg1& system, Millis t) {
    if (t.value < 0.0) return 1.0;
    if (t.value == 0.0) return system.p_wait;
    const double scale = std::exp(A / 2.0) / t.value;
    const auto term = [&](int k) {
        const double part = transform(system, Complex(A, 2.0 * k * std::numbers::pi) / (2.0 * t.value)).real();
        return k % 2 == 0 ? part : -part;
    };
    double sum = 0.5 * term(0);
    for (int k = 1; k <= terms; ++k) sum += term(k);
    double mean = 0.0, choose = std::ldexp(1.0, -averaged);
    for (int k = 0; k <= averaged; ++k) {
        if (k > 0) {
            sum += term(terms + k);
            choose *= static_cast<double>(averaged - k + 1) / k;
        }
        mean += choose * sum;
    }
    return std::clamp(scale * mean, 0.0, system.p_wait);
}

Millis wait_quantile(const Mg1& system, double p) {
    if (!is_probability(p) || p > 1.0 - rarest) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double above = 1.0 - p;
    if (system.p_wait <= above) return Millis(0.0);
    const auto longer = [&](double t) { return p_wait_over(system, Millis(t)) > above; };
    double low = system.mean_wait.value / system.p_wait, high = low;
    while (longer(high)) high *= 4.0;
    while (!longer(low) && low > high * 1e-18) low /= 4.0;
    while (high > low * (1.0 + 1e-6)) {
        const double middle = std::sqrt(low) * std::sqrt(high);
        (longer(middle) ? low : high) = middle;
    }
    return Millis(std::sqrt(low) * std::sqrt(high));
}

}  // namespace poolfit::queue
