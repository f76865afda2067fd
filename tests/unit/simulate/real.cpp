// A real PostgreSQL 15 behind a real PgBouncer 1.18, predicted before it ran: the hold's law as nominal plus the 1.45
// ms that a transaction costs there, the think time as drawn. See tests/known-answers/real and docs/accuracy.md.
#include <cmath>
#include <cstdio>

#include <poolfit/simulate/pool.hpp>

#include "rows.hpp"

using namespace poolfit::simulate;

namespace {

// A geometric law on whole milliseconds from 1 on, mean 50.
Law geometric_hold() {
    std::vector<Weighted> values;
    double weight = 1;
    for (int ms = 1; ms <= 1500; ++ms, weight *= 1 - 1.0 / 50) values.push_back({static_cast<double>(ms), weight});
    return discrete(values);
}

struct Noise {
    double throughput = 0, wait = 0;
};

Noise noise_of(const std::vector<Row>& noise, const Row& run, bool closed) {
    for (const Row& n : noise) {
        const bool same = closed
                              ? n.text("n_clients") == run.text("n_clients") && n["pool_c"] == run["pool_c"] &&
                                    n.text("hold_dist") == run.text("hold_dist")
                              : n.text("exp") == "C" && n["pool_c"] == run["pool_c"] && n["rho"] == run["rho_nominal"];
        if (same) return {n["rel_sd_tps"], n["rel_sd_wait"]};
    }
    return {};
}

class Score {
public:
    void add(double predicted, double measured, double sd) {
        if (sd * measured <= 0) return;
        const double z = (predicted - measured) / (sd * measured);
        squares_ += z * z;
        ++count_;
    }
    double rms() const { return std::sqrt(squares_ / count_); }

private:
    double squares_ = 0;
    int count_ = 0;
};

Options options_for(std::uint64_t seed) {
    Options o;
    o.seed = seed;
    o.threads = 2;
    o.precision = sanitized ? 0.05 : 0.005;
    o.transactions = sanitized ? 3e5 : 3e7;
    return o;
}

}  // namespace

TEST_CASE("closed loops on the real thing: throughput and mean wait of every run") {
    const auto noise = rows("real/sampling_noise"), runs = rows("real/closed_hold");
    Score rate, wait;
    for (const Row& r : runs) {
        CAPTURE(r.text("run"));
        PoolModel m;
        m.connections = static_cast<int>(r["pool_c"]);
        m.users = static_cast<int>(r["n_clients"]);
        m.gap = exponential(r["think_drawn_mean_ms"]);
        m.hold = shifted(r.text("hold_dist") == "deterministic" ? constant(50) : geometric_hold(), 1.45);
        const PoolRun run = simulate_pool(m, options_for(1));
        const Noise sd = noise_of(noise, r, true);
        const double tps = run.throughput.value * 1000, ms = run.wait_mean.value;
        CHECK(std::fabs(tps - r["tps"]) <= 3 * sd.throughput * r["tps"] + 0.01 * r["tps"]);
        CHECK(std::fabs(ms - r["pgb_wait_mean_ms"]) <=
              3 * sd.wait * r["pgb_wait_mean_ms"] + std::max(1.0, 0.03 * r["pgb_wait_mean_ms"]));
        rate.add(tps, r["tps"], sd.throughput);
        if (r["pgb_wait_mean_ms"] > 1) wait.add(ms, r["pgb_wait_mean_ms"], sd.wait);
    }
    MESSAGE("rms z: throughput ", rate.rms(), ", mean wait (where above 1 ms) ", wait.rms());
}

TEST_CASE("Poisson arrivals on the real thing: mean wait of every run") {
    const auto noise = rows("real/sampling_noise"), runs = rows("real/open_poisson");
    Score wait;
    for (const Row& r : runs) {
        CAPTURE(r.text("run"));
        PoolModel m;
        m.connections = static_cast<int>(r["pool_c"]);
        m.gap = exponential(1000 / r["rate_set"]);
        m.hold = exponential(r["hold_cal_ms"]);
        const PoolRun run = simulate_pool(m, options_for(1));
        const Noise sd = noise_of(noise, r, false);
        const double chance = 1 / std::sqrt(r["n_tx"]), measured = r["pgb_wait_mean_ms"];
        // The calibration run was set by its own rate.
        if (r.text("rho_nominal") != "0.2")
            CHECK(std::fabs(run.throughput.value * 1000 - r["rate_meas"]) <= (3 * chance + 0.01) * r["rate_meas"]);
        CHECK(std::fabs(run.wait_mean.value - measured) <= 3 * sd.wait * measured + std::max(1.0, 0.03 * measured));
        if (measured > 1) wait.add(run.wait_mean.value, measured, sd.wait);
    }
    MESSAGE("rms z: mean wait (where above 1 ms) ", wait.rms());
}
