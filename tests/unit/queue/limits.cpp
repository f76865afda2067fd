// Both sides of each limit that a header names: what stands at it is taken, what is past it is refused, and says so.
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/batch.hpp>
#include <poolfit/queue/busy.hpp>
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
using known::value;

namespace {

/// `ask(x)` takes this input from least to most, and refuses the next numbers below and above.
template <class Ask>
void check_limits(const std::string& input, double least, double most, Ask ask) {
    INFO(input, " from ", least, " to ", most);
    const auto bad = [&](double x) {
        const auto answer = ask(x);
        const auto* found = std::get_if<BadInput>(&answer);
        return found && found->input == input ? *found : BadInput{"none of that name", Flaw::unreachable, x, x};
    };
    for (const double x : {least, most}) CHECK(bad(x).flaw == Flaw::unreachable);
    const double inf = std::numeric_limits<double>::infinity();
    const BadInput low = bad(std::nextafter(least, -inf)), high = bad(std::nextafter(most, inf));
    CHECK((low.flaw == Flaw::too_small && low.limit == least));
    CHECK((high.flaw == Flaw::too_large && high.limit == most));
    CHECK(bad(std::numeric_limits<double>::quiet_NaN()).flaw == Flaw::not_a_number);
}

template <class Ask>
void check_whole_limits(const std::string& input, std::int64_t least, std::int64_t most, Ask ask) {
    INFO(input, " from ", least, " to ", most);
    for (const std::int64_t n : {least, most}) CHECK_FALSE(std::holds_alternative<BadInput>(ask(n)));
    CHECK(known::is_bad(ask(least - 1), input.c_str(), Flaw::too_small));
    CHECK(known::is_bad(ask(most + 1), input.c_str(), Flaw::too_large));
}

PhaseLaw phases(double scv) { return value(fit_phases(scv)); }

}  // namespace

TEST_CASE("queue: real numbers at their limits") {
    const Connections ten(10);
    const Mmc plain = value(solve_mmc(Erlangs(8), Millis(1), ten));
    check_limits("load", 1e-12, 1e7, [&](double x) { return erlang_b(Erlangs(x), ten); });
    check_limits("load", 1e-12, 1e7, [&](double x) { return busy_quantile(Erlangs(x), 0.5); });
    check_limits("load", 1e-12, 1e7, [&](double x) { return peak_load(Erlangs(x), 2); });
    check_limits("load", 1e-12, 1e7,
                 [&](double x) { return solve_mmc_timeout(Erlangs(x), Millis(1), ten, Millis(1)); });
    check_limits("load", 1e-12, 999'999, [&](double x) { return smallest_mmc(Erlangs(x), Millis(1), {}); });
    check_limits("mean hold time", 1e-9, 1e13, [&](double x) { return solve_mmc(Erlangs(1), Millis(x), ten); });
    check_limits("mean hold time", 1e-9, 1e13, [&](double x) { return solve_mdc(Erlangs(1), Millis(x), ten); });
    check_limits("mean hold time", 1e-9, 1e13,
                 [&](double x) { return solve_mphc(Erlangs(1), Millis(x), phases(2), ten); });
    check_limits("mean hold time", 1e-9, 1e13, [&](double x) { return lognormal_hold(Millis(x), 1); });
    check_limits("mean hold time", 1e-9, 1e13,
                 [&](double x) { return solve_finite_source(20, Millis(5), Millis(x), ten); });
    check_limits("arrival rate", 1e-9, 1e13, [&](double x) { return longest_hold(ten, PerSecond(x), {}); });
    check_limits("mean batch", 1, 1e6, [&](double x) { return solve_batch_mmc(Erlangs(1), Millis(1), ten, x); });
    check_limits("peak factor", 1, 1e4, [&](double x) { return peak_load(Erlangs(1), x); });
    check_limits("share of the time", 1e-9, 1, [&](double x) { return busy_quantile(Erlangs(3), x); });
    check_limits("squared coefficient of variation", 1.0 / 16, 1e4, [&](double x) { return fit_phases(x); });
    check_limits("squared coefficient of variation", 0, 1e4, [&](double x) { return wait_band(plain, x, Millis(1)); });
    check_limits("mean wait with constant holds", 0, 1e13, [&](double x) { return wait_band(plain, 2, Millis(x)); });
    check_limits("coefficient of variation", 0, 100, [&](double x) { return lognormal_hold(Millis(1), x); });
    check_limits("p50", 1e-9, 1e13, [&](double x) { return percentile_hold(Millis(x), Millis(1e13), Millis(1e13)); });
    check_limits("p95", 1e-9, 1e13, [&](double x) { return percentile_hold(Millis(1e-9), Millis(x), Millis(1e13)); });
    check_limits("p99", 1e-9, 1e13, [&](double x) { return percentile_hold(Millis(1e-9), Millis(1e-9), Millis(x)); });
    check_limits("utilization", 1e-9, 1e9, [&](double x) {
        return smallest_mmc(Erlangs(1e-6), Millis(1), Goals{{}, {}, Fraction(x)});
    });
    check_limits("share that may wait longer", 1e-300, 1, [&](double x) {
        return smallest_mmc(Erlangs(1), Millis(1), Goals{WaitGoal{Millis(1), x}, {}, {}});
    });
    check_limits("share that may time out", 1e-300, 1,
                 [&](double x) { return smallest_mmc_timeout(Erlangs(1), Millis(1), Millis(1), x); });
    check_limits("CPU time", 1e-9, 1e13, [&](double x) {
        return solve_closed_pool({2, Millis(1e12), ten, 4, Millis(x), Millis(1e12)});
    });
    check_limits("external time", 1e-9, 1e13, [&](double x) {
        return solve_closed_pool({2, Millis(1e12), ten, 4, Millis(1e12), Millis(x)});
    });
    check_limits("mean think time", 1e-9, 1e13, [&](double x) {
        return solve_closed_pool_fast({2, Millis(x), ten, 4, Millis(1), Millis(1)});
    });
}

TEST_CASE("queue: times that may be 0 are 0, or long enough to be one") {
    const auto timeout = [](double x) { return solve_mmc_timeout(Erlangs(1), Millis(1), Connections(2), Millis(x)); };
    const auto think = [](double x) { return solve_finite_source(5, Millis(x), Millis(1), Connections(2)); };
    for (const double x : {0.0, 1e-9, 1e13}) {
        CHECK(std::holds_alternative<MmcTimeout>(timeout(x)));
        CHECK(std::holds_alternative<FiniteSource>(think(x)));
    }
    for (const double x : {-1e-300, 1e-300, 0.9e-9}) {
        CHECK(known::is_bad(timeout(x), "acquire timeout", Flaw::too_small));
        CHECK(known::is_bad(think(x), "mean think time", Flaw::too_small));
    }
    CHECK(std::get<BadInput>(timeout(-1)).limit == 0.0);
    CHECK(std::get<BadInput>(timeout(1e-10)).limit == 1e-9);
    CHECK(known::is_bad(timeout(1.1e13), "acquire timeout", Flaw::too_large));
    const auto pool = [](double cpu, double external) {
        return solve_closed_pool_fast({5, Millis(1), Connections(2), 4, Millis(cpu), Millis(external)});
    };
    CHECK(std::holds_alternative<ClosedPool>(pool(0, 1)));
    CHECK(std::holds_alternative<ClosedPool>(pool(1, 0)));
    CHECK(known::is_bad(pool(1e-10, 1), "CPU time", Flaw::too_small));
    CHECK(known::is_bad(pool(1, 1e-10), "external time", Flaw::too_small));
    CHECK(known::is_bad(pool(0.6e13, 0.6e13), "mean hold time", Flaw::too_large));
}

TEST_CASE("queue: whole numbers at their limits") {
    const Millis one(1);
    const auto servers = "number of connections";
    check_whole_limits(servers, 0, 1'000'000, [&](auto n) { return erlang_b(Erlangs(0.5), Connections(n)); });
    check_whole_limits(servers, 1, 1'000'000, [&](auto n) { return erlang_c(Erlangs(0.5), Connections(n)); });
    check_whole_limits(servers, 1, 1'000'000, [&](auto n) { return solve_mmc(Erlangs(0.5), one, Connections(n)); });
    check_whole_limits(servers, 1, 1000, [&](auto n) { return solve_mdc(Erlangs(0.5), one, Connections(n)); });
    check_whole_limits(servers, 1, 1'000'000, [&](auto n) { return largest_rate(Connections(n), one, {}); });
    check_whole_limits(servers, 1, 1'000'000, [&](auto n) { return most_threads_without_deadlock(Connections(n), 2); });
    check_whole_limits("number of users", 1, 1'000'000,
                       [&](auto n) { return solve_finite_source(n, one, one, Connections(3)); });
    check_whole_limits("number of cores", 1, 1'000'000, [&](auto n) {
        return closed_pool_bounds({5, one, Connections(3), n, one, one});
    });
    check_whole_limits("number of threads", 1, 1'000'000, [&](auto n) { return deadlock_floor(n, 2); });
    check_whole_limits("connections held by one thread", 1, 1'000'000, [&](auto n) { return deadlock_floor(2, n); });

    // Two phases are solved to 149 connections, three to 15, four to 7.
    struct Row {
        double scv;
        int most;
    };
    for (const Row& row : {Row{4.0, 149}, Row{0.35, 15}, Row{0.26, 7}}) {
        const PhaseLaw law = phases(row.scv);
        const auto solved = [&](int c) { return solve_mphc(Erlangs(0.01), one, law, Connections(c)); };
        INFO(row.scv);
        CHECK(std::holds_alternative<Mphc>(solved(row.most)));
        CHECK(known::is_bad(solved(row.most + 1),
                            row.most == 149 ? "number of connections" : "connections spread over phases",
                            Flaw::too_large));
    }
    CHECK(std::holds_alternative<Mphc>(solve_mphc(Erlangs(0.9999), one, phases(2), Connections(1))));
    CHECK(known::is_bad(solve_mphc(Erlangs(0.99991), one, phases(2), Connections(1)), "utilization", Flaw::too_large));
    CHECK(std::holds_alternative<Mdc>(solve_mdc(Erlangs(0.999), one, Connections(1))));
    CHECK(known::is_bad(solve_mdc(Erlangs(0.9991), one, Connections(1)), "utilization", Flaw::too_large));
    CHECK(known::is_bad(solve_mphc(Erlangs(1), one, phases(1), Connections(150)), "number of connections",
                        Flaw::too_large));

    // Size counts up to the number of users.
    const auto fast = [&](auto users, auto size) {
        return solve_closed_pool_fast({users, one, Connections(size), 4, Millis(0), one});
    };
    CHECK(std::holds_alternative<ClosedPool>(fast(5000, 3000)));
    CHECK(std::holds_alternative<ClosedPool>(fast(3000, 1'000'000)));
    CHECK(known::is_bad(fast(5000, 3001), "number of connections", Flaw::too_large));
    CHECK(known::is_bad(solve_closed_pool({201, one, Connections(99), 4, one, one}), "users x connections^3",
                        Flaw::too_large));
    CHECK(known::is_bad(solve_closed_pool({1600, one, Connections(50), 4, one, one}), "users x connections^3",
                        Flaw::too_large));
}

TEST_CASE("queue: phases at their limits") {
    const auto solved = [](const PhaseLaw& law) { return solve_mphc(Erlangs(1), Millis(1), law, Connections(3)); };
    PhaseLaw law;  // a quarter of the time in the first phase
    law.count = 2;
    law.phase[0] = {1.0, 4.0, 1.0};
    law.phase[1] = {0.0, 4.0 / 3, 0.0};
    CHECK(std::holds_alternative<Mphc>(solved(law)));
    const auto with = [&](auto change) {
        PhaseLaw other = law;
        change(other);
        return solved(other);
    };
    CHECK(
        known::is_bad(with([](PhaseLaw& x) { x.phase[1].onward = 1e-9; }), "probability of going on", Flaw::too_large));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].onward = 1.001; }), "probability of going on",
                        Flaw::too_large));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].onward = -1e-9; }), "probability of going on",
                        Flaw::too_small));
    CHECK(
        known::is_bad(with([](PhaseLaw& x) { x.phase[0].start = 1.001; }), "probability of a phase", Flaw::too_large));
    CHECK(
        known::is_bad(with([](PhaseLaw& x) { x.phase[1].start = -1e-9; }), "probability of a phase", Flaw::too_small));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].rate = 0.9e-6; }), "rate of a phase", Flaw::too_small));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].rate = 1.1e6; }), "rate of a phase", Flaw::too_large));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[1].start = 0.01; }), "sum of the phases' probabilities",
                        Flaw::too_large));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].start = 0.99; }), "sum of the phases' probabilities",
                        Flaw::too_small));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[1].rate = 1.3; }), "mean of the phases", Flaw::too_large));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[1].rate = 1.4; }), "mean of the phases", Flaw::too_small));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.phase[0].onward = 0.0; }), "way into a phase", Flaw::nothing_given));
    CHECK(known::is_bad(with([](PhaseLaw& x) { x.count = 17; }), "number of phases", Flaw::too_large));
}

TEST_CASE("queue: histograms at their limits") {
    const auto histogram = [](std::vector<HoldBin> bins) { return histogram_hold(bins); };
    const auto one = [&](double low, double high, double weight) {
        return histogram({{Millis(low), Millis(high), weight}});
    };
    CHECK(std::holds_alternative<HistogramHold>(one(0, 1e-9, 1e18)));
    CHECK(std::holds_alternative<HistogramHold>(one(0, 1e13, 1e-300)));
    CHECK(known::is_bad(one(-1e-9, 1, 1), "bin's lower edge", Flaw::too_small));
    CHECK(known::is_bad(one(0, 0.9e-9, 1), "bin's upper edge", Flaw::too_small));
    CHECK(known::is_bad(one(0, 1.1e13, 1), "bin's upper edge", Flaw::too_large));
    CHECK(known::is_bad(one(0, 1, -1e-9), "bin's weight", Flaw::too_small));
    CHECK(known::is_bad(one(0, 1, 1.1e18), "bin's weight", Flaw::too_large));
    CHECK(known::is_bad(one(0, 1, 0), "histogram's weight", Flaw::nothing_given));
    CHECK(known::is_bad(one(1, 1, 1), "bin's upper edge", Flaw::out_of_order));
    const HoldBin low{Millis(0), Millis(2), 1};
    CHECK(std::holds_alternative<HistogramHold>(histogram({low, {Millis(2), Millis(3), 1}})));
    CHECK(known::is_bad(histogram({low, {Millis(1.9), Millis(3), 1}}), "bin's lower edge", Flaw::out_of_order));
    std::vector<HoldBin> many;
    for (int i = 0; i < 100'000; ++i) many.push_back({Millis(i), Millis(i + 1), 1});
    CHECK(std::holds_alternative<HistogramHold>(histogram(many)));
    many.push_back({Millis(100'000), Millis(100'001), 1});
    CHECK(known::is_bad(histogram(many), "number of bins", Flaw::too_large));
}

TEST_CASE("queue: percentiles may be equal, not fall") {
    CHECK(std::holds_alternative<PercentileHold>(percentile_hold(Millis(5), Millis(5), Millis(9))));
    CHECK(std::holds_alternative<PercentileHold>(percentile_hold(Millis(5), Millis(9), Millis(9))));
    CHECK(known::is_bad(percentile_hold(Millis(5), Millis(4.99), Millis(9)), "p95", Flaw::out_of_order));
    CHECK(known::is_bad(percentile_hold(Millis(5), Millis(9), Millis(8.99)), "p99", Flaw::out_of_order));
}

TEST_CASE("queue: a load as large as the connections is too much, the next smaller one is not") {
    const double below = std::nextafter(3.0, 0.0);
    CHECK(std::holds_alternative<Mmc>(solve_mmc(Erlangs(below), Millis(1), Connections(3))));
    CHECK(std::holds_alternative<Probability>(erlang_c(Erlangs(below), Connections(3))));
    CHECK(known::is_unstable(solve_mmc(Erlangs(3), Millis(1), Connections(3)), 4));
    CHECK(known::is_unstable(solve_mdc(Erlangs(3), Millis(1), Connections(3)), 4));
    CHECK(known::is_unstable(solve_mphc(Erlangs(3), Millis(1), phases(1), Connections(3)), 4));
    CHECK(std::get<Unstable>(erlang_c(Erlangs(3), Connections(2))).utilization.value == 1.5);
}

TEST_CASE("queue: the share of a quantile runs from 0 to just below 1") {
    const auto check_ends = [](const auto& quantile, double most) {
        const double inf = std::numeric_limits<double>::infinity();
        CHECK(quantile(0.0) == 0.0);
        CHECK(std::isfinite(quantile(most)));
        CHECK(quantile(most) > 0.0);
        for (const double p : {std::nextafter(0.0, -inf), -1.0, 1.0, 2.0, std::nan("")}) CHECK(std::isnan(quantile(p)));
    };
    const Erlangs a(8);
    const Connections c(10);
    const Millis one(1);
    const double last = std::nextafter(1.0, 0.0);
    const auto check_system = [&](const auto& system, double most) {
        check_ends([&](double p) { return wait_quantile(system, p).value; }, most);
    };
    check_system(value(solve_mmc(a, one, c)), last);
    check_system(value(solve_batch_mmc(a, one, c, 3)), last);
    check_system(value(solve_mmc_timeout(a, one, c, Millis(50))), last);
    check_system(value(solve_mphc(a, one, phases(4), c)), last);
    check_system(value(solve_finite_source(28, Millis(2), one, c)), last);
    check_system(value(solve_mdc(a, one, c)), 1 - 1e-12);
    check_system(value(solve_closed_pool({28, Millis(2), c, 4, Millis(0.5), Millis(0.5)})), 1 - 1e-9);
    const Mmc plain = value(solve_mmc(a, one, c));
    check_ends([&](double p) { return response_quantile(plain, p).value; }, 1 - 1e-15);
    const auto law = value(lognormal_hold(one, 1));
    for (const double p : {0.0, 1.0, -1.0, std::nan("")}) CHECK(std::isnan(hold_quantile(law, p).value));
    for (const double p : {1e-300, last}) CHECK(hold_quantile(law, p).value > 0.0);
}
