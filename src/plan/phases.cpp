// The plan in phases: prerequisites first, then gain over risk.
#include <algorithm>
#include <iterator>
#include <utility>

#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/fit.hpp>
#include <poolfit/platform/platform.hpp>

#include "phase_parts.hpp"
#include "pooler_size.hpp"
#include "storage.hpp"
#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

bool ended_by(const Recommendation& r, WayOut::Kind kind) { return !r.ways.empty() && r.ways.front().kind == kind; }

bool ends_with_sizes(const Recommendation& r) {
    return ended_by(r, WayOut::Kind::pools) || (!r.ways.empty() && r.ways.front().with_sizes);
}

/// Servers whose plan is based on other sizes of pools or poolers while no strategy with those sizes is recommended,
/// since they do not fit somewhere else: those of a primary and its replicas that carry them.
std::vector<Index> own_way(const Fleet& fleet, const Plan& plan) {
    std::vector<Index> all;
    for (Index primary = 0; primary < fleet.databases.size(); ++primary) {
        if (fleet.databases[primary].replica_of) continue;
        std::vector<Index> group{primary};
        const auto& replicas = plan.topology.replicas[primary];
        group.insert(group.end(), replicas.begin(), replicas.end());
        for (const Index i : group) {
            const DatabasePlan& mine = plan.databases[i];
            if (mine.recommendation.leaves_class_open() || !mine.after.allocated) continue;
            if (mine.recommendation.summary.kind == Summary::Kind::smaller_pooler) continue;  // beside today's pools
            const bool over = std::ranges::any_of(mine.chosen.checks, [](const Check& check) {
                return check.standing == Standing::over && check.dimension <= Dimension::connections_deploy;
            });
            const bool change = std::ranges::any_of(plan.topology.poolers[i],
                                                    [&](Index p) { return plan.poolers[p].size.has_value(); }) ||
                                std::ranges::any_of(plan.topology.pools[i], [&](Index p) {
                                    return changes(plan.pools[p].declared, plan.pools[p].advice.size);
                                });
            if (change && (!over || ends_with_sizes(mine.recommendation))) all.push_back(i);
        }
    }
    return all;
}

/// Does a limit of the server force a pooler's size? That comes before another class.
bool forced_pooler(const Plan& plan, const DatabasePlan& database) {
    const auto index = static_cast<Index>(&database - plan.databases.data());
    return std::ranges::any_of(plan.topology.poolers[index], [&](Index i) {
        return plan.poolers[i].size && plan.poolers[i].basis == PoolerPlan::Basis::limit;
    });
}

/// No class could be judged: for want of an input, or since none passes.
bool lacks_class(const Recommendation& r) {
    return r.leaves_class_open() || (r.verdict == Verdict::over && (r.ways.empty() || !r.missing.empty()));
}

class Phases {
public:
    Phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies)
        : fleet_(fleet),
          plan_(plan),
          strategies_(strategies),
          order_(instance_order(fleet, plan)),
          sized_(fleet.databases.size(), 0),
          limited_(fleet.databases.size(), 0),
          moved_(fleet.databases.size(), 0),
          ended_(fleet.databases.size(), 0),
          let_in_(fleet.poolers.size(), 0) {
        const auto chosen = std::ranges::find_if(strategies, &Strategy::recommended);
        const bool any = chosen != strategies.end();
        resizes_ = any && chosen->role != Strategy::Role::measures;
        if (any && !chosen->changes.empty()) chosen_ = static_cast<std::size_t>(chosen - strategies.begin());
        if (!resizes_ && !strategies.empty()) alone_ = own_way(fleet, plan);
        if (const auto sizing = resizes_ ? chosen_ : base()) sizing_.emplace(fleet, plan, strategies, *sizing);
    }

    std::vector<Action> make() {
        servers();
        let_clients_in([&](Index i) { return !comes_with_sizes(i) && has_room(i); });
        for (Index i = 0; i < fleet_.databases.size(); ++i) end_outage(i, false);
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (takes_limit(i)) raise(i);
        const bool first = !resizes_ || urgent() || blocked();
        if (first) sizes(true);
        for (Index i = 0; i < fleet_.databases.size(); ++i) raise(i);
        let_clients_in([&](Index i) { return !comes_with_sizes(i); });
        for (Action& action : removals(fleet_, plan_)) add(std::move(action));
        for (const Index i : order_) move(i);
        missing();
        sizes(false);
        let_clients_in([](Index) { return true; });
        if (chosen_ && !resizes_) add(Carrier(fleet_, plan_, strategies_, *chosen_).measure());
        for (Action& action : beside_classes(fleet_, plan_)) add(std::move(action));
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (auto action = upgrade_action(fleet_, plan_, i)) add(std::move(*action));
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (auto action = storage_action(plan_, i)) add(std::move(*action));
        for (Action& action : all_) action.rollback = rollback(fleet_, plan_, strategies_, action);
        return std::move(all_);
    }

private:
    void add(Action action) {
        action.phase = ++phases_;
        all_.push_back(std::move(action));
    }
    void with_last(Action action) {
        action.phase = phases_;
        all_.push_back(std::move(action));
    }

    /// What has to be carried out together, as one phase; no part alone is enough.
    void together(std::vector<Action> parts, const WayOut& way) {
        const std::size_t phase = ++phases_;
        Action* last = nullptr;  // but for clients, that come in once the server has room for them
        for (Action& part : parts) {
            part.phase = phase;
            if (part.gain == Action::Gain::takes_clients) continue;
            if (last != nullptr && last->kind == Action::Kind::limit) last->gain = Action::Gain::with_next;
            last = &part;
        }
        const bool limit = last != nullptr && last->kind == Action::Kind::limit && way.to.value > 0;
        const bool several = parts.size() > 1 && way.usable.value > 0;
        if (last != nullptr && last->kind != Action::Kind::instance && (limit || several)) {
            last->gain = Action::Gain::ends_outage;
            last->connections = way.steady;
            if (several) last->usable = way.usable;
        }
        all_.insert(all_.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    }

    /// The first of its ways, whole. Where only sizes are needed they come with those of the other servers, unless
    /// something `now` waits for them.
    void end_outage(Index i, bool now) {
        if (plan_.databases[i].recommendation.ways.empty() || ended_[i] != 0) return;
        const WayOut& way = plan_.databases[i].recommendation.ways.front();
        std::vector<Action> parts;
        const bool of_pooler = way.kind == WayOut::Kind::pooler_mode || way.kind == WayOut::Kind::pooler_share;
        const bool cls = way.with_class || way.kind == WayOut::Kind::cls;
        bool sizes = way.with_sizes || way.kind == WayOut::Kind::pools || way.kind == WayOut::Kind::strategy;
        // What pools and poolers carry is not known while the CPU is full.
        sizes |= cls && std::ranges::any_of(plan_.databases[i].recommendation.outages,
                                            [](const Outage& outage) { return outage.kind == Outage::Kind::cpu_load; });
        if (of_pooler && resizes(way.pooler))
            sizes = true;
        else if (of_pooler || way.kind == WayOut::Kind::instances)
            parts.push_back(outage_action(fleet_, plan_, i, way));
        const bool limit = way.to.value > 0 || (sizes && takes_limit(i));
        if (!now && sizes && !limit && !cls && !refuses(i) && parts.empty()) return;
        ended_[i] = 1;
        if (way.kind == WayOut::Kind::pooler_clients) return;
        std::optional<Action> pools = sizes && sized_[i] == 0 ? pools_of(i) : std::nullopt;
        if (pools) sized_[i] = 1;
        // What shrinks goes first, what grows last.
        const DatabasePlan& mine = plan_.databases[i];
        const bool shrinks = least_steady(mine.after) <= least_steady(mine.demand);
        if (pools && shrinks) parts.push_back(*std::exchange(pools, {}));
        if (limit) {
            raise_replicas(i);
            parts.push_back(limit_action(fleet_, plan_, i));
            limited_[i] = 1;
        }
        if (cls) {
            before(i);
            parts.push_back(instance_action(fleet_, plan_, i));
            moved_[i] = 1;
        }
        if (pools) parts.push_back(std::move(*pools));
        for (Action& clients : clients_of(i)) parts.push_back(std::move(clients));
        if (parts.empty())
            ended_[i] = 0;  // by what another server's phase has, or not yet
        else
            together(std::move(parts), way);
    }

    /// Classes that have to be changed before that of `i`.
    void before(Index i) {
        const auto primary = [&](Index k) { return fleet_.databases[k].replica_of.value_or(k); };
        for (const Index other : order_) {
            if (other == i) break;
            if (primary(other) != primary(i)) continue;
            end_outage(other, true);
            move(other);
        }
    }
    void move(Index i) {
        if (moved_[i] != 0) return;
        if (grows_by_load(i) && !waits_for_class(i) && sized_[i] == 0)
            if (std::optional<Action> pools = pools_of(i)) {
                sized_[i] = 1;
                add_sizes(std::move(*pools));
            }
        moved_[i] = 1;
        add(instance_action(fleet_, plan_, i));
    }
    /// A pooler that its clients' load makes larger grows before the class changes: the high end of the class's CPU may
    /// be slower than today's, and holds are longer then.
    bool grows_by_load(Index i) const {
        return std::ranges::any_of(plan_.topology.poolers[i], [&](Index pooler) {
            const PoolerPlan& plan = plan_.poolers[pooler];
            return plan.size && plan.basis == PoolerPlan::Basis::load &&
                   plan.after.server.value > plan.now.server.value;
        });
    }
    /// Do the plan's sizes not fit under today's limit? Then it is raised before they are set.
    bool takes_limit(Index i) const {
        const DatabasePlan& mine = plan_.databases[i];
        return mine.recommendation.max_connections && least_deploy(mine.after) > mine.budget.limits.usable.value;
    }

    /// Before their primary's: with fewer they would not start.
    void raise_replicas(Index i) {
        for (const Index replica : plan_.topology.replicas[i]) {
            if (!plan_.databases[replica].recommendation.max_connections) continue;
            end_outage(replica, true);
            raise(replica);
        }
    }
    void raise(Index i) {
        raise_replicas(i);
        if (!plan_.databases[i].recommendation.max_connections || std::exchange(limited_[i], 1) != 0) return;
        add(limit_action(fleet_, plan_, i));
    }

    /// Does a pooler in front of it refuse clients today, and has the plan another max_client_conn?
    bool refuses(Index i) const {
        return std::ranges::any_of(plan_.databases[i].recommendation.outages, [&](const Outage& outage) {
            return outage.kind == Outage::Kind::pooler_clients && let_in_[outage.pooler] == 0 &&
                   plan_.poolers[outage.pooler].clients->enough;
        });
    }
    /// What no phase has done so far for the clients of the poolers in front of it, with the plan's sizes too.
    std::vector<Action> clients_of(Index i) {
        std::vector<Action> all;
        for (const Index pooler : plan_.topology.poolers[i]) {
            const Index process = model::process_of(fleet_, pooler);
            if (let_in_[process] != 0) continue;
            if (auto action = clients_action(fleet_, plan_, process)) {
                all.push_back(std::move(*action));
                let_in_[process] = 1;
            }
        }
        return all;
    }
    /// All in one phase: a reload costs nothing.
    void let_clients_in(const auto& may) {
        bool begun = false;
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            if (let_in_[i] != 0) continue;
            auto action = clients_action(fleet_, plan_, i);
            if (!action || !may(i)) continue;
            std::exchange(begun, true) ? with_last(std::move(*action)) : add(std::move(*action));
            let_in_[i] = 1;
        }
    }
    bool comes_with_sizes(Index process) const { return clients_need_sizes(fleet_, plan_, process); }
    bool has_room(Index process) const { return servers_have_room(fleet_, plan_, process); }

    /// Does the recommended strategy change the pooler?
    bool resizes(Index pooler) const {
        return resizes_ && chosen_ && std::ranges::any_of(strategies_[*chosen_].changes, [&](const Point& change) {
                   return change.kind == Point::Kind::resize_pooler && change.pooler == pooler;
               });
    }

    /// The recommended strategy on one server, or the sizes that its plan is based on without one.
    std::optional<Action> pools_of(Index i) const {
        if (!sizing_ || (!resizes_ && std::ranges::find(alone_, i) == alone_.end())) return std::nullopt;
        Action action = sizing_->pools({i});
        return has_change(action) ? std::optional(std::move(action)) : std::nullopt;
    }
    /// The strategy of right-sized pools, where servers go their own way with it.
    std::optional<std::size_t> base() const {
        if (alone_.empty()) return std::nullopt;
        const auto base = std::ranges::find(strategies_, Strategy::Role::base, &Strategy::role);
        return static_cast<std::size_t>(base - strategies_.begin());
    }

    /// What no phase has carried out so far; `early`: before classes change, where it fits today's.
    void sizes(bool early) {
        std::vector<Index> servers;
        const auto take = [&](Index i) {
            if (early && waits_for_class(i)) return;
            if (std::exchange(sized_[i], 1) == 0) servers.push_back(i);
        };
        if (!resizes_) {
            for (const Index i : alone_) take(i);
            if (servers.empty()) return;
        } else {
            if (!chosen_) return;
            for (const StrategyDatabase& server : strategies_[*chosen_].databases) take(server.database);
        }
        if (Action pools = sizing_->pools(std::move(servers)); has_change(pools)) add_sizes(std::move(pools));
    }
    /// With the clients that the sizes bring.
    void add_sizes(Action pools) {
        std::vector<Action> with;
        for (const Index i : pools.databases) std::ranges::move(clients_of(i), std::back_inserter(with));
        add(std::move(pools));
        for (Action& clients : with) with_last(std::move(clients));
    }
    /// Do the plan's sizes need the class that the plan moves to?
    bool waits_for_class(Index i) const {
        const DatabasePlan& mine = plan_.databases[i];
        if (moved_[i] != 0 || mine.recommendation.cls == fleet_.databases[i].type || limited_[i] != 0) return false;
        const Connections usable = mine.budget.limits.usable.value;
        const auto outgrows = [&](Connections now, Connections then) { return then > usable && then > now; };
        return outgrows(least_steady(mine.demand), least_steady(mine.after)) ||
               outgrows(least_deploy(mine.demand), least_deploy(mine.after));
    }

    /// Over a limit today, and the pools alone fix it.
    bool urgent() const {
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const DatabasePlan& mine = plan_.databases[i];
            const Recommendation& r = mine.recommendation;
            if (sized_[i] != 0) continue;
            if (r.verdict == Verdict::repool && mine.now.checks.any_over()) return true;
            if (r.verdict != Verdict::over) continue;
            if (forced_pooler(plan_, mine)) return true;
            if (ended_by(r, WayOut::Kind::pooler_clients) && comes_with_sizes(r.ways.front().pooler)) return true;
            for (const WayOut::Kind kind :
                 {WayOut::Kind::pools, WayOut::Kind::strategy, WayOut::Kind::pooler_mode, WayOut::Kind::pooler_share})
                if (ended_by(r, kind)) return true;
        }
        return false;
    }
    bool blocked() const {
        return std::ranges::any_of(order_, [&](Index i) { return moved_[i] == 0 && pools_first(fleet_, plan_, i); });
    }

    /// What a server is comes before all that depends on it; of a replica that is as its primary, with that one.
    void servers() {
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (fleet_.databases[i].type->unknown && asks(i, i)) add(missing_action(plan_, i));
    }
    bool asks(Index of, Index about) const {
        return std::ranges::any_of(plan_.databases[of].recommendation.missing, [&](const MissingInput& input) {
            return input.kind == MissingInput::Kind::server && input.database == about;
        });
    }
    void missing() {
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const Recommendation& r = plan_.databases[i].recommendation;
            const auto& primary = fleet_.databases[i].replica_of;
            if (fleet_.databases[i].type->unknown || (primary && asks(i, *primary))) continue;  // as above
            if (lacks_class(r) && fleet_.databases[i].platform->has_classes &&
                (r.verdict != Verdict::over || !r.missing.empty()))
                add(missing_action(plan_, i));
        }
    }

    const Fleet& fleet_;
    const Plan& plan_;
    const std::vector<Strategy>& strategies_;
    std::vector<Index> order_;           ///< in which classes change
    std::optional<std::size_t> chosen_;  ///< the recommended strategy, where it changes anything
    bool resizes_ = false;               ///< it is one that changes sizes; else it measures, or none is recommended
    std::vector<Index> alone_;           ///< servers whose sizes no strategy brings
    std::optional<Carrier> sizing_;      ///< of the strategy whose sizes are set
    std::vector<char> sized_, limited_, moved_, ended_, let_in_;  ///< by database, and by pooler: a phase has it
    std::vector<Action> all_;
    std::size_t phases_ = 0;
};

}  // namespace

std::vector<Action> phases(const Fleet& fleet, const Plan& plan, const std::vector<Strategy>& strategies) {
    return Phases(fleet, plan, strategies).make();
}

std::string_view name(Action::Kind kind) {
    constexpr std::string_view names[] = {"instance", "pools",   "pooler", "measure",    "limit",
                                          "upgrade",  "storage", "remove", "serverless", "stop"};
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace poolfit::plan
