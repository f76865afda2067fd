// An inventory as systems to simulate. Times are in seconds.
//
// Every pool with a workload is a service of the system: "service.pool", at the maximum number of instances. Several
// pools of one process are independent. For a range, the more demanding end counts: the highest rate,
// the shortest think time, the longest hold.
//
// The law of the hold: percentiles, where they are given, as simulate::quantiles; else cv 0 constant, 1 exponential,
// any other lognormal. Its parts are CPU, external, and the rest. Parts longer than the hold are cut to it, the
// external one first; without `cpu` a hold takes no CPU.
//  - Open pools: the parts are fixed shares of each hold, all from one random number. So the hold of a transaction that
//    never waits for the CPU has exactly the stated law, whatever its parts, as the formulas for open pools have it,
//    and what the simulation finds beyond them is due to what is shared. (Parts drawn apart from each other would have
//    the stated mean, but a smaller spread.) Each part has the hold's cv: at cv 1 the CPU time is exponential.
//  - Closed pools: the CPU time is exponential and drawn apart from what is left, which has the hold's law, shortened
//    to the mean that is left. So the whole has the stated mean; the formula for closed pools with a CPU
//    (queue/closed_pool.hpp) and the single-pool simulator do the same.
//
// A process that serves fewer at a time than its pools have connections (threads, or one by one) has no more in flight;
// a transaction that waits for a thread does not wait for the pool, and is not counted.
//
// Nested checkouts: after its hold a transaction asks for the further connections one after the other and uses each as
// long as another hold, of the same law, without CPU; then all are given back together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/simulate/system.hpp>

namespace poolfit::simulate {

/// Sizes to simulate with: the declared ones, or any others.
struct FleetSizes {
    std::vector<std::optional<Connections>> pools;  ///< as Fleet::pools, of a process; nothing: no limit
    std::vector<Connections> poolers;               ///< as Fleet::poolers: server connections of all its instances
    std::vector<std::optional<Millis>> timeouts;    ///< as Fleet::pools: where the workload has no acquire_timeout
};

/// A pool without a limit is one of so many connections.
inline constexpr int no_limit = 1'000'000;
/// How long poolers let a transaction wait for a server connection: query_wait_timeout, the default of PgBouncer 1.18
/// (pgbouncer.org/config.html), and ConnectionBorrowTimeout, that of RDS Proxy. Both are 120 s.
inline constexpr double pooler_timeout = 120;
/// More processes and users of one database are refused: each keeps its own random numbers.
inline constexpr double most_sources = 20'000;

/// Databases and all that connects to them; nothing else shares anything with them.
struct FleetSystem {
    SystemModel system;
    std::vector<Index> databases;  ///< of the fleet, as in `system`
    std::vector<Index> pools;      ///< as system.services; those without a workload are left out
    std::vector<Index> poolers;
};

/// One for each database that a pool with a workload ends at, in the fleet's order. The primary `together` and its
/// replicas are one system: after a failover they share what each was alone with.
std::vector<FleetSystem> systems(const Fleet& fleet, const FleetSizes& sizes, std::optional<Index> together = {});

/// The law of the hold without waiting, and its mean.
Law hold_law(const Workload& workload);
/// One pool, connected to nothing yet.
ServiceModel service_of(const Fleet& fleet, const Pool& pool, std::optional<Connections> size,
                        std::optional<Millis> timeout = {});

/// Why the system is too large, or empty; simulate_system says whatever else is wrong.
std::string too_large(const SystemModel& system);

}  // namespace poolfit::simulate
