#include <poolfit/simulate/unseen.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>

#include "elementary.hpp"

namespace poolfit::simulate {
namespace {

constexpr double negligible = 1e-12;

struct Left {
    bool enough = false;  ///< the queue has a limit
    double p_wait = 1.0;
    double mean_wait = 0.0;  ///< in holds
};

/// What is left to the others while `gone` connections are held for long, by as many users.
Left left(const SteadyPool& pool, std::int64_t gone) {
    const Connections servers(pool.connections - gone);
    if (servers.value < 1) return {};
    if (pool.users > 0) {
        if (pool.users - gone < 1) return {true, 0.0, 0.0};
        const auto answer =
            queue::solve_finite_source(pool.users - gone, Millis(pool.think / pool.hold), Millis(1), servers);
        const auto* system = std::get_if<queue::FiniteSource>(&answer);
        return system == nullptr ? Left{} : Left{true, system->wait.value, system->mean_wait.value};
    }
    const auto answer = queue::solve_mmc(Erlangs(pool.load), Millis(1), servers);
    const auto* system = std::get_if<queue::Mmc>(&answer);
    return system == nullptr ? Left{} : Left{true, queue::p_wait(*system), queue::mean_wait(*system).value};
}

/// The quantile may lie anywhere between those of the levels that are `share` away.
void widen(Estimate& quantile, const Histogram& waits, double level, double share, double longest) {
    if (!(share > 0)) return;
    const double up = level + share < 1.0 ? std::min(waits.quantile(level + share), longest) : longest;
    const double down = waits.quantile(std::max(0.0, level - share));
    quantile.half_width += std::max({0.0, up - quantile.value, quantile.value - down});
}

}  // namespace

Unseen unseen(const SteadyPool& pool, const LongHolds& holds, std::int64_t from, std::int64_t to) {
    Unseen result;
    if (!(holds.there > negligible) || !(pool.hold > 0)) return result;
    // Two moments of a hold make waits this much longer than exponential holds do, and no less.
    const double by_spread = std::max(1.0, (1.0 + pool.scv) / 2.0);
    const double c = static_cast<double>(pool.connections);
    const Left whole = left(pool, 0);
    double chance = exponential_of(-holds.there), rest = 1.0 - chance;
    for (std::int64_t k = 1; k <= std::min(pool.connections, to) && rest > negligible; ++k) {
        chance *= holds.there / static_cast<double>(k);
        rest = std::max(0.0, rest - chance);
        if (k < from) continue;
        const Left others = left(pool, k);
        const double gone = static_cast<double>(k);
        if (others.enough) {
            result.share += chance * std::max(0.0, others.p_wait - whole.p_wait);
            double longer = std::max(0.0, others.mean_wait - whole.mean_wait) * by_spread * pool.hold;
            if (pool.users > 0) {
                // What is served falls no more than in proportion to the connections, so a round of all users gets no
                // longer than this.
                const double users = static_cast<double>(pool.users);
                const double around = pool.think + pool.hold + pool.wait;
                longer = std::min(longer, around * gone * std::max(0.0, users - c) / (users * (c - gone)));
            } else {
                longer = std::min(longer, holds.length);  // nearly too few, they are so no longer than it lasts
            }
            result.wait += chance * longer;
            continue;
        }
        if (pool.users > 0) {
            // All users but those that hold them wait: by Little's law, in the time of so many of their rounds.
            const double users = static_cast<double>(pool.users), around = pool.think + pool.hold + pool.wait;
            result.share += chance + rest;
            result.wait += (chance + rest) * std::max(0.0, users - c) / users * around;
            break;
        }
        const double spare = c - gone + 1.0 - pool.load;
        const double after = spare > 0.0 ? std::max(1.0, 1.0 / spare) : 1.0;
        const double over = std::max(0.0, pool.load - c + gone);
        result.share += (chance + rest) * after;
        result.wait += (chance + rest) * after * holds.length * std::max(over, 0.5) / c;
        break;
    }
    result.share = std::min(1.0, result.share);
    return result;
}

std::int64_t that_fill(const SteadyPool& pool) {
    if (pool.users > 0) return pool.connections;
    const double spare = static_cast<double>(pool.connections) - pool.load;
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(spare)), 1, pool.connections);
}

double chance_of(const LongHolds& holds, std::int64_t least) {
    double chance = exponential_of(-holds.there), before = 0, sum = 0;
    for (std::int64_t k = 0; k < least; ++k) {
        before += chance;
        chance *= holds.there / static_cast<double>(k + 1);
    }
    if (before < 0.5) return 1.0 - before;
    // One less the others has no digits left.
    for (std::int64_t k = least; chance > sum * 1e-9; ++k) {
        sum += chance;
        chance *= holds.there / static_cast<double>(k + 1);
    }
    return sum;
}

void widen(const Waits& w, const Unseen& by) {
    w.mean.half_width += by.wait;
    w.probability.half_width += by.share;
    w.over.half_width += by.share;
    // Markov: a share p waits no longer than mean/p.
    const auto longest = [&](double level) { return std::min(w.timeout, w.mean.high() / (1.0 - level)); };
    widen(w.p50, w.waits, 0.50, by.share, longest(0.50));
    widen(w.p95, w.waits, 0.95, by.share, longest(0.95));
    widen(w.p99, w.waits, 0.99, by.share, longest(0.99));
}

}  // namespace poolfit::simulate
