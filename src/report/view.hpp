// The part of a view that is about classes which were not taken.
#pragma once

#include <poolfit/report/view.hpp>

namespace poolfit::report {

/// Fills in ruled_out, against_policy and dearer_with_credits.
void choose_rejections(const DatabasePlan& plan, DatabaseView& view);
/// Fills in `listed`, once the rejections are chosen.
void list_candidates(const DatabasePlan& plan, bool in_full, DatabaseView& view);

std::optional<InstancesView> instances_view(const Fleet& fleet, const Plan& plan, Index database);

}  // namespace poolfit::report
