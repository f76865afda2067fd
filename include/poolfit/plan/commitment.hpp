// What reserved instances and savings plans cover, today and after the plan: the price that is really paid.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <poolfit/assess/figure.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit {

/// What a database costs beside commitments, at one moment. Reserved instances cover the price of the class alone:
/// neither Extended Support nor surplus credits.
struct Paid {
    const InstanceClass* cls = nullptr;
    std::optional<std::size_t> pool;          ///< into Committed::pools: whose units its class takes
    double units = 0;                         ///< normalized units an hour of its class; 0 where it has none
    std::optional<Figure<Fraction>> covered;  ///< of them, by reserved instances; nothing without such
    Figure<MicroUsdPerMonth> by_units;        ///< of the list price, by reserved instances
    Figure<MicroUsdPerMonth> by_plan;         ///< of the rest, by savings plans
    bool rate_unknown = false;                ///< a savings plan covers the class, at a rate that is not known
    /// What is left to pay; nothing where that is not known, or for capacity that follows the load. The low end where
    /// `range` has two.
    std::optional<Figure<MicroUsdPerMonth>> cost;
    /// The same of capacity that follows the load; and of a class that gets more or less of savings plans by what such
    /// capacity takes: from the low end of all of it to the high end.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> range;
    MicroUsdPerMonth by_plan_most;  ///< `by_plan` at that high end
};

/// Reserved instances of one engine, family and region: their units are one pool.
struct UnitPool {
    std::vector<Index> commitments;  ///< into Fleet::commitments, in the order of the inventory
    const Platform* platform = nullptr;
    std::string_view family, region;  ///< the fleet's
    Figure<double> owned, used_now, used_after;
    double unused_now() const { return owned.value > used_now.value ? owned.value - used_now.value : 0; }
    double unused_after() const { return owned.value > used_after.value ? owned.value - used_after.value : 0; }
};

/// A commitment by itself; of several in one pool, each is used in proportion.
struct CommitmentUse {
    bool ended = false;                             ///< before the day of the run: it covers nothing
    std::optional<std::size_t> pool;                ///< of reserved instances
    double units = 0;                               ///< that it owns
    double used_now = 0, used_after = 0;            ///< of 1, where capacity that follows the load takes the least
    double used_now_most = 0, used_after_most = 0;  ///< where it takes the most
    /// A rate that is not known would use more of a savings plan: those are lower bounds.
    bool unknown_now = false, unknown_after = false;
    bool at_least() const { return used_now_most > used_now + 1e-9 || used_after_most > used_after + 1e-9; }
    /// A class whose rate is not known: today's, the plan's, or one that is held back; or while money of the plan has
    /// no use the cheapest that it covers and the load fits. Where none of those has a price, the smallest that is no
    /// smaller than the plan's.
    struct Ask {
        Index database = 0;
        std::string_view cls;
        bool rate = true, price = false;  ///< what is not known of it
    };
    std::vector<Ask> asks;
    /// What is paid for what is not used: a month, and until the end of the term; nothing where that is not known.
    std::optional<MicroUsdPerMonth> unused_now, unused_after;
    std::optional<MicroUsdPerMonth> unused_until_end;  ///< after the plan, in all
    long days_left = 0;
};

/// The same inventory from a day on, until all commitments have ended: a term has ended by then, or Extended Support
/// has another price.
struct CommittedPeriod {
    Date from;
    bool support_unknown = false;                                 ///< of a version, from then on: neither sum is known
    std::optional<Interval<MicroUsdPerMonth>> now, after, saves;  ///< as Committed::total_now and the others
};

struct Committed {
    Date today;
    std::vector<UnitPool> pools;
    std::vector<CommitmentUse> uses;  ///< as Fleet::commitments
    std::vector<Paid> now, after;     ///< as Fleet::databases
    /// What the bill of all databases loses by each one's change: with the others as in the plan. As Fleet::databases;
    /// nothing where that is not known.
    std::vector<std::optional<Figure<MicroUsdPerMonth>>> saves;
    /// Of the databases that totals count; nothing where one of them is not known.
    /// Ranges where capacity that follows the load takes the place of a class, or of what savings plans cover.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> total_now, total_after, total_saves;
    /// What savings plans leave of capacity that follows the load by itself: in none of those.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> capacity_now, capacity_after;
    std::optional<MicroUsdPerMonth> paid;  ///< for all commitments; nothing where one is not known
    std::vector<CommittedPeriod> periods;  ///< the first is today's
    std::vector<Index> lacking;            ///< databases whose class a savings plan covers at a rate that is not known
};

namespace plan {

/// Is it used: has its term not ended?
inline bool is_active(const Commitment& commitment, Date today) { return *commitment.ends >= today; }

/// What the money that is really paid asks of a database.
struct Steer {
    const InstanceClass* cls = nullptr;  ///< the class to be on; null: as by list price
    bool ask_rate = false;               ///< a saving by list price depends on a savings plan's rate that is not known
    bool runs = false;                   ///< a schedule saves too little beside commitments
    bool keeps_class = false;            ///< as does capacity that follows the load
    bool operator==(const Steer&) const = default;
};
using Steers = std::vector<Steer>;

}  // namespace plan
}  // namespace poolfit
