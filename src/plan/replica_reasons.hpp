// What a class may not be because of replication, beyond a primary that the inventory has.
#pragma once

#include <optional>

#include "judge.hpp"

namespace poolfit::plan {

/// Does its provider give it no fewer max_connections than its primary has?
bool takes_primarys(const Database& replica);

/// Of a class other than today's: an instance of the replica chain has the default of today's class, or a primary that
/// is not in the inventory may have more max_connections. `own`: on that class.
std::optional<Reason> other_replicas(const ClassQuestion& question, const Offer& offer, const Limits& own);

}  // namespace poolfit::plan
