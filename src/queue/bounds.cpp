#include <poolfit/queue/bounds.hpp>

#include <algorithm>

#include "checks.hpp"

namespace poolfit::queue {

Answer<Interval<Millis>> mean_wait_bounds(Erlangs load, Millis hold, double scv, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers)) return *bad;
    if (const auto bad = check_range(scv_input, scv, 0.0, 1e12)) return *bad;
    const double a = load.value, c = number(servers), spare = 1.0 - a / c;
    if (a >= c) return unstable(load, servers);
    const double most = (1.0 / a + a * (scv / c + (c - 1.0) / (c * c))) / (2.0 * spare);
    const double least = 0.5 * (1.0 + scv) * (a / (c * c * spare) - (c - 1.0) / c);
    return Interval<Millis>(hold * std::max(0.0, least), hold * std::max(most, least));
}

}  // namespace poolfit::queue
