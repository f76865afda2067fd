// From candidates to one recommendation.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// `pools_change`: some pool of the database gets another size. Fills `plan.recommendation` from the rest of it.
void recommend(const Fleet& fleet, Index database, bool pools_change, DatabasePlan& plan, Ledger& ledger);

/// How sure the recommendation is, and what stands against it.
void assess_risk(const Fleet& fleet, Index database, DatabasePlan& plan);

}  // namespace poolfit::plan
