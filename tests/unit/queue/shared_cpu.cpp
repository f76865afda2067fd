// A pool on a shared CPU: what it must be where the CPU, or all but the CPU, plays no part, and what lies between.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include <doctest/doctest.h>

#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/shared_cpu.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::difference;
using known::value;

namespace {

SharedCpuLoad open(double rate, double cpu, double elsewhere, std::int64_t vcpus, double others = 0) {
    return {PerSecond(rate), 0, Millis(0), Millis(cpu), Millis(elsewhere), vcpus, others};
}

SharedCpuLoad closed(std::int64_t users, double think, double cpu, double elsewhere, std::int64_t vcpus,
                     double others = 0) {
    return {PerSecond(0), users, Millis(think), Millis(cpu), Millis(elsewhere), vcpus, others};
}

/// H(k) by its definition, summed as far as it counts.
double weight(int k, double vcpus, double others) {
    double term = 1.0, total = 0.0;
    for (int i = 1; i <= k; ++i) term /= std::min<double>(i, vcpus);
    for (int b = 1; term > 0.0; ++b) {
        total += term;
        term *= others * (k + b) / b / std::min<double>(k + b, vcpus);
        if (b > 100 && term < 1e-18 * total) break;
    }
    return total;
}

}  // namespace

TEST_CASE("shared CPU: with a vCPU for each connection it is M/M/c, and M/M/c//N") {
    for (const int c : {1, 2, 7, 40}) {
        const double rate = 80.0 * c;  // of 10 ms: 80 % busy
        const auto pool = value(solve_shared_cpu(open(rate, 6, 4, 64), Connections(c)));
        const auto mmc = value(solve_mmc(Erlangs(0.8 * c), Millis(10), Connections(c)));
        CHECK(difference(pool.wait.value, p_wait(mmc)) < 1e-12);
        CHECK(difference(pool.mean_wait.value, mean_wait(mmc).value) < 1e-11);
        CHECK(difference(pool.busy_mean, 0.8 * c) < 1e-12);
        CHECK(difference(p_wait_over(pool, Millis(5)), p_wait_over(mmc, Millis(5))) < 1e-11);
        CHECK(difference(wait_quantile(pool, 0.99).value, wait_quantile(mmc, 0.99).value, 1e-9) < 1e-10);
        for (const int users : {c, c + 1, 3 * c, 90}) {
            const auto some = value(solve_shared_cpu(closed(users, 12, 6, 4, 64), Connections(c)));
            const auto source = value(solve_finite_source(users, Millis(12), Millis(10), Connections(c)));
            CHECK(difference(some.wait.value, source.wait.value, 1e-300) < 1e-11);
            CHECK(difference(some.throughput.value, source.throughput.value) < 1e-11);
            CHECK(difference(some.busy_mean, source.throughput.value / 1000 * 10) < 1e-11);  // Little's law
            CHECK(difference(some.mean_wait.value, source.mean_wait.value, 1e-300) < 1e-10);
            CHECK(difference(p_wait_over(some, Millis(5)), p_wait_over(source, Millis(5)), 1e-300) < 1e-10);
        }
    }
}

TEST_CASE("shared CPU: holds of nothing but CPU are M/M/v, of which the pool lets c in") {
    for (const int c : {3, 4, 5, 9}) {
        // 75 % of four vCPUs; of three connections all are on a vCPU.
        const auto pool = value(solve_shared_cpu(open(225, 10, 0, 4), Connections(c)));
        const int busy = std::min(c, 4);
        const double load = 2.25, rho = load / busy;
        const double full = value(erlang_c(Erlangs(load), Connections(busy))).value * std::pow(rho, c - busy);
        CHECK(difference(pool.wait.value, full) < 1e-12);
        CHECK(difference(p_wait_over(pool, Millis(20)), full * std::exp(-(busy / 10.0 - 0.225) * 20)) < 1e-11);
    }
}

TEST_CASE("shared CPU: what others leave of the vCPUs is the sum that defines it") {
    for (const double vcpus : {1.0, 2.0, 5.0, 16.0}) {
        for (const double busy : {0.01, 0.4, 0.9}) {
            for (const int k : {1, 2, 3, 5, 8, 30}) {
                const double others = busy * vcpus;
                // One user who never thinks: k of them are always on the CPU.
                SharedCpuLoad load = closed(k, 0, 1, 0, static_cast<std::int64_t>(vcpus), others);
                const auto pool = value(solve_shared_cpu(load, Connections(k)));
                const double speed = weight(k - 1, vcpus, others) / weight(k, vcpus, others);
                INFO(vcpus, " vCPUs, ", others, " busy, ", k, " more");
                CHECK(difference(pool.ends, speed) < 1e-10);
                if (k > vcpus) CHECK(difference(pool.ends, vcpus - others) < 1e-10);
                load.others_most = 0;
                CHECK(difference(value(solve_shared_cpu(load, Connections(k))).ends, std::min<double>(k, vcpus)) <
                      1e-12);
                load.others_most = 3;
                CHECK(value(solve_shared_cpu(load, Connections(k))).ends >= k * std::min(1.0, vcpus / (k + 3)) - 1e-12);
            }
        }
    }
}

TEST_CASE("shared CPU: alone and closed it is the flow-equivalent solution of the closed network") {
    for (const std::int64_t users : {5, 30, 200}) {
        for (const int c : {2, 9, 25}) {
            const auto pool = value(solve_shared_cpu(closed(users, 100, 8, 20, 4), Connections(c)));
            const auto fast =
                value(solve_closed_pool_fast({users, Millis(100), Connections(c), 4, Millis(8), Millis(20)}));
            CHECK(difference(pool.throughput.value, fast.throughput.value) < 1e-12);
            CHECK(difference(pool.wait.value, fast.p_wait, 1e-300) < 1e-10);
            CHECK(difference(pool.mean_wait.value, fast.mean_wait.value, 1e-300) < 1e-8);
        }
    }
}

// `simulate` with seed 1 and a precision of 1 %: 30/s × 80 ms, 48 of them CPU, on two vCPUs and 4 connections.
TEST_CASE(
    "shared CPU: one pool alone waits as it does in the simulation, where a longer mean hold says twice as much") {
    const auto pool = value(solve_shared_cpu(open(30, 48, 32, 2), Connections(4)));
    CHECK(pool.wait.value == doctest::Approx(0.4913).epsilon(0.03));
    CHECK(pool.mean_wait.value == doctest::Approx(58.5).epsilon(0.03));
    CHECK(wait_quantile(pool, 0.99).value == doctest::Approx(457.7).epsilon(0.03));
    CHECK(pool.busy_mean == doctest::Approx(2.873).epsilon(0.03));
}

TEST_CASE(
    "shared CPU: the more others are there, the more is waited; the smallest size meets its goals, one less not") {
    const Goals goals{WaitGoal{Millis(5), 0.01}, std::nullopt, std::nullopt};
    double before = 0;
    std::int64_t least = 1;
    for (const double others : {0.0, 0.5, 2.0, 2.9}) {
        const SharedCpuLoad load = open(100, 8, 12, 4, others);
        const double waits = p_wait_over(value(solve_shared_cpu(load, Connections(4))), Millis(5));
        CHECK(waits > before);
        before = waits;
        const auto smallest = value(smallest_shared_cpu(load, goals));
        CHECK(p_wait_over(smallest, Millis(5)) <= 0.01);
        const auto one_less = solve_shared_cpu(load, smallest.size - Connections(1));
        const auto* pool = std::get_if<SharedCpuPool>(&one_less);
        CHECK((pool == nullptr || p_wait_over(*pool, Millis(5)) > 0.01));
        CHECK(smallest.size.value >= least);
        least = smallest.size.value;
    }
}

TEST_CASE("shared CPU: holds alike have the same P(wait > t), open and closed") {
    const auto some = value(solve_shared_cpu(open(100, 8, 12, 4, 2.5), Connections(5)));
    const Millis hold = hold_alike(some, Millis(5));
    CHECK(hold.value > 20);
    const auto alike = value(solve_mmc(PerSecond(100) * hold, hold, Connections(5)));
    CHECK(difference(p_wait_over(alike, Millis(5)), p_wait_over(some, Millis(5))) < 1e-9);
    const auto users = value(solve_shared_cpu(closed(30, 200, 8, 12, 4, 2.5), Connections(4)));
    const Millis held = hold_alike(users, Millis(0));
    const auto source = value(solve_finite_source(30, Millis(200), held, Connections(4)));
    CHECK(difference(source.wait.value, users.wait.value) < 1e-9);
    // Nobody waits: as long as it is held.
    const auto each = value(solve_shared_cpu(closed(4, 200, 8, 12, 4, 2.5), Connections(4)));
    CHECK(each.wait.value == 0);
    CHECK(difference(hold_alike(each, Millis(5)).value, each.busy_mean / each.throughput.value * 1000) < 1e-12);
}

TEST_CASE("shared CPU: past what a size or the CPU carries it says so, and what is out of range is refused") {
    const auto small = solve_shared_cpu(open(100, 8, 12, 4, 2.5), Connections(2));
    const auto* unstable = std::get_if<Unstable>(&small);
    REQUIRE(unstable != nullptr);
    CHECK(unstable->utilization.value == doctest::Approx(1.04).epsilon(0.05));
    CHECK(unstable->smallest_stable == Connections(3));
    const auto full = solve_shared_cpu(open(500, 8, 12, 4, 0.5), Connections(2));
    REQUIRE(std::get_if<Unstable>(&full) != nullptr);
    CHECK(std::get<Unstable>(full).smallest_stable == Connections(0));
    // 30,000 at a time, nearly all of it elsewhere: more than most_sharing, though the CPU has time.
    const auto wide = solve_shared_cpu(open(3e6, 1e-6, 10, 4), Connections(9));
    REQUIRE(std::get_if<Unstable>(&wide) != nullptr);
    CHECK(std::get<Unstable>(wide).smallest_stable == Connections(0));
    // As much as it carries, but for rounding: no wait is long enough.
    for (const double cpu : {0.27, 0.4455, 1.7, 3.3})
        for (const int c : {1, 3, 5, 6}) {
            const auto at_most = solve_shared_cpu(open(100.0 * c, cpu, 10 - cpu, 64), Connections(c));
            REQUIRE(std::get_if<Unstable>(&at_most) != nullptr);
            CHECK(std::get<Unstable>(at_most).utilization.value == doctest::Approx(1).epsilon(1e-12));
            CHECK(std::get<Unstable>(at_most).utilization.value >= 1);
            CHECK(std::get<Unstable>(at_most).smallest_stable == Connections(c + 1));
            CHECK(std::holds_alternative<SharedCpuPool>(
                solve_shared_cpu(open(100.0 * c * (1 - 1e-9), cpu, 10 - cpu, 64), Connections(c))));
        }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const SharedCpuLoad& bad :
         {open(nan, 1, 1, 2), open(-1, 1, 1, 2), open(1, -1, 1, 2), open(1, 1, nan, 2), open(1, 1, 1, 0),
          open(1, 1, 1, 2, 2), open(1, 1, 1, 2, -1), open(1, 0, 0, 2), closed(-1, 1, 1, 1, 2), closed(1, -1, 1, 1, 2)})
        CHECK(std::holds_alternative<BadInput>(solve_shared_cpu(bad, Connections(3))));
    CHECK(std::holds_alternative<BadInput>(solve_shared_cpu(open(1, 1, 1, 2), Connections(0))));
    CHECK(std::holds_alternative<BadInput>(solve_shared_cpu(open(1, 1, 1, 2), Connections(most_sharing + 1))));
    // Who does not think is always there: one connection is busy all of the time, and a goal of 100 % allows that.
    CHECK(value(smallest_shared_cpu(closed(4, 0, 8, 12, 4), Goals{{}, {}, Fraction(1)})).size == Connections(1));
    // Very many users at once: the queue is full for good, and nothing overflows.
    const auto crowd = value(solve_shared_cpu(closed(1'000'000, 1, 8, 12, 4, 1), Connections(10)));
    CHECK(crowd.wait.value == doctest::Approx(1));
    CHECK(crowd.throughput.value == doctest::Approx(crowd.ends * 1000));
    const auto large = value(solve_shared_cpu(open(900'000, 4, 6, 4096, 10), Connections(9'500)));
    CHECK(large.busy_mean >= 9000);
}

TEST_CASE("shared CPU: each bound is inside its range, and what is past it is refused with that bound") {
    const auto bad = [](const SharedCpuLoad& load) {
        const auto answer = solve_shared_cpu(load, Connections(3));
        const auto* refused = std::get_if<BadInput>(&answer);
        return refused == nullptr ? std::optional<BadInput>() : *refused;
    };
    const auto at = [&](double bound, double past, const auto& load) {
        CAPTURE(bound);
        CHECK_FALSE(bad(load(bound)).has_value());
        const auto refused = bad(load(past));
        REQUIRE(refused.has_value());
        CHECK(refused->limit == bound);
        CHECK(refused->value == past);
        CHECK(refused->flaw == (past > bound ? Flaw::too_large : Flaw::too_small));
    };
    const auto rate = [](double v) { return open(v, 1e-6, 1e-6, 4); };
    at(1e13, 1.0001e13, rate);
    at(1e-9, 0.9999e-9, rate);
    const auto vcpus = [](double v) { return open(1, 1, 1, static_cast<std::int64_t>(v)); };
    at(4096, 4097, vcpus);
    at(1, 0, vcpus);
    at(most_users, static_cast<double>(most_users) + 1,
       [](double v) { return closed(static_cast<std::int64_t>(v), 1, 1, 1, 4); });
    at(0, -1e-9, [](double v) { return open(1, 1, 1, 4, v); });
}
