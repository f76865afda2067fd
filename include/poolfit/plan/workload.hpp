// Pools under their workloads: the size that each needs, what today's size does, and what all of them together need
// from a database. Every range at its pessimistic end: the highest rate, the shortest think time, the longest hold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/simulate/lock_up.hpp>
#include <poolfit/sizing/pool.hpp>

namespace poolfit {

/// Which end of what a process can hold (model::holding) a size was brought to.
enum class Held : std::uint8_t { no, at_most, at_least };

/// What a pool of some size does under its workload; the figures in the ledger, where they are known.
struct RatedPool {
    sizing::Load load;  ///< with what else is on the CPU
    sizing::Figures figures;
    FigureId utilization, p_over, wait_mean, wait_p99;  ///< of the figures that are known
    /// A connection for each that its process can hold at a time: what waits in these figures waits for a thread.
    /// Nothing where it waits for a connection.
    std::optional<Connections> one_for_each;
};

/// Nested checkouts of an open load: no size is safe forever.
struct HangingPool {
    simulate::LockUp time;  ///< of one process
    Millis stall{};         ///< a pause of the database as long as this fills the pool with half-done transactions
};

/// One pool with a workload, per process.
struct PoolLoad {
    sizing::Load base;          ///< as if alone
    sizing::Load load;          ///< used for sizing: with the other load on the CPU of the recommended class
    sizing::Hold held_for;      ///< the hold with its mean wait for that CPU
    double cpu_stretch = 1;     ///< CPU time with waiting for it over CPU time alone, there
    bool cpu_full = false;      ///< open loads ask for all of the CPU: nothing can be said of waits
    sizing::Question question;  ///< P(wait > policy.wait) <= policy.wait_probability
    Figure<Erlangs> offered;    ///< busy connections on average, if none were missing
    std::optional<Figure<Connections>> for_wait;  ///< smallest that meets the policy; nothing where it can't be sized
    bool for_timeout =
        false;  ///< for_wait is what keeps the p99 of the wait inside acquire_timeout: the goal asks for less
    std::optional<Connections> at_best;      ///< the same at the optimistic end of the ranges, where there are any
    std::optional<sizing::Figures> at_size;  ///< what it does at for_wait
    enum class Refused : std::uint8_t { no, by_method, too_large } refused = Refused::no;
    std::string method_says;  ///< Refused::by_method: why, in the words of `sizing`
    /// Connections of one process that keep all of the database's vCPUs busy, ceil(vcpus * hold / cpu): more of them
    /// only wait inside. Nothing without `cpu`.
    std::optional<Figure<Connections>> knee;
    /// With nested checkouts: the most requests in flight, and what keeps them from waiting for each other forever,
    /// in_flight * nested + 1. Closed: the users; open: more are in flight one time in a million, and unless the
    /// runtime serves one request at a time the floor is only the least size worth having: none is safe.
    std::optional<Figure<std::int64_t>> in_flight;
    std::optional<Figure<Connections>> deadlock_floor;
    bool never_safe = false;                            ///< nested, open, and nothing limits who is in flight
    std::optional<HangingPool> hangs_now, hangs_after;  ///< where it is never safe
    /// max(min(for_wait, max(knee, today's size)), deadlock_floor): past the knee a pool is not made larger, and none
    /// is made smaller than its wait asks for. What is never safe is not made smaller at all. All within what a process
    /// must and can hold, except the deadlock floor: if more are in flight than the runtime serves at a time, one of
    /// the two inputs is wrong, and a pool that locks up is the worse mistake.
    PoolSize size;
    enum class Cap : std::uint8_t { none, knee } cap = Cap::none;  ///< what kept it below for_wait
    Held held = Held::no;                                          ///< to which end the process brought it
    std::optional<RatedPool> now, after;                           ///< at today's size, and at the recommended one
    std::optional<Figure<Millis>>
        acquire_timeout;  ///< as given, else its driver's default; nothing: none, or not known
};

/// Nested checkouts of clients that share a pooler's server connections, in one of its pools: PF011 behind a pooler.
struct PoolerNesting {
    std::vector<Index> pools;    ///< clients with nested checkouts
    std::int64_t in_flight = 0;  ///< transactions of theirs at the most, in all processes
    std::int64_t nested = 0;     ///< connections that each may ask for beside its first: of all the same; else 0
    /// What keeps them from waiting for each other forever, no more than clients can open; 0: unknown. Where a
    /// client is never safe: as many as clients can open.
    Connections floor{};
    bool never_safe = false;  ///< nothing limits what one of them has in flight: its own pool locks up at any size
    bool limited = false;     ///< something limits one of them: with fewer than `floor` it can lock up the others too
    bool locks_up = false;    ///< `limited`, and today's connections are fewer than `floor` and than clients can open
};

/// The load of a pooler's clients on its server side. Each process of the pooler has a pool for each pair of database
/// and user; the load is assumed to be spread evenly over them.
struct PoolerLoad {
    sizing::Load load;  ///< of one of these pools; users arrive as fast as they would without waiting
    sizing::Question question;
    Erlangs offered{};  ///< of one
    std::optional<PoolerNesting> nesting;
    /// RDS Proxy: connections that sessions keep to themselves, today and with the recommended sizes; `load` is of the
    /// other clients, and has what is left of `size`.
    Connections pinned{}, pinned_after{};
    std::int64_t pools = 1;               ///< processes × pairs
    Connections size{};                   ///< of one, today
    std::optional<sizing::Figures> now;   ///< nothing where its clients never open more than it has
    std::optional<Connections> smallest;  ///< of one; nothing where it cannot be sized
    bool by_nesting = false;              ///< `smallest` is what nested checkouts need; waits need no more
    bool shares = true;         ///< its mode lets clients share; else the load is what it would be if they could
    bool open = true;           ///< no client is a number of users
    std::vector<Index> silent;  ///< clients about which nothing is known: the load is a lower bound
};

/// All workloads on one database that say how much CPU they take.
struct DatabaseLoad {
    Figure<Fraction> cpu_demand;          ///< of its vCPUs; 100 % or more cannot be served
    Figure<Erlangs> active_mean;          ///< connections in a transaction, with the longest holds
    Erlangs active_at_demand{};           ///< with the holds of cpu_demand: of users the shortest
    Figure<Connections> active_high;      ///< more at once 1 % of the time at most
    Figure<Connections> sizes;            ///< connections of these pools, today
    Figure<Connections> knee;             ///< active connections that keep all vCPUs busy
    std::vector<Index> silent;            ///< pools on it that don't say
    std::vector<Figure<double>> demands;  ///< vCPUs that each of `pools` takes
    std::vector<Index> pools;             ///< that say
};

namespace plan {

/// The class that each database is on, as Fleet::databases.
using Classes = std::vector<const InstanceClass*>;

/// As Fleet::pools; null for pools without a workload.
using PoolLoads = std::vector<std::shared_ptr<PoolLoad>>;

/// Answers of `sizing`, kept for a run: the rounds of a plan repeat the same questions, and a simulation takes
/// milliseconds.
class Sizer {
public:
    const sizing::Answer<sizing::Figures>& smallest(const sizing::Load& load, const sizing::Question& question);
    const sizing::Answer<sizing::Figures>& evaluate(const sizing::Load& load, Connections size,
                                                    const sizing::Question& question);
    const simulate::LockUp& lock_up(const simulate::NestedPool& pool);

private:
    std::unordered_map<std::string, sizing::Answer<sizing::Figures>> known_;
    std::unordered_map<std::string, simulate::LockUp> lock_ups_;
};

/// Nothing for pools without a workload. Sizes for databases of these classes; `now` and `after` are left to
/// rate_pools.
PoolLoads load_pools(const Fleet& fleet, const Classes& classes, const std::vector<PoolSize>& declared, Sizer& sizer,
                     Recorder recorder);
/// Fills in what today's sizes and the recommended ones do; figures of the latter are of the phase `then`.
void rate_pools(const Fleet& fleet, const Classes& classes, const std::vector<PoolSize>& declared,
                const std::vector<PoolSize>& recommended, PoolLoads& loads, Sizer& sizer, Recorder recorder,
                Phase then = Phase::after);
/// What the workloads of these pools, all those of the database, need from it; nothing where none states its CPU.
std::optional<DatabaseLoad> load_database(const Fleet& fleet, Index database, const std::vector<Index>& pools,
                                          const PoolLoads& loads, const Demand& today, Recorder recorder);

/// The CPU that the workloads of these pools, all of the database that say, ask for in a world.
Figure<Fraction> cpu_demand_in(const World& world, const Fleet& fleet, Index database, const std::vector<Index>& pools);

/// The load of these pools on each of `parts` equal server pools; nothing where none of them has a workload. Fills in
/// `silent` and `open`.
std::optional<PoolerLoad> summed_load(const Fleet& fleet, const std::vector<Index>& pools, const PoolLoads& loads,
                                      double parts, Sizer& sizer);
/// Is the load more than its server side can carry, so that waits grow without bound? Users slow down instead.
bool is_overloaded(const PoolerLoad& load);
/// Does a size of one of its pools carry the load of the clients that the plan has, however long the waits?
bool carries(const PoolerLoad& load, Connections size);
/// The least size that carries so much, however long the waits.
std::int64_t least_carrying(Erlangs offered);
/// The least size, of one pool, that carries it with what is pinned, and that nested checkouts cannot lock up.
std::int64_t least_carrying(const PoolerLoad& load);
/// Does today's size miss the goal, and is a larger one known that meets it; or can nested checkouts lock it up?
bool is_short(const PoolerLoad& load);
/// The policy's goal for waits.
sizing::Question question_of(const Policy& policy);

/// The load that a workload is, per process; the pessimistic end of its ranges, or the optimistic one.
enum class End : std::uint8_t { pessimistic, optimistic };
sizing::Load load_of(const Pool& pool, const InstanceClass& database, End end);
/// The same of another workload than the pool's.
sizing::Load load_of(const Pool& pool, const Workload& workload, const InstanceClass& database, End end);

}  // namespace plan
}  // namespace poolfit
