#include <poolfit/queue/mmc.hpp>

#include <cmath>
#include <limits>

#include "checks.hpp"
#include "erlang.hpp"
#include "root.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double spare(const Mmc& system) { return number(system.servers) - system.load.value; }

/// P(response > t), t in mean holds.
double response_over(const Mmc& system, double t) {
    const double more = spare(system) - 1.0;
    const double x = more * t;
    if (x > -1.0) return std::exp(-t) * (1.0 + system.wait.value * t * mean_expm1(x));
    return std::exp(-t) + system.wait.value * (std::exp(-t - x) - std::exp(-t)) / -more;
}

}  // namespace

Answer<Mmc> solve_mmc(Erlangs load, Millis hold, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers)) return *bad;
    if (load.value >= number(servers)) return unstable(load, servers);
    return Mmc{load, hold, servers, waiting(number(servers), load.value)};
}

Fraction utilization(const Mmc& system) { return Fraction(system.load.value / number(system.servers)); }

double p_wait(const Mmc& system) { return system.wait.value; }

double ln_p_wait_over(const Mmc& system, Millis t) {
    if (t.value < 0.0) return 0.0;
    return system.wait.ln - spare(system) * (t.value / system.hold.value);
}

double p_wait_over(const Mmc& system, Millis t) { return std::exp(ln_p_wait_over(system, t)); }

Millis mean_wait(const Mmc& system) { return Millis(system.wait.value / spare(system) * system.hold.value); }

double mean_waiting(const Mmc& system) { return system.wait.value * system.load.value / spare(system); }

Millis wait_quantile(const Mmc& system, double p) {
    if (!is_probability(p)) return Millis(not_a_number);
    const double ln = system.wait.ln - std::log1p(-p);
    return Millis(ln > 0.0 ? ln / spare(system) * system.hold.value : 0.0);
}

double p_response_over(const Mmc& system, Millis t) {
    if (t.value <= 0.0) return 1.0;
    return response_over(system, t.value / system.hold.value);
}

Millis response_quantile(const Mmc& system, double p) {
    if (!is_probability(p)) return Millis(not_a_number);
    const auto excess = [&](double t) { return std::log(response_over(system, t)) - std::log1p(-p); };
    return Millis(root_of_falling(excess, 1.0) * system.hold.value);
}

Millis relaxation_time(const Mmc& system) {
    const double root = std::sqrt(utilization(system).value);
    const double rest = spare(system) / number(system.servers) / (1.0 + root);  // 1 - root
    return Millis(system.hold.value / (number(system.servers) * rest * rest));
}

}  // namespace poolfit::queue
