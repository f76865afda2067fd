// Pools that would be raised to what their threads keep, and have no room for it.
#pragma once

#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// By pool: it is raised above today's size for its process alone, and with that a limit of today's servers would be
/// passed that is kept today, or passed further. As many are raised as there is room for, in order. Threads that wait
/// for each other are better than a server that refuses connections.
std::vector<char> without_room(const Fleet& fleet, const Plan& plan);

}  // namespace poolfit::plan
