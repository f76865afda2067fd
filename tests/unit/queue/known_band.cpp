// Approximations against the columns of mgc.csv, and the band against mgc.csv and mgc_sim.csv. 1 ms is one hold.
#include <doctest/doctest.h>

#include <poolfit/queue/band.hpp>
#include <poolfit/queue/mdc.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::Row;

namespace {

WaitBand band(const Row& row, bool exact) {
    const Connections c(row.whole("c"));
    const Erlangs a(row["rho"] * row["c"]);
    const Mmc system = known::value(solve_mmc(a, Millis(1), c));
    if (!exact) return known::value(wait_band(system, row["scv"]));
    return known::value(wait_band(system, row["scv"], known::value(solve_mdc(a, Millis(1), c)).mean_wait));
}

void check_inside(const Row& row, const WaitBand& band) {
    INFO(row.line, ": ", band.mean_wait.low.value, " to ", band.mean_wait.high.value);
    CHECK(row["mean_wait"] > 0.92 * band.mean_wait.low.value);
    CHECK(row["mean_wait"] < 1.15 * band.mean_wait.high.value);
    CHECK(known::difference(band.p_wait, row["p_wait"]) < 0.11);
}

}  // namespace

TEST_CASE("queue: approximations of mgc.csv, with the exact M/D/c") {
    known::Worst worst;
    for (const Row& row : known::rows("mgc.csv")) {
        const WaitBand found = band(row, true);
        worst(row, "erlangC", found.p_wait);
        worst(row, "ac_mean", found.allen_cunneen.value);
        worst(row, "kimura_mean", found.kimura.value);
        if (!row.text("page_mean").empty()) worst(row, "page_mean", found.page.value, 1e-9, 1e-15);
    }
}

TEST_CASE("queue: the band of two moments holds the exact mean waits of mgc.csv") {
    for (const Row& row : known::rows("mgc.csv")) {
        if (row["p_wait"] < 1e-3) continue;
        check_inside(row, band(row, true));
        check_inside(row, band(row, false));
    }
}

TEST_CASE("queue: the band of two moments holds the simulated mean waits of mgc_sim.csv") {
    known::Worst worst;
    for (const Row& row : known::rows("mgc_sim.csv")) {
        const WaitBand found = band(row, true);
        worst(row, "erlangC", found.p_wait, 2e-5);  // six digits, and scv has five
        worst(row, "ac_mean", found.allen_cunneen.value, 2e-5);
        worst(row, "kimura_mean", found.kimura.value, 2e-5);
        if (row["p_wait"] >= 1e-3) check_inside(row, found);
    }
}

TEST_CASE("queue: Cosmetatos' M/D/c is as near to the exact mean wait as it says") {
    for (const int c : {1, 2, 5, 10, 20, 50}) {
        for (const double rho : {0.5, 0.7, 0.9, 0.95}) {
            const Erlangs a(rho * c);
            const Mmc system = known::value(solve_mmc(a, Millis(1), Connections(c)));
            const double exact = known::value(solve_mdc(a, Millis(1), Connections(c))).mean_wait.value;
            INFO(c, " connections at ", rho);
            CHECK(known::difference(cosmetatos(system).value, exact) < (p_wait(system) > 0.05 ? 0.015 : 0.07));
        }
    }
}
