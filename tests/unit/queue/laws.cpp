// Laws that must give the same answer in two shapes, in other units, and in the limit.
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/batch.hpp>
#include <poolfit/queue/busy.hpp>
#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/deadlock.hpp>
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

PhaseLaw law_of(std::initializer_list<Phase> phases) {
    PhaseLaw law;
    for (const Phase& phase : phases) law.phase[law.count++] = phase;
    return law;
}

}  // namespace

TEST_CASE("queue: a hyperexponential law and its Coxian shape wait alike") {
    // With rates r > s, starting in the fast phase with probability p, is the same law as: the fast phase, and then,
    // with probability (1 - p)(1 - s/r), the slow one.
    const double r = 3.0, p = 0.6, s = (1 - p) / (1 - p / r);
    const PhaseLaw mixed = law_of({{p, r, 0}, {1 - p, s, 0}});
    const PhaseLaw coxian = law_of({{1, r, (1 - p) * (1 - s / r)}, {0, s, 0}});
    CHECK(difference(mean(mixed), 1) < 1e-14);
    CHECK(difference(mean(coxian), 1) < 1e-14);
    CHECK(difference(scv(mixed), 2 * (p / r / r + (1 - p) / s / s) - 1) < 1e-14);
    CHECK(difference(scv(coxian), scv(mixed)) < 1e-14);
    for (const double x : {-2.0, -0.1, 0.2, 0.45}) {
        CHECK(difference(transform(mixed, x), p * r / (r - x) + (1 - p) * s / (s - x)) < 1e-14);
        CHECK(difference(transform(coxian, x), transform(mixed, x)) < 1e-14);
    }
    CHECK(std::isinf(transform(mixed, s)));
    CHECK(std::isinf(transform(coxian, s)));
    for (const int c : {1, 2, 3, 8}) {
        for (const double rho : {0.2, 0.7, 0.95}) {
            const Erlangs a(rho * c);
            const auto one = value(solve_mphc(a, Millis(1), mixed, Connections(c)));
            const auto other = value(solve_mphc(a, Millis(1), coxian, Connections(c)));
            INFO(c, " connections at ", rho);
            CHECK(difference(one.p_wait, other.p_wait) < 1e-10);
            CHECK(difference(one.mean_wait.value, other.mean_wait.value) < 1e-10);
            for (const double t : {0.1, 1.0, 7.0})
                CHECK(difference(p_wait_over(one, Millis(t)), p_wait_over(other, Millis(t)), 1e-200) < 1e-8);
            CHECK(difference(wait_decay(mixed, a, Connections(c)), wait_decay(coxian, a, Connections(c))) < 1e-10);
        }
    }
}

TEST_CASE("queue: phases of a rate each, in a row, wait as Pollaczek and Khinchine say") {
    // 1/6 + 1/3 + 1/2 = 1; the squares' sum is the variance.
    const PhaseLaw row = law_of({{1, 6, 1}, {0, 3, 1}, {0, 2, 0}});
    const double spread = 1.0 / 36 + 1.0 / 9 + 1.0 / 4;
    CHECK(difference(mean(row), 1) < 1e-14);
    CHECK(difference(scv(row), spread) < 1e-13);
    for (const double rho : {0.3, 0.9}) {
        const auto found = value(solve_mphc(Erlangs(rho), Millis(1), row, Connections(1)));
        CHECK(difference(found.mean_wait.value, rho * (1 + spread) / 2 / (1 - rho)) < 1e-10);
    }
    // In any order: the law is the same.
    const PhaseLaw other = law_of({{1, 2, 1}, {0, 6, 1}, {0, 3, 0}});
    const auto one = value(solve_mphc(Erlangs(2.4), Millis(1), row, Connections(3)));
    const auto two = value(solve_mphc(Erlangs(2.4), Millis(1), other, Connections(3)));
    CHECK(difference(one.mean_wait.value, two.mean_wait.value) < 1e-10);
    CHECK(difference(p_wait_over(one, Millis(2)), p_wait_over(two, Millis(2))) < 1e-9);
}

TEST_CASE("queue: far out the wait falls at the rate of its decay") {
    for (const int c : {1, 2, 5}) {
        const Erlangs a(0.8 * c);
        const Connections size(c);
        CHECK(difference(wait_decay(value(fit_phases(1)), a, size), c - a.value) < 1e-12);
        for (const double spread : {0.3, 0.5, 3.0, 9.0}) {
            const PhaseLaw law = value(fit_phases(spread));
            const auto answer = solve_mphc(a, Millis(1), law, size);
            if (!std::holds_alternative<Mphc>(answer)) continue;
            const auto& system = std::get<Mphc>(answer);
            const double fall = std::log(p_wait_over(system, Millis(60)) / p_wait_over(system, Millis(61)));
            CHECK(difference(wait_decay(law, a, size), fall) < 1e-6);
        }
        const auto constant = value(solve_mdc(a, Millis(1), size));
        const double fall = std::log(p_wait_over(constant, Millis(9)) / p_wait_over(constant, Millis(10)));
        CHECK(difference(wait_decay_constant(a, size), fall) < 1e-3);
        CHECK(std::isnan(wait_decay_constant(Erlangs(c), size)));
        CHECK(std::isnan(wait_decay(value(fit_phases(2)), Erlangs(c), size)));
    }
}

TEST_CASE("queue: in other units of time the same shares wait, as many units") {
    for (const double unit : {1e-3, 60.0, 1e6}) {
        const auto check = [&](const auto& solve, double limit) {
            const auto plain = solve(1.0), scaled = solve(unit);
            CHECK(difference(scaled.mean_wait.value, plain.mean_wait.value * unit) < limit);
            CHECK(difference(scaled.p_wait, plain.p_wait) < limit);
            for (const double t : {0.0, 0.3, 2.0})
                CHECK(difference(p_wait_over(scaled, Millis(t * unit)), p_wait_over(plain, Millis(t))) < limit);
            for (const double p : {0.5, 0.99})
                CHECK(difference(wait_quantile(scaled, p).value, wait_quantile(plain, p).value * unit) < limit);
        };
        const Erlangs a(8.5);
        const Connections c(10);
        check([&](double u) { return value(solve_mmc_timeout(a, Millis(u), c, Millis(5 * u))); }, 1e-11);
        check([&](double u) { return value(solve_mmc_timeout(Erlangs(11), Millis(u), c, Millis(5 * u))); }, 1e-11);
        check([&](double u) { return value(solve_batch_mmc(a, Millis(u), c, 3)); }, 1e-12);
        check([&](double u) { return value(solve_mdc(a, Millis(u), c)); }, 1e-9);
        check([&](double u) { return value(solve_mphc(a, Millis(u), value(fit_phases(3)), c)); }, 1e-9);
        const auto users = [](double u) {
            return value(solve_finite_source(28, Millis(2 * u), Millis(u), Connections(10)));
        };
        CHECK(difference(users(unit).mean_wait.value, users(1).mean_wait.value * unit) < 1e-12);
        CHECK(difference(users(unit).throughput.value * unit, users(1).throughput.value) < 1e-12);
        CHECK(difference(wait_quantile(users(unit), 0.9).value, wait_quantile(users(1), 0.9).value * unit) < 1e-11);
        const auto closed = [](double u) {
            return value(solve_closed_pool({28, Millis(2 * u), Connections(10), 4, Millis(0.3 * u), Millis(0.6 * u)}));
        };
        CHECK(difference(closed(unit).means.mean_wait.value, closed(1).means.mean_wait.value * unit) < 1e-10);
        CHECK(difference(closed(unit).means.throughput.value * unit, closed(1).means.throughput.value) < 1e-10);
        CHECK(difference(p_wait_over(closed(unit), Millis(unit)), p_wait_over(closed(1), Millis(1))) < 1e-8);
        CHECK(difference(wait_quantile(closed(unit), 0.9).value, wait_quantile(closed(1), 0.9).value * unit) < 1e-8);
    }
}

TEST_CASE("queue: users who never think keep every connection busy") {
    for (const int c : {1, 4, 10}) {
        const auto found = value(solve_finite_source(28, Millis(0), Millis(5), Connections(c)));
        CHECK(found.throughput.value == doctest::Approx(c * 200.0));
        CHECK(found.mean_wait.value == doctest::Approx((28.0 - c) / c * 5));
        CHECK(found.mean_response.value == doctest::Approx(28.0 / c * 5));
        CHECK(found.utilization.value == doctest::Approx(1.0));
        CHECK(found.wait.value == 1.0);
        CHECK(ln_p_wait_over(found, Millis(0)) == doctest::Approx(0.0));
    }
    const auto roomy = value(solve_finite_source(10, Millis(1), Millis(1), Connections(10)));
    CHECK(roomy.mean_wait.value == 0.0);
    CHECK(roomy.wait.value == 0.0);
    CHECK(p_wait_over(roomy, Millis(0)) == 0.0);
    CHECK(value(solve_finite_source(11, Millis(1), Millis(1), Connections(10))).wait.value > 0.0);
}

TEST_CASE("queue: a closed pool with a connection for each user makes none wait") {
    for (const int size : {5, 9}) {
        const auto pool = value(solve_closed_pool({5, Millis(1), Connections(size), 5, Millis(1), Millis(2)}));
        CHECK(pool.means.p_wait == 0.0);
        CHECK(pool.means.mean_wait.value == doctest::Approx(0.0));
        CHECK(p_wait_over(pool, Millis(0)) == 0.0);
        CHECK(wait_quantile(pool, 0.999).value == 0.0);
        CHECK(pool.means.throughput.value == doctest::Approx(5 / 4.0 * 1000));  // a core for each, too
        CHECK(pool.means.cpu.value == doctest::Approx(0.25));
        CHECK(pool.means.pool.value == doctest::Approx(3.75 / size));
        CHECK(pool.means.mean_response.value == doctest::Approx(3.0));
    }
    const auto bounds = value(closed_pool_bounds({28, Millis(2500), Connections(10), 4, Millis(20), Millis(1480)}));
    CHECK(bounds.throughput.value == doctest::Approx(1000 * 10 / 1500.0));
    CHECK(bounds.knee_of_pool == doctest::Approx(10 * 4000 / 1500.0));
    CHECK(bounds.knee_of_cpu == doctest::Approx(4 * 4000 / 20.0));
    const auto idle = value(closed_pool_bounds({8, Millis(2500), Connections(10), 4, Millis(0), Millis(1500)}));
    CHECK(idle.throughput.value == doctest::Approx(1000 * 8 / 4000.0));
    CHECK(std::isinf(idle.knee_of_cpu));
    const auto cpu = value(closed_pool_bounds({900, Millis(1), Connections(100), 2, Millis(10), Millis(1)}));
    CHECK(cpu.throughput.value == doctest::Approx(200));
}

TEST_CASE("queue: the band holds its approximations, and Page's only where the hold spreads little") {
    for (const int c : {1, 2, 10, 50}) {
        for (const double rho : {0.3, 0.8, 0.97}) {
            const Mmc system = value(solve_mmc(Erlangs(rho * c), Millis(1), Connections(c)));
            const Millis exact = value(solve_mdc(system.load, Millis(1), Connections(c))).mean_wait;
            for (const double spread : {0.0, 0.2, 0.6, 1.0, 1.5, 6.0}) {
                const WaitBand band = value(wait_band(system, spread, exact));
                std::vector<Millis> all{band.allen_cunneen, band.kimura};
                if (spread <= 1.0) all.push_back(band.page);
                INFO(c, " connections at ", rho, ", ", spread);
                CHECK(band.mean_wait.low == *std::min_element(all.begin(), all.end()));
                CHECK(band.mean_wait.high == *std::max_element(all.begin(), all.end()));
                if (spread == 0.0) CHECK(difference(band.kimura.value, exact.value) < 1e-12);
                if (spread == 0.0) CHECK(difference(band.page.value, exact.value) < 1e-12);
                if (spread == 1.0) CHECK(difference(band.mean_wait.high.value, mean_wait(system).value) < 1e-12);
                if (spread == 1.0) CHECK(difference(band.mean_wait.low.value, mean_wait(system).value) < 1e-12);
            }
        }
    }
}

TEST_CASE("queue: how many are busy at once is Poisson") {
    for (const double load : {1e-6, 0.3, 1.0, 8.0, 150.0}) {
        std::vector<double> p{std::exp(-load)};
        for (int n = 1; n < 600; ++n) p.push_back(p.back() * load / n);
        for (const double share : {0.5, 0.1, 1e-3, 1e-6, 1e-9}) {
            double above = 0.0;  // summed from the small end
            int n = 599;
            while (n > 0 && above + p[static_cast<std::size_t>(n)] <= share) above += p[static_cast<std::size_t>(n--)];
            if (n == 0 && above + p[0] <= share) n = -1;
            INFO(load, " at ", share);
            CHECK(value(busy_quantile(Erlangs(load), share)).value == std::max(n, 0));
        }
    }
    CHECK(value(busy_quantile(Erlangs(8), 1)).value == 0);
    // Of a large load, normal with its square root: 3.0902 is the score of 99.9 %.
    CHECK(difference(static_cast<double>(value(busy_quantile(Erlangs(1e6), 1e-3)).value), 1e6 + 3.0902 * 1e3) < 1e-5);
}

TEST_CASE("queue: three percentiles give a law that has all of them, and a mean below the last") {
    const double z95 = 1.6448536269514722, z99 = 2.3263478740408408;
    const auto steps = [&](double low, double high) {  // sigma below and above p95
        return value(
            percentile_hold(Millis(1), Millis(std::exp(low * z95)), Millis(std::exp(low * z95 + high * (z99 - z95)))));
    };
    for (const double low : {0.0, 0.1, 1.0, 3.0}) {
        for (const double high : {0.0, 0.1, 0.95, 1.0, 5.0, 12.0}) {
            const PercentileHold law = steps(low, high);
            CHECK(difference(hold_quantile(law, 0.5).value, 1) < 1e-12);
            CHECK(difference(hold_quantile(law, 0.95).value, std::exp(low * z95)) < 1e-12);
            CHECK(difference(hold_quantile(law, 0.99).value, std::exp(low * z95 + high * (z99 - z95))) < 1e-12);
            CHECK(moments(law).mean <= law.p99 * (1 + 1e-12));
        }
    }

    // Beyond p99 the tail is exponential: each halving of what is left adds tail x ln 2. It is p99 long at most.
    for (const double high : {0.2, 2.0, 40.0}) {
        const PercentileHold law = steps(0.5, high);
        const Millis at99 = hold_quantile(law, 0.99), at995 = hold_quantile(law, 0.995);
        CHECK(difference(at99.value, law.p99.value) < 1e-12);
        CHECK(difference(at995.value - at99.value, law.tail.value * std::log(2)) < 1e-9);
        CHECK(law.tail.value <= law.p99.value);
        // The hazard goes on as it is just below p99, unless that would make the tail longer than p99.
        const double below = hold_quantile(law, 0.99 - 1e-7).value;
        const double excess = (at99.value - below) / std::log((0.01 + 1e-7) / 0.01);
        CHECK(difference(law.tail.value, std::min(excess, law.p99.value)) < 1e-4);
        double last = 0.0;
        for (double p = 0.001; p < 1.0; p += 0.001) {
            CHECK(hold_quantile(law, p).value > last);
            last = hold_quantile(law, p).value;
        }
    }
}

TEST_CASE("queue: the chance of a wait longer than 0 is the chance of a wait") {
    const Erlangs a(8);
    const Connections c(10);
    const Millis one(1);
    const auto check = [](const auto& system, double p) {
        CHECK(difference(p_wait_over(system, Millis(0)), p) < 1e-11);
        CHECK(p_wait_over(system, Millis(-1e-9)) == 1.0);
    };
    const Mmc plain = value(solve_mmc(a, one, c));
    check(plain, p_wait(plain));
    const auto batch = value(solve_batch_mmc(a, one, c, 3));
    check(batch, batch.p_wait);
    const auto timed = value(solve_mmc_timeout(a, one, c, Millis(4)));
    check(timed, timed.p_wait);
    CHECK(p_wait_over(timed, Millis(4)) == 0.0);
    CHECK(difference(p_wait_over(timed, Millis(4 - 1e-12)), timed.p_timeout) < 1e-9);
    const auto phases = value(solve_mphc(a, one, value(fit_phases(3)), c));
    check(phases, phases.p_wait);
    const auto constant = value(solve_mdc(a, one, c));
    check(constant, constant.p_wait);
    const auto users = value(solve_finite_source(28, Millis(2), one, c));
    check(users, users.wait.value);
    const auto closed = value(solve_closed_pool({28, Millis(2), c, 4, Millis(0.3), Millis(0.7)}));
    check(closed, closed.means.p_wait);
}

TEST_CASE("queue: with one connection the response is exponential; of any pool its mean is wait and hold") {
    for (const double rho : {0.1, 0.5, 0.95})
        for (const double t : {0.01, 1.0, 9.0}) {
            const Mmc system = value(solve_mmc(Erlangs(rho), Millis(1), Connections(1)));
            CHECK(difference(p_response_over(system, Millis(t)), std::exp(-(1 - rho) * t)) < 1e-13);
        }
    for (const int c : {2, 10, 60}) {
        const Mmc system = value(solve_mmc(Erlangs(0.9 * c), Millis(1), Connections(c)));
        const int n = 4000;  // Simpson
        double sum = 1.0 + p_response_over(system, Millis(80));
        for (int i = 1; i < n; ++i) sum += (i % 2 ? 4 : 2) * p_response_over(system, Millis(80.0 * i / n));
        CHECK(difference(sum * 80 / n / 3, 1 + mean_wait(system).value) < 1e-6);
    }
}

TEST_CASE("queue: with constant holds the law of the wait has no gap at a whole number of holds") {
    for (const auto c : {1, 10, 300}) {
        const auto system = value(solve_mdc(Erlangs(0.98 * c), Millis(1), Connections(c)));
        for (const double t : {1.0, 2.0})
            CHECK(difference(p_wait_over(system, Millis(t - 1e-9)), p_wait_over(system, Millis(t))) < 1e-6);
    }
}

TEST_CASE("queue: a closed pool with nothing but CPU is its cores, with nothing but external time its connections") {
    for (const double hold : {0.25, 1.0, 40.0}) {
        const auto cores = value(solve_closed_pool_fast({28, Millis(3), Connections(10), 4, Millis(hold), Millis(0)}));
        const auto four = value(solve_finite_source(28, Millis(3), Millis(hold), Connections(4)));
        CHECK(difference(cores.throughput.value, four.throughput.value) < 1e-11);
        CHECK(difference(cores.mean_response.value, four.mean_response.value) < 1e-11);
        CHECK(difference(cores.cpu.value, four.utilization.value) < 1e-11);
        const auto held = value(solve_closed_pool_fast({28, Millis(3), Connections(10), 4, Millis(0), Millis(hold)}));
        const auto ten = value(solve_finite_source(28, Millis(3), Millis(hold), Connections(10)));
        CHECK(difference(held.throughput.value, ten.throughput.value) < 1e-11);
        CHECK(difference(held.p_wait, ten.wait.value) < 1e-11);
        // A little of the other changes little.
        const auto near =
            value(solve_closed_pool_fast({28, Millis(3), Connections(10), 4, Millis(hold), Millis(1e-7)}));
        CHECK(difference(near.throughput.value, cores.throughput.value) < 1e-5);
        const auto same = value(solve_closed_pool_fast({28, Millis(3), Connections(10), 4, Millis(1), Millis(1)}));
        const auto next =
            value(solve_closed_pool_fast({28, Millis(3), Connections(10), 4, Millis(1), Millis(1 + 1e-9)}));
        CHECK(difference(same.throughput.value, next.throughput.value) < 1e-7);
    }
}

TEST_CASE("queue: without goals the rate and the hold are limited by the connections alone") {
    for (const double x : {1e-3, 1.0, 1e6}) {
        CHECK(difference(value(longest_hold(Connections(2), PerSecond(x), {})).value, 2000 / x) < 1e-9);
        CHECK(difference(value(largest_rate(Connections(2), Millis(x), {})).value, 2000 / x) < 1e-9);
    }
    CHECK(value(most_threads_without_deadlock(Connections(5), 1)) == 1'000'000);
    CHECK(value(most_threads_without_deadlock(Connections(5), 2)) == 4);
    CHECK(value(most_threads_without_deadlock(Connections(5), 3)) == 2);
    CHECK(value(deadlock_floor(4, 2)).value == 5);
    CHECK(value(deadlock_floor(7, 1)).value == 1);
}

TEST_CASE("queue: what was not filled in is zero, not something that looks like an answer") {
    const ClosedPoolBounds bounds{};
    CHECK((bounds.throughput.value == 0.0 && bounds.knee_of_pool == 0.0 && bounds.knee_of_cpu == 0.0));
    const ClosedPool pool{};
    CHECK((pool.throughput.value == 0.0 && pool.mean_wait.value == 0.0 && pool.p_wait == 0.0));
    CHECK((Mdc{}.p_wait == 0.0 && Mphc{}.p_wait == 0.0 && BatchMmc{}.p_wait == 0.0 && MmcTimeout{}.p_timeout == 0.0));
    CHECK((WaitBand{}.p_wait == 0.0 && FiniteSource{}.p_all_busy == 0.0 && HoldMoments{}.scv == 0.0));
}
