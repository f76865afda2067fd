// What all servers cost, today and after.
#pragma once

#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Over those of `counted` whose cost is known, today's and after: a self-managed server has none.
Totals total(const Fleet& fleet, const Plan& plan, const std::vector<Index>& counted, Recorder recorder);

}  // namespace poolfit::plan
