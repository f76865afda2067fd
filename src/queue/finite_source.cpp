#include <poolfit/queue/finite_source.hpp>

#include <cmath>
#include <limits>

#include "checks.hpp"
#include "finite_source.hpp"
#include "root.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// P(all c connections are busy) with m users.
Probability all_busy(double m, double c, double think, double hold) {
    if (m < c) return {0.0, -infinite};
    if (think == 0.0) return {1.0, 0.0};
    const double y = c * think / hold;
    const double ln_odds = ln_binomial_head(c, m, hold / think) + ln_blocking(m - c, y);  // some free : all busy
    const double odds = std::exp(ln_odds);
    return {1.0 / (1.0 + odds), std::isinf(odds) ? -ln_odds : -std::log1p(odds)};
}

double others_waiting(const FiniteSource& system) {
    return static_cast<double>(system.users) - 1.0 - number(system.servers);
}

/// ln P(wait > t | wait), t in mean holds.
double ln_over(const FiniteSource& system, double t) {
    const double n = others_waiting(system);
    const double y = number(system.servers) * system.think.value / system.hold.value;
    return ln_still_waiting(n, y, number(system.servers) * t);
}

}  // namespace

double mean_releases(double n, double y) {
    if (y <= n) return n + 1.0 - y + y * std::exp(ln_blocking(n, y));
    double term = 1.0, sum = 1.0, weighted = 1.0;
    for (double k = 1.0; k <= n; k += 1.0) {
        term *= (n - k + 1.0) / y;
        sum += term;
        weighted += term * (k + 1.0);
        if (term * (k + 1.0) < 1e-17 * weighted) break;
    }
    return weighted / sum;
}

double ln_still_waiting(double n, double y, double more) { return ln_poisson_cdf(n, y + more) - ln_poisson_cdf(n, y); }

Answer<FiniteSource> solve_finite_source(std::int64_t users, Millis think, Millis hold, Connections servers) {
    if (const auto bad = check_users(users)) return *bad;
    if (const auto bad = check_time("mean think time", think)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers)) return *bad;
    const double c = number(servers);
    const auto all = static_cast<double>(users);
    const double z = think.value / hold.value;

    FiniteSource system{users, think, hold, servers};
    system.wait = all_busy(all - 1.0, c, think.value, hold.value);
    system.p_all_busy = all_busy(all, c, think.value, hold.value).value;
    const double n = others_waiting(system);
    const double wait = n < 0.0 ? 0.0 : system.wait.value * mean_releases(n, c * z) / c;
    const double rate = all / (z + 1.0 + wait);  // Little's law over the whole cycle
    system.throughput = PerSecond(rate / hold.value * 1000.0);
    system.utilization = Fraction(rate / c);
    system.mean_wait = Millis(wait * hold.value);
    system.mean_response = Millis((wait + 1.0) * hold.value);
    return system;
}

double ln_p_wait_over(const FiniteSource& system, Millis t) {
    if (t.value < 0.0) return 0.0;
    if (others_waiting(system) < 0.0) return -infinite;
    return system.wait.ln + ln_over(system, t.value / system.hold.value);
}

double p_wait_over(const FiniteSource& system, Millis t) { return std::exp(ln_p_wait_over(system, t)); }

Millis wait_quantile(const FiniteSource& system, double p) {
    if (!is_probability(p)) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double share = std::log1p(-p);
    if (system.wait.ln <= share) return Millis(0.0);
    const auto excess = [&](double t) { return system.wait.ln + ln_over(system, t) - share; };
    return Millis(root_of_falling(excess, 1.0 / number(system.servers)) * system.hold.value);
}

double knee_users(const FiniteSource& system) {
    return number(system.servers) * (system.think.value + system.hold.value) / system.hold.value;
}

}  // namespace poolfit::queue
