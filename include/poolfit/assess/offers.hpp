// Classes as they are offered: what depends only on the platform, region, version, deployment and price term, computed
// once a run for all databases that share them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/formula/formula.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// A class for databases of one platform, region, version and deployment.
struct Offer {
    enum class State : std::uint8_t {
        offered,
        cluster_only,       ///< only in Multi-AZ DB clusters
        not_supported,      ///< does not run the engine, or this version of it
        not_documented,     ///< the documentation does not say that it does
        no_price,           ///< no price in the region
        no_reserved_price,  ///< on demand only
        own_server,         ///< the user's own server: no catalog lists it
    };
    const InstanceClass* cls = nullptr;
    State state = State::offered;
    /// What is not certain of a class that is offered: does the version run on it?
    enum class Doubt : std::uint8_t {
        none,
        no_version,  ///< not every version runs on it, and none is given
        newer,       ///< the version is newer than the lists of classes
        one_list,    ///< only one of the documentation's lists has the class
    };
    Doubt doubt = Doubt::none;
    std::optional<Price> price;
    const PriceOverride* own_price = nullptr;  ///< where the price is the inventory's
    std::optional<Catalog::CreditPrice> credit_price;
    // Of the class alone; known where it is offered, or once Market::offer was asked for it.
    Interval<Bytes> engine_memory;           ///< what the engine sees
    std::optional<Connections> max_nominal;  ///< nothing where no formula gives it; the same of max_expected
    std::optional<Interval<Connections>> max_expected;
};

/// All classes of one platform for one kind of database.
struct Offers {
    Index database = 0;         ///< the first database of the fleet that they are for
    std::vector<Offer> all;     ///< those offered first, by price, then by name; then the others by name
    std::size_t offered = 0;    ///< how many are offered
    std::int64_t reserved = 0;  ///< slots that the engine keeps from applications
    std::vector<ReservedSlots> slots;

private:
    friend class Market;
    std::vector<std::pair<const InstanceClass*, std::size_t>> index_;  ///< into `all`, by address
};

/// The offers of a run, made when they are first asked for.
class Market {
public:
    Market(const Fleet& fleet, const Catalog& catalog, PriceTerm term)
        : fleet_(fleet), catalog_(catalog), term_(term) {}
    const Offers& offers(Index database) const;
    /// The offer of a class of the database's platform, offered or not.
    const Offer& offer(Index database, const InstanceClass& cls) const;
    PriceTerm term() const { return term_; }
    const Catalog& catalog() const { return catalog_; }
    /// Those that databases have asked for so far, in the order of the fleet.
    const std::vector<const Offers*>& known() const { return order_; }

private:
    struct ClassLimits {
        bool known = false;
        Interval<Bytes> engine_memory;
        std::optional<Connections> nominal;
        std::optional<Interval<Connections>> expected;
    };
    void add_limits(Offer& offer, const Database& database) const;
    std::unique_ptr<Offers> make(Index database) const;

    const Fleet& fleet_;
    const Catalog& catalog_;
    PriceTerm term_;
    mutable std::unordered_map<std::string, std::unique_ptr<Offers>> made_;
    mutable std::vector<Offers*> of_database_;
    mutable std::vector<const Offer*> today_;  ///< by database, once asked for: of its class
    mutable std::vector<const Offers*> order_;
    mutable std::unordered_map<const InstanceClass*, ClassLimits> limits_;
    mutable std::unordered_map<const Platform*, Formula> formulas_;
};

}  // namespace poolfit
