// Known answers for other laws of the hold: mgc.csv. Unit of time: 1 ms is one hold.
#include <doctest/doctest.h>

#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/mphc.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

namespace {

template <class System>
void check_waits(known::Worst& worst, const Row& row, const System& system, double p_wait, Millis mean) {
    worst(row, "p_wait", p_wait, 1e-9, 1e-15);
    worst(row, "mean_wait", mean.value);
    worst(row, "w_p90", wait_quantile(system, 0.9).value, 1e-9, 2e-10);
    worst(row, "w_p95", wait_quantile(system, 0.95).value, 1e-9, 2e-10);
    worst(row, "w_p99", wait_quantile(system, 0.99).value, 1e-9, 2e-10);
    worst(row, "w_p999", wait_quantile(system, 0.999).value, 1e-9, 2e-10);
}

}  // namespace

TEST_CASE("queue: every row of mgc.csv, constant holds") {
    known::Worst worst;
    known::Table("mgc.csv").for_each([&](const Row& row) {
        if (row.text("model") != "D") return;
        const Connections c(row.whole("c"));
        const Erlangs a(row["rho"] * row["c"]);
        const Mdc system = known::value(solve_mdc(a, Millis(1), c));
        check_waits(worst, row, system, system.p_wait, system.mean_wait);
        worst(row, "theta", wait_decay_constant(a, c));
    });
}

TEST_CASE("queue: every row of mgc.csv, holds in phases") {
    known::Worst worst;
    known::Table("mgc.csv").for_each([&](const Row& row) {
        if (row.text("model") == "D") return;
        const Connections c(row.whole("c"));
        const Erlangs a(row["rho"] * row["c"]);
        const PhaseLaw law = known::value(fit_phases(row["scv"]));
        const Mphc system = known::value(solve_mphc(a, Millis(1), law, c));
        check_waits(worst, row, system, system.p_wait, system.mean_wait);
        worst(row, "theta", wait_decay(law, a, c));
    });
}
