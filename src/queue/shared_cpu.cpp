#include <poolfit/queue/shared_cpu.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <poolfit/queue/finite_source.hpp>
#include <poolfit/queue/mmc.hpp>
#include <poolfit/queue/search.hpp>

#include "checks.hpp"
#include "erlang.hpp"
#include "finite_source.hpp"
#include "releases.hpp"
#include "root.hpp"

namespace poolfit::queue {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

Checked check(const SharedCpuLoad& load) {
    if (load.users != 0) {
        if (const auto bad = check_users(load.users)) return bad;
        if (const auto bad = check_time("mean think time", load.think)) return bad;
    } else if (const auto bad = check_range("arrival rate", load.rate.value, 1e-9, 1e13)) {
        return bad;
    }
    if (const auto bad = check_time("CPU time", load.cpu)) return bad;
    if (const auto bad = check_time("time elsewhere", load.elsewhere)) return bad;
    if (const auto bad = check_hold(load.cpu + load.elsewhere)) return bad;
    const auto vcpus = static_cast<double>(load.vcpus);
    if (const auto bad = check_range("number of vCPUs", vcpus, 1.0, 4096.0)) return bad;
    if (const auto bad = check_range("vCPUs that others keep busy", load.others, 0.0, vcpus * (1.0 - 1e-12)))
        return bad;
    return check_range("most of the others", load.others_most, 0.0, infinite);
}

Releases releases_of(const SharedCpuLoad& load) {
    const auto vcpus = static_cast<double>(load.vcpus);
    return {load.cpu.value, load.elsewhere.value, CpuSpeed(vcpus, load.others, load.others_most)};
}

/// The pool's states, by how many are in the system: those with a connection to spare, and all others as one.
struct States {
    double spare = 0.0, full = 0.0;  ///< weights
    double busy = 0.0, ended = 0.0;  ///< weighted sums over both
    double share_full() const { return full / (spare + full); }
};

/// `births(n)` is arrivals per ms with n in the system; `stay` the weight of all states from `size` on, over that of
/// the first of them.
template <class Births>
States states(Releases& releases, std::size_t size, double stay, Births births) {
    States s;
    double weight = 1.0;
    for (std::size_t n = 0; n < size; ++n) {
        s.spare += weight;
        s.busy += weight * static_cast<double>(n);
        s.ended += weight * releases(n);
        weight *= births(n) / releases(n + 1);
        if (weight < 1e200) continue;
        for (double* sum : {&s.spare, &s.busy, &s.ended, &weight}) *sum *= 1e-200;
    }
    s.full = weight * stay;
    s.busy += s.full * static_cast<double>(size);
    s.ended += s.full * releases(size);
    return s;
}

/// Of what a pool serves: a load that is as large but for rounding is as large.
constexpr double nearly_all = 1.0 - 1e-12;

Probability probability(double p) { return {p, p > 0.0 ? std::log(p) : -infinite}; }

Answer<SharedCpuPool> open(const SharedCpuLoad& load, Releases& releases, Connections size) {
    const double rate = load.rate.value / 1000.0;
    SharedCpuPool pool{load, size};
    pool.ends = releases(static_cast<std::size_t>(size.value));
    if (rate >= pool.ends * nearly_all) {
        const double most = (static_cast<double>(load.vcpus) - load.others) / load.cpu.value;
        Connections stable(0);
        if (load.cpu.value == 0.0 || rate < most)
            stable = smallest_size(size, Connections(most_sharing), [&](Connections c) {
                         return rate < releases(static_cast<std::size_t>(c.value)) * nearly_all;
                     }).value_or(Connections(0));
        return Unstable{stable, Fraction(std::max(1.0, rate / pool.ends))};
    }
    const double stay = pool.ends / (pool.ends - rate);
    const States s = states(releases, static_cast<std::size_t>(size.value), stay, [&](std::size_t) { return rate; });
    pool.wait = probability(s.share_full());
    pool.mean_wait = Millis(pool.wait.value / (pool.ends - rate));
    pool.busy_mean = s.busy / (s.spare + s.full);
    pool.throughput = load.rate;
    return pool;
}

/// Of m users, from which number on the pool is full: 1/B(m - size, y), y the releases in a think time.
double stay_of(double m, double size, double y) {
    constexpr double most = 1e90;  // it is full then, to the precision of a double
    if (m < size) return 0.0;
    const double ln = -blocking(m - size, y).ln;
    return ln < std::log(most) ? std::exp(ln) : most;
}

SharedCpuPool closed(const SharedCpuLoad& load, Releases& releases, Connections size) {
    SharedCpuPool pool{load, size};
    const auto users = static_cast<double>(load.users);
    const double c = std::min(number(size), users), think = load.think.value;
    const auto held = static_cast<std::size_t>(c);
    pool.ends = releases(held);
    if (think == 0.0) {  // all of them are always in the system
        const bool waits = users > c;
        pool.wait = probability(waits ? 1.0 : 0.0);
        pool.busy_mean = c;
        pool.throughput = PerSecond(pool.ends * 1000.0);
        pool.mean_wait = Millis((users - c) / pool.ends);
        return pool;
    }
    const double y = pool.ends * think;
    const auto of = [&](double m) {
        return states(releases, held, stay_of(m, c, y),
                      [&](std::size_t n) { return std::max(0.0, m - static_cast<double>(n)) / think; });
    };
    const States all = of(users), seen = of(users - 1.0);
    pool.busy_mean = all.busy / (all.spare + all.full);
    pool.throughput = PerSecond(all.ended / (all.spare + all.full) * 1000.0);
    if (users <= number(size)) return pool;
    pool.wait = probability(seen.share_full());
    pool.mean_wait = Millis(pool.wait.value * mean_releases(users - 1.0 - c, y) / pool.ends);
    return pool;
}

Answer<SharedCpuPool> solved(const SharedCpuLoad& load, Releases& releases, Connections size) {
    if (load.users == 0) return open(load, releases, size);
    return closed(load, releases, size);
}

bool meets(const SharedCpuPool& pool, const Goals& goals) {
    if (goals.utilization && pool.busy_mean / number(pool.size) > goals.utilization->value) return false;
    if (goals.mean_wait && pool.mean_wait > *goals.mean_wait) return false;
    return !goals.wait || ln_p_wait_over(pool, goals.wait->t) <= std::log(goals.wait->p);
}

}  // namespace

Answer<SharedCpuPool> solve_shared_cpu(const SharedCpuLoad& load, Connections size) {
    if (const auto bad = check(load)) return *bad;
    if (const auto bad = check_servers(size, 1, most_sharing)) return *bad;
    Releases releases = releases_of(load);
    return solved(load, releases, size);
}

Answer<SharedCpuPool> smallest_shared_cpu(const SharedCpuLoad& load, const Goals& goals) {
    if (const auto bad = check(load)) return *bad;
    Releases releases = releases_of(load);
    const auto last = load.users > 0 ? std::min(load.users, most_sharing) : most_sharing;
    const auto size = smallest_size(Connections(1), Connections(last), [&](Connections c) {
        const auto answer = solved(load, releases, c);
        const auto* pool = std::get_if<SharedCpuPool>(&answer);
        return pool != nullptr && meets(*pool, goals);
    });
    if (!size) return BadInput{"goals", Flaw::unreachable, 0.0, 0.0};
    return solved(load, releases, *size);
}

double ln_p_wait_over(const SharedCpuPool& pool, Millis t) {
    if (t.value < 0.0) return 0.0;
    if (pool.load.users == 0) return pool.wait.ln - (pool.ends - pool.load.rate.value / 1000.0) * t.value;
    const double others = static_cast<double>(pool.load.users) - 1.0 - number(pool.size);
    if (others < 0.0) return -infinite;
    return pool.wait.ln + ln_still_waiting(others, pool.ends * pool.load.think.value, pool.ends * t.value);
}

double p_wait_over(const SharedCpuPool& pool, Millis t) { return std::exp(ln_p_wait_over(pool, t)); }

Millis wait_quantile(const SharedCpuPool& pool, double p) {
    if (!is_probability(p)) return Millis(std::numeric_limits<double>::quiet_NaN());
    const double share = std::log1p(-p);
    if (pool.wait.ln <= share) return Millis(0.0);
    if (pool.load.users == 0) return Millis((pool.wait.ln - share) / (pool.ends - pool.load.rate.value / 1000.0));
    const auto excess = [&](double t) { return ln_p_wait_over(pool, Millis(t)) - share; };
    return Millis(root_of_falling(excess, 1.0 / pool.ends));
}

Millis hold_alike(const SharedCpuPool& pool, Millis t) {
    const SharedCpuLoad& load = pool.load;
    const double alone = (load.cpu + load.elsewhere).value, target = ln_p_wait_over(pool, t);
    const double held = std::max(alone, pool.busy_mean / pool.throughput.value * 1000.0);
    if (target == -infinite || target >= 0.0) return Millis(held);
    const auto excess = [&](double more) {  // falls as the hold grows
        const Millis hold(alone + more);
        if (load.users > 0) {
            const auto answer = solve_finite_source(load.users, load.think, hold, pool.size);
            const auto* system = std::get_if<FiniteSource>(&answer);
            return system == nullptr ? -1.0 : target - ln_p_wait_over(*system, t);
        }
        const auto answer = solve_mmc(load.rate * hold, hold, pool.size);
        const auto* system = std::get_if<Mmc>(&answer);
        return system == nullptr ? -1.0 : target - ln_p_wait_over(*system, t);
    };
    return Millis(alone + root_of_falling(excess, std::max(held - alone, 1e-9 * alone)));
}

}  // namespace poolfit::queue
