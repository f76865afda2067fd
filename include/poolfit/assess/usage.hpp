// Does anything use a database? Nothing connects to it: neither the inventory nor what was observed.
#pragma once

#include <cstdint>

#include <poolfit/model/fleet.hpp>
#include <poolfit/model/topology.hpp>

namespace poolfit {

enum class Usage : std::uint8_t {
    used,          ///< by the inventory, by what was seen, or for a replica that is
    unknown,       ///< the inventory has nothing on it, and whether anything connects was not measured for long enough
    contradicted,  ///< the inventory has connections on it, and none was seen
    kept,          ///< nothing connects, and it replicates or is to take over
    idle,
};

namespace assess {

/// A shorter window is no evidence: AWS Compute Optimizer's default look-back, in days.
inline constexpr double window_days = 14;

Usage usage(const Fleet& fleet, const Topology& topology, Index database);
/// Has the inventory a pool, a pooler or other_connections on it?
bool listed(const Fleet& fleet, const Topology& topology, Index database);

}  // namespace assess
}  // namespace poolfit
