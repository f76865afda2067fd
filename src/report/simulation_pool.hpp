// One pool's figures, simulated and by formula.
#pragma once

#include <poolfit/report/simulation.hpp>
#include <poolfit/simulate/fleet.hpp>

namespace poolfit::report {

/// Service `i` of a system that was run.
SimulatedPool simulated_pool(const Fleet& fleet, const poolfit::simulate::FleetSystem& system,
                             const poolfit::simulate::SystemRun& run, std::size_t i, const SimulationRequest& request);

}  // namespace poolfit::report
