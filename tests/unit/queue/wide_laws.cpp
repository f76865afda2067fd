// Moments of laws so wide that one factor of the closed form has no number: against the same in logarithms.
#include <cmath>
#include <numbers>

#include <poolfit/queue/hold.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::value;

namespace {

constexpr double z99 = 2.3263478740408408;

/// ln P(Z < -x) for x > 8, by its asymptotic series (Abramowitz and Stegun 26.2.12): relative error under 105/x^8.
double log_normal_below_minus(double x) {
    const double xx = x * x;
    return -0.5 * xx - std::log(x * std::sqrt(2 * std::numbers::pi)) +
           std::log1p(-1 / xx + 3 / (xx * xx) - 15 / (xx * xx * xx));
}

/// E[X^k; Z < z99] for X = p50 e^{sigma Z}: e^{k^2 sigma^2/2} P(Z < z99 - k sigma).
double below_p99(double k, double p50, double sigma) {
    return std::pow(p50, k) * std::exp(0.5 * k * k * sigma * sigma + log_normal_below_minus(k * sigma - z99));
}

}  // namespace

TEST_CASE("queue: moments of percentiles that are seven decades apart and more") {
    constexpr double z95 = 1.6448536269514722;
    for (const double sigma : {10.5, 11.0, 12.0}) {  // twice that is over 20
        const double p50 = 1e-3, p95 = p50 * std::exp(sigma * z95), p99 = p50 * std::exp(sigma * z99);
        const auto law = value(percentile_hold(Millis(p50), Millis(p95), Millis(p99)));
        CHECK(law.sigma_low == doctest::Approx(law.sigma_high).epsilon(1e-12));  // one lognormal up to p99
        CHECK(law.tail.value == doctest::Approx(p99));
        const HoldMoments m = moments(law);
        const double first = below_p99(1, p50, sigma) + 0.01 * (p99 + p99),
                     second = below_p99(2, p50, sigma) + 0.01 * 5 * p99 * p99;
        CHECK(m.mean.value == doctest::Approx(first).epsilon(1e-5));
        CHECK(m.scv == doctest::Approx(second / (first * first) - 1).epsilon(1e-5));
    }
}
