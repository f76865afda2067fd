// The words of what `simulate` says of its numbers.
#pragma once

#include <string>
#include <string_view>

#include <poolfit/report/simulation.hpp>

namespace poolfit::render {

/// "wait mean": a figure as a row of the table.
std::string_view label(PoolFigure figure);
/// Why there is no formula; empty where there is one.
std::string no_formula_text(const NoFormula& none);
/// Why the simulation and the formula differ; empty where they don't.
std::string deviation_text(const Fleet& fleet, const Deviation& deviation);

std::string note_text(const Fleet& fleet, const SimulatedPool& pool, PoolNote note);
/// Empty where there is nothing to say.
std::string note_text(const PoolerNote& note);
std::string_view note_text(RunNote note);

}  // namespace poolfit::render
