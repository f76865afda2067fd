// Known answers of the closed pool network: closed_pool.csv, ten digits. Its wait distribution was cut off at about
// 5e-8 (tests/known-answers/README.md): quantiles are compared to 1e-8, probabilities to 1e-7 in absolute terms.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/queue/closed_pool.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

namespace {

Millis seconds(double s) { return Millis(s * 1000); }

ClosedPoolInput input(const Row& row) {
    return {row.whole("N"),    seconds(row["think_s"]), Connections(row.whole("pool")),
            row.whole("vcpu"), seconds(row["d_cpu_s"]), seconds(row["d_ext_s"])};
}

}  // namespace

TEST_CASE("queue: every row of closed_pool.csv") {
    known::Worst worst;
    known::Table("closed_pool.csv").for_each([&](const Row& row) {
        const auto x = known::value(solve_closed_pool(input(row)));
        worst(row, "throughput", x.means.throughput.value);
        worst(row, "cpu_util", x.means.cpu.value);
        worst(row, "pool_util", x.means.pool.value);
        worst(row, "mean_response", x.means.mean_response.value / 1000);
        worst(row, "mean_pool_wait", x.means.mean_wait.value / 1000, 1e-9, 1e-14);
        worst(row, "p_wait", x.means.p_wait, 1e-9, 1e-14);
        worst(row, "w_p50", wait_quantile(x, 0.5).value / 1000, 1e-8);
        worst(row, "w_p95", wait_quantile(x, 0.95).value / 1000, 1e-8);
        worst(row, "w_p99", wait_quantile(x, 0.99).value / 1000, 1e-8);
        worst(row, "p_wait_gt_5s", p_wait_over(x, seconds(5)), 1e-9, 1e-7);
        worst(row, "p_wait_gt_30s", p_wait_over(x, seconds(30)), 1e-9, 1e-7);
    });
}

TEST_CASE("queue: every row of closed_pool.csv, the fast solution and the bounds") {
    known::Worst worst;
    known::Table("closed_pool.csv").for_each([&](const Row& row) {
        const auto fast = known::value(solve_closed_pool_fast(input(row)));
        const auto bounds = known::value(closed_pool_bounds(input(row)));
        worst(row, "fes_throughput", fast.throughput.value);
        worst(row, "bound_x", bounds.throughput.value);
        worst(row, "N_star_pool", bounds.knee_of_pool);
        worst(row, "N_star_cpu", bounds.knee_of_cpu);
        CHECK(known::difference(fast.throughput.value, row["throughput"]) < 0.006);
        CHECK(fast.throughput.value <= bounds.throughput.value * (1 + 1e-12));
    });
}

TEST_CASE("queue: the tail of a closed pool's wait, against a separate solution by Taylor steps") {
    const auto tail = [](std::int64_t users, double think, double cpu, double external) {
        const auto x = known::value(
            solve_closed_pool({users, seconds(think), Connections(10), 4, seconds(cpu), seconds(external)}));
        return p_wait_over(x, seconds(5));
    };
    CHECK(known::difference(tail(20, 2.5, 0.02, 1.5), 6.7016876712162474e-12) < 1e-9);
    CHECK(known::difference(tail(20, 2.5, 0.02, 2.0), 5.196410481695439e-08) < 1e-9);
    CHECK(known::difference(tail(28, 5.0, 1.0, 1.0), 5.7911593605492846e-05) < 1e-9);
}
