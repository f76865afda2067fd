// The policy's goal for waits, in the simulation; and sizes that meet it, where those of the inventory do not.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/report/simulation.hpp>
#include <poolfit/simulate/fleet.hpp>

namespace poolfit::report {

/// As system.services; nothing for pools that are not shown, have no limit, or hang. `options` are those of `run`.
std::vector<std::optional<SimulatedGoal>> goals(const Fleet& fleet, const poolfit::simulate::FleetSystem& system,
                                                const poolfit::simulate::SystemRun& run,
                                                const poolfit::simulate::SystemOptions& options,
                                                const std::vector<Index>& shown);

/// The smallest size with which nested checkouts cannot lock up; nothing where there is none, or none are nested.
std::optional<Connections> deadlock_floor(const poolfit::simulate::ServiceModel& model);

}  // namespace poolfit::report
