// Products and prices of a list, matched by SKU in whichever order they come.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <poolfit/import/prices.hpp>

#include "../stream/fields.hpp"
#include "../stream/selection.hpp"

namespace poolfit::imports::aws {

/// What a price list says of a product; a key that it does not have is empty.
struct Attributes {
    std::string engine, instance_type, deployment, region, location, location_type, storage, usage, family, vcpu,
        memory, processor, category;

    /// Where the value of a key goes: "instanceType", or "instancetype" of a CSV heading; null for keys that say
    /// nothing.
    std::string* at(std::string_view key);
    void clear();
};

/// What one of is priced.
enum class PriceUnit : std::uint8_t {
    unsaid,
    fee,
    hour,
    vcpu_hour,
    acu_hour,
    gib_month,
    iops_month,
    mibps_month,
    request,
    other
};
/// Of "Hrs", "GB-Mo", "vCPU-Hr"; a fee is of "Quantity".
PriceUnit price_unit(std::string_view text);

enum class Term : std::uint8_t { list, one_year, three_years, other };
/// Of "1yr", "No Upfront", "standard".
Term reserved_term(std::string_view lease, std::string_view purchase, std::string_view offering);

/// What an answer of describe-savings-plans-offering-rates says of a rate.
struct PlanOffer {
    std::string plan, seconds, payment, currency, product, usage, region, instance_type, engine;
};

using imports::nano_of;

class PriceBook {
public:
    PriceBook(const PriceOptions& options, const Catalog& catalog)
        : options_(options), selected_(options), catalog_(catalog) {}

    void product(std::string_view sku, const Attributes& attributes);
    /// Is a price of the SKU of use? All are, as long as products may still come.
    bool wants(std::string_view sku) const { return !products_read_ || products_.contains(key(sku)); }
    void products_read() { products_read_ = true; }
    /// Another document, with products of its own.
    void products_come() { products_read_ = false; }
    /// Was the product seen; is it kept?
    bool has(std::string_view sku) const { return kept(sku) || left_.contains(key(sku)); }
    bool kept(std::string_view sku) const { return products_.contains(key(sku)); }
    /// Of a list that tells of a product with each of its prices.
    void product_once(std::string_view sku, const Attributes& attributes);
    /// `effective` is a day as a number, 20261120; 0 where it is not known.
    void price(std::string_view sku, Term term, std::uint32_t effective, PriceUnit unit, std::int64_t nano);
    void plan_rate(const PlanOffer& offer, std::int64_t nano);
    /// The file has all prices, not an answer to a question.
    void whole() { seen_.whole = options_.classes.empty(); }
    /// The last page's; empty: nothing follows it.
    void goes_on(std::string at) { seen_.goes_on = std::move(at); }
    void other_currency(std::string_view sku) { without_usd_.insert(key(sku)); }
    void published(const std::string& day) { published_ = std::max(published_, day); }

    /// All that was read, as rows.
    Imported take();

private:
    enum class Kind : std::uint8_t { server, capacity, support, support_year_3, storage, proxy };
    enum class Part : std::uint8_t { gib, iops, mibps, requests };  ///< of storage
    struct Product {
        const Platform* platform;
        std::uint32_t cls, region;  ///< into names_; of storage its kind
        Kind kind;
        Part part;
        bool multi_az;
        bool every_engine;  ///< storage of all that have its kind
    };
    struct Paid {
        std::uint32_t effective = 0;
        std::int64_t fee = -1, hourly = -1;
        PriceUnit unit = PriceUnit::unsaid;
    };
    /// Of each term those of the two latest days: the last may not be in effect yet.
    struct Prices {
        std::array<std::array<Paid, 2>, 3> of{};
        bool others = false;  ///< of terms that are not kept
    };
    struct Size {
        int vcpus = 0;
        Bytes memory;
        std::string processor, category;
        std::set<const Platform*> sold_for;
    };

    static bool priced_by(const Product& product, PriceUnit unit);
    static std::uint64_t key(std::string_view sku);
    std::uint32_t name(std::string_view text);
    std::optional<Left> classify(const Attributes& attributes, Product& product);
    std::optional<Left> classify_support(const Attributes& attributes, Product& product);
    std::optional<Left> classify_storage(const Attributes& attributes, Product& product);
    std::optional<Left> classify_plan(const PlanOffer& offer, Product& product) const;
    std::optional<std::int64_t> hourly(const Product& product, const Prices& prices, Term term, std::uint32_t published,
                                       Imported& out) const;
    void note_size(const Attributes& attributes, const Product& product);
    void add_rates(Imported& out, std::uint32_t published) const;
    void add_storage(Imported& out, std::uint32_t published) const;
    void add_plans(Imported& out) const;

    const PriceOptions& options_;
    Selection selected_;
    const Catalog& catalog_;
    std::unordered_map<std::uint64_t, Product> products_;
    std::unordered_map<std::uint64_t, Prices> prices_;
    std::unordered_set<std::uint64_t> without_usd_, left_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> name_at_;
    std::map<std::uint32_t, Size> sizes_;  ///< of classes that the catalog does not have
    std::map<std::tuple<std::size_t, std::string, std::string, bool>, std::int64_t> plans_;
    std::string published_;
    Imported seen_;
    bool products_read_ = false;
};

}  // namespace poolfit::imports::aws
