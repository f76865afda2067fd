// What is shown of a plan, and in which order: numbers and kinds, no text. Built once a report; renderers print it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/worlds.hpp>

namespace poolfit {

/// One quantity of a database today and after the plan, against the limit of the recommended class.
struct GaugeView {
    Dimension dimension{};  ///< `credits` is the mean CPU, `memory` all that limits memory
    Measure measure = Measure::count;
    std::optional<Interval<double>> now, after;  ///< in `measure`; nothing where not known
    std::optional<double> limit;
    std::optional<double> share;  ///< pessimistic end of `after` ÷ limit; 1e9 where the limit is 0
    bool binding = false;         ///< the tightest of all
    bool at_least = false;        ///< `now` was all that could be seen, so both may be more
};

/// How near a limit is.
struct NearLimit {
    Dimension dimension{};
    double share = 0;  ///< value ÷ limit; 0 where it is not known
};

/// What other numbers of instances of a service would open on a server of the recommended class, at the plan's sizes.
struct InstancesView {
    struct Row {
        std::int64_t instances = 0;
        Connections steady{}, deploy{};  ///< of the server, with all that others open
    };
    Index service = 0;      ///< of those that connect directly and have a limit, the one that opens the most; one that
                            ///< scales is taken before it, if it opens half as many
    std::vector<Row> rows;  ///< today's fewest and most, 1.5, 2 and 3 times the most: ascending, each once
    Connections usable{};
    std::int64_t fits = 0;         ///< the most instances inside `usable`; 0: none
    std::int64_t fits_deploy = 0;  ///< also in a deploy; no more than `fits`
    /// Also after the worst failure of a related server, or of this one, if there is one; no more than `fits`.
    std::optional<std::int64_t> fits_failover;
};

/// What is shown of one database.
struct DatabaseView {
    Index database = 0;
    bool moves = false;             ///< the recommended class is not today's
    std::vector<GaugeView> gauges;  ///< in order of display
    std::vector<Check> over_today;  ///< limits that today's pools exceed on today's class
    /// Those of them that neither an outage nor the summary of the verdict is about.
    std::vector<Check> over_besides;
    std::optional<NearLimit> binding, next;
    // Classes that were not taken, as indices into DatabasePlan::candidates. All are cheaper than the recommended
    // class, unless no class passes every limit: then any price is possible.
    std::vector<std::size_t> ruled_out;       ///< those that load alone rules out first; of them the nearest misses
    std::vector<std::size_t> against_policy;  ///< by the policy alone; the cheapest first
    std::vector<std::size_t> dearer_with_credits;  ///< that would buy credits; by what they cost with them
    std::vector<std::size_t> cheaper;              ///< all of these, the dearest first
    std::vector<std::size_t> listed;               ///< of all candidates, those of a complete list, in their order
    std::vector<const InstanceClass*> unpriced;    ///< classes whose missing price keeps it out of the total
    /// The hardest loss of another server on the recommended class, as an index into Projection::losses, today's and
    /// then.
    std::optional<std::size_t> loss;
    bool may_flip = false;            ///< more days of its series could turn a verdict: series::may_flip
    bool connections_change = false;  ///< allocated connections, or what they are measured against
    std::vector<Index> pools;         ///< that end on it: those that change first where not all are shown
    std::size_t pools_left_out = 0;
    /// Nothing where no service connects directly with a limit, or a strategy leads pools through a new pooler.
    std::optional<InstancesView> instances;
};

/// Classes that databases of one platform, version, region and deployment cannot have.
struct NotOffered {
    struct Group {
        Offer::State state{};
        std::vector<const InstanceClass*> classes;  ///< by name
    };
    Index database = 0;  ///< the first of these databases
    std::vector<Group> groups;
};

/// Classes that were not considered for want of a price in a region.
struct Unpriced {
    const Platform* platform = nullptr;
    std::string_view region;
    std::size_t classes = 0;
};

/// The worlds of a database, and which of their classes a page shows.
struct WorldsView {
    Worlds worlds;
    /// Today's class, the recommended one, and those of least regret at some cost of trouble; as indices, in order.
    std::vector<std::size_t> shown;
    std::size_t left_out = 0;
};

struct Point;
struct Report;
struct Runway;
struct StrategyDatabase;
struct StrategyPool;
struct VcpuRow;

namespace report {

/// The view of a database that is shown.
const DatabaseView& view_of(const Report& report, Index database);
bool is_shown(const Report& report, Index database);
/// The same of its worlds; null where none were drawn.
const WorldsView* worlds_of(const Report& report, Index database);
WorldsView view(const Plan& plan, Worlds&& worlds);

/// A report of more databases than this lists no derivations unless asked to, and of the candidates only today's class,
/// the recommended one and the nearest misses.
inline constexpr std::size_t most_in_full = 20;

/// Does a complete list have it? A brief report's leaves out a limit not reached within ten years, what a strategy
/// leaves as it is today, a pool that does not follow vCPUs, and a point that says what other lists have.
bool is_listed(const Report& report, const Runway& line);
bool is_listed(const Report& report, const StrategyPool& pool);
bool is_listed(const Report& report, const StrategyDatabase& server);
bool is_listed(const Report& report, const VcpuRow& row);
bool is_listed(const Report& report, const Point& point);
/// Is its sentence written? Not in a brief report, where it says a check's values once more.
bool says_more(const Report& report, const Reason& reason);

/// At most so many of these pools, in their order: those that change first.
std::vector<Index> some_pools(const Plan& plan, std::vector<Index> pools, std::size_t most);

/// `in_full`: all candidates are listed.
DatabaseView view(const Fleet& fleet, const Plan& plan, Index database, bool in_full = true);

/// Of the databases that are shown, those with the most classes first.
std::vector<Unpriced> unpriced(const Report& report);

/// For each kind of database for which the plan judged classes and that cannot have all of them.
std::vector<NotOffered> not_offered(const Fleet& fleet, const Plan& plan);

/// What a class ruled out only by the policy would save per month against the recommended class.
std::optional<MicroUsdPerMonth> saves_more(const DatabasePlan& plan, const Candidate& candidate);

/// Does a size of the pool meet the policy's wait?
bool meets(const PoolLoad& load, const RatedPool& rated);
/// The mean hold of the workload that a pool was sized for; 0 where its law has none.
Millis mean_hold(const PoolLoad& load);

}  // namespace report
}  // namespace poolfit
