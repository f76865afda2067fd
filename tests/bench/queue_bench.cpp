// What the queue room's answers cost: `queue_bench` prints nanoseconds, and each beside a unit that any machine has:
// one std::exp. For people; no test runs it. Median of several rounds, each round long enough for the clock.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mphc.hpp>
#include <poolfit/queue/sizing.hpp>

using namespace poolfit;
using namespace poolfit::queue;

namespace {

volatile double sink;  // what is computed must be used

template <class F>
double nanoseconds(F f) {
    using Clock = std::chrono::steady_clock;
    const auto time = [&](long calls) {
        const auto start = Clock::now();
        for (long i = 0; i < calls; ++i) sink = f(static_cast<double>(i % 16) * 1e-6);
        return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    };
    long calls = 1;
    while (time(calls) < 2e6) calls *= 2;
    std::vector<double> rounds;
    for (int i = 0; i < 9; ++i) rounds.push_back(time(calls) / static_cast<double>(calls));
    std::nth_element(rounds.begin(), rounds.begin() + 4, rounds.end());
    return rounds[4];
}

double unit = 1.0;

template <class F>
void show(const char* what, F f) {
    const double ns = nanoseconds(f);
    std::printf("%-58s %14.1f ns %12.1f x exp\n", what, ns, ns / unit);
}

double c_of(double load, std::int64_t servers) {
    return std::get<Probability>(erlang_c(Erlangs(load), Connections(servers))).value;
}

}  // namespace

int main() {
    unit = nanoseconds([](double x) { return std::exp(-1.0 - x); });
    std::printf("%-58s %14.1f ns\n", "std::exp", unit);
    show("Erlang C, 10 connections at 80 %", [](double x) { return c_of(8.0 + x, 10); });
    show("Erlang C, 1000 at 95 %", [](double x) { return c_of(950.0 + x, 1000); });
    show("Erlang C, a million at 99.99 %", [](double x) { return c_of(999900.0 + x, 1'000'000); });
    show("Erlang C, a million at 10 %", [](double x) { return c_of(100000.0 + x, 1'000'000); });
    show("M/M/c with a timeout, 10 at 120 %", [](double x) {
        return std::get<MmcTimeout>(solve_mmc_timeout(Erlangs(12 + x), Millis(1), Connections(10), Millis(3)))
            .p_timeout;
    });
    show("smallest size, 8 erlangs", [](double x) {
        const Goals goals{WaitGoal{Millis(1), 0.01}, {}, {}};
        return p_wait(std::get<Mmc>(smallest_mmc(Erlangs(8.0 + x), Millis(5), goals)));
    });
    show("smallest size, 100,000 erlangs", [](double x) {
        const Goals goals{WaitGoal{Millis(1), 0.01}, {}, {}};
        return p_wait(std::get<Mmc>(smallest_mmc(Erlangs(1e5 + x), Millis(5), goals)));
    });
    show("finite source, 28 users on 10, with its p99", [](double x) {
        const auto found = solve_finite_source(28, Millis(2.5 + x), Millis(1.5), Connections(10));
        return wait_quantile(std::get<FiniteSource>(found), 0.99).value;
    });
    show("M/D/c, 10 at 95 %",
         [](double x) { return std::get<Mdc>(solve_mdc(Erlangs(9.5 + x), Millis(1), Connections(10))).p_wait; });
    show("M/D/c, 1000 at 99.9 %",
         [](double x) { return std::get<Mdc>(solve_mdc(Erlangs(999 - x), Millis(1), Connections(1000))).p_wait; });
    const PhaseLaw law = std::get<PhaseLaw>(fit_phases(4.0));
    for (const int c : {10, 50, 100, 149}) {
        char name[64];
        std::snprintf(name, sizeof name, "M/H2/c, %d at 90 %%", c);
        show(name, [&](double x) {
            return std::get<Mphc>(solve_mphc(Erlangs(0.9 * c + x), Millis(1), law, Connections(c))).p_wait;
        });
    }
    show("M/H2/c, 50 at 90 %, with its p99", [&](double x) {
        const auto found = solve_mphc(Erlangs(45 + x), Millis(1), law, Connections(50));
        return wait_quantile(std::get<Mphc>(found), 0.99).value;
    });
    const ClosedPoolInput input{200, Millis(2500), Connections(10), 4, Millis(20), Millis(1500)};
    show("closed pool, 200 users on 10, exact with the wait's law", [&](double x) {
        ClosedPoolInput other = input;
        other.think = Millis(2500 + x);
        return wait_quantile(std::get<ClosedPoolExact>(solve_closed_pool(other)), 0.99).value;
    });
    show("closed pool, the same, fast", [&](double x) {
        ClosedPoolInput other = input;
        other.think = Millis(2500 + x);
        return std::get<ClosedPool>(solve_closed_pool_fast(other)).p_wait;
    });
}
