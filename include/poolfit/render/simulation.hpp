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

}  // namespace poolfit::render
