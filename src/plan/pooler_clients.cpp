// The other side of a pooler: whether max_client_conn accepts its clients.
#include <algorithm>
#include <vector>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/pooler.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

using assess::Term;

/// Of the clients of one process.
struct Parts {
    std::vector<Term> steady, deploy, most_steady, most;
    Connections then;
    bool at_least = false, endless = false;

    void add(const PoolPlan& pool, Recorder r) {
        const auto &now = pool.now.deploy_peak, &then = pool.after.deploy_peak;
        at_least = at_least || !pool.now.allocated;
        if (pool.now.allocated) steady.push_back(r(*pool.now.allocated));
        if (now) deploy.push_back(r(*now));
        if (then) this->then += then->value;
        if (now || then)
            most.push_back(larger(now, then, r));
        else
            endless = true;
        if (pool.now.allocated || pool.after.allocated)
            most_steady.push_back(larger(pool.now.allocated, pool.after.allocated, r));
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
    side.steady = r.keep<Connections>(key(Name::clients), assess::sum(parts.steady, r.figures()));
    side.deploy = r.keep<Connections>(key(Name::clients_deploy), assess::sum(parts.deploy, r.figures()));
    const Term most = assess::sum(parts.most, r.figures());
    side.most = r.keep<Connections>(key(Name::clients_deploy, Phase::after), most);
    side.then = parts.endless ? side.most.value : parts.then;
    // A rollout of smaller pools ends what a larger limit would end, and leaves no more clients than are needed.
    if (parts.endless || side.then <= side.accepts.value) return side;
    const Term with_room =
        clients_with_room(fleet.policy, assess::sum(parts.most_steady, r.figures()), r(side.most), r);
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
    return assess::most(whole(steady, Name::steady_max, policy.connections_steady_max),
                        whole(deploy, Name::deploy_max, policy.connections_deploy_max));
}

void judge_clients(const Fleet& fleet, Plan& plan, Recorder r) {
    std::vector<Parts> parts(fleet.poolers.size());
    for (Index i = 0; i < fleet.poolers.size(); ++i)
        for (const Index p : plan.topology.clients[i]) parts[model::process_of(fleet, i)].add(plan.pools[p], r);
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        plan.poolers[i].clients.reset();
        if (fleet.poolers[i].kind == Pooler::Kind::pgbouncer && model::process_of(fleet, i) == i)
            plan.poolers[i].clients = side_of(fleet, i, parts[i], r);
    }
}

}  // namespace poolfit::plan
