// Records as they are read, before names and defaults are resolved.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>

#include "reader.hpp"

namespace poolfit::load {

struct HostDraft {
    Host out;
    Maybe<std::string> provider;
};

struct DatabaseDraft {
    Database out;
    Maybe<std::string> provider, engine, version, cls, region, replica_of;
    Maybe<std::int64_t> vcpus;
    Maybe<Bytes> memory;
    /// An end of a range of capacity; its key depends on the platform.
    struct End {
        std::string name;  ///< "acu_min"
        Place key;
        Maybe<double> value;
    };
    std::vector<End> capacity;  ///< as they are written
    // The key is present, whatever its value.
    bool has_engine = false, has_version = false, has_class = false, has_region = false, has_replica_of = false;
    Place vcpus_key, memory_key;
};

struct PoolDraft {
    Pool out;
    Maybe<std::string> target;
    bool has_max = false, has_driver = false;
    bool lacks_load = false;  ///< its workload gives neither rate nor users
};

struct ServiceDraft {
    Service out;
    Maybe<std::string> host;
    bool has_rate = false;      ///< the key is present, whatever its value
    bool formulas_hold = true;  ///< the vars and the host are as written: formulas can be evaluated
    std::vector<PoolDraft> pools;
};

/// [[pooler.database]]: a key that is absent is its pooler's.
struct AliasDraft {
    Located<std::string> name;
    Maybe<std::string> database;
    Maybe<std::int64_t> pool_size, min_pool_size, reserve_pool_size, max_db_connections, pairs;
    Maybe<Pooler::Mode> mode;
    Place place;
};

/// A pooler without aliases, or one alias.
struct PoolerDraft {
    Pooler out;
    Maybe<std::string> database;
};

/// [[pooler]]: the records of its process, Draft::poolers[first, first + count).
struct ProcessDraft {
    struct {
        Located<std::string> name;
    } out;
    bool has_aliases = false;
    std::size_t first = 0, count = 0;
};

/// The whole inventory.
struct Draft {
    Maybe<std::string> name, provider, region;
    Maybe<Environment> environment;
    bool has_region = false;
    Policy policy;
    std::vector<HostDraft> hosts;
    std::vector<DatabaseDraft> databases;
    std::vector<ServiceDraft> services;
    std::vector<ProcessDraft> processes;
    std::vector<PoolerDraft> poolers;  ///< process by process
    std::vector<PriceOverride> prices;
    std::vector<Commitment> commitments;
    std::optional<Growth> growth;
    std::vector<Ignore> ignores;
    std::size_t pools = 0;  ///< of all services
};

// Each reads the records of one key of the inventory.
void read_policy(Context& context, const Entry& entry, Policy& out);
void read_hosts(Context& context, const Entry& entry, Draft& out);
void read_databases(Context& context, const Entry& entry, Draft& out);
void read_storage(Context& context, const Entry& entry, Database& out);
void read_services(Context& context, const Entry& entry, Draft& out);
void read_pools(Context& context, const Entry& entry, Draft& inventory, ServiceDraft& out);
void read_workload(Context& context, const Entry& entry, PoolDraft& out);
void read_poolers(Context& context, const Entry& entry, Draft& out);
void read_prices(Context& context, const Entry& entry, Draft& out);
void read_commitments(Context& context, const Entry& entry, Draft& out);
void read_growth(Context& context, const Entry& entry, Draft& out);
void read_ignores(Context& context, const Entry& entry, Draft& out);

/// A number or a formula, parsed but not yet evaluated.
std::optional<Size> read_size(Context& context, const Entry& entry);
Maybe<Environment> read_environment(Context& context, const Entry& entry);
/// `instances`: a number, or { min, max }.
Maybe<Interval<std::int64_t>> read_instances(Context& context, const Entry& entry);

KeyTable policy_keys();
KeyTable host_keys();
KeyTable database_keys();
KeyTable observed_keys();
KeyTable storage_keys();
KeyTable service_keys();
KeyTable pool_keys();
KeyTable workload_keys();
KeyTable pooler_keys();
KeyTable alias_keys();
KeyTable price_keys();
KeyTable commitment_keys();
KeyTable rate_keys();
KeyTable growth_keys();
KeyTable ignore_keys();

/// Names, references and defaults; checks across records. The fleet is complete only if the context has no error
/// afterwards.
Fleet resolve(Context& context, Draft draft);

/// What the names of one kind of record stand for. The text is borrowed from the drafts.
struct Names {
    std::unordered_map<std::string_view, Index> index;
    std::vector<std::string_view> ordered;  ///< as declared
    bool whole = true;                      ///< every record has one; else a reference may be right for all we know

    std::optional<Index> find(std::string_view name) const {
        const auto at = index.find(name);
        return at == index.end() ? std::nullopt : std::optional(at->second);
    }
};

// Parts of resolve(), in this order.
void resolve_hosts(Context& context, const Draft& draft, Fleet& fleet);
void resolve_databases(Context& context, const Draft& draft, const Names& databases, const Names& poolers,
                       Fleet& fleet);
void resolve_poolers(Context& context, const Draft& draft, const Names& databases, const Names& poolers, Fleet& fleet);
void resolve_services(Context& context, Draft& draft, const Names& hosts, const Names& databases, const Names& poolers,
                      Fleet& fleet);
/// Their engines, classes, families and regions.
void resolve_commitments(Context& context, Draft& draft, Fleet& fleet);
/// Pairs of a PgBouncer: at least as many as databases that one pool opens through it.
void resolve_pairs(Context& context, Fleet& fleet);
void resolve_sizes(Context& context, const Draft& draft, const Fleet& fleet);
/// Numbers that drivers do not read, where they are set or anywhere: Pool::max_ignored.
void ignore_sizes(Context& context, Fleet& fleet);

/// "no database named 'x'", with the nearest of the names.
void report_dangling(Context& context, std::string_view key, const Located<std::string>& reference,
                     std::string_view what, const std::vector<std::string_view>& names, bool whole);
/// Of a platform; of any where that is null. `priced`: what has it brings its own prices.
void check_region(Context& context, const Maybe<std::string>& region, const Platform* platform = nullptr,
                  bool priced = false);
/// Of the platform, or of any where that is null.
const InstanceClass* find_class(const Catalog& catalog, const Platform* platform, std::string_view name);
/// `in_use`: else it is of an environment that is not asked for, which may come with a catalog of its own: a warning.
void report_unknown_class(Context& context, const Located<std::string>& cls, const Platform* platform = nullptr,
                          bool in_use = true);
/// A price's engine: the platform that has such classes; null is every engine.
const Platform* platform_of_price(Context& context, const Maybe<std::string>& engine, std::string_view cls);
/// "driver: 'x' is not in the catalog"; `sized` if the pool has, or may have, a max of its own.
void report_unknown_driver(Context& context, const Located<std::string>& driver, bool sized, bool in_use = true);
/// `key: 'x' is not supported`, with the nearest engine.
void report_unknown_engine(Context& context, const Located<std::string>& engine);

}  // namespace poolfit::load
