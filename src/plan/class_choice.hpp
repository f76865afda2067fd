// The class of one server, and of those that depend on it.
#pragma once

#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

class Terms;

/// What classes are chosen for.
struct Choosing {
    Depth depth{};
    /// Demands of the strategy that is judged, as Fleet::databases: of those whose plans name a strategy.
    const std::vector<DatabaseDemand>* carried = nullptr;
    bool to_weigh = false;            ///< what is asked is only which class it would be, and what that costs
    const Terms* touching = nullptr;  ///< as ClassQuestion::touching
};

/// A primary, then its replicas, which may not be smaller than what it becomes. Where that makes one of them
/// dearer, the primary is chosen once more among the classes that let them stay: the cheaper total wins.
/// Reads and changes what the plan says of these servers and their poolers, so different primaries may be chosen
/// concurrently.
void choose_classes(const Fleet& fleet, Plan& plan, Index primary, const Choosing& how, Recorder recorder);

}  // namespace poolfit::plan
