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

namespace poolfit::plan {

namespace {

constexpr std::int64_t whole = 100;  // percent

double share_of(const Pooler& pooler) {
    return pooler.max_connections_percent ? pooler.max_connections_percent->value.value : 1.0;
}

std::int64_t floor_of(double value) { return static_cast<std::int64_t>(std::floor(value + assess::hair)); }

}  // namespace

ServerSide::ServerSide(const Pooler& pooler, Connections max_connections, std::optional<Connections> clients,
                       std::optional<Connections> deploying)
    : pooler_(&pooler), max_connections_(max_connections.value), clients_(clients), deploying_(deploying) {}

bool ServerSide::is_share() const { return pooler_->kind == Pooler::Kind::proxy; }

std::int64_t ServerSide::today() const {
    if (!is_share()) return *pooler_->default_pool_size;
    return static_cast<std::int64_t>(std::ceil(share_of(*pooler_) * whole - assess::hair));
}

std::int64_t ServerSide::most_today() const {
    return is_share() ? floor_of(share_of(*pooler_) * static_cast<double>(max_connections_)) : opened({});
}

std::int64_t ServerSide::most(std::int64_t size) const {
    return is_share() ? size * max_connections_ / whole : opened(Figure<std::int64_t>{size, {}});
}

std::int64_t ServerSide::opened(const PoolerSize& size) const {
    return static_cast<std::int64_t>(assess::opened_by_pools(*pooler_, 0, size, Recorder()).value.high);
}

std::int64_t ServerSide::rounded_up(std::int64_t size) const {
    return is_share() ? (size * max_connections_ + whole - 1) / whole : most(size);
}

std::int64_t ServerSide::size_for(std::int64_t connections) const {
    if (!is_share()) return connections;
    if (max_connections_ <= 0) return whole;
    return std::clamp<std::int64_t>((connections * whole + max_connections_ - 1) / max_connections_, 1, whole);
}

namespace {

/// A pooler whose size a limit may force.
struct Part {
    Index pooler = 0;
    ServerSide side;
    std::int64_t from = 0, least = 1, size = 0;
    std::int64_t steady_from = 0, deploy_from = 0;  ///< connections that are in the demand

    Part(Index index, const ServerSide& its, const PoolerSize& planned) : pooler(index), side(its) {
        from = size = planned ? planned->value : side.today();
        steady_from = planned ? side.steady(from) : side.steady_today();
        deploy_from = planned ? side.deploy(from) : side.deploy_today();
    }
    std::int64_t steady() const { return (size == from ? steady_from : side.steady_at_most(size)) - steady_from; }
    std::int64_t deploy() const { return (size == from ? deploy_from : side.deploy_at_most(size)) - deploy_from; }
};

/// Servers with the limits of the classes to be on.
class Servers {
public:
    Servers(const Fleet& fleet, const Plan& plan, const Classes& on) : fleet_(fleet), plan_(plan), on_(on) {}

    const Limits& limits(Index database) {
        const auto found = limits_.find(database);
        if (found != limits_.end()) return found->second;
        const Offer& offer = plan_.market->offer(database, *on_[database]);
        return limits_.emplace(database, assess::limits(fleet_, *plan_.market, database, offer, {})).first->second;
    }
    DatabaseDemand demand(const Demand& of, Index database) {
        return assess::demand_at(of.databases[database], limits(database), database, on_[database], Phase::after, {});
    }
    std::int64_t usable(Index database) { return limits(database).usable.value.value; }
    std::int64_t share(Index database, Fraction of) {
        return floor_of(of.value * static_cast<double>(usable(database)));
    }

private:
    const Fleet& fleet_;
    const Plan& plan_;
    const Classes& on_;
    std::map<Index, Limits> limits_;
};

/// What a server leaves beside a demand.
class Room {
public:
    Room(const Fleet& fleet, const Plan& plan, Servers& servers, const Demand& demand, Index database) {
        const DatabaseDemand mine = servers.demand(demand, database);
        steady_ = servers.share(database, *fleet.policy.connections_steady_max) - least_steady(mine).value;
        deploy_ = servers.share(database, *fleet.policy.connections_deploy_max) - least_deploy(mine).value;
        failover_ = INT64_MAX / 2;
        const auto survives = [&](Index onto, Connections peak) {
            failover_ = std::min(failover_, servers.usable(onto) - peak.value);
        };
        if (mine.failover) survives(database, mine.failover->peak);
        const auto moves = [&](Index onto) {
            survives(onto, assess::failover(fleet, database, servers.demand(demand, onto), mine).peak);
        };
        for (const Index replica : plan.topology.replicas[database]) moves(replica);
        if (const auto& primary = fleet.databases[database].replica_of) moves(*primary);
    }
    bool fits(std::int64_t steady, std::int64_t deploy, bool failover) const {
        return steady <= steady_ && deploy <= deploy_ && (!failover || steady <= failover_);
    }

private:
    std::int64_t steady_ = 0, deploy_ = 0, failover_ = 0;
};

/// The largest size under today's that fits, no less than the least.
bool shrink(Part& part, const Room& room, bool failover) {
    std::int64_t low = part.least, high = part.from - 1;
    const auto fits = [&](std::int64_t size) {
        part.size = size;
        return room.fits(part.steady(), part.deploy(), failover);
    };
    if (high < low || !fits(low)) {
        part.size = part.from;
        return false;
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        fits(middle) ? low = middle : high = middle - 1;
    }
    part.size = low;
    return true;
}

/// All by the same share, then each as large as it can be.
bool shrink_all(std::vector<Part>& parts, const Room& room, bool failover) {
    const auto fits = [&] {
        std::int64_t steady = 0, deploy = 0;
        for (const Part& part : parts) steady += part.steady(), deploy += part.deploy();
        return room.fits(steady, deploy, failover);
    };
    constexpr std::int64_t steps = 1000;
    const auto scale = [&](std::int64_t step) {
        for (Part& part : parts)
            part.size = std::clamp(part.from * step / steps, std::min(part.least, part.from), part.from);
        return fits();
    };
    std::int64_t low = 0, high = steps - 1;
    if (!scale(low)) {
        for (Part& part : parts) part.size = part.from;
        return false;
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        scale(middle) ? low = middle : high = middle - 1;
    }
    scale(low);
    for (Part& part : parts)
        for (bool more = true; more && part.size < part.from;) {
            ++part.size;
            more = fits();
            if (!more) --part.size;
        }
    return true;
}

class PoolerSizer {
public:
    PoolerSizer(const Fleet& fleet, Plan& plan, const PoolLoads& loads, const Demand& now,
                const std::vector<PoolSize>& recommended, const Classes& on, Sizer& sizer, Recorder r)
        : fleet_(fleet),
          plan_(plan),
          loads_(loads),
          now_(now),
          recommended_(recommended),
          on_(on),
          sizer_(sizer),
          r_(r),
          servers_(fleet, plan, on) {}

    void make() {
        plan_.poolers.resize(fleet_.poolers.size());
        if (fleet_.poolers.empty()) return;
        for (const Database& database : fleet_.databases) classes_.push_back(database.type);
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            judge(i);
            if (!to_transaction(i)) by_load(i);
        }
        // On today's class first: what fits there is what ends an outage before a class changes.
        Servers today(fleet_, plan_, classes_);
        by_limits(today);
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

    void by_limits(Servers& servers) {
        const Demand then = assess::demand(fleet_, *plan_.market, recommended_, Phase::after, Recorder(), sizes());
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!plan_.topology.poolers[i].empty()) by_limit(servers, then, i);
    }

    Limits today(Index database) const {
        const Offer& offer = plan_.market->offer(database, *fleet_.databases[database].type);
        return assess::limits(fleet_, *plan_.market, database, offer, {});
    }

    void judge(Index i) {
        const Pooler& pooler = fleet_.poolers[i];
        std::optional<Connections> most = Connections(0);
        for (const Index p : plan_.topology.clients[i]) {
            if (!recommended_[p]) most.reset();
            if (most) *most += Connections(model::copies(fleet_, fleet_.pools[p]) * recommended_[p]->value.value);
        }
        const Limits limits = today(pooler.database);
        PoolerPlan& plan = plan_.poolers[i];
        plan.load = load_pooler(fleet_, i, plan_.topology.clients[i], loads_, most, limits.max_planned.value, sizer_);
        plan.session = session_side(fleet_, plan_, now_, i, limits.usable.value);
        if (!plan.session) return;
        for (const Index p : plan_.topology.clients[i]) {
            if (!model::session_needs_known(fleet_.pools[p])) plan.breaks.push_back({p, {}});
            for (const SessionNeed& need : model::session_needs(fleet_.pools[p])) plan.breaks.push_back({p, need});
        }
    }

    /// Of the clients that have these sizes; `deploy`: in a deploy.
    std::optional<Connections> clients(Index pooler, const std::vector<PoolSize>& sizes, bool deploy) const {
        Connections sum;
        for (const Index p : plan_.topology.clients[pooler]) {
            if (!sizes[p]) return std::nullopt;
            const Index service = fleet_.pools[p].service;
            const std::int64_t instances =
                deploy ? plan_.deploy_instances[service].value : fleet_.services[service].instances->high;
            sum += Connections(model::copies(fleet_, fleet_.pools[p], instances) * sizes[p]->value.value);
        }
        return sum;
    }
    ServerSide side(Index pooler, const std::vector<PoolSize>& sizes, Connections max_connections) const {
        return {fleet_.poolers[pooler], max_connections, clients(pooler, sizes, false), clients(pooler, sizes, true)};
    }

    /// Server connections that a pooler can open, whatever its clients ask for.
    std::int64_t most_of_session(Index pooler) const {
        return ServerSide(fleet_.poolers[pooler], Connections(), {}, {}).steady_today();
    }

    bool measured(const PoolerLoad& load) const { return load.smallest && load.silent.empty(); }

    /// Out of session mode, where it lets clients hang or its server be over: with the size that its load asks for,
    /// else the largest that fits beside today's pools. What no pooler can keep in transaction mode stays as it is.
    bool to_transaction(Index i) {
        PoolerPlan& plan = plan_.poolers[i];
        if (!plan.session) return false;
        const std::optional<Connections> then = clients(i, recommended_, false);  // of pools that grow for their load
        const bool grown = then && *then > Connections(most_of_session(i));
        if (!plan.session->waits() && !plan.session->over && !grown) return false;
        if (std::ranges::any_of(plan.breaks, [](const Broken& broken) { return broken.need && broken.need->loses; }))
            return false;
        plan.to_transaction = true;
        const Pooler& pooler = fleet_.poolers[i];
        if (plan.load && measured(*plan.load)) {
            take(i, plan.load->smallest->value, PoolerPlan::Basis::load);
            return true;
        }
        std::vector<PoolSize> declared;
        for (const PoolPlan& pool : plan_.pools) declared.push_back(pool.declared);
        Servers servers(fleet_, plan_, classes_);
        const Room room(fleet_, plan_, servers, now_, pooler.database);
        Part part(i, side(i, declared, servers.limits(pooler.database).max_planned.value), {});
        if (plan.load && plan.load->smallest) part.least = plan.load->smallest->value;
        if (part.least > part.from) {  // what is known of its load asks for more
            take(i, part.least, PoolerPlan::Basis::load);
            return true;
        }
        if (room.fits(0, 0, true)) return true;
        if (!shrink(part, room, true) && !room.fits(0, 0, false)) shrink(part, room, false);
        take(i, part.size, PoolerPlan::Basis::limit);
        return true;
    }

    /// A pooler that shares: never smaller while one of its clients is silent.
    void by_load(Index i) {
        PoolerPlan& plan = plan_.poolers[i];
        if (!plan.load || !plan.load->shares || !plan.load->smallest) return;
        const Pooler& pooler = fleet_.poolers[i];
        const ServerSide side = this->side(i, recommended_, servers_.limits(pooler.database).max_planned.value);
        const std::int64_t size = side.size_for(plan.load->smallest->value);
        const bool larger = *plan.load->smallest > plan.load->size;
        if (larger ? !is_short(*plan.load) : !measured(*plan.load)) return;
        // Where the clients' own pools keep it below both sizes, nothing would change.
        if (size < side.today() && side.steady(size) == side.steady_today() && side.deploy(size) == side.deploy_today())
            return;
        take(i, size, PoolerPlan::Basis::load);
    }

    void by_limit(Servers& servers, const Demand& then, Index database) {
        const Room room(fleet_, plan_, servers, then, database);
        if (room.fits(0, 0, true)) return;
        std::vector<Part> parts;
        for (const Index i : plan_.topology.poolers[database]) {
            const PoolerPlan& plan = plan_.poolers[i];
            if (plan.session && !plan.to_transaction) continue;  // the others would wait until one disconnects
            Part part(i, side(i, recommended_, servers.limits(database).max_planned.value), plan.size);
            if (plan.load && plan.load->smallest) part.least = part.side.size_for(plan.load->smallest->value);
            if (part.steady_from > 0) parts.push_back(part);
        }
        // Among equals by name: the order of records decides nothing.
        std::ranges::sort(parts, [&](const Part& a, const Part& b) {
            if (a.steady_from != b.steady_from) return a.steady_from > b.steady_from;
            return *fleet_.poolers[a.pooler].name < *fleet_.poolers[b.pooler].name;
        });
        for (const bool failover : {true, false}) {
            if (room.fits(0, 0, failover)) return;
            for (Part& part : parts)
                if (shrink(part, room, failover)) return take(part.pooler, part.size, PoolerPlan::Basis::limit);
            if (parts.size() > 1 && shrink_all(parts, room, failover)) {
                for (const Part& part : parts)
                    if (part.size != part.from) take(part.pooler, part.size, PoolerPlan::Basis::limit);
                return;
            }
        }
    }

    void take(Index i, std::int64_t size, PoolerPlan::Basis basis) {
        const Pooler& pooler = fleet_.poolers[i];
        PoolerPlan& plan = plan_.poolers[i];
        const bool share = pooler.kind == Pooler::Kind::proxy;
        const bool stopped =
            pooler.max_db_connections && model::db_connections_with(pooler, size) != **pooler.max_db_connections;
        const bool same = share ? std::abs(share_of(pooler) * whole - static_cast<double>(size)) < 1e-9
                                : size == *pooler.default_pool_size && !(stopped && basis == PoolerPlan::Basis::load);
        plan.size.reset();
        if (same) return;
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
                share ? r_.input(assess::pooler_key(i, Name::max_connections_percent),
                                 assess::measured(Fraction(share_of(pooler))), percent ? percent->place : Place{})
                      : r_.input(assess::pooler_key(i, Name::default_pool_size),
                                 assess::measured(*pooler.default_pool_size), pooler.default_pool_size.place));
            inputs.push_back(assess::limits(fleet_, *plan_.market, pooler.database, offer, r_).usable.id);
            plan.size->id = r_.by_model(key, assess::measured(size), Model::largest_that_fits, {}, inputs);
            return;
        }
        for (const Index p : plan_.topology.clients[i])
            if (loads_[p]) inputs.push_back(loads_[p]->offered.id);
        if (share) inputs.push_back(assess::limits(fleet_, *plan_.market, pooler.database, offer, r_).max_planned.id);
        plan.size->id =
            r_.by_model(key, assess::measured(size), Model::smallest_together, "the method that fits them", inputs);
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
    Servers servers_;
};

}  // namespace

void size_poolers(const Fleet& fleet, Plan& plan, const PoolLoads& loads, const Demand& now,
                  const std::vector<PoolSize>& recommended, const Classes& on, Sizer& sizer, Recorder recorder) {
    PoolerSizer(fleet, plan, loads, now, recommended, on, sizer, recorder).make();
}

}  // namespace poolfit::plan
