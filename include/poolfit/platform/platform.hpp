// A platform is a database engine as one provider runs it: RDS for PostgreSQL, MySQL on a self-managed server. One
// const row each, in src/platform/<id>/; its data in data/platforms/<id>/. The row holds everything that differs
// between engines and providers; other code compares these only to find a row (docs/design.md, "Platforms").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <poolfit/platform/commitment.hpp>
#include <poolfit/platform/parts.hpp>
#include <poolfit/platform/tools.hpp>
#include <poolfit/platform/volume.hpp>

namespace poolfit {

struct Platform {
    std::string_view id;        ///< "rds-postgresql"; its folder of data
    std::string_view provider;  ///< as an inventory writes it: "aws", "self-managed"
    std::string_view engine;    ///< as an inventory and the JSON write it: "postgresql"
    std::string_view label;     ///< in names of figures, where a fleet has several platforms

    struct Names {
        std::string_view full;    ///< "RDS for PostgreSQL"
        std::string_view brief;   ///< "RDS PostgreSQL"
        std::string_view engine;  ///< "PostgreSQL"
        std::string_view keeper;  ///< "RDS": what keeps memory of a class besides the OS; empty: nothing does
    } names;
    std::span<const std::string_view> spellings = {};  ///< other ways to write the engine: "postgres"
    /// Products that speak the engine's protocol and have its limits, on hardware that the catalog does not know: what
    /// their names begin with.
    std::span<const std::string_view> compatible = {};

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
    const Volumes* volumes;           ///< null: a server of one's own, on any disk
    std::string_view class_prefix;    ///< "db."; empty: names have none
    std::string_view class_example;   ///< "db.m5.large"
    const CustomClasses* custom;      ///< null where all classes are listed
    bool lists_io = false;            ///< IOPS and throughput of its classes are in the catalog
    std::string_view region_example;  ///< "eu-central-1"
    std::string_view catalog_region;  ///< that `catalog` shows prices of where none is named
    /// Has the name the form of a region of the provider? One without prices is one all the same. Null where a region
    /// is a word.
    bool (*is_region)(std::string_view name);
    std::span<const Deployment> deployments;  ///< of one server; with a standby, where there is such
    bool standby_costs_the_same;              ///< with a standby, a server costs twice as much; else that is not known
    /// Which classes take a standby; null: every class. And what those are called.
    bool (*takes_standby)(const InstanceClass& cls) = nullptr;
    std::string_view with_standby = {};
    std::span<const PriceTerm> terms;

    struct Limit {
        std::int64_t least, most;  ///< what the engine accepts for max_connections
        std::int64_t untouched;    ///< where no formula gives it: the engine's default; else 0
        /// The default follows the class when that changes; else the server keeps what it has.
        bool follows_class;
        /// Memory that the formula sees, of a class; as in docs/memory-model.md.
        Interval<Bytes> (*memory)(const InstanceClass& cls);
        std::string_view basis, basis_unmeasured;  ///< what that is based on, with and without OS-visible memory
        std::string_view source;                   ///< where it is derived
        const SeenLimit* seen = nullptr;           ///< null where none was
        /// All instances of a replica chain have the default of the largest, and a replica without a value of its own
        /// has its primary's.
        bool of_chain = false;
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
    /// A replica can take its primary's place.
    bool replica_takes_over = true;
    /// How a server without replicas is stopped for a time; null where it cannot be, or stops by itself.
    const Stopping* stopping;
    const Leaving* leaving;  ///< what has to be taken before it is deleted
    /// What else a move from one class to the other changes, to follow "moving changes"; empty: nothing. Null: never.
    std::string_view (*move_changes)(const InstanceClass& from, const InstanceClass& to) = nullptr;
    std::span<const EndedClasses> ended_classes{};
    /// A managed pooler keeps a client that prepares statements in the protocol, as drivers do, on one connection.
    bool prepared_pins;
    /// A new max_connections takes effect with a restart; else at once.
    bool limit_needs_restart;
    Overrun (*overrun)(const InstanceClass& cls);  ///< null where no class is burstable
    std::span<const Pooler::Kind> poolers;         ///< what can stand in front of it
    const CommitmentTerms* commitment = nullptr;   ///< null where there are none to plan with
    const BuiltInPooler* built_in_pooler;          ///< null where there is none
    const Connector* connector;                    ///< null where there is none
    bool lists_hosts;                              ///< application hosts of the catalog are of this provider

    struct Words {
        std::string_view limit_command;  ///< what prints max_connections: "SHOW max_connections"
        std::string_view settings;       ///< where parameters are set: "parameter group"
        std::string_view following;      ///< how they are so that they follow the class: "formulas based on memory"
        std::string_view activity;       ///< what shows connections: "pg_stat_activity"
        std::string_view by_client;      ///< the same by service: "pg_stat_activity by application_name"
        std::string_view monitoring;     ///< where the metrics are: "CloudWatch"
        std::string_view disk;           ///< what a server's disk is: "EBS"
        std::string_view standby;        ///< what takes over where no deployment has a standby: "reader"
        std::string_view clusters;       ///< what some classes are for only: "Multi-AZ DB clusters"
        std::string_view connections, cpu, freeable_memory, swap, read_iops, write_iops;  ///< metrics
        std::string_view credit_balance, surplus_credits;                                 ///< of a burstable class
        /// What fetches the prices of "{region}" and "{engine}", and how `catalog import` calls them; empty: nothing.
        std::string_view prices_command = {}, prices_kind = {};
        /// What shows the class of a server; and how it comes into the inventory, after that. Empty: nothing.
        std::string_view server_command = {}, server_import = {};
    } words;
    const Tools* tools = nullptr;  ///< null where none is known
};

namespace platform {

/// All rows, in the order in which they are listed to people.
std::span<const Platform* const> all();
/// The one with classes, or servers of one's own, or else of capacity that follows the load; null where there is none.
const Platform* find(std::string_view provider, std::string_view engine);
const Platform* by_id(std::string_view id);
/// The row of the same provider and engine whose capacity follows the load; null where there is none.
const Platform* elastic_of(const Platform& platform);
/// The row of the same provider and engine with classes; null where there is none.
const Platform* with_classes(const Platform& elastic);
/// The end of a range of capacity that max_connections follows.
inline const Located<double>& deciding(const Elastic& elastic, const Capacity& capacity) {
    return elastic.limit_by_min ? capacity.min : capacity.max;
}
/// Is it what databases of such a row have as their class?
bool is_elastic_class(std::string_view name);
/// Is it a server of a class, so that others can be compared with it?
inline bool is_of_class(const Database& database) {
    return database.platform->has_classes && database.type != nullptr && !database.type->unknown;
}
/// Where a price depends on the region.
inline bool has_regions(const Platform& platform) { return !platform.region_example.empty(); }
/// The row's place in `all()`.
std::size_t index_of(const Platform& platform);
/// Each once, in order.
std::vector<std::string_view> providers();
std::vector<std::string_view> engines();
bool is_provider(std::string_view name);
bool is_engine(std::string_view name);
/// The provider that is meant by a name of its own or of its tools ("google", "azurerm"); empty: none.
std::string_view provider_meant(std::string_view name);
/// The engine that another spelling of its name means ("postgres"); empty: none.
std::string_view engine_meant(std::string_view name);
/// The engine whose protocol a product speaks ("alloydb-omni"); empty: none.
std::string_view engine_spoken(std::string_view name);
/// The engines of a provider, each once, in order.
std::vector<std::string_view> engines_of(std::string_view provider);
/// A connector by its word; null where there is none.
const Connector* connector(std::string_view word);
std::vector<std::string_view> connectors();
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
/// The least percentage of max_connections that a pooler of the kind is to have on a server; 0 where it is no share.
std::int64_t least_share(Pooler::Kind kind, const InstanceClass& cls);
/// Can this pooler stand in front of the platform?
bool takes(const Platform& platform, Pooler::Kind kind);
const Deployment& deployment(const Platform& platform, bool multi_az);
/// The pooler comes with the server, and its users cannot change its size.
inline bool has_fixed_size(const Platform& platform, const Pooler& pooler) {
    return pooler.built_in && platform.built_in_pooler != nullptr && platform.built_in_pooler->fixed;
}

}  // namespace platform
}  // namespace poolfit
