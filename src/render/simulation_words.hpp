// What the text of a simulation says of its numbers.
#pragma once

#include <string>

#include <poolfit/report/simulation.hpp>

#include "layout.hpp"

namespace poolfit::render {

/// What is next to nothing prints as "< 0.001"; what is not finite as "–".
std::string printed(double value, FigureRow::Unit unit);
std::string with_interval(const simulate::Estimate& e, FigureRow::Unit unit);
std::string number_with_interval(const simulate::Estimate& e);

/// "+12 %"; from ten times on "× 10".
std::string difference_text(const Compared& figure, FigureRow::Unit unit);
/// "≥ 17.4 %".
std::string formula_text(const Compared& figure, FigureRow::Unit unit);

/// Whether it deadlocked, and which size cannot.
Pieces deadlock_text(const SimulatedDatabase& server, const SimulatedPool& pool);
std::string overload_text(const Fleet& fleet, const SimulatedPool& pool);
/// What is full, if it is not the pool itself; else empty.
std::string full_text(const Fleet& fleet, const SimulatedPool& pool);
/// Whether it is met, and with which size it is.
Pieces goal_text(const Fleet& fleet, const SimulatedPool& pool);
/// How long, how much, how well.
Pieces run_text(const Simulation& simulation, const SimulatedDatabase& server);

}  // namespace poolfit::render
