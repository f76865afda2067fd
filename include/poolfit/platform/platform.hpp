// A platform is a database engine as one provider runs it: RDS for PostgreSQL, MySQL on a self-managed server. One
// const row each, in src/platform/<id>/; its data in data/platforms/<id>/. The row holds everything that differs
// between engines and providers; no other code compares engines or providers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/model/fleet.hpp>

namespace poolfit {

struct PriceTermRow {
    PriceTerm term;
    std::string_view word;      ///< in inventories, flags and JSON: "ri1"
    std::string_view text;      ///< "1 year, no upfront"
    std::string_view as_price;  ///< "reserved 1 year, no upfront"
};

/// How many servers stand behind one database, as names of figures have it ("multi-az") and as people read it.
struct Deployment {
    std::string_view key, name;
};

struct PoolerKind {
    Pooler::Kind kind;
    std::string_view word;  ///< as an inventory writes it: "rds-proxy"
    std::string_view name;  ///< "RDS Proxy"
};

/// Memory that the server allots itself by the memory it has, before any connection is open.
struct BufferMemory {
    Interval<Bytes> range;
    std::string_view formula;  ///< "engine_memory / 4"
    std::int64_t divisor = 0;  ///< 4, where the formula is that plain; else 0
    std::string_view source;
};

/// Memory that does not depend on the data or the load of a server.
struct RestMemory {
    /// What the guest OS sees of a class; a range where it was not measured.
    Interval<Bytes> (*os_sees)(const InstanceClass& cls);
    std::string_view os_source;
    /// In use on any class by what is neither buffers nor connections: the system, the provider's agents, the engine.
    Interval<Bytes> at_rest;
    std::string_view at_rest_source;
    /// An idle server of the class was measured to use so much of its label.
    Interval<Bytes> (*idle)(const InstanceClass& cls);
    std::string_view idle_source;
};

/// What happens to a load on a burstable class without credits.
enum class Overrun : std::uint8_t {
    charged,    ///< it is served, and surplus credits are billed
    throttled,  ///< the class falls back to its baseline
};

/// Capacity that follows the load, between a minimum and a maximum that a database gives instead of a class.
struct Elastic {
    std::string_view class_name;  ///< "db.serverless"
    std::string_view unit;        ///< "ACU"
    double step;                  ///< both ends are multiples of it
    double least_max, most;       ///< the least that a maximum may be; the most of both
    Bytes unit_memory;            ///< of one unit, about
    double units_per_vcpu;        ///< an assumption where the provider publishes none
    std::string_view source;      ///< of the memory and the CPU of a unit
    double low_min;               ///< with a minimum of at most this, max_connections is at most `capped_at`
    std::int64_t capped_at;       ///< 0: it is not capped
    std::string_view capped_source;
};

struct Platform {
    std::string_view id;        ///< "rds-postgresql"; its folder of data
    std::string_view provider;  ///< as an inventory writes it: "aws", "self-managed"
    std::string_view engine;    ///< as an inventory and the JSON write it: "postgresql"

    struct Names {
        std::string_view full;    ///< "RDS for PostgreSQL"
        std::string_view brief;   ///< "RDS PostgreSQL"
        std::string_view engine;  ///< "PostgreSQL"
        std::string_view keeper;  ///< "RDS": what keeps memory of a class besides the OS; empty: nothing does
    } names;

    struct Versions {
        std::string_view example;  ///< "16.8"
        /// The version, or what is wrong: "is not a PostgreSQL version", to follow the text.
        std::variant<EngineVersion, std::string> (*parse)(std::string_view text);
        /// A series is written in full in a list of classes if the list has its releases from this one on.
        int first_release;
        /// In standard support when the class table was written: what a database without a version may be.
        std::span<const Series> mainstream;
    } versions;

    /// Does the provider have classes to choose from, with prices by region? If not, a database gives its vCPUs, memory
    /// and max_connections, and there is nothing to judge.
    bool has_classes;
    /// A database gives a range of capacity: it has a region and a price, and no class to choose. Null where it
    /// doesn't.
    const Elastic* elastic;
    std::string_view class_prefix;            ///< "db."; empty: names have none
    std::string_view class_example;           ///< "db.m5.large"
    std::string_view region_example;          ///< "eu-central-1"
    std::span<const Deployment> deployments;  ///< of one server; with a standby, where there is such
    std::span<const PriceTerm> terms;

    struct Limit {
        std::int64_t least, most;  ///< what the engine accepts for max_connections
        std::int64_t untouched;    ///< where no formula gives it: the engine's default; else 0
        /// Memory that the formula sees, of a class; as in docs/memory-model.md.
        Interval<Bytes> (*memory)(const InstanceClass& cls);
        std::string_view basis, basis_unmeasured;  ///< what that is based on, with and without OS-visible memory
        std::string_view source;                   ///< where it is derived
    } limit;

    std::string_view buffers_name;  ///< "shared_buffers"
    /// Null where there are no classes: nothing changes then.
    BufferMemory (*buffers)(const Interval<Bytes>& engine_memory, const std::optional<EngineVersion>& version);
    const RestMemory* rest;      ///< null where `buffers` is
    bool reads_past_page_cache;  ///< only the buffers hold data: other free memory is not a cache
    /// Of one connection: from a fresh one to one that has worked. `connection_source` says how that is known.
    Interval<Bytes> connection_memory;
    std::string_view connection_source;

    /// A standby whose max_connections is under its primary's does not start.
    bool standby_needs_limit;
    /// Replicas get a new major version before their primary; else together with it.
    bool replicas_upgrade_first;
    /// A new major version can only be the next one.
    bool series_by_series;
    /// A database and its replicas are one cluster: they are stopped, and put behind a managed pooler, as one.
    bool cluster;
    /// A server without replicas can be stopped for a time; it costs nothing but its storage then.
    bool can_stop;
    /// A managed pooler keeps a client that prepares statements in the protocol, as drivers do, on one connection.
    bool prepared_pins;
    /// A new max_connections takes effect with a restart; else at once.
    bool limit_needs_restart;
    Overrun (*overrun)(const InstanceClass& cls);  ///< null where no class is burstable
    std::span<const Pooler::Kind> poolers;         ///< what can stand in front of it

    struct Words {
        std::string_view limit_command;  ///< what prints max_connections: "SHOW max_connections"
        std::string_view settings;       ///< where parameters are set: "parameter group"
        std::string_view activity;       ///< what shows connections: "pg_stat_activity"
        std::string_view by_client;      ///< the same by service: "pg_stat_activity by application_name"
        std::string_view monitoring;     ///< where the metrics are: "CloudWatch"
        std::string_view disk;           ///< what a server's disk is: "EBS"
        std::string_view standby;        ///< what takes over where no deployment has a standby: "reader"
        std::string_view clusters;       ///< what some classes are for only: "Multi-AZ DB clusters"
        std::string_view connections, cpu, freeable_memory, swap, read_iops, write_iops;  ///< metrics
        std::string_view credit_balance, surplus_credits;                                 ///< of a burstable class
    } words;
};

namespace platform {

/// All rows, in the order in which they are listed to people.
std::span<const Platform* const> all();
/// The one with classes, or servers of one's own; null where there is none.
const Platform* find(std::string_view provider, std::string_view engine);
const Platform* by_id(std::string_view id);
/// The row of the same provider and engine whose capacity follows the load; null where there is none.
const Platform* elastic_of(const Platform& platform);
/// The row of the same provider and engine with classes.
const Platform& with_classes(const Platform& elastic);
/// Is it what databases of such a row have as their class?
bool is_elastic_class(std::string_view name);
/// Where a price depends on the region.
inline bool has_regions(const Platform& platform) { return !platform.region_example.empty(); }
/// The row's place in `all()`.
std::size_t index_of(const Platform& platform);
/// Each once, in order.
std::vector<std::string_view> providers();
std::vector<std::string_view> engines();
/// What a database is on where an inventory names no provider: with a class, and without.
inline constexpr std::string_view usual_provider = "aws", own_provider = "self-managed";

/// What names of classes begin with, where this is such a name: "db." of "db.m5.large"; else "".
std::string_view class_prefix(std::string_view name);
/// The row that examples are taken from where no database is at hand.
const Platform& usual();

/// The words of a term are the same wherever it is offered.
const PriceTermRow& term(PriceTerm term);
std::span<const PriceTermRow> terms();
std::span<const PoolerKind> pooler_kinds();
const PoolerKind& pooler_kind(Pooler::Kind kind);
/// Can this pooler stand in front of the platform?
bool takes(const Platform& platform, Pooler::Kind kind);
const Deployment& deployment(const Platform& platform, bool multi_az);

}  // namespace platform
}  // namespace poolfit
