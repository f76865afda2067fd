// Open pools against exact tables: the 99 % interval covers the exact figure in at least 97 % of the rows. Seeds are
// fixed. Rows above rho 0.95 or 400 connections are left out: they take minutes.
#include <algorithm>
#include <cmath>

#include <poolfit/simulate/pool.hpp>

#include "rows.hpp"

using namespace poolfit::simulate;

namespace {

Options options_for(double rho, double scv, std::uint64_t seed) {
    Options options;
    options.seed = seed;
    options.threads = 2;
    options.confidence = 0.99;
    options.precision = 0;
    const double relaxation = rho / std::pow(1 - std::sqrt(rho), 2) * (1 + scv) / 2;
    options.transactions = std::max(1e6, 64 * 50 * relaxation);
    return options;
}

std::string name_of(const Row& r) { return r.text("c") + " connections, rho " + r.text("rho"); }

}  // namespace

TEST_CASE("M/M/c agrees with Erlang's formulas") {
    Coverage coverage({"mean wait", "P(wait)", "p95", "p99"});
    const auto table = rows("erlang");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (r["rho"] > 0.95 || r["c"] > 400 || skipped(i, 12) || (sanitized && r["rho"] > 0.9)) continue;
        PoolModel m;
        m.connections = static_cast<int>(r["c"]);
        m.gap = exponential(1 / r["a"]);
        m.hold = exponential(1);
        const PoolRun run = simulate_pool(m, options_for(r["rho"], 1, i + 1));
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        coverage.add(0, run.wait_mean, r["mean_wait"], name_of(r));
        coverage.add(1, run.wait_probability, r["erlang_c"], name_of(r));
        coverage.add(2, run.wait_p95, r["w_p95"], name_of(r), 1e-9);
        coverage.add(3, run.wait_p99, r["w_p99"], name_of(r), 1e-9);
    }
}

TEST_CASE("M/G/c agrees with the exact answers for deterministic, Erlang and hyperexponential holds") {
    Coverage coverage({"mean wait", "P(wait)", "p95", "p99"});
    const auto table = rows("mgc");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (r["rho"] > 0.95 || skipped(i, 12) || (sanitized && r["rho"] > 0.9)) continue;
        const std::string& law = r.text("model");
        PoolModel m;
        m.connections = static_cast<int>(r["c"]);
        m.gap = exponential(1 / (r["c"] * r["rho"]));
        m.hold = law == "D"    ? constant(1)
                 : law == "E2" ? erlang(2, 1)
                 : law == "E4" ? erlang(4, 1)
                 : law == "M"  ? exponential(1)
                               : hyperexponential(1, std::sqrt(r["scv"]));
        const PoolRun run = simulate_pool(m, options_for(r["rho"], r["scv"], i + 1));
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        const std::string name = law + " " + r.text("scv") + ", " + name_of(r);
        coverage.add(0, run.wait_mean, r["mean_wait"], name);
        coverage.add(1, run.wait_probability, r["p_wait"], name);
        coverage.add(2, run.wait_p95, r["w_p95"], name, 1e-9);
        coverage.add(3, run.wait_p99, r["w_p99"], name, 1e-9);
    }
}

TEST_CASE("lognormal and two-point holds agree with a long run of another simulator") {
    Coverage coverage({"mean wait", "P(wait)"});
    const auto table = rows("mgc_sim");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (skipped(i, 8)) continue;
        PoolModel m;
        m.connections = static_cast<int>(r["c"]);
        m.gap = exponential(1 / (r["c"] * r["rho"]));
        const double two_point = 0.95 * 5 + 0.05 * 1500;
        m.hold = r.text("model") == "BI" ? discrete({{5 / two_point, 95}, {1500 / two_point, 5}})
                                         : lognormal(1, std::sqrt(r["scv"]));
        Options options = options_for(r["rho"], r["scv"], i + 1);
        if (!sanitized) options.transactions *= 4;
        const PoolRun run = simulate_pool(m, options);
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        const std::string name = r.text("model") + ", " + name_of(r);
        coverage.add(0, run.wait_mean, r["mean_wait"], name, 0.01 * r["mean_wait"]);
        coverage.add(1, run.wait_probability, r["p_wait"], name, 0.005 * r["p_wait"]);
    }
}

TEST_CASE("M/M/c with an acquire timeout, past saturation too") {
    Coverage coverage({"mean wait", "P(timeout)", "P(all busy)", "utilisation", "throughput"});
    const auto table = rows("mmc_timeout");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (skipped(i, 12)) continue;
        PoolModel m;
        m.connections = static_cast<int>(r["c"]);
        m.gap = exponential(1 / r["a"]);
        m.hold = exponential(1);
        m.acquire_timeout = r["tau_over_S"];
        const PoolRun run = simulate_pool(m, options_for(std::min(r["rho"], 0.95), 1, i + 1));
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        if (!run.warmed_up) continue;  // a long timeout at rho 1 forgets slowly
        const std::string name = name_of(r) + ", timeout " + r.text("tau_over_S");
        coverage.add(0, run.wait_mean, r["mean_wait_all"], name);
        coverage.add(1, run.timeout_probability, r["p_timeout"], name);
        coverage.add(2, run.wait_probability, r["p_all_busy"], name, 1e-12);
        coverage.add(3, run.utilisation, r["utilisation"], name);
        coverage.add(4, run.throughput, r["throughput"], name);
    }
}
