// The result of `poolfit pool`, as one value. No files, no catalog.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/sizing/pool.hpp>

namespace poolfit {

/// What was asked, checked for contradictions. Ranges are judged at their worse end.
struct PoolRequest {
    sizing::Load load;                   ///< at the worse end of what is a range, the peak in its rate
    std::optional<sizing::Load> better;  ///< at the better end; nothing where nothing is a range
    sizing::Question question;
    std::optional<Connections> size;  ///< asked about; else the smallest that meets the goals is wanted
    Interval<PerSecond> rate{};       ///< as given, without the peak; 0 where closed
    std::int64_t users = 0;           ///< as given; set by report::pool, before it spreads them; 0 where open
    Interval<Millis> hold{};          ///< the mean, as given; 0 where it follows from percentiles or a histogram
    double peak = 1.0;
    bool usual_goals = false;  ///< none were given
    std::int64_t vcpus = 0;    ///< of the database; 0: not known
    std::int64_t nested = 0;   ///< connections of the pool that are asked for while one is held
    std::int64_t threads = 0;  ///< who may do so at once, of a pool; 0: as many as its users

    /// The instances of a service, whose load it then is: spread evenly over a pool in each of their processes.
    struct Service {
        std::int64_t fewest = 1, most = 1;  ///< instances; at this load the most of them run
        std::int64_t processes = 1;         ///< of an instance
        std::int64_t pooler = 0;            ///< processes of a pooler in transaction mode; 0: none is asked about
    };
    std::optional<Service> service;
};

/// Below `size`, `threads` that hold `held` connections each can wait for each other forever.
struct DeadlockFloor {
    std::int64_t threads = 0, held = 0;
    Connections size{};
};

/// Why there is no answer: an input is out of range, no method can do it, or no pool is as large as the deadlock floor;
/// and what to ask instead.
struct NoAnswer {
    std::variant<queue::BadInput, sizing::Refused, DeadlockFloor> why;
    enum class Fix : std::uint8_t {
        other_value,
        smaller_value,
        larger_value,
        not_below_limit,  ///< of the BadInput
        lognormal_law,
        three_percentiles,
        less_load,
        solvable_law,
        as_refused,  ///< what Refused says
        one_connection,
    } fix = Fix::other_value;
};

struct PoolReport {
    static constexpr std::string_view schema = "poolfit-pool/1";

    /// Open with nested checkouts: its loads' rates are of checkouts, 1 + nested as many. Of a service: its loads are
    /// those of one pool, as is every figure but those of `service`.
    PoolRequest asked;
    Millis hold{};               ///< mean, of the law that is used
    Erlangs offered{};           ///< sizing::offered
    std::optional<Millis> tail;  ///< three percentiles: the mean excess assumed for holds beyond p99
    sizing::Figures answer;      ///< at the size asked about, else at the one that is recommended
    bool met = false;            ///< does it meet the goals, and the deadlock floor?

    std::optional<sizing::Figures> smallest;     ///< that meets the goals, whatever the floor
    std::optional<NoAnswer> no_smallest;         ///< why there is none, with a size asked about
    std::optional<Connections> smallest_stable;  ///< open, without timeouts: the first above the load

    struct Row {
        sizing::Figures figures;
        bool met = false;  ///< as of the answer
    };
    std::vector<Row> around;  ///< ascending; the answer is among them

    std::optional<Connections> better_size;  ///< the size for the better end of the ranges
    /// Of the vCPUs, at that end and the size of the answer: users with short holds need more CPU.
    std::optional<Fraction> better_cpu;
    sizing::Reach reach;
    sizing::Knee knee;
    /// The size from which each extra connection removes less than one waiting transaction on average. Nothing with
    /// a CPU part, where connections only move the queue, an acquire timeout, which ends it, or where it would have to
    /// be simulated for more than a hundred users or connections.
    std::optional<Connections> knee_size;

    /// 2 x vCPUs + 1, for the database's vCPUs where they are known, else for a few. It ignores the load: a
    /// cross-check. Source: PostgreSQL wiki, "Number Of Database Connections"; HikariCP wiki, "About Pool Sizing".
    struct CoreRule {
        std::int64_t vcpus = 0;
        Connections size{};
    };
    std::vector<CoreRule> core_rule;

    std::optional<DeadlockFloor> deadlock_floor;

    /// So many pools of a size.
    struct Pools {
        std::int64_t instances = 0;  ///< of the service; 0 of a pooler
        std::int64_t pools = 0;
        Connections size{};   ///< of each
        Connections total{};  ///< of all
    };
    struct Service {
        Pools fewest, most;  ///< of the instances, at the size of the answer
        /// What other numbers of instances would need for the same load, ascending, the most of the service's among
        /// them. Empty where the sizes would have to be simulated.
        std::vector<Pools> by_instances;
        std::optional<Pools> pooler;  ///< the server pools of a pooler that all of them connect to
        /// How far the most instances are good at the size of the answer, spread evenly: `reach` of all their pools,
        /// the rate without the peak, as it is given.
        std::optional<PerSecond> largest_rate;
        std::optional<std::int64_t> most_users;
    };
    std::optional<Service> service;
};

namespace report {

/// The same request gives the same report, for any number of threads.
std::variant<PoolReport, NoAnswer> pool(const PoolRequest& request);

/// Below the floor of nested checkouts?
bool can_deadlock(const PoolReport& report, Connections size);
/// Is the recommended size the deadlock floor's, as the goals alone would have a smaller one?
bool is_floor(const PoolReport& report);

}  // namespace report
}  // namespace poolfit
