// Both sides of a new pooler: how many server connections it needs, and how many clients it has to accept.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/session_needs.hpp>
#include <poolfit/platform/platform.hpp>

#include "pooler_size.hpp"
#include "pools.hpp"
#include "strategy_pooler.hpp"

namespace poolfit::plan {

namespace {

using Term = assess::Term;

class Sides {
public:
    Sides(const Scene& scene, const Strategy& strategy, Hop& hop)
        : fleet_(scene.fleet), plan_(scene.plan), r_(scene.r), strategy_(strategy), hop_(hop) {}

    /// False where nothing goes through, or more clients than one accepts.
    bool make() {
        pairs();
        if (!clients()) return false;
        listeners();
        const Figure<Connections> server = r_.keep<Connections>(key(Name::strategy_server_side), server_side());
        if (server.value.value < 1) return false;
        hop_.server = server;
        if (hop_.pairs.value == 1) hop_.size = r_.keep<std::int64_t>(key(Name::strategy_pool_size), r_(server));
        demand();
        // All but what is opened beside them moves with a failover.
        if (hop_.demand.allocated)
            hop_.demand.services =
                r_.keep<Connections>(key(Name::connections_services), r_(*hop_.demand.allocated) - r_(other()));
        return true;
    }

private:
    Key key(Name name) const { return strategy_key(strategy_, name, {Subject::Kind::database, hop_.database}); }

    void pairs() {
        const Index most =
            *std::ranges::max_element(hop_.through, {}, [&](Index p) { return *fleet_.pools[p].databases; });
        hop_.pairs = r_.keep<std::int64_t>(key(Name::strategy_pairs), r_(assess::pool_databases(fleet_, most, r_)));
    }

    bool clients() {
        std::vector<Term> parts;
        assess::Deploys deploying(fleet_.policy);
        for (const Index p : hop_.through) {
            const PoolDemand& demand = plan_.pools[p].right_sized;
            limited_ = limited_ && demand.allocated.has_value();
            if (!demand.allocated) continue;
            parts.push_back(r_(*demand.allocated));
            deploying.add(fleet_.pools[p].service, parts.back(), r_(*demand.deploy_peak));
        }
        clients_ = r_.keep<Connections>(key(Name::strategy_client_side), assess::sum(parts, r_.figures()));
        const Term most = clients_in_deploy_ = deploying.most(r_);
        Term accepts = clients_with_room(fleet_.policy, r_(clients_), most, r_);
        if (accepts.value.high > static_cast<double>(max_pool)) accepts = most;
        hop_.accepts = r_.keep<std::int64_t>(key(Name::strategy_max_client_conn), accepts);
        return hop_.accepts.value <= max_pool;
    }

    /// What the clients need together: by the load of their workloads as one pool, by the use that was measured, and
    /// for the rest, about which nothing is known, everything they may open. Never more than the clients can ask for;
    /// where use is not known, no more than the policy leaves either, which is then what the limit forces, not a need.
    Term server_side() {
        std::map<std::int64_t, std::vector<Index>> groups;  // by the databases that their pools are for
        for (const Index p : hop_.through) groups[*fleet_.pools[p].databases].push_back(p);
        std::vector<Need> needs;
        for (const auto& [databases, pools] : groups) needs.push_back(need(pools, databases));
        std::ranges::sort(hop_.silent);
        const bool endless = std::ranges::any_of(needs, &Need::endless);
        std::vector<Term> sums;
        for (const Need& each : needs) sums.push_back(each.sum);
        Term size = sums.size() == 1 ? sums.front() : assess::sum(sums, r_.figures());
        if (!hop_.silent.empty()) size = within_limit(size, endless);
        if (hop_.pairs.value > 1) size = in_pairs(size, needs);
        // Everything they may open is at least what they need, unless a limit has forced their sizes.
        const bool in_full =
            !endless && !hop_.by_limit && hop_.silent.size() < hop_.through.size() &&
            std::ranges::none_of(hop_.silent, [&](Index p) { return plan_.pools[p].advice.basis == Basis::limit; });
        hop_.measured = hop_.silent.empty() || in_full;
        if (!limited_) return size;
        // More clients than in the steady state may ask for more.
        in_deploy_ = assess::least(clients_in_deploy_, size);
        return assess::least(r_(clients_), size);
    }

    /// Of pools for as many databases.
    struct Need {
        Index first = 0;
        Term sum;
        bool endless = false;
    };
    Need need(const std::vector<Index>& pools, std::int64_t databases) {
        Need result{pools.front(), {}, false};
        std::vector<Term> needs, typical, peaks;
        std::vector<Index> loaded;
        for (const Index p : pools) {
            const PoolPlan& pool = plan_.pools[p];
            // A client that holds one and requests another could lock up a smaller pool behind its own.
            const bool nests = pool.load && *fleet_.pools[p].workload->nested > 0;
            if (nests && pool.right_sized.allocated) {
                needs.push_back(r_(*pool.right_sized.allocated));
                known_.push_back(needs.back());
                nested_.push_back(p);
            } else if (pool.load && pool.load->for_wait) {
                loaded.push_back(p);
            } else if (pool.use.in_use) {
                const assess::BusyInAll busy = assess::busy_in_all(fleet_, p, r_);
                typical.push_back(busy.typical);
                peaks.push_back(busy.peak);
            } else {
                hop_.silent.push_back(p);
                if (pool.right_sized.allocated)
                    needs.push_back(r_(*pool.right_sized.allocated));
                else
                    result.endless = true;
            }
        }
        if (!loaded.empty()) {
            needs.push_back(by_load(loaded, databases));
            known_.push_back(needs.back());
        }
        if (!typical.empty()) {
            const Term all = assess::sum(typical, r_.figures());
            hop_.by_use = true;
            known_.push_back(assess::ceil(all));
            needs.push_back(enough_for(fleet_, all, assess::sum(peaks, r_.figures()), r_));
        }
        result.sum = assess::sum(needs, r_.figures());
        return result;
    }

    /// A pool for each database, as large as the one that all clients share needs: none under one connection. A limit
    /// that forces the size leaves whole connections.
    Term in_pairs(const Term& size, const std::vector<Need>& needs) {
        const Term databases = r_(hop_.pairs);
        std::vector<Term> shares;
        for (const Need& need : needs) {
            const Term part = need.sum / r_(assess::pool_databases(fleet_, need.first, r_));
            shares.push_back(assess::ceil(part));
        }
        const Term together = shares.size() == 1 ? shares.front() : assess::sum(shares, r_.figures());
        Term each = assess::most(hop_.by_limit ? assess::floor(size / databases) : together, r_.literal(1));
        if (left_ && !hop_.by_limit && databases.value.high * each.value.high > left_->value.high) {
            hop_.by_limit = true;
            each = assess::most(assess::floor(*left_ / databases), r_.literal(1));
        }
        if (!nested_.empty()) each = assess::most(each, nested_in_pair());
        hop_.size = r_.keep<std::int64_t>(key(Name::strategy_pool_size), each);
        return databases * r_(hop_.size);
    }

    /// A client that holds one and requests another gets it from the same pair: a client of one database is entirely in
    /// one.
    Term nested_in_pair() {
        std::vector<Term> parts;
        for (const Index p : nested_) {
            const Term all = r_(*plan_.pools[p].right_sized.allocated);
            const bool one = *fleet_.pools[p].databases == 1;
            parts.push_back(one ? all : assess::ceil(all / r_(assess::pool_databases(fleet_, p, r_))));
        }
        return parts.size() == 1 ? parts.front() : assess::sum(parts, r_.figures());
    }

    /// What `poolfit pool` says of the loads together, spread evenly over the databases; at least their mean where that
    /// can't be sized.
    Term by_load(const std::vector<Index>& loaded, std::int64_t databases) {
        PoolLoads loads(fleet_.pools.size());
        for (const Index p : loaded) loads[p] = std::make_shared<PoolLoad>(*plan_.pools[p].load);
        Sizer sizer;
        const auto load = summed_load(fleet_, loaded, loads, static_cast<double>(databases), sizer);
        Connections size(1);
        if (load && load->smallest)
            size = *load->smallest;
        else if (load)
            size = Connections(static_cast<std::int64_t>(std::ceil(load->offered.value)) + 1);
        size = Connections(size.value * databases);
        hop_.by_load = true;
        std::vector<FigureId> inputs;
        for (const Index p : loaded)
            if (r_.on()) inputs.push_back(plan_.pools[p].load->offered.id);
        const Key of = databases == hop_.pairs.value
                           ? key(Name::strategy_load_size)
                           : strategy_key(strategy_, Name::strategy_load_size, {Subject::Kind::pool, loaded.front()});
        const Figure<Connections> figure{size,
                                         r_.by_model(of, assess::measured(size), Model::smallest_together, {}, inputs)};
        return r_(figure);
    }

    /// Slots that the policy leaves to the pooler on the recommended class, in a deploy too.
    Term within_limit(const Term& size, bool endless) {
        const auto steady = left(Dimension::connections_steady), deploy = left(Dimension::connections_deploy);
        if (!steady) return size;
        Term left = deploy && deploy->value.high < steady->value.high ? *deploy : *steady;
        // Not under what is known of its load and its typical use: such a pooler does not fit, and is not recommended.
        if (!known_.empty()) {
            const Term known = assess::sum(known_, r_.figures());
            if (known.value.high > left.value.high) left = known;
        }
        left_ = left;
        if (!endless && size.value.high <= left.value.high) return size;
        hop_.by_limit = true;
        return endless ? left : assess::least(size, left);
    }

    std::optional<Term> left(Dimension dimension) const {
        const bool steady = dimension == Dimension::connections_steady;
        const Joint::Allowed* on = plan_.joint ? &plan_.joint->allowed[hop_.database] : nullptr;
        const auto limit = on == nullptr ? allowed_by(plan_.databases[hop_.database], dimension)
                           : steady      ? on->steady
                                         : on->deploy;
        if (!limit) return std::nullopt;
        const Term most = allowed(dimension, *limit);
        Term left = most - r_(other());
        assess::Deploys deploys(fleet_.policy);
        for (const Index p : hop_.direct) {
            const PoolDemand& own = plan_.pools[p].right_sized;
            if (!own.allocated) continue;
            if (steady)
                left = left - r_(*own.allocated);
            else
                deploys.add(fleet_.pools[p].service, r_(*own.allocated), r_(*own.deploy_peak));
        }
        if (!steady && !hop_.direct.empty()) left = left - deploys.most(r_);
        if (hop_.listeners) left = left - r_(*hop_.listeners);
        return assess::most(left, r_.literal(1));
    }

    /// What is usable on the class that right-sized pools would be on, with a limit that is raised for them.
    Term usable() const {
        const Index i = hop_.database;
        const Projection& chosen = plan_.databases[i].chosen;
        const Joint::Allowed* on = plan_.joint ? &plan_.joint->allowed[i] : nullptr;
        const bool same =
            on == nullptr || (on->cls == chosen.cls && on->max_planned == chosen.limits.max_planned.value);
        if (same && chosen.limits.usable.id) return r_(chosen.limits.usable);
        const InstanceClass& cls = on == nullptr ? *chosen.cls : *on->cls;
        const Limits there = assess::limits(fleet_, *plan_.market, i, plan_.market->offer(i, cls), r_);
        if (on == nullptr || on->max_planned == there.max_planned.value) return r_(there.usable);
        return r_.literal(static_cast<double>(on->max_planned.value)) - r_(there.reserved);
    }

    /// The policy's share of that.
    Term allowed(Dimension dimension, Connections limit) const {
        if (!r_.on()) return {Interval<double>(static_cast<double>(limit.value)), {}, nullptr};
        const bool steady = dimension == Dimension::connections_steady;
        const auto& given = steady ? fleet_.policy.connections_steady_max : fleet_.policy.connections_deploy_max;
        const Key key{{Subject::Kind::policy, 0}, steady ? Name::steady_max : Name::deploy_max};
        const Figure<Fraction> share{*given, r_.input(key, assess::measured(*given), given.place)};
        return assess::floor(r_(share) * usable());
    }

    Figure<Connections> other() const {
        const auto& given = fleet_.databases[hop_.database].other_connections;
        return {*given, r_.input({{Subject::Kind::database, hop_.database}, Name::other_connections},
                                 assess::measured(*given), given.place)};
    }

    /// One direct connection per process that listens.
    void listeners() {
        std::vector<Term> parts;
        for (const Index p : hop_.through)
            if (has_feature(fleet_.pools[p], "listen")) {
                const Index service = fleet_.pools[p].service;
                const Term instances = r_(assess::service_instances(fleet_, service, r_)),
                           processes = r_(assess::service_processes(fleet_, service, r_));
                parts.push_back(assess::over_copies(fleet_, p, instances, processes, r_.literal(1), r_));
            }
        if (parts.empty()) return;
        hop_.listeners = r_.keep<Connections>(key(Name::strategy_listeners), assess::sum(parts, r_.figures()));
    }

    void demand() {
        std::vector<Term> always{r_(hop_.server)}, steady;
        if (hop_.listeners) always.push_back(r_(*hop_.listeners));
        assess::Deploys deploys(fleet_.policy);
        for (const Index p : hop_.direct) {
            const PoolDemand& own = plan_.pools[p].right_sized;
            if (!own.allocated) return;
            steady.push_back(r_(*own.allocated));
            deploys.add(fleet_.pools[p].service, steady.back(), r_(*own.deploy_peak));
        }
        always.push_back(r_(other()));
        const bool more = in_deploy_ && in_deploy_->value.high > always.front().value.high;
        deploys.add(more ? *in_deploy_ : always.front());
        for (std::size_t i = 1; i < always.size(); ++i) deploys.add(always[i]);
        steady.insert(steady.begin(), always.begin(), always.end());
        DatabaseDemand& demand = hop_.demand;
        demand.allocated = r_.keep<Connections>(key(Name::strategy_allocated), assess::sum(steady, r_.figures()));
        const Term most = deploys.most(r_);
        demand.deploy_peak = r_.keep<Connections>(key(Name::strategy_deploy_peak), most);
        for (const auto& [service, open] : deploys.each(r_))
            demand.deploys.push_back({service, {Connections(static_cast<std::int64_t>(open.value.high)), open.id}});
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Recorder r_;
    const Strategy& strategy_;
    Hop& hop_;
    Figure<Connections> clients_;
    Term clients_in_deploy_;
    std::optional<Term> in_deploy_;  ///< server connections, where the clients limit them
    bool limited_ = true;
    std::optional<Term> left_;   ///< slots for the pooler, where its size is not measured
    std::vector<Index> nested_;  ///< clients with nested checkouts
    std::vector<Term> known_;    ///< what clients need by their load, and by their typical use
};

}  // namespace

bool has_feature(const Pool& pool, std::string_view feature) {
    return std::any_of(pool.features.begin(), pool.features.end(),
                       [&](const Located<std::string>& each) { return *each == feature; });
}

std::optional<Hop> pooler_hop(const Scene& scene, const Strategy& strategy, Index database) {
    const Topology& topology = scene.plan.topology;
    if (!topology.poolers[database].empty()) return std::nullopt;
    if (!scene.plan.databases[database].budget.limits.known) return std::nullopt;  // of what it may open
    if (!platform::takes(*scene.fleet.databases[database].platform, added_kind)) return std::nullopt;
    Hop hop;
    hop.database = database;
    for (const Index p : topology.pools[database])
        (model::keeps_session(scene.fleet.pools[p]) ? hop.direct : hop.through).push_back(p);
    if (hop.through.empty() || !Sides(scene, strategy, hop).make()) return std::nullopt;
    return hop;
}

}  // namespace poolfit::plan
