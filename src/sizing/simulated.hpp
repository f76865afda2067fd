// Where no formula is exact: the simulator's single-pool path.
#pragma once

#include "exact.hpp"

namespace poolfit::sizing {

/// Figures, or why the simulator cannot run it. Not for an open load past saturation without a timeout.
std::variant<Figures, Refused> simulated(const Asked& asked, Connections size, const Question& question);

}  // namespace poolfit::sizing
