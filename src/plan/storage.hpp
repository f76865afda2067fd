#pragma once

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Nothing for a database without [database.storage]. Classes and capacity are settled.
std::optional<StorageUse> storage_use(const Fleet& fleet, const Plan& plan, Index database, Recorder recorder);
/// Carries out its advice; nothing where there is none, or what it saves is not known.
std::optional<Action> storage_action(const Plan& plan, Index database);

}  // namespace poolfit::plan
