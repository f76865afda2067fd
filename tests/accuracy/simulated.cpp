#include "simulated.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include <poolfit/simulate/pool.hpp>

using known::Row;
using namespace poolfit::simulate;

namespace accuracy {

namespace {

constexpr double told_apart = 10;  // events that a run has to expect of what it is asked about

Options options_for(double transactions, std::size_t index, const Extent& extent) {
    Options options;
    options.seed = index + 1;
    options.threads = extent.threads;
    options.confidence = 0.99;
    options.precision = 0;
    options.transactions = transactions;
    return options;
}

// Some rows forget so slowly that the usual run never gets to its steady state: a long timeout at saturation.
std::optional<PoolRun> run_of(const PoolModel& model, Options options, double longest) {
    for (;;) {
        PoolRun run = simulate_pool(model, options);
        if (run.outcome != PoolRun::Outcome::done) throw std::runtime_error(run.reason);
        if (run.warmed_up) return run;
        options.transactions *= 4;
        if (options.transactions > longest) return std::nullopt;
    }
}

// An open pool needs to be watched for many relaxation times.
double open_length(double rho, double scv) {
    const double relaxation = rho / std::pow(1 - std::sqrt(rho), 2) * (1 + scv) / 2;
    return std::max(1e6, 64 * 50 * relaxation);
}

double closed_length(int users) { return std::max(3e5, 64 * 50.0 * users); }

SimulatedFigure chance(const char* name, const PoolRun& run, const Estimate& seen, double exact, double slack = 0) {
    const double rarer = std::min(exact, 1 - exact);
    return {name, seen, exact, slack, rarer * run.transactions >= told_apart};
}

// The mean over all arrivals is seen when enough of them wait.
SimulatedFigure mean(const char* name, const PoolRun& run, const Estimate& seen, double exact, double p_wait,
                     double slack = 0) {
    return {name, seen, exact, slack, p_wait * run.transactions >= told_apart};
}

SimulatedFigure quantile(const char* name, const Estimate& seen, double exact) {
    return {name, seen, exact, 1e-9, exact > 0};
}

std::string name_of(const Row& r) { return r.text("c") + " connections, rho " + r.text("rho"); }

std::optional<SimulatedRow> erlang_row(const Row& r, std::size_t index, const Extent& extent) {
    if (r["rho"] > extent.most_utilization || r["c"] > extent.most_connections) return std::nullopt;
    PoolModel m;
    m.connections = static_cast<int>(r["c"]);
    m.gap = exponential(1 / r["a"]);
    m.hold = exponential(1);
    const auto run = run_of(m, options_for(open_length(r["rho"], 1), index, extent), extent.longest);
    if (!run) return std::nullopt;
    const double p = r["erlang_c"];
    return SimulatedRow{
        name_of(r),
        {mean("mean wait", *run, run->wait_mean, r["mean_wait"], p), chance("P(wait)", *run, run->wait_probability, p),
         quantile("p95", run->wait_p95, r["w_p95"]), quantile("p99", run->wait_p99, r["w_p99"])}};
}

std::optional<SimulatedRow> mgc_row(const Row& r, std::size_t index, const Extent& extent) {
    if (r["rho"] > extent.most_utilization || r["c"] > extent.most_connections) return std::nullopt;
    const std::string& law = r.text("model");
    PoolModel m;
    m.connections = static_cast<int>(r["c"]);
    m.gap = exponential(1 / (r["c"] * r["rho"]));
    m.hold = law == "D"    ? constant(1)
             : law == "E2" ? erlang(2, 1)
             : law == "E4" ? erlang(4, 1)
             : law == "M"  ? exponential(1)
                           : hyperexponential(1, std::sqrt(r["scv"]));
    const auto run = run_of(m, options_for(open_length(r["rho"], r["scv"]), index, extent), extent.longest);
    if (!run) return std::nullopt;
    const double p = r["p_wait"];
    return SimulatedRow{
        law + " " + r.text("scv") + ", " + name_of(r),
        {mean("mean wait", *run, run->wait_mean, r["mean_wait"], p), chance("P(wait)", *run, run->wait_probability, p),
         quantile("p95", run->wait_p95, r["w_p95"]), quantile("p99", run->wait_p99, r["w_p99"])}};
}

// Another simulator's figures; its own interval is the slack.
std::optional<SimulatedRow> mgc_sim_row(const Row& r, std::size_t index, const Extent& extent) {
    PoolModel m;
    m.connections = static_cast<int>(r["c"]);
    m.gap = exponential(1 / (r["c"] * r["rho"]));
    const double two_point = 0.95 * 5 + 0.05 * 1500;
    m.hold = r.text("model") == "BI" ? discrete({{5 / two_point, 95}, {1500 / two_point, 5}})
                                     : lognormal(1, std::sqrt(r["scv"]));
    const auto run = run_of(m, options_for(4 * open_length(r["rho"], r["scv"]), index, extent), extent.longest);
    if (!run) return std::nullopt;
    const double p = r["p_wait"], wait = r["mean_wait"];
    return SimulatedRow{r.text("model") + ", " + name_of(r),
                        {mean("mean wait", *run, run->wait_mean, wait, p, 0.01 * wait),
                         chance("P(wait)", *run, run->wait_probability, p, 0.005 * p)}};
}

std::optional<SimulatedRow> timeout_row(const Row& r, std::size_t index, const Extent& extent) {
    PoolModel m;
    m.connections = static_cast<int>(r["c"]);
    m.gap = exponential(1 / r["a"]);
    m.hold = exponential(1);
    m.acquire_timeout = r["tau_over_S"];
    const auto run = run_of(m, options_for(open_length(std::min(r["rho"], 0.95), 1), index, extent), extent.longest);
    if (!run) return std::nullopt;
    return SimulatedRow{name_of(r) + ", timeout " + r.text("tau_over_S"),
                        {mean("mean wait", *run, run->wait_mean, r["mean_wait_all"], r["p_all_busy"]),
                         chance("P(timeout)", *run, run->timeout_probability, r["p_timeout"]),
                         chance("P(all busy)", *run, run->wait_probability, r["p_all_busy"], 1e-12),
                         {"utilisation", run->utilization, r["utilisation"]},
                         {"throughput", run->throughput, r["throughput"]}}};
}

std::optional<SimulatedRow> finite_source_row(const Row& r, std::size_t index, const Extent& extent) {
    PoolModel m;
    m.connections = static_cast<int>(r["c"]);
    m.users = static_cast<int>(r["N"]);
    m.gap = exponential(r["think_s"]);
    m.hold = exponential(r["hold_s"]);
    const auto run = run_of(m, options_for(closed_length(m.users), index, extent), extent.longest);
    if (!run) return std::nullopt;
    const double p = r["p_wait_arrival"];
    return SimulatedRow{r.text("N") + " users, " + r.text("c") + " connections, think " + r.text("think_s") +
                            " s, hold " + r.text("hold_s") + " s",
                        {{"throughput", run->throughput, r["throughput"]},
                         {"utilisation", run->utilization, r["utilisation"]},
                         mean("mean wait", *run, run->wait_mean, r["mean_wait"], p, 1e-12),
                         chance("P(wait)", *run, run->wait_probability, p, 1e-12),
                         quantile("p95", run->wait_p95, r["w_p95"]),
                         quantile("p99", run->wait_p99, r["w_p99"])}};
}

std::optional<SimulatedRow> closed_pool_row(const Row& r, std::size_t index, const Extent& extent) {
    PoolModel m;
    m.connections = static_cast<int>(r["pool"]);
    m.users = static_cast<int>(r["N"]);
    m.gap = exponential(r["think_s"]);
    m.hold = exponential(r["d_ext_s"]);
    m.vcpus = static_cast<int>(r["vcpu"]);
    m.cpu_mean = r["d_cpu_s"];
    const auto run = run_of(m, options_for(closed_length(m.users), index, extent), extent.longest);
    if (!run) return std::nullopt;
    const double p = r["p_wait"];
    return SimulatedRow{r.text("scenario") + ", " + r.text("N") + " users, think " + r.text("think_s") + " s, pool " +
                            r.text("pool") + ", cpu " + r.text("d_cpu_s") + " s, external " + r.text("d_ext_s") + " s",
                        {{"throughput", run->throughput, r["throughput"]},
                         {"CPU", run->cpu_utilization, r["cpu_util"]},
                         {"utilisation", run->utilization, r["pool_util"]},
                         mean("mean wait", *run, run->wait_mean, r["mean_pool_wait"], p, 1e-12),
                         chance("P(wait)", *run, run->wait_probability, p, 1e-12),
                         quantile("p99", run->wait_p99, r["w_p99"])}};
}

constexpr std::array tables{
    SimulatedTable{"erlang.csv", "M/M/c", erlang_row},
    SimulatedTable{"mgc.csv", "M/D/c, M/E2/c, M/E4/c, M/M/c, M/H2/c", mgc_row},
    SimulatedTable{"mmc_timeout.csv", "M/M/c with an acquire timeout", timeout_row},
    SimulatedTable{"finite_source.csv", "users who think, M/M/c//N", finite_source_row},
    SimulatedTable{"closed_pool.csv", "users, a pool and the CPU of a database", closed_pool_row},
    SimulatedTable{"mgc_sim.csv", "lognormal and two-point holds, by another simulator", mgc_sim_row},
};

}  // namespace

std::span<const SimulatedTable> simulated_tables() { return tables; }

void Coverage::add(const SimulatedFigure& f, const std::string& row) {
    const bool inside = f.covered();
    (f.visible ? visible : unseen) += 1;
    (f.visible ? covered : unseen_covered) += inside ? 1 : 0;
    if (f.visible) differences.push_back(std::fabs(f.seen.value - f.exact) / f.exact);
    if (!inside)
        missed += fmt::format("\n  {}: {} {} +- {} for {}", row, f.name, f.seen.value, f.seen.half_width, f.exact);
}

double Coverage::mean_difference() const {
    if (differences.empty()) return 0;
    return std::accumulate(differences.begin(), differences.end(), 0.0) / static_cast<double>(differences.size());
}

double Coverage::median_difference() const {
    if (differences.empty()) return 0;
    std::vector<double> rising = differences;
    std::sort(rising.begin(), rising.end());
    return rising[rising.size() / 2];
}

std::vector<Coverage> cover(const SimulatedTable& table, const Extent& extent, std::size_t step) {
    std::vector<Coverage> found(1);
    found[0].name = table.file;
    const std::vector<Row> all = known::rows(table.file);
    for (std::size_t i = 0; i < all.size(); i += step) {
        const auto row = table.run(all[i], i, extent);
        if (!row) continue;
        for (std::size_t f = 0; f < row->figures.size(); ++f) {
            if (found.size() < f + 2) {
                found.emplace_back();
                found.back().name = row->figures[f].name;
            }
            found[0].add(row->figures[f], row->name);
            found[f + 1].add(row->figures[f], row->name);
        }
    }
    return found;
}

}  // namespace accuracy
