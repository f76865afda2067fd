#include "predict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <poolfit/simulate/pool.hpp>
#include <poolfit/simulate/system.hpp>

using namespace poolfit::simulate;

namespace accuracy {

namespace {

// Half a confidence interval back to the standard deviation of one replication: the interval of a sample of which that
// is known says how many of them it is.
double deviation(const Estimate& e, int replications) {
    std::vector<double> sample(static_cast<std::size_t>(replications));
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = i % 2 == 0 ? 1 : -1;
    double sum = 0, squares = 0;
    for (const double x : sample) sum += x;
    for (const double x : sample) squares += (x - sum / replications) * (x - sum / replications);
    const double known = std::sqrt(squares / (replications - 1));
    return e.half_width / estimate(sample, SystemOptions{}.confidence).half_width * known;
}

}  // namespace

Prediction predict(const Experiment& e, const Effort& effort) {
    Prediction p;
    PoolModel pool;
    pool.connections = e.connections;
    pool.users = e.users;
    pool.gap = exponential(e.gap_ms);
    pool.hold = e.hold;
    Options options;
    options.seed = effort.seed;
    options.threads = effort.threads;
    options.precision = effort.precision;
    options.transactions = effort.transactions;
    const PoolRun run = simulate_pool(pool, options);
    if (run.outcome != PoolRun::Outcome::done) {
        p.refused = run.reason;
        return p;
    }
    p.per_second = run.throughput.value * 1000;
    p.wait_ms = run.wait_mean.value;

    SystemModel windows;
    windows.databases.push_back({"", 1});
    ServiceModel service;
    service.connections = e.connections;
    service.users = e.users;
    service.gap = pool.gap;
    service.rest = e.hold;
    windows.services.push_back(service);
    SystemOptions each;
    each.seed = effort.seed + 1;
    each.threads = effort.threads;
    each.precision = 0;
    each.seconds = e.window_ms;
    each.replications = effort.windows;
    const SystemRun noise = simulate_system(windows, each);
    if (!noise.reason.empty()) {
        p.refused = noise.reason;
        return p;
    }
    const auto relative = [&](const Estimate& x) { return x.value > 0 ? deviation(x, effort.windows) / x.value : 0; };
    p.per_second_sd = relative(noise.services[0].throughput);
    const ServiceReport& seen = noise.services[0];
    p.wait_sd = seen.wait_mean.value > 0 ? seen.wait_scatter / seen.wait_mean.value : 0;
    return p;
}

Law hold_law(std::string_view name, double mean_ms, double besides_ms, double cv) {
    if (name == "constant") return shifted(constant(mean_ms), besides_ms);
    if (name == "exponential") return shifted(exponential(mean_ms), besides_ms);
    if (name == "lognormal") return shifted(lognormal(mean_ms, cv), besides_ms);
    if (name == "cv") return shifted(by_mean_and_cv(mean_ms, cv), besides_ms);
    if (name != "geometric") throw std::runtime_error("no such law of a hold: " + std::string(name));
    std::vector<Weighted> values;
    double weight = 1;
    for (int ms = 1; ms <= 30 * mean_ms; ++ms, weight *= 1 - 1 / mean_ms)
        values.push_back({static_cast<double>(ms), weight});
    return shifted(discrete(values), besides_ms);
}

Verdict judge(const Prediction& p, const Measured& m) {
    const auto z = [](double predicted, double measured, double sd) {
        return (predicted - measured) / (sd * measured);
    };
    Verdict v;
    if (p.per_second_sd >= least_sd) v.per_second_z = z(p.per_second, m.per_second, p.per_second_sd);
    if (p.wait_sd >= least_sd && m.wait_ms > least_wait_ms) v.wait_z = z(p.wait_ms, m.wait_ms, p.wait_sd);
    v.per_second_inside = std::fabs(p.per_second - m.per_second) <= (3 * p.per_second_sd + 0.01) * m.per_second;
    v.wait_inside =
        std::fabs(p.wait_ms - m.wait_ms) <= 3 * p.wait_sd * m.wait_ms + std::max(least_wait_ms, 0.03 * m.wait_ms);
    return v;
}

double Rms::value() const { return count_ > 0 ? std::sqrt(squares_ / count_) : 0; }

}  // namespace accuracy
