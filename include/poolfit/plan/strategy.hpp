// The strategies, side by side, and when another one takes over.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/plan/point.hpp>
#include <poolfit/plan/work.hpp>

namespace poolfit {

/// One pool under a strategy. A service's pools on one database may be merged into one.
struct StrategyPool {
    Index pool = 0;             ///< into Fleet::pools; of a merged one, the first
    std::vector<Index> merged;  ///< the others that went into it
    PoolSize size;              ///< per process
    SizeReason reason;
};

struct StrategyDatabase {
    Index database = 0;
    std::optional<Figure<Connections>> before, after;  ///< allocated
    std::optional<Figure<Connections>> deploy_after;
    const InstanceClass* cls = nullptr;  ///< to be on with the strategy
    Connections usable, most;            ///< on it, and its max_connections
    /// Has it a pool that is listed? Without one its connections are not known, and 0 here.
    bool connected() const { return !before || !after || before->value.value > 0 || after->value.value > 0; }
};

/// A pooler that the strategy adds before a database.
struct NewPooler {
    Index database = 0;
    Pooler::Kind kind{};
    Figure<std::int64_t> pairs;      ///< databases that it has a server pool each for
    Figure<std::int64_t> pool_size;  ///< default_pool_size
    Figure<Connections> server;      ///< of all pairs
    Figure<std::int64_t> accepts;    ///< max_client_conn, at the least
};

/// A measured quantity at which a strategy takes over from the recommended one, and today's distance to it.
struct Threshold {
    enum class Quantity : std::uint8_t {
        connections,   ///< in all
        new_services,  ///< from today on
        services,
        max_connections_share,  ///< of the server where it is highest
        cpu_peak,               ///< the same
        unmeasured_pools,
    } quantity{};
    Measure measure = Measure::count;
    double at = 0;
    std::optional<double> now;  ///< nothing where it is not measured
    bool reached = false;
    double left = 0;                         ///< at − now
    std::optional<Index> database;           ///< the server that `now` is of
    std::optional<Connections> right_sized;  ///< connections: with the plan's pools, where that is another number
    double total = 0;                        ///< new_services: total services then; unmeasured_pools: known today
    std::optional<double> months;            ///< new_services: until then, by the inventory's growth
    FigureId figure;
};

/// Why a strategy is recommended now, or why not.
struct Why {
    enum class Kind : std::uint8_t {
        // Recommended:
        nothing_known,  ///< no pool's use is
        fits,           ///< right-sized pools do not fit their servers' limits, this does
        over,           ///< right-sized pools pass its threshold `threshold`; `share`: of max_connections
        some_unknown,   ///< nothing changes where use is known; of `count` pools it is not
        sizes_right,    ///< nothing changes
        change,         ///< the change, for the work; `trouble` is over its limit today
        cheaper,        ///< its classes cost `saves` less than those that right-sized pools need, its host `host`
        // Not:
        not_possible,   ///< what stands against it says why
        all_given,      ///< nothing to measure first
        some_given,     ///< use of `count` pools is known
        fewer_with,     ///< the recommended one leaves fewer
        no_use_known,   ///< its sizes would have no basis
        reached_blind,  ///< `threshold` is reached, but without measured use it cannot be sized
        reached,        ///< `threshold` is reached, but it leaves more than the recommended one
        gains_little,   ///< `threshold` is reached, but it neither ends that nor halves the connections
        below,          ///< `threshold`, the first of those not reached
        does_not_fit,   ///< `needs` of `usable` on `database`: over a hard limit, or over the policy
        dearer,         ///< right-sized pools fit, and its classes cost only `saves` less, its host `host`
        raise_instead,  ///< right-sized pools fit if max_connections of `database` is raised
    } kind = Kind::below;
    MicroUsdPerMonth saves{}, host{};  ///< a month
    std::size_t threshold = 0;         ///< into Strategy::thresholds
    std::size_t count = 0;
    std::size_t instead = 0;  ///< the recommended one, into the strategies
    std::optional<Connections> right_sized;
    Fraction share{};    ///< does_not_fit: of `usable`, that the policy allows
    Index database = 0;  ///< of `trouble`, or of what does not fit
    std::optional<Reason> trouble;
    Connections needs, usable;
    bool in_deploy = false;  ///< `needs` is of a deploy
};

struct Strategy {
    /// The role of a strategy among the others.
    enum class Role : std::uint8_t {
        base,        ///< others are compared with it; recommended where none takes over
        takes_over,  ///< where it leaves fewer connections, and a limit or a threshold requires that
        measures,    ///< where no sizes can be advised
    };
    std::string_view name;  ///< conservative, aggressive, monitor, pooler
    Phase phase{};
    Role role = Role::base;
    bool applicable = true;   ///< can be done in this inventory at all
    bool unmeasured = false;  ///< its connections are not based on measured use: not a promise
    std::vector<StrategyPool> pools;
    std::vector<StrategyDatabase> databases;
    std::vector<NewPooler> poolers;
    std::optional<Figure<Connections>> before, after;  ///< sum over servers: what the services open in total
    std::optional<Figure<Fraction>> change;            ///< (after − before) / before
    std::optional<Figure<MicroUsdPerMonth>>
        saves_per_year;  ///< of the pools alone; negative: it costs (a pooler's host)
    /// Of a new host, per month, at least: a region without prices is assumed to cost no less than the one with them.
    std::optional<MicroUsdPerMonth> host;
    /// Where it takes over: the demand that it leads to, as Fleet::databases.
    std::shared_ptr<const std::vector<DatabaseDemand>> demand;
    /// Where its pools are others than right-sizing's: their sizes, as Fleet::pools (0: merged into another), and what
    /// pools and poolers then open.
    std::shared_ptr<const std::vector<PoolSize>> sizes;
    std::shared_ptr<const Demand> opens;
    /// Where it takes over: what its classes cost less, a month, than those for right-sized pools; nothing if not
    /// known.
    std::optional<MicroUsdPerMonth> classes_save;
    Effort effort = Effort::hours;
    Work work;
    Risk risk = Risk::low;
    Hazard hazard;
    std::vector<Point> pros, cons;      ///< from this inventory's numbers
    std::vector<Point> changes;         ///< what to do
    std::vector<Point> decides;         ///< findings that would change the decision
    std::vector<Threshold> thresholds;  ///< at which it takes over from the recommended one
    bool recommended = false;           ///< of one at the most: none where none fits its servers
    Why why;
};

/// A pool's size at several vCPU counts of its host, by its formula.
struct VcpuRow {
    Index pool = 0;
    std::vector<PoolSize> sizes;  ///< as vcpu_counts
    bool scales = false;
    std::string_view formula;  ///< of the fleet or the catalog; "" where it has none
};
inline constexpr int vcpu_counts[] = {2, 4, 8, 16};

namespace plan {

/// In order of the table: none without pools. Figures are kept where the recorder is on; else a large fleet's are made
/// on so many threads.
std::vector<Strategy> strategies(const Fleet& fleet, const Plan& plan, Recorder recorder, int threads = 1);
std::vector<VcpuRow> vcpu_table(const Fleet& fleet, const Plan& plan, Recorder recorder);

std::string_view name(Effort effort);
std::string_view name(Threshold::Quantity quantity);

}  // namespace plan
}  // namespace poolfit
