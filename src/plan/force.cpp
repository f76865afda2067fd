#include "force.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/session_needs.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/threads/parallel.hpp>

#include "pooler_fit.hpp"
#include "pooler_size.hpp"
#include "pools.hpp"

namespace poolfit::plan {

namespace {

std::int64_t allowed_share(Connections usable, Fraction share) {
    return static_cast<std::int64_t>(std::floor(share.value * static_cast<double>(usable.value) + assess::hair));
}

/// A primary and its replicas.
class Group {
public:
    Group(const Fleet& fleet, const Market& market, const Plan& plan, const Classes& on, std::vector<PoolSize>& sizes,
          const std::vector<DatabaseDemand>& demands, Index primary)
        : fleet_(fleet), plan_(plan), sizes_(sizes) {
        servers_.push_back(primary);
        const auto& replicas = plan.topology.replicas[primary];
        servers_.insert(servers_.end(), replicas.begin(), replicas.end());
        for (const Index i : servers_) {
            const Connections usable =
                assess::limits(fleet, market, i, market.offer(i, *on[i]), Recorder()).usable.value;
            Server& server = known_[i];
            server.usable = usable.value;
            server.steady_limit = allowed_share(usable, *fleet.policy.connections_steady_max);
            server.deploy_limit = allowed_share(usable, *fleet.policy.connections_deploy_max);
            server.steady = least_steady(demands[i]).value;
            server.deploys = deploys_of(demands[i]);
            server.other = fleet.databases[i].other_connections->value;
        }
    }

    /// Sets the sizes that are forced: of all servers together where a failover is too many, so that none is cut for
    /// another; else of each.
    void force() {
        if (fails_over() && fit_all(servers_)) return;
        for (const Index i : servers_)
            if (over(i)) fit_server(i);
        if (!fails_over()) return;
        std::vector<Index> inside;
        for (const Index i : servers_)
            if (!over(i)) inside.push_back(i);
        fit_all(inside);
    }

private:
    struct Server {
        std::int64_t usable = 0, steady_limit = 0, deploy_limit = 0, steady = 0, other = 0;
        std::vector<Deploying> deploys;
    };
    /// The pools of a lost server come to another one.
    struct Move {
        Index onto = 0, from = 0;
    };

    bool over(Index i) const {
        const Server& server = known_.at(i);
        return server.steady > server.steady_limit || std::ranges::any_of(server.deploys, [&](const Deploying& deploy) {
                   return deploy.connections > server.deploy_limit;
               });
    }

    std::vector<Move> moves() const {
        std::vector<Move> all;
        for (std::size_t k = 1; k < servers_.size(); ++k) {
            all.push_back({servers_.front(), servers_[k]});
            all.push_back({servers_[k], servers_.front()});
        }
        return all;
    }
    std::int64_t moved(const Move& move) const { return known_.at(move.from).steady - known_.at(move.from).other; }
    bool too_many(const Move& move) const {
        return known_.at(move.onto).steady + moved(move) > known_.at(move.onto).usable;
    }

    /// Direct pools with a size, the largest first.
    void add_pools(Index i, bool by_deploy, std::vector<FitPool>& pools) const {
        for (const Index p : plan_.topology.pools[i]) {
            const Pool& pool = fleet_.pools[p];
            if (!pool.database || !sizes_[p] || !model::has_setting(pool)) continue;
            const std::int64_t most = sizes_[p]->value.value;
            FitPool& added = pools.emplace_back();
            added.of.pool = p;
            added.of.database = i;
            added.steady = model::copies(fleet_, pool);
            added.deploy = model::copies(fleet_, pool, plan_.deploy_instances[pool.service].value);
            added.most = most;
            const PoolSize& today = plan_.pools[p].declared;
            if (today) {
                added.least = std::min(most, slope(fleet_, plan_, added.of).least);
                // Where threads wait for each other today they may go on to; a pool that locks up for good may not.
                const auto& load = plan_.pools[p].load;
                const bool locks_up = load && load->deadlock_floor && !load->never_safe;
                const std::int64_t used = model::over_peak(pool);
                if (!locks_up && today->value < model::holding(fleet_, pool, today->value).floor)
                    added.least = std::min(added.least, std::max(used, today->value.value));
                added.from = std::clamp(today->value.value, added.least, most);
            } else {
                added.from = most;
                added.least = std::min(most, least_size(fleet_, plan_, p, most));
            }
        }
        // Among equals by name: the order of records decides nothing.
        const auto name = [&](const FitPool& pool) {
            const Pool& record = fleet_.pools[*pool.of.pool];
            return std::pair<std::string_view, std::string_view>(*fleet_.services[record.service].name, *record.name);
        };
        std::ranges::sort(pools, [&](const FitPool& a, const FitPool& b) {
            const std::int64_t takes = a.from * (by_deploy ? a.deploy : a.steady),
                               other = b.from * (by_deploy ? b.deploy : b.steady);
            return takes != other ? takes > other : name(a) < name(b);
        });
    }

    /// `room` is what the limit leaves beside everything; the pools' own part of it is given back.
    template <class Part>
    static FitLimit limit(const std::vector<FitPool>& pools, std::int64_t room, Part part) {
        FitLimit result{room, {}};
        for (const FitPool& pool : pools) {
            result.per.push_back(part(pool));
            result.room += result.per.back() * pool.most;
        }
        return result;
    }

    FitLimit steady_limit(const std::vector<FitPool>& pools, Index i) const {
        const Server& server = known_.at(i);
        return limit(pools, server.steady_limit - server.steady,
                     [&](const FitPool& pool) { return pool.of.database == i ? pool.steady : 0; });
    }
    void add_deploy_limits(const std::vector<FitPool>& pools, Index i, std::vector<FitLimit>& limits) const {
        const Server& server = known_.at(i);
        for (const Deploying& deploy : server.deploys)
            limits.push_back(limit(pools, server.deploy_limit - deploy.connections, [&](const FitPool& pool) {
                return pool.of.database == i ? deploy.per(fleet_, pool) : 0;
            }));
    }

    void fit_server(Index i) {
        std::vector<FitPool> pools;
        add_pools(i, known_.at(i).steady <= known_.at(i).steady_limit, pools);
        std::vector<FitLimit> limits{steady_limit(pools, i)};
        add_deploy_limits(pools, i, limits);
        if (fit(pools, limits)) take(pools);
    }

    bool fails_over() const {
        return std::ranges::any_of(moves(), [&](const Move& move) { return too_many(move); });
    }

    /// Every failover, and the limits of these servers.
    bool fit_all(const std::vector<Index>& servers) {
        std::vector<FitPool> pools;
        for (const Index i : servers_) add_pools(i, false, pools);
        std::vector<FitLimit> limits;
        for (const Index i : servers) {
            limits.push_back(steady_limit(pools, i));
            add_deploy_limits(pools, i, limits);
        }
        for (const Move& move : moves()) {
            const Server& onto = known_.at(move.onto);
            limits.push_back(limit(pools, onto.usable - onto.steady - moved(move), [&](const FitPool& pool) {
                return pool.of.database == move.onto || pool.of.database == move.from ? pool.steady : 0;
            }));
        }
        if (!fit(pools, limits)) return false;
        take(pools);
        return true;
    }

    void take(const std::vector<FitPool>& pools) {
        for (const FitPool& pool : pools) {
            Server& server = known_.at(pool.of.database);
            server.steady -= (pool.most - pool.size) * pool.steady;
            for (Deploying& deploy : server.deploys)
                deploy.connections -= (pool.most - pool.size) * deploy.per(fleet_, pool);
            if (pool.size != pool.most) sizes_[*pool.of.pool] = Figure<Connections>{Connections(pool.size), {}};
        }
    }

    const Fleet& fleet_;
    const Plan& plan_;
    std::vector<PoolSize>& sizes_;
    std::vector<Index> servers_;  ///< the primary first
    std::map<Index, Server> known_;
};

/// Clients that need their session stay in session mode: together no more than their pooler opens, inside its server's
/// limit.
void force_sessions(const Fleet& fleet, const Market& market, const Plan& plan, const Classes& on,
                    std::vector<PoolSize>& sizes, const Demand& demand) {
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        const std::vector<Index>& clients = plan.topology.clients[i];
        const auto loses = [&](Index p) {
            return std::ranges::any_of(model::session_needs(fleet.pools[p]), &SessionNeed::loses);
        };
        if (pooler.kind != Pooler::Kind::pgbouncer || pooler.mode != Pooler::Mode::session ||
            std::ranges::none_of(clients, loses))
            continue;
        const Index d = pooler.database;
        const Connections usable = assess::limits(fleet, market, d, market.offer(d, *on[d]), Recorder()).usable.value;
        const std::int64_t beside = least_steady(demand.databases[d]).value - demand.poolers[i].server.value.value;
        const std::int64_t opens = ServerSide(pooler, usable, {}, {}).steady_today();
        FitLimit limit{std::min(opens, allowed_share(usable, *fleet.policy.connections_steady_max) - beside), {}};
        std::vector<FitPool> pools;
        std::int64_t all = 0, today = 0;
        bool known = true;
        for (const Index p : clients) {
            known = known && sizes[p];
            if (!sizes[p]) continue;
            const PoolSize& now = plan.pools[p].declared;
            FitPool& added = pools.emplace_back();
            added.of.pool = p;
            added.of.database = d;
            added.most = added.from = sizes[p]->value.value;
            added.least = std::min(added.most, least_size(fleet, plan, p, added.most));
            added.size = now ? std::min(added.most, now->value.value) : added.most;
            added.steady = model::copies(fleet, fleet.pools[p]);
            all += added.most * added.steady;
            today += added.size * added.steady;
        }
        if (!known) continue;
        // Another pooler may have to get smaller to fit the server; that does not limit these pools.
        if (today > limit.room) limit.room = opens;
        if (all <= limit.room) continue;
        // Among equals by name: the order of records decides nothing.
        std::ranges::sort(pools, std::ranges::greater(), [&](const FitPool& pool) {
            return std::pair<std::int64_t, std::string_view>(pool.most * pool.steady,
                                                             *fleet.services[fleet.pools[*pool.of.pool].service].name);
        });
        for (const FitPool& pool : pools) limit.per.push_back(pool.steady);
        std::vector<FitPool> fitted = pools;
        if (fit(fitted, {limit}))
            pools = std::move(fitted);
        else if (today > limit.room)
            continue;  // else none grows for its load where today's fit
        for (const FitPool& pool : pools) sizes[*pool.of.pool] = Figure<Connections>{Connections(pool.size), {}};
    }
}

}  // namespace

std::vector<std::optional<Connections>> forced_sizes(const Fleet& fleet, const Market& market, const Plan& plan,
                                                     const Classes& on, const std::vector<char>& settled, int threads) {
    std::vector<PoolSize> sizes;
    sizes.reserve(plan.pools.size());
    for (const PoolPlan& pool : plan.pools) sizes.push_back(pool.advice.size);
    std::vector<char> asked = with_poolers(fleet, plan.topology);
    for (Index i = 0; i < asked.size(); ++i)
        if (settled[i] == 0) asked[i] = 1;
    const Demand demand = assess::demand(fleet, market, sizes, Phase::after, Recorder(), {}, threads, asked);
    // A pool ends on one server: what is forced on others does not touch its size.
    threads::over_databases(fleet.databases.size(), threads, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i)
            if (!fleet.databases[i].replica_of && settled[i] == 0)
                Group(fleet, market, plan, on, sizes, demand.databases, static_cast<Index>(i)).force();
    });
    force_sessions(fleet, market, plan, on, sizes, demand);
    std::vector<std::optional<Connections>> forced(sizes.size());
    for (Index i = 0; i < sizes.size(); ++i)
        if (sizes[i] && sizes[i]->value != plan.pools[i].advice.size->value) forced[i] = sizes[i]->value;
    return forced;
}

}  // namespace poolfit::plan
