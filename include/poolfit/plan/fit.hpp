// The largest size that fits: what one unit of a pool's size, or of a pooler's, adds to its server, and the room that
// the policy leaves there and a failover leaves on related servers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// A pool or a pooler (one of the two) that opens connections on a server.
struct Consumer {
    std::optional<Index> pool, pooler;
    Index database = 0;
    Connections steady, deploy;  ///< today; in the deploy that opens most on its server
};

/// Of the database, today: its pools, then its poolers, in the order of the inventory. A pool without a limit is not
/// one; neither is a pooler's client.
std::vector<Consumer> consumers(const Fleet& fleet, const Plan& plan, Index database);

/// The server's connections by a consumer's size: `base + size × steady`, and `base + size × deploy` during a deploy.
/// A pool's size is its max, a pooler's its default_pool_size. RDS Proxy's is max_connections_percent, 1 to 100: then
/// connections are ⌊size × percent⌋ at any time.
struct Slope {
    std::int64_t steady = 0, deploy = 0;
    std::int64_t base = 0;   ///< a pooler's reserve
    double percent = 0;      ///< connections of one percent; 0 where the size is not a percentage
    std::int64_t now = 1;    ///< size today; a percentage counts as over 100, so that any may be named
    std::int64_t least = 1;  ///< size that has to remain
};

/// The least size is what a workload asks for, or one above the peak that was seen, or, where nothing is known, a
/// quarter of today's size and two; the last two inside what a process has to hold and can (model::holding). A driver
/// without a setting keeps today's.
Slope slope(const Fleet& fleet, const Plan& plan, const Consumer& consumer);

/// Connections of `size`, in the steady state and during a deploy.
Connections steady_at(const Slope& slope, std::int64_t size);
Connections deploy_at(const Slope& slope, std::int64_t size);

/// Connections that a consumer may have if all others stay as they are; negative where nothing helps.
struct Room {
    Connections steady;    ///< inside the policy's share, also while services other than its own are deployed
    Connections deploy;    ///< the same while all services are deployed, or its own alone
    Connections failover;  ///< `steady`, and any single failure of a related server fits too
};
/// `deploying`: what is allowed on its server in a deploy, where that is less than the policy's share.
Room room(const Fleet& fleet, const Plan& plan, const Consumer& consumer,
          std::optional<Connections> deploying = std::nullopt);

/// The largest size under today's that stays inside both; nothing where that is less than the least.
std::optional<std::int64_t> largest(const Slope& slope, Connections steady, Connections deploy);

/// A size other than today's.
struct Change {
    Consumer of;
    std::int64_t size = 1;
    bool direct = false;  ///< of a pooler's client: it connects to the server itself
};

/// The least size that a pool may be given where a limit forces one: what its load or its use needs, what its process
/// has to hold, else a quarter of `now`, 2 at least.
std::int64_t least_size(const Fleet& fleet, const Plan& plan, Index pool, std::int64_t now);

/// A pool whose size may change, between the two ends.
struct FitPool {
    Consumer of;
    std::int64_t least = 1, from = 1, most = 1;  ///< `from`: tried first, and inside the ends
    std::int64_t steady = 0, deploy = 0;         ///< connections of one unit of size
    std::int64_t size = 1;                       ///< the answer
};
/// What is open on a server while a service is deployed alone; while all are, where there is none.
struct Deploying {
    std::optional<Index> service;
    std::int64_t connections = 0;

    /// Connections that one unit of the pool's size then takes.
    std::int64_t per(const Fleet& fleet, const FitPool& pool) const {
        return !service || fleet.pools[*pool.of.pool].service == *service ? pool.deploy : pool.steady;
    }
};
/// All deploys that have to fit: one of all services, or one of each that opens more then.
std::vector<Deploying> deploys_of(const DatabaseDemand& demand);
/// The peak of deploys where a service has `steady` more connections than in the demand, and `deploying` more while it
/// is deployed; less where they are negative.
std::int64_t deploy_peak_with(const Fleet& fleet, const DatabaseDemand& demand, Index service, std::int64_t steady,
                              std::int64_t deploying);

/// A limit on pools together: what others leave of it, and what one unit of each pool's size takes of it.
struct FitLimit {
    std::int64_t room = 0;
    std::vector<std::int64_t> per;  ///< as the pools
};
/// Sizes inside all limits: those tried first, where they are; else as few smaller pools as are enough, from the first
/// on, several by the same share. Then each is raised as far as the limits and its end allow. False, with meaningless
/// sizes, if even the smallest sizes are too many.
bool fit(std::vector<FitPool>& pools, const std::vector<FitLimit>& limits);

/// Demand with these sizes, on their servers and on all that those are related to by replication.
std::map<Index, DatabaseDemand> demand_with(const Fleet& fleet, const Plan& plan, const std::vector<Change>& changes);
/// Sizes of the database's poolers that bring it inside the policy's limits on today's class, beside today's pools: the
/// plan's own where those are enough, else the largest that fit together. Empty where none are enough.
std::vector<Change> smaller_poolers(const Fleet& fleet, const Plan& plan, Index database);
/// Is each of these servers inside its limits (the policy's, and what is usable after a failover), or no further over
/// one than today?
bool no_worse(const Plan& plan, const std::map<Index, DatabaseDemand>& demands);

/// Are there more connections than `limit` where each pool that can be smaller, and each pair of a PgBouncer, has one?
/// Nothing where there are not, or where no pool has several databases and no PgBouncer several pairs.
std::optional<NoSizeFits> no_size_fits(const Fleet& fleet, const Plan& plan, Index database, Connections limit);

/// Connections that the policy allows on today's class; `dimension` is connections_steady or connections_deploy.
Connections allowed(const DatabasePlan& database, Dimension dimension);

/// Connections of a moment where all pools have a limit, else of those that have one.
Connections least_steady(const DatabaseDemand& demand);
Connections least_deploy(const DatabaseDemand& demand);

}  // namespace poolfit::plan
