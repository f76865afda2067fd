#include "elementary.hpp"

#include <cmath>
#include <limits>

#include "logarithm.hpp"

namespace poolfit::simulate {

namespace {

double power(double base, double exponent) { return exponential_of(exponent * natural_log(base)); }

// ln Γ(x), x > 0: Stirling's series at x + 12 and up, and the recurrence down to x.
double ln_gamma(double x) {
    double product = 1, y = x;
    while (y < 12) product *= y++;
    const double z = 1 / (y * y);
    const double series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / y;
    return (y - 0.5) * natural_log(y) - y + 0.91893853320467274178 + series - natural_log(product);
}

template <int n>
double polynomial(const double (&c)[n], double x) {
    double sum = 0;
    for (int i = n - 1; i >= 0; --i) sum = sum * x + c[i];
    return sum;
}

}  // namespace

double natural_log(double x) { return ln(x); }

double exponential_of(double x) {
    if (x < -708) return 0;
    if (x > 709) return std::numeric_limits<double>::infinity();
    const double k = std::floor(x * 1.4426950408889634074 + 0.5);
    const double r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    double sum = 1;
    for (int i = 13; i > 0; --i) sum = 1 + sum * r / i;
    return sum * from_bits(static_cast<Bits>(static_cast<std::int64_t>(k) + 1023) << 52);
}

double normal_score(double probability) {
    static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                   1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                   3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static constexpr double b[] = {1.0,
                                   4.2313330701600911252e+1,
                                   6.8718700749205790830e+2,
                                   5.3941960214247511077e+3,
                                   2.1213794301586595867e+4,
                                   3.9307895800092710610e+4,
                                   2.8729085735721942674e+4,
                                   5.2264952788528545610e+3};
    static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                   3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                   2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr double d[] = {1.0,
                                   2.05319162663775882187e0,
                                   1.67638483018380384940e0,
                                   6.89767334985100004550e-1,
                                   1.48103976427480074590e-1,
                                   1.51986665636164571966e-2,
                                   5.47593808499534494600e-4,
                                   1.05075007164441684324e-9};
    static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                   2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                   2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr double f[] = {1.0,
                                   5.99832206555887937690e-1,
                                   1.36929880922735805310e-1,
                                   1.48753612908506148525e-2,
                                   7.86869131145613259100e-4,
                                   1.84631831751005468180e-5,
                                   1.42151175831644588870e-7,
                                   2.04426310338993978564e-15};
    const double q = probability - 0.5;
    if (std::fabs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    const double r = std::sqrt(-natural_log(q < 0 ? probability : 1 - probability));
    const double value =
        r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
    return q < 0 ? -value : value;
}

double gamma_density(double shape, double x) {
    return exponential_of((shape - 1) * natural_log(x) - x - ln_gamma(shape));
}

double gamma_tail(double shape, double x, bool lower) {
    if (x <= 0) return lower ? 0 : 1;
    const double front = exponential_of(shape * natural_log(x) - x - ln_gamma(shape));
    if (x < shape + 1) {
        double term = 1 / shape, sum = term;
        for (double n = shape + 1; term > sum * 1e-16; ++n) sum += term *= x / n;
        const double below = front * sum;
        return lower ? below : 1 - below;
    }
    double b = x + 1 - shape, c = 1e300, d = 1 / b, fraction = d;
    for (int i = 1; i < 100000; ++i) {
        const double step = -i * (i - shape);
        b += 2;
        d = 1 / (step * d + b);
        c = b + step / c;
        const double change = c * d;
        fraction *= change;
        if (std::fabs(change - 1) < 1e-15) break;
    }
    const double above = front * fraction;
    return lower ? 1 - above : above;
}

double student_score(double probability, int degrees) {
    if (probability < 0.5) return -student_score(1 - probability, degrees);
    constexpr double half_pi = 1.57079632679489661923;
    const double n = degrees, two_sided = 2 * (1 - probability);
    if (two_sided >= 1) return 0;
    if (degrees < 2) return std::numeric_limits<double>::infinity();
    if (degrees == 2) return std::sqrt(2 / (two_sided * (2 - two_sided)) - 2);
    const double a = 1 / (n - 0.5), b = 48 / (a * a);
    double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
    const double d = ((94.5 / (b + c) - 3) / b + 1) * std::sqrt(a * half_pi) * n;
    double y = power(d * two_sided, 2 / n);
    if (y > 0.05 + a) {
        const double x = normal_score(two_sided / 2);
        y = x * x;
        if (degrees < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
        y = exponential_of(a * y * y) - 1;
    } else {
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) /
                (n + 2) +
            1 / y;
    }
    return std::sqrt(n * y);
}

}  // namespace poolfit::simulate
