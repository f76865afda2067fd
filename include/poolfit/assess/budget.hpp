// The connection budget: what each pool may open, what each server allows, in the steady state, during a
// deploy and after a failover. Per server; limits of two servers are never added.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <poolfit/assess/offers.hpp>
#include <poolfit/assess/recorder.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/model/topology.hpp>

namespace poolfit {

/// A pool's size per process; nothing where its driver sets no limit.
using PoolSize = std::optional<Figure<Connections>>;

struct PoolDemand {
    PoolSize size;                                   ///< per process
    std::optional<Figure<Connections>> allocated;    ///< size × databases × processes × instances (the most)
    std::optional<Figure<Connections>> deploy_peak;  ///< with old and new instances side by side
};

/// Open while one service is deployed, and no other.
struct OneDeploy {
    Index service = 0;
    Figure<Connections> connections;
};

/// Server connections of a pooler: its own ceiling, and never more than its clients can ask for.
struct PoolerDemand {
    Figure<Connections> server, server_deploy;
    std::vector<OneDeploy> deploys;  ///< as those of a DatabaseDemand, of its clients' services
};

/// The worst single failure for a server: another one's pools come to it.
struct FailoverCase {
    Index from = 0;         ///< the server that fails
    Connections peak;       ///< what may be open here then
    bool at_least = false;  ///< a pool of either has no limit: a lower bound
    FigureId figure{};      ///< of `peak`, unless that is a lower bound
};

/// A pooler whose server side is a share of max_connections: another class gives it another number.
struct ShareOfServer {
    Index pooler = 0;
    Figure<Fraction> share;
    Figure<Connections> server, server_deploy;                   ///< that are in the demand
    std::optional<Figure<Connections>> clients, clients_deploy;  ///< what its clients ask for; nothing: no limit
    /// As PoolerDemand::deploys: the pooler's connections, and its clients'.
    struct Deploy {
        OneDeploy server;
        std::optional<Figure<Connections>> clients;
    };
    std::vector<Deploy> deploys;
    std::optional<Figure<Connections>>
        keeps;  ///< on a larger class its share is the least with so many; no more than `share`
};

/// Connections that the pools can open on one database. Nothing where a pool has no limit.
struct DatabaseDemand {
    std::optional<Figure<Connections>> allocated;  ///< pools, poolers and other
    std::optional<Figure<Connections>> deploy_peak;
    /// Where services deploy one at a time (the policy's deploys_at_once = 1): of those whose deploy opens more here,
    /// by service; deploy_peak is the most of them, or `allocated` if there is none. Lower bounds where a pool has no
    /// limit.
    std::vector<OneDeploy> deploys;
    std::optional<Figure<Connections>> services;       ///< pools and poolers: what moves in a failover
    std::optional<Figure<Connections>> failover_peak;  ///< nothing where there is no replica either
    FigureId failover_sum;                             ///< the sum that failover_peak is
    std::optional<FailoverCase> failover;              ///< the same where pools have no limit
    std::vector<FailoverCase> losses;                  ///< each server whose load comes here when it fails, by index
    /// Where a pool has no limit: what the others open, so at least that many.
    std::optional<Figure<Connections>> allocated_at_least, deploy_at_least;
    std::vector<ShareOfServer> shares;  ///< poolers that follow max_connections
};

/// A pooler's size, where it is to be another than the inventory's: default_pool_size (max_db_connections is raised
/// where that is less), or RDS Proxy's max_connections_percent in whole percent.
using PoolerSize = std::optional<Figure<std::int64_t>>;

struct Demand {
    std::vector<PoolDemand> pools;          ///< as Fleet::pools
    std::vector<PoolerDemand> poolers;      ///< as Fleet::poolers
    std::vector<DatabaseDemand> databases;  ///< as Fleet::databases
};

/// What a server of a class allows.
struct Limits {
    // By the platform's formula; nothing where it has none, and only what the server reports.
    std::optional<Figure<Connections>> max_nominal;             ///< on the class's label: a ceiling
    std::optional<Figure<Interval<Connections>>> max_expected;  ///< on the memory that the engine sees
    std::optional<Figure<Connections>> usable_nominal;          ///< max_nominal − reserved
    std::optional<Figure<Connections>> max_observed;
    Figure<Connections> max_planned;  ///< observed, else the low end of expected
    Figure<Connections> reserved;
    Figure<Connections> usable;  ///< max_planned − reserved
    bool set_by_hand = false;    ///< observed is not what the formula gives: a fixed parameter, kept on other classes
    /// False where the inventory has neither max_connections nor the class. max_planned and usable are then
    /// `no_limit_known`, under which everything fits: they are not shown, recorded or judged.
    bool known = true;
};

inline constexpr Connections no_limit_known{1'000'000'000'000};

/// Where one database stands today.
struct Budget {
    Limits limits;
    std::optional<Figure<Interval<Connections>>> in_use;  ///< nothing where a pool's use is not known
    /// What is known of it where the use of some pools is not: the others', as a lower bound. Nothing where the
    /// use of all is known, or of none.
    std::optional<Figure<Interval<Connections>>> in_use_at_least;
    std::optional<Figure<Interval<Connections>>> waste;     ///< allocated by pools − in use
    std::optional<Figure<Fraction>> utilization;            ///< allocated / usable
    std::optional<Figure<Fraction>> utilization_nominal;    ///< allocated / max_nominal
    std::optional<Figure<Interval<Connections>>> observed;  ///< open on the server, typical–peak, where that is given
    /// What can be open of what the inventory lists: all that pools and poolers open, other_connections and the
    /// reserved slots; 0 where it lists none. Nothing where nothing is observed or a pool has no limit.
    std::optional<Figure<Connections>> explained;
    /// The same in the worst moment: a deploy, or a server that has failed. Nothing, too, where a pool that comes then
    /// has no limit.
    std::optional<Figure<Connections>> explained_peak;
    /// Of the observed connections, typical or peak: that nothing listed opens; 0 where all may be explained.
    std::optional<Figure<Connections>> unexplained;
    std::optional<Figure<Connections>> headroom;  ///< usable − allocated; negative when over
    std::optional<Figure<Connections>> copies;    ///< whole stacks like this one that fit: ⌊usable / allocated⌋
    std::optional<Figure<Connections>> copies_nominal;
    std::vector<Index> unlimited;   ///< pools without a limit
    std::vector<Index> unmeasured;  ///< pools whose use is not known
};

/// Use of one pool over all its processes.
struct PoolUse {
    std::optional<Figure<Interval<Connections>>> in_use;
    std::optional<Figure<Interval<Connections>>> waste;
};

namespace assess {

/// A pool's size as the inventory has it: its number, its formula, or its driver's default.
PoolSize declared_size(const Fleet& fleet, Index pool, Recorder recorder);
/// Where the driver's default counts the host's cores and the threads of a core are not known, declared_size takes the
/// larger end, one thread a core: this is the smaller, with two.
std::optional<Connections> size_with_fewer_cores(const Fleet& fleet, Index pool);
/// The pool's `vcpu_max`, evaluated; nothing where it has none.
PoolSize size_by_vcpus(const Fleet& fleet, Index pool, Recorder recorder);
/// The service's `merged_max` for pools on this database; nothing where it has none.
PoolSize merged_size(const Fleet& fleet, Index service, Index database, Recorder recorder);

/// The formula that a pool's size follows on any host: its `vcpu_max`, else the one in its `max`, else its driver's.
/// Empty where the size is fixed.
std::string_view size_formula(const Fleet& fleet, Index pool);
/// The pool's size by that formula on a host with so many vCPUs; `column` is their number as text, and outlives the
/// figures.
PoolSize size_at_vcpus(const Fleet& fleet, Index pool, int vcpus, std::string_view column, Recorder recorder);

/// Instances that run side by side while the service is deployed: old and new.
Figure<std::int64_t> deploy_instances(const Fleet& fleet, Index service, Recorder recorder);

/// The one that opens most; the first of equals. There is at least one.
const OneDeploy& worst_deploy(const std::vector<OneDeploy>& deploys);

/// Demand with these sizes, one a pool; `poolers` one a pooler, or empty. Of a large fleet on so many threads; a run
/// that records is on one. `asked`, unless empty, says of each database whether its demand is asked for, and is the
/// same for a primary and its replicas; of the others, their pools and poolers nothing is computed.
Demand demand(const Fleet& fleet, const Market& market, const std::vector<PoolSize>& sizes, Phase phase,
              Recorder recorder, const std::vector<PoolerSize>& poolers = {}, int threads = 1,
              std::span<const char> asked = {});
/// The same demand with another max_connections on the server, with everything that depends on it, in sums and losses.
/// `cls` is in the keys of what changes.
DatabaseDemand demand_at(const Fleet& fleet, const DatabaseDemand& demand, const Limits& limits, Index database,
                         const InstanceClass* cls, Phase phase, Recorder recorder);
/// The least percentage that a share is lowered to on a class: what its provider advises, or its own, if less.
std::int64_t least_kept(const ShareOfServer& share, const InstanceClass& cls);
/// The percentage of max_connections that keeps so many connections, and no less than `least`.
Term share_term(std::int64_t least, const Figure<Connections>& keeps, const Figure<Connections>& most,
                Recorder recorder);

/// Recomputes the losses of demands that were put together from parts, as Fleet::databases.
void fail_over(const Fleet& fleet, std::vector<DatabaseDemand>& demands, Phase phase, Recorder recorder);

/// Some servers of a fleet, in other sizes than today's: with the primary of each and all of its replicas.
struct Part {
    struct OfPool {
        Index pool = 0;
        PoolSize size;
        bool direct = false;  ///< connects to the server itself, whatever pooler the inventory has in between
    };
    std::vector<Index> databases;                          ///< each once
    std::vector<OfPool> pools;                             ///< all whose connections end there
    std::vector<std::pair<Index, const Pooler*>> poolers;  ///< all that are on them, with their settings
};

/// Demand of a part of a fleet, by the same rules.
std::map<Index, DatabaseDemand> demand(const Fleet& fleet, const Market& market, const Part& part);

/// One server fails, and its pools come to one that is left.
FailoverCase failover(const Fleet& fleet, Index from, const DatabaseDemand& left, const DatabaseDemand& lost);

/// Is max_connections in the inventory, or the class that gives it?
inline bool knows_limit(const Database& database) { return !database.type->unknown || database.max_connections; }
/// The limits of a database on an offered class. The observed value counts for its own class.
Limits limits(const Fleet& fleet, const Market& market, Index database, const Offer& offer, Recorder recorder);

/// Busy connections of a pool that gives `in_use`, over all its processes: typical at the fewest instances to peak at
/// the most. Not rounded: sums of several are, once.
struct BusyInAll {
    Term typical, peak;
};
BusyInAll busy_in_all(const Fleet& fleet, Index pool, Recorder recorder);
/// The same in whole connections, rounded outwards: to be shown, not to size by.
PoolUse pool_use(const Fleet& fleet, Index pool, const PoolDemand& demand, Recorder recorder);

/// `pools` are those of the database, `use` one a pool of the fleet.
Budget budget(const Fleet& fleet, const Market& market, Index database, const std::vector<Index>& pools,
              const Demand& demand, const std::vector<PoolUse>& use, Recorder recorder);

/// Connections that a PgBouncer can open on its server, whatever its clients ask for, with this default_pool_size, or
/// today's; with max_db_connections as model::db_connections_with says.
Term opened_by_pools(const Pooler& pooler, Index index, const PoolerSize& size, Recorder recorder);

}  // namespace assess
}  // namespace poolfit
