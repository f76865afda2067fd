// Reads a baseline, as `poolfit baseline` writes it.
#pragma once

#include <optional>

#include <poolfit/diag/diagnostic.hpp>
#include <poolfit/model/baseline.hpp>

namespace poolfit::load {

/// JSON. Nothing after an error. Keys that it does not know are for other versions.
std::optional<Baseline> baseline(const SourceText& source, Diagnostics& diagnostics);

}  // namespace poolfit::load
