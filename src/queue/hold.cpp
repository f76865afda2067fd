#include <poolfit/queue/hold.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

constexpr double z95 = 1.6448536269514722;  // normal scores of 95 % and 99 %
constexpr double z99 = 2.3263478740408408;
constexpr double infinite = std::numeric_limits<double>::infinity();

bool inside(double p) { return p > 0.0 && p < 1.0; }

Millis not_a_time() { return Millis(std::numeric_limits<double>::quiet_NaN()); }

HoldMoments from(double first, double second) { return {Millis(first), std::max(0.0, second / (first * first) - 1.0)}; }

/// E[X^k; a < Z < b] for X = e^{mu + sigma Z}, Z standard normal.
double piece(double k, double mu, double sigma, double a, double b) {
    const double shift = k * sigma;
    // One factor would be too large and the other too small: by Simpson's rule, over where the product matters.
    if (shift > 20.0) {
        constexpr int steps = 2000;
        const double from = std::max(a, b - 10.0), step = (b - from) / steps;
        double sum = 0.0;
        for (int i = 0; i <= steps; ++i) {
            const double z = from + i * step, weight = i == 0 || i == steps ? 1.0 : i % 2 == 0 ? 2.0 : 4.0;
            sum += weight * std::exp(k * (mu + sigma * z)) * normal_density(z);
        }
        return sum * step / 3.0;
    }
    return std::exp(k * mu + 0.5 * shift * shift) * (normal_below(b - shift) - normal_below(a - shift));
}

}  // namespace

Answer<LognormalHold> lognormal_hold(Millis mean, double cv) {
    if (const auto bad = check_hold(mean)) return *bad;
    if (const auto bad = check_range("coefficient of variation", cv, 0.0, 100.0)) return *bad;
    const double variance = std::log1p(cv * cv);
    return LognormalHold{std::log(mean.value) - 0.5 * variance, std::sqrt(variance)};
}

Answer<PercentileHold> percentile_hold(Millis p50, Millis p95, Millis p99) {
    if (const auto bad = check_range("p50", p50.value, shortest_time, longest_time)) return *bad;
    if (const auto bad = check_range("p95", p95.value, shortest_time, longest_time)) return *bad;
    if (const auto bad = check_range("p99", p99.value, shortest_time, longest_time)) return *bad;
    if (p95 < p50) return BadInput{"p95", Flaw::out_of_order, p95.value, p50.value};
    if (p99 < p95) return BadInput{"p99", Flaw::out_of_order, p99.value, p95.value};
    PercentileHold law{p50, p95, p99};
    const double to95 = std::log(p95.value / p50.value);
    const double to99 = std::log(p99.value / p50.value);
    law.sigma_low = to95 / z95;
    law.sigma_high = (to99 - to95) / (z99 - z95);
    // 1/hazard of the piece at p99: sigma p99 (1 - Phi)/phi.
    law.tail = law.p99 * std::min(1.0, law.sigma_high * 0.01 / normal_density(z99));
    return law;
}

Answer<HistogramHold> histogram_hold(std::span<const HoldBin> bins) {
    if (bins.empty()) return BadInput{"histogram", Flaw::nothing_given, 0.0, 0.0};
    if (const auto bad = check_range("number of bins", static_cast<double>(bins.size()), 1.0, 1e5)) return *bad;
    double before = 0.0, total = 0.0;
    for (const HoldBin& bin : bins) {
        if (const auto bad = check_range("bin's lower edge", bin.low.value, 0.0, longest_time)) return *bad;
        if (const auto bad = check_range("bin's upper edge", bin.high.value, shortest_time, longest_time)) return *bad;
        if (const auto bad = check_range("bin's weight", bin.weight, 0.0, 1e18)) return *bad;
        if (bin.low.value < before) return BadInput{"bin's lower edge", Flaw::out_of_order, bin.low.value, before};
        if (bin.high <= bin.low) return BadInput{"bin's upper edge", Flaw::out_of_order, bin.high.value, bin.low.value};
        before = bin.high.value;
        total += bin.weight;
    }
    if (!(total > 0.0)) return BadInput{"histogram's weight", Flaw::nothing_given, total, 0.0};
    HistogramHold law{{bins.begin(), bins.end()}};
    for (HoldBin& bin : law.bins) bin.weight /= total;
    return law;
}

HoldMoments moments(const LognormalHold& law) {
    const double variance = law.sigma * law.sigma;
    return {Millis(std::exp(law.mu + 0.5 * variance)), std::expm1(variance)};
}

HoldMoments moments(const PercentileHold& law) {
    if (law.p50 == law.p99) return {law.p50, 0.0};
    const double mu = std::log(law.p50.value);
    const double mu_high = std::log(law.p95.value) - law.sigma_high * z95;
    const double last = law.p99.value;
    const double tail = law.tail.value;
    const double first = piece(1.0, mu, law.sigma_low, -infinite, z95) + piece(1.0, mu_high, law.sigma_high, z95, z99) +
                         0.01 * (last + tail);
    const double second = piece(2.0, mu, law.sigma_low, -infinite, z95) +
                          piece(2.0, mu_high, law.sigma_high, z95, z99) +
                          0.01 * (last * last + 2.0 * last * tail + 2.0 * tail * tail);
    return from(first, second);
}

HoldMoments moments(const HistogramHold& law) {
    double first = 0.0, second = 0.0;
    for (const HoldBin& bin : law.bins) {
        const double low = bin.low.value, high = bin.high.value;
        first += bin.weight * 0.5 * (low + high);
        second += bin.weight * (low * low + low * high + high * high) / 3.0;
    }
    return from(first, second);
}

Millis hold_quantile(const LognormalHold& law, double p) {
    if (!inside(p)) return not_a_time();
    return Millis(std::exp(law.mu + law.sigma * normal_quantile(p)));
}

Millis hold_quantile(const PercentileHold& law, double p) {
    if (!inside(p)) return not_a_time();
    if (p >= 0.99) return law.p99 + law.tail * std::log(0.01 / (1.0 - p));
    const double z = normal_quantile(p);
    if (z < z95) return law.p50 * std::exp(law.sigma_low * z);
    return law.p95 * std::exp(law.sigma_high * (z - z95));
}

Millis hold_quantile(const HistogramHold& law, double p) {
    if (!inside(p) || law.bins.empty()) return not_a_time();
    for (const HoldBin& bin : law.bins) {
        if (p < bin.weight) return bin.low + (bin.high - bin.low) * (p / bin.weight);
        p -= bin.weight;
    }
    return law.bins.back().high;
}

std::string_view name(const LognormalHold&) { return "lognormal"; }
std::string_view name(const PercentileHold&) { return "fitted to the percentiles"; }
std::string_view name(const HistogramHold&) { return "histogram"; }

}  // namespace poolfit::queue
