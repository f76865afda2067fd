// What the formula of one pool alone says where more than that pool is simulated: the value, or an end of it.
#pragma once

#include <optional>
#include <string>

#include <poolfit/report/simulation.hpp>
#include <poolfit/simulate/fleet.hpp>
#include <poolfit/sizing/pool.hpp>

namespace poolfit::report {

/// What of the system the formula of service `i` knows.
struct Known {
    bool story = false;       ///< no steady state: the formula's is shown beside it
    bool shares_cpu = false;  ///< more can be on the database's CPU than it has vCPUs and than the formula knows
    bool slower = false;      ///< that, a pooler's queue or nested checkouts: transactions take longer, never less
    /// A process that serves fewer at a time than its pools have connections. `servers`: one pool, and a request with a
    /// thread has a connection, so threads are the servers of the formula. `not_known`: shared by several pools.
    enum class Threads : std::uint8_t { enough, servers, not_known } threads = Threads::enough;
    bool never_waits = false;  ///< as many connections as threads, one each
};
Known known_of(const poolfit::simulate::FleetSystem& system, std::size_t i, bool story);

struct Expected {
    std::optional<double> value;
    Bound bound = Bound::exact;
};

/// Of one process, times `processes`. `figures`: of the load per transaction, with threads as servers where they are.
Expected expected(PoolFigure figure, const std::optional<sizing::Figures>& figures, const Known& known,
                  const poolfit::simulate::ServiceModel& model, const poolfit::simulate::ServiceReport& report);

/// `tolerance`: of the formula, relative.
Compared compared(const poolfit::simulate::Estimate& simulated, const Expected& expected, double tolerance);

/// Open loads alone, including requests that time out, need all the CPU that the system's database has, or more.
bool asks_too_much_cpu(const poolfit::simulate::FleetSystem& system, std::size_t database);
/// The same of a pooler's connections to the server, with the CPU to each transaction alone.
bool asks_too_much(const poolfit::simulate::FleetSystem& system, std::size_t pooler);
/// Where service `i` is full, why: what comes last on its way and is full, too. See FullPart.
FullPart full_part(const poolfit::simulate::FleetSystem& system, const poolfit::simulate::SystemRun& run,
                   std::size_t i);

/// What all workloads together ask of the CPU of the system's database `k`, beside what was simulated.
Compared cpu_compared(const poolfit::simulate::FleetSystem& system, const poolfit::simulate::SystemRun& run,
                      std::size_t k, bool story);

}  // namespace poolfit::report
