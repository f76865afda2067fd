#include "real.hpp"

#include <algorithm>
#include <map>

#include <poolfit/queue/closed_pool.hpp>

#include "table.hpp"

using known::Row;

namespace accuracy {

namespace {

std::string law_of(const Row& r) { return r.text("hold_dist") == "deterministic" ? "constant" : "geometric"; }

}  // namespace

std::vector<RealRun> closed_runs() {
    std::vector<RealRun> found;
    for (const Row& r : known::rows("real/closed_hold.csv")) {
        RealRun run;
        run.name = r.text("run");
        run.law = law_of(r);
        run.experiment = {static_cast<int>(r["n_clients"]), static_cast<int>(r["pool_c"]), r["think_drawn_mean_ms"],
                          hold_law(run.law, r["hold_mean_nominal_ms"], closed_besides_ms), r["dur_s"] * 1000};
        run.measured = {r["tps"], r["pgb_wait_mean_ms"]};
        found.push_back(run);
    }
    return found;
}

std::vector<RealRun> open_runs() {
    std::vector<RealRun> found;
    for (const Row& r : known::rows("real/open_poisson.csv")) {
        RealRun run;
        run.name = r.text("run");
        run.law = "exponential";
        run.rate_is_own = run.name.find("calib") != std::string::npos;
        run.experiment = {0, static_cast<int>(r["pool_c"]), 1000 / r["rate_set"],
                          hold_law("exponential", open_hold_ms, 0), r["dur_s"] * 1000};
        run.measured = {r["rate_meas"], r["pgb_wait_mean_ms"]};
        found.push_back(run);
    }
    return found;
}

std::vector<Noise> noise_table() {
    std::vector<Noise> found;
    for (const Row& r : known::rows("real/sampling_noise.csv")) {
        Noise n;
        const int c = static_cast<int>(r["pool_c"]);
        if (r.text("exp") == "A") {  // nominal: hold 50 ms, think 200 ms
            n.experiment = {static_cast<int>(r["n_clients"]), c, 200, hold_law(law_of(r), 50, 0), r["window_s"] * 1000};
            n.name = r.text("n_clients") + " clients, " + r.text("pool_c") + " connections, " + law_of(r);
        } else {
            n.experiment = {0, c, open_hold_ms / (c * r["rho"]), hold_law("exponential", open_hold_ms, 0),
                            r["window_s"] * 1000};
            n.name = "open, " + r.text("pool_c") + " connections, rho " + r.text("rho");
        }
        n.per_second_sd = r["rel_sd_tps"];
        n.wait_sd = r["rel_sd_wait"];
        n.wait_ms = r["sim_wait_ms"];
        found.push_back(n);
    }
    return found;
}

std::vector<CpuBound> cpu_bound() {
    const std::vector<Row> rows = known::rows("real/cpu_bound.csv");
    double cpu = 0, besides = 0, runs = 0;
    for (const Row& r : rows) {
        if (r["pool_c"] != 1) continue;
        cpu += r["pg_cpu_ms_per_tx"];
        besides += std::max(0.0, r["pgb_hold_mean_ms"] - r["pg_cpu_ms_per_tx"]);
        ++runs;
    }
    cpu /= runs;
    besides /= runs;
    std::map<int, CpuBound> found;
    for (const Row& r : rows) {
        // Between two transactions a client does what is neither wait nor hold.
        const double outside = r["latency_mean_ms"] - r["pgb_wait_mean_ms"] - r["pgb_hold_mean_ms"];
        const auto predicted = [&](double each) {
            poolfit::queue::ClosedPoolInput in;
            in.users = r.whole("n_clients");
            in.think = poolfit::Millis(std::max(0.01, outside));
            in.size = poolfit::Connections(r.whole("pool_c"));
            in.cores = 2;
            in.cpu = poolfit::Millis(each);
            in.external = poolfit::Millis(besides);
            return known::value(poolfit::queue::solve_closed_pool_fast(in)).throughput.value;
        };
        CpuBound& c = found[static_cast<int>(r.whole("pool_c"))];
        c.connections = static_cast<int>(r.whole("pool_c"));
        ++c.runs;
        c.measured += r["tps"];
        c.own_cpu += predicted(r["pg_cpu_ms_per_tx"]);
        c.one_cpu += predicted(cpu);
    }
    std::vector<CpuBound> rising;
    for (auto& [size, c] : found) {
        for (double* sum : {&c.measured, &c.own_cpu, &c.one_cpu}) *sum /= c.runs;
        rising.push_back(c);
    }
    return rising;
}

}  // namespace accuracy
