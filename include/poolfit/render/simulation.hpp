// `simulate` as text, JSON and CSV.
#pragma once

#include <string>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/report/simulation.hpp>

namespace poolfit::render {

std::string simulation_text(const Simulation& simulation, const diag::Style& style);
/// The published schema "simulation": one document, a newline at the end.
std::string simulation_json(const Simulation& simulation);
/// One line per figure of a pool.
std::string simulation_csv(const Simulation& simulation);
/// Why an inventory cannot be simulated, after "cannot simulate": "a deploy of api: none of its pools is simulated".
std::string not_simulated_text(const Fleet& fleet, const NotSimulated& none);

}  // namespace poolfit::render
