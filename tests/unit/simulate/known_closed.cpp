// Closed pools against exact tables: the 99 % interval covers the exact figure in at least 97 % of the rows.
#include <algorithm>

#include <poolfit/simulate/pool.hpp>

#include "rows.hpp"

using namespace poolfit::simulate;

namespace {

Options options_for(int users, std::uint64_t seed) {
    Options options;
    options.seed = seed;
    options.threads = 2;
    options.confidence = 0.99;
    options.precision = 0;
    options.transactions = std::max(3e5, 64 * 50.0 * users);
    return options;
}

}  // namespace

TEST_CASE("users with think times: the finite source") {
    Coverage coverage({"throughput", "utilisation", "mean wait", "P(wait)", "p95", "p99"});
    const auto table = rows("finite_source");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (skipped(i, 12)) continue;
        PoolModel m;
        m.connections = static_cast<int>(r["c"]);
        m.users = static_cast<int>(r["N"]);
        m.gap = exponential(r["think_s"]);
        m.hold = exponential(r["hold_s"]);
        const PoolRun run = simulate_pool(m, options_for(m.users, i + 1));
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        const std::string name = r.text("N") + " users, " + r.text("c") + " connections, think " + r.text("think_s") +
                                 " s, hold " + r.text("hold_s") + " s";
        coverage.add(0, run.throughput, r["throughput"], name);
        coverage.add(1, run.utilisation, r["utilisation"], name);
        coverage.add(2, run.wait_mean, r["mean_wait"], name, 1e-12);
        coverage.add(3, run.wait_probability, r["p_wait_arrival"], name, 1e-12);
        coverage.add(4, run.wait_p95, r["w_p95"], name, 1e-9);
        coverage.add(5, run.wait_p99, r["w_p99"], name, 1e-9);
    }
}

TEST_CASE("users, a pool and the CPU of a database") {
    Coverage coverage({"throughput", "CPU", "utilisation", "mean wait", "P(wait)", "p99"});
    const auto table = rows("closed_pool");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const Row& r = table[i];
        if (skipped(i, 12)) continue;
        PoolModel m;
        m.connections = static_cast<int>(r["pool"]);
        m.users = static_cast<int>(r["N"]);
        m.gap = exponential(r["think_s"]);
        m.hold = exponential(r["d_ext_s"]);
        m.vcpus = static_cast<int>(r["vcpu"]);
        m.cpu_mean = r["d_cpu_s"];
        const PoolRun run = simulate_pool(m, options_for(m.users, i + 1));
        REQUIRE(run.outcome == PoolRun::Outcome::done);
        const std::string name = r.text("scenario") + ", " + r.text("N") + " users, think " + r.text("think_s") +
                                 " s, pool " + r.text("pool") + ", cpu " + r.text("d_cpu_s") + " s, external " +
                                 r.text("d_ext_s") + " s";
        coverage.add(0, run.throughput, r["throughput"], name);
        coverage.add(1, run.cpu_utilisation, r["cpu_util"], name);
        coverage.add(2, run.utilisation, r["pool_util"], name);
        coverage.add(3, run.wait_mean, r["mean_pool_wait"], name, 1e-12);
        coverage.add(4, run.wait_probability, r["p_wait"], name, 1e-12);
        coverage.add(5, run.wait_p99, r["w_p99"], name, 1e-9);
    }
}
