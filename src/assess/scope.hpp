// One database looked at on one class: what the projections share.
#pragma once

#include <optional>
#include <string_view>

#include <poolfit/assess/projection.hpp>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::assess {

struct Scope {
    const Fleet& fleet;
    const Market& market;
    Index index;
    const Database& database;
    const Offer& today;  ///< of today's class
    const Offer& offer;  ///< of the class looked at
    Recorder r;
    Known& known;

    bool same() const { return today.cls == offer.cls; }
    const InstanceClass& cls() const { return *offer.cls; }
    /// The database's figure on the class looked at, and on today's.
    Key key(Name name, Phase phase = Phase::now) const {
        return database_key(index, name, phase, same() ? nullptr : offer.cls);
    }
    Key today_key(Name name, Phase phase = Phase::now) const { return database_key(index, name, phase); }
    /// The standing of a class whose load is not known.
    static Standing unknown(bool at_least_today) { return at_least_today ? Standing::no_worse : Standing::unknown; }
};

/// The credits of a class over the CPU series; nothing where the mean is not the series' own. `mean` is the class's.
std::optional<CreditBalance> credit_balance(const Scope& scope, const Figure<Interval<Fraction>>& mean);
/// The same when another server is lost and its load comes: over the series of both, or of one and the other's mean.
/// `mean` is of both.
struct LossBalance {
    std::optional<CreditBalance> balance;  ///< nothing without a series
    bool apart = false;                    ///< two series of other times
};
LossBalance credit_balance(const Scope& scope, Index lost, const Figure<Interval<Fraction>>& mean);
/// A month of what is short; nothing where that is not charged, or its price is not known.
std::optional<Figure<MicroUsdPerMonth>> surplus(const Scope& scope, const Key& key, const CreditBalance& balance);
/// A vCPU-hour of surplus; the class has that price.
Figure<MicroUsdPerMonth> surplus_price(const Scope& scope);
void project_cpu(const Scope& scope, Projection& projection);
void project_memory(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Phase phase,
                    Projection& projection);
/// After CPU and memory.
void project_losses(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Phase phase,
                    Projection& projection);
/// A month of the load's high end over the class's baseline, at 100 % at most: what is over that no class serves.
std::optional<Figure<MicroUsdPerMonth>> surplus(const Scope& scope, const Key& key, const Term& load);
/// From full to empty, in hours, at the high end of what is burned; nothing where they last. `burned_key` names that.
struct Drain {
    Figure<Interval<double>> burned_per_hour;
    std::optional<Figure<double>> hours_to_empty;
};
Drain drain(const Scope& scope, const Key& burned_key, const Key& hours_key, const Term& load, const Remark& remark);
/// Memory of one connection.
Figure<Interval<Bytes>> each_connection(const Scope& scope);
void project_throughput(const Scope& scope, Projection& projection);

}  // namespace poolfit::assess
