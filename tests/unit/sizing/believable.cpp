// One believable answer: no share over 100 %, no throughput over its bound, intervals that hold the truth, also of laws
// whose long holds a run does not see.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/simulate/generator.hpp>
#include <poolfit/sizing/pool.hpp>

#include "../../support/sanitized.hpp"

using namespace poolfit;
using namespace poolfit::sizing;
using doctest::Approx;

namespace {

Figures figures(const Answer<Figures>& answer) {
    if (const auto* bad = std::get_if<queue::BadInput>(&answer)) FAIL(queue::describe(*bad));
    if (const auto* refused = std::get_if<Refused>(&answer)) FAIL(refused->why);
    return std::get<Figures>(answer);
}

Load open(double rate, Hold hold) {
    Load load;
    load.rate = PerSecond(rate);
    load.hold = std::move(hold);
    return load;
}

Load closed(std::int64_t users, double think_ms, Hold hold) {
    Load load = open(0, std::move(hold));
    load.users = users;
    load.think = Millis(think_ms);
    return load;
}

MeanHold mean(double ms, double cv) { return {Millis(ms), cv, {}}; }

double mean_of(const Load& load) { return std::get<Millis>(mean_hold(load.hold)).value; }

/// What holds of every answer to every load.
void check_bounds(const Load& load, const Figures& f) {
    const double c = static_cast<double>(f.size.value), hold = mean_of(load);
    CHECK(f.utilization.value <= 1.0);
    CHECK(f.throughput.value <= c / hold * 1000 * (1 + 1e-9));
    if (load.users > 0)
        CHECK(f.throughput.value <= static_cast<double>(load.users) / (load.think.value + hold) * 1000 * (1 + 1e-9));
    else
        CHECK(f.throughput.value <= load.rate.value * (1 + 1e-9));
    CHECK(f.busy_mean == Approx(f.utilization.value * c));
    CHECK(f.busy_mean == Approx(f.throughput.value * hold / 1000));
    CHECK(f.p_wait >= 0.0);
    CHECK(f.p_wait <= 1.0);
    if (f.wait_mean_range) {
        CHECK(f.wait_mean_range->low <= f.wait_mean);
        CHECK(f.wait_mean_range->high >= f.wait_mean);
    }
}

}  // namespace

TEST_CASE("rare long holds: sizes near saturation are not over 100 % busy, nor above their bound") {
    const Load load = closed(60, 100, PercentileHold{Millis(150), std::nullopt, Millis(13000)});
    Question question;
    question.precision = 0;
    question.transactions = 1e6;
    CHECK(mean_of(load) == Approx(944).epsilon(0.001));
    for (const int size : {5, 10, 40, 51, 53}) {
        const Figures f = figures(evaluate(load, Connections(size), question));
        CHECK(f.method == Method::simulation);
        check_bounds(load, f);
        if (size <= 40) CHECK(f.throughput.value == Approx(size / 0.944).epsilon(0.01));
    }
    const Figures at51 = figures(evaluate(load, Connections(51), question));
    CHECK(at51.throughput.value <= 54.03);
    CHECK(at51.throughput.value > 52);
}

TEST_CASE("one connection: the mean wait is exact, whatever the run would see") {
    const HistogramHold rare{{{Millis(0), Millis(1), 1e8}, {Millis(36e3), Millis(3600e3), 1}}};
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    const Figures one = figures(evaluate(open(100, rare), Connections(1), question));
    CHECK(one.method == Method::single);
    CHECK(one.wait_mean.value == Approx(2301).epsilon(0.001));
    CHECK_FALSE(one.error_bound);
    CHECK_FALSE(meets(one, question));
    // Two: known is what is known without a run, and the run does not call itself precise.
    const Figures two = figures(evaluate(open(100, rare), Connections(2), question));
    CHECK(two.method == Method::simulation);
    CHECK(two.busy_mean == Approx(0.0518).epsilon(0.01));
    CHECK(*two.unseen > 0.01);
    CHECK_FALSE(two.precise);
    // Both are held for long a share (100/s 1e-8 1818 s)^2/2 of the time at least.
    CHECK(*two.p_over + *two.p_over_error > 1.6e-6);
    CHECK(two.wait_mean_range->high.value > 1.6e-6 * 600e3);
}

TEST_CASE("one connection and any law: Pollaczek and Khinchine") {
    for (const double cv : {0.3, 2.0, 5.0, 20.0}) {
        const Figures f = figures(evaluate(open(80, mean(10, cv)), Connections(1), {}));
        CHECK(f.method == Method::single);
        CHECK(f.wait_mean.value == Approx(0.8 * (1 + cv * cv) / (2 * 0.2) * 10).epsilon(1e-9));
        CHECK(f.p_wait == Approx(0.8));
    }
}

TEST_CASE("a connection for each user: nobody waits, and N/(Z + S) are served") {
    for (const double cv : {0.2, 2.0, 30.0}) {
        for (const int size : {5, 8}) {
            Load load = closed(5, 100, mean(100, cv));
            const Figures f = figures(evaluate(load, Connections(size), {}));
            CHECK(f.method == Method::nobody_waits);
            CHECK(f.throughput.value == Approx(25));
            CHECK(f.utilization.value == Approx(2.5 / size));
            CHECK(f.wait_p99->value == 0.0);
            CHECK(f.p_wait == 0.0);
            load.acquire_timeout = Millis(10);
            CHECK(*figures(evaluate(load, Connections(size), {})).p_timeout == 0.0);
            // Its law does not matter beside a shared CPU either: the network has a product form.
            load.acquire_timeout.reset();
            load.cpu = Millis(40);
            load.vcpus = 2;
            const Figures shared = figures(evaluate(load, Connections(size), {}));
            load.hold = mean(100, 1);
            const Figures exponential = figures(evaluate(load, Connections(size), {}));
            CHECK(shared.method == exponential.method);
            CHECK(shared.throughput.value == Approx(exponential.throughput.value));
        }
    }
}

TEST_CASE("two percentiles too far apart are refused, three of them are a law with a mean below the last") {
    const auto wide = mean_hold(PercentileHold{Millis(1), std::nullopt, Millis(60000)});
    REQUIRE(std::holds_alternative<queue::BadInput>(wide));
    CHECK(std::get<queue::BadInput>(wide).flaw == queue::Flaw::too_large);
    CHECK(std::get<Millis>(mean_hold(PercentileHold{Millis(1), std::nullopt, Millis(50000)})).value < 50000);
    CHECK(std::holds_alternative<queue::BadInput>(mean_hold(PercentileHold{Millis(1), Millis(230), std::nullopt})));
    CHECK(std::get<Millis>(mean_hold(PercentileHold{Millis(1), Millis(220), std::nullopt})).value < 220);
    const Millis three = std::get<Millis>(mean_hold(PercentileHold{Millis(10), Millis(20), Millis(1000)}));
    CHECK(three.value > 20);
    CHECK(three.value < 100);
    const Millis far = std::get<Millis>(mean_hold(PercentileHold{Millis(1), Millis(2), Millis(1e9)}));
    CHECK(far.value < 1e9);
    // p50 10 ms, p95 20 ms, p99 1 s at 5/s: 0.18 erlangs, so a few connections and never over 100 %.
    Question question;
    question.goals.wait = queue::WaitGoal{Millis(5), 0.001};
    question.precision = 0;
    question.transactions = 1e6;
    const Figures f = figures(smallest(open(5, PercentileHold{Millis(10), Millis(20), Millis(1000)}), question));
    CHECK(f.size <= Connections(4));
    CHECK(f.utilization.value < 0.2);
}

TEST_CASE("random laws and loads: bounds hold, and intervals cover what is exact") {
    simulate::Generator random(7, simulate::Purpose::start, 0, 0);
    const auto between = [&](double low, double high) { return low * std::pow(high / low, random.uniform()); };
    Question question;
    question.precision = 0;
    question.transactions = 2e5;
    int covered = 0, known = 0;
    for (int i = 0; i < test::sampled(120); ++i) {
        CAPTURE(i);
        question.seed = static_cast<std::uint64_t>(i);
        const double ms = between(1, 100), cv = between(0.2, 20);
        Hold hold = mean(ms, cv);
        if (i % 3 == 1) hold = PercentileHold{Millis(ms), Millis(ms * 3), Millis(ms * between(3.5, 300))};
        if (i % 3 == 2)
            hold =
                HistogramHold{{{Millis(0), Millis(ms), 1.0}, {Millis(ms * 10), Millis(ms * 1000), between(1e-8, 0.1)}}};
        const int size = static_cast<int>(between(1, 20));
        Load load = closed(static_cast<std::int64_t>(between(2, 60)), between(1, 1000), hold);
        if (i % 2 == 0) load = open(between(0.1, 0.95) * size / mean_of(load) * 1000, hold);
        if (i % 5 == 0) load.acquire_timeout = Millis(between(1, 1000));
        const Figures f = figures(evaluate(load, Connections(size), question));
        check_bounds(load, f);
        if (load.users > 0 || load.acquire_timeout) continue;
        // One queue for all connections waits no longer than arrivals that are dealt out to single ones at random,
        // which is exact (Wolff 1977).
        Load one = open(load.rate.value / size, hold);
        const Figures single = figures(evaluate(one, Connections(1), question));
        CHECK(single.method == Method::single);
        CHECK(f.wait_mean_range.value_or(Interval<Millis>(f.wait_mean)).low <= single.wait_mean * (1 + 1e-9));
    }
    // Laws next to exponential have their formula: a histogram of it is simulated, and has to cover.
    for (int i = 0; i < 40; ++i) {
        question.seed = static_cast<std::uint64_t>(i);
        const int size = static_cast<int>(between(2, 12)), users = size + static_cast<int>(between(1, 30));
        Load load = i % 2 == 0 ? open(between(0.3, 0.9) * size * 100, mean(10, 1))
                               : closed(users, between(1, 100), mean(10, 1));
        const Figures exact = figures(evaluate(load, Connections(size), question));
        CHECK(exact.method != Method::simulation);
        HistogramHold same;
        for (int k = 0; k < 1200; ++k) {
            const double low = 0.2 * k, high = 0.2 * (k + 1);
            same.bins.push_back({Millis(low), Millis(high), std::exp(-low / 10) - std::exp(-high / 10)});
        }
        load.hold = same;
        const Figures simulated = figures(evaluate(load, Connections(size), question));
        CHECK(simulated.method == Method::simulation);
        ++known;
        const double slack = 1e-4 * exact.wait_mean.value;
        covered += simulated.wait_mean_range->low.value <= exact.wait_mean.value + slack &&
                   simulated.wait_mean_range->high.value >= exact.wait_mean.value - slack;
    }
    CHECK(known == 40);
    CHECK(covered >= 35);  // of intervals of 95 %
}
