#include <poolfit/queue/phases.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "root.hpp"

namespace poolfit::queue {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// x > 0 with a/(a + x) f(x/c) = 1, as ln f(x/c) = ln(1 + x/a); ln f is convex, 0 at 0, and of slope 1/c < 1/a there.
template <class F>
double decay(F ln_transform, double a, double c) {
    if (!(a > 0.0 && a < c)) return not_a_number;
    const auto gap = [&](double x) {
        const double ln = ln_transform(x / c);
        return std::isinf(ln) ? -1.0 : (std::log1p(x / a) - ln) / x;  // over x: the root at 0 is gone
    };
    double low = c - a;  // of the order of the root when scv is 1
    while (gap(low) <= 0.0 && low > 1e-290) low *= 0.5;
    double high = low * 2.0;
    while (gap(high) > 0.0 && high < 1e290) {
        low = high;
        high *= 2.0;
    }
    return root_between(gap, low, high, gap(low), gap(high));
}

}  // namespace

Answer<PhaseLaw> fit_phases(double scv) {
    if (const auto bad = check_range(scv_input, scv, 1.0 / most_phases, 1e4)) return *bad;
    PhaseLaw law;
    if (scv == 1.0) {
        law.count = 1;
        law.phase[0] = {1.0, 1.0, 0.0};
    } else if (scv > 1.0) {
        const double p = 0.5 * (1.0 + std::sqrt((scv - 1.0) / (scv + 1.0)));
        const double rest = 1.0 / ((scv + 1.0) * 2.0 * p);  // 1 - p without cancellation
        law.count = 2;
        law.phase[0] = {p, 2.0 * p, 0.0};
        law.phase[1] = {rest, 2.0 * rest, 0.0};
    } else {
        law.count = std::min(most_phases, static_cast<std::size_t>(std::ceil(1.0 / scv)));
        const auto k = static_cast<double>(law.count);
        const double shorter = std::max(0.0, (k * scv - std::sqrt(k * (1.0 + scv) - k * k * scv)) / (1.0 + scv));
        if (shorter >= 1.0) return fit_phases(1.0);  // scv next to 1
        for (std::size_t i = 0; i < law.count; ++i) law.phase[i] = {0.0, k - shorter, 1.0};
        law.phase[law.count - 1].onward = 0.0;
        law.phase[0].start = 1.0 - shorter;
        law.phase[1].start = shorter;
    }
    return law;
}

double mean(const PhaseLaw& law) {
    double sum = 0.0, left = 0.0;  // left: from the start of phase i to the end
    for (std::size_t i = law.count; i-- > 0;) {
        left = 1.0 / law.phase[i].rate + law.phase[i].onward * left;
        sum += law.phase[i].start * left;
    }
    return sum;
}

double scv(const PhaseLaw& law) {
    double first = 0.0, second = 0.0, left = 0.0, left_second = 0.0;
    for (std::size_t i = law.count; i-- > 0;) {
        const Phase& phase = law.phase[i];
        const double stay = 1.0 / phase.rate;
        left_second = 2.0 * stay * stay + phase.onward * (2.0 * stay * left + left_second);
        left = stay + phase.onward * left;
        first += phase.start * left;
        second += phase.start * left_second;
    }
    return second / (first * first) - 1.0;
}

double transform(const PhaseLaw& law, double x) {
    double sum = 0.0, left = 0.0;
    for (std::size_t i = law.count; i-- > 0;) {
        const Phase& phase = law.phase[i];
        if (x >= phase.rate) return infinite;
        left = phase.rate / (phase.rate - x) * (1.0 - phase.onward + phase.onward * left);
        sum += phase.start * left;
    }
    return sum;
}

double wait_decay(const PhaseLaw& law, Erlangs load, Connections servers) {
    return decay([&](double x) { return std::log(transform(law, x)); }, load.value, number(servers));
}

double wait_decay_constant(Erlangs load, Connections servers) {
    return decay([](double x) { return x; }, load.value, number(servers));
}

}  // namespace poolfit::queue
