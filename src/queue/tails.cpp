#include "tails.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace poolfit::queue {
namespace {

constexpr double negligible = 1e-17;
constexpr double half_ln_two_pi = 0.91893853320467274178;
constexpr double infinite = std::numeric_limits<double>::infinity();

/// ln n! - [(n + 1/2) ln n - n + ln(2 pi)/2] for whole n >= 1.
double stirling_error(double n) {
    if (n < 16.0) {
        double factorial = 1.0;
        for (double k = 2.0; k <= n; k += 1.0) factorial *= k;
        return std::log(factorial) - ((n + 0.5) * std::log(n) - n + half_ln_two_pi);
    }
    const double m = 1.0 / (n * n);  // Stirling's series; the first term left out is below 1e-16
    return (1.0 / 12 - m * (1.0 / 360 - m * (1.0 / 1260 - m * (1.0 / 1680 - m * (1.0 / 1188 - m * 691.0 / 360360))))) /
           n;
}

/// P(X = n), X of m sources each on with odds r.
double ln_binomial(double n, double m, double r) {
    const double on = r / (1.0 + r);
    const double off = 1.0 / (1.0 + r);
    if (n == 0.0) return -m * std::log1p(r);
    if (n == m) return -m * std::log1p(1.0 / r);
    return stirling_error(m) - stirling_error(n) - stirling_error(m - n) - deviance(n, m * on) -
           deviance(m - n, m * off) - half_ln_two_pi + 0.5 * std::log(m / (n * (m - n)));
}

}  // namespace

double deviance(double n, double x) {
    const double difference = n - x;
    if (n == 0.0) return x;
    if (std::fabs(difference) >= 0.1 * (n + x)) return n * std::log(n / x) - difference;
    const double v = difference / (n + x);  // ln(n/x) = 2 artanh v
    double term = 2.0 * n * v;
    double sum = difference * v;
    for (int k = 3; k < 100; k += 2) {
        term *= v * v;
        const double next = sum + term / k;
        if (next == sum) break;
        sum = next;
    }
    return sum;
}

double ln_poisson(double n, double x) {
    if (x == 0.0) return n == 0.0 ? 0.0 : -infinite;
    if (n == 0.0) return -x;
    return -stirling_error(n) - deviance(n, x) - half_ln_two_pi - 0.5 * std::log(n);
}

double sum_above(double n, double x) {
    double term = 1.0;
    double sum = 0.0;
    for (double k = n + 1.0;; k += 1.0) {
        term *= x / k;
        sum += term;
        if (term <= negligible * sum) return sum;
    }
}

double sum_below(double n, double x) {
    double term = 1.0;
    double sum = 1.0;
    for (double k = n; k > 0.0; k -= 1.0) {
        term *= k / x;
        sum += term;
        if (term < negligible * sum) break;
    }
    return sum;
}

double ln_poisson_cdf(double n, double x) {
    if (x <= n) return std::log1p(-std::exp(ln_poisson(n, x)) * sum_above(n, x));
    return ln_poisson(n, x) + std::log(sum_below(n, x));
}

double ln_blocking(double n, double x) {
    if (x > n) return -std::log(sum_below(n, x));
    const double ln = ln_poisson(n, x);
    if (ln == -infinite) return ln;
    return ln - std::log1p(-std::exp(ln) * sum_above(n, x));
}

double ln_binomial_head(double n, double m, double r) {
    double term = 1.0;
    double sum = 0.0;
    if (n <= (m - n + 1.0) * r) {  // the terms below n fall as they go down
        for (double k = n; k > 0.0; k -= 1.0) {
            term *= k / ((m - k + 1.0) * r);
            sum += term;
            if (term < negligible * sum) break;
        }
        return std::log(sum);
    }
    double above = 1.0;
    for (double k = n; k < m; k += 1.0) {
        term *= (m - k) * r / (k + 1.0);
        above += term;
        if (term < negligible * above) break;
    }
    const double ln = ln_binomial(n, m, r);
    return std::log1p(-std::exp(ln) * above) - ln;
}

double normal_density(double z) { return std::exp(-0.5 * z * z - half_ln_two_pi); }

double normal_below(double z) { return 0.5 * std::erfc(-z * 0.70710678118654752440); }

double normal_quantile(double p) {
    const bool upper = p > 0.5;
    const double tail = upper ? 1.0 - p : p;
    const double t = std::sqrt(-2.0 * std::log(tail));  // Abramowitz and Stegun 26.2.23, error 4.5e-4
    double z =
        -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
    for (int i = 0; i < 3; ++i) {  // Halley's steps: each one cubes the error
        const double step = (normal_below(z) - tail) / normal_density(z);
        z -= step / (1.0 + 0.5 * z * step);
    }
    return upper ? -z : z;
}

double mean_expm1(double x) { return x == 0.0 ? 1.0 : -std::expm1(-x) / x; }

double second_expm1(double x) {
    if (std::fabs(x) > 0.5) return (1.0 - std::exp(-x) * (1.0 + x)) / (x * x);
    double term = 1.0;  // x^k (-1)^k / k!, each over k + 2
    double sum = 0.5;
    for (int k = 1; k < 20; ++k) {
        term *= -x / k;
        sum += term / (k + 2);
    }
    return sum;
}

}  // namespace poolfit::queue
