// Where a falling function crosses zero, by bracketing: it cannot run away, and it needs no derivative.
#pragma once

#include <cmath>

namespace poolfit::queue {

/// A root of f between low and high, f(low) = f_low and f(high) = f_high being of opposite signs (or zero), to the
/// last few bits. Source: Chandrupatla 1997, inverse quadratic steps where they are safe, else bisection.
template <class F>
double root_between(F f, double low, double high, double f_low, double f_high) {
    if (f_low == 0.0) return low;
    double a = high, b = low, c = low, f_a = f_high, f_b = f_low, f_c = f_low;
    double share = 0.5;
    for (int i = 0; i < 200; ++i) {
        if (f_a == 0.0) return a;
        const double x = a + share * (b - a);
        const double f_x = f(x);
        const bool same = std::signbit(f_x) == std::signbit(f_a);
        c = same ? a : b;
        f_c = same ? f_a : f_b;
        if (!same) {
            b = a;
            f_b = f_a;
        }
        a = x;
        f_a = f_x;
        const bool a_is_best = std::fabs(f_a) < std::fabs(f_b);
        const double best = a_is_best ? a : b;
        const double tolerance = 2e-16 * std::fabs(best) + 1e-300;
        const double smallest_step = tolerance / std::fabs(b - a);
        if (smallest_step > 0.5 || (a_is_best ? f_a : f_b) == 0.0) return best;
        const double xi = (a - b) / (c - b);
        const double phi = (f_a - f_b) / (f_c - f_b);
        share = 0.5;
        if (phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi) {
            share = f_a / (f_b - f_a) * f_c / (f_b - f_c) + (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b);
        }
        share = std::fmin(1.0 - smallest_step, std::fmax(smallest_step, share));
    }
    return a;
}

/// The root of a function that falls from f(0) > 0 to below 0: doubles `step` until it has passed the root.
template <class F>
double root_of_falling(F f, double step) {
    double low = 0.0;
    double f_low = f(0.0);
    if (f_low <= 0.0) return 0.0;
    for (int i = 0; i < 1100; ++i) {
        const double f_high = f(step);
        if (!(f_high > 0.0)) return root_between(f, low, step, f_low, f_high);
        low = step;
        f_low = f_high;
        step *= 2.0;
    }
    return low;
}

}  // namespace poolfit::queue
