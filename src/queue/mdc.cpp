#include <poolfit/queue/mdc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "fourier.hpp"
#include "root.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

/// -log(1 - h) for |h| < 1.
Complex minus_log_one_less(Complex h) {
    if (std::norm(h) > 0.01) return -std::log(1.0 - h);
    Complex power = h, sum = h;
    for (int k = 2; k < 20; ++k) {
        power *= h;
        sum += power / static_cast<double>(k);
    }
    return sum;
}

/// The scaled coefficients g_j (c/a)^j, j >= 1, of Spitzer's sum g_j = sum_l P(Poisson(l a) = l c + j)/l. The second
/// half of the circle's coefficients belongs to negative j.
std::vector<Complex> spitzer(double c, double rho, std::size_t points) {
    const double gap = -deviance(1.0, rho);  // 1 - rho + ln rho
    std::vector<Complex> x(points);
    for (std::size_t m = 0; m < points; ++m) {
        const double angle = 2.0 * 3.14159265358979323846 * static_cast<double>(m) / static_cast<double>(points);
        const double half_sine = std::sin(0.5 * angle);
        // On z = e^{i angle}/rho: ln(z^-c e^{a(z-1)}).
        const Complex w(c * (gap - 2.0 * half_sine * half_sine), c * (std::sin(angle) - angle));
        x[m] = w.real() > -1.0 ? -std::log(-complex_expm1(w)) : minus_log_one_less(std::exp(w));
    }
    transform(x, -1);
    for (Complex& g : x) g = g.real() / static_cast<double>(points);
    return x;
}

/// P(wait > t), t in holds: an arrival at the end of an interval of k holds has to wait longer than t unless at most
/// k c - 1 were in the queue at its start or arrived in the part of it that is left.
double over(const Mdc& system, double t) {
    const double c = number(system.servers);
    const double k = std::floor(t) + 1.0;
    const double mean = system.load.value * (k - t);
    const double last = k * c - 1.0;
    const auto queue_over = [&](double n) {
        return n < static_cast<double>(system.queue_over.size()) ? system.queue_over[static_cast<std::size_t>(n)] : 0.0;
    };
    const double mode = std::min(std::floor(mean), last);
    const double peak = std::exp(ln_poisson(mode, mean));
    double sum = 0.0;
    double p = peak;
    for (double j = mode; j >= 0.0 && p > 1e-300; j -= 1.0) {
        sum += p * queue_over(last - j);
        p *= j / mean;
    }
    p = peak;
    for (double j = mode + 1.0; j <= last && p > 1e-300; j += 1.0) {
        p *= mean / j;
        sum += p * queue_over(last - j);
    }
    return sum + (mean > 0.0 ? std::exp(ln_poisson(last, mean)) * sum_above(last, mean) : 0.0);
}

}  // namespace

Answer<Mdc> solve_mdc(Erlangs load, Millis hold, Connections servers) {
    if (const auto bad = check_load(load)) return *bad;
    if (const auto bad = check_hold(hold)) return *bad;
    if (const auto bad = check_servers(servers, 1, most_mdc_servers)) return *bad;
    if (load.value >= number(servers)) return unstable(load, servers);
    const double c = number(servers);
    const double rho = load.value / c;
    if (const auto bad = check_range("utilization", rho, 0.0, most_mdc_utilization)) return *bad;

    // Beyond n the law falls like 1/decay^n, where rho (decay - 1) = ln decay; -ln rho is near half of ln decay.
    const double slope = -std::log(rho);
    std::size_t points = 64;
    while (static_cast<double>(points) * slope < 100.0) points *= 2;
    std::vector<Complex> x = spitzer(c, rho, points);
    double all = 0.0, mean = 0.0;
    for (std::size_t j = 1; j < points / 2; ++j) {
        const double g = x[j].real() * std::exp(-slope * static_cast<double>(j));
        all += g;
        mean += g * static_cast<double>(j);
    }
    // The law of the queue length has the generating function exp(sum_j g_j (z^j - 1)).
    x[0] = 0.0;
    std::fill(x.begin() + static_cast<std::ptrdiff_t>(points / 2), x.end(), 0.0);
    transform(x, 1);
    for (Complex& value : x) value = complex_expm1(value);
    transform(x, -1);

    Mdc system{load, hold, servers};
    const std::size_t length = points / 2;
    system.queue_over.assign(length, 0.0);
    for (std::size_t n = length - 1; n > 0; --n) {
        const double p =
            std::max(0.0, x[n].real()) / static_cast<double>(points) * std::exp(-all - slope * static_cast<double>(n));
        system.queue_over[n - 1] = system.queue_over[n] + p;
    }
    system.mean_wait = Millis(mean / load.value * hold.value);
    system.p_wait = over(system, 0.0);
    return system;
}

double p_wait_over(const Mdc& system, Millis t) {
    if (t.value < 0.0) return 1.0;
    return over(system, t.value / system.hold.value);
}

Millis wait_quantile(const Mdc& system, double p) {
    if (!(p >= 0.0 && p <= 1.0 - 1e-12)) return Millis(std::numeric_limits<double>::quiet_NaN());
    const auto excess = [&](double t) { return std::log(over(system, t) / (1.0 - p)); };
    return Millis(root_of_falling(excess, 1.0 / number(system.servers)) * system.hold.value);
}

}  // namespace poolfit::queue
