// M/G/1 against the exact tables, against formulas of other laws, and where a simulation sees nothing.
#include <algorithm>
#include <cmath>

#include <poolfit/queue/bounds.hpp>
#include <poolfit/queue/mdc.hpp>
#include <poolfit/queue/mg1.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/phases.hpp>

#include "table.hpp"

using namespace poolfit;
using namespace poolfit::queue;
using known::difference;
using known::value;

namespace {

/// Ranges of a law by its share that is longer, eighteen to an octave.
template <class Upper>
HistogramHold ranges(const Upper& upper) {  // upper: P(hold > x)
    HistogramHold law;
    double low = 0.0, above = 1.0;
    for (double high = 1e-4; above > 1e-13; high *= 1.04) {
        const double longer = upper(high);
        law.bins.push_back({Millis(low), Millis(high), above - longer});
        low = high;
        above = longer;
    }
    return law;
}

}  // namespace

TEST_CASE("queue: one connection and holds in phases, as in the table") {
    std::size_t checked = 0;
    for (const known::Row& row : known::rows("mgc.csv")) {
        const std::string& model = row.text("model");
        if (row["c"] != 1 || (model != "M" && model != "H2" && model != "D")) continue;
        HistogramHold law;
        if (model == "D") {
            law.bins = {{Millis(1 - 1e-9), Millis(1 + 1e-9), 1.0}};
        } else {
            const double p = 0.5 * (1 + std::sqrt((row["scv"] - 1) / (row["scv"] + 1)));
            law = ranges([&](double x) { return p * std::exp(-2 * p * x) + (1 - p) * std::exp(-2 * (1 - p) * x); });
        }
        const auto system = value(solve_mg1(Erlangs(row["rho"]), {Millis(1), row["scv"]}, law));
        CHECK_MESSAGE(difference(system.p_wait, row["p_wait"]) < 1e-12, row.line);
        CHECK_MESSAGE(difference(system.mean_wait.value, row["mean_wait"]) < 1e-9, row.line);
        const double limit = model == "D" ? 3e-3 : 1e-3;
        CHECK_MESSAGE(difference(wait_quantile(system, 0.9).value, row["w_p90"]) < limit, row.line);
        CHECK_MESSAGE(difference(wait_quantile(system, 0.95).value, row["w_p95"]) < limit, row.line);
        CHECK_MESSAGE(difference(wait_quantile(system, 0.99).value, row["w_p99"]) < limit, row.line);
        CHECK_MESSAGE(difference(wait_quantile(system, 0.999).value, row["w_p999"]) < limit, row.line);
        ++checked;
    }
    CHECK(checked >= 10);
}

TEST_CASE("queue: a hold of one in a hundred million counts") {
    const HoldBin bins[] = {{Millis(0), Millis(1), 1e8}, {Millis(36e3), Millis(3600e3), 1}};
    const auto law = value(histogram_hold(bins));
    const auto m = moments(law);
    const Erlangs load = PerSecond(100) * m.mean;
    const auto system = value(solve_mg1(load, m, law));
    CHECK(system.mean_wait.value == doctest::Approx(2301).epsilon(0.001));  // Pollaczek and Khinchine, by hand
    // Nearly all long waits are behind a long hold or what it left: 100/s x 1e-8 x 1818 s, and 1/(1 - rho) of that.
    CHECK(p_wait_over(system, Millis(20)) == doctest::Approx(100 * 1e-8 * 1818 / (1 - load.value)).epsilon(0.01));
    CHECK(p_wait_over(system, Millis(0)) == load.value);
    // The integral of P(wait > t) is the mean: by the trapezoidal rule in ln t.
    double sum = 0.0, last = 0.0;
    const double step = 0.02;
    for (double x = std::log(1e-4); x < std::log(2e7); x += step) {
        const double here = std::exp(x) * p_wait_over(system, Millis(std::exp(x)));
        sum += 0.5 * (here + last) * step;
        last = here;
    }
    CHECK(sum == doctest::Approx(system.mean_wait.value).epsilon(0.001));
}

TEST_CASE("queue: one connection and exponential holds: P(wait > t) is rho e^(-(1 - rho) t)") {
    const auto law = ranges([](double x) { return std::exp(-x); });
    for (const double rho : {0.05, 0.3, 0.6, 0.9, 0.97}) {
        const auto system = value(solve_mg1(Erlangs(rho), {Millis(1), 1.0}, law));
        for (const double t : {0.01, 0.2, 1.0, 3.0, 10.0})
            CHECK(std::abs(p_wait_over(system, Millis(t)) - rho * std::exp(-(1 - rho) * t)) < 1e-4);
    }
}

TEST_CASE("queue: one connection and holds of two lengths: behind one hold at most, by hand") {
    // rho small: who waits finds one hold, what is left of it is even over its length.
    const HoldBin bins[] = {{Millis(1 - 1e-6), Millis(1 + 1e-6), 0.75}, {Millis(5 - 1e-6), Millis(5 + 1e-6), 0.25}};
    const auto law = value(histogram_hold(bins));
    const double rho = 1e-4;
    const auto system = value(solve_mg1(Erlangs(rho), moments(law), law));
    const auto left = [](double t) { return (0.75 * std::max(0.0, 1 - t) + 0.25 * std::max(0.0, 5 - t)) / 2.0; };
    for (const double t : {0.1, 0.4, 0.7, 1.5, 2.5, 4.0})
        CHECK(p_wait_over(system, Millis(t)) / rho == doctest::Approx(left(t)).epsilon(0.004));
}

TEST_CASE("queue: what M/G/1 refuses, and its edges") {
    const HoldBin bins[] = {{Millis(0), Millis(2), 1}};
    const auto law = value(histogram_hold(bins));
    CHECK(known::is_unstable(solve_mg1(Erlangs(1), {Millis(1), 0.33}, law), 2));
    CHECK(known::is_bad(solve_mg1(Erlangs(0.5), {Millis(1), -1}, law), "squared coefficient of variation",
                        Flaw::too_small));
    CHECK(known::is_bad(solve_mg1(Erlangs(0.5), {Millis(0), 1}, law), "mean hold time", Flaw::too_small));
    CHECK(known::is_bad(solve_mg1(Erlangs(0.5), {Millis(1), 1}, {}), "histogram", Flaw::nothing_given));
    const auto system = value(solve_mg1(Erlangs(0.5), {Millis(1), 1.0 / 3}, law));
    CHECK(p_wait_over(system, Millis(-1)) == 1.0);
    CHECK(p_wait_over(system, Millis(1e6)) < 1e-7);
    CHECK(wait_quantile(system, 0.5).value == 0.0);
    CHECK(std::isnan(wait_quantile(system, 1.0).value));
    CHECK(std::isnan(wait_quantile(system, 0.999999).value));
    double before = 1.0;
    for (double t = 0.0; t < 20.0; t += 0.25) {
        const double here = p_wait_over(system, Millis(t));
        CHECK(here <= before + 1e-7);
        before = here;
    }
}

TEST_CASE("queue: no mean wait of the tables is outside its bounds") {
    for (const known::Row& row : known::rows("mgc.csv")) {
        const double c = row["c"];
        const auto bounds =
            value(mean_wait_bounds(Erlangs(c * row["rho"]), Millis(1), row["scv"], Connections(static_cast<int>(c))));
        CHECK_MESSAGE(bounds.low.value <= row["mean_wait"] * (1 + 1e-9), row.line);
        CHECK_MESSAGE(bounds.high.value >= row["mean_wait"], row.line);
        if (c == 1) CHECK(difference(bounds.low.value, row["mean_wait"]) < 1e-9);
    }
    CHECK(known::is_unstable(mean_wait_bounds(Erlangs(4), Millis(1), 1, Connections(4)), 5));
    CHECK(known::is_bad(mean_wait_bounds(Erlangs(4), Millis(1), -1, Connections(5)), "squared coefficient of variation",
                        Flaw::too_small));
}
