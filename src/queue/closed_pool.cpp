#include <poolfit/queue/closed_pool.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "levels.hpp"
#include "releases.hpp"
#include "root.hpp"
#include "tails.hpp"

namespace poolfit::queue {
namespace {

constexpr double least_followed = 1e-15;  // probability of still waiting
constexpr double most_steps = 4e6;
constexpr double most_law_work = 3e8;

Checked check(const ClosedPoolInput& input) {
    if (const auto bad = check_users(input.users)) return bad;
    if (const auto bad = check_range("mean think time", input.think.value, shortest_time, longest_time)) return bad;
    if (const auto bad = check_servers(input.size)) return bad;
    if (const auto bad = check_range("number of cores", static_cast<double>(input.cores), 1.0, 1e6)) return bad;
    if (const auto bad = check_time("CPU time", input.cpu)) return bad;
    if (const auto bad = check_time("external time", input.external)) return bad;
    return check_hold(input.cpu + input.external);
}

/// The law of a birth-death process on 0..n; `ratio(i)` is births in i over deaths in i + 1, falling in i.
template <class Ratio>
std::vector<double> birth_death(std::size_t n, Ratio ratio) {
    std::vector<double> law(n + 1, 0.0);
    std::size_t mode = 0;
    while (mode < n && ratio(mode) > 1.0) ++mode;
    law[mode] = 1.0;
    for (std::size_t i = mode; i < n && law[i] > 0.0; ++i) law[i + 1] = law[i] * ratio(i);
    for (std::size_t i = mode; i > 0 && law[i] > 0.0; --i) law[i - 1] = law[i] / ratio(i - 1);
    const double total = sum(law);
    for (double& p : law) p /= total;
    return law;
}

/// From the releases per ms, the mean number that waits and the mean number that holds.
ClosedPool means(const ClosedPoolInput& input, double rate, double waiting, double holding, double p_wait) {
    ClosedPool result;
    result.throughput = PerSecond(rate * 1000.0);
    result.cpu = Fraction(rate * input.cpu.value / static_cast<double>(input.cores));
    result.pool = Fraction(holding / number(input.size));
    result.mean_wait = Millis(waiting / rate);
    result.mean_response = Millis((waiting + holding) / rate);
    result.p_wait = p_wait;
    return result;
}

std::vector<Level> chain(const ClosedPoolInput& input) {
    const auto users = static_cast<std::size_t>(input.users);
    const std::size_t size = std::min(users, static_cast<std::size_t>(input.size.value));
    std::vector<Level> levels(users + 1);
    for (std::size_t n = 0; n <= users; ++n) {  // n in the system; the state is how many of them are on the CPU
        Level& level = levels[n];
        const std::size_t held = std::min(n, size);
        level.states = held + 1;
        for (std::size_t k = 0; k <= held; ++k) {
            const double arrivals = static_cast<double>(users - n) / input.think.value;
            if (n < users) level.up.push_back({k, n < size ? k + 1 : k, arrivals});
            const auto on_cpu = static_cast<double>(std::min(k, static_cast<std::size_t>(input.cores)));
            if (k > 0) level.inside.push_back({k, k - 1, on_cpu / input.cpu.value});
            const double releases = static_cast<double>(held - k) / input.external.value;
            if (k < held) level.down.push_back({k, n > size ? k + 1 : k, releases});
        }
    }
    return levels;
}

/// P(still waiting) after every step of the uniformised chain. `at[j]`: the next place in the queue is j, by the
/// number on the CPU; the pool stays full meanwhile, and later arrivals don't matter.
bool follow(ClosedPoolExact& system, const Level& full, std::vector<std::vector<double>> at) {
    for (std::size_t k = 0; k < full.states; ++k) {
        double leaving = 0.0;
        for (const Move& move : full.inside) leaving += move.from == k ? move.rate : 0.0;
        for (const Move& move : full.down) leaving += move.from == k ? move.rate : 0.0;
        system.speed = std::max(system.speed, leaving);
    }
    std::vector<double> stays(full.states, 1.0), slower(full.states, 0.0), released(full.states, 0.0);
    for (const Move& move : full.inside) slower[move.from] = move.rate / system.speed;
    for (const Move& move : full.down) released[move.from] = move.rate / system.speed;
    for (std::size_t k = 0; k < full.states; ++k) stays[k] = std::max(0.0, 1.0 - slower[k] - released[k]);

    std::size_t live = at.size();
    double work = 0.0;
    for (double steps = 0.0;; steps += 1.0) {
        double left = 0.0;
        for (std::size_t j = 0; j < live; ++j) left += sum(at[j]);
        system.waiting_after.push_back(left);
        if (left < least_followed) return true;
        work += static_cast<double>(live * full.states);
        if (work > most_law_work || steps > most_steps) return false;
        for (std::size_t j = 0; j < live; ++j) {  // in place, front of the queue first: k only takes from k, k + 1
            std::vector<double>& here = at[j];
            for (std::size_t k = 0; k < full.states; ++k) {
                double p = here[k] * stays[k];
                if (k + 1 < full.states) p += here[k + 1] * slower[k + 1];
                if (k > 0 && j + 1 < live) p += at[j + 1][k - 1] * released[k - 1];
                here[k] = p;
            }
        }
        while (live > 1 && sum(at[live - 1]) < 1e-30) --live;
    }
}

}  // namespace

Answer<ClosedPoolBounds> closed_pool_bounds(const ClosedPoolInput& input) {
    if (const auto bad = check(input)) return *bad;
    const double hold = (input.cpu + input.external).value;
    const double cycle = input.think.value + hold;
    const auto cores = static_cast<double>(input.cores);
    const double by_cpu = cores / input.cpu.value;  // infinite without CPU time
    const double best = std::min({static_cast<double>(input.users) / cycle, number(input.size) / hold, by_cpu});
    return ClosedPoolBounds{PerSecond(best * 1000.0), number(input.size) * cycle / hold, by_cpu * cycle};
}

Answer<ClosedPool> solve_closed_pool_fast(const ClosedPoolInput& input) {
    if (const auto bad = check(input)) return *bad;
    const auto users = static_cast<std::size_t>(input.users);
    const std::size_t size = std::min(users, static_cast<std::size_t>(input.size.value));
    if (const auto bad = check_range("number of connections", static_cast<double>(size), 1.0, 3000.0)) return *bad;
    Releases releases(input.cpu.value, input.external.value, CpuSpeed(static_cast<double>(input.cores), 0.0, 0.0));
    const auto law = birth_death(users, [&](std::size_t n) {
        return static_cast<double>(users - n) / input.think.value / releases(std::min(n + 1, size));
    });
    double rate = 0.0, waiting = 0.0, holding = 0.0, found_full = 0.0, arrivals = 0.0;
    for (std::size_t n = 0; n <= users; ++n) {
        const double arriving = law[n] * static_cast<double>(users - n);
        arrivals += arriving;
        rate += law[n] * releases(std::min(n, size));
        holding += law[n] * static_cast<double>(std::min(n, size));
        if (n >= size) {
            waiting += law[n] * static_cast<double>(n - size);
            found_full += arriving;
        }
    }
    return means(input, rate, waiting, holding, found_full / arrivals);
}

Answer<ClosedPoolExact> solve_closed_pool(const ClosedPoolInput& input) {
    if (const auto bad = check(input)) return *bad;
    if (const auto bad = check_range("CPU time", input.cpu.value, shortest_time, longest_time)) return *bad;
    if (const auto bad = check_range("external time", input.external.value, shortest_time, longest_time)) return *bad;
    const auto users = static_cast<std::size_t>(input.users);
    const std::size_t size = std::min(users, static_cast<std::size_t>(input.size.value));
    const auto states = static_cast<double>(size) + 1.0;
    const double work = static_cast<double>(users) * states * states * states;
    if (const auto bad = check_range("users x connections^3", work, 0.0, most_closed_work)) return *bad;

    const std::vector<Level> levels = chain(input);
    const auto law = stationary(levels, Matrix());
    double waiting = 0.0, holding = 0.0, arrivals = 0.0, found_full = 0.0, rate = 0.0;
    std::vector<std::vector<double>> seen(users > size ? users - size : 0);
    for (std::size_t n = 0; n <= users; ++n) {
        const double p = sum(law[n]);
        const double arriving = p * static_cast<double>(users - n);
        arrivals += arriving;
        holding += p * static_cast<double>(std::min(n, size));
        for (const Move& move : levels[n].down) rate += law[n][move.from] * move.rate;
        if (n < size) continue;
        waiting += p * static_cast<double>(n - size);
        found_full += arriving;
        if (n == users) continue;
        seen[n - size] = law[n];
        for (double& share : seen[n - size]) share *= static_cast<double>(users - n);
    }
    ClosedPoolExact result{means(input, rate, waiting, holding, found_full / arrivals)};
    for (auto& place : seen) {
        for (double& share : place) share /= arrivals;
    }
    if (!seen.empty()) result.has_law = follow(result, levels[users], std::move(seen));
    return result;
}

double p_wait_over(const ClosedPoolExact& system, Millis t) {
    if (!system.has_law) return std::numeric_limits<double>::quiet_NaN();
    if (t.value < 0.0) return 1.0;
    if (system.waiting_after.empty()) return 0.0;
    const double mean = system.speed * t.value;
    if (mean == 0.0) return system.waiting_after.front();
    const auto end = static_cast<double>(system.waiting_after.size());
    const double mode = std::min(std::floor(mean), end - 1.0);
    const double peak = std::exp(ln_poisson(mode, mean));
    const auto left = [&](double k) { return system.waiting_after[static_cast<std::size_t>(k)]; };
    double p = peak, total = 0.0;
    for (double k = mode; k >= 0.0 && p > 1e-20; k -= 1.0) {
        total += p * left(k);
        p *= k / mean;
    }
    p = peak;
    for (double k = mode + 1.0; k < end && p > 1e-20; k += 1.0) {
        p *= mean / k;
        total += p * left(k);
    }
    return total;
}

Millis wait_quantile(const ClosedPoolExact& system, double p) {
    if (!(p >= 0.0 && p <= 1.0 - 1e-9) || !system.has_law) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double share = 1.0 - p;
    if (system.means.p_wait <= share) return Millis(0.0);
    const auto excess = [&](double t) { return std::log(p_wait_over(system, Millis(t)) / share); };
    return Millis(root_of_falling(excess, std::max(system.means.mean_wait.value, 1.0 / system.speed)));
}

}  // namespace poolfit::queue
