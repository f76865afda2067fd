// Capacity that follows the load (Aurora Serverless v2): how much a database takes on average and what that costs, or
// would take and cost instead of its class.
#pragma once

#include <optional>

#include <poolfit/assess/figure.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit {

/// Capacity with a higher minimum, where that of today caps max_connections and its connections need more.
struct Uncapped {
    double min = 0;  ///< the least that lifts the cap
    Figure<Interval<Connections>> limit;
    std::optional<Figure<Interval<MicroUsdPerMonth>>> cost;  ///< as CapacityUse::cost
};

/// From what the mean load needs to what the peak would, if it lasted; at least what the memory in use and the
/// connections need at the high end. A provider does not say how far above its load capacity stays: more is possible.
struct CapacityUse {
    const Elastic* elastic = nullptr;
    bool instead = false;             ///< the database is on a class: what it would take instead
    Figure<Interval<double>> units;   ///< on average over a month
    bool follows_writer = false;      ///< a reader: in some failover tiers as much as its writer, which `units` has
    std::optional<Price> unit_price;  ///< of a unit for a month; nothing where the catalog has none in the region
    std::optional<MicroUsdPerMonth> before_factor;  ///< the same before the factor of the database's storage, if any
    std::optional<Figure<Interval<MicroUsdPerMonth>>> cost;
    /// Extended Support, in `cost`; nothing where none is charged.
    std::optional<Figure<Interval<MicroUsdPerMonth>>> support;
    bool support_unknown = false;  ///< it is charged at an unknown price, and not in `cost`
    std::optional<Uncapped> uncapped;
    /// Of a database without a class: the cheapest that passes every limit, burstable ones left out; and its cost.
    const InstanceClass* cls = nullptr;
    MicroUsdPerMonth cls_cost{};
};

}  // namespace poolfit
