// The other side of a pooler: whether max_client_conn accepts its clients.
#include <algorithm>
#include <vector>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/platform/platform.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

using assess::Term;

/// Of the clients of one process.
struct Parts {
    explicit Parts(const Policy& policy) : deploy(policy), then(policy), most(policy) {}
    std::vector<Term> steady, most_steady;
    assess::Deploys deploy, then, most;
    bool at_least = false, endless = false;

    void add(Index service, const PoolPlan& pool, Recorder r) {
        const PoolDemand &now = pool.now, &after = pool.after;
        at_least = at_least || !now.allocated;
        if (now.allocated) {
            steady.push_back(r(*now.allocated));
            deploy.add(service, steady.back(), r(*now.deploy_peak));
        }
        if (after.allocated) then.add(service, r(*after.allocated), r(*after.deploy_peak));
        if (!now.allocated && !after.allocated) {
            endless = true;
            return;
        }
        most_steady.push_back(larger(now.allocated, after.allocated, r));
        most.add(service, most_steady.back(), larger(now.deploy_peak, after.deploy_peak, r));
    }

    using Size = std::optional<Figure<Connections>>;
    static Term larger(const Size& now, const Size& then, Recorder r) {
        if (now && then && now->value != then->value) return assess::most(r(*now), r(*then));
        return r(now ? *now : *then);
    }
};

ClientSide side_of(const Fleet& fleet, Index process, const Parts& parts, Recorder r) {
    const Pooler& pooler = fleet.poolers[process];
    const auto key = [&](Name name, Phase phase = Phase::now) { return assess::pooler_key(process, name, phase); };
    const auto leaf = [&](Name name, std::int64_t given, Place place) {
        return r(Figure<std::int64_t>{given, r.input(key(name), assess::measured(given), place)});
    };
    const Term instances = leaf(pooler.instances->is_point() ? Name::instances : Name::instances_min,
                                std::max<std::int64_t>(1, pooler.instances->low), pooler.instances.place);
    const Term each = leaf(Name::max_client_conn, *pooler.max_client_conn, pooler.max_client_conn.place);
    ClientSide side;
    side.at_least = parts.at_least;
    side.accepts = r.keep<Connections>(key(Name::clients_accepted), instances * each);
    side.steady = r.keep<Connections>(key(Name::clients), assess::sum(parts.steady, r.figures(), Grounds::no_pools));
    double worst = 0;
    for (const auto& [service, clients] : parts.deploy.each(r)) {
        if (clients.value.high <= worst) continue;
        worst = clients.value.high;
        side.deployed = service;
    }
    const Remark remark = side.deployed ? Remark{Note::worst_deploy, *fleet.services[*side.deployed].name} : Remark{};
    side.deploy = r.keep<Connections>(key(Name::clients_deploy), parts.deploy.most(r), remark);
    side.most = r.keep<Connections>(key(Name::clients_deploy, Phase::after), parts.most.most(r), remark);
    const auto then = static_cast<std::int64_t>(parts.then.most(Recorder()).value.high);
    side.then = parts.endless ? side.most.value : Connections(then);
    // A rollout of smaller pools ends what a larger limit would end, and leaves no more clients than are needed.
    if (parts.endless || side.then <= side.accepts.value) return side;
    if (platform::has_fixed_size(*fleet.databases[pooler.database].platform, pooler)) return side;
    const Term with_room = clients_with_room(
        fleet.policy, assess::sum(parts.most_steady, r.figures(), Grounds::no_pools), r(side.most), r);
    Term enough = assess::ceil(with_room / instances);
    if (enough.value.high > static_cast<double>(max_pool)) enough = assess::ceil(r(side.most) / instances);
    if (enough.value.high <= static_cast<double>(max_pool))
        side.enough = r.keep<std::int64_t>(key(Name::max_client_conn, Phase::after), enough);
    return side;
}

}  // namespace

Term clients_with_room(const Policy& policy, const Term& steady, const Term& deploy, Recorder r) {
    const auto whole = [&](const Term& clients, Name name, const Located<Fraction>& share) {
        if (share->value <= 0) return clients;
        const Figure<Fraction> given{*share, r.input(assess::policy_key(name), assess::measured(*share), share.place)};
        return assess::ceil(clients / r(given));
    };
    const Term always = whole(steady, Name::steady_max, policy.connections_steady_max);
    return assess::most(always, whole(deploy, Name::deploy_max, policy.connections_deploy_max));
}

void judge_clients(const Fleet& fleet, Plan& plan, Recorder r) {
    std::vector<Parts> parts(fleet.poolers.size(), Parts(fleet.policy));
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        for (const Index p : plan.topology.clients[i])
            parts[model::process_of(fleet, i)].add(fleet.pools[p].service, plan.pools[p], r);
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        plan.poolers[i].clients.reset();
        if (fleet.poolers[i].kind == Pooler::Kind::pgbouncer && model::process_of(fleet, i) == i)
            plan.poolers[i].clients = side_of(fleet, i, parts[i], r);
    }
}

}  // namespace poolfit::plan
