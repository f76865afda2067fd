// Both sides of a new pooler: how many server connections it needs, and how many clients it has to accept.
#include <algorithm>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/platform/platform.hpp>

#include "pools.hpp"
#include "strategy_pooler.hpp"

namespace poolfit::plan {

namespace {

using Term = assess::Term;

class Sides {
public:
    Sides(const Scene& scene, const Strategy& strategy, Hop& hop)
        : fleet_(scene.fleet), plan_(scene.plan), r_(scene.r), strategy_(strategy), hop_(hop) {}

    /// False where nothing goes through.
    bool make() {
        clients();
        const Figure<Connections> server = r_.keep<Connections>(key(Name::strategy_server_side), server_side());
        if (server.value.value < 1) return false;
        hop_.server = server;
        listeners();
        hop_.demand.allocated = demand(Name::strategy_allocated, &PoolDemand::allocated);
        hop_.demand.deploy_peak = demand(Name::strategy_deploy_peak, &PoolDemand::deploy_peak);
        return true;
    }

private:
    Key key(Name name) const { return strategy_key(strategy_, name, {Subject::Kind::database, hop_.database}); }

    void clients() {
        std::vector<Term> parts;
        for (const Index p : hop_.through) {
            const PoolDemand& demand = plan_.pools[p].after;
            limited_ = limited_ && demand.allocated.has_value();
            if (!demand.allocated) continue;
            parts.push_back(r_(*demand.allocated));
            hop_.clients += demand.deploy_peak->value;
        }
        clients_ = r_.keep<Connections>(key(Name::strategy_client_side), assess::sum(parts, r_.figures()));
    }

    /// By what is in use over all clients; else by the rule of thumb for the server's cores. Never more than the
    /// clients can ask for.
    Term server_side() {
        std::vector<Term> uses;
        for (const Index p : hop_.through) {
            const PoolPlan& pool = plan_.pools[p];
            if (pool.use.in_use)
                uses.push_back(r_(*pool.use.in_use));
            else if (pool.load && pool.load->size)
                uses.push_back(r_(busy(fleet_, p, *pool.load, r_)));
            else
                hop_.measured = false;
        }
        Term size;
        if (uses.empty()) {
            size = by_vcpus();
        } else {
            const Term use = assess::sum(uses, r_.figures());
            const Term above_peak = assess::high(use) + r_.literal(1);
            size = assess::most(hop_.measured ? assess::ceil(r_(buffer(fleet_, r_)) * assess::low(use)) : by_vcpus(),
                                above_peak);
        }
        return limited_ ? assess::least(r_(clients_), size) : size;
    }

    Term by_vcpus() const {
        const Term vcpus = r_(assess::class_vcpus(*fleet_.databases[hop_.database].type, r_));
        return r_.literal(2) * vcpus + r_.literal(1);
    }

    /// One direct connection per process that listens.
    void listeners() {
        std::vector<Term> parts;
        for (const Index p : hop_.through)
            if (has_feature(fleet_.pools[p], "listen")) parts.push_back(processes(fleet_, fleet_.pools[p].service, r_));
        if (parts.empty()) return;
        hop_.listeners = r_.keep<Connections>(key(Name::strategy_listeners), assess::sum(parts, r_.figures()));
    }

    std::optional<Figure<Connections>> demand(Name name, std::optional<Figure<Connections>> PoolDemand::*part) const {
        std::vector<Term> parts{r_(hop_.server)};
        if (hop_.listeners) parts.push_back(r_(*hop_.listeners));
        for (const Index p : hop_.direct) {
            const auto& own = plan_.pools[p].after.*part;
            if (!own) return std::nullopt;
            parts.push_back(r_(*own));
        }
        const auto& other = fleet_.databases[hop_.database].other_connections;
        parts.push_back(
            r_(Figure<Connections>{*other, r_.input({{Subject::Kind::database, hop_.database}, Name::other_connections},
                                                    assess::measured(*other), other.place)}));
        return r_.keep<Connections>(key(name), assess::sum(parts, r_.figures()));
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Recorder r_;
    const Strategy& strategy_;
    Hop& hop_;
    Figure<Connections> clients_;
    bool limited_ = true;
};

}  // namespace

bool has_feature(const Pool& pool, std::string_view feature) {
    return std::any_of(pool.features.begin(), pool.features.end(),
                       [&](const Located<std::string>& each) { return *each == feature; });
}

std::optional<Hop> pooler_hop(const Scene& scene, const Strategy& strategy, Index database) {
    const Topology& topology = scene.plan.topology;
    if (!topology.poolers[database].empty()) return std::nullopt;
    if (!platform::takes(*scene.fleet.databases[database].platform, added_kind)) return std::nullopt;
    Hop hop;
    hop.database = database;
    for (const Index p : topology.pools[database])
        (has_feature(scene.fleet.pools[p], "session") ? hop.direct : hop.through).push_back(p);
    if (hop.through.empty() || !Sides(scene, strategy, hop).make()) return std::nullopt;
    return hop;
}

}  // namespace poolfit::plan
