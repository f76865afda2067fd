// One pool alone, first come, first served: the fast path. Sixty-four replications, eight at a time in the lanes of
// the processor's vectors; any law of arrivals, holds and think times; the whole distribution of the wait.
#pragma once

#include <string>

#include <poolfit/simulate/estimate.hpp>
#include <poolfit/simulate/histogram.hpp>
#include <poolfit/simulate/law.hpp>

namespace poolfit::simulate {

/// Any unit of time, the same everywhere.
struct PoolModel {
    int connections = 1;
    int users = 0;  ///< 0: open, transactions just arrive; else so many users, each asking again after a think time
    Law gap;        ///< open: between two arrivals; closed: the think time
    Law hold;       ///< how long a transaction keeps its connection (with a CPU: besides the CPU part)
    double acquire_timeout = never;  ///< an arrival that would wait longer gives up at this time
    /// Closed only: before the rest of its hold a transaction needs the CPU of a database with so many vCPUs for an
    /// exponential time. Shared by all or taken in turn is then the same, so the fast path may take it in turn; other
    /// laws need the engine of system.hpp. 0: no CPU part.
    int vcpus = 0;
    double cpu_mean = 0;
    double watched_wait = never;  ///< the wait of PoolRun::wait_over
};

struct PoolRun {
    enum class Outcome { done, unstable, invalid };
    Outcome outcome = Outcome::done;
    std::string reason;  ///< when nothing was run: why
    /// The wanted precision was reached before the transactions ran out, by a run that saw the mean of its holds.
    bool precise = false;
    bool warmed_up = true;  ///< false: too near saturation to reach the steady state in so many transactions

    // By Little's law from the laws' own means and the waits, not from what happened to be drawn; so no share is
    // over 1. Open, without timeouts, the three are exact.
    Estimate throughput;        ///< transactions that got a connection, per unit of time
    Estimate utilization;       ///< of the connections
    Estimate cpu_utilization;   ///< of the vCPUs
    Estimate wait_probability;  ///< of all arrivals
    Estimate wait_mean;         ///< of all arrivals; those that gave up waited for the timeout
    Estimate wait_p50, wait_p95, wait_p99, wait_p999;
    Estimate timeout_probability;
    Estimate wait_over;  ///< share of all arrivals that wait longer than the watched wait
    Histogram waits;
    double transactions = 0;  ///< counted, without those that warmed the pool up
    double hold_mean = 0;     ///< of the law as drawn
    /// What of the hold's mean, and of its second moment, comes from holds of which fewer than ten were to be expected
    /// in this run: shares. What they would do to the waits is in no interval above.
    double unseen_load = 0, unseen_square = 0;
    /// How far the mean of the holds that were drawn is from the law's, relative. (With a CPU part: 0.)
    double hold_error = 0;
};

/// Pools with the same seed see the same random numbers: what is compared differs by what was changed.
/// Limits: at most 20,000 connections and 20,000 users; a law's values are drawn to within 1e-4 of the quantile.
PoolRun simulate_pool(const PoolModel& model, const Options& options);

}  // namespace poolfit::simulate
