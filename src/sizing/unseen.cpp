#include "unseen.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>

namespace poolfit::sizing {
namespace {

constexpr double negligible = 1e-12;
/// Two moments of a hold make waits this much longer than exponential holds do, and no less.
double by_spread(const Shape& hold) { return std::max(1.0, (1.0 + hold.scv) / 2.0); }

struct Left {
    bool enough = false;  ///< the queue has a limit
    double p_wait = 1.0;
    double mean_wait = 0.0;  ///< ms
};

/// What is left to the others while `gone` connections are held for long, by as many users.
Left left(const Asked& asked, Connections size, std::int64_t gone) {
    const Load& load = asked.load;
    const Connections servers(size.value - gone);
    if (servers.value < 1) return {};
    if (load.users > 0) {
        if (load.users - gone < 1) return {true, 0.0, 0.0};
        const auto answer = queue::solve_finite_source(load.users - gone, load.think, asked.shape.mean, servers);
        const auto* system = std::get_if<queue::FiniteSource>(&answer);
        return system == nullptr ? Left{} : Left{true, system->wait.value, system->mean_wait.value};
    }
    const auto answer = queue::solve_mmc(asked.offered, asked.shape.mean, servers);
    const auto* system = std::get_if<queue::Mmc>(&answer);
    return system == nullptr ? Left{} : Left{true, queue::p_wait(*system), queue::mean_wait(*system).value};
}

/// The quantile may lie anywhere between those of the levels that are `share` away.
void widen(simulate::Estimate& quantile, const simulate::PoolRun& run, double level, double share, double longest) {
    const double up = level + share < 1.0 ? run.waits.quantile(level + share) : longest;
    const double down = run.waits.quantile(std::max(0.0, level - share));
    quantile.half_width += std::max({0.0, up - quantile.value, quantile.value - down});
}

}  // namespace

void allow_for_unseen(simulate::PoolRun& run, const Asked& asked, Connections size, double busy) {
    const double there = busy * run.unseen_load, c = static_cast<double>(size.value);
    if (!(there > negligible)) return;
    const Load& load = asked.load;
    const double mean = asked.shape.mean.value;
    // The length of the unseen hold that is found at a moment.
    const double length = mean * (1.0 + asked.shape.scv) * run.unseen_square / run.unseen_load;
    const double spare = c - asked.offered.value;
    const double after = load.users == 0 && spare > 0.0 ? std::max(1.0, 1.0 / spare) : 1.0;
    const Left whole = left(asked, size, 0);
    double share = 0.0, wait = 0.0, chance = std::exp(-there), rest = 1.0 - chance;
    for (std::int64_t k = 1; k <= size.value && rest > negligible; ++k) {
        chance *= there / static_cast<double>(k);
        rest = std::max(0.0, rest - chance);
        const Left others = left(asked, size, k);
        if (others.enough) {
            share += chance * std::max(0.0, others.p_wait - whole.p_wait);
            double longer = std::max(0.0, others.mean_wait - whole.mean_wait) * by_spread(asked.shape);
            if (load.users > 0) {
                // What is served falls no more than in proportion to the connections, so a round of all users gets no
                // longer than this.
                const double users = static_cast<double>(load.users), gone = static_cast<double>(k);
                const double around = load.think.value + mean + run.wait_mean.value;
                longer = std::min(longer, around * gone * std::max(0.0, users - c) / (users * (c - gone)));
            }
            wait += chance * longer;
            continue;
        }
        const double over = std::max(0.0, asked.offered.value - c + static_cast<double>(k));
        share += (chance + rest) * after;
        wait += (chance + rest) * after * length * std::max(over, 0.5) / c;
        break;
    }
    if (load.acquire_timeout) {
        wait = std::min(wait, share * load.acquire_timeout->value);
        run.timeout_probability.half_width += std::min(1.0, share + run.unseen_load);
    }
    share = std::min(1.0, share);
    run.wait_mean.half_width += wait;
    run.wait_probability.half_width += share;
    run.wait_over.half_width += share;
    // Markov: a share p waits no longer than mean/p.
    const auto longest = [&](double level) {
        const double most = run.wait_mean.high() / (1.0 - level);
        return load.acquire_timeout ? std::min(most, load.acquire_timeout->value) : most;
    };
    widen(run.wait_p50, run, 0.50, share, longest(0.50));
    widen(run.wait_p95, run, 0.95, share, longest(0.95));
    widen(run.wait_p99, run, 0.99, share, longest(0.99));
    run.throughput.half_width += load.users > 0 || load.acquire_timeout ? run.throughput.value * run.unseen_load : 0.0;
}

}  // namespace poolfit::sizing
