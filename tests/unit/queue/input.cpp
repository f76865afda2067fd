// Input that no system has: every function says which, and none of them fails, whatever it is given.
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/batch.hpp>
#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/hold.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mphc.hpp>
#include <poolfit/queue/sizing.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::is_bad;
using known::is_unstable;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

constexpr double numbers[] = {not_a_number, -infinite, -1.0, -1e-300, 0.0,  5e-324, 1e-12,   1e-9,
                              0.5,          1.0,       3.0,  1e4,     1e13, 1e300,  infinite};
constexpr std::int64_t wholes[] = {std::numeric_limits<std::int64_t>::min(), -1, 0, 1, 2, 9, 1'000'000, 1'000'001,
                                   std::numeric_limits<std::int64_t>::max()};

template <class T>
void check_total(const Answer<T>& answer) {
    if (const auto* bad = std::get_if<BadInput>(&answer)) {
        CHECK_FALSE(bad->input.empty());
        CHECK_FALSE(describe(*bad).empty());
    }
}

}  // namespace

TEST_CASE("queue: more load than the connections carry says which size would do") {
    const PhaseLaw exponential = known::value(fit_phases(1.0));
    CHECK(is_unstable(erlang_c(Erlangs(3), Connections(3)), 4));
    CHECK(is_unstable(erlang_c(Erlangs(3.5), Connections(3)), 4));
    CHECK(is_unstable(solve_mmc(Erlangs(12), Millis(5), Connections(10)), 13));
    CHECK(is_unstable(solve_mdc(Erlangs(12), Millis(5), Connections(10)), 13));
    CHECK(is_unstable(solve_mphc(Erlangs(12), Millis(5), exponential, Connections(10)), 13));
    CHECK(is_unstable(solve_batch_mmc(Erlangs(12), Millis(5), Connections(10), 2), 13));
    CHECK(std::holds_alternative<MmcTimeout>(solve_mmc_timeout(Erlangs(12), Millis(5), Connections(10), Millis(1))));
    const auto full = std::get<Unstable>(solve_mmc(Erlangs(12), Millis(5), Connections(10)));
    CHECK(describe(full) ==
          "the load keeps 120 % of the connections busy, so waits grow without bound: it needs at least 13");
}

TEST_CASE("queue: what is wrong with an input, in words") {
    const auto text = [](const auto& answer) { return describe(std::get<BadInput>(answer)); };
    CHECK(text(solve_mmc(Erlangs(not_a_number), Millis(5), Connections(10))) == "load is not a number");
    CHECK(text(solve_mmc(Erlangs(1), Millis(-5), Connections(10))) ==
          "mean hold time is −5: it must be at least 0.000000001");
    CHECK(text(erlang_c(Erlangs(1), Connections(2'000'000))) ==
          "number of connections is 2,000,000: it must be at most 1,000,000");
    CHECK(text(percentile_hold(Millis(5), Millis(4), Millis(9))) ==
          "p95 is 4: it must not be below 5, the one before it");
    CHECK(text(histogram_hold({})) == "histogram: none given");
}

TEST_CASE("queue: which input is wrong") {
    const Connections ten(10);
    CHECK(is_bad(erlang_b(Erlangs(0), ten), "load", Flaw::too_small));
    CHECK(is_bad(erlang_b(Erlangs(1), Connections(-1)), "number of connections", Flaw::too_small));
    CHECK(is_bad(solve_mmc_timeout(Erlangs(1), Millis(1), ten, Millis(-1)), "acquire timeout", Flaw::too_small));
    CHECK(is_bad(solve_finite_source(0, Millis(1), Millis(1), ten), "number of users", Flaw::too_small));
    CHECK(is_bad(solve_finite_source(5, Millis(not_a_number), Millis(1), ten), "mean think time", Flaw::not_a_number));
    CHECK(is_bad(fit_phases(0.0), "squared coefficient of variation", Flaw::too_small));
    CHECK(is_bad(lognormal_hold(Millis(1), -0.5), "coefficient of variation", Flaw::too_small));
    CHECK(is_bad(solve_mdc(Erlangs(0.9999), Millis(1), Connections(1)), "utilization", Flaw::too_large));
    CHECK(is_bad(solve_mphc(Erlangs(1), Millis(1), known::value(fit_phases(0.07)), ten),
                 "connections spread over phases", Flaw::too_large));
    CHECK(is_bad(smallest_mmc(Erlangs(1), Millis(1), Goals{WaitGoal{Millis(0), 0.0}, {}, {}}),
                 "share that may wait longer", Flaw::too_small));
    CHECK(is_bad(smallest_mmc(Erlangs(2e6), Millis(1), {}), "load", Flaw::too_large));
    CHECK(is_bad(solve_closed_pool({5, Millis(1), ten, 4, Millis(0), Millis(0)}), "mean hold time", Flaw::too_small));
    CHECK(is_bad(deadlock_floor(0, 2), "number of threads", Flaw::too_small));
    PhaseLaw law = known::value(fit_phases(4.0));
    law.phase[0].rate = not_a_number;
    CHECK(is_bad(solve_mphc(Erlangs(1), Millis(1), law, ten), "rate of a phase", Flaw::not_a_number));
    law.phase[0].rate = 5.0;
    CHECK(is_bad(solve_mphc(Erlangs(1), Millis(1), law, ten), "mean of the phases", Flaw::too_small));
    law.phase[1].start = 0.0;
    CHECK(is_bad(solve_mphc(Erlangs(1), Millis(1), law, ten), "way into a phase", Flaw::nothing_given));
    CHECK(is_bad(solve_mphc(Erlangs(1), Millis(1), PhaseLaw{}, ten), "number of phases", Flaw::too_small));
    CHECK(is_bad(most_users_served(Connections(1), Millis(0), Millis(1), Goals{{}, {}, Fraction(0.5)}), "goals",
                 Flaw::unreachable));
    const HoldBin upside_down{Millis(2), Millis(1), 1.0};
    CHECK(is_bad(histogram_hold({&upside_down, 1}), "bin's upper edge", Flaw::out_of_order));
    CHECK(std::isnan(wait_quantile(known::value(solve_mmc(Erlangs(1), Millis(1), ten)), 1.0).value));
    CHECK(std::isnan(wait_quantile(known::value(solve_mmc(Erlangs(1), Millis(1), ten)), not_a_number).value));
}

TEST_CASE("queue: every combination of odd numbers has an answer") {
    for (const double x : numbers) {
        for (const double y : numbers) {
            for (const std::int64_t n : wholes) {
                const Connections c(n);
                INFO(x, " ", y, " ", n);
                check_total(erlang_b(Erlangs(x), c));
                check_total(erlang_c(Erlangs(x), c));
                check_total(largest_rate(c, Millis(x), Goals{WaitGoal{Millis(y), 0.01}, {}, {}}));
                check_total(longest_hold(c, PerSecond(x), Goals{{}, Millis(y), {}}));
                check_total(solve_batch_mmc(Erlangs(x), Millis(1), c, y));
                check_total(deadlock_floor(n, n));
                for (const double z : numbers) {
                    const auto timed = solve_mmc_timeout(Erlangs(x), Millis(y), c, Millis(z));
                    check_total(timed);
                    if (const auto* system = std::get_if<MmcTimeout>(&timed)) {
                        CHECK((system->p_timeout >= 0.0 && system->p_timeout <= 1.0 && system->mean_wait.value >= 0.0));
                        CHECK((system->p_wait >= 0.0 && system->p_wait <= 1.0 + 1e-12));
                    }
                }
            }
        }
        for (const double y : numbers) {
            check_total(lognormal_hold(Millis(x), y));
            check_total(fit_phases(x));
            check_total(percentile_hold(Millis(1), Millis(x), Millis(y)));
            check_total(peak_load(Erlangs(x), y));
            check_total(smallest_mmc(Erlangs(x), Millis(y), Goals{WaitGoal{Millis(x), y}, {}, {}}));
        }
    }
    for (const std::int64_t users : wholes) {
        for (const std::int64_t n : {wholes[0], wholes[2], wholes[3], wholes[5], wholes[6], wholes[8]}) {
            for (const double think : {not_a_number, -1.0, 0.0, 1e-9, 1.0, 1e13}) {
                const auto found = solve_finite_source(users, Millis(think), Millis(1), Connections(n));
                check_total(found);
                check_total(closed_pool_bounds({users, Millis(think), Connections(n), n, Millis(1), Millis(1)}));
                const auto* system = std::get_if<FiniteSource>(&found);
                if (!system) continue;
                INFO(users, " users, think ", think, ", pool ", n);
                CHECK((system->wait.value >= 0.0 && system->wait.value <= 1.0));
                CHECK(system->mean_wait.value >= 0.0);
                CHECK(system->utilization.value <= 1.0 + 1e-9);
                CHECK(wait_quantile(*system, 0.99).value >= 0.0);
            }
        }
    }
}

TEST_CASE("queue: laws of the wait at the ends of time and of load") {
    const auto check_ends = [](const auto& system) {
        CHECK(p_wait_over(system, Millis(-1)) == 1.0);
        CHECK(p_wait_over(system, Millis(1e13)) == 0.0);
        CHECK(std::isnan(wait_quantile(system, not_a_number).value));
        CHECK(std::isnan(wait_quantile(system, 1.0).value));
        CHECK(wait_quantile(system, 0.0).value == 0.0);
        double last = 1.0;
        for (double t = 0.0; t < 1e4; t = t * 2.0 + 0.01) {
            const double p = p_wait_over(system, Millis(t));
            CHECK((p >= 0.0 && p <= last * (1 + 1e-9)));
            last = p;
        }
    };
    for (const double rho : {1e-12, 1e-5, 0.3, 0.9, 0.9989}) {
        for (const int c : {1, 3, 60}) {
            const Erlangs a(rho * c);
            INFO(c, " connections at ", rho);
            check_ends(known::value(solve_mmc(a, Millis(1), Connections(c))));
            check_ends(known::value(solve_mmc_timeout(a, Millis(1), Connections(c), Millis(7))));
            check_ends(known::value(solve_batch_mmc(a, Millis(1), Connections(c), 3.0)));
            check_ends(known::value(solve_mdc(a, Millis(1), Connections(c))));
            check_ends(known::value(solve_mphc(a, Millis(1), known::value(fit_phases(9.0)), Connections(c))));
            check_ends(known::value(solve_finite_source(70, Millis(1 / rho), Millis(1), Connections(c))));
            check_ends(
                known::value(solve_closed_pool({70, Millis(1 / rho), Connections(c), 4, Millis(0.5), Millis(0.5)})));
        }
    }
}
