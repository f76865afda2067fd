// The right sizes of poolers: the size that the load of their clients needs, or that a limit of their server leaves,
// and transaction mode where session mode lets clients hang.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// A pooler's connections on its server by its size: default_pool_size, or RDS Proxy's percentage of max_connections.
/// Never more than its clients can ask for.
class ServerSide {
public:
    ServerSide(const Pooler& pooler, Connections max_connections, std::optional<Connections> clients,
               std::optional<Connections> deploying);
    bool is_share() const;
    /// Today's size; of a share that is not a whole percent, the next one.
    std::int64_t today() const;
    std::int64_t steady(std::int64_t size) const { return part(size, clients_); }
    std::int64_t deploy(std::int64_t size) const { return part(size, deploying_); }
    /// The same, a share not rounded down: what a size that is to fit may open at the most.
    std::int64_t steady_at_most(std::int64_t size) const { return least(rounded_up(size), clients_); }
    std::int64_t deploy_at_most(std::int64_t size) const { return least(rounded_up(size), deploying_); }
    std::int64_t steady_today() const { return least(most_today(), clients_); }
    std::int64_t deploy_today() const { return least(most_today(), deploying_); }
    /// The size that opens so many for each of its pools; a share: for all of them.
    std::int64_t size_for(std::int64_t connections) const;
    /// The smallest size that may be advised: of a share what its provider says for the class, or today's, if less.
    std::int64_t least_size() const { return least_; }
    void stay_above(std::int64_t size) { least_ = std::max(least_, std::min(size, today())); }

private:
    std::int64_t most(std::int64_t size) const;
    std::int64_t most_today() const;
    std::int64_t opened(const PoolerSize& size) const;
    std::int64_t rounded_up(std::int64_t size) const;
    std::int64_t part(std::int64_t size, const std::optional<Connections>& clients) const {
        return least(most(size), clients);
    }
    static std::int64_t least(std::int64_t most, const std::optional<Connections>& clients) {
        return clients ? std::min(clients->value, most) : most;
    }
    const Pooler* pooler_;
    std::int64_t max_connections_, least_ = 1;
    std::optional<Connections> clients_, deploying_;
};

/// The size of a pool. Of thousands that a fleet has, a pooler asks for those of its clients.
using SizeOf = std::function<PoolSize(Index pool)>;
/// What these pools with these sizes can open, at the maximum number of instances; nothing where one has no limit.
std::optional<Connections> opened_by(const Fleet& fleet, const std::vector<Index>& pools, const SizeOf& size);

/// What session mode does today; nothing where the pooler shares, or has no client.
std::optional<SessionSide> session_side(const Fleet& fleet, const Plan& plan, const Demand& now, Index pooler,
                                        Connections usable);

/// Server connections for clients that typically keep so many busy together, and so many if all their peaks come
/// together: max(⌈observed_buffer × typical⌉, ⌈peak⌉ + 1).
assess::Term enough_for(const Fleet& fleet, const assess::Term& typical, const assess::Term& peak, Recorder recorder);

/// What its clients were seen to use of one of its pools, spread evenly, and whether that is too many for it: plan and
/// rules judge by this alone. `sizes`: recommended, of all pools; `clients`: connections that the clients' pools can
/// open, today's or the recommended ones, whichever are more; `max_planned`: of today's class.
std::optional<PoolerUse> pooler_use(const Fleet& fleet, const Plan& plan, const PoolLoads& loads, Index pooler,
                                    const std::vector<PoolSize>& sizes, std::optional<Connections> clients,
                                    Connections max_planned, Sizer& sizer, Recorder recorder);
/// The load of an existing pooler, and which of its connections are never free for it. `sizes`: recommended, of all
/// pools; `max_planned`: of today's class.
std::optional<PoolerLoad> load_pooler(const Fleet& fleet, const Plan& plan, Index pooler, const PoolLoads& loads,
                                      const std::vector<PoolSize>& sizes, Connections max_planned, Sizer& sizer);
/// Transactions that hold one connection of a shared pool and ask for another; nothing where no client nests.
/// `clients`: those that share it; `most`: what they can open, where that is limited.
std::optional<PoolerNesting> nested_checkouts(const Fleet& fleet, const Pooler& pooler,
                                              const std::vector<Index>& clients, const PoolLoads& loads,
                                              std::optional<Connections> most);

/// Clients of an RDS Proxy that keep connections to themselves, each for as long as it is connected.
struct Pins {
    std::vector<Index> sharing;         ///< all clients but those that say that they use their session
    std::vector<Index> surely_sharing;  ///< of them those whose driver is not known for it either
    Connections today, after;           ///< kept by clients that declare it, with today's and recommended sizes
    Connections unsaid;                 ///< by those whose driver is known for it, recommended
    bool known = true;                  ///< false: one has no limit
};
/// Of any other pooler all share.
Pins pins_of(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size);

/// Connections that one of its pools has today; a proxy's, of its share of max_connections.
Connections size_of_one(const Pooler& pooler, Connections max_planned);
/// Pools on its server that its load is spread over: of the fewest processes, which carry the most each. A proxy is one
/// pool.
std::int64_t server_pools(const Pooler& pooler);
/// One more than what one of its pools typically has in use, by its clients' `in_use` alone.
std::int64_t typical_use(const Fleet& fleet, const Plan& plan, Index pooler);

/// max_client_conn of all processes for so many clients: of it they take no more than the policy's shares, as of any
/// other limit, in the steady state and in a deploy.
assess::Term clients_with_room(const Policy& policy, const assess::Term& steady, const assess::Term& deploy,
                               Recorder recorder);
/// Fills in `clients` of `plan.poolers`, from the pools' demands.
void judge_clients(const Fleet& fleet, Plan& plan, Recorder recorder);

/// Gives the demand what shares of RDS Proxies keep on a larger class.
void keep_shares(const Plan& plan, Demand& demand);
/// At a raised limit they keep nothing: it is sized for what they then open.
void grow_with_limit(DatabaseDemand& demand);
/// The least share of a larger max_connections that keeps them, as the pooler's size, where its own would open more.
void keep_on_class(Plan& plan, const DatabasePlan& database, const ShareOfServer& share, Recorder recorder);
/// Is its size a share of a larger max_connections, which may only be set once the class has changed? Before, its
/// clients would starve.
bool with_class(const Fleet& fleet, const Plan& plan, Index pooler);

/// Fills in `plan.poolers`, all but the demands. `now` is today's demand; `recommended` are sizes of pools; limits are
/// those of the classes `on`.
void size_poolers(const Fleet& fleet, Plan& plan, const PoolLoads& loads, const Demand& now,
                  const std::vector<PoolSize>& recommended, const Classes& on, Sizer& sizer, Recorder recorder,
                  int threads);

}  // namespace poolfit::plan
