// Which class a database should be on: each class with every reason against it, and one recommendation. Values with a
// kind and numbers; the sentences are render's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <poolfit/assess/projection.hpp>
#include <poolfit/assess/usage.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/plan/beside.hpp>

namespace poolfit {

/// `over`: a hard limit is exceeded in the steady state, at the maximum number of instances; the class may stay or
/// change. `upgrade`: class and pools stay, or the class cannot be judged for want of an input, and the version costs
/// money or is no longer supported. `idle`: nothing connects to it, so it can be deleted. `serverless`: capacity that
/// follows the load costs less than any class. `stop`: class and pools stay, outside production it need not run all the
/// time.
enum class Verdict : std::uint8_t { resize, repool, upsize, keep, unknown, over, upgrade, idle, serverless, stop };
enum class Risk : std::uint8_t { low, medium, high };

/// Why a class may not be taken, or what has to be known about it.
struct Reason {
    enum class Kind : std::uint8_t {
        check,        ///< `check` is over its limit, or cannot be judged, or has a caveat
        not_offered,  ///< only today's class: the offer's state says why
        version,      ///< the version may not run on the class: `doubt` says why
        cpu_demand,   ///< `check`: the CPU that workloads ask for
        replica,      ///< max_connections, `check.value`, are under `need` of the primary on `primary`
        allow_arm,    ///< a switch of the policy
        allow_burstable,
        not_allowed,  ///< not in the policy's allow list
        denied,       ///< by `glob` of the policy's deny list
        shared,       ///< its CPU is shared, and the policy's allow list does not name it
        pooler,       ///< it has no built-in pooler, and one is in use
        no_standby,   ///< it takes no standby, and the database has one
        edition,      ///< what else a move changes, as the platform has it
        standby,      ///< max_connections, `check.value`, are over `need` of the replica `from`, which is to stay
        failover,     ///< `check` with the load of `from`: today's class carries it
    };
    Kind kind = Kind::check;
    bool blocking = true;  ///< false: a caveat of a class that fits
    Offer::Doubt doubt = Offer::Doubt::none;
    Check check;  ///< its dimension in any case; value and limit where there are any
    Interval<Connections> need{};
    const InstanceClass* primary = nullptr;
    Index glob = 0;  ///< into Policy::deny
    Index from = 0;  ///< the server that is lost
};

struct Candidate {
    const InstanceClass* cls = nullptr;
    bool fits = false;
    bool fits_but_for_policy = false;           ///< only `allow_arm`, `allow_burstable`, allow or deny rule it out
    std::optional<MicroUsdPerMonth> list;       ///< price
    std::optional<MicroUsdPerMonth> paid;       ///< with Extended Support: whatever the load
    std::optional<MicroUsdPerMonth> cost;       ///< and the surplus credits of a known mean
    std::optional<MicroUsdPerMonth> ranked_by;  ///< and those of the peak, where the mean is not known
    std::span<const Reason> reasons;            ///< its Candidates have them

    /// What is uncertain about it.
    Offer::Doubt doubt() const;
};

/// Judged once and never changed, so copies share them: a strategy is weighed on a copy of what a database has.
class Candidates {
public:
    Candidates() = default;
    /// `reasons` are those of all of them: theirs are parts of it.
    Candidates(std::vector<Candidate>&& each, std::vector<Reason>&& reasons)
        : all_(std::make_shared<const All>(std::move(each), std::move(reasons))) {}

    const Candidate* begin() const { return all_ ? all_->each.data() : nullptr; }
    const Candidate* end() const { return begin() + size(); }
    std::size_t size() const { return all_ ? all_->each.size() : 0; }
    bool empty() const { return size() == 0; }
    const Candidate& operator[](std::size_t i) const { return all_->each[i]; }
    const Candidate& front() const { return all_->each.front(); }
    const Candidate& back() const { return all_->each.back(); }

private:
    struct All {
        All(std::vector<Candidate>&& e, std::vector<Reason>&& r) : each(std::move(e)), reasons(std::move(r)) {}
        std::vector<Candidate> each;
        std::vector<Reason> reasons;
    };
    std::shared_ptr<const All> all_;
};

/// An input without which the verdict is unknown.
struct MissingInput {
    enum class Kind : std::uint8_t {
        observed,         ///< `what` of the observed of `database`
        pool_max,         ///< max of the pool `pool`
        price,            ///< of the class `cls` in the database's region
        version_lists,    ///< which classes run the database's version
        credit_price,     ///< of surplus credits of the class `cls` in the database's region
        plan_rate,        ///< of the class `cls` under a savings plan in the database's region
        connections,      ///< observed.connections of `database`, which contradict its pools
        activity,         ///< the same, which contradict the load seen: Summary::activity
        server,           ///< the class of `database`, or its size
        max_connections,  ///< of `database`, where the class does not give it
        days,             ///< of the series of `database`, which is too short to judge a class by
    };
    Kind kind = Kind::observed;
    Missing what = Missing::nothing;
    Index pool = 0;
    const InstanceClass* cls = nullptr;
    Index database = 0;
    bool operator==(const MissingInput&) const = default;
};

/// Of `service`, whose deploys open the most: how many instances may run besides the old ones for today's class to
/// handle it with the plan's sizes.
struct SmallerSurge {
    Index service = 0;
    std::int64_t instances = 0;  ///< 1 or more, and fewer than today's
    bool with_sizes = false;     ///< those are not today's
    Connections deploy, usable;  ///< what may be open then, and what is usable
};

/// Why this verdict.
struct Summary {
    enum class Kind : std::uint8_t {
        cheapest,            ///< the cheapest class that passes every limit
        kept,                ///< today's class stays: `kept` says why
        pools_change,        ///< the class stays, the pools change: `kept` says why
        pools_cure,          ///< over `trouble` today; the recommended pools fit
        class_fails,         ///< today's class exceeds `trouble` with its load
        pools_fail,          ///< today's pools fit, the recommended ones exceed `trouble`
        input_missing,       ///< no smaller class can be judged without it
        version_lists_end,   ///< the catalog does not know which classes run this version
        server_missing,      ///< the inventory does not say which class the server is of
        outside_catalog,     ///< the server is not a class of the catalog, so none is judged
        limit_raised,        ///< over `trouble` today; a higher max_connections ends it
        smaller_pooler,      ///< over `trouble` today; a smaller pooler ends it
        strategy_cures,      ///< over `trouble` today; the recommended strategy fits
        cheapest_committed,  ///< passes every limit, and leaves the smallest bill beside commitments
        idle,                ///< nothing connects to it
        contradicted,        ///< no connection was seen, and pools may open some, or `activity` was seen
        serverless,          ///< capacity that follows the load costs less than `cls`, which would cost `saves`
    };
    enum class Kept : std::uint8_t {
        no_cheaper,     ///< no cheaper class passes every limit
        saves_less,     ///< `cls` fits, but saves less than min_savings_per_month
        saves_share,    ///< `cls` fits, but saves a smaller share than min_savings
        saves_nothing,  ///< `cls` fits, but saves nothing
        peak_alone,     ///< `cls` costs less only if today's peak lasted: the mean is not given
        rate_missing,   ///< what `cls` saves depends on a savings plan's rate of today's class, which is not known
        committed,      ///< `cls` fits and saves by list price, but not beside commitments: `held`
    };
    enum class NoClass : std::uint8_t {
        found,          ///< there is one
        none_passes,    ///< no class of the catalog passes every limit
        limit_by_hand,  ///< max_connections is set under what the class's formula gives
        own_limit,      ///< as own_server, and whether its memory carries a higher max_connections is not known
        own_server,     ///< the server is not a class of the catalog: there is none to compare
    };
    Kind kind = Kind::kept;
    Kept kept = Kept::no_cheaper;
    NoClass no_class = NoClass::found;
    const InstanceClass* cls = nullptr;
    MicroUsdPerMonth saves{};
    Fraction saves_share{};
    std::optional<Reason> trouble;
    /// Kept::committed: what the move would do to what is really paid.
    struct Held {
        MicroUsdPerMonth saves{};         ///< a month beside commitments; negative: it costs more
        bool at_least = false;            ///< more at another end of capacity that follows the load, or by a rate of
                                          ///< the class that is not known
        double units = 0;                 ///< of the family of today's class, that no database would use any more
        std::optional<Date> pays_from{};  ///< the first day on which it saves enough; nothing where no end of a term
                                          ///< changes that
    };
    std::optional<Held> held;
    std::optional<Activity> activity;   ///< contradicted: the load that something puts on it
    std::optional<SmallerSurge> surge;  ///< class_fails, pools_fail: what a deploy would have to be for today's class
};

/// What speaks against a recommendation, and how serious it is.
struct RiskReason {
    enum class Kind : std::uint8_t {
        tight,           ///< `reason.check` is near its limit
        no_window,       ///< observed.window is not given
        short_window,    ///< `observed` is shorter than `wanted`
        caveat,          ///< `reason` of the class
        saturated,       ///< the peak CPU seen, `busy`, is a lower bound
        shared_threads,  ///< at `busy` on the class, two threads share a core: less is left than it looks
        one_maximum,     ///< only the peak CPU rules out today's class, and p95 is not given
        full_at_peak,    ///< p95 is judged, and at the peak, `busy`, the load asks for more than another class has
        architecture,    ///< another processor architecture
        cache,  ///< memory for data shrinks from `cache_now` to `cache_then`; `data`, `reads` where they are given
        pools_first,       ///< today's pools may open `connections`, `usable` are usable on the class
        proxy_short,       ///< RDS Proxy `pooler` may need `connections` on its server, and has `usable` there
        set_by_hand,       ///< max_connections is not what the formula gives
        new_version,       ///< another major version
        verdict,           ///< the verdict is unknown: its summary says why
        unmeasured,        ///< no CPU figure is given: whether its load fits is not known
        no_limit,          ///< `reason.check` was seen, and what the class lets through is not known
        volume,            ///< more was seen than its volume always gives, `reason.check`; `bursts` for a while
        not_survived,      ///< the loss of `reason.from`: `reason.check` is over what the class has
        failover,          ///< with the load of `reason.from` CPU is over the policy's peak: `reason.check`
        last_replica,      ///< nothing could take over from its primary
        replicates,        ///< it applies its primary's changes
        not_starting,      ///< a replica whose max_connections, `reason.check`, is below its primary's, `reason.need`
        last_copy,         ///< of its data, but for snapshots
        follows_load,      ///< how fast capacity follows is the provider's
        failover_credits,  ///< with the load of `reason.from` a throttled class lasts for `hours`; `over_series`: it is
                           ///< capped for so many a month
        strands,  ///< `units` of reserved instances that no database uses any more: of the list saving `listed`,
                  ///< `saves`
    };
    Kind kind{};
    Risk level = Risk::medium;
    Reason reason;
    Interval<Fraction> busy{};
    Fraction capacity{};  ///< that the high end of `busy` uses of the class
    Days observed{}, wanted{};
    Interval<Bytes> cache_now{}, cache_then{};
    std::optional<Interval<Bytes>> data;    ///< known not to fit `cache_then`
    std::optional<Interval<double>> reads;  ///< and writes, a second
    Connections connections{}, usable{};
    Index pooler = 0;
    double hours = 0, units = 0;
    bool over_series = false;
    bool bursts = false;  ///< what was seen is within the volume's burst
    MicroUsdPerMonth listed{}, saves{};
    std::string_view family;  ///< the class's
    Date until{};             ///< the last day of the term
};

/// Pools and pairs of many databases open more than a server allows with one connection each.
struct NoSizeFits {
    Connections connections;     ///< with one each, and other_connections; 10¹² at most
    std::int64_t databases = 0;  ///< of the pool, or pairs of the PgBouncer, that opens most of them
    std::int64_t each = 0;       ///< processes that have a pool for each of them, or PgBouncers
    bool by_pooler = false;      ///< that opens most of them
    bool takes_pooler = false;   ///< PgBouncer speaks to such a server
    bool pooler_fits = false;    ///< and one connection for each of the databases is inside the limit
};

/// A hard limit that is exceeded in the steady state, at the maximum number of instances: clients are refused, or wait
/// forever. Shares of the policy and deploys do not count.
struct Outage {
    enum class Kind : std::uint8_t {
        connections,      ///< `needs` may be open, `usable` are
        pool_load,        ///< `pool` is asked for `share` of what it can carry
        cpu_load,         ///< workloads ask for `share` of the vCPUs
        credits,          ///< a mean CPU of `share` on a class that is held at `baseline` once its credits are gone
        session_clients,  ///< `needs` clients of `pooler`, in session mode, hold a connection each; it opens `usable`
        pooler_load,      ///< the server side of `pooler` is asked for `share` of what it can carry
        pooler_clients,   ///< `needs` clients of `pooler` and its aliases, `usable` by max_client_conn
    } kind = Kind::connections;
    Connections needs, usable;
    Connections pinned;     ///< pooler_load: of `usable`, connections kept by sessions; `share` is of the rest
    bool at_least = false;  ///< a pool has no limit: a lower bound
    Index pool = 0, pooler = 0;
    Fraction share{}, baseline{};
    std::optional<double> hours{};      ///< credits over a series: a month without any
    std::optional<NoSizeFits> no_size;  ///< connections: the smallest sizes are too many
};

/// What ends the outages of a server; each has been recomputed.
struct WayOut {
    enum class Kind : std::uint8_t {
        pools,           ///< the sizes of the plan
        limit,           ///< max_connections, set by hand at `from`, to `to`; the memory of the class gives `most`
        cls,             ///< the class of the plan
        instances,       ///< at most `count` of `service`
        strategy,        ///< the strategy `strategy`, which the plan recommends
        pooler_share,    ///< the sizes of `poolers` alone
        pooler_mode,     ///< `pooler` to transaction mode, with `count` as its size; 0: today's
        pooler_clients,  ///< max_client_conn of `pooler` that takes all its clients, which other ways need as well
    } kind = Kind::pools;
    Connections from, to, most;
    FigureId figure{};  ///< of `to`, where it is for today's pools
    Index service = 0, pooler = 0;
    std::int64_t count = 0;
    /// default_pool_size, or RDS Proxy's percentage.
    struct PoolerCount {
        Index pooler = 0;
        std::int64_t count = 0;
    };
    std::vector<PoolerCount> poolers;
    // What is needed besides: neither is enough alone. A limit is where `to` is not 0.
    bool with_sizes = false;     ///< the sizes of the plan
    bool with_class = false;     ///< the class of the plan
    std::string_view strategy;   ///< its name, of the table
    Connections steady, usable;  ///< what may be open then, and what is usable
};

struct Recommendation {
    /// Could no class be judged? Then `upgrade`, too, leaves open which one is enough.
    bool leaves_class_open() const {
        return verdict == Verdict::unknown ||
               (verdict == Verdict::upgrade && summary.kind == Summary::Kind::input_missing);
    }
    Verdict verdict = Verdict::unknown;
    const InstanceClass* cls = nullptr;                      ///< the recommended class; today's for keep and repool
    std::optional<Figure<MicroUsdPerMonth>> cost;            ///< of that class, as Projection::cost
    std::optional<MicroUsdPerMonth> ranked_by;               ///< of that class, as assess::ranked
    std::optional<Figure<MicroUsdPerMonth>> saves;           ///< a month; negative when it costs more
    std::optional<Figure<MicroUsdPerMonth>> saves_per_year;  ///< micro-USD a year
    /// How much less is saved in a year if the peaks lasted (negative: more); nothing where that is 0 or not known.
    std::optional<Figure<MicroUsdPerMonth>> peak_per_year;
    Risk risk = Risk::low;
    std::vector<RiskReason> risk_reasons;
    std::optional<Dimension> binding;  ///< nearest to its limit on that class, after the plan
    std::optional<Dimension> next_binding;
    std::vector<MissingInput> missing;  ///< inputs that the verdict `unknown` lacks
    Summary summary;
    std::vector<Outage> outages;                 ///< of today; the verdict is `over` where there are any
    std::vector<WayOut> ways;                    ///< out of them: the plan's own first
    std::vector<Outage> unended;                 ///< those of poolers that none of `ways` ends
    std::optional<Connections> max_connections;  ///< to set, where raising it is the plan's way
    std::optional<Upgrade> upgrade;
    std::optional<Idle> idle;    ///< the verdict is `idle`, and `cost` is 0
    std::optional<Spare> spare;  ///< whatever the verdict but `idle`
    std::optional<Stop> stop;
    std::optional<StopHeld> stop_held;
    std::optional<Serverless> serverless;  ///< the verdict is `serverless`
    NoStop no_stop = NoStop::none;
    NoServerless no_serverless = NoServerless::none;
};

namespace plan {

std::string_view name(Verdict verdict);
std::string_view name(Risk risk);

}  // namespace plan
}  // namespace poolfit
