// The nouns of an inventory. A Fleet that `load` returns is checked: every reference resolves, every range
// is ordered, every number is inside the limits stated here. Indices point into the Fleet's own vectors.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/formula/formula.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/model/commitment.hpp>
#include <poolfit/model/located.hpp>
#include <poolfit/model/rare.hpp>
#include <poolfit/series/watched.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit {

/// Index into one of the Fleet's vectors.
using Index = std::uint32_t;

/// Ceilings of the whole model: a value past them is an error of the inventory, so that no product of
/// them leaves 64 bits. (10^6 × 10^4 × 10^6 connections fits.)
inline constexpr std::int64_t max_instances = 1'000'000;
inline constexpr std::int64_t max_processes = 10'000;
inline constexpr std::int64_t max_pool = 1'000'000;
inline constexpr std::int64_t max_threads = 100'000;    ///< of a process
inline constexpr std::int64_t max_databases = 100'000;  ///< that one pool's record stands for
inline constexpr std::int64_t max_records = 200'000;    ///< of one kind

/// `[policy.severity]`: what a rule's findings count as; nothing turns the rule off.
struct RuleSeverity {
    Located<std::string> rule;  ///< id or name, as written
    std::optional<Severity> severity;
};

struct Policy {
    Located<Fraction> connections_steady_max{Fraction(0.80), {}};  ///< of usable
    Located<Fraction> connections_deploy_max{Fraction(0.95), {}};  ///< of usable
    Located<bool> deploys_together{true, {}};  ///< deploys_at_once: "all", else 1, one service after the other
    Located<Fraction> cpu_peak_max{Fraction(0.60), {}};
    Located<Fraction> memory_max{Fraction(0.85), {}};  ///< of the class's memory
    Located<Bytes> freeable_memory_min{Bytes(0), {}};
    Located<double> observed_buffer{2.5, {}};
    Located<Millis> wait{Millis(5), {}};
    Located<Fraction> wait_probability{Fraction(0.001), {}};
    Located<bool> allow_burstable{true, {}};
    Located<bool> survive_failover{true, {}};  ///< a loss that today's class survives is survived after the plan too
    Located<bool> allow_arm{false, {}};
    std::vector<Located<std::string>> allow;  ///< globs on the class; empty allows all
    std::vector<Located<std::string>> deny;
    Located<MicroUsdPerMonth> min_savings_per_month{MicroUsdPerMonth(10'000'000), {}};
    Located<Fraction> min_savings{Fraction(0.10), {}};
    Maybe<MicroUsdPerMonth> cost_of_trouble;       ///< of a class that is outside the policy, while it is; no default
    Located<double> non_production_hours{60, {}};  ///< a week that a database outside production has to run
    std::vector<RuleSeverity> severities;
};

struct Host {
    Located<std::string> name;
    Maybe<std::string> cls;                ///< as written: "t3.medium"
    const HostType* type = nullptr;        ///< of the catalog, where `cls` is given
    Maybe<std::int64_t> vcpus;             ///< as given; wins over the type's
    Maybe<std::int64_t> threads_per_core;  ///< as given, 1 or 2; wins over the type's
    Place place;
};

/// What was measured on the database, over `window`.
struct Observed {
    Maybe<Interval<Fraction>> cpu_mean;
    Maybe<Interval<Fraction>> cpu_p95, cpu_p99;  ///< of the minutes seen, 95 % or 99 % were no busier
    Maybe<Interval<Fraction>> cpu_peak;
    Maybe<Interval<Connections>> connections;  ///< open on the server, typical–peak; parts of one are left out
    bool part_of_one = false;                  ///< of `connections` 0, of which a part was left out
    Maybe<Interval<Millis>> replica_lag;
    Maybe<Interval<Bytes>> freeable_memory;
    Maybe<Interval<Bytes>> swap;       ///< in use
    Maybe<Interval<Bytes>> data_size;  ///< of what is read and written: tables and indexes
    Maybe<Interval<MegabitsPerSecond>> ebs_throughput;
    Maybe<Interval<double>> iops;  ///< reads and writes together; the sum of these two where it is not given itself
    Maybe<Interval<double>> read_iops, write_iops;
    Maybe<Interval<MegabitsPerSecond>> network;
    Maybe<Days> window;
    Maybe<std::string> series;                       ///< a file beside the inventory, as written
    std::shared_ptr<const series::Watched> watched;  ///< what it has; shared with copies of the fleet
    Place place;

    /// Is anything given that was watched for a time?
    bool any() const {
        const bool cpu = cpu_mean || cpu_p95 || cpu_p99 || cpu_peak;
        return cpu || connections || freeable_memory || iops || ebs_throughput || network;
    }
    /// What the policy's cpu_peak_max judges: a moment's peak is shown beside p95, and rejects no class.
    const Maybe<Interval<Fraction>>& cpu_judged() const { return cpu_p95 ? cpu_p95 : cpu_peak; }
};

struct Platform;

/// Capacity that follows the load, in units of the platform: ACU.
struct Capacity {
    Located<double> min, max;
};

struct VolumeKind;

/// `[database.storage]`: the volume that the data are on. What it gives and costs is the platform's and the catalog's.
struct Storage {
    Maybe<std::string> type;           ///< as written: "gp3"
    const VolumeKind* kind = nullptr;  ///< null where the platform has none: a disk of one's own
    Maybe<Bytes> size;
    Maybe<Bytes> max_size;  ///< that autoscaling may grow it to
    Maybe<double> iops;     ///< provisioned
    Maybe<MegabitsPerSecond> throughput;
    Maybe<Interval<double>> io_requests;  ///< a month, of all instances on the volume
    Place place;
};

/// A server that is not of a class: self-managed, with vCPUs and memory in the inventory, or as large as its load, in a
/// range of capacity; `cls` is then the largest; or one of which neither class nor size is in the inventory. `cls`
/// borrows its name from here.
struct Machine {
    std::string name;  ///< "4 vCPU, 16 GiB", "db.serverless, 0.5 to 16 ACU", "unknown class"
    std::optional<Capacity> capacity;
    InstanceClass cls;
};

/// What a database is for. Unstated counts as production.
enum class Environment : std::uint8_t { unstated, production, staging, development, test };

struct Database {
    Located<std::string> name;
    const Platform* platform = nullptr;  ///< never null in a checked model
    Place engine_place;
    Maybe<EngineVersion> version;
    std::string version_text;                ///< as written: "16.8"
    Located<std::string> cls;                ///< as written, or the primary's
    const InstanceClass* type = nullptr;     ///< never null in a checked model: of the catalog, or `machine`'s
    std::shared_ptr<const Machine> machine;  ///< of a server that is not of a class; shared with copies of the fleet
    Located<std::string> region;             ///< never empty in a checked model where the platform has regions
    Located<bool> multi_az;
    std::optional<Index> replica_of;  ///< the primary; never a replica itself (chains resolve to an error)
    Place replica_place;
    Environment environment = Environment::unstated;
    Place environment_place;                   ///< its own, or the inventory's
    Located<bool> failover_target{false, {}};  ///< a replica that is kept to take over
    Maybe<Connections> max_connections;
    Maybe<Connections> reserved_connections;
    Located<Connections> other_connections;
    Observed observed;
    Rare<Storage> storage;
    Place place;  ///< of the record
};

enum class Runtime : std::uint8_t { unstated, event_loop, threads, processes, serverless };
/// `cut_over`: the new revision runs its fewest instances until it takes over (Cloud Run, App Runner).
enum class Deploy : std::uint8_t { recreate, rolling, blue_green, cut_over };

/// What a service is. CI and jobs come and go: no deploy puts new instances beside old ones. A listener LISTENs.
enum class ServiceKind : std::uint8_t { server, ci, job, listener };

namespace model {

/// As an inventory says it.
constexpr std::string_view name(Deploy deploy) {
    constexpr std::string_view names[] = {"recreate", "rolling", "blue-green", "cut-over"};
    return names[static_cast<std::size_t>(deploy)];
}
constexpr std::string_view name(Environment environment) {
    constexpr std::string_view names[] = {"", "production", "staging", "development", "test"};
    return names[static_cast<std::size_t>(environment)];
}
constexpr bool outside_production(Environment environment) {
    return environment != Environment::unstated && environment != Environment::production;
}
constexpr std::string_view name(ServiceKind kind) {
    constexpr std::string_view names[] = {"server", "ci", "job", "listener"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace model

/// "25%" (rounded up, as Kubernetes does) or a number of instances.
using Surge = std::variant<Fraction, std::int64_t>;

struct Workload {
    Maybe<Interval<PerSecond>> rate;  ///< open: transactions arriving, per process, over all databases of the pool
    bool rate_of_service = false;     ///< `rate` is the service's, divided by its processes at the most instances
    Maybe<std::int64_t> users;        ///< closed; only of a pool with one database
    Maybe<Interval<Millis>> think;    ///< closed
    Maybe<Interval<Millis>> hold;
    Maybe<Millis> hold_p50, hold_p95, hold_p99;
    Located<double> cv{1.0, {}};
    Maybe<Interval<Millis>> cpu, external;
    Located<std::int64_t> nested{0, {}};
    Maybe<Millis> acquire_timeout;
    Place place;
};

/// A size that is a number or a formula.
struct Size {
    Formula formula;   ///< a constant formula for a plain number
    Place place;       ///< of the value; formula spans count from `text_place`
    Place text_place;  ///< of the formula's first byte in the source (inside the quotes)
    bool is_formula = false;
};

struct DriverDefault;  // data/drivers: what a driver does when max is absent

struct Pool {
    Located<std::string> name;
    Index service = 0;
    /// Exactly one of the two: the pool connects to a database, or to a pooler.
    std::optional<Index> database;
    std::optional<Index> pooler;
    Place target_place;
    Maybe<std::string> driver;
    const DriverDefault* driver_default = nullptr;  ///< where the driver is known
    /// Databases of the server (or schemas, users: each with a connection string of its own) of which a process keeps
    /// a pool each; 1 to max_databases.
    Located<std::int64_t> databases{1, {}};
    std::optional<Size> max;         ///< of one pool, per process; absent: the driver's default
    Rare<Size> max_ignored;          ///< the inventory's max, where the driver does not read it: its default holds
    Maybe<Interval<double>> in_use;  ///< busy connections seen, per process, over all its databases: typical–peak
    std::optional<Size> vcpu_max;
    Located<bool> monitored{false, {}};
    Maybe<std::string> set_in;  ///< code, url or env
    std::vector<Located<std::string>> features;
    Place features_place;  ///< where the list is given: an empty one says that nothing needs its session
    Rare<Workload> workload;
    Rare<Located<Millis>> max_lifetime;  ///< after which it closes a connection; 0: never
    Place place;
};

struct Service {
    Located<std::string> name;
    ServiceKind kind = ServiceKind::server;
    Place kind_place;
    std::optional<Index> host;
    Place host_place;
    Runtime runtime = Runtime::unstated;
    Place runtime_place;
    Maybe<std::int64_t> threads;  ///< of a process; only where the runtime is threads, or 1
    Located<Interval<std::int64_t>> instances{Interval<std::int64_t>(1), {}};
    Located<std::int64_t> processes{1, {}};
    /// Requests to the service as a whole: the load of pools whose workload gives none. At the load that they are, the
    /// most instances run.
    Maybe<Interval<PerSecond>> rate;
    /// Absent: rolling, the platforms' default and the safe reading; of CI and jobs recreate, which adds nothing.
    Deploy deploy = Deploy::rolling;
    Place deploy_place;
    Located<Surge> max_surge{Surge(Fraction(0.25)), {}};  ///< absent: 25 %, the Kubernetes default
    std::optional<Size> merged_max;
    std::vector<std::pair<std::string, Located<double>>> vars;
    Maybe<std::string> connector;  ///< how its instances reach the server: a word of platform::connectors()
    std::vector<Index> pools;      ///< into Fleet::pools, in order of declaration
    Place place;
};

/// A pooler, or one alias of it (`[[pooler.database]]`): each alias is a record of its own, named POOLER/ALIAS, with
/// what it doesn't set taken from its pooler.
struct Pooler {
    enum class Kind : std::uint8_t { pgbouncer, proxy };
    enum class Mode : std::uint8_t { session, transaction, statement };
    Located<std::string> name;
    Kind kind = Kind::pgbouncer;
    Place kind_place;
    Index database = 0;
    Place database_place;
    Located<Interval<std::int64_t>> instances{Interval<std::int64_t>(1), {}};
    Mode mode = Mode::session;  ///< PgBouncer's default
    Place mode_place;
    Located<std::int64_t> default_pool_size{20, {}};  ///< PgBouncer's default, per (database, user)
    /// Server connections of a pair that stay open while a client is connected; 0: none. It does not count towards the
    /// maximum, which is pool_size: it is how many stay open when the load is low. May exceed the size of the pool:
    /// PgBouncer then opens no more than that size.
    Located<std::int64_t> min_pool_size{0, {}};
    Located<std::int64_t> reserve_pool_size{0, {}};
    Located<std::int64_t> max_client_conn{100, {}};  ///< of a process: one number for all its aliases
    Located<std::int64_t> pairs{1, {}};              ///< (database, user) pairs in use; absent: as many as `databases`
    /// Of these pairs: the most that the pools of one client have. No more than pairs.
    std::int64_t databases = 1;
    Maybe<std::int64_t> max_db_connections;               ///< hard stop for each of the databases; absent or 0: none
    Maybe<Fraction> max_connections_percent;              ///< RDS Proxy; default 100 %
    Located<Millis> borrow_timeout{Millis(120'000), {}};  ///< RDS Proxy: a client waits so long; 0: without end
    std::optional<Index> process;   ///< of an alias: the first alias of its pooler; absent: it has none
    bool pairs_by_clients = false;  ///< pairs is not given: it is the databases of a client
    Place built_in;                 ///< it comes with the server: where that is said; else nothing
    bool takes_size = false;        ///< an alias without pool_size: default_pool_size is its pooler's
    Place place;
};

struct PriceOverride {
    Located<std::string> cls;
    const Platform* platform = nullptr;  ///< null: of every engine
    Located<MicroUsdPerMonth> amount;
    PriceTerm term = PriceTerm::list;
    bool multi_az = false;
    Place place;
};

struct Growth {
    Maybe<double> services_per_year;
    Maybe<Fraction> load_per_month;
    Place place;
};

/// A suppression: a record, or a comment `# poolfit: ignore[PF101] until=… owner=… reason="…"` on the key (or on
/// the line above it).
struct Ignore {
    Located<std::string> rule;
    std::optional<std::uint32_t> line;  ///< of a comment: the line whose findings it covers
    bool idle = false;                  ///< of a comment: another environment uses it, so it may cover nothing
    Place changed;                      ///< of a comment at what an environment changes: where that stands
    Maybe<std::string> target;
    Maybe<Date> until;
    Maybe<std::string> owner;
    Maybe<std::string> reason;
    Place place;
};

struct Fleet {
    std::string path;               ///< as the user named the inventory
    std::vector<std::string> more;  ///< further files that are part of it, in order
    std::string environment;        ///< of [env.NAME], whose keys count; empty: none
    std::string arguments;          ///< what names all of them on a command line; empty: the inventory is found without
    Located<std::string> name;
    Policy policy;
    std::vector<Host> hosts;
    std::vector<Database> databases;
    std::vector<Service> services;
    std::vector<Pool> pools;  ///< of all services, service by service
    std::vector<Pooler> poolers;
    std::vector<PriceOverride> prices;
    std::vector<Commitment> commitments;
    std::optional<Growth> growth;
    std::vector<Ignore> ignores;
    double load_scale = 1;  ///< what scale_load has multiplied the workloads by
};

}  // namespace poolfit
