// What pools can open: a pool, a pooler, a database, and the worst single failure.
#include <poolfit/assess/budget.hpp>

#include <algorithm>
#include <cmath>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/usage.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/threads/parallel.hpp>

namespace poolfit::assess {

namespace {

PoolDemand pool_demand(const Fleet& fleet, Index index, const PoolSize& size, Phase phase, Recorder r) {
    PoolDemand demand{size, {}, {}};
    if (!size) return demand;
    const Index service = fleet.pools[index].service;
    const Term each = r(*size), processes = r(service_processes(fleet, service, r));
    const Term instances = r(service_instances(fleet, service, r));
    demand.allocated = r.keep<Connections>(pool_key(index, Name::allocated, phase),
                                           over_copies(fleet, index, instances, processes, each, r));
    const Term deploying = r(deploy_instances(fleet, service, r));
    demand.deploy_peak = r.keep<Connections>(pool_key(index, Name::deploy_peak, phase),
                                             over_copies(fleet, index, deploying, processes, each, r));
    return demand;
}

/// A sum of parts, of which some may have no limit.
class Sum {
public:
    void add(const std::optional<Figure<Connections>>& part, Recorder r) {
        if (!part) {
            known_ = false;
            return;
        }
        total_.add(r(*part));
    }
    bool known() const { return known_; }
    Term total(Recorder r) const { return total_.get(r); }
    std::optional<Figure<Connections>> figure(const Key& key, Recorder r) const {
        if (!known_) return std::nullopt;
        return r.keep<Connections>(key, total(r));
    }

private:
    bool known_ = true;
    Total total_;
};

/// A pool that has a limit; another one makes its sum a lower bound.
void add(Deploys& deploys, Index service, const PoolDemand& pool, Recorder r) {
    if (pool.allocated && pool.deploy_peak) deploys.add(service, r(*pool.allocated), r(*pool.deploy_peak));
}
void add(Deploys& deploys, const PoolerDemand& pooler, Recorder r) {
    if (pooler.deploys.empty()) return deploys.add(r(pooler.server_deploy));
    std::map<Index, Term> each;
    for (const OneDeploy& one : pooler.deploys) each.emplace(one.service, r(one.connections));
    deploys.add(r(pooler.server), each);
}

class PoolerSide {
public:
    PoolerSide(const Fleet& fleet, const Market& market, Index index, const Pooler& pooler, PoolerSize size, Recorder r)
        : fleet_(fleet), market_(market), pooler_(pooler), index_(index), size_(std::move(size)), r_(r) {}

    PoolerDemand demand(const Sum& clients, const Deploys& deploying, Phase phase) const {
        const auto opened = [&](const Key& key, const Term& asked) {
            const bool proxy = pooler_.kind == Pooler::Kind::proxy;
            if (proxy && clients.known() && !knows_limit(fleet_.databases[pooler_.database]))
                return r_.keep<Connections>(key, asked);
            Term most = proxy ? by_share() : opened_by_pools(pooler_, index_, size_, r_);
            if (clients.known()) most = least(asked, most);
            return r_.keep<Connections>(key, most);
        };
        const auto key = [&](Name name) { return pooler_key(index_, name, phase); };
        PoolerDemand result{opened(key(Name::server_connections), clients.total(r_)), {}, {}};
        for (const auto& [service, asked] : deploying.each(r_)) {
            Key of = key(Name::server_connections_deploy_of);
            of.detail = *fleet_.services[service].name;
            result.deploys.push_back({service, opened(of, asked)});
        }
        const Key deploy = key(Name::server_connections_deploy);
        result.server_deploy =
            result.deploys.empty()
                ? opened(deploy, deploying.most(r_))
                : r_.keep<Connections>(
                      deploy, r_(worst_deploy(result.deploys).connections),
                      {Note::worst_deploy, *fleet_.services[worst_deploy(result.deploys).service].name});
        return result;
    }

    /// Nothing where its server side is a number of its own.
    std::optional<ShareOfServer> share(const Sum& clients, const Deploys& deploying, const PoolerDemand& demand) const {
        if (pooler_.kind != Pooler::Kind::proxy) return std::nullopt;
        const auto asked = [&](const Term& all) {
            std::optional<Figure<Connections>> known;
            if (clients.known())
                known = Figure<Connections>{Connections(static_cast<std::int64_t>(all.value.high)), all.id};
            return known;
        };
        ShareOfServer share{
            index_, percent(), demand.server, demand.server_deploy, asked(clients.total(r_)), asked(deploying.most(r_)),
            {},     {}};
        const std::map<Index, Term> each = deploying.each(r_);
        for (const OneDeploy& one : demand.deploys) share.deploys.push_back({one, asked(each.at(one.service))});
        return share;
    }

private:
    Figure<Fraction> percent() const {
        if (size_)
            return r_.keep<Fraction>(pooler_key(index_, Name::max_connections_percent, Phase::after),
                                     r_(*size_) / r_.literal(100));
        const auto& given = pooler_.max_connections_percent;
        const Fraction share = given ? **given : Fraction(1.0);
        return {share, r_.input(pooler_key(index_, Name::max_connections_percent), measured(share),
                                given ? given->place : Place{})};
    }

    Term by_share() const {
        const InstanceClass& cls = *fleet_.databases[pooler_.database].type;
        const Limits server = limits(fleet_, market_, pooler_.database, market_.offer(pooler_.database, cls), r_);
        if (size_) return floor(r_(*size_) * r_(server.max_planned) / r_.literal(100));
        return floor(r_(percent()) * r_(server.max_planned));
    }

    const Fleet& fleet_;
    const Market& market_;
    const Pooler& pooler_;
    Index index_;
    PoolerSize size_;
    Recorder r_;
};

/// One server fails at a time. A replica's pools go to its primary; a primary's to the replica promoted, and any of
/// them may be. `Databases` has a DatabaseDemand by index.
template <class Databases>
class Failover {
public:
    Failover(const Fleet& fleet, Phase phase, Databases& databases, Recorder r)
        : fleet_(fleet), phase_(phase), databases_(databases), r_(r) {}

    /// What the database and its primary lose to each other.
    void of_replica(Index i) {
        if (!fleet_.databases[i].replica_of || idle(i)) return;
        move(*fleet_.databases[i].replica_of, i, Note::reader_fails);
        if (fleet_.databases[i].platform->replica_takes_over)
            move(i, *fleet_.databases[i].replica_of, Note::primary_fails);
    }

    /// Gives the worst its key; after all replicas.
    void keep(Index i) {
        auto& peak = databases_[i].failover_peak;
        if (!peak || !r_.on()) return;
        databases_[i].failover_sum = peak->id;
        peak = r_.keep<Connections>(database_key(i, Name::connections_failover_peak, phase_), r_(*peak),
                                    {Note::worst_failure});
    }

private:
    /// Nothing reads it, and it takes over from nothing.
    bool idle(Index replica) {
        const auto& seen = fleet_.databases[replica].observed.connections;
        if (!seen || seen->value.high.value > 0) return false;
        if (!topology_) topology_ = model::topology(fleet_);
        return usage(fleet_, *topology_, replica) == Usage::idle;
    }

    void move(Index onto, Index from, Note note) {
        DatabaseDemand& left = databases_[onto];
        const DatabaseDemand& lost = databases_[from];
        const FailoverCase one = failover(fleet_, from, left, lost);
        if (!left.failover || left.failover->peak < one.peak) left.failover = one;
        left.losses.push_back(one);
        if (one.at_least) return;
        Key key = database_key(onto, Name::connections_failover_from, phase_);
        key.detail = *fleet_.databases[from].name;
        const auto total = r_.keep<Connections>(key, r_(*left.allocated) + r_(*lost.services), {note, key.detail});
        left.losses.back().figure = total.id;
        if (!left.failover_peak || left.failover_peak->value < total.value) left.failover_peak = total;
    }

    const Fleet& fleet_;
    std::optional<Topology> topology_;
    Phase phase_;
    Databases& databases_;
    Recorder r_;
};

DatabaseDemand database_demand(const Fleet& fleet, Index index, Sum steady, Deploys deploy, Phase phase, Recorder r) {
    const auto& given = fleet.databases[index].other_connections;
    const auto key = [&](Name name) { return database_key(index, name, phase); };
    DatabaseDemand demand;
    demand.services = steady.figure(key(Name::connections_services), r);
    const Figure<Connections> other{
        *given, r.input(database_key(index, Name::other_connections), measured(*given), given.place)};
    steady.add(other, r);
    deploy.add(r(other));
    for (const auto& [service, connections] : deploy.each(r)) {
        Key of = key(Name::connections_deploy_of);
        of.detail = *fleet.services[service].name;
        demand.deploys.push_back({service, r.keep<Connections>(of, connections)});
    }
    const Term most = demand.deploys.empty() ? deploy.most(r) : r(worst_deploy(demand.deploys).connections);
    const Remark remark = demand.deploys.empty()
                              ? Remark{}
                              : Remark{Note::worst_deploy, *fleet.services[worst_deploy(demand.deploys).service].name};
    demand.allocated = steady.figure(key(Name::connections_allocated), r);
    if (demand.allocated) {
        demand.deploy_peak = r.keep<Connections>(key(Name::connections_deploy_peak), most, remark);
    } else {
        demand.allocated_at_least = r.keep<Connections>(key(Name::connections_allocated_at_least), steady.total(r));
        demand.deploy_at_least = r.keep<Connections>(key(Name::connections_deploy_at_least), most, remark);
    }
    return demand;
}

}  // namespace

FailoverCase failover(const Fleet& fleet, Index from, const DatabaseDemand& left, const DatabaseDemand& lost) {
    const auto least = [](const DatabaseDemand& demand) {
        return demand.allocated ? demand.allocated->value : demand.allocated_at_least->value;
    };
    const Connections moved = least(lost) - *fleet.databases[from].other_connections;
    return {from, least(left) + moved, !left.allocated || !lost.services, {}};
}

const OneDeploy& worst_deploy(const std::vector<OneDeploy>& deploys) {
    return *std::ranges::max_element(deploys, {}, [](const OneDeploy& one) { return one.connections.value; });
}

Figure<std::int64_t> deploy_instances(const Fleet& fleet, Index index, Recorder r) {
    const Service& service = fleet.services[index];
    const Key key = service_key(index, Name::deploy_instances);
    const Term instances = r(service_instances(fleet, index, r));
    switch (service.deploy) {
        case Deploy::recreate:
            return r.keep<std::int64_t>(key, instances,
                                        {service.deploy_place ? Note::deploy_recreate : Note::not_deployed});
        case Deploy::blue_green:
            return r.keep<std::int64_t>(key, r.literal(2) * instances, {Note::deploy_blue_green});
        case Deploy::cut_over:
            return r.keep<std::int64_t>(key, instances + r(fewest_instances(fleet, index, r)), {Note::deploy_cut_over});
        case Deploy::rolling:
            break;
    }
    const auto& given = service.max_surge;
    const Key surge_key = service_key(index, Name::max_surge);
    const Remark remark{given.place ? Note::none : Note::surge_default};
    if (const auto* share = std::get_if<Fraction>(&*given)) {
        const Figure<Fraction> surge{*share, r.input(surge_key, measured(*share), given.place, remark)};
        return r.keep<std::int64_t>(key, instances + ceil(r(surge) * instances), {Note::deploy_rolling});
    }
    const std::int64_t extra = std::get<std::int64_t>(*given);
    const Figure<std::int64_t> surge{extra, r.input(surge_key, measured(extra), given.place, remark)};
    return r.keep<std::int64_t>(key, instances + r(surge), {Note::deploy_rolling});
}

Term opened_by_pools(const Pooler& pooler, Index index, const PoolerSize& size, Recorder r) {
    const auto leaf = [&](Name name, const Located<std::int64_t>& given) {
        return r(Figure<std::int64_t>{*given, r.input(pooler_key(index, name), measured(*given), given.place)});
    };
    const Term instances = leaf(Name::instances, {pooler.instances->high, pooler.instances.place});
    const Term pairs = leaf(Name::pairs, pooler.pairs);
    const Term steady = size ? r(*size) : leaf(Name::default_pool_size, pooler.default_pool_size);
    const Term all = instances * pairs * (steady + leaf(Name::reserve_pool_size, pooler.reserve_pool_size));
    const auto& stop = pooler.max_db_connections;
    if (!stop || **stop <= 0) return all;
    Term most = leaf(Name::max_db_connections, *stop);
    if (pooler.databases > 1) most = r.literal(static_cast<double>(pooler.databases)) * most;
    if (size && model::db_connections_with(pooler, size->value) > **stop)
        return least(all, instances * pairs * r(*size));
    return least(all, instances * most);
}

Demand demand(const Fleet& fleet, const Market& market, const std::vector<PoolSize>& sizes, Phase phase, Recorder r,
              const std::vector<PoolerSize>& poolers, int threads, std::span<const char> asked) {
    constexpr std::size_t pools_at_once = 4096, databases_at_once = 2048;  // cheap ones
    // What one opens depends on no other; the sums are made in order.
    const auto each = [&](std::size_t count, std::size_t at_once, const auto& work) {
        threads::in_ranges(count, at_once, threads, [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i) work(static_cast<Index>(i));
        });
    };
    const auto is_asked = [&](Index database) { return asked.empty() || asked[database] != 0; };
    const auto counts = [&](const Pool& pool) { return asked.empty() || is_asked(model::database_of(fleet, pool)); };
    Demand result;
    result.pools.resize(fleet.pools.size());
    each(fleet.pools.size(), pools_at_once, [&](Index i) {
        if (counts(fleet.pools[i])) result.pools[i] = pool_demand(fleet, i, sizes[i], phase, r);
    });

    const std::size_t count = fleet.databases.size();
    const Deploys none(fleet.policy);
    std::vector<Sum> steady(count), clients(fleet.poolers.size());
    std::vector<Deploys> deploy(count, none), clients_deploy(fleet.poolers.size(), none);
    std::vector<std::vector<ShareOfServer>> shares(count);
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (!counts(pool)) continue;
        (pool.database ? steady[*pool.database] : clients[*pool.pooler]).add(result.pools[i].allocated, r);
        add(pool.database ? deploy[*pool.database] : clients_deploy[*pool.pooler], pool.service, result.pools[i], r);
    }
    result.poolers.resize(fleet.poolers.size());
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (!is_asked(fleet.poolers[i].database)) continue;
        const PoolerSide side(fleet, market, i, fleet.poolers[i], poolers.empty() ? PoolerSize() : poolers[i], r);
        const PoolerDemand& pooler = result.poolers[i] = side.demand(clients[i], clients_deploy[i], phase);
        steady[fleet.poolers[i].database].add(pooler.server, r);
        add(deploy[fleet.poolers[i].database], pooler, r);
        if (auto share = side.share(clients[i], clients_deploy[i], pooler))
            shares[fleet.poolers[i].database].push_back(*share);
    }
    result.databases.resize(count);
    each(count, databases_at_once, [&](Index i) {
        if (!is_asked(i)) return;
        result.databases[i] = database_demand(fleet, i, std::move(steady[i]), std::move(deploy[i]), phase, r);
        result.databases[i].shares = std::move(shares[i]);
    });
    Failover failover(fleet, phase, result.databases, r);
    for (Index i = 0; i < count; ++i)
        if (is_asked(i)) failover.of_replica(i);
    for (Index i = 0; i < count; ++i) failover.keep(i);
    return result;
}

void fail_over(const Fleet& fleet, std::vector<DatabaseDemand>& demands, Phase phase, Recorder r) {
    for (DatabaseDemand& demand : demands) {
        demand.failover_peak.reset();
        demand.failover_sum = {};
        demand.failover.reset();
        demand.losses.clear();
    }
    Failover failover(fleet, phase, demands, r);
    for (Index i = 0; i < demands.size(); ++i) failover.of_replica(i);
    for (Index i = 0; i < demands.size(); ++i) failover.keep(i);
}

std::map<Index, DatabaseDemand> demand(const Fleet& fleet, const Market& market, const Part& part) {
    constexpr Phase phase = Phase::after;
    const Recorder r;
    const Deploys none(fleet.policy);
    std::map<Index, Sum> steady, clients;
    std::map<Index, Deploys> deploy, clients_deploy;
    for (const Part::OfPool& each : part.pools) {
        const PoolDemand demand = pool_demand(fleet, each.pool, each.size, phase, r);
        const Pool& pool = fleet.pools[each.pool];
        const bool direct = each.direct || pool.database;
        const Index at = direct ? model::database_of(fleet, pool) : *pool.pooler;
        (direct ? steady : clients)[at].add(demand.allocated, r);
        add((direct ? deploy : clients_deploy).try_emplace(at, none).first->second, pool.service, demand, r);
    }
    for (const auto& [i, pooler] : part.poolers) {
        const PoolerSide side(fleet, market, i, *pooler, {}, r);
        const PoolerDemand demand = side.demand(clients[i], clients_deploy.try_emplace(i, none).first->second, phase);
        steady[pooler->database].add(demand.server, r);
        add(deploy.try_emplace(pooler->database, none).first->second, demand, r);
    }
    std::map<Index, DatabaseDemand> result;
    for (const Index i : part.databases)
        result.emplace(i, database_demand(fleet, i, std::move(steady[i]),
                                          std::move(deploy.try_emplace(i, none).first->second), phase, r));
    Failover failover(fleet, phase, result, r);
    for (const Index i : part.databases) failover.of_replica(i);
    return result;
}

}  // namespace poolfit::assess
