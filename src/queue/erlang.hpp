// Erlang's formulas on numbers already checked.
#pragma once

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

Probability blocking(double servers, double load);  ///< B; whole servers >= 0, load > 0
Probability waiting(double servers, double load);   ///< C; load < servers

}  // namespace poolfit::queue
