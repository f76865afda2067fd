// Series beside the inventory: what `[database.observed] series = "cpu.csv"` names.
#pragma once

#include <functional>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/diag/source.hpp>
#include <poolfit/model/fleet.hpp>

namespace poolfit::imports {

/// The text of a file that a key names; null after an error, which was said.
using OpenSeries = std::function<const SourceText*(const Located<std::string>& path)>;

/// Reads the series that databases name, and gives them the observed values that their keys do not. Where a key and the
/// series differ, the key counts, with a warning. False after an error.
bool attach_series(Fleet& fleet, const OpenSeries& open, Diagnostics& diagnostics);

}  // namespace poolfit::imports
