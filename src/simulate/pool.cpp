#include <poolfit/simulate/pool.hpp>

#include <algorithm>
#include <cmath>

#include "replications.hpp"

namespace poolfit::simulate {

namespace {

constexpr int most_connections = 20000, most_users = 20000;
constexpr double most_transactions = 64 * 4.0e9;  // a bin of a replication counts to 2^32

std::string problem(const PoolModel& m, const Options& o) {
    if (m.connections < 1 || m.connections > most_connections) return "a pool has 1 to 20000 connections";
    if (m.users < 0 || m.users > most_users) return "a closed pool has at most 20000 users";
    if (const std::string p = simulate::problem(m.gap); !p.empty())
        return (m.users > 0 ? "think time: " : "arrivals: ") + p;
    if (const std::string p = simulate::problem(m.hold); !p.empty()) return "hold: " + p;
    if (!(m.acquire_timeout >= 0)) return "an acquire timeout must be 0 or more";
    if (m.users > 0 && m.connections > sorted_servers && m.connections < m.users)
        return "a closed pool of more than 384 connections and more users than that needs the whole-system simulation";
    if (m.vcpus != 0 &&
        (m.vcpus < 0 || m.vcpus > 4096 || m.users == 0 || !(m.cpu_mean > 0) || !std::isfinite(m.cpu_mean)))
        return "a CPU part needs a closed pool, 1 to 4096 vCPUs and a mean above 0";
    if (!(o.confidence >= 0.5 && o.confidence < 1)) return "a confidence must be from 0.5 to below 1";
    if (!(o.precision >= 0) || !(o.transactions >= 1)) return "precision and transactions must be positive";
    return "";
}

// Transactions of one replication that take it near its steady state, from where it starts. Open: ten relaxation times
// of the queue, about S (1 + scv) / 2 / (c (1 - √ρ)²); with a timeout τ the work in front of a newcomer is kept below
// τ, and forgets in τ²/(π² σ²/2), σ² = S (scv of arrivals and holds) ρ / c. Closed: twenty rounds of all users.
double warm_up(const PoolModel& m, const Replications& r) {
    const double hold = r.hold_mean(), gap = r.gap_mean(), servers = m.connections;
    if (m.users > 0) {
        // And twice the mean residual of a hold at some moment: long holds were begun long ago.
        const double rate = std::min(m.users / (gap + hold), servers / hold);
        return std::max({256.0, 20.0 * m.users, rate * hold * (1 + r.hold_scv())});
    }
    const double spread = std::max(0.2, (r.gap_scv() + r.hold_scv()) / 2), rho = hold / gap / servers;
    const double distance = 1 - std::sqrt(std::min(rho, 0.999999));
    double relaxation = hold * spread / (servers * distance * distance);
    if (std::isfinite(m.acquire_timeout)) {
        const double bound = m.acquire_timeout + hold;
        relaxation = std::min(relaxation, bound * bound * servers / (5 * hold * spread * std::max(rho, 0.01)) + hold);
    }
    return std::max(256.0, 10 * relaxation / gap + 10 * hold / gap);
}

// How many times more transactions are wanted; at most 1 when all is precise enough.
double shortfall(const PoolRun& r, double precision) {
    const double worst = std::max(spread(r.wait_mean, r.hold_mean), spread(r.wait_p99, r.hold_mean)) / precision;
    return worst * worst;
}

}  // namespace

PoolRun simulate_pool(const PoolModel& model, const Options& options, const Kernel& kernel) {
    PoolRun result;
    const auto refuse = [&](PoolRun::Outcome outcome, std::string reason) {
        result.outcome = outcome;
        result.reason = std::move(reason);
        return result;
    };
    if (const std::string p = problem(model, options); !p.empty()) return refuse(PoolRun::Outcome::invalid, p);
    PoolModel m = model;
    if (m.users > 0) m.connections = std::min(m.connections, m.users);  // more would never be used
    Replications replications(m, options, kernel);
    if (!(replications.hold_mean() > 0)) return refuse(PoolRun::Outcome::invalid, "hold: its mean must be more than 0");
    if (m.users == 0) {
        if (!(replications.gap_mean() > 0))
            return refuse(PoolRun::Outcome::invalid, "arrivals: the gap's mean must be more than 0");
        const double offered = replications.hold_mean() / replications.gap_mean();
        if (offered >= m.connections && !std::isfinite(m.acquire_timeout))
            return refuse(PoolRun::Outcome::unstable, "the offered load is " + std::to_string(offered) +
                                                          " connections of " + std::to_string(m.connections) +
                                                          ": waits grow without bound");
    }
    const double most = std::min(options.transactions, most_transactions) / Replications::count;
    double start = warm_up(m, replications);
    result.warmed_up = start <= most;
    start = std::min(start, most);
    replications.run(static_cast<std::uint64_t>(start), false);
    double taken = 0, next = options.precision > 0 ? std::min(most, std::max(2048.0, start / 2)) : most;
    for (;;) {
        replications.run(static_cast<std::uint64_t>(next), true);
        taken += next;
        replications.report(result);
        if (options.precision <= 0 || taken >= most) break;
        const double wanted = shortfall(result, options.precision);
        result.precise = wanted <= 1 && result.hold_error + result.unseen_load <= std::max(options.precision, 0.01);
        if (result.precise) break;
        next = std::min(most - taken, taken * (std::clamp(wanted * 1.05, 1.1, 6.0) - 1));
    }
    if (m.connections != model.connections) {
        const double share = static_cast<double>(m.connections) / model.connections;
        result.utilization = {result.utilization.value * share, result.utilization.half_width * share};
    }
    return result;
}

PoolRun simulate_pool(const PoolModel& model, const Options& options) {
    return simulate_pool(model, options, best_kernel());
}

}  // namespace poolfit::simulate
