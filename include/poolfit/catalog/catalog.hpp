// The catalog: compiled-in tables, and the user's overlays on top. Look-ups only; nothing is guessed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/formula/formula.hpp>
#include <poolfit/model/catalog.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/date.hpp>

namespace poolfit {

class Catalog;

namespace catalog {
struct OverlayRows;
void add(Catalog& catalog, OverlayRows rows);
}  // namespace catalog

class Catalog {
public:
    /// The tables compiled in from data/. Costs nothing: no file is read, nothing is parsed.
    Catalog();
    Catalog(Catalog&&) noexcept;
    Catalog& operator=(Catalog&&) noexcept;
    ~Catalog();

    /// The platform's classes in order of name; none where it has none. An overlay's row replaces the built-in row of
    /// its name. Made when a platform is first asked for; a class keeps its address as long as the catalog.
    std::span<const InstanceClass* const> classes(const Platform& platform) const;
    /// Of any size where the platform has such classes; then it is not in `classes`.
    const InstanceClass* find_class(const Platform& platform, std::string_view name) const;
    std::span<const HostType> hosts() const;
    const HostType* find_host(std::string_view name) const;
    /// Drivers by the inventory's name or the CSV's id; "postgres.js", "postgres-js", "pg" and "node-postgres" all
    /// resolve.
    const DriverDefault* find_driver(std::string_view name) const;
    std::vector<std::string_view> driver_names() const;
    /// Of all platforms.
    std::span<const std::string_view> regions() const;
    /// Those of the platform's provider.
    std::vector<std::string_view> regions(const Platform& platform) const;

    /// The newest price of the class on the platform in the region, or nothing: never a guess. An
    /// overlay's price comes first. With a standby and without a row of its own it is twice that of one server
    /// (`doubled`), where the platform bills it so.
    std::optional<Price> price(const Platform& platform, const InstanceClass& cls, std::string_view region,
                               bool multi_az, PriceTerm term) const;

    /// Surplus CPU credits of a burstable class, micro-USD per vCPU-hour; nothing for others.
    struct CreditPrice {
        std::int64_t micro_usd_per_vcpu_hour = 0;
        Provenance row;
    };
    std::optional<CreditPrice> credit_price(const Platform& platform, const InstanceClass& cls,
                                            std::string_view region) const;

    /// max_connections of the platform's default settings, an RDS formula; nothing where no formula gives it, and a
    /// database has to set it.
    struct LimitFormula {
        std::string_view text;
        Provenance row;
    };
    std::optional<LimitFormula> max_connections_formula(const Platform& platform) const;

    /// max_connections that is listed by memory; nothing where it is not. A class has it in `limit`.
    std::optional<ListedLimit> limit_by_memory(const Platform& platform, Bytes memory) const;
    /// The same of a platform whose capacity follows the load, by the units that decide it.
    std::optional<ListedLimit> limit_by_units(const Platform& platform, double units) const;
    /// A unit of capacity for a month; nothing where the catalog has no price of it in the region.
    std::optional<Price> capacity_price(const Platform& platform, std::string_view region) const;
    /// A volume of this kind; nothing where the catalog has no price of it in the region.
    std::optional<StoragePrice> storage_price(const Platform& platform, std::string_view region, std::string_view kind,
                                              bool multi_az) const;
    /// RDS Proxy in front of the platform's databases, for each vCPU or unit of capacity and month.
    std::optional<Price> proxy_price(const Platform& platform, std::string_view region) const;
    /// What a class, or a unit of capacity, costs a month under a savings plan. Only a catalog file has such rates.
    struct PlanPrice {
        const Platform* platform = nullptr;
        std::string_view cls, region;
        bool multi_az = false;
        Price price;
    };
    std::span<const PlanPrice> plan_prices() const;
    /// Has a catalog file the provider's answer of which classes it starts in the region, with many, and not this one?
    bool left_out_of_answer(const Platform& platform, const InstanceClass& cls, std::string_view region,
                            std::optional<EngineVersion> version = {}) const;
    /// Which versions have a range of capacity, for InstanceClass::versions.
    std::span<const VersionSupport> capacity_versions(const Platform& platform) const;
    std::string_view capacity_versions_text(const Platform& platform) const;

    /// Slots kept from every application role at this version. A version whose release is unknown, or no
    /// version at all, gets the most that any version it may be reserves.
    std::vector<ReservedSlots> reserved_slots(const Platform& platform, std::optional<EngineVersion> version) const;

    /// Of the series of the platform that the catalog has one for, the oldest first.
    std::vector<LifeCycle> life_cycles(const Platform& platform) const;
    /// The price of Extended Support in the region; nothing where the catalog has none.
    std::optional<SupportPrice> support_price(const Platform& platform, std::string_view region) const;

    /// The date of the region's on-demand prices ("2023-03-10"); oldest and newest where they differ
    /// ("2023-03-10..2026-09-24"); "" where none. Of the built-in rows; a Price has its own.
    std::string_view prices_as_of(const Platform& platform, std::string_view region) const;
    /// Newest date of the class table.
    std::string_view as_of() const;
    /// Newest date of any row: no run without a date of its own is older. A month counts from its first day.
    Date newest() const;

    /// How many rows overlays have put on top.
    struct OverlaySize {
        std::size_t classes = 0, prices = 0;
    };
    OverlaySize overlay_size() const;
    /// Newest date of their rows; "" where there are none.
    std::string_view overlay_newest() const;
    /// The files of the overlays, in the order in which they were added.
    std::span<const std::string_view> overlays() const;
    /// 16 hexadecimal digits: the same only for the same files, in the same order; "" where there are none.
    std::string overlay_digest() const;

private:
    friend void catalog::add(Catalog&, catalog::OverlayRows);
    struct Overlay;
    /// Of a catalog file, of a class that is priced by its vCPUs and its memory.
    std::optional<Price> own_size_price(const Platform& platform, const InstanceClass& cls, std::string_view region,
                                        bool multi_az) const;
    std::unique_ptr<Overlay> overlay_;
};

namespace catalog {

/// The memory that the engine's parameter formulas see: a range fitted to observed servers (docs/memory-model.md), and
/// one that servers outside the fit must fall into as well.
EngineMemory engine_memory(const Platform& platform, const InstanceClass& cls);

/// Is the max_connections that the class has by default listed, or computed?
bool knows_limit(const Catalog& catalog, const Platform& platform, const InstanceClass& cls);

/// Does the class run this version of the platform's engine? By the documentation's list of versions:
///   version with its release yes or no; newer when its series is newer than any the list names, since lists lag
///                            (PostgreSQL 18.6 was seen on db.t4g.small, whose list of 2026-04 ends at 17), but unknown
///                            when the list had left out series of its own day
///   series only              yes when all its releases are in, no when none is, else unknown
///   no version               unknown when a series in standard support is missing from the list, else yes
/// `unknown` too where the documentation says nothing of the class; `likely` where one of its lists does; `sold` where
/// only a price says that some version runs on it. What the provider answered for its classes goes before all of this.
enum class Supported : std::uint8_t { yes, no, unknown, newer, likely, sold };
/// An answer of the region goes before one that has none.
Supported supports(const Platform& platform, const InstanceClass& cls, std::optional<EngineVersion> version,
                   std::string_view region = {});

/// What the provider answered of the class in the region; null where no catalog file has that.
const Orderable* answer(const InstanceClass& cls, std::string_view region);
/// Did it answer that the version does not run on the class there, or starts there without a standby alone?
bool not_orderable(const Platform& platform, const InstanceClass& cls, std::optional<EngineVersion> version,
                   std::string_view region);
bool takes_no_standby(const InstanceClass& cls, std::optional<EngineVersion> version, std::string_view region);

/// Shell-like glob with * and ? on the whole text; at most |glob| × |text| steps.
bool glob_matches(std::string_view glob, std::string_view text);
/// The same on a name of the platform's classes, with or without their prefix ("db.").
bool matches(const Platform& platform, std::string_view glob, std::string_view class_name);

/// Rows for `catalog list`.
struct Query {
    std::optional<std::int64_t> vcpu_min{}, vcpu_max{};
    std::optional<Bytes> memory_min{}, memory_max{};
    std::optional<Arch> arch{};
    std::vector<std::string> families{};  ///< globs on family or class
    std::string region{};
    std::optional<MicroUsdPerMonth> max_price{};
    enum class Sort : std::uint8_t { price, name, vcpu, memory, connections } sort = Sort::price;
};
struct Row {
    const InstanceClass* cls = nullptr;
    std::optional<Price> price;
    std::int64_t max_connections_nominal = 0;
    Interval<Connections> max_connections_expected;
};
/// All rows that pass, in order; classes without a price in the region come last (and fail `max_price`).
std::vector<Row> select(const Catalog& catalog, const Platform& platform, const Query& query);

/// max_connections by the default formula, from the class's label and from what the engine sees, or as listed. 0 where
/// there is neither.
std::int64_t max_connections_nominal(const Catalog& catalog, const Platform& platform, const InstanceClass& cls);
Interval<Connections> max_connections_expected(const Catalog& catalog, const Platform& platform,
                                               const InstanceClass& cls);
/// What a formula gives, with a limit that a server of the platform was seen with at its low end, where that is less.
Interval<Connections> with_seen_limit(const Platform& platform, Interval<Connections> expected);

}  // namespace catalog
}  // namespace poolfit
