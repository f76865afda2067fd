// Where no formula is exact: the simulator's single-pool path.
#pragma once

#include "exact.hpp"

namespace poolfit::sizing {

/// Larger systems cost seconds a size.
inline constexpr double most_users_simulated = 500, most_busy_simulated = 250;

/// Figures, or why the simulator cannot run it: too large, or a law it does not have. Not for an open load past
/// saturation without a timeout.
std::variant<Figures, Refused> simulated(const Asked& asked, Connections size, const Question& question);

}  // namespace poolfit::sizing
