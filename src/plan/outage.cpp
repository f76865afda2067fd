#include "outage.hpp"

#include <algorithm>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/plan/strategy.hpp>

#include "pooler_size.hpp"

namespace poolfit::plan {

namespace {

class Ways {
public:
    Ways(const Fleet& fleet, const Plan& plan, Index index)
        : fleet_(fleet), plan_(plan), index_(index), mine_(plan.databases[index]), r_(mine_.recommendation) {}

    WaysOut find(bool pools_change, Recorder r) {
        for (const Outage& outage : r_.outages) {
            if (stays(outage))
                unended_.push_back(then(outage));
            else
                curable_.push_back(outage);
        }
        search(pools_change, r);
        if (ways_.empty()) unended_.clear();
        return {std::move(ways_), std::move(unended_)};
    }

private:
    void search(bool pools_change, Recorder r) {
        if (curable_.empty()) return;
        if (all_are({})) return more_clients();
        own(pools_change);
        by_mode();
        if (!all_are({Outage::Kind::connections})) return;
        if (ways_.empty()) by_pooler();
        if (is_forced())
            if (const auto limit = limit_for_today(fleet_, plan_, index_, r)) ways_.push_back(*limit);
        if (const auto fewer = fewer_instances(fleet_, plan_, index_)) ways_.push_back(*fewer);
    }

    /// Is the way out to make pools as small as the limit asks, while nothing is known of their use?
    bool is_forced() const {
        return !ways_.empty() && ways_.front().kind == WayOut::Kind::pools &&
               std::ranges::any_of(plan_.topology.pools[index_],
                                   [&](Index p) { return plan_.pools[p].basis() == Basis::limit; });
    }
    /// Is every outage that can be ended of these kinds, or about clients that a pooler refuses?
    bool all_are(std::initializer_list<Outage::Kind> kinds) const {
        return std::ranges::all_of(curable_, [&](const Outage& outage) {
            return outage.kind == Outage::Kind::pooler_clients || std::ranges::find(kinds, outage.kind) != kinds.end();
        });
    }

    /// Is it about a pooler that the plan cannot fix? Other outages still have a way out.
    bool stays(const Outage& outage) const {
        switch (outage.kind) {
            case Outage::Kind::pooler_clients:  // more than any max_client_conn accepts
                return plan_.poolers[outage.pooler].clients->unsolved();
            case Outage::Kind::session_clients:
                return !plan_.poolers[outage.pooler].to_transaction && waits_after(outage.pooler);
            case Outage::Kind::pooler_load:
                return !carried(outage.pooler, mine_.chosen.limits.max_planned.value);
            default:
                return false;
        }
    }

    /// What the plan changes of a server, as far as it can be carried out apart.
    struct Parts {
        bool sizes = false, limit = false, cls = false;
    };

    WayOut& add(WayOut::Kind kind, const Parts& parts) {
        WayOut& way = ways_.emplace_back();
        way.kind = kind;
        way.with_sizes = parts.sizes && kind != WayOut::Kind::pools && kind != WayOut::Kind::strategy;
        way.with_class = parts.cls && kind != WayOut::Kind::cls;
        way.usable = usable(parts);
        way.steady = least_steady(demand(parts));
        if (parts.limit) raise(way);
        return way;
    }

    /// Where poolers refuse clients, and nothing else is over.
    void more_clients() {
        for (const Outage& outage : curable_) {
            if (!plan_.poolers[outage.pooler].clients->enough) continue;
            WayOut& way = ways_.empty() ? add(WayOut::Kind::pooler_clients, {true, false, true}) : ways_.front();
            if (way.poolers.empty()) way.pooler = outage.pooler;
            way.poolers.push_back({outage.pooler, plan_.poolers[outage.pooler].clients->enough->value});
        }
        if (ways_.empty()) add(WayOut::Kind::pools, {true, false, false});
    }

    /// The smallest part of the recommendation that is enough, if any is.
    void own(bool pools_change) {
        if (r_.summary.kind == Summary::Kind::smaller_pooler) return by_pooler();
        const bool limit = r_.max_connections.has_value(), cls = r_.cls != fleet_.databases[index_].type;
        const bool connections =
            std::ranges::find(curable_, Outage::Kind::connections, &Outage::kind) != curable_.end();
        // The plan is based on a strategy's sizes.
        const bool by_strategy = connections && !mine_.by_strategy.empty();
        std::vector<Parts> tries;
        // Sizes by a formula of the class's vCPUs come with the class.
        if (pools_change && !set_with_class() && !(cls && follows_class())) tries.push_back({true, false, false});
        if (limit && !by_strategy) tries.push_back({false, true, false});
        if (limit && pools_change) tries.push_back({true, true, false});
        if (cls && !by_strategy && !follows_class()) tries.push_back({false, limit, true});
        if (cls && pools_change) tries.push_back({true, limit, true});
        // With deploys, whose connections are refused as well, if any way carries those.
        auto enough = std::ranges::find_if(tries, [&](const Parts& parts) { return ended(parts) && deploys(parts); });
        if (enough == tries.end())
            enough = std::ranges::find_if(tries, [&](const Parts& parts) { return ended(parts); });
        if (enough == tries.end()) return;
        if (enough->sizes && !mine_.by_strategy.empty()) {
            add(WayOut::Kind::strategy, *enough).strategy = mine_.by_strategy;
        } else if (enough->limit) {
            add(WayOut::Kind::limit, *enough);
        } else if (enough->cls) {
            add(WayOut::Kind::cls, *enough);
        } else if (const auto changes = poolers_alone(); !changes.empty()) {
            add_poolers(changes);
        } else {
            add(WayOut::Kind::pools, *enough);
        }
    }

    /// Does a pool's size follow the class by a formula? Then it is another size there.
    bool follows_class() const {
        return std::ranges::any_of(plan_.topology.pools[index_],
                                   [&](Index p) { return assess::counts_database_vcpus(fleet_.pools[p]); });
    }

    /// Is a share of max_connections set with the class? On today's it would be too small.
    bool set_with_class() const {
        return std::ranges::any_of(plan_.topology.poolers[index_],
                                   [&](Index i) { return plan::with_class(fleet_, plan_, i); });
    }

    /// What may be open with those parts of the plan, and what is usable then.
    DatabaseDemand demand(const Parts& parts) const {
        if (parts.sizes && parts.cls && parts.limit == r_.max_connections.has_value()) return mine_.after;
        const InstanceClass& cls = parts.cls ? *r_.cls : *fleet_.databases[index_].type;
        Limits limits = parts.cls ? mine_.chosen.limits : mine_.budget.limits;
        DatabaseDemand from = parts.sizes ? mine_.after : mine_.demand;
        // Today's pools fill a share that is not set with the class.
        if (parts.cls && !parts.sizes)
            for (ShareOfServer& share : from.shares)
                if (!plan::with_class(fleet_, plan_, share.pooler)) share.keeps.reset();
        if (parts.limit) {
            limits.max_planned.value = *r_.max_connections;
            grow_with_limit(from);
        }
        return assess::demand_at(fleet_, from, limits, index_, &cls, Phase::after, {});
    }
    Connections usable(const Parts& parts) const {
        if (parts.cls) return mine_.chosen.limits.usable.value;
        const Limits& today = mine_.budget.limits;
        return parts.limit ? *r_.max_connections - today.reserved.value : today.usable.value;
    }

    /// To the limit of the recommendation, where it has one.
    void raise(WayOut& way) const {
        if (!r_.max_connections) return;
        way.from = mine_.budget.limits.max_planned.value;
        way.to = *r_.max_connections;
        if (const auto& most = mine_.budget.limits.max_expected) way.most = most->value.low;
    }

    /// Sizes of poolers that the plan has, if they are enough beside today's pools: of those that a limit or a load
    /// without end asks for, else of all.
    std::vector<Change> poolers_alone() const {
        std::vector<Change> needed, all;
        for (const Index i : plan_.topology.poolers[index_]) {
            const PoolerPlan& pooler = plan_.poolers[i];
            if (!pooler.size || pooler.to_transaction || pooler.basis == PoolerPlan::Basis::kept) continue;
            all.push_back(
                {{{}, i, index_, pooler.now.server.value, pooler.now.server_deploy.value}, pooler.size->value});
            if (pooler.basis == PoolerPlan::Basis::limit || (pooler.load && is_overloaded(*pooler.load)))
                needed.push_back(all.back());
        }
        if (!all_are({Outage::Kind::connections, Outage::Kind::pooler_load})) return {};
        for (const auto& changes : {needed, all})
            if (!changes.empty() &&
                least_steady(demand_with(fleet_, plan_, changes).at(index_)) <= mine_.budget.limits.usable.value)
                return changes;
        return {};
    }

    /// With today's pools, where none of the plan's ways ends it.
    void by_pooler() {
        if (const auto changes = smaller_poolers(fleet_, plan_, index_); !changes.empty()) add_poolers(changes);
    }
    void add_poolers(const std::vector<Change>& changes) {
        WayOut& way = add(WayOut::Kind::pooler_share, {});
        for (const Change& change : changes) way.poolers.push_back({*change.of.pooler, change.size});
        way.pooler = way.poolers.front().pooler;
        way.count = way.poolers.front().count;
        way.usable = mine_.budget.limits.usable.value;
        way.steady = least_steady(demand_with(fleet_, plan_, changes).at(index_));
    }

    /// Transaction mode goes before all else: the sizes of pools are a way of their own only where they are enough
    /// without it.
    void by_mode() {
        std::vector<Index> poolers;
        for (const Index i : plan_.topology.poolers[index_])
            if (plan_.poolers[i].to_transaction) poolers.push_back(i);
        if (poolers.empty() || !ended()) return;
        std::vector<Change> modes, sizes;
        for (const Index i : poolers) {
            const PoolerDemand& now = plan_.poolers[i].now;
            const Consumer consumer{{}, i, index_, now.server.value, now.server_deploy.value};
            if (const auto& size = plan_.poolers[i].size) modes.push_back({consumer, size->value});
        }
        for (const Index p : plan_.topology.pools[index_]) {
            const PoolSize &now = plan_.pools[p].declared, &then = plan_.pools[p].advice.size;
            if (now && then && now->value != then->value) sizes.push_back({{p, {}, index_, {}, {}}, then->value.value});
        }
        const auto alone = [&](const std::vector<Change>& changes) {
            if (changes.empty()) return mine_.demand;
            return demand_with(fleet_, plan_, changes).at(index_);
        };
        const Connections usable = mine_.budget.limits.usable.value;
        const bool pools_do = !sizes.empty() && !any_waits_after() && least_steady(alone(sizes)) <= usable;
        const DatabaseDemand then = alone(modes);
        const bool enough = all_are({Outage::Kind::connections, Outage::Kind::session_clients}) && then.allocated &&
                            then.allocated->value <= usable;
        Parts beside;  // what the plan needs beside the mode, if that is not enough
        if (!enough) beside = {true, r_.max_connections.has_value(), r_.cls != fleet_.databases[index_].type};
        if (!ways_.empty()) {
            const WayOut& way = ways_.front();
            if (way.kind == WayOut::Kind::limit || (way.kind == WayOut::Kind::strategy && !enough)) return;
            if (way.kind == WayOut::Kind::pools) beside.cls = beside.limit = false;
            if (way.kind != WayOut::Kind::strategy) ways_.erase(ways_.begin());
        }
        WayOut mode;
        mode.kind = WayOut::Kind::pooler_mode;
        mode.pooler = poolers.front();
        for (const Index i : poolers) {
            const auto& size = plan_.poolers[i].size;
            mode.poolers.push_back({i, size ? size->value : 0});
        }
        mode.count = mode.poolers.front().count;
        mode.with_sizes = beside.sizes;
        mode.with_class = beside.cls;
        if (beside.limit) raise(mode);
        mode.steady = least_steady(beside.sizes ? demand(beside) : then);
        mode.usable = this->usable(beside);
        ways_.insert(ways_.begin(), mode);
        if (!pools_do) return;
        WayOut pools;
        pools.kind = WayOut::Kind::pools;
        pools.steady = least_steady(alone(sizes));
        pools.usable = usable;
        ways_.insert(ways_.begin() + 1, pools);
    }

    /// Poolers in session mode with more clients than connections, with the recommended sizes of pools alone.
    bool any_waits_after() const {
        return std::ranges::any_of(plan_.topology.poolers[index_], [&](Index i) { return waits_after(i); });
    }
    bool waits_after(Index i) const {
        const auto& session = plan_.poolers[i].session;
        if (!session) return false;
        const auto clients = clients_after(i);
        return !clients || *clients > session->held;
    }
    std::optional<Connections> clients_after(Index i) const {
        Connections clients;
        for (const Index p : plan_.topology.clients[i]) {
            const auto& allocated = plan_.pools[p].after.allocated;
            if (!allocated) return std::nullopt;
            clients += allocated->value;
        }
        return clients;
    }

    /// What is left of it once max_client_conn lets all clients in: those wait, too.
    Outage then(Outage outage) const {
        if (outage.kind != Outage::Kind::session_clients) return outage;
        const auto& process = plan_.poolers[model::process_of(fleet_, outage.pooler)].clients;
        const auto clients = clients_after(outage.pooler);
        if (clients && process && !process->unsolved()) outage.needs = *clients;
        return outage;
    }

    /// Is no hard limit exceeded with those parts of the plan, except what remains? Clients that a pooler refuses have
    /// a setting of their own.
    bool ended(const Parts& parts) const {
        const DatabaseDemand then = demand(parts);
        if (!then.allocated || then.allocated->value > usable(parts)) return false;
        if (parts.limit && !parts.cls && !may_carry(fleet_, plan_, index_, then, *r_.max_connections)) return false;
        if (parts.cls && ((mine_.load && cpu_there() >= 1) || assess::out_of_credits(mine_.chosen))) return false;
        for (const Index pool : plan_.topology.pools[index_])
            if (grows_without_end(plan_.pools[pool], parts.sizes, parts.cls)) return false;
        return std::ranges::all_of(curable_, [&](const Outage& outage) {
            switch (outage.kind) {
                case Outage::Kind::pool_load:
                case Outage::Kind::session_clients:
                    return parts.sizes;
                case Outage::Kind::pooler_clients:
                    return parts.sizes || !plan_.poolers[outage.pooler].clients->by_sizes();
                case Outage::Kind::cpu_load:
                case Outage::Kind::credits:
                    return parts.cls;
                case Outage::Kind::pooler_load:
                    return parts.sizes && carried(outage.pooler, planned(parts));
                default:
                    return true;
            }
        });
    }
    bool deploys(const Parts& parts) const {
        const auto& peak = demand(parts).deploy_peak;
        return peak && peak->value <= usable(parts);
    }
    bool ended() const {
        return ended({true, r_.max_connections.has_value(), r_.cls != fleet_.databases[index_].type});
    }
    Connections planned(const Parts& parts) const {
        if (parts.limit) return *r_.max_connections;
        return (parts.cls ? mine_.chosen.limits : mine_.budget.limits).max_planned.value;
    }

    /// Does the server side of the pooler carry its clients' load at that max_connections?
    bool carried(Index pooler, Connections max_connections) const {
        const PoolerPlan& plan = plan_.poolers[pooler];
        if (!plan.load || !is_overloaded(*plan.load)) return true;
        if (!plan.size) return carries(*plan.load, plan.load->size);
        const Pooler& record = fleet_.poolers[pooler];
        if (record.kind != Pooler::Kind::proxy) return carries(*plan.load, Connections(plan.size->value));
        return carries(*plan.load, Connections(plan.size->value * max_connections.value / 100));
    }

    /// The CPU demand of workloads on the recommended class, at most.
    double cpu_there() const {
        const Interval<double> demand(mine_.load->cpu_demand.value.value);
        return assess::cpu_on(*fleet_.databases[index_].type, *r_.cls, demand).high;
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const DatabasePlan& mine_;
    const Recommendation& r_;
    std::vector<WayOut> ways_;
    std::vector<Outage> unended_, curable_;
};

}  // namespace

std::optional<DatabaseDemand> demand_of_poolers(const Fleet& fleet, const Plan& plan, Index index,
                                                const std::vector<Change>& changes, Recorder r) {
    const Candidate& today = today_of(fleet, plan, index);
    if (today.fits || !only_connections(today) || changes.empty()) return std::nullopt;
    DatabaseDemand then = demand_with(fleet, plan, changes).at(index);
    if (least_steady(then) > plan.databases[index].budget.limits.usable.value) return std::nullopt;
    if (!r.on()) return then;
    const FigureId limit = plan.databases[index].budget.limits.usable.id;
    const auto derive = [&](std::optional<Figure<Connections>>& figure, Name name) {
        if (figure)
            figure->id = r.by_model({{Subject::Kind::database, index}, name, Phase::after, nullptr, "smaller_pooler"},
                                    assess::measured(figure->value), Model::largest_that_fits, {}, {&limit, 1});
    };
    derive(then.allocated, Name::connections_allocated);
    derive(then.deploy_peak, Name::connections_deploy_peak);
    derive(then.services, Name::connections_services);
    derive(then.failover_peak, Name::connections_failover_peak);
    for (FailoverCase& loss : then.losses) {
        const Key key{{Subject::Kind::database, index},
                      Name::connections_failover_from,
                      Phase::after,
                      today.cls,
                      *fleet.databases[loss.from].name};
        loss.figure = r.by_model(key, assess::measured(loss.peak), Model::largest_that_fits, {}, {&limit, 1});
    }
    return then;
}

WaysOut ways_out(const Fleet& fleet, const Plan& plan, Index database, bool pools_change, Recorder recorder) {
    return Ways(fleet, plan, database).find(pools_change, recorder);
}

}  // namespace poolfit::plan
