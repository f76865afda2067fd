// The result of `simulate`, as one value: each pool's figures by the event simulator, next to those of the formula for
// this pool alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/report/simulation_remarks.hpp>
#include <poolfit/simulate/system.hpp>

namespace poolfit {

/// Figures of a pool that both can give, in the order of their rows.
enum class PoolFigure : std::uint8_t {
    throughput,
    utilization,
    p_wait,
    wait_mean,
    wait_p50,
    wait_p95,
    wait_p99,
    timeouts,
};
inline constexpr std::size_t pool_figures = 8;

struct FigureRow {
    PoolFigure figure{};
    std::string_view key;  ///< in JSON, with its unit: "wait_mean_ms"
    enum class Unit : std::uint8_t { per_second, share, milliseconds } unit = Unit::share;
};

/// How a formula's value relates to the true one. A shared CPU, a pooler and nested checkouts only make a transaction
/// longer, so the formula for a pool alone is then a bound: waits cannot be below it, throughput cannot be above it.
enum class Bound : std::uint8_t { exact, at_least, at_most };

/// A simulated figure with its 95 % interval, beside the formula's.
struct Compared {
    simulate::Estimate simulated;
    std::optional<double> formula;     ///< nothing where it gives none, or a bound that says nothing: at least 0
    std::optional<double> difference;  ///< simulated / formula − 1; nothing where the formula gives 0
    bool outside = false;              ///< the formula's value lies outside the interval, on the side it cannot be on
    Bound bound = Bound::exact;
};

/// The policy's goal, P(wait > wait) <= share, in the simulation.
struct SimulatedGoal {
    Millis wait{};
    double share = 0;
    simulate::Estimate over;                                                    ///< simulated P(wait > wait)
    enum class Met : std::uint8_t { yes, no, not_known } met = Met::not_known;  ///< not known: inside the interval
    /// Where it is not certain to be met: a size that meets it, simulated again with other random numbers and, where
    /// others of the database have to grow, with theirs; and what was simulated then.
    std::optional<Connections> size;
    simulate::Estimate over_at_size;
    std::optional<Millis> pooler_wait;  ///< then, on average, for the pooler behind the pool
    /// Why there is none.
    enum class NoSize : std::uint8_t {
        none,          ///< there is, or none is needed
        cpu,           ///< the database's CPU is full
        pooler,        ///< the pooler's connections to the server are
        never_safe,    ///< nested checkouts of open arrivals
        too_short,     ///< the run says too little of today's size
        not_found,     ///< none up to `tried`
        not_searched,  ///< none up to `tried`, and the search of larger ones takes too long
    } no_size = NoSize::none;
    Connections tried{};
};

/// What is full where a pool is: what its transactions wait for with a connection in their hands, or the pool itself.
enum class FullPart : std::uint8_t { none, pool, pooler, cpu };

/// Of a pool that hangs for good, the share that waits, the waits and the timeouts are not numbers: they have no end.

struct SimulatedPool {
    Index pool = 0;
    std::optional<Connections> size;        ///< of a process; nothing: no limit
    std::int64_t processes = 0;             ///< of all instances
    std::optional<Millis> acquire_timeout;  ///< as given, else the driver's default
    bool overloaded = false;                ///< waits grow without bound: only the first two figures are meaningful
    FullPart full = FullPart::none;
    std::array<Compared, pool_figures> figures;
    simulate::Estimate failures;             ///< share that a failover or the pooler's timeout ended
    simulate::Estimate refused;              ///< of these, share of all that the server had no connection for
    simulate::Estimate busy;                 ///< connections in use, of all processes
    std::optional<std::string_view> method;  ///< of the formula: "erlang-c"
    NoFormula no_formula;                    ///< why there is none
    bool bounded = false;                    ///< a value of the formula is a bound
    Deviation deviation;                     ///< why they differ, where one lies outside or is a bound
    std::optional<SimulatedGoal> goal;       ///< nothing in a story, without a limit, and where it hangs
    /// Pools with nested checkouts: share of the runs in which all connections were held by transactions that wait for
    /// one more, and when first, in seconds.
    std::optional<simulate::Estimate> deadlocked, deadlock_after;
    std::optional<Connections> deadlock_floor;  ///< closed: the smallest size that cannot deadlock
    bool hangs = false;                         ///< deadlocked at least once, without a timeout: forever
    std::vector<PoolNote> notes;
};

struct SimulatedPooler {
    Index pooler = 0;
    Connections connections{};  ///< to the server, of all its instances
    simulate::PoolerReport report;
    PoolerNote note;
};

/// What pools may open on a database: with the instances of the deploys in the run, and those alone, side by side; or
/// after a failover.
struct DeployConnections {
    Connections allocated{};
    bool at_least = false;                ///< a pool has no limit: the sum of the others
    std::optional<Connections> usable{};  ///< max_connections less what is reserved; nothing where that is not known
};

struct SimulatedDatabase {
    Index database = 0;
    double seconds = 0;  ///< measured in each replication
    int replications = 0;
    double transactions = 0;
    bool story = false;        ///< with a deploy or failover: from an empty start, everything counts, no steady state
    bool precise = false;      ///< mean and p99 wait of all its pools are known to Simulation::precision
    bool warmed_up = true;     ///< false: the steady state was not reached in this time
    bool too_rare = false;     ///< a share of a pool's load that matters is holds that the run hardly saw
    double unseen = 0;         ///< that share, the largest: see simulate::SystemRun
    double widest = 0;         ///< the widest of their intervals, see simulate::spread; infinite where one is not known
    bool short_waits = false;  ///< a mean wait is below a tenth of the hold: known to this share of that tenth
    bool by_throughput = false;  ///< a pool is overloaded: known is its throughput
    simulate::DatabaseReport report;
    Compared cpu;                      ///< busy; its formula is what all workloads together ask for
    std::vector<SimulatedPool> pools;  ///< that are shown
    std::vector<SimulatedPooler> poolers;
    std::optional<DeployConnections> in_deploy;  ///< where a service that is deployed connects to it
};

/// Instances of a deploy, side by side for the middle third of the run.
struct SimulatedDeploy {
    Index service = 0;
    std::int64_t extra_instances = 0;
    double start = 0, end = 0;  ///< seconds
};

/// A database stops after a third of the run; its transactions fail, and new ones wait and then run on `to`: the
/// primary of a replica, the first replica of a primary, or itself where there is none.
struct SimulatedFailover {
    static constexpr double outage = 60;  ///< seconds
    Index database = 0, to = 0;
    double at = 0;
    /// What may be open on `to` then; nothing where nothing moves.
    std::optional<DeployConnections> connections{};
    std::optional<Connections> room{};  ///< of `usable`, for the pools that come; nothing where all have room
};

struct Simulation {
    static constexpr std::string_view schema = "poolfit-simulation/1";
    const Fleet* fleet = nullptr;  ///< outlives the simulation
    std::uint64_t seed = 1;
    double scale = 1;
    double precision = 0.01;
    double confidence = 0.95;
    std::vector<SimulatedDeploy> deploys;
    std::optional<SimulatedFailover> failover;
    std::vector<SimulatedDatabase> databases;
    std::vector<Index> left_out;  ///< pools that are shown and have no workload
    std::vector<RunNote> notes;
};

struct SimulationRequest {
    std::vector<Index> pools;  ///< to show; everything that shares a database with them is simulated
    double scale = 1;          ///< already applied to the fleet
    std::uint64_t seed = 1;
    double precision = 0.01;
    std::optional<double> seconds;  ///< at most, of each replication; else about `transactions` in all, per database
    std::vector<Index> deploys;     ///< services that are deployed during the run, each by its own setting
    std::optional<Index> failover;  ///< the database that stops during the run
    double story_seconds = 360;     ///< of a run with one of these, where `seconds` is not given
    double transactions = 3e6;
    int threads = 1;                       ///< the answer is the same for any number
    std::function<void(double)> progress;  ///< called with the share of the longest run that is done
};

namespace report {

const std::array<FigureRow, pool_figures>& figure_rows();

/// The difference for a reader: nothing where a figure was never seen and may well be as small as the formula says.
std::optional<double> shown_difference(const Compared& figure);
/// Outside the interval, and by more than 1 %: a narrow interval alone is not worth reporting. Where there is no
/// difference to name (the formula gives 0), outside is enough.
bool is_marked(const Compared& figure);

/// Or why the inventory cannot be simulated.
std::variant<Simulation, NotSimulated> simulate(const Fleet& fleet, const Catalog& catalog,
                                                const SimulationRequest& request);

}  // namespace report
}  // namespace poolfit
