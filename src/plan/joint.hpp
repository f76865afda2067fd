// The recommended strategy and the classes, as one decision: a strategy is judged on the classes that its own
// connections need, and the classes are those of the strategy that is taken.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "strategy_parts.hpp"

namespace poolfit::plan {

/// Chooses the classes of a primary and its replicas again, for these demands where a strategy is named in their plans.
/// Several threads may ask, each for another primary.
/// `to_weigh`: what is asked is only which class it would be and what that costs.
using Rejudge = std::function<void(Index primary, const std::vector<DatabaseDemand>& demand, bool to_weigh)>;

/// Makes the sizes of a strategy those that the plan recommends.
using TakeSizes = std::function<void(const Strategy& strategy)>;

/// What a primary and its replicas cost with right-sized pools and with a strategy; nothing where that is not known.
struct SystemCosts {
    bool asked = false;   ///< the strategy may change its classes
    bool dearer = false;  ///< right-sized pools take a dearer class than today's
    std::optional<MicroUsdPerMonth> before, then;
    MicroUsdPerMonth support_before, support_then;  ///< of those, Extended Support
};

/// What a strategy costs, for what it asks of each database.
struct Weighed {
    std::shared_ptr<const std::vector<DatabaseDemand>> demand;
    bool unmeasured = false;
    std::vector<SystemCosts> costs;  ///< by primary, as Fleet::databases
    Joint::Way way;
};

/// What the round before has found, one a row of the strategies' table; then what this one does.
struct Weighings {
    std::vector<Weighed> rows;
    const std::vector<char>& kept;  ///< by database: its plan is that of the round before
};

/// The strategy whose connections are to be carried, as an index into the table, where that is not right-sizing.
/// `by_strategy` names it in each database's plan that it changes, and those are judged again. Fills `plan.joint`. Of
/// the plan, all is there, with the classes for right-sized pools. One round: no strategy depends on another's classes.
std::optional<std::size_t> join(const Fleet& fleet, Plan& plan, const Rejudge& rejudge, const TakeSizes& take_sizes,
                                Weighings& weighings, int threads);

}  // namespace poolfit::plan
