// What must hold between models and along their arguments, whatever the table says.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/batch.hpp>
#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/hold.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mphc.hpp>
#include <poolfit/queue/sizing.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::difference;
using known::value;

namespace {

Mmc mmc(double load, int c) { return value(solve_mmc(Erlangs(load), Millis(1), Connections(c))); }

constexpr int sizes[] = {1, 2, 3, 7, 20, 60};
constexpr double shares[] = {0.05, 0.3, 0.6, 0.85, 0.97};

template <class System>
void check_quantiles(const System& system, double limit) {
    for (const double p : {0.3, 0.9, 0.99, 0.9999}) {
        const Millis t = wait_quantile(system, p);
        if (t.value == 0.0) CHECK(p_wait_over(system, Millis(0)) <= (1.0 - p) * (1.0 + limit));
        if (t.value > 0.0) CHECK(difference(p_wait_over(system, t), 1.0 - p) < limit);
    }
}

template <class System>
double mean_by_quadrature(const System& system, double end) {
    const int n = 1000;  // Simpson
    double sum = p_wait_over(system, Millis(0)) + p_wait_over(system, Millis(end));
    for (int i = 1; i < n; ++i) sum += (i % 2 ? 4 : 2) * p_wait_over(system, Millis(end * i / n));
    return sum * end / n / 3;
}

}  // namespace

TEST_CASE("queue: special cases of other models are M/M/c") {
    const PhaseLaw exponential = value(fit_phases(1.0));
    for (const int c : sizes) {
        for (const double rho : shares) {
            const Mmc plain = mmc(rho * c, c);
            INFO(c, " connections at ", rho);
            const auto phases = value(solve_mphc(plain.load, plain.hold, exponential, plain.servers));
            CHECK(difference(phases.p_wait, p_wait(plain)) < 1e-11);
            CHECK(difference(phases.mean_wait.value, mean_wait(plain).value) < 1e-11);
            const auto batch = value(solve_batch_mmc(plain.load, plain.hold, plain.servers, 1.0));
            CHECK(difference(batch.p_wait, p_wait(plain)) < 1e-11);
            CHECK(difference(batch.mean_wait.value, mean_wait(plain).value) < 1e-11);
            const auto patient = value(solve_mmc_timeout(plain.load, plain.hold, plain.servers, Millis(1e6)));
            CHECK(difference(patient.p_wait, p_wait(plain)) < 1e-11);
            CHECK(difference(patient.mean_wait.value, mean_wait(plain).value) < 1e-11);
            const auto hasty = value(solve_mmc_timeout(plain.load, plain.hold, plain.servers, Millis(0)));
            CHECK(difference(hasty.p_timeout, value(erlang_b(plain.load, plain.servers)).value) < 1e-11);
            check_quantiles(plain, 1e-11);
            check_quantiles(batch, 1e-11);
            check_quantiles(phases, 1e-9);
            check_quantiles(patient, 1e-9);
        }
    }
}

TEST_CASE("queue: Erlang B is what its recursion gives, up to a million connections") {
    for (const int c : {1, 5, 63, 64, 65, 66, 300, 5000, 1'000'000}) {
        for (const double rho : {0.001, 0.1, 0.9, 0.999999, 1.0, 1.00001, 1.5, 9.0}) {
            const double a = std::min(rho * c, most_load);
            double inverse = 1.0;  // 1/B_k = 1 + (k/a)/B_{k-1}; its scale is kept apart
            double ln_scale = 0.0;
            for (int k = 1; k <= c; ++k) {
                inverse = std::exp(-ln_scale) + k / a * inverse;
                if (inverse < 1e250) continue;
                ln_scale += std::log(inverse);
                inverse = 1.0;
            }
            const double ln = -std::log(inverse) - ln_scale;
            const Probability b = value(erlang_b(Erlangs(a), Connections(c)));
            INFO(c, " connections at ", rho);
            CHECK(std::fabs(b.ln - ln) < 1e-11 + 1e-12 * std::fabs(ln));
            CHECK(difference(b.value, std::exp(ln), 1e-305) < 1e-11 + 1e-12 * std::fabs(ln));
        }
    }
}

TEST_CASE("queue: the finite source is what its birth-death process gives") {
    for (const int users : {1, 2, 10, 11, 28, 500, 40000}) {
        for (const int c : {1, 2, 10, 27, 300, 39999}) {
            for (const double think : {1e-3, 0.4, 1.0, 3.0, 200.0, 1e6}) {
                double weight = 1.0, all = 1.0, busy = c == 0, waiting = 0.0, held = 0.0;
                for (int k = 0; k < users; ++k) {
                    weight *= (users - k) / think / std::min(k + 1, c);
                    all += weight;
                    held += weight * std::min(k + 1, c);
                    if (k + 1 >= c) busy += weight;
                    if (k + 1 > c) waiting += weight * (k + 1 - c);
                    if (all > 1e250) {
                        for (double* x : {&weight, &all, &busy, &waiting, &held}) *x *= 1e-250;
                    }
                }
                const auto found = value(solve_finite_source(users, Millis(think), Millis(1), Connections(c)));
                INFO(users, " users, think ", think, ", pool ", c);
                CHECK(difference(found.throughput.value / 1000, held / all) < 1e-10);
                CHECK(difference(found.p_all_busy, busy / all, 1e-290) < 1e-9);
                CHECK(difference(found.mean_wait.value, waiting / held, 1e-290) < 1e-9);
                check_quantiles(found, 1e-9);
            }
        }
    }
}

TEST_CASE("queue: many users who think long are random arrivals") {
    const Mmc plain = mmc(8.0, 10);
    const auto crowd = value(solve_finite_source(1'000'000, Millis(1e6 / 8.0 - 1.2), Millis(1), Connections(10)));
    CHECK(difference(crowd.wait.value, p_wait(plain)) < 1e-3);
    CHECK(difference(wait_quantile(crowd, 0.99).value, wait_quantile(plain, 0.99).value) < 1e-3);
    check_quantiles(crowd, 1e-8);
}

TEST_CASE("queue: without a queue for the CPU the closed network is the finite source") {
    // Exponential external time, and next to no CPU time.
    const auto network = value(solve_closed_pool({28, Millis(2500), Connections(10), 4, Millis(0.1), Millis(1500)}));
    const auto plain = value(solve_finite_source(28, Millis(2500), Millis(1500.1), Connections(10)));
    CHECK(difference(network.means.throughput.value, plain.throughput.value) < 1e-5);
    CHECK(difference(network.means.p_wait, plain.wait.value) < 1e-4);
    CHECK(difference(wait_quantile(network, 0.99).value, wait_quantile(plain, 0.99).value) < 1e-4);
    const auto too_long = value(solve_closed_pool({200, Millis(9), Connections(10), 4, Millis(1e-3), Millis(9e4)}));
    CHECK_FALSE(too_long.has_law);
    CHECK(std::isnan(wait_quantile(too_long, 0.99).value));
    const auto fast = value(solve_closed_pool_fast({28, Millis(2500), Connections(10), 4, Millis(0), Millis(1500)}));
    const auto same = value(solve_finite_source(28, Millis(2500), Millis(1500), Connections(10)));
    CHECK(difference(fast.throughput.value, same.throughput.value) < 1e-12);
    CHECK(difference(fast.mean_wait.value, same.mean_wait.value) < 1e-11);
    CHECK(difference(fast.p_wait, same.wait.value) < 1e-11);
}

TEST_CASE("queue: the mean wait is the integral of its distribution") {
    const auto timed = value(solve_mmc_timeout(Erlangs(12), Millis(1), Connections(10), Millis(3)));
    CHECK(difference(mean_by_quadrature(timed, 3.0 - 1e-9), timed.mean_wait.value) < 1e-4);
    const auto users = value(solve_finite_source(28, Millis(2.5), Millis(1.5), Connections(10)));
    CHECK(difference(mean_by_quadrature(users, 30), users.mean_wait.value) < 1e-7);
    const auto constant = value(solve_mdc(Erlangs(9), Millis(1), Connections(10)));
    CHECK(difference(mean_by_quadrature(constant, 30), constant.mean_wait.value) < 1e-4);
    for (const double spread : {0.3, 0.7, 3.0}) {
        const auto phases = value(solve_mphc(Erlangs(2.5), Millis(1), value(fit_phases(spread)), Connections(3)));
        CHECK(difference(mean_by_quadrature(phases, 60), phases.mean_wait.value) < 1e-3);
    }
}

TEST_CASE("queue: with one connection the mean wait is Pollaczek's and Khinchine's") {
    for (const double rho : {0.01, 0.4, 0.8, 0.99}) {
        for (const double spread : {0.1, 0.25, 0.4, 1.0, 1.7, 30.0}) {
            const PhaseLaw law = value(fit_phases(spread));
            CHECK(difference(mean(law), 1.0) < 1e-14);
            CHECK(difference(scv(law), spread) < 1e-13);
            const auto found = value(solve_mphc(Erlangs(rho), Millis(1), law, Connections(1)));
            CHECK(difference(found.mean_wait.value, rho * (1 + spread) / 2 / (1 - rho)) < 1e-10);
            CHECK(difference(found.p_wait, rho) < 1e-11);
        }
        const auto constant = value(solve_mdc(Erlangs(rho), Millis(1), Connections(1)));
        CHECK(difference(constant.mean_wait.value, rho / 2 / (1 - rho)) < 1e-10);
        CHECK(difference(constant.p_wait, rho) < 1e-10);
    }
}

TEST_CASE("queue: more spread waits longer, from constant holds on") {
    for (const int c : {2, 5, 7}) {
        const Erlangs a(0.8 * c);
        double last = value(solve_mdc(a, Millis(1), Connections(c))).mean_wait.value;
        for (const double spread : {0.25, 0.5, 1.0, 2.0, 8.0}) {
            const auto law = value(fit_phases(spread));
            const auto found = solve_mphc(a, Millis(1), law, Connections(c));
            if (!std::holds_alternative<Mphc>(found)) continue;
            CHECK(std::get<Mphc>(found).mean_wait.value > last);
            last = std::get<Mphc>(found).mean_wait.value;
        }
    }
    const Mmc plain = mmc(8, 10);
    double last = mean_wait(plain).value;
    for (const double size : {1.5, 3.0, 10.0}) {
        const auto found = value(solve_batch_mmc(plain.load, plain.hold, plain.servers, size));
        CHECK(found.mean_wait.value > last);
        last = found.mean_wait.value;
    }
    const auto large = value(solve_batch_mmc(Erlangs(0.5), Millis(1), Connections(1), 4.0));
    // M^X/M/1 with geometric batches of mean m: wait = (rho + m - 1)/(1 - rho).
    CHECK(difference(large.mean_wait.value, (0.5 + 4.0 - 1.0) / 0.5) < 1e-12);
}

TEST_CASE("queue: the smallest size meets the goals and one less does not") {
    const Goals wait{WaitGoal{Millis(10), 0.01}, {}, {}};
    const Goals mean{{}, Millis(0.5), {}};
    const Goals busy{{}, {}, Fraction(0.7)};
    const Goals all{wait.wait, mean.mean_wait, busy.utilization};
    for (const double load : {0.001, 0.4, 3.0, 40.0, 999.5, 123456.7}) {
        for (const Goals& goals : {wait, mean, busy, all, Goals{}}) {
            const Mmc best = value(smallest_mmc(Erlangs(load), Millis(5), goals));
            CHECK(meets(best, goals));
            const auto less = solve_mmc(Erlangs(load), Millis(5), best.servers - Connections(1));
            CHECK((!std::holds_alternative<Mmc>(less) || !meets(std::get<Mmc>(less), goals)));
        }
        const auto timed = value(smallest_mmc_timeout(Erlangs(load), Millis(5), Millis(20), 0.001));
        CHECK(timed.p_timeout <= 0.001);
        if (timed.servers.value > 1) {
            const auto less = solve_mmc_timeout(Erlangs(load), Millis(5), timed.servers - Connections(1), Millis(20));
            CHECK(value(less).p_timeout > 0.001);
        }
    }
    for (const std::int64_t users : {1, 2, 28, 200, 5000}) {
        for (const Goals& goals : {wait, mean, busy, all, Goals{}}) {
            const auto best = value(smallest_pool(users, Millis(50), Millis(5), goals));
            CHECK(meets(best, goals));
            if (best.servers.value == 1) continue;
            const auto less = solve_finite_source(users, Millis(50), Millis(5), best.servers - Connections(1));
            CHECK_FALSE(meets(value(less), goals));
            const auto most = value(most_users_served(best.servers, Millis(50), Millis(5), goals));
            CHECK(most >= users);
        }
    }
}

TEST_CASE("queue: the largest rate and the longest hold stand at the edge of the goals") {
    const Goals goals{WaitGoal{Millis(10), 0.01}, Millis(2), Fraction(0.9)};
    for (const int c : {1, 2, 10, 300, 100000}) {
        const Connections size(c);
        const double rate = value(largest_rate(size, Millis(5), goals)).value;
        const auto at = [&](double r, double hold) {
            return meets(value(solve_mmc(PerSecond(r) * Millis(hold), Millis(hold), size)), goals);
        };
        CHECK(at(rate, 5));
        CHECK_FALSE(at(rate * (1 + 1e-10), 5));
        const double hold = value(longest_hold(size, PerSecond(rate), goals)).value;
        CHECK(difference(hold, 5.0) < 1e-9);
    }
    CHECK(difference(value(largest_rate(Connections(10), Millis(5), {})).value, 2000.0) < 1e-9);
}

TEST_CASE("queue: laws of the hold") {
    const auto lognormal = value(lognormal_hold(Millis(50), 1.5));
    CHECK(difference(moments(lognormal).mean.value, 50) < 1e-14);
    CHECK(difference(moments(lognormal).scv, 2.25) < 1e-14);
    // The percentiles of a lognormal law give that law back, as far as they reach.
    const auto same = value(
        percentile_hold(hold_quantile(lognormal, 0.5), hold_quantile(lognormal, 0.95), hold_quantile(lognormal, 0.99)));
    CHECK(difference(same.sigma_low, lognormal.sigma) < 1e-12);
    CHECK(difference(same.sigma_high, lognormal.sigma) < 1e-12);
    // Beyond p99 the tail is bounded: what the lognormal law has there is more.
    CHECK(moments(same).mean.value < 50);
    CHECK(difference(moments(same).mean.value, 50) < 0.02);
    CHECK(moments(same).scv < 2.25);

    const auto fitted = value(percentile_hold(Millis(5), Millis(20), Millis(400)));
    CHECK(name(fitted) == "fitted to the percentiles");
    CHECK(difference(hold_quantile(fitted, 0.5).value, 5) < 1e-12);
    CHECK(difference(hold_quantile(fitted, 0.95).value, 20) < 1e-12);
    CHECK(difference(hold_quantile(fitted, 0.99).value, 400) < 1e-12);
    double mean = 0, second = 0;  // by the midpoint rule over the quantiles
    const int n = 2'000'000;
    for (int i = 0; i < n; ++i) {
        const double x = hold_quantile(fitted, (i + 0.5) / n).value;
        mean += x / n;
        second += x * x / n;
    }
    CHECK(difference(moments(fitted).mean.value, mean) < 1e-4);
    CHECK(difference(moments(fitted).scv, second / mean / mean - 1) < 1e-3);

    const auto constant = value(percentile_hold(Millis(5), Millis(5), Millis(5)));
    CHECK(moments(constant).mean.value == doctest::Approx(5).epsilon(1e-14));
    CHECK(moments(constant).scv == 0.0);
    CHECK(value(lognormal_hold(Millis(5), 0)).sigma == 0.0);

    const HoldBin bins[] = {{Millis(0), Millis(10), 3}, {Millis(10), Millis(20), 1}, {Millis(50), Millis(60), 0}};
    const auto histogram = value(histogram_hold(bins));
    CHECK(difference(moments(histogram).mean.value, 7.5) < 1e-14);
    CHECK(difference(moments(histogram).scv, (0.75 * 100 / 3 + 0.25 * 700 / 3) / 56.25 - 1) < 1e-13);
    CHECK(hold_quantile(histogram, 0.375).value == doctest::Approx(5));
    CHECK(hold_quantile(histogram, 0.875).value == doctest::Approx(15));
}

TEST_CASE("queue: the response's law and its quantile are inverse to each other, and it is never below the wait's") {
    for (const int c : sizes)
        for (const double share : shares) {
            const Mmc system = mmc(share * c, c);
            for (const double p : {0.1, 0.5, 0.9, 0.999}) {
                const Millis t = response_quantile(system, p);
                CHECK(difference(p_response_over(system, t), 1.0 - p) < 1e-9);
                CHECK(t >= wait_quantile(system, p));
            }
        }
    CHECK(p_response_over(mmc(0.5, 1), Millis(0)) == doctest::Approx(1.0));
}

TEST_CASE("queue: a peak is sustained from ten relaxation times on") {
    CHECK(relaxation_time(mmc(0.25, 1)).value == doctest::Approx(4.0));  // S / (1 - sqrt(0.25))^2
    CHECK(relaxation_time(mmc(6.4, 10)).value == doctest::Approx(1 / (10 * 0.04)));
    CHECK(is_sustained(mmc(0.25, 1), Millis(40)));
    CHECK_FALSE(is_sustained(mmc(0.25, 1), Millis(39.9)));
    CHECK(value(peak_load(Erlangs(2), 3)).value == doctest::Approx(6));
}

TEST_CASE("queue: the band's quantile is that of M/M/c where the hold is exponential, and spreads with the hold") {
    const Mmc system = mmc(8, 10);
    const WaitBand exponential = value(wait_band(system, 1.0)), spread = value(wait_band(system, 9.0));
    for (const double p : {0.3, 0.9, 0.99}) {
        const Interval<Millis> same = wait_quantile(exponential, p), wide = wait_quantile(spread, p);
        CHECK(same.low.value == doctest::Approx(wait_quantile(system, p).value));
        CHECK(same.high.value == doctest::Approx(wait_quantile(system, p).value));
        CHECK(wide.low <= wide.high);
        CHECK(wide.high >= same.high);
    }
    CHECK(wait_quantile(spread, 0.3).high.value == 0.0);  // 59 % do not wait at all
}
