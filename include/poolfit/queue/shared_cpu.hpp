// A pool whose transactions share the database's vCPUs with each other and with those of others. Each transaction that
// holds a connection is on the CPU or elsewhere, by turns; the vCPUs are shared equally, one each at most.
//   arrivals or users  ->  pool of c (first come first served)  ->  [ vCPUs <-> elsewhere ]
// What is inside the pool becomes one station whose speed depends on how many are in it (flow-equivalent server;
// Chandy, Herzog and Woo 1975): mu(n) transactions end per unit of time with n of them inside. The pool is then a
// birth-death process, and its queue is served at the rate mu(c):
//   open    P(wait > t) = P(wait) e^(-(mu(c) - lambda) t)
//   closed  P(wait > t) = P(wait) P(Poisson(mu(c) (Z + t)) <= n)/P(Poisson(mu(c) Z) <= n), n = N - 1 - c
// The others keep a vCPUs busy on average, as if they came at random with no pool before them. mu(n) is then exact for
// any law of the times (mixed network of processor sharing and delay; Baskett, Chandy, Muntz and Palacios 1975): k of
// this pool on the CPU get
//   s(k) = H(k - 1)/H(k),  H(k) = sum over b of choose(k + b, b) a^b/prod_{i <= k + b} min(i, v);  v - a for k > v
// Exact at its ends: without a queue for the CPU it is M/M/c or M/M/c//N, and where a hold is nothing but CPU and
// there are no others, M/M/min(c, v). Between these it assumes that the CPU settles faster than the pool: against
// simulations of generated inventories P(wait) was -3 %..+4 % off for nine pools in ten, and p99 -17 %..+25 %. The
// farthest was p99 at a third of the simulated one, on two vCPUs that others kept 50 % busy
// (tests/bench/shared_cpu.py). Cost: v + c sqrt(c).
#pragma once

#include <cstdint>
#include <limits>

#include <poolfit/queue/answer.hpp>
#include <poolfit/queue/sizing.hpp>

namespace poolfit::queue {

struct SharedCpuLoad {
    PerSecond rate{};        ///< arrivals at random; not read when there are users
    std::int64_t users = 0;  ///< who ask again `think` after they are served; 0: open
    Millis think{};          ///< mean, >= 0
    Millis cpu{};            ///< mean CPU time per hold, without waiting for it
    Millis elsewhere{};      ///< mean of the rest of the hold, >= 0
    std::int64_t vcpus = 1;
    double others = 0.0;  ///< vCPUs that others keep busy on average, < vcpus
    /// The most of the others that can be on the CPU at a time: k of this pool get k min(1, v/(k + most)) at least.
    double others_most = std::numeric_limits<double>::infinity();
};

struct SharedCpuPool {
    SharedCpuLoad load;
    Connections size;
    Probability wait{};  ///< P(an arrival has to wait)
    Millis mean_wait{};
    double busy_mean = 0.0;  ///< connections
    PerSecond throughput{};
    double ends = 0.0;  ///< mu(c): transactions that end per ms while all connections are busy
};

/// Connections: the cost grows with them.
inline constexpr std::int64_t most_sharing = 20'000;

/// `Unstable` where an open load is mu(c) or more; its `smallest_stable` is 0 where no size would do, for want of CPU.
Answer<SharedCpuPool> solve_shared_cpu(const SharedCpuLoad& load, Connections size);

/// The smallest pool that meets the goals; `BadInput` "goals" where none up to `most_sharing` does.
Answer<SharedCpuPool> smallest_shared_cpu(const SharedCpuLoad& load, const Goals& goals);

double p_wait_over(const SharedCpuPool& pool, Millis t);
double ln_p_wait_over(const SharedCpuPool& pool, Millis t);
Millis wait_quantile(const SharedCpuPool& pool, double p);  ///< 0 <= p < 1, else NaN

/// The mean of exponential holds with which a pool of this size that shares nothing has the same P(wait > t): what
/// other laws of the hold are stretched to. If there are no waits, the mean time that connections are held.
Millis hold_alike(const SharedCpuPool& pool, Millis t);

}  // namespace poolfit::queue
