// Known answers of closed systems: finite_source.csv, deadlock.csv.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/finite_source.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

TEST_CASE("queue: every row of finite_source.csv") {
    known::Worst worst;
    known::Table("finite_source.csv").for_each([&](const Row& row) {
        const Millis hold(row["hold_s"] * 1000);
        const auto x = known::value(
            solve_finite_source(row.whole("N"), Millis(row["think_s"] * 1000), hold, Connections(row.whole("c"))));
        worst(row, "throughput", x.throughput.value);
        worst(row, "utilisation", x.utilisation.value);
        worst(row, "mean_response", x.mean_response.value / 1000);
        // The table subtracts the hold from the response, which leaves it 38 digits after the point.
        worst(row, "mean_wait", x.mean_wait.value / 1000, 1e-9, 1e-36);
        worst(row, "p_all_busy_time_avg", x.p_all_busy, 1e-9, 1e-305);
        worst(row, "p_wait_arrival", x.wait.value, 1e-9, 1e-305);
        worst(row, "w_p50", wait_quantile(x, 0.5).value / 1000);
        worst(row, "w_p95", wait_quantile(x, 0.95).value / 1000);
        worst(row, "w_p99", wait_quantile(x, 0.99).value / 1000);
        worst(row, "N_star", knee_users(x));
    });
}

TEST_CASE("queue: every row of deadlock.csv") {
    known::Worst worst;
    known::Table("deadlock.csv").for_each([&](const Row& row) {
        const std::int64_t users = row.whole("N");
        const Connections pool(row.whole("pool"));
        const Connections floor = known::value(deadlock_floor(users, 2));
        INFO(row.line);
        CHECK(floor.value == row.whole("Tn_Cm_bound_for_N"));
        if (pool >= floor) CHECK(row["p_deadlock_600s"] == 0.0);
        if (row["p_deadlock_600s"] > 0.0) CHECK(users > known::value(most_threads_without_deadlock(pool, 2)));
        const double hold = row["d1_s"] + row["f_nested"] * row["d2_s"];
        const auto unlimited = known::value(
            solve_finite_source(users, Millis(row["think_s"] * 1000), Millis(hold * 1000), Connections(users)));
        worst(row, "expected_in_flight", unlimited.throughput.value * hold, 1e-9, 0.00500001);  // two decimals
    });
}
