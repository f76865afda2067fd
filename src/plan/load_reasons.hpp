// What the load of a database has against a class: the reasons that depend on how much is asked of it. The others
// (engine, price, policy, replicas) are conditions of the class, and `judge` has them.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/plan/plan.hpp>

#include "judge.hpp"

namespace poolfit::plan {

/// Adds them: limits that are over or cannot be judged, the CPU of workloads, and losses of other servers. With a
/// recorder of a world, `question` and `projection` are of that world.
void add_load_reasons(const ClassQuestion& question, const Projection& projection, Recorder recorder,
                      std::vector<Reason>& reasons);

/// A reason without values.
Reason condition(Reason::Kind kind, Dimension dimension, bool blocking = true);

}  // namespace poolfit::plan
