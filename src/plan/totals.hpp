// What all servers cost, today and after.
#pragma once

#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// What capacity that follows the load would save of `counted`, in all.
std::optional<Figure<Interval<MicroUsdPerMonth>>> saved_by_serverless(const std::vector<DatabasePlan>& databases,
                                                                      const std::vector<Index>& counted,
                                                                      Recorder recorder);

/// Over those of `counted` whose cost is known, today's and after: a self-managed server has none.
Totals total(const Fleet& fleet, const Plan& plan, const std::vector<Index>& counted, Recorder recorder);

}  // namespace poolfit::plan
