// Connections that were seen on a server, against those that the inventory explains.
#pragma once

#include <optional>

#include <poolfit/assess/budget.hpp>

namespace poolfit::assess {

struct Seen {
    Figure<Interval<Connections>> observed;
    /// The most that is listed, with the reserved slots, in the steady state and at its worst; 0 where nothing is
    /// listed, and nothing where a pool has no limit.
    std::optional<Figure<Connections>> explained, explained_peak;
    std::optional<Figure<Connections>> unexplained;  ///< that neither explains; 0 or more
};

/// Nothing where observed.connections is not given. A failure of a related server may have been in the window, and a
/// deploy was. `demand` is today's; `reserved` are the slots that the server keeps.
std::optional<Seen> seen_connections(const Fleet& fleet, Index database, const DatabaseDemand& demand,
                                     const Figure<Connections>& reserved, Recorder recorder);

}  // namespace poolfit::assess
