// Advice: pool sizes, and the cheapest class that passes every limit, with what was rejected and why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/assess/budget.hpp>
#include <poolfit/assess/projection.hpp>
#include <poolfit/catalog/catalog.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/model/session_needs.hpp>
#include <poolfit/plan/capacity.hpp>
#include <poolfit/plan/choice.hpp>
#include <poolfit/plan/commitment.hpp>
#include <poolfit/plan/storage.hpp>
#include <poolfit/plan/workload.hpp>

namespace poolfit {

struct Strategy;

/// What a recommended pool size is based on.
enum class Basis : std::uint8_t {
    workload,        ///< P(wait > policy.wait) <= policy.wait_probability
    observed,        ///< max(⌈buffer × typical use⌉, peak use + 1)
    formula,         ///< the inventory's own formula
    runtime,         ///< what a process can hold, or has to
    declared,        ///< the inventory's number: nothing known says otherwise
    driver_default,  ///< neither set nor measured
    unlimited,       ///< no limit, and nothing known to set one by
    limit,           ///< what the server's limit forces, not what use needs
    strategy,        ///< the strategy that the plan takes instead of right-sized pools
};

struct PoolAdvice {
    PoolSize size;  ///< recommended, per process; nothing for Basis::unlimited
    Basis basis = Basis::declared;
    /// Basis::observed: the peak seen raised a size of this other basis, from so many.
    std::optional<Basis> raised_from;
    Connections unraised{};
    Connections peak{};  ///< the peak that raised it, a whole number
    /// Basis::limit: by this other basis it would be `unforced`, and its server would be over a limit.
    std::optional<Basis> forced_from;
    Connections unforced{};
    Held held = Held::no;
    bool evenly = false;  ///< Basis::observed: an even part of the use of all its databases
};

/// What a pool's size under a strategy is based on.
struct SizeReason {
    enum class Kind : std::uint8_t {
        advice,      ///< the plan's own size: PoolAdvice says why
        as_today,    ///< nothing changes
        merged_max,  ///< the service's merged_max
        merged_sum,  ///< the sum of what the plan advises for the pools merged
        vcpu_max,    ///< the pool's vcpu_max
    } kind = Kind::advice;
    std::optional<Connections> raised_to;  ///< the peak seen, where that is more
};

/// What the chosen strategy gives a pool, where that is not the plan's own advice.
struct PoolTaken {
    std::string_view strategy;
    Figure<Connections> size;  ///< per process; 0 of a pool that is merged into another
    SizeReason reason;
    std::optional<Index> into;  ///< the pool that it is merged into
    std::vector<Index> merged;  ///< those that are merged into it
};

/// Everything that a plan says about one pool.
struct PoolPlan {
    PoolSize declared;  ///< today
    PoolSize by_vcpus;  ///< by its vcpu_max
    PoolAdvice advice;  ///< right-sized
    std::optional<PoolTaken> taken;
    bool stays = false;                    ///< smaller poolers end an outage of its server, beside today's pools
    std::shared_ptr<const PoolLoad> load;  ///< where it has a workload
    PoolUse use;
    PoolDemand now, right_sized, after;  ///< at today's size, at that of the advice, at `recommended()`

    /// What the plan says to configure.
    PoolSize recommended() const { return stays ? declared : taken ? PoolSize(taken->size) : advice.size; }
    Basis basis() const { return stays ? Basis::declared : taken ? Basis::strategy : advice.basis; }
};

/// A PgBouncer in session mode: each client holds a server connection for as long as it is connected.
struct SessionSide {
    Connections clients;    ///< that can be connected at the maximum number of instances
    bool at_least = false;  ///< a client has no limit
    Connections accepted;   ///< of them that max_client_conn lets in, of clients without a limit all that it does: the
                            ///< others are refused, and do not wait
    Connections held;       ///< server connections that it opens for them at the most
    Connections deploying;  ///< of clients in a deploy those that max_client_conn lets in, as far as they have limits
    Connections held_deploying;  ///< server connections that it opens for them at the most
    bool over = false;           ///< what it holds takes its server over the policy's share
    bool refused = false;        ///< and over what is usable
    bool waits() const { return accepted > held; }
    /// Do the new instances of a deploy wait for the old ones to disconnect?
    bool waits_in_deploy() const { return deploying > held_deploying; }
};

/// Clients of a PgBouncer process, of all its aliases together, and how many max_client_conn accepts. Clients beyond
/// that are refused.
struct ClientSide {
    Figure<Connections> accepts;         ///< the fewest instances together
    Figure<Connections> steady, deploy;  ///< today's pools at the maximum number of instances, and in a deploy
    std::optional<Index> deployed;       ///< where services deploy one at a time: the one that `deploy` is of
    bool at_least = false;               ///< a pool has no limit: so many, or more
    Figure<Connections> most;            ///< in a deploy, each pool with today's size or the plan's, whichever is more
    Connections then;                    ///< in a deploy, with the plan's sizes
    /// max_client_conn that accepts `most`; absent where today's accepts `then`, where it cannot be changed, and where
    /// a pool has no limit in the plan either, or no process can hold as many.
    std::optional<Figure<std::int64_t>> enough;
    bool refuses() const { return steady.value > accepts.value; }
    bool unsolved() const { return then > accepts.value && !enough; }
    /// Are the plan's sizes of its clients' pools enough?
    bool by_sizes() const { return most.value > accepts.value && then <= accepts.value; }
};

/// What transaction mode breaks for a client of a pooler.
struct Broken {
    Index pool = 0;
    std::optional<SessionNeed> need;  ///< nothing: neither its features nor its driver are known
};

/// What the clients of a pooler were seen to use together, of one of the equal pools of its server side. `in_use` is
/// the peak of each process by itself, and a checked-out connection is busy behind a pooler only inside a transaction.
/// So the sum of the peaks bounds the use from above and was not seen itself: use lies between `typical`, at the fewest
/// instances, and `peak`, at the most, if all peaks come together. A client with a workload counts with the connections
/// that its load keeps busy, and at the peak with the size for its load.
struct PoolerUse {
    Connections size;            ///< today
    Connections typical, peak;   ///< rounded up once, at the end
    Figure<Connections> enough;  ///< max(⌈buffer × typical⌉, peak + 1): what the plan sets where use decides
    /// RDS Proxy: of them, what sessions keep to themselves with today's sizes; and with the recommended ones, which
    /// `enough` counts with.
    Connections pinned, pinned_after;
    std::int64_t pools = 1;     ///< equal ones that use is spread over
    std::vector<Index> silent;  ///< clients about which nothing is known: use is a lower bound
    bool held = false;          ///< its clients can never open more than it has
    /// A client keeps its checkouts for whole requests: between transactions they need no server connection, so
    /// `typical` is the most that are busy then.
    bool for_requests = false;
    /// Do clients queue all the time? Sharing clients also do if nothing is left for them.
    bool queues_always() const { return !held && !for_requests && size < typical; }
    /// Do they at the peak, if all peaks come together?
    bool queues_at_peak() const { return !held && size < peak; }
    bool measured() const { return silent.empty(); }
};

struct PoolerPlan {
    PoolerDemand now, after;
    /// What its size should be where that is not today's: default_pool_size, or max_connections_percent in whole
    /// percent.
    PoolerSize size;
    /// `size` before the class, or a way out of an outage, gave it another one; absent where none did.
    std::optional<PoolerSize> right_sized;
    /// What `size` is based on.
    enum class Basis : std::uint8_t {
        load,     ///< the load of its clients together
        limit,    ///< what its server's limit leaves
        use,      ///< what its clients were seen to use together, with the loads of those that have one
        kept,     ///< RDS Proxy: today's connections, on a class with more max_connections
        clients,  ///< session mode: a connection for each client, in a deploy too
    } basis = Basis::load;
    std::optional<PoolerUse> used;  ///< nothing where use of no client is known, or a client nests checkouts
    /// RDS Proxy: connections that it keeps on a class with more max_connections, where nothing measured asks for more.
    std::optional<Figure<Connections>> keeps;
    bool to_transaction = false;         ///< from session mode
    std::optional<SessionSide> session;  ///< today
    std::vector<Broken> breaks;          ///< of a pooler in session mode
    std::optional<PoolerLoad> load;      ///< where clients have a workload
    std::optional<ClientSide> clients;   ///< of the first record of a PgBouncer process
    /// Of a managed pooler.
    struct Bill {
        std::optional<Price> price;  ///< of a vCPU or a unit of capacity; nothing where the catalog has none
        /// A month, in front of today's class and of the recommended one; ranges where capacity follows the load.
        std::optional<Figure<Interval<MicroUsdPerMonth>>> now, after;
    };
    std::optional<Bill> bill;
    /// RDS Proxy: server connections that sessions keep to themselves, from those that surely do to all that may.
    std::optional<Figure<Interval<Connections>>> pinned;
    /// Those, and as many as are busy at once of the others, with today's pools; nothing where the use of one is not
    /// known.
    std::optional<Figure<Interval<Connections>>> in_need;
};

struct DatabasePlan {
    Budget budget;                     ///< today
    DatabaseDemand demand;             ///< today's
    DatabaseDemand right_sized;        ///< with the recommended pools
    DatabaseDemand after;              ///< that the plan leads to: the recommended strategy's
    std::string_view by_strategy;      ///< that `after` is of; empty where it is `right_sized`
    bool unmeasured = false;           ///< `by_strategy`, by a rule of thumb: its size fills what a limit leaves
    std::optional<DatabaseLoad> load;  ///< where workloads say how much CPU they take
    Projection now;                    ///< today's class with today's pools
    Projection chosen;                 ///< the recommended class with `after`
    /// Classes that were judged, by what they are ranked by, then by name; those dearer than the recommended one may be
    /// left out (Request::depth). Today's class is always there.
    Candidates candidates;
    Recommendation recommendation;
    std::optional<CapacityUse> capacity;  ///< that follows the load, or would
    std::optional<StorageUse> storage;    ///< where the inventory has it
};

struct Totals {
    /// Over servers that are a provider's classes and whose cost is known, today's and after; nothing where there are
    /// servers, and none of that kind. `peak_per_year` as in Recommendation.
    std::optional<Figure<MicroUsdPerMonth>> now, after, saves, saves_per_year, peak_per_year;
    /// Of servers whose capacity follows the load, as far as its price is known: in none of the others.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> capacity;
    std::optional<Figure<Interval<MicroUsdPerMonth>>> capacity_after;  ///< without databases that are to be deleted
    /// What upgrades to a version in standard support save besides; nothing where none does.
    std::optional<Figure<MicroUsdPerMonth>> upgrades_save;                     ///< a month
    std::optional<Figure<Interval<MicroUsdPerMonth>>> upgrades_save_capacity;  ///< the same, charged by capacity
    /// Of volumes, as far as their price is known: in none of the sums above, since no class changes it.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> storage, storage_after;
    /// `now`, `after` and `saves` with `storage`, `capacity` and `elastic_poolers`.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> bill_now, bill_after, bill_saves;
    std::optional<Figure<Interval<MicroUsdPerMonth>>> storage_saves;  ///< what changes of volumes save besides
    std::vector<Index> storage_not_given;  ///< databases whose volume the inventory does not have: in none of the sums
    std::vector<Index> without_storage;    ///< of volumes whose price is not known, or only a part of it
    /// What schedules and capacity that follows the load save besides.
    std::optional<Figure<MicroUsdPerMonth>> stops_save;
    std::optional<Figure<Interval<MicroUsdPerMonth>>> serverless_saves;
    /// Managed poolers of the servers in `now` and `after`, which have them; nothing where there are none.
    std::optional<Figure<MicroUsdPerMonth>> poolers_now, poolers_after;
    /// The same of those whose capacity follows the load; in the bill, and in none of the other sums.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> elastic_poolers;
    std::vector<Index> unpriced_poolers;  ///< in none of the sums
    std::vector<Index> without_support;   ///< in the sums, but for Extended Support, which may be charged
    std::vector<Index> unpriced;          ///< the others of a provider's classes: one of their costs is not known
};

/// The recommended classes with each strategy: the strategy and its classes are one decision.
struct Joint {
    /// One per row of the strategies' table.
    struct Way {
        std::vector<const InstanceClass*> classes;  ///< as Fleet::databases, as the others
        std::vector<Connections> usable, most;      ///< there
        std::optional<MicroUsdPerMonth> saves;      ///< against the base's classes, a month
        MicroUsdPerMonth support_saves{};           ///< of that, Extended Support, which an upgrade saves as well
    };
    std::vector<Way> ways;
    /// As Fleet::databases: what the policy allows on the class of right-sized pools. Pooler sizes forced by a limit
    /// are based on it, whatever class comes with the strategy. Nothing where max_connections is not known.
    struct Allowed {
        std::optional<Connections> steady, deploy;
        const InstanceClass* cls = nullptr;
        Connections max_planned;  ///< there; raised, where right-sized pools need that
    };
    std::vector<Allowed> allowed;
    std::optional<Index> raised;   ///< of the base: a database whose max_connections has to be raised
    bool buys = false;             ///< the base takes a dearer class than today's, which a strategy may not need
    MicroUsdPerMonth base_cost{};  ///< of the classes that another strategy may change, without Extended Support
};

struct Plan {
    PriceTerm term = PriceTerm::list;
    std::vector<PoolPlan> pools;                         ///< as Fleet::pools
    std::vector<PoolerPlan> poolers;                     ///< as Fleet::poolers
    std::vector<Figure<std::int64_t>> deploy_instances;  ///< as Fleet::services
    std::vector<DatabasePlan> databases;                 ///< as Fleet::databases
    Totals totals;
    Topology topology;
    std::shared_ptr<const Market> market;        ///< the offers that databases were judged by
    std::shared_ptr<const Joint> joint;          ///< nothing without pools
    std::shared_ptr<const plan::Steers> steers;  ///< as Fleet::databases; nothing where no commitment counts
    std::shared_ptr<const Committed> committed;  ///< nothing without commitments, or at another term than list price
};

namespace plan {

/// What all pay less beside commitments if the database were on the class instead of the plan's; nothing where no
/// commitment touches either.
std::optional<MicroUsdPerMonth> saves_beside_commitments(const Fleet& fleet, const Plan& plan, Index database,
                                                         const Candidate& candidate);
/// What the recommended class saves a month without its standby, beside commitments; `single` is the fleet without
/// standbys. Nothing where a price or a rate is not known.
std::optional<MicroUsdPerMonth> saves_without_standby(const Fleet& fleet, const Plan& plan, const Fleet& single,
                                                      const Market& market, Index database);

/// How far the walk through the offers of a database goes, from the cheapest on.
enum class Depth : std::uint8_t {
    decide,   ///< until nothing more expensive can matter to the recommendation
    cheaper,  ///< all that cost no more than today's class too
    all,
};

struct Request {
    PriceTerm term = PriceTerm::list;
    std::vector<Index> counted{};  ///< databases that the totals count, ascending
    Depth depth = Depth::decide;
    Figures* figures = nullptr;  ///< records the derivations of all figures on today's classes and the recommended ones
    int threads = 1;             ///< to plan many databases on; a run that records is on one
    std::optional<Date> today{};  ///< life cycles are judged on it, without it on the newest date of the catalog
};

/// The whole answer. Total: any checked fleet has one. Every database is planned, since a replica depends on its
/// primary.
Plan make(const Fleet& fleet, const Catalog& catalog, const Request& request);

/// Today's max_connections of a replica, and of its primary.
struct StandbyLimits {
    Interval<Connections> own, primary;
    bool runs = false;  ///< it was seen to: one of the two is the formula's, and not what the server has
};
/// Nothing where the replica starts, or may start.
std::optional<StandbyLimits> not_starting(const Fleet& fleet, const Plan& plan, Index replica);

/// The database on any class of its platform, with the recommended pools; for today's class and the recommended one the
/// same as DatabasePlan has. `balances`, where it is given, gets those of credits, one at the end of each point of the
/// CPU series; none where the class has no credits, or the database no series.
Projection project(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls, Recorder recorder,
                   std::vector<double>* balances = nullptr);
/// The CPU that workloads ask for, on a class, within the policy's peak; nothing without such workloads (null).
std::optional<Check> demand_check(const Fleet& fleet, Index database, const DatabaseLoad* load,
                                  const InstanceClass& cls, Recorder recorder = Recorder());
/// Of a limit: more leaves little room for what was not seen.
inline constexpr double tight = 0.85;
/// Of the limits that a class may not exceed, the nearest; null without any. `moves`: it is another class than today's.
const Check* tightest_judged(const Projection& projection, bool moves);

std::string_view name(Basis basis);

}  // namespace plan
}  // namespace poolfit
