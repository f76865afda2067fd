#include "outage.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <poolfit/model/copies.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/plan/strategy.hpp>

namespace poolfit::plan {

namespace {

using assess::Term;

class Ways {
public:
    Ways(const Fleet& fleet, const Plan& plan, Index index)
        : fleet_(fleet), plan_(plan), index_(index), mine_(plan.databases[index]), r_(mine_.recommendation) {}

    WaysOut find(bool pools_change) {
        for (const Outage& outage : r_.outages) {
            if (stays(outage))
                unended_.push_back(then(outage));
            else
                curable_.push_back(outage);
        }
        search(pools_change);
        if (ways_.empty()) unended_.clear();
        return {std::move(ways_), std::move(unended_)};
    }

private:
    void search(bool pools_change) {
        if (curable_.empty()) return;
        if (all_are({})) return more_clients();
        own(pools_change);
        if (ways_.empty() || ways_.front().kind != WayOut::Kind::limit) by_mode();
        if (!all_are({Outage::Kind::connections})) return;
        if (ways_.empty()) by_pooler();
        fewer_instances();
    }

    /// Is every outage that can be ended of these kinds, or about clients that a pooler refuses?
    bool all_are(std::initializer_list<Outage::Kind> kinds) const {
        return std::ranges::all_of(curable_, [&](const Outage& outage) {
            return outage.kind == Outage::Kind::pooler_clients || std::ranges::find(kinds, outage.kind) != kinds.end();
        });
    }

    /// Is it about a pooler that the plan has no answer for? What else is over has one all the same.
    bool stays(const Outage& outage) const {
        switch (outage.kind) {
            case Outage::Kind::pooler_clients:  // more than any max_client_conn accepts
                return plan_.poolers[outage.pooler].clients->unsolved();
            case Outage::Kind::session_clients:
                return !plan_.poolers[outage.pooler].to_transaction && waits_after(outage.pooler);
            case Outage::Kind::pooler_load:
                return !carried(outage.pooler);
            default:
                return false;
        }
    }

    WayOut& add(WayOut::Kind kind) {
        WayOut& way = ways_.emplace_back();
        way.kind = kind;
        way.usable = mine_.chosen.limits.usable.value;
        way.steady = least_steady(mine_.after);
        return way;
    }

    /// Where poolers refuse clients, and nothing else is over.
    void more_clients() {
        for (const Outage& outage : curable_) {
            WayOut& way = ways_.empty() ? add(WayOut::Kind::pooler_clients) : ways_.front();
            if (way.poolers.empty()) way.pooler = outage.pooler;
            way.poolers.push_back({outage.pooler, plan_.poolers[outage.pooler].clients->enough->value});
        }
    }

    /// What the recommendation does about it, where that is enough.
    void own(bool pools_change) {
        if (r_.summary.kind == Summary::Kind::smaller_pooler) return by_pooler();
        if (!ended()) return;
        if (!mine_.by_strategy.empty()) {
            WayOut& way = add(WayOut::Kind::strategy);
            way.strategy = mine_.by_strategy;
            // Where today's class carries it, the move to another one is a saving and no way out.
            if (!r_.max_connections && today_of(fleet_, plan_, index_).fits)
                way.usable = mine_.budget.limits.usable.value;
            raise(way);
            return;
        }
        if (r_.max_connections) return raise(add(WayOut::Kind::limit));
        const Candidate& today = today_of(fleet_, plan_, index_);
        if (pools_change && (today.fits || r_.cls == today.cls || pools_end_it())) {
            if (const auto changes = poolers_alone(); !changes.empty())
                add_poolers(changes);
            else
                add(WayOut::Kind::pools).usable = mine_.budget.limits.usable.value;
        }
        if (ways_.empty() && r_.cls != today.cls) {
            WayOut& way = add(WayOut::Kind::cls);
            way.alone = least_steady(mine_.demand) <= way.usable;
        }
    }

    /// Is nothing hard exceeded on today's class with the recommended pools? Then the move to another is a step of its
    /// own, for a share of the policy, say.
    bool pools_end_it() const {
        return all_are({Outage::Kind::connections}) && least_steady(mine_.after) <= mine_.budget.limits.usable.value;
    }

    /// To the limit of the recommendation, where it has one.
    void raise(WayOut& way) const {
        if (!r_.max_connections) return;
        way.from = mine_.budget.limits.max_planned.value;
        way.to = *r_.max_connections;
        way.most = mine_.budget.limits.max_expected->value.low;
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
        WayOut& way = add(WayOut::Kind::pooler_share);
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
        // No class ends what a mode does.
        if (!ways_.empty() && (ways_.front().kind == WayOut::Kind::pools || ways_.front().kind == WayOut::Kind::cls ||
                               ways_.front().kind == WayOut::Kind::pooler_share))
            ways_.erase(ways_.begin());
        WayOut mode;
        mode.kind = WayOut::Kind::pooler_mode;
        mode.pooler = poolers.front();
        for (const Index i : poolers) {
            const auto& size = plan_.poolers[i].size;
            mode.poolers.push_back({i, size ? size->value : 0});
        }
        mode.count = mode.poolers.front().count;
        const DatabaseDemand then = alone(modes);
        const bool enough = least_steady(then) <= usable;
        mode.steady = enough ? least_steady(then) : least_steady(mine_.after);
        mode.alone = enough;
        mode.usable = enough ? usable : mine_.chosen.limits.usable.value;
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

    /// Nothing hard is exceeded with the recommended pools on the recommended class, but for what stays.
    bool ended() const {
        if (!mine_.after.allocated || mine_.after.allocated->value > mine_.chosen.limits.usable.value) return false;
        if (mine_.load && cpu_there() >= 1) return false;
        if (assess::out_of_credits(mine_.chosen)) return false;
        for (const Index pool : plan_.topology.pools[index_]) {
            const auto& load = plan_.pools[pool].load;
            if (load && (load->cpu_full || (load->after && load->after->figures.overloaded))) return false;
        }
        return true;
    }

    /// Does the server side of the pooler carry its clients' load on the recommended class?
    bool carried(Index pooler) const {
        const PoolerPlan& plan = plan_.poolers[pooler];
        if (!plan.load || !is_overloaded(*plan.load)) return true;
        if (!plan.size) return false;
        const Pooler& record = fleet_.poolers[pooler];
        if (record.kind != Pooler::Kind::proxy) return carries(*plan.load, Connections(plan.size->value));
        return carries(*plan.load, Connections(plan.size->value * mine_.chosen.limits.max_planned.value.value / 100));
    }

    /// What workloads ask of the recommended class's CPU, at most.
    double cpu_there() const {
        const Interval<double> demand(mine_.load->cpu_demand.value.value);
        return assess::cpu_on(*fleet_.databases[index_].type, *r_.cls, demand).high;
    }

    /// The most instances of one service, of those that autoscaling may start, with today's sizes.
    void fewer_instances() {
        if (!mine_.demand.allocated || !mine_.demand.deploy_peak) return;
        const Connections usable = mine_.budget.limits.usable.value;
        const std::int64_t steady = least_steady(mine_.demand).value;
        const std::int64_t limit = allowed(mine_, Dimension::connections_steady).value;
        std::optional<WayOut> best;
        std::int64_t most = 0;
        std::set<Index> services;
        for (const Index p : plan_.topology.pools[index_]) services.insert(fleet_.pools[p].service);
        for (const Index s : services) {
            const Interval<std::int64_t>& instances = *fleet_.services[s].instances;
            std::int64_t of_one = 0;
            for (const Index p : fleet_.services[s].pools)
                if (fleet_.pools[p].database == index_ && plan_.pools[p].declared)
                    of_one += model::copies_of_instance(fleet_, fleet_.pools[p]) * plan_.pools[p].declared->value.value;
            if (instances.is_point() || of_one <= 0 || of_one * instances.high <= most) continue;
            const std::int64_t too_many = (steady - limit + of_one - 1) / of_one;
            const std::int64_t count = most_in_deploy(s, instances.high - std::max<std::int64_t>(too_many, 0));
            if (count < std::max<std::int64_t>(instances.low, 1)) continue;
            most = of_one * instances.high;
            WayOut& way = best.emplace();
            way.kind = WayOut::Kind::instances;
            way.service = s;
            way.count = count;
            way.usable = usable;
            way.steady = Connections(steady - of_one * (instances.high - count));
        }
        if (best) ways_.push_back(*best);
    }

    /// No more than so many of them, and none that a deploy is too many with.
    std::int64_t most_in_deploy(Index service, std::int64_t count) const {
        Fleet fewer;
        fewer.services.push_back(fleet_.services[service]);
        std::int64_t each = 0;
        for (const Index p : fleet_.services[service].pools)
            if (fleet_.pools[p].database == index_ && plan_.pools[p].declared)
                each += model::copies_of_instance(fleet_, fleet_.pools[p]) * plan_.pools[p].declared->value.value;
        const std::int64_t others = least_deploy(mine_.demand).value - each * plan_.deploy_instances[service].value;
        const std::int64_t limit = allowed(mine_, Dimension::connections_deploy).value;
        for (; count > 0; --count) {
            fewer.services.front().instances.value.high = count;
            const std::int64_t at_once = assess::deploy_instances(fewer, 0, Recorder()).value;
            if (others + each * at_once <= limit) return count;
            const std::int64_t over = others + each * at_once - limit;
            count -= std::max<std::int64_t>(0, over / (each * 4) - 1);  // far off: not one by one
        }
        return 0;
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
            figure->id = r.by_model({{Subject::Kind::database, index}, name, Phase::after, nullptr, "smaller pooler"},
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

WaysOut ways_out(const Fleet& fleet, const Plan& plan, Index database, bool pools_change) {
    return Ways(fleet, plan, database).find(pools_change);
}

}  // namespace poolfit::plan
