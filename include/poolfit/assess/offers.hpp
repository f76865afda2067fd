// Classes as they are offered: what depends only on the platform, region, version, deployment and price term, computed
// once per run for all databases that share them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
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
        not_orderable,      ///< its provider's own answer for the region leaves it out, or this version of it
        no_standby,         ///< that answer has it without a standby alone
        not_documented,     ///< the documentation does not say that it does
        no_price,           ///< no price in the region
        no_reserved_price,  ///< on demand only
        no_limit,           ///< its max_connections is neither listed nor computed
        legacy,             ///< a name that no new server takes: not among Offers::all
        own_server,         ///< not of a class: no catalog lists it
    };
    const InstanceClass* cls = nullptr;
    State state = State::offered;
    /// What is uncertain about an offered class: does the version run on it?
    enum class Doubt : std::uint8_t {
        none,
        no_version,  ///< not every version runs on it, and none is given
        newer,       ///< the version is newer than the lists of classes
        one_list,    ///< only one of the documentation's lists has the class
        sold,        ///< it has a price for the engine, and no list says for which versions
        shared,      ///< its CPU is not its own
    };
    Doubt doubt = Doubt::none;
    std::optional<Price> price;
    std::optional<MicroUsdPerMonth> before_factor;  ///< `price` without the factor of the database's storage, if any
    const PriceOverride* own_price = nullptr;       ///< where the price is the inventory's
    std::optional<Catalog::CreditPrice> credit_price;
    /// Extended Support of the version on the class; 0 where none is charged, nothing where that is not known.
    std::optional<MicroUsdPerMonth> support;
    /// What is paid for the class whatever its load, as far as it is known; it has a price.
    MicroUsdPerMonth paid() const { return price->amount + support.value_or(MicroUsdPerMonth(0)); }
    // Of the class alone; known where it is offered, or once Market::offer was asked for it.
    bool complete = false;
    Interval<Bytes> engine_memory;           ///< what the engine sees
    std::optional<Connections> max_nominal;  ///< nothing where no formula gives it; the same of max_expected
    std::optional<Interval<Connections>> max_expected;
    struct {
        Connections nominal;
        Interval<Connections> expected;
    } uncapped{};  ///< by the formula, before `capped_limit`
};

/// Where a version is in its life cycle on the day of the run.
struct Life {
    static constexpr long half_year = 183;  ///< days, the time to plan an upgrade in

    LifeCycle cycle;
    LifeCycle::Stage stage{};
    std::optional<SupportPrice> price;  ///< of Extended Support in the region

    /// The oldest series that stays in standard support for half a year more; nothing where the catalog has none.
    std::optional<LifeCycle> next_version;
    bool by_unit = false;  ///< it is charged by the capacity that follows the load, not by vCPUs

    /// micro-USD per vCPU-hour, or per unit-hour, at a stage; nothing where it is not known. After its end the provider
    /// upgrades the server, perhaps to a version that is in Extended Support itself.
    std::optional<std::int64_t> charged(LifeCycle::Stage at) const {
        if (at == LifeCycle::Stage::standard || !cycle.charged_from) return 0;
        return price ? price->at(at) : std::nullopt;
    }
    /// A month of Extended Support at a stage: for each vCPU that runs, of a standby too. Nothing where that is not
    /// known, or follows the load.
    std::optional<MicroUsdPerMonth> cost(LifeCycle::Stage at, const InstanceClass& cls, bool multi_az) const;

    /// What comes next in the life cycle.
    struct Event {
        enum class Kind : std::uint8_t {
            starts,  ///< Extended Support is charged from this day on
            rises,   ///< at the price of its third year from this day on
            ends,    ///< the last day of all support: then the provider upgrades the server
        } kind{};
        Date on;
    };
    /// The first that is still to come; nothing once support has ended.
    std::optional<Event> next(Date today) const;
};

/// All classes of one platform for one kind of database.
struct Offers {
    Index database = 0;         ///< the first database of the fleet that they are for
    std::vector<Offer> all;     ///< those offered first, by what is paid, then by name; then the others by name
    std::size_t offered = 0;    ///< how many are offered
    std::int64_t reserved = 0;  ///< slots that the engine keeps from applications
    std::vector<ReservedSlots> slots;
    std::optional<Life> life;    ///< nothing where the catalog knows none of the version, or no version is given
    bool asks_version = false;   ///< no version is given, and what Extended Support costs depends on it
    bool older = false;          ///< the version is older than all whose life cycle is known
    bool older_charged = false;  ///< and may be in Extended Support

private:
    friend class Market;
    std::vector<std::pair<const InstanceClass*, std::size_t>> index_;  ///< into `all`, by address
};

/// What max_connections is held down to while the least capacity is low.
std::optional<Connections> capped_limit(const Database& database, const InstanceClass& cls);

/// What max_connections of a database, without one that was set by hand, is by the other instances of its replica
/// chain.
struct Chained {
    std::optional<Index> largest;    ///< whose default it has, more than its own class's
    std::optional<Index> primary;    ///< whose value, set by hand, it has
    std::optional<Index> relied_by;  ///< an instance that has this one's default, more than its own class's
    /// Where the primary has the default, the replica with the least that was set by hand; and the largest default.
    std::optional<Index> lowest_set;
    Connections most{};
};

/// The offers of a run, made with it; several threads may ask.
class Market {
public:
    /// Life cycles are judged on `today`, without it on the newest date of the catalog.
    Market(const Fleet& fleet, const Catalog& catalog, PriceTerm term, int threads = 1, std::optional<Date> today = {});
    const Offers& offers(Index database) const { return *of_database_[database]; }
    /// The offer of a class of the database's platform, offered or not.
    const Offer& offer(Index database, const InstanceClass& cls) const;
    /// On today's classes; null where it has no chain, or the platform takes no notice of one.
    const Chained* chained(Index database) const {
        const auto at = chained_.find(database);
        return at == chained_.end() ? nullptr : &at->second;
    }
    PriceTerm term() const { return term_; }
    Date today() const { return today_is_; }
    const Catalog& catalog() const { return catalog_; }
    /// Of each kind of database, in the order of the fleet.
    const std::vector<const Offers*>& known() const { return order_; }

private:
    struct ClassLimits {
        bool known = false;
        Interval<Bytes> engine_memory;
        std::optional<Connections> nominal;
        std::optional<Interval<Connections>> expected;
    };
    void add_limits(Offer& offer, const Database& database) const;
    void complete(Offer& offer, const Database& database) const;
    Offer& find(Index database, const InstanceClass& cls) const;
    /// What each of the platform's classes costs, in the order of the catalog.
    using Prices = std::vector<std::optional<Price>>;
    Prices prices(const Database& database) const;
    void fill(Offers& offers, const Prices& prices) const;
    void chain();
    void complete(Offers& offers) const;

    const Fleet& fleet_;
    const Catalog& catalog_;
    PriceTerm term_;
    Date today_is_;
    std::unordered_map<std::string, std::unique_ptr<Offers>> made_;
    std::vector<Offers*> of_database_;
    std::vector<const Offer*> today_;  ///< by database: of its class
    std::vector<const Offers*> order_;
    std::unordered_map<Index, Chained> chained_;
    // A class that is not offered, and that no database is on, is evaluated if `explain` names it.
    mutable std::mutex completing_;
    mutable std::unordered_map<const InstanceClass*, ClassLimits> limits_;
    mutable std::unordered_map<const Platform*, Formula> formulas_;
};

}  // namespace poolfit
