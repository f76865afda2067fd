// The derivations of chances, costs and regret.
#pragma once

#include <poolfit/plan/worlds.hpp>

namespace poolfit::plan {

/// Where the chances come from: the limits on the class, with all that they are made of, and how many worlds.
void record_worlds(const Fleet& fleet, const Plan& plan, const Worlds& worlds, Recorder recorder);

}  // namespace poolfit::plan
