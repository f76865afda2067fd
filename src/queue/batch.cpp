#include <poolfit/queue/batch.hpp>

#include <cmath>
#include <limits>

#include "checks.hpp"

namespace poolfit::queue {

Answer<BatchMmc> solve_batch_mmc(Erlangs load, Millis hold, Connections servers, double mean_batch) {
    if (const auto bad = check_range("mean batch", mean_batch, 1.0, 1e6)) return *bad;
    const auto single = solve_mmc(load, hold, servers);  // the same checks, the same limit of stability
    if (const auto* bad = std::get_if<BadInput>(&single)) return *bad;
    if (const auto* full = std::get_if<Unstable>(&single)) return *full;
    const double c = number(servers);
    const double batches = load.value / mean_batch;  // per hold
    const double q = (mean_batch - 1.0) / mean_batch;
    const double spare = (c - load.value) / (mean_batch * c);  // 1 - ratio of p_{n+1} to p_n, n >= c

    // s relative to itself: `below` is sum_{n<c} of p_n, in units of the current s_{n+1}; p_0 = s_1 = 1.
    double below = 1.0;
    for (double n = 1.0; n < c; n += 1.0) {
        const double p = batches / n;  // p_n / s_n
        const double grows = q + p;    // s_{n+1} / s_n
        below = (below + p) / grows;
    }
    // s_c = 1 now. p_n = s_n batches/c from c on; a request finds ahead of it k with probability s_{k+1}/m.
    const double ratio = 1.0 - spare;
    const double total = below + batches / c / spare;
    const double waits = ratio / spare / mean_batch;  // sum_{k>=c} s_{k+1}/m

    BatchMmc system{load, hold, servers, mean_batch};
    system.p_wait = waits / total;
    system.mean_wait = Millis(system.p_wait / (c * spare) * hold.value);
    return system;
}

double p_wait_over(const BatchMmc& system, Millis t) {
    if (t.value < 0.0) return 1.0;
    if (system.p_wait == 0.0) return 0.0;
    return system.p_wait * std::exp(-t.value * system.p_wait / system.mean_wait.value);
}

Millis wait_quantile(const BatchMmc& system, double p) {
    if (!is_probability(p)) return Millis(std::numeric_limits<double>::quiet_NaN());
    if (system.p_wait <= 1.0 - p) return Millis(0.0);
    return system.mean_wait * (std::log(system.p_wait / (1.0 - p)) / system.p_wait);
}

Answer<Erlangs> peak_load(Erlangs mean, double factor) {
    if (const auto bad = check_load(mean)) return *bad;
    if (const auto bad = check_range("peak factor", factor, 1.0, 1e4)) return *bad;
    return mean * factor;
}

bool is_sustained(const Mmc& at_peak, Millis lasts) { return lasts >= relaxation_time(at_peak) * 10.0; }

}  // namespace poolfit::queue
