#include <poolfit/queue/timeout.hpp>

#include <cmath>
#include <limits>

#include "checks.hpp"
#include "erlang.hpp"
#include "root.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

// Time is in mean holds here, so d = c - a. Where d < 0 every term holds a factor e^{-d T} that may overflow; it is
// divided out, and `scale` is what is left.

/// (1 - e^{-d u})/d + e^{-d u}/c, times e^{d u} where d < 0.
double rest(double d, double servers, double u) {
    if (d >= 0.0) return u * mean_expm1(d * u) + std::exp(-d * u) / servers;
    return u * mean_expm1(-d * u) + 1.0 / servers;
}

/// P(wait > t), 0 <= t < timeout.
double over(const MmcTimeout& system, double t) {
    const double d = number(system.servers) - system.load.value;
    const double last = system.timeout.value / system.hold.value;
    return system.scale * rest(d, number(system.servers), last - t) * (d >= 0.0 ? std::exp(-d * t) : 1.0);
}

}  // namespace

Answer<MmcTimeout> solve_mmc_timeout(Erlangs load, Millis hold, Connections servers, Millis timeout) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers)) return *bad;
    if (const auto bad = check_time("acquire timeout", timeout)) return *bad;
    const double c = number(servers);
    const double a = load.value;
    const double d = c - a;
    const double last = timeout.value / hold.value;
    const double ln_one_less = c == 1.0 ? 0.0 : blocking(c - 1.0, a).ln;  // ln B(c-1, a)
    const double shift = d < 0.0 ? d * last : 0.0;
    const double p = 1.0 / (std::exp(shift - ln_one_less) + a * rest(d, c, last));

    MmcTimeout system{load, hold, servers, timeout};
    system.scale = a * p;
    system.p_wait = over(system, 0.0);
    system.p_timeout = system.scale / c * (d >= 0.0 ? std::exp(-d * last) : 1.0);
    const double served = a * (1.0 - system.p_timeout);
    system.throughput = PerSecond(served / hold.value * 1000.0);
    system.utilization = Fraction(served / c);
    const double x = std::fabs(d) * last;
    // The integral of P(wait > t) to the timeout; the two forms differ by the factor divided out.
    const double mean = d >= 0.0 ? last * last * second_expm1(x) + last * std::exp(-x) / c
                                 : last * last * (1.0 - mean_expm1(x)) / (x > 0.0 ? x : 1.0) + last / c;
    system.mean_wait = Millis(system.scale * mean * hold.value);
    return system;
}

double p_wait_over(const MmcTimeout& system, Millis t) {
    if (t.value < 0.0) return 1.0;
    if (t.value >= system.timeout.value) return 0.0;
    return over(system, t.value / system.hold.value);
}

Millis wait_quantile(const MmcTimeout& system, double p) {
    if (!is_probability(p)) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double share = 1.0 - p;
    if (system.p_wait <= share) return Millis(0.0);
    if (system.p_timeout >= share) return system.timeout;
    const auto excess = [&](double t) { return std::log(over(system, t) / share); };
    const double last = system.timeout.value / system.hold.value;
    return Millis(root_between(excess, 0.0, last, excess(0.0), excess(last)) * system.hold.value);
}

}  // namespace poolfit::queue
