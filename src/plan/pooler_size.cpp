#include "pooler_size.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/session_needs.hpp>
#include <poolfit/plan/fit.hpp>

#include "pooler_fit.hpp"

namespace poolfit::plan {

namespace {

/// Servers with the limits of the recommended classes.
class Servers {
public:
    Servers(const Fleet& fleet, const Plan& plan, const Classes& on) : fleet_(fleet), plan_(plan), on_(on) {}

    const Limits& limits(Index database) {
        const auto found = limits_.find(database);
        if (found != limits_.end()) return found->second;
        const Offer& offer = plan_.market->offer(database, *on_[database]);
        return limits_.emplace(database, assess::limits(fleet_, *plan_.market, database, offer, {})).first->second;
    }
    ServerOf with(const Demand& demand) {
        return [this, &demand](Index i) {
            const Limits& there = limits(i);
            return ServerDemand{there.usable.value.value,
                                assess::demand_at(fleet_, demand.databases[i], there, i, on_[i], Phase::after, {})};
        };
    }

private:
    const Fleet& fleet_;
    const Plan& plan_;
    const Classes& on_;
    std::map<Index, Limits> limits_;
};

class PoolerSizer {
public:
    PoolerSizer(const Fleet& fleet, Plan& plan, const PoolLoads& loads, const Demand& now,
                const std::vector<PoolSize>& recommended, const Classes& on, Sizer& sizer, Recorder r, int threads)
        : fleet_(fleet),
          plan_(plan),
          loads_(loads),
          now_(now),
          recommended_(recommended),
          on_(on),
          sizer_(sizer),
          r_(r),
          threads_(threads),
          asked_(with_poolers(fleet, plan.topology)),
          servers_(fleet, plan, on) {}

    void make() {
        plan_.poolers.resize(fleet_.poolers.size());
        if (fleet_.poolers.empty()) return;
        for (const Database& database : fleet_.databases) classes_.push_back(database.type);
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            judge(i);
            if (!to_transaction(i) && !plan_.poolers[i].session) {
                by_use(i);
                const auto& used = plan_.poolers[i].used;
                const bool by_both = used && used->queues_at_peak();  // by_use counts loads too
                if (!plan_.poolers[i].size && !by_both) by_load(i);
            }
            if (!plan_.poolers[i].size) keep_share(i);
        }
        // On today's class first: a size that fits there ends an outage before a class changes.
        Servers today(fleet_, plan_, classes_);
        by_limits(today);
        by_deploy();
        if (classes_ != on_) by_limits(servers_);
        // What was settled has one derivation, however often it was sized on the way.
        if (!r_.on()) return;
        for (Index i = 0; i < fleet_.poolers.size(); ++i)
            if (plan_.poolers[i].size) derive(i);
    }

private:
    std::vector<PoolerSize> sizes() const {
        std::vector<PoolerSize> all;
        for (const PoolerPlan& pooler : plan_.poolers) all.push_back(pooler.size);
        return all;
    }

    Demand with_sizes() const {
        Demand then =
            assess::demand(fleet_, *plan_.market, recommended_, Phase::after, Recorder(), sizes(), threads_, asked_);
        keep_shares(plan_, then);
        return then;
    }

    void by_limits(Servers& servers) {
        const Demand then = with_sizes();
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!plan_.topology.poolers[i].empty()) by_limit(servers, then, i);
    }

    Limits today(Index database) const {
        const Offer& offer = plan_.market->offer(database, *fleet_.databases[database].type);
        return assess::limits(fleet_, *plan_.market, database, offer, {});
    }

    void judge(Index i) {
        const Pooler& pooler = fleet_.poolers[i];
        const SizeOf today_or_then = [this](Index p) {
            const PoolSize &declared = plan_.pools[p].declared, &then = recommended_[p];
            if (!declared || !then) return PoolSize();
            return declared->value > then->value ? declared : then;
        };
        const auto clients = opened_by(fleet_, plan_.topology.clients[i], today_or_then);
        const Limits limits = today(pooler.database);
        PoolerPlan& plan = plan_.poolers[i];
        plan.load = load_pooler(fleet_, plan_, i, loads_, recommended_, limits.max_planned.value, sizer_);
        plan.used = pooler_use(fleet_, plan_, loads_, i, recommended_, clients, limits.max_planned.value, sizer_, {});
        plan.session = session_side(fleet_, plan_, now_, i, limits.usable.value);
        if (!plan.session) return;
        for (const Index p : plan_.topology.clients[i]) {
            if (!model::session_needs_known(fleet_.pools[p])) plan.breaks.push_back({p, {}});
            for (const SessionNeed& need : model::session_needs(fleet_.pools[p])) plan.breaks.push_back({p, need});
        }
    }

    SizeOf recommended_sizes() const {
        return [this](Index p) { return recommended_[p]; };
    }

    /// With the recommended pools.
    ServerSide side(Index pooler, Connections max_connections) const {
        ServerSide side = server_side(fleet_, plan_, pooler, recommended_sizes(), max_connections);
        const Pooler& of = fleet_.poolers[pooler];
        side.stay_above(platform::least_share(of.kind, *on_[of.database]));
        return side;
    }

    /// Server connections that a pooler can open, whatever its clients ask for.
    std::int64_t most_of_session(Index pooler) const {
        return ServerSide(fleet_.poolers[pooler], Connections(), {}, {}).steady_today();
    }

    bool measured(const PoolerLoad& load) const { return load.smallest && load.silent.empty(); }

    /// Out of session mode, where it lets clients hang or its server be over: with the size that its load needs, else
    /// the largest that fits beside today's pools. What no pooler can keep in transaction mode stays as it is.
    bool to_transaction(Index i) {
        PoolerPlan& plan = plan_.poolers[i];
        if (!plan.session) return false;
        // Of pools that grow for their load.
        const std::optional<Connections> then = clients_of(fleet_, plan_, i, recommended_sizes(), false);
        const bool grown = then && *then > Connections(most_of_session(i));
        if (!plan.session->waits() && !plan.session->over && !grown) return false;
        if (then && !grown && fits_with_sizes(i)) return false;
        if (std::ranges::any_of(plan.breaks, [](const Broken& broken) { return broken.need && broken.need->loses; }))
            return false;
        plan.to_transaction = true;
        const Pooler& pooler = fleet_.poolers[i];
        if (plan.load && measured(*plan.load)) {
            take(i, plan.load->smallest->value, PoolerPlan::Basis::load);
            return true;
        }
        if (plan.used && plan.used->measured()) {
            take(i, plan.used->enough.value.value, PoolerPlan::Basis::use);
            return true;
        }
        const SizeOf declared = [this](Index p) { return plan_.pools[p].declared; };
        Servers servers(fleet_, plan_, classes_);
        const Leeway room(fleet_, plan_.topology, servers.with(now_), pooler.database);
        const Connections most = servers.limits(pooler.database).max_planned.value;
        PoolerPart part(fleet_, i, server_side(fleet_, plan_, i, declared, most), {});
        if (plan.load && plan.load->smallest)
            part.least = plan.load->smallest->value;
        else if (plan.load && plan.load->nesting)
            part.least = least_carrying(*plan.load);
        if (plan.used)
            part.least = std::max(
                part.least, plan.used->queues_at_peak() ? plan.used->enough.value.value : plan.used->typical.value);
        if (part.least > part.from) {  // the known part of its load needs more
            const bool by_load =
                !plan.used || (plan.load && plan.load->smallest && plan.load->smallest->value >= part.least);
            take(i, part.least, by_load ? PoolerPlan::Basis::load : PoolerPlan::Basis::use);
            return true;
        }
        if (room.fits(0, 0, true)) return true;
        if (!shrink(part, room, true) && !room.fits(0, 0, false)) shrink(part, room, false);
        take(i, part.size, PoolerPlan::Basis::limit);
        return true;
    }

    /// With the recommended pools and today's poolers: made once, for fleets have many poolers.
    const Demand& with_recommended() {
        if (!with_recommended_)
            with_recommended_ =
                assess::demand(fleet_, *plan_.market, recommended_, Phase::after, Recorder(), {}, threads_, asked_);
        return *with_recommended_;
    }

    /// Are the recommended sizes of its clients' pools enough, inside the policy's limits?
    bool fits_with_sizes(Index i) {
        const auto changes = [this](Index p) {
            const PoolSize& now = plan_.pools[p].declared;
            return !now || now->value != recommended_[p]->value;
        };
        if (std::ranges::none_of(plan_.topology.clients[i], changes)) return false;
        Servers servers(fleet_, plan_, classes_);
        const Demand& demand = with_recommended();
        return Leeway(fleet_, plan_.topology, servers.with(demand), fleet_.poolers[i].database).fits(0, 0, false);
    }

    /// Session mode: the new instances of a deploy hang where it opens fewer connections than both need; larger, if its
    /// server has room beside all other sizes. Of several as many as there is room for, those that take least first.
    void by_deploy() {
        std::vector<ShortInDeploy> all;
        for (Index i = 0; i < fleet_.poolers.size(); ++i)
            if (const auto one = short_in_deploy(fleet_, plan_, i, recommended_sizes())) all.push_back(*one);
        if (all.empty()) return;
        std::ranges::sort(all, [&](const ShortInDeploy& a, const ShortInDeploy& b) {
            return a.more != b.more ? a.more < b.more : *fleet_.poolers[a.pooler].name < *fleet_.poolers[b.pooler].name;
        });
        const Demand then = with_sizes();
        std::map<Index, std::int64_t> given;
        for (const ShortInDeploy& one : all) {
            const Index database = fleet_.poolers[one.pooler].database;
            const Leeway room(fleet_, plan_.topology, servers_.with(then), database);
            if (!room.fits(0, given[database] + one.more, true)) continue;
            given[database] += one.more;
            take(one.pooler, one.size, PoolerPlan::Basis::clients);
        }
    }

    /// RDS Proxy, whose size is a share of a limit that is not known.
    bool is_share_of_unknown(Index i) const {
        const Pooler& pooler = fleet_.poolers[i];
        return pooler.kind == Pooler::Kind::proxy && !assess::knows_limit(fleet_.databases[pooler.database]);
    }

    /// A pooler that shares: never smaller while one of its clients is silent.
    void by_load(Index i) {
        PoolerPlan& plan = plan_.poolers[i];
        if (!plan.load || !plan.load->shares || is_share_of_unknown(i)) return;
        const Pooler& pooler = fleet_.poolers[i];
        if (!plan.load->smallest) {
            // No size is known to meet the goal: at least one that carries what is known of the load.
            if (!is_overloaded(*plan.load) && !is_short(*plan.load)) return;
            const ServerSide side = this->side(i, servers_.limits(pooler.database).max_planned.value);
            return take(i, side.size_for(least_carrying(*plan.load)), PoolerPlan::Basis::load);
        }
        const ServerSide side = this->side(i, servers_.limits(pooler.database).max_planned.value);
        const std::int64_t size = side.size_for(plan.load->smallest->value);
        const bool larger = *plan.load->smallest > plan.load->size;
        if (larger ? !is_short(*plan.load) : !measured(*plan.load)) return;
        // Where the clients' own pools keep it below both sizes, nothing would change.
        if (size < side.today() && side.steady(size) == side.steady_today() && side.deploy(size) == side.deploy_today())
            return;
        take(i, size, PoolerPlan::Basis::load);
    }

    /// Larger where its clients' peaks, if they come together, are more than it has; a limit comes before that, since
    /// it is the most that may be busy, not what was seen. Smaller where the use of all is known.
    void by_use(Index i) {
        const PoolerPlan& plan = plan_.poolers[i];
        if (!plan.used || is_share_of_unknown(i)) return;
        const ServerSide side = this->side(i, servers_.limits(fleet_.poolers[i].database).max_planned.value);
        const std::int64_t size = side.size_for(plan.used->enough.value.value);
        if (plan.used->queues_at_peak()) {
            if (size > side.today()) take(i, size, PoolerPlan::Basis::use);
            return;
        }
        if (!plan.used->measured() || size >= side.today()) return;
        if (plan.used->pinned_after.value > 0) return;  // clients may not declare everything that pins a session
        if (side.steady(size) == side.steady_today() && side.deploy(size) == side.deploy_today()) return;
        take(i, size, PoolerPlan::Basis::use);
    }

    /// RDS Proxy, whose size stays: what its share of a larger max_connections keeps. Today's connections, or more
    /// where its clients ask for more and that is no reason for another size on today's class.
    void keep_share(Index i) {
        PoolerPlan& plan = plan_.poolers[i];
        if (fleet_.poolers[i].kind != Pooler::Kind::proxy || is_share_of_unknown(i)) return;
        plan.keeps = now_.poolers[i].server_deploy;
        // What its share of today's class lets the recommended pools open.
        const Connections max_connections = today(fleet_.poolers[i].database).max_planned.value;
        Connections least(side(i, max_connections).deploy_today());
        if (plan.used && (plan.used->measured() || plan.used->queues_at_peak()))
            least = std::max(least, plan.used->enough.value);
        if (plan.load && plan.load->smallest) least = std::max(least, *plan.load->smallest);
        if (plan.load) least = std::max(least, Connections(least_carrying(*plan.load)));
        const Connections kept = pins_of(fleet_, plan_, i, recommended_sizes()).after;
        if (kept.value > 0) least = std::max(least, kept + Connections(typical_use(fleet_, plan_, i)));
        if (least <= plan.keeps->value) return;
        plan.keeps = Figure<Connections>{least, r_.literal(static_cast<double>(least.value)).id};
    }

    void by_limit(Servers& servers, const Demand& then, Index database) {
        const Leeway room(fleet_, plan_.topology, servers.with(then), database);
        if (room.fits(0, 0, true)) return;
        std::vector<PoolerPart> parts;
        for (const Index i : plan_.topology.poolers[database]) {
            const PoolerPlan& plan = plan_.poolers[i];
            if (plan.session && !plan.to_transaction) continue;  // the others would wait until one disconnects
            parts.emplace_back(fleet_, i, side(i, servers.limits(database).max_planned.value), plan.size);
            set_least(fleet_, plan_, parts.back());
        }
        if (!fit_together(parts, fleet_, room)) return;
        for (const PoolerPart& part : parts)
            if (part.size != part.from) take(part.pooler, part.size, PoolerPlan::Basis::limit);
    }

    void take(Index i, std::int64_t size, PoolerPlan::Basis basis) {
        const Pooler& pooler = fleet_.poolers[i];
        PoolerPlan& plan = plan_.poolers[i];
        const bool share = pooler.kind == Pooler::Kind::proxy;
        const bool stopped =
            pooler.max_db_connections && model::db_connections_with(pooler, size) != **pooler.max_db_connections;
        const bool same =
            share ? std::abs(model::share_of(pooler) * model::whole_percent - static_cast<double>(size)) < 1e-9
                  : size == *pooler.default_pool_size && !(stopped && basis == PoolerPlan::Basis::load);
        plan.size.reset();
        if (same || platform::has_fixed_size(*fleet_.databases[pooler.database].platform, pooler)) return;
        plan.basis = basis;
        plan.size = Figure<std::int64_t>{size, {}};
    }

    void derive(Index i) {
        const Pooler& pooler = fleet_.poolers[i];
        PoolerPlan& plan = plan_.poolers[i];
        const std::int64_t size = plan.size->value;
        const PoolerPlan::Basis basis = plan.basis;
        const bool share = pooler.kind == Pooler::Kind::proxy;
        const Key key{{Subject::Kind::pooler, i}, Name::pooler_size};
        std::vector<FigureId> inputs;
        const Offer& offer = plan_.market->offer(pooler.database, *on_[pooler.database]);
        if (basis == PoolerPlan::Basis::limit) {
            const auto& percent = pooler.max_connections_percent;
            inputs.push_back(
                share
                    ? r_.input(assess::pooler_key(i, Name::max_connections_percent),
                               assess::measured(Fraction(model::share_of(pooler))), percent ? percent->place : Place{})
                    : r_.input(assess::pooler_key(i, Name::default_pool_size),
                               assess::measured(*pooler.default_pool_size), pooler.default_pool_size.place));
            inputs.push_back(assess::limits(fleet_, *plan_.market, pooler.database, offer, r_).usable.id);
            plan.size->id = r_.by_model(key, assess::measured(size), Model::largest_that_fits, {}, inputs);
            return;
        }
        if (basis == PoolerPlan::Basis::clients) {
            for (const Index p : plan_.topology.clients[i]) inputs.push_back(recommended_[p]->id);
            plan.size->id = r_.by_model(key, assess::measured(size), Model::each_client, {}, inputs);
            return;
        }
        if (basis == PoolerPlan::Basis::use) {
            const auto used = pooler_use(fleet_, plan_, loads_, i, recommended_, {}, Connections(), sizer_, r_);
            const Limits limits = assess::limits(fleet_, *plan_.market, pooler.database, offer, r_);
            plan.size->id =
                r_.keep<std::int64_t>(
                      key, share ? assess::share_term(size, used->enough, limits.max_planned, r_) : r_(used->enough))
                    .id;
            return;
        }
        for (const Index p : plan_.topology.clients[i])
            if (loads_[p]) inputs.push_back(loads_[p]->offered.id);
        if (share) inputs.push_back(assess::limits(fleet_, *plan_.market, pooler.database, offer, r_).max_planned.id);
        const PoolerLoad& load = *plan.load;
        const Model model = !load.smallest                ? Model::carries_together
                            : load.by_nesting             ? Model::safe_together
                            : load.pinned_after.value > 0 ? Model::beside_pinned
                                                          : Model::smallest_together;
        plan.size->id = r_.by_model(key, assess::measured(size), model, {}, inputs);
    }

    const Fleet& fleet_;
    Plan& plan_;
    const PoolLoads& loads_;
    const Demand& now_;
    const std::vector<PoolSize>& recommended_;
    const Classes& on_;
    Classes classes_;  ///< today's
    Sizer& sizer_;
    Recorder r_;
    int threads_;
    std::vector<char> asked_;  ///< by database, whose demand decides on poolers
    std::optional<Demand> with_recommended_;
    Servers servers_;
};

}  // namespace

void size_poolers(const Fleet& fleet, Plan& plan, const PoolLoads& loads, const Demand& now,
                  const std::vector<PoolSize>& recommended, const Classes& on, Sizer& sizer, Recorder recorder,
                  int threads) {
    PoolerSizer(fleet, plan, loads, now, recommended, on, sizer, recorder, threads).make();
}

}  // namespace poolfit::plan
