// Does anything use a database? Nothing connects to it: neither the inventory nor what was observed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <poolfit/assess/figure.hpp>
#include <poolfit/model/fleet.hpp>
#include <poolfit/model/topology.hpp>

namespace poolfit {

enum class Usage : std::uint8_t {
    used,          ///< by the inventory, by what was seen, or for a replica that is
    unknown,       ///< the inventory has nothing on it, and whether anything connects was not measured for long enough
    contradicted,  ///< no connection was seen, and the inventory has some on it, or load was seen
    kept,          ///< nothing connects, and it replicates or is to take over
    idle,
};

/// Load that a server without a connection does not have.
struct Activity {
    std::string_view key;  ///< of observed: "cpu_mean"
    Place place;
    Measured seen;
    double limit = 0;  ///< more than a server has that nothing uses
};

namespace assess {

/// A shorter window is no evidence: AWS Compute Optimizer's default look-back, in days.
inline constexpr double window_days = 14;

Usage usage(const Fleet& fleet, const Topology& topology, Index database);
/// The first load observed that contradicts observed.connections = 0; nothing where that is not given. A replica
/// repeats the writes of its primary: no more load than its primary has contradicts nothing.
std::optional<Activity> activity(const Fleet& fleet, Index database);
/// The first load observed that a server does not have which nothing uses, whatever its connections.
std::optional<Activity> load_of_use(const Fleet& fleet, Index database);
/// Is it the reader that a cluster keeps to take over from its writer? All that are named by failover_target; else the
/// only one, or the first of those that carry its writer's load best.
bool takes_over(const Fleet& fleet, const Topology& topology, Index database);
/// Has the inventory a pool, a pooler or other_connections on it?
bool listed(const Fleet& fleet, const Topology& topology, Index database);

}  // namespace assess
}  // namespace poolfit
