// What the replications of a system add up to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <poolfit/simulate/system.hpp>

#include "engine.hpp"

namespace poolfit::simulate {

using Runs = std::vector<std::unique_ptr<Replication>>;

/// Everything but `precise` and `reason`.
SystemRun report(const Prepared& prepared, const Runs& runs, const SystemOptions& options);
/// Why the model cannot be run, or empty.
std::string problem(const SystemModel& model, const SystemOptions& options);

}  // namespace poolfit::simulate
