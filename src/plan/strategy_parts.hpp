// What the strategies are built from: the table's rows, sums over servers, and the points that they share.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <poolfit/plan/strategy.hpp>

namespace poolfit::plan {

struct Scene {
    const Fleet& fleet;
    const Plan& plan;
    Recorder r;
    int threads = 1;          ///< of a large fleet; a scene that records is on one
    bool with_points = true;  ///< false: the strategies are only weighed, which takes no points
};

/// A threshold of a row.
struct Limit {
    Threshold::Quantity quantity{};
    double at = 0;  ///< share_of_all: of the number of pools
    Grounds grounds{};
    bool decides = false;  ///< the strategy takes over where right-sized pools pass it
    double least = 0;      ///< and still open this many connections in total
    bool share_of_all = false;
};

/// A strategy of the table.
struct StrategyRow {
    std::string_view name;
    Phase phase{};
    Strategy::Role role{};
    bool needs_use = true;  ///< its sizes are based on known use
    std::span<const Limit> thresholds;
    void (*make)(const Scene&, Strategy&) = nullptr;
};

/// From what changes least to what changes most; of two that fit, the earlier one is taken.
std::span<const StrategyRow> strategy_table();

/// What the pool has to carry is known: its use was measured, its workload sizes it, or what its process can hold does.
bool is_known(const Plan& plan, const Fleet& fleet, Index pool);
std::size_t count_unknown(const Plan& plan, const Fleet& fleet);
/// Does the pool get another size?
bool changes(const PoolSize& now, const PoolSize& then);

Point point(Point::Kind kind);
Point about(Point::Kind kind, std::vector<Index> pools);
Point counted(Point::Kind kind, std::size_t count, std::size_t all = 0);

/// The key of a strategy's figure about one of the fleet's records.
Key strategy_key(const Strategy& strategy, Name name, Subject subject = {Subject::Kind::strategy, 0});

/// Sizes of the plan's recommendation, one a pool.
std::vector<PoolSize> recommended_sizes(const Plan& plan);
/// Processes of a service, autoscaling at its most.
assess::Term processes(const Fleet& fleet, Index service, Recorder r);
/// Busy connections of one process of the pool at the most, where that was seen.
assess::Term peak(const Fleet& fleet, Index pool, Recorder r);

/// Fills before, after, deploy_after, per server and in total, and the change, from the demand that the strategy leads
/// to, of each database.
void measure(const Scene& scene, Strategy& strategy, const std::function<const DatabaseDemand&(Index database)>& after);

/// Pools under the strategy, and a change for each whose size is another than today's.
void list_pools(const Scene& scene, Strategy& strategy, const std::vector<PoolSize>& sizes,
                const std::vector<SizeReason>& reasons);

/// Sizes of the plan's recommendation, one a pooler.
std::vector<PoolerSize> pooler_sizes(const Plan& plan);
/// Connections that the policy allows on the recommended class; nothing where its max_connections is unknown.
std::optional<Connections> allowed_by(const DatabasePlan& database, Dimension dimension);
/// A change for each pooler whose size or mode the plan changes.
void list_poolers(const Scene& scene, Strategy& strategy);

/// A zero sum: connections have no price of their own.
void saves_nothing(const Scene& scene, Strategy& strategy);

/// Does every server carry what the strategy opens on it, on the class recommended with it, in a deploy too, by the
/// policy?
bool fits(const Scene& scene, const Strategy& strategy);

/// Every row's strategy, on the classes of the plan: none is chosen yet.
std::vector<Strategy> made(const Scene& scene);
/// Classes, and what they allow, of each strategy.
void lay_over(const Joint& joint, std::vector<Strategy>& strategies);

/// Services with a pool that gets another size, or takes others in.
std::vector<Index> changed_services(const Fleet& fleet, const Strategy& strategy, const Plan& plan);

// The bodies of the rows.
void make_conservative(const Scene& scene, Strategy& strategy);
void make_aggressive(const Scene& scene, Strategy& strategy);
void make_monitor(const Scene& scene, Strategy& strategy);
void make_pooler(const Scene& scene, Strategy& strategy);

/// Thresholds of every strategy, which one is recommended, and why each is or is not.
void choose(const Scene& scene, std::vector<Strategy>& strategies);

}  // namespace poolfit::plan
