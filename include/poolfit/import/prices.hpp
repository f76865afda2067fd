// Answers of a provider's price and capability commands, gigabytes large, to the rows of a catalog file. A file is read
// as a stream; what is kept of it is the rows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/catalog/overlay.hpp>
#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/import/feed.hpp>

namespace poolfit::imports {

/// What is kept; empty lists keep everything.
struct PriceOptions {
    std::vector<std::string> regions;        ///< globs
    std::vector<const Platform*> platforms;  ///< with classes; capacity of the same engine is kept too
    std::vector<std::string> classes;        ///< globs on the class or its family
    std::string today;                       ///< the date of an answer that has none: "2026-11-30"
};

/// Why something in a file is no row.
enum class Left : std::uint8_t {
    other_product,     ///< backups, transfer, …
    other_engine,      ///< Oracle, SQL Server, Db2, …
    other_deployment,  ///< clusters with two readable standbys
    io_optimized,      ///< of Aurora's other storage
    not_in_region,     ///< Local Zones, Outposts
    unknown_location,  ///< a place whose region is not known
    filtered,          ///< by the options
    other_term,        ///< reserved with an upfront that no term here has
    other_currency,
    free,        ///< a price of 0
    not_yet,     ///< comes into effect after the list's date
    no_price,    ///< no term that is priced here
    two_prices,  ///< the higher one was kept
    unreadable_version,
    known_class,   ///< the catalog has it
    no_database,   ///< an EC2 type that no row of the file's is named after
    burstable,     ///< its credits are not in the answer
    not_covered,   ///< a rate of a class that no savings plan covers
    not_usual,     ///< spot, development and test, a free tier
    unknown_size,  ///< of classes whose size the catalog does not have
    committed,     ///< reserved, or under a commitment that has no price here
    other_unit,    ///< of another unit than what it is the price of has
};
inline constexpr std::size_t all_left = static_cast<std::size_t>(Left::other_unit) + 1;

/// Of a platform, a region, what names of classes begin with, and a deployment: what is known of its price so far.
struct SizeParts {
    struct Amount {
        std::int64_t nano = 0;  ///< 0: not known
        std::uint32_t day = 0;
    };
    Amount vcpu, gib, whole;
};
using PartsBySize = std::map<std::tuple<std::size_t, std::string, std::string, bool>, SizeParts>;
/// Those that only half is known of: "vCPUs of Cloud SQL PostgreSQL in europe-west2, and not their memory".
std::vector<std::string> half_known(const PartsBySize& parts);

/// What a file had.
struct Imported {
    catalog::OverlayRows rows;
    std::string as_of;      ///< the date of its rows
    bool own_date = false;  ///< the file has it
    std::uint64_t bytes = 0;
    std::size_t products = 0;  ///< seen, of all kinds
    std::array<std::size_t, all_left> left{};
    std::set<std::string> two_prices;  ///< what has: "db.m7g.large in eu-central-1"
    bool whole = false;                ///< all prices of its regions are in it
    bool parts = false;                ///< some were kept, which a row may be made of with the next file
    std::string goes_on;               ///< where the next page of the answer is; empty: it is the last
    std::set<std::string, std::less<>> regions, engines;  ///< that the file has, where options leave some out

    std::size_t& operator[](Left why) { return left[static_cast<std::size_t>(why)]; }
};

/// A price list of AmazonRDS: the offer file, JSON or CSV, or answers of `aws pricing get-products` or `aws
/// savingsplans describe-savings-plans-offering-rates`, one or several.
std::optional<Imported> aws_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                   Sources& sources, Diagnostics& diagnostics);
/// Answers of `aws rds describe-orderable-db-instance-options`.
std::optional<Imported> aws_orderable(const Feed& file, const PriceOptions& options, Sources& sources,
                                      Diagnostics& diagnostics);
/// Answers of `aws ec2 describe-instance-types`: sizes of the database classes that `wanted` has a
/// price or an answer for, and the catalog does not have.
std::optional<Imported> aws_instance_types(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                           const catalog::OverlayRows& wanted, Sources& sources,
                                           Diagnostics& diagnostics);

/// Answers of the Azure Retail Prices API.
std::optional<Imported> azure_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                     Sources& sources, Diagnostics& diagnostics);
/// Answers of the Google Cloud Billing Catalog API: the SKUs of Cloud SQL. A row may need SKUs of several pages, so
/// what earlier files had is in `parts`.
std::optional<Imported> google_prices(const Feed& file, const PriceOptions& options, const Catalog& catalog,
                                      PartsBySize& parts, Sources& sources, Diagnostics& diagnostics);

}  // namespace poolfit::imports
