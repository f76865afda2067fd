#include <poolfit/queue/band.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"

namespace poolfit::queue {

Millis cosmetatos(const Mmc& system) {
    const double c = number(system.servers);
    const double rho = utilization(system).value;
    const double factor = 0.5 * (1.0 + (1.0 - rho) * (c - 1.0) * (std::sqrt(4.0 + 5.0 * c) - 2.0) / (16.0 * rho * c));
    return mean_wait(system) * std::min(factor, c / (c + 1.0));
}

Answer<WaitBand> wait_band(const Mmc& system, double scv, Millis constant) {
    if (const auto bad = check_range(scv_input, scv, 0.0, 1e4)) return *bad;
    if (const auto bad = check_range("mean wait with constant holds", constant.value, 0.0, longest_time)) return *bad;
    const double m = mean_wait(system).value;
    const double d = constant.value;
    WaitBand band;
    band.p_wait = p_wait(system);
    band.allen_cunneen = Millis(0.5 * (1.0 + scv) * m);
    // Over d m, so that waits too small for a double give 0; d >= m/2 keeps the divisor positive.
    const double divisor = (1.0 - scv) * m + 2.0 * scv * d;
    band.kimura = Millis(divisor > 0.0 ? (1.0 + scv) * d / divisor * m : 0.0);
    band.page = Millis(std::max(0.0, (1.0 - scv) * d + scv * m));
    band.mean_wait = {std::min(band.allen_cunneen, band.kimura), std::max(band.allen_cunneen, band.kimura)};
    if (scv <= 1.0) {
        band.mean_wait = {std::min(band.mean_wait.low, band.page), std::max(band.mean_wait.high, band.page)};
    }
    return band;
}

Answer<WaitBand> wait_band(const Mmc& system, double scv) { return wait_band(system, scv, cosmetatos(system)); }

Interval<Millis> wait_quantile(const WaitBand& band, double p) {
    if (!is_probability(p)) return Interval<Millis>(Millis(std::numeric_limits<double>::quiet_NaN()));
    if (band.p_wait <= 1.0 - p) return {};
    const double means = std::log(band.p_wait / (1.0 - p)) / band.p_wait;
    return {band.mean_wait.low * means, band.mean_wait.high * means};
}

}  // namespace poolfit::queue
