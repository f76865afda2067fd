// The bill of a fleet on given classes, beside its commitments.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Normalized units an hour of reserved instances.
double units_of(const Commitment& commitment);

/// A database on a class, as commitments see it.
struct Item {
    const InstanceClass* cls = nullptr;
    int pool = -1;         ///< whose units it takes
    int rate = -1;         ///< of a savings plan: which group pays at the same rate
    double units = 0;      ///< an hour
    double list = 0;       ///< micro-USD a month; of capacity that follows the load the least that it takes
    double more = 0;       ///< on top of `list`, where that takes the most
    double ratio = 1;      ///< that rate ÷ the list price
    bool covered = false;  ///< a savings plan covers the class
    bool rate_unknown() const { return covered && rate < 0; }
    /// Can a commitment make a difference to it?
    bool touched() const { return pool >= 0 || covered; }
};

/// The commitments of a day.
class Terms {
public:
    Terms(const Fleet& fleet, const Plan& plan, Date on);
    bool any() const { return !pools_.empty() || !plans_.empty(); }

    struct Pool {
        std::vector<Index> commitments;
        const Platform* platform = nullptr;
        std::string_view family, region;
        double owned = 0;
    };
    /// One rate of savings plans, for one engine: the inventory's, else a catalog file's.
    struct Rate {
        const Platform* platform = nullptr;
        std::string_view cls, region;
        bool multi_az = false;
        MicroUsdPerMonth amount;
        Place place;                      ///< in the inventory
        const Provenance* row = nullptr;  ///< of the catalog file; null: the inventory's
    };
    const std::vector<Pool>& pools() const { return pools_; }
    const std::vector<Rate>& rates() const { return rates_; }
    const std::vector<Index>& plans() const { return plans_; }
    double plan_money() const { return plan_money_; }  ///< micro-USD a month

    /// `list`: what the class costs by list, micro-USD a month; 0 where that is not known.
    Item item(Index database, const InstanceClass& cls, double list) const;
    /// Is its item touched?
    bool touches(Index database, const InstanceClass& cls) const;
    /// The database as it is today, and as the plan has it: a database that is deleted takes nothing.
    Item today(Index database) const;
    Item planned(Index database) const;

private:
    int pool_of(Index database, const InstanceClass& cls) const;
    int rate_of(Index database, const Platform& platform, std::string_view cls) const;
    void add(const Rate& rate);
    void add_known_rates();
    Item serverless(Index database) const;
    const Fleet& fleet_;
    const Plan& plan_;
    std::vector<Pool> pools_;
    std::vector<Rate> rates_;
    using RateKey = std::tuple<const Platform*, std::string_view, std::string_view, bool>;
    std::map<RateKey, int> rate_at_;
    std::vector<Index> plans_;
    double plan_money_ = 0;
};

/// Can a commitment of today make a difference to the database, on any class that it is offered?
bool may_be_covered(const Fleet& fleet, const Plan& plan, Index database);

/// All databases on their classes, in sums: what the fleet pays by list price that no commitment covers.
class PaidFleet {
public:
    /// `at_most`: capacity that follows the load takes the high end of its range, and so more of savings plans.
    explicit PaidFleet(const Terms& terms, bool at_most = false);
    void add(const Item& item, int sign = 1);
    double paid() const;  ///< micro-USD a month
    double units(int pool) const { return pools_[static_cast<std::size_t>(pool)].units; }
    /// Of the units of a pool, what is owned; 1 at the most.
    double share(int pool) const;

    /// What savings plans cover of the rest, by rate: the highest discount first, as AWS applies them.
    struct ByPlan {
        std::vector<std::size_t> order;  ///< of the rates that something pays at
        std::vector<double> share;       ///< of the list price that reserved instances leave; as Terms::rates
        double paid = 0;                 ///< of what they commit to, micro-USD a month
    };
    ByPlan by_plan() const;
    /// What reserved instances leave of the list price at a rate.
    double rest(std::size_t rate) const;

private:
    struct Sum {
        double units = 0, list = 0;
    };
    struct AtRate {
        double list = 0;
        double ratio = 1;
        int pool = -1;
    };
    const Terms& terms_;
    bool at_most_;
    std::vector<Sum> pools_;
    std::vector<AtRate> rates_;
    double other_ = 0;  ///< list price of what is in no pool
};

}  // namespace poolfit::plan
