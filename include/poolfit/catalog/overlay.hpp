// Rows of a user's catalog file, as `load` hands them over. They own their text; the Catalog keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/model/catalog.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

class Catalog;

namespace catalog {

struct OverlayClass {
    std::string name;  ///< "db.x9.large"; replaces a built-in class of that name
    std::string family, category, cpu_model;
    int generation = 0;
    Arch arch = Arch::x86_64;
    int vcpus = 0;
    Bytes memory;
    std::optional<Bytes> os_visible;
    std::optional<Burst> burst;
    Throughput throughput;
    int threads_per_core = 2;
    std::vector<const Platform*> runs;  ///< all versions; the other platforms that have its name's prefix: none
    /// Those that it has a price for, where it is not known which versions run on it.
    std::vector<const Platform*> sold_for;
    std::optional<double> coremark_per_vcpu;
    std::string as_of, source;
    Place place;
};

struct OverlayPrice {
    const Platform* platform = nullptr;  ///< null: of every engine
    std::string cls, region;
    bool multi_az = false;
    PriceTerm term = PriceTerm::list;
    MicroUsdPerMonth amount;
    std::string as_of, source;
    Place place;
};

/// What a class costs an hour under one term in one deployment.
struct OverlayRate {
    std::string cls;  ///< may be one that no catalog knows the size of
    bool multi_az = false;
    PriceTerm term = PriceTerm::list;
    std::int64_t nano_usd_per_hour = 0;
    Place place;

    MicroUsdPerMonth per_month() const;
};

/// Many prices of one origin: of a provider's price list.
struct OverlayPriceList {
    const Platform* platform = nullptr;
    std::string region, as_of, source;
    std::vector<OverlayRate> rates;
    Place place;
};

/// What one kind of volume costs a month in one deployment.
struct OverlayVolume {
    std::string kind;  ///< "gp3"
    bool multi_az = false;
    std::int64_t nano_usd_per_gib = 0;  ///< 0: in another file of an import
    std::optional<std::int64_t> nano_usd_per_iops, nano_usd_per_mibps, nano_usd_per_million_requests;
    Place place;
};
struct OverlayStorageList {
    const Platform* platform = nullptr;  ///< of its engine and provider
    std::string region, as_of, source;
    std::vector<OverlayVolume> volumes;
    Place place;
};

/// Of classes that have any size: a vCPU and a GiB of memory.
struct OverlaySizePrice {
    const Platform* platform = nullptr;
    std::string region;
    bool multi_az = false;
    std::int64_t nano_usd_per_vcpu_hour = 0, nano_usd_per_gib_hour = 0;
    std::string as_of, source;
    Place place;
};

/// Of a provider's managed pooler, for its target.
struct OverlayProxyPrice {
    std::string region;
    std::optional<std::int64_t> nano_usd_per_vcpu_hour, nano_usd_per_unit_hour;
    std::string as_of, source;
    Place place;
};

/// Of capacity that follows the load.
struct OverlayCapacityPrice {
    const Platform* platform = nullptr;  ///< with `elastic`
    std::string region;
    std::int64_t nano_usd_per_unit_hour = 0;
    std::string as_of, source;
    Place place;
};

/// Of Extended Support: per vCPU, or per unit of capacity where that follows the load.
struct OverlaySupportPrice {
    const Platform* platform = nullptr;
    std::string region;
    std::int64_t nano_usd_per_hour = 0;
    std::optional<std::int64_t> nano_usd_per_hour_year_3;
    std::string as_of, source;
    Place place;
};

/// Which versions a provider starts on which classes. Rows of one platform, region, date and source are one answer: a
/// version that one of them names, and a class's own does not, does not run on that class; of a class that no row
/// names, where they are whole (`Catalog::left_out_of_answer`).
struct OverlayOrderable {
    const Platform* platform = nullptr;
    std::string region;  ///< empty: of every one that has no row of its own
    std::vector<std::string> versions, classes;
    std::string as_of, source;
    Place place;
    std::vector<std::string> single_az{};  ///< of `versions`, those that start without a standby alone
};

struct OverlayRows {
    std::string file;          ///< its name, as the user wrote it
    std::uint64_t digest = 0;  ///< of its text
    std::vector<OverlayClass> classes;
    std::vector<OverlayPrice> prices;
    std::vector<OverlayPriceList> lists;
    std::vector<OverlayPriceList> plans;  ///< rates of savings plans; their term is not used
    std::vector<OverlaySizePrice> sizes;
    std::vector<OverlayStorageList> storage;
    std::vector<OverlayProxyPrice> proxies;
    std::vector<OverlayCapacityPrice> capacity;
    std::vector<OverlaySupportPrice> support;
    std::vector<OverlayOrderable> orderable;
};

/// What a volume has no price of it takes from the other one.
void fill(OverlayVolume& into, const OverlayVolume& from);
/// A volume of which a file has no price of a GiB.
struct IncompleteVolume {
    const Platform* platform;
    std::string region, kind;
};
/// Takes them out: such a row alone would hide what is known of it.
std::vector<IncompleteVolume> take_incomplete(OverlayRows& rows);

/// What a merge did, in prices, classes and versions of a class.
struct Merged {
    std::size_t added = 0, replaced = 0, same = 0, older = 0;
};
/// Puts newer rows into those of a file: of two for the same thing the one with the newer date stays, of one date the
/// new one. What only the file has stays. Classes and volumes are merged field by field; versions of a class that one
/// source names on one day are one answer, in however many files it came.
Merged merge(OverlayRows& into, OverlayRows rows);

/// Puts the rows on top; a later overlay wins over an earlier one.
void add(Catalog& catalog, OverlayRows rows);

}  // namespace catalog
}  // namespace poolfit
