// What scripts/generate_catalog.py writes out of data/: plain rows, ready in read-only memory. Text is an offset
// into one pool. Bodies: the generated catalog_tables.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <poolfit/model/catalog.hpp>

namespace poolfit::catalog::tables {

/// A piece of the pool; length 0 is no text.
struct Text {
    std::uint16_t offset, length;
};

/// A row's source (index into `sources`) and date.
struct Origin {
    std::uint16_t source;
    Text as_of;
};

struct Source {
    Text id, text;
};

struct BurstRow {
    std::uint16_t baseline_percent_x100;  ///< 0: not burstable
    std::uint16_t credits_per_hour_x10, max_credits_x10;
};

/// Numbers that are 0 are not known.
struct ClassRow {
    Text name, family, category, cpu_model, ec2_equivalent, coremark_note;
    Origin origin, coremark_origin;
    std::uint32_t memory_mib, os_visible_mib, coremark_per_vcpu;
    std::uint32_t ebs_baseline_mbps, ebs_max_mbps, ebs_baseline_iops, ebs_max_iops, network_baseline_mbps,
        network_max_mbps;
    std::uint16_t vcpus;
    BurstRow burst;
    std::uint8_t generation, threads_per_core;
    Arch arch;
    bool cluster_only, shared, by_size;
};

/// Does a platform's engine run on the class?
struct SupportRow {
    Text text;
    Origin origin;
    std::uint16_t first_clause, clauses;
    InstanceClass::Support support;
    bool legacy;
};

struct HostRow {
    Text name;
    Origin origin;
    std::uint32_t memory_mib, micro_usd_per_hour;
    std::uint16_t vcpus;
    std::uint8_t threads_per_core;
    BurstRow burst;
    Arch arch;
};

/// The newest price of each term for one class, region and deployment; 0 is no price. Sorted by these three.
struct PriceRow {
    std::uint16_t cls;    ///< index into the platform's classes
    std::uint8_t region;  ///< index into `regions`
    bool multi_az;
    std::uint32_t micro_usd_per_hour[3];  ///< by PriceTerm
    std::uint8_t origin[3];               ///< index into the platform's `price_origins`
};

struct CreditRow {
    Text family;
    std::uint8_t region;  ///< index into `regions`, or every_region
    std::uint32_t micro_usd_per_vcpu_hour;
    Origin origin;
};
inline constexpr std::uint8_t every_region = 255;

/// The parameter keeps `slots` at versions of these majors from `least_release` on. Of one parameter's rows, at
/// most one applies to a version.
struct SlotRow {
    Text parameter;
    std::int16_t from_major, to_major, least_release, slots;
    Origin origin;
};

/// The life cycle of a release series. Days are yyyymmdd; 0 is none.
struct CycleRow {
    Text text;  ///< the series
    std::int16_t major, minor;
    std::uint32_t standard_until, charged_from, dearer_from, ends;
    Origin origin;
};

/// Extended Support; 0 is not known.
struct SupportPriceRow {
    std::uint8_t region;  ///< index into `regions`
    std::uint32_t micro_usd_per_vcpu_hour, micro_usd_per_vcpu_hour_later;
    Origin origin;
};

/// A max_connections that is listed, not computed.
struct LimitRow {
    std::uint16_t key;  ///< index into the platform's classes; of a capacity, four times its units
    std::uint32_t connections;
    Origin origin;
};

/// What a unit of capacity costs.
struct CapacityPriceRow {
    std::uint8_t region;  ///< index into `regions`
    std::uint32_t micro_usd_per_unit_hour;
    Origin origin;
};

/// A volume's prices for a month; 0 is not known.
struct StoragePriceRow {
    std::uint8_t region;  ///< index into `regions`
    bool multi_az;
    Text kind;
    std::uint32_t micro_usd_per_gib, micro_usd_per_iops, micro_usd_per_mibps, micro_usd_per_million_requests;
    Origin origin;
};

/// max_connections by memory, in MiB: from one size, and below another; 0: no such end.
struct BandRow {
    std::uint32_t from_mib, below_mib, connections, per_gib;
    Origin origin;
};

/// What a class costs that is priced by its size.
struct SizePriceRow {
    std::uint8_t region;  ///< index into `regions`
    std::uint32_t micro_usd_per_vcpu_hour, micro_usd_per_gib_hour;
    Origin origin;
};

/// What a managed pooler costs for its target; 0 is not known.
struct ProxyPriceRow {
    std::uint8_t region;  ///< index into `regions`
    std::uint32_t micro_usd_per_vcpu_hour, micro_usd_per_unit_hour;
    Origin origin;
};

struct DriverRow {
    Text name, id, formula, text, max_option, source, as_of;
    Text metrics, acquire_timeout, built_on, merge, transaction_pooling, session_use, session_setting, pins_by, unpin,
        lifetime_option;
    std::uint32_t acquire_timeout_ms;  ///< 0: none, or not known
    std::uint32_t max_lifetime_s;      ///< 0: none, where there is an option
    std::uint16_t number;
    std::uint8_t kind;                                 ///< DriverDefault::Kind
    std::uint8_t holds;                                ///< DriverDefault::Holds
    std::uint8_t waits_forever, counts_waiting, pins;  ///< DriverDefault::Known
    std::uint8_t max_in_url, max_in_env;               ///< DriverDefault::Arrives
    bool listens;
};

/// A name that a driver goes by, reduced by `driver_key`; sorted.
struct DriverName {
    Text key;
    std::uint8_t driver;
};

struct FormulaRow {
    Text text;  ///< none where max_connections is not computed
    Origin origin;
};

/// data/platforms/<id>.
struct PlatformRows {
    Text id;
    std::span<const ClassRow> classes;    ///< none, or all; sorted by name
    std::span<const SupportRow> support;  ///< of each class
    std::span<const PriceRow> prices;
    std::span<const Origin> price_origins;
    std::span<const std::string_view> prices_as_of;  ///< of each region
    std::span<const CreditRow> credits;
    std::span<const SlotRow> slots;
    std::span<const CycleRow> cycles;
    std::span<const SupportPriceRow> support_prices;
    std::span<const LimitRow> limits;  ///< sorted by key
    std::span<const CapacityPriceRow> capacity;
    std::span<const BandRow> bands;
    std::span<const SizePriceRow> size_prices;
    std::span<const StoragePriceRow> storage;
    FormulaRow limit;
    SupportRow capacity_support;  ///< which versions have a capacity range
};

extern const std::string_view pool;
extern const std::span<const Source> sources;
extern const std::span<const ClassRow> classes;  ///< of RDS, Aurora too; sorted by name
extern const std::span<const VersionSupport> clauses;
extern const std::span<const HostRow> hosts;  ///< sorted by name
extern const std::span<const std::string_view> regions;
extern const std::span<const PlatformRows> platforms;
extern const std::span<const ProxyPriceRow> proxy_prices;
extern const std::uint32_t newest;                ///< date of any row, yyyymmdd
extern const std::string_view observed_as_of;     ///< newest date of a server that the memory model is fitted to
extern const std::span<const DriverRow> drivers;  ///< in the file's order
extern const std::span<const DriverName> driver_names;

inline std::string_view text(Text t) { return pool.substr(t.offset, t.length); }
inline Provenance provenance(Origin origin) {
    const Source& source = sources[origin.source];
    return {text(source.id), text(source.text), text(origin.as_of), {}};
}

}  // namespace poolfit::catalog::tables
