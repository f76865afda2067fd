// The whole system, event by event: services × instances × processes, each with a pool, before poolers and databases.
//
// A transaction takes a connection of its process's pool, and of the pooler where there is one (transaction mode: the
// server connection is given back at its end); then it needs the database's CPU, shared equally by all that need it;
// then it stays open for the external and the remaining time; then it may ask for further connections of the same pool
// while it holds what it has. Queues are first come, first served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <poolfit/simulate/estimate.hpp>
#include <poolfit/simulate/histogram.hpp>
#include <poolfit/simulate/law.hpp>

namespace poolfit::simulate {

struct DatabaseModel {
    std::string name;
    double vcpus = 1;
};

struct PoolerModel {
    std::string name;
    std::size_t database = 0;
    int connections = 20;
    double wait_timeout = never;  ///< PgBouncer's query_wait_timeout
};

struct ServiceModel {
    std::string name;
    int instances = 1;
    int processes = 1;    ///< of an instance; each has a pool
    int connections = 1;  ///< of a pool
    bool through_pooler = false;
    std::size_t target = 0;  ///< the pooler's or the database's index
    double acquire_timeout = never;

    int users = 0;  ///< of a process; 0: transactions just arrive
    /// Transactions that a process has begun at a time, at most; others wait before they ask for a connection, which
    /// counts as no wait for the pool. 0: any number.
    int at_a_time = 0;
    /// So many pools in a row, of `processes`, are of one process and share what it serves at a time.
    int pools_of_process = 1;
    /// An earlier service with as many processes, whose pools they share it with, too; `own_threads`: none.
    static constexpr std::size_t own_threads = static_cast<std::size_t>(-1);
    std::size_t threads_of = own_threads;
    double watched_wait = never;  ///< the wait of ServiceReport::wait_over
    Law gap;                      ///< of a process: between two arrivals, or the think time
    Law cpu;       ///< on the database's CPU, when it has one to itself; these three are constant 0 unless given
    Law external;  ///< outside the database, with the transaction open
    Law rest;      ///< everything else of the hold
    /// One random number for the three: a transaction that is long is long in each part. Else each has its own.
    bool one_draw = false;
    bool cpu_apart = false;   ///< with one_draw: for the other two; the CPU part has its own
    int nested = 0;           ///< further connections asked for, one after the other, at the end of the hold
    double nested_share = 1;  ///< of the transactions
    Law nested_hold;          ///< how long each further connection is used; then all are given back together
};

/// More instances for a while (a rolling or blue-green deploy). The load stays the same and spreads over all of them.
struct Surge {
    std::size_t service = 0;
    double start = 0, end = 0;
    int extra_instances = 0;
};

/// A database stops: its transactions fail, new ones wait until `outage` is over and then run on `to`. Pools and
/// poolers open connections there as they need them and keep them; beyond `room` the server refuses: the transaction
/// fails.
struct Failover {
    static constexpr int no_end = -1;
    std::size_t database = 0;
    std::size_t to = 0;
    double at = 0, outage = 0;
    int room = no_end;  ///< connections that `to` has left for what comes
};

struct SystemModel {
    std::vector<DatabaseModel> databases;
    std::vector<PoolerModel> poolers;
    std::vector<ServiceModel> services;
    std::vector<Surge> surges;
    std::vector<Failover> failovers;
};

struct SystemOptions {
    std::uint64_t seed = 1;
    int threads = 1;  ///< the answer is the same, to the bit, for any number
    double confidence = 0.95;
    double precision = 0.01;  ///< stop when every service's `spread` is at most this; 0: use all time
    double seconds = 1000;    ///< measured in each replication, at most; of a transient run: exactly
    double warm_up = -1;      ///< left out before; negative: chosen from the loads
    int replications = 16;
    /// A story with a beginning and an end (surge, failover, time to a deadlock): starts empty at time 0, nothing is
    /// left out, and precision is not waited for. Always so with surges and failovers.
    bool transient = false;
    /// 0: no end. Else an open service turns arrivals away while more of its transactions than this wait, beyond one
    /// for each connection (4000 of them at most) and 20 for each process: what a saturated system keeps is then
    /// bounded.
    std::size_t most_waiting = 0;
    /// Called now and then, on the calling thread, with the share of the longest run that is done.
    std::function<void(double)> progress;
};

/// The intervals of waits, and of shares that wait or give up, take in what the holds' law says and the run hardly saw.
/// Where that is more than was seen, those of waits have no end: infinite half widths.
struct ServiceReport {
    std::string name;
    // A figure without any count (the wait of a pool that hangs) is not a number.
    Estimate throughput;   ///< transactions that ended well, per unit of time; of all processes together
    Estimate utilization;  ///< of the connections of its pools
    Estimate response;     ///< mean, of those that ended well: from asking for a connection to giving it back
    Estimate wait_mean;    ///< for the pool, of all requests; those that gave up waited for the timeout
    Estimate wait_probability, wait_p50, wait_p95, wait_p99;
    Estimate wait_over;       ///< share of all that asked that waited longer than the watched wait
    Estimate timeouts;        ///< share of all that asked
    Estimate failures;        ///< share that a failover or the pooler's timeout ended
    Estimate refused;         ///< share that the server after a failover had no connection for; part of `failures`
    double wait_scatter = 0;  ///< standard deviation of the replications' mean waits, one from the other
    Histogram waits;
    Estimate deadlocked;  ///< share of the replications in which a pool's connections were all held by waiters for it
    Estimate deadlock_time;  ///< when first; a replication without one counts as the time it ran
    /// More is offered than its connections can ever carry, without timeouts; or arrivals had to be turned away.
    bool overloaded = false;
};

struct PoolerReport {
    std::string name;
    Estimate utilization, wait_mean, wait_p99, timeouts;
    Histogram waits;
};

struct DatabaseReport {
    std::string name;
    Estimate cpu_utilization;
    Estimate active;  ///< mean number of transactions open on it
    Estimate most_active;
    Estimate stretch;  ///< CPU time with waiting for it, over CPU time alone
    bool overloaded = false;
};

struct SystemRun {
    std::string reason;  ///< when the model is not valid: why; then nothing was run
    /// The precision was reached with 1000 transactions of each service at least, and five acquire timeouts of a pool
    /// that is full or deadlocked; never where one hangs for good.
    bool precise = false;
    bool warmed_up = true;  ///< false: too slow, or too near saturation, to reach the steady state in the time given
    /// The largest share of a service's load that is holds of which fewer than ten were to be expected. Above the
    /// precision, or 1 %, nothing is called precise.
    double unseen = 0;
    /// What such holds may add is more than a tenth of a service's mean wait (or of a tenth of its hold, where that is
    /// more), however small their share of the load is. Nothing is called precise then either.
    bool waits_unseen = false;
    double seconds = 0;  ///< measured in each replication
    double warm_up = 0;  ///< left out before, in each
    int replications = 0;
    double transactions = 0;
    std::vector<ServiceReport> services;
    std::vector<PoolerReport> poolers;
    std::vector<DatabaseReport> databases;
};

/// How well its waits are known: the half widths of mean and p99, the wider one, over the value or, where that is more,
/// a tenth of the hold. Of an overloaded service that of its throughput. Infinite where nothing was counted.
double spread(const ServiceReport& report, double hold);
/// Transactions requested per unit of time; for a closed service, if none waited.
double offered_rate(const ServiceModel& service);
/// How long each replication may measure for about so many transactions in all.
double seconds_for(const SystemModel& model, double transactions, int replications);

/// Systems with the same seed see the same arrivals and holds, transaction by transaction.
SystemRun simulate_system(const SystemModel& model, const SystemOptions& options);

}  // namespace poolfit::simulate
