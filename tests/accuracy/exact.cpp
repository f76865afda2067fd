// The unit of time of erlang.csv, mmc_timeout.csv and mgc.csv is the mean hold: here 1 ms.
#include "exact.hpp"

#include <array>
#include <cmath>

#include <poolfit/queue/closed_pool.hpp>
#include <poolfit/queue/deadlock.hpp>
#include <poolfit/queue/erlang.hpp>
#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/mphc.hpp>
#include <poolfit/queue/sizing.hpp>
#include <poolfit/queue/timeout.hpp>

using known::Row;
using known::value;
using namespace poolfit;
using namespace poolfit::queue;

namespace accuracy {

namespace {

Millis seconds(double s) { return Millis(s * 1000); }

Figures erlang(const Row& row) {
    const Connections c(row.whole("c"));
    const Erlangs a(row["a"]);  // not c x rho: near rho = 1 its rounding would be multiplied
    const Probability b = value(erlang_b(a, c));
    const Mmc system = value(solve_mmc(a, Millis(1), c));
    const double tiny = 1e-305;  // below it doubles have fewer digits
    const double by_size = 1e-12 * (1 + std::fabs(b.ln));
    return {{"erlang_b", b.value, by_size, tiny},
            {"ln_erlang_b", b.ln, 2e-14, 1e-15},
            {"erlang_c", p_wait(system), by_size, tiny},
            {"ln_erlang_c", system.wait.ln, 2e-14, 1e-15},
            {"mean_wait", mean_wait(system).value, 1e-9, tiny},
            {"mean_queue", mean_waiting(system), 1e-9, tiny},
            {"w_p50", wait_quantile(system, 0.5).value},
            {"w_p95", wait_quantile(system, 0.95).value},
            {"w_p99", wait_quantile(system, 0.99).value},
            {"w_p999", wait_quantile(system, 0.999).value},
            {"t_p99", response_quantile(system, 0.99).value}};
}

Figures sizing(const Row& row) {
    const Millis hold(row["hold_ms"]);
    const Millis t(row["timeout_ms"]);
    const Erlangs a = PerSecond(row["lambda_per_s"]) * hold;
    const Mmc best = value(smallest_mmc(a, hold, Goals{WaitGoal{t, row["eps"]}, {}, {}}));
    const auto less = solve_mmc(a, hold, best.servers - Connections(1));
    const double p = std::holds_alternative<Mmc>(less) ? p_wait_over(std::get<Mmc>(less), t) : 1.0;
    return {{"c_min", static_cast<double>(best.servers.value), 0},
            {"p_wait_gt_t_at_cmin", p_wait_over(best, t), 1e-9, 1e-305},
            {"p_wait_gt_t_at_cmin_minus_1", p}};
}

Figures timeout(const Row& row) {
    const auto x =
        value(solve_mmc_timeout(Erlangs(row["a"]), Millis(1), Connections(row.whole("c")), Millis(row["tau_over_S"])));
    const double tiny = 1e-295;
    return {{"p_all_busy", x.p_wait, 1e-9, tiny},
            {"p_timeout", x.p_timeout, 1e-9, tiny},
            {"throughput", x.throughput.value / 1000},
            {"utilisation", x.utilization.value},
            {"mean_wait_all", x.mean_wait.value, 1e-9, tiny}};
}

Figures finite_source(const Row& row) {
    const auto x = value(solve_finite_source(row.whole("N"), seconds(row["think_s"]), seconds(row["hold_s"]),
                                             Connections(row.whole("c"))));
    return {{"throughput", x.throughput.value},
            {"utilisation", x.utilization.value},
            {"mean_response", x.mean_response.value / 1000},
            // The table subtracts the hold from the response, which leaves it 38 digits after the point.
            {"mean_wait", x.mean_wait.value / 1000, 1e-9, 1e-36},
            {"p_all_busy_time_avg", x.p_all_busy, 1e-9, 1e-305},
            {"p_wait_arrival", x.wait.value, 1e-9, 1e-305},
            {"w_p50", wait_quantile(x, 0.5).value / 1000},
            {"w_p95", wait_quantile(x, 0.95).value / 1000},
            {"w_p99", wait_quantile(x, 0.99).value / 1000},
            {"N_star", knee_users(x)}};
}

template <class System>
Figures waits(const System& system, double decay) {
    return {{"p_wait", system.p_wait, 1e-9, 1e-15},
            {"mean_wait", system.mean_wait.value},
            {"w_p90", wait_quantile(system, 0.9).value, 1e-9, 2e-10},
            {"w_p95", wait_quantile(system, 0.95).value, 1e-9, 2e-10},
            {"w_p99", wait_quantile(system, 0.99).value, 1e-9, 2e-10},
            {"w_p999", wait_quantile(system, 0.999).value, 1e-9, 2e-10},
            {"theta", decay}};
}

Figures constant_holds(const Row& row) {
    if (row.text("model") != "D") return {};
    const Connections c(row.whole("c"));
    const Erlangs a(row["rho"] * row["c"]);
    return waits(value(solve_mdc(a, Millis(1), c)), wait_decay_constant(a, c));
}

Figures holds_in_phases(const Row& row) {
    if (row.text("model") == "D") return {};
    const Connections c(row.whole("c"));
    const Erlangs a(row["rho"] * row["c"]);
    const PhaseLaw law = value(fit_phases(row["scv"]));
    return waits(value(solve_mphc(a, Millis(1), law, c)), wait_decay(law, a, c));
}

ClosedPoolInput closed_input(const Row& row) {
    return {row.whole("N"),    seconds(row["think_s"]), Connections(row.whole("pool")),
            row.whole("vcpu"), seconds(row["d_cpu_s"]), seconds(row["d_ext_s"])};
}

// The table's wait distribution was cut off at about 5e-8 (tests/known-answers/README.md).
Figures closed_pool(const Row& row) {
    const auto x = value(solve_closed_pool(closed_input(row)));
    return {{"throughput", x.means.throughput.value},
            {"cpu_util", x.means.cpu.value},
            {"pool_util", x.means.pool.value},
            {"mean_response", x.means.mean_response.value / 1000},
            {"mean_pool_wait", x.means.mean_wait.value / 1000, 1e-9, 1e-14},
            {"p_wait", x.means.p_wait, 1e-9, 1e-14},
            {"w_p50", wait_quantile(x, 0.5).value / 1000, 1e-8},
            {"w_p95", wait_quantile(x, 0.95).value / 1000, 1e-8},
            {"w_p99", wait_quantile(x, 0.99).value / 1000, 1e-8},
            {"p_wait_gt_5s", p_wait_over(x, seconds(5)), 1e-9, 1e-7},
            {"p_wait_gt_30s", p_wait_over(x, seconds(30)), 1e-9, 1e-7}};
}

Figures closed_pool_fast(const Row& row) {
    const auto fast = value(solve_closed_pool_fast(closed_input(row)));
    const auto bounds = value(closed_pool_bounds(closed_input(row)));
    return {{"fes_throughput", fast.throughput.value},
            {"throughput", fast.throughput.value, 0.006},
            {"bound_x", bounds.throughput.value},
            {"N_star_pool", bounds.knee_of_pool},
            {"N_star_cpu", bounds.knee_of_cpu}};
}

Figures deadlock(const Row& row) {
    const Connections floor = value(deadlock_floor(row.whole("N"), 2));
    const double hold = row["d1_s"] + row["f_nested"] * row["d2_s"];
    const auto unlimited =
        value(solve_finite_source(row.whole("N"), seconds(row["think_s"]), seconds(hold), Connections(row.whole("N"))));
    return {{"Tn_Cm_bound_for_N", static_cast<double>(floor.value), 0},
            {"expected_in_flight", unlimited.throughput.value * hold, 0, 0.00500001}};  // two decimals
}

constexpr std::array tables{
    ExactTable{"erlang.csv", "Erlang B and C, M/M/c", erlang},
    ExactTable{"sizing_mmc.csv", "smallest pool for a goal", sizing},
    ExactTable{"mmc_timeout.csv", "M/M/c with an acquire timeout", timeout},
    ExactTable{"finite_source.csv", "users who think, M/M/c//N", finite_source},
    ExactTable{"mgc.csv", "M/D/c", constant_holds},
    ExactTable{"mgc.csv", "M/PH/c: Erlang-2, Erlang-4, exponential, hyperexponential", holds_in_phases},
    ExactTable{"closed_pool.csv", "pool and cores, exact", closed_pool},
    ExactTable{"closed_pool.csv", "pool and cores, fast and bounds", closed_pool_fast},
    ExactTable{"deadlock.csv", "nested checkouts", deadlock},
};

}  // namespace

std::span<const ExactTable> exact_tables() { return tables; }

}  // namespace accuracy
