// Known answers of open systems: erlang.csv, sizing_mmc.csv, mmc_timeout.csv. Unit of time: 1 ms is one hold.
#include <cmath>

#include <doctest/doctest.h>

#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/sizing.hpp>
#include <poolfit/queue/timeout.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

TEST_CASE("queue: every row of erlang.csv") {
    known::Worst worst;
    known::Table("erlang.csv").for_each([&](const Row& row) {
        const Connections c(row.whole("c"));
        const Erlangs a(row["a"]);
        const Probability b = known::value(erlang_b(a, c));
        const Mmc system = known::value(solve_mmc(a, Millis(1), c));
        const double tiny = 1e-305;  // below it doubles have fewer digits
        worst(row, "erlang_b", b.value, 1e-12 * (1 + std::fabs(b.ln)), tiny);
        worst(row, "ln_erlang_b", b.ln, 2e-14, 1e-15);
        worst(row, "erlang_c", p_wait(system), 1e-12 * (1 + std::fabs(b.ln)), tiny);
        worst(row, "ln_erlang_c", system.wait.ln, 2e-14, 1e-15);
        worst(row, "mean_wait", mean_wait(system).value, 1e-9, tiny);
        worst(row, "mean_queue", mean_waiting(system), 1e-9, tiny);
        worst(row, "w_p50", wait_quantile(system, 0.5).value);
        worst(row, "w_p95", wait_quantile(system, 0.95).value);
        worst(row, "w_p99", wait_quantile(system, 0.99).value);
        worst(row, "w_p999", wait_quantile(system, 0.999).value);
        worst(row, "t_p99", response_quantile(system, 0.99).value);
        CHECK(known::value(erlang_c(a, c)).ln == system.wait.ln);
    });
}

TEST_CASE("queue: every row of sizing_mmc.csv") {
    known::Worst worst;
    known::Table("sizing_mmc.csv").for_each([&](const Row& row) {
        const Millis hold(row["hold_ms"]);
        const Millis t(row["timeout_ms"]);
        const Erlangs a = PerSecond(row["lambda_per_s"]) * hold;
        const Mmc best = known::value(smallest_mmc(a, hold, Goals{WaitGoal{t, row["eps"]}, {}, {}}));
        INFO(row.line);
        CHECK(best.servers.value == row.whole("c_min"));
        worst(row, "p_wait_gt_t_at_cmin", p_wait_over(best, t), 1e-9, 1e-305);
        const auto less = solve_mmc(a, hold, best.servers - Connections(1));
        const double p = std::holds_alternative<Mmc>(less) ? p_wait_over(std::get<Mmc>(less), t) : 1.0;
        worst(row, "p_wait_gt_t_at_cmin_minus_1", p);
    });
}

TEST_CASE("queue: every row of mmc_timeout.csv") {
    known::Worst worst;
    known::Table("mmc_timeout.csv").for_each([&](const Row& row) {
        const auto x = known::value(
            solve_mmc_timeout(Erlangs(row["a"]), Millis(1), Connections(row.whole("c")), Millis(row["tau_over_S"])));
        const double tiny = 1e-295;
        worst(row, "p_all_busy", x.p_wait, 1e-9, tiny);
        worst(row, "p_timeout", x.p_timeout, 1e-9, tiny);
        worst(row, "throughput", x.throughput.value / 1000, 1e-9);
        worst(row, "utilisation", x.utilisation.value, 1e-9);
        worst(row, "mean_wait_all", x.mean_wait.value, 1e-9, tiny);
    });
}
