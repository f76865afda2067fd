// A plan goes round until its classes are those that its sizes were made for.
#pragma once

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Classes to be on next: the recommended ones, where a size depends on the vCPUs.
Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes);
/// Classes to be on, where the limits of today's force sizes: another class may leave more.
Classes next_limits(const Plan& plan, const Fleet& fleet, const Classes& on);
bool same_vcpus(const Classes& a, const Classes& b);

}  // namespace poolfit::plan
