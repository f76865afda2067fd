// The recommended strategy and the classes, as one decision: a strategy is judged on the classes that its own
// connections need, and the classes are those of the strategy that is taken.
#pragma once

#include <functional>
#include <optional>

#include "strategy_parts.hpp"

namespace poolfit::plan {

/// Chooses the classes of a primary and its replicas again, for these demands where a strategy is named in their plans.
/// Several threads may ask, each for another primary.
/// `to_weigh`: what is asked is only which class it would be and what that costs.
using Rejudge = std::function<void(Index primary, const std::vector<DatabaseDemand>& demand, bool to_weigh)>;

/// Makes the sizes of a strategy those that the plan recommends.
using TakeSizes = std::function<void(const Strategy& strategy)>;

/// The strategy whose connections are to be carried, as an index into the table, where that is not right-sizing.
/// `by_strategy` names it in each database's plan that it changes, and those are judged again. Fills `plan.joint`. Of
/// the plan, all is there, with the classes for right-sized pools. One round: no strategy depends on another's classes.
std::optional<std::size_t> join(const Fleet& fleet, Plan& plan, const Rejudge& rejudge, const TakeSizes& take_sizes,
                                int threads);

}  // namespace poolfit::plan
