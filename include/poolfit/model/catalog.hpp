// The nouns of the instance catalog. All text is borrowed: from the compiled-in tables, or from the
// overlay that the Catalog owns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <poolfit/diag/source.hpp>
#include <poolfit/unit/date.hpp>
#include <poolfit/unit/interval.hpp>
#include <poolfit/unit/quantity.hpp>

namespace poolfit {

/// The source and its date. `place` is set for a row of a user's overlay file instead.
struct Provenance {
    std::string_view id;      ///< "s10"; key of data/catalog/sources.csv
    std::string_view source;  ///< the source's text
    std::string_view as_of;   ///< "2026-04-13", or as coarse as the source is ("2026-04")
    Place place;
};

enum class Arch : std::uint8_t { x86_64, arm64 };
/// What a class costs under: on demand, or reserved with its upfront part spread over the term. The words for them
/// are in the platform room.
enum class PriceTerm : std::uint8_t {
    list,         ///< on demand
    one_year,     ///< reserved for one year, no upfront
    three_years,  ///< reserved for three years, partial upfront, effective hourly
};
inline constexpr PriceTerm all_price_terms[] = {PriceTerm::list, PriceTerm::one_year, PriceTerm::three_years};

/// A release series of an engine: "16" of PostgreSQL ({16, 0}), "8.0" of MySQL, "10.11" of MariaDB. A series has one
/// life cycle, and lists of supported classes speak of series.
struct Series {
    int major = 0;
    int minor = 0;
    constexpr auto operator<=>(const Series&) const = default;
};

/// A version of an engine: a series, and which release of it. "16.8" is {{16, 0}, 8}, "8.0.40" is {{8, 0}, 40}.
struct EngineVersion {
    Series series;
    int release = -1;  ///< −1 where only the series is known
    constexpr bool exact() const { return release >= 0; }
    constexpr auto operator<=>(const EngineVersion&) const = default;
};

/// One clause of "17 and 16 versions, 14.5 and higher 14 versions, and 13.4".
struct VersionSupport {
    Series series;
    int release = 0;       ///< the lowest release, or the only one
    bool exactly = false;  ///< this release only
};

/// CPU credits of a burstable class. One credit is one vCPU at 100 % for one minute.
struct Burst {
    Fraction baseline;            ///< per vCPU, and so of the instance
    double credits_per_hour = 0;  ///< earned
    double max_credits = 0;       ///< the most that accrue
};

/// Limits of the path to the volume, and of the network. Baseline holds always; max in bursts.
struct Throughput {
    std::optional<MegabitsPerSecond> ebs_baseline, ebs_max;
    std::optional<double> ebs_baseline_iops, ebs_max_iops;
    std::optional<MegabitsPerSecond> network_baseline, network_max;
};

/// What a provider's answer says of a class: which versions it starts there, of those that it starts on any class.
struct Orderable {
    std::span<const EngineVersion> own, any;   ///< sorted
    std::span<const EngineVersion> single_az;  ///< of `own`, those that it starts without a standby alone
    std::string_view region;                   ///< empty: of every one that has no answer of its own
    std::string_view text;                     ///< "can be ordered with 17.5, 16.8"
    Provenance row;
    const Orderable* next = nullptr;  ///< of the same class, in another region
};

/// max_connections where it is listed, not computed: by class, by memory, or by units of capacity.
struct ListedLimit {
    Interval<Connections> range;  ///< between two that are listed, where the units are between them
    Provenance row;
};

/// A class as one platform offers it: the hardware, and which versions of the engine run on it. Of a self-managed
/// server only the name, vCPUs and memory are known.
struct InstanceClass {
    /// The inventory says neither the class nor the size of the server: its vCPUs and memory are not known, nor
    /// anything that follows from them.
    bool unknown = false;
    std::string_view name;      ///< "db.m5.xlarge"
    std::string_view family;    ///< "m5"
    std::string_view category;  ///< "general-purpose"
    int generation = 0;
    Arch arch = Arch::x86_64;
    int vcpus = 0;
    Bytes memory;                     ///< by the label
    std::optional<Bytes> os_visible;  ///< what the guest OS sees on the EC2 type of the same name
    std::optional<Burst> burst;
    Throughput throughput;
    std::string_view cpu_model;
    int threads_per_core = 2;
    std::string_view ec2_equivalent;
    /// Does the platform's engine run on it: yes with clauses, likely by one list of two, no, not stated, or sold: it
    /// has a price for it, and which versions run is not known.
    enum class Support : std::uint8_t { not_stated, no, likely, yes, sold } support = Support::not_stated;
    std::span<const VersionSupport> versions;
    std::string_view support_text;
    const Orderable* orderable = nullptr;     ///< go before `support` for the versions that they have
    bool cluster_only = false;                ///< only in Multi-AZ DB clusters
    bool legacy = false;                      ///< an earlier name, which no new server takes
    bool shared = false;                      ///< its CPU is not its own, and how much of it there is is not known
    bool by_size = false;                     ///< priced by its vCPUs and its memory, where it has no price of its own
    std::optional<ListedLimit> limit;         ///< nothing where max_connections is computed, or not known
    std::optional<double> coremark_per_vcpu;  ///< CoreMark iterations/s per vCPU, all vCPUs loaded
    std::string_view coremark_note;           ///< not empty when the figure is another size's of the family
    Provenance coremark_row;
    Provenance support_row;
    Provenance row;
};

/// An application host's type.
struct HostType {
    std::string_view name;  ///< "t3.medium"
    Arch arch = Arch::x86_64;
    int vcpus = 0;
    int threads_per_core = 2;
    Bytes memory;
    std::optional<Burst> burst;
    static constexpr std::string_view priced_in = "us-east-1";  ///< the one region that the table has prices of
    std::optional<MicroUsdPerMonth> price;                      ///< there: Linux, on demand
    Provenance row;
};

struct Price {
    MicroUsdPerMonth amount;
    bool doubled = false;   ///< Multi-AZ taken as 2 × single-AZ, since the catalog has no row of its own
    std::string_view term;  ///< "on demand", "1 year, no upfront", "3 years, partial upfront (effective)"
    Provenance row;
};

/// Slots that the engine keeps from every application role.
struct ReservedSlots {
    std::string_view parameter;  ///< "superuser_reserved_connections"
    std::int64_t slots = 0;
    Provenance row;
};

/// How long the provider supports a release series. All days are inclusive; where the source has
/// only a month, it is the last of it.
struct LifeCycle {
    Series series;
    std::string_view text;             ///< the series, as the engine writes it: "16", "8.4"
    Date standard_until;               ///< the last day of standard support
    std::optional<Date> charged_from;  ///< Extended Support is charged; nothing where there is none
    std::optional<Date> dearer_from;   ///< at the higher price of its third year; nothing where that never comes
    Date ends;                         ///< the last day of all support: after it the provider upgrades the server
    Provenance row;

    enum class Stage : std::uint8_t { standard, charged, dearer, ended };
    /// A day between standard support and the first charge is free, and still `standard`.
    constexpr Stage stage(Date on) const {
        if (on > ends) return Stage::ended;
        if (dearer_from && on >= *dearer_from) return Stage::dearer;
        return charged_from && on >= *charged_from ? Stage::charged : Stage::standard;
    }
};

/// Extended Support, for each vCPU that runs, of a standby too; of Aurora Serverless v2 for each ACU. Reserved
/// instances do not reduce it.
struct SupportPrice {
    std::int64_t micro_usd_per_vcpu_hour = 0;
    std::optional<std::int64_t> later;  ///< in the third year
    Provenance row;

    /// Nothing where it is not charged at that stage, or not known.
    constexpr std::optional<std::int64_t> at(LifeCycle::Stage stage) const {
        if (stage == LifeCycle::Stage::charged) return micro_usd_per_vcpu_hour;
        return stage == LifeCycle::Stage::dearer ? later : std::nullopt;
    }
};

/// A volume, for a month; of a Multi-AZ deployment for both sides.
struct StoragePrice {
    MicroUsdPerMonth per_gib;
    std::optional<MicroUsdPerMonth> per_iops, per_mibps;  ///< above what the size includes
    std::optional<MicroUsdPerMonth> per_million_requests;
    bool doubled = false;  ///< Multi-AZ taken as 2 × single-AZ, since the catalog has no row of its own
    Provenance row;
    /// A row of Multi-AZ that lacks these takes them as 2 × those of the single-AZ row, which is `single`.
    bool doubled_iops = false, doubled_mibps = false, doubled_requests = false;
    Provenance single{};
};

/// The memory that the engine's parameter formulas see (DBInstanceClassMemory), as a range.
struct EngineMemory {
    Interval<Bytes> range;
    std::string_view basis;  ///< which data the range is based on
    Provenance row;
};

}  // namespace poolfit
