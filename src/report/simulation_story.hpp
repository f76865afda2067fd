// Deploys and failovers that are asked for, put into the systems that they are about.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/assess/offers.hpp>
#include <poolfit/report/simulation.hpp>
#include <poolfit/simulate/fleet.hpp>

namespace poolfit::report {

/// What happens when; or why it cannot.
std::optional<NotSimulated> begin_story(const Fleet& fleet, const SimulationRequest& request, Simulation& into);
/// What may be open on the server that takes over, beside what it allows.
void add_failover_connections(const Fleet& fleet, const Market& market, SimulatedFailover& failover);
/// Into the systems; or whose pools are missing there.
std::optional<NotSimulated> add_story(const Fleet& fleet, const Simulation& simulation,
                                      std::vector<poolfit::simulate::FleetSystem>& systems);

bool is_story(const poolfit::simulate::FleetSystem& system);

}  // namespace poolfit::report
