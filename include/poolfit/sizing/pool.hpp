// How a pool performs at a size, and the smallest size that is enough: by the formula that is exact for the load, and
// by simulation where there is none. The same load gives the same bytes: the simulation's seed is part of the question.
//
// clang-format off
//   load                            method            error
//   open, cv 1                      erlang-c          exact (1e-12)
//   open, cv 1, batches             mgc-batch         exact
//   open, cv 1, acquire timeout     mgc-timeout       exact, also past saturation
//   open, cv 0                      mgc-constant      exact (1e-10), to 1000 connections and 99.9 %
//   open, Law::phases               mgc-phases        exact (1e-10), to 50 states of its phases
//   open, one connection            mg1               mean exact, shares within 1e-4; any law
//   closed, a connection each       nobody-waits      exact; any law
//   closed, cv 1                    finite-source     exact (1e-11)
//   closed, with a CPU part, cv 1   closed-network    exact; where that takes long, means within 0.6 %
//   a CPU part, open or shared      shared-cpu        approximation (queue/shared_cpu.hpp): waits within 25 %
//     with pools of others, cv 1
//   the same, other laws            as without a CPU part, with holds so long that exponential ones would have the
//                                   P(wait > t) of shared-cpu
//   all else                        simulation        95 % interval
// clang-format on
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/sizing/load.hpp>
#include <poolfit/unit/interval.hpp>

namespace poolfit::sizing {

enum class Method : std::uint8_t {
    erlang_c,
    batch,
    timeout,
    constant,
    phases,
    finite_source,
    closed_network,
    closed_network_fast,
    single,
    nobody_waits,
    shared_cpu,
    simulation,
};

/// "erlang-c", "mgc-batch", "mgc-timeout", "mgc-constant", "mgc-phases", "finite-source", "closed-network",
/// "closed-network-fes", "mg1", "nobody-waits", "shared-cpu", "simulation": how JSON and text name it.
std::string_view name(Method method);
/// The formula and its source, in a line: "P(wait > t) = C e^(−(c − a) t / S), C Erlang's (1917)".
std::string_view formula(Method method);

/// A pool of so many connections under the load. "Wait" is from asking to having a connection, over all arrivals.
struct Figures {
    Connections size{};
    bool overloaded = false;  ///< more is asked than it can ever carry, and nobody gives up: of the rest, only
                              ///< utilization (100 % or more), throughput and busy_mean mean something
    Fraction utilization{};   ///< mean share of the connections that are busy; when overloaded: offered / size
    double p_wait = 0.0;      ///< share that has to wait
    Millis wait_mean{};
    std::optional<Millis> wait_p50, wait_p95, wait_p99;  ///< nothing where the method gives means only
    std::optional<double> p_over;                        ///< P(wait > goals.wait->t); the same
    std::optional<double> p_over_error;                  ///< of p_over: half width, 95 %; of shared-cpu what it may be
                                                         ///< off; nothing where exact
    std::optional<double> p_timeout;                     ///< with an acquire timeout
    PerSecond throughput{};                              ///< transactions that got a connection
    double busy_mean = 0.0;                              ///< connections
    std::optional<Fraction> cpu;                         ///< closed with a CPU part: of the database's vCPUs
    Method method = Method::erlang_c;
    std::optional<double> error_bound;  ///< relative, of the mean and p99 wait; nothing where exact
    bool precise = true;                ///< false: a simulation that ended before it knew the waits to `precision`
    /// Simulated: the share of the load that is holds so rare that fewer than ten of them were to be expected in the
    /// run. It is in the intervals, and in utilization and throughput; nothing where exact.
    std::optional<double> unseen;
    std::optional<Interval<Millis>> wait_mean_range;  ///< simulated: the 95 % interval of wait_mean
    /// false: a simulation too short to forget that it began empty (near saturation, or very large): its
    /// waits are too short, and it is not known to meet anything.
    bool settled = true;
    /// Simulated, open: the mean wait by the approximations that know two moments of the hold only. Never an answer.
    std::optional<Interval<Millis>> approximations;
};

struct Question {
    queue::Goals goals;              ///< with none: stable is enough
    std::optional<double> timeouts;  ///< a goal for loads with an acquire timeout: at most this share gives up
    std::uint64_t seed = 1;          ///< of the simulation
    double precision = 0.01;         ///< of the simulation: relative half width of the 95 % intervals
    double transactions = 2e7;       ///< of the simulation: at most so many for one size
    int threads = 1;                 ///< of the simulation; the answer is the same for any number
};

/// Why there is no answer, besides an input out of range (queue::BadInput): what no method can do, in words.
struct Refused {
    std::string why;
    std::string fix;
};
template <class T>
using Answer = std::variant<T, queue::BadInput, Refused>;

/// Is there a formula for the load? Else nearly all of its sizes are simulated.
bool has_formula(const Load& load);

/// A load past saturation is an answer here (`overloaded`). 1 <= size <= 10^6.
Answer<Figures> evaluate(const Load& load, Connections size, const Question& question);

/// The smallest size that meets the goals. Rarer than 1e-5 is not simulated.
Answer<Figures> smallest(const Load& load, const Question& question);

/// Does it meet them? A simulated P(wait > t) is judged at the high end of its interval, so that a size which meets
/// the goal by luck of its seed does not; other simulated figures by their value.
bool meets(const Figures& figures, const Question& question);

/// Sizes around `size`, ascending, `size` among them: neighbours first, then about doubling away from it; none below 1,
/// `count` of them. Closed loads: none above the number of users, but `size` itself.
std::vector<Connections> around(const Load& load, Connections size, std::size_t count = 7);

/// How far the pool is from its limit. Open: the largest rate, and the longest hold, with which the size meets the
/// goals; closed: the most users. Exact methods of exponential holds only; nothing for others.
struct Reach {
    std::optional<PerSecond> largest_rate;
    std::optional<Millis> longest_hold;
    std::optional<std::int64_t> most_users;
};
Reach reach(const Load& load, Connections size, const Question& question);

/// Where adding users (closed) or rate (open) starts to mean waiting: closed, the knees of pool and CPU in users
/// (Denning and Buzen 1978).
struct Knee {
    std::optional<double> users_of_pool, users_of_cpu;
    std::optional<PerSecond> rate_of_pool;  ///< open: size / hold
};
Knee knee(const Load& load, Connections size);

}  // namespace poolfit::sizing
