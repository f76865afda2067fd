// A plan in rounds, and all that the plans of one run share.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <poolfit/plan/plan.hpp>

#include "joint.hpp"

namespace poolfit::plan {

class Terms;

/// A plan, the classes that it was made for, and what its strategies cost: of the round before, or in the end.
struct Before {
    Plan plan;
    Classes classes, on;
    std::vector<Weighed> weighed;
};

/// What all plans of a run have in common.
struct Common {
    const Fleet& fleet;
    std::shared_ptr<const Market> market;
    Topology topology;
    Sizer sizer{};
    const Terms* touching = nullptr;  ///< as ClassQuestion::touching
};

/// The plan with these steers. `before`: one with others, if there is one. What no steer changed goes on where it was;
/// the others begin with today's classes, as all do without it.
Before planned(Common& common, const Request& request, const std::shared_ptr<const Steers>& steers,
               std::optional<Before> before);

}  // namespace poolfit::plan
