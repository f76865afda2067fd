// Poolers of one server, as small as its limits require: the single mechanism for the plan's sizes, for ending an
// outage and for the fixes of rules.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include <poolfit/plan/fit.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

/// A pooler whose size a limit may force.
struct PoolerPart {
    Index pooler = 0;
    ServerSide side;
    std::int64_t from = 0, least = 1, size = 0;
    std::int64_t stable = 0;                        ///< its load is carried from here on, with waits; 0: not known
    std::int64_t steady_from = 0, deploy_from = 0;  ///< connections that are in the demand
    /// Where services deploy one at a time, the server's worst deploy may be of a service that is no client: the change
    /// that is sure counts, that of the steady state.
    bool together;

    PoolerPart(const Fleet& fleet, Index index, const ServerSide& its, const PoolerSize& planned);
    /// More connections than in the demand; negative where it is smaller.
    std::int64_t steady() const { return (size == from ? steady_from : side.steady_at_most(size)) - steady_from; }
    std::int64_t deploy() const {
        const std::int64_t worst = (size == from ? deploy_from : side.deploy_at_most(size)) - deploy_from;
        return together ? worst : std::max(worst, steady());
    }
};

/// A server with a demand on it, on the recommended class.
struct ServerDemand {
    std::int64_t usable = 0;
    DatabaseDemand demand;
};
using ServerOf = std::function<ServerDemand(Index)>;

/// What a server leaves beside a demand: inside the policy's shares, and after the failure of a related server.
class Leeway {
public:
    Leeway(const Fleet& fleet, const Topology& topology, const ServerOf& server, Index database);
    bool fits(std::int64_t steady, std::int64_t deploy, bool failover) const {
        return steady <= steady_ && deploy <= deploy_ && (!failover || steady <= failover_);
    }

private:
    std::int64_t steady_ = 0, deploy_ = 0, failover_ = INT64_MAX / 2;
};

/// By database: does it have a pooler, or does a primary or a replica of its have one?
std::vector<char> with_poolers(const Fleet& fleet, const Topology& topology);

/// The largest size under today's that fits, no less than the least; false, and today's size, where there is none.
bool shrink(PoolerPart& part, const Leeway& room, bool failover);

/// Its minimum size: what its clients' load, or their use, needs.
void set_least(const Fleet& fleet, const Plan& plan, PoolerPart& part);
/// What its clients with pools of these sizes can open; nothing where one has no limit. `deploy`: in a deploy.
std::optional<Connections> clients_of(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size,
                                      bool deploy);
ServerSide server_side(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size,
                       Connections max_connections);

/// A pooler that stays in session mode and opens enough connections, but too few for a deploy.
struct ShortInDeploy {
    Index pooler = 0;
    std::int64_t size = 0, more = 0;  ///< that is enough, and connections that it takes beside today's
};
/// Nothing where it opens enough, or no size would do.
std::optional<ShortInDeploy> short_in_deploy(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size);

/// The one that is enough with a quarter of its size or more, the largest first; else all by the same share, and each
/// as large as it can then be. With what a failover leaves, if that can be. False where no sizes are enough.
bool fit_together(std::vector<PoolerPart>& parts, const Fleet& fleet, const Leeway& room);

}  // namespace poolfit::plan
