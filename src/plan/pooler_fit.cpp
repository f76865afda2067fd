#include "pooler_fit.hpp"

#include <algorithm>
#include <cmath>

#include <poolfit/assess/deploys.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/platform/platform.hpp>

namespace poolfit::plan {

namespace {

std::int64_t share_of(std::int64_t usable, Fraction share) {
    return static_cast<std::int64_t>(std::floor(share.value * static_cast<double>(usable) + assess::hair));
}

/// All by the same share, then each as large as it can be.
bool shrink_all(std::vector<PoolerPart>& parts, const Leeway& room, bool failover) {
    const auto fits = [&] {
        std::int64_t steady = 0, deploy = 0;
        for (const PoolerPart& part : parts) steady += part.steady(), deploy += part.deploy();
        return room.fits(steady, deploy, failover);
    };
    constexpr std::int64_t steps = 1000;
    const auto scale = [&](std::int64_t step) {
        for (PoolerPart& part : parts)
            part.size = std::clamp(part.from * step / steps, std::min(part.least, part.from), part.from);
        return fits();
    };
    std::int64_t low = 0, high = steps - 1;
    if (!scale(low)) {
        for (PoolerPart& part : parts) part.size = part.from;
        return false;
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        scale(middle) ? low = middle : high = middle - 1;
    }
    scale(low);
    for (PoolerPart& part : parts)
        for (bool more = true; more && part.size < part.from;) {
            ++part.size;
            more = fits();
            if (!more) --part.size;
        }
    return true;
}

bool fit_inside(std::vector<PoolerPart>& parts, const Leeway& room) {
    for (const bool failover : {true, false}) {
        if (room.fits(0, 0, failover)) return true;
        for (PoolerPart& part : parts) {
            // With several, none is cut for all: a single one keeps a quarter, as a pool does.
            const std::int64_t least = part.least;
            if (parts.size() > 1) part.least = std::max(least, (part.from + 3) / 4);
            const bool enough = shrink(part, room, failover);
            part.least = least;
            if (enough) return true;
        }
        if (parts.size() > 1 && shrink_all(parts, room, failover)) return true;
    }
    return false;
}

}  // namespace

PoolerPart::PoolerPart(const Fleet& fleet, Index index, const ServerSide& its, const PoolerSize& planned)
    : pooler(index), side(its), together(*fleet.policy.deploys_together) {
    from = size = planned ? planned->value : side.today();
    least = side.least_size();
    steady_from = planned ? side.steady(from) : side.steady_today();
    deploy_from = planned ? side.deploy(from) : side.deploy_today();
}

Leeway::Leeway(const Fleet& fleet, const Topology& topology, const ServerOf& server, Index database) {
    const ServerDemand mine = server(database);
    steady_ = share_of(mine.usable, *fleet.policy.connections_steady_max) - least_steady(mine.demand).value;
    deploy_ = share_of(mine.usable, *fleet.policy.connections_deploy_max) - least_deploy(mine.demand).value;
    if (mine.demand.failover) failover_ = mine.usable - mine.demand.failover->peak.value;
    const auto moves = [&](Index onto) {
        const ServerDemand theirs = server(onto);
        const Connections peak = assess::failover(fleet, database, theirs.demand, mine.demand).peak;
        failover_ = std::min(failover_, theirs.usable - peak.value);
    };
    for (const Index replica : topology.replicas[database]) moves(replica);
    if (const auto& primary = fleet.databases[database].replica_of) moves(*primary);
}

std::vector<char> with_poolers(const Fleet& fleet, const Topology& topology) {
    std::vector<char> all(fleet.databases.size(), 0);
    for (const Pooler& pooler : fleet.poolers) {
        const Index primary = fleet.databases[pooler.database].replica_of.value_or(pooler.database);
        all[primary] = 1;
        for (const Index replica : topology.replicas[primary]) all[replica] = 1;
    }
    return all;
}

bool shrink(PoolerPart& part, const Leeway& room, bool failover) {
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

bool fit_together(std::vector<PoolerPart>& parts, const Fleet& fleet, const Leeway& room) {
    std::erase_if(parts, [](const PoolerPart& part) { return part.steady_from <= 0; });
    // Among equals by name: the order of records decides nothing.
    std::ranges::sort(parts, [&](const PoolerPart& a, const PoolerPart& b) {
        if (a.steady_from != b.steady_from) return a.steady_from > b.steady_from;
        return *fleet.poolers[a.pooler].name < *fleet.poolers[b.pooler].name;
    });
    if (fit_inside(parts, room)) return true;
    // Where no other class can be had: waits that are longer than the policy allows before a queue without end.
    bool less = false;
    for (PoolerPart& part : parts) {
        if (part.stable <= 0 || part.stable >= part.least) continue;
        part.least = part.stable;
        less = true;
    }
    return less && fit_inside(parts, room);
}

namespace {

/// What sessions keep with the recommended sizes, whatever else is known.
std::int64_t pinned(const Fleet& fleet, const Plan& plan, const PoolerPart& part) {
    const std::vector<Index>& clients = plan.topology.clients[part.pooler];
    if (fleet.poolers[part.pooler].kind != Pooler::Kind::proxy ||
        std::ranges::all_of(clients, [&](Index p) { return assess::pinned(fleet, fleet.pools[p]) != Pinned::yes; }))
        return 0;
    const SizeOf advised = [&](Index p) { return plan.pools[p].advice.size; };
    const Connections kept = pins_of(fleet, plan, part.pooler, advised).after;
    return kept.value > 0 ? part.side.size_for(kept.value) : 0;
}

}  // namespace

void set_least(const Fleet& fleet, const Plan& plan, PoolerPart& part) {
    const PoolerPlan& mine = plan.poolers[part.pooler];
    const Pooler& pooler = fleet.poolers[part.pooler];
    if (platform::has_fixed_size(*fleet.databases[pooler.database].platform, pooler)) {
        part.least = part.from;
        return;
    }
    std::int64_t typical = 0;
    if (mine.used) {
        typical = typical_use(fleet, plan, part.pooler);
        // Clients whose use is unknown can only add to what the others typically have busy.
        // Sessions keep what the recommended sizes open.
        const Connections always = mine.used->typical - mine.used->pinned + mine.used->pinned_after;
        part.least = mine.used->measured() ? part.side.size_for(mine.used->enough.value.value)
                                           : std::max(part.least, part.side.size_for(always.value));
        // Peaks of clients that come together are the worst case, not what was seen.
        const std::int64_t load =
            (mine.load && mine.load->smallest ? *mine.load->smallest : mine.used->pinned_after).value;
        part.stable = part.side.size_for(typical + load);
        // Nor does a pooler grow for them over another limit.
        if (part.from > part.side.today()) part.least = part.stable;
    }
    if (!mine.used && !mine.load) part.least = std::max(part.least, pinned(fleet, plan, part));
    if (!mine.load) return;
    const std::int64_t carried = least_carrying(*mine.load);
    // Clients whose load is unknown can only add to it.
    if ((mine.load->open || mine.load->nesting || mine.load->pinned_after.value > 0) && mine.load->shares)
        part.least = std::max(part.least, part.side.size_for(carried));
    if (!mine.load->smallest) return;
    part.least = std::max(part.least, part.side.size_for(mine.load->smallest->value));
    if (!platform::is_of_class(fleet.databases[fleet.poolers[part.pooler].database]))
        part.stable = part.side.size_for(carried + typical);
}

std::optional<Connections> opened_by(const Fleet& fleet, const std::vector<Index>& pools, const SizeOf& size) {
    Connections sum;
    for (const Index p : pools) {
        const PoolSize each = size(p);
        if (!each) return std::nullopt;
        sum += Connections(model::copies(fleet, fleet.pools[p]) * each->value.value);
    }
    return sum;
}

std::optional<Connections> clients_of(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size,
                                      bool deploy) {
    const std::vector<Index>& clients = plan.topology.clients[pooler];
    if (!deploy) return opened_by(fleet, clients, size);
    assess::Deploys deploys(fleet.policy);
    const Recorder r;
    for (const Index p : clients) {
        const PoolSize each = size(p);
        if (!each) return std::nullopt;
        const Pool& pool = fleet.pools[p];
        const auto opened = [&](std::int64_t copies) {
            return r.literal(static_cast<double>(copies * each->value.value));
        };
        const assess::Term steady = opened(model::copies(fleet, pool));
        deploys.add(pool.service, steady,
                    opened(model::copies(fleet, pool, plan.deploy_instances[pool.service].value)));
    }
    return Connections(static_cast<std::int64_t>(deploys.most(r).value.high));
}

ServerSide server_side(const Fleet& fleet, const Plan& plan, Index pooler, const SizeOf& size,
                       Connections max_connections) {
    const Pooler& of = fleet.poolers[pooler];
    ServerSide side(of, max_connections, clients_of(fleet, plan, pooler, size, false),
                    clients_of(fleet, plan, pooler, size, true));
    side.stay_above(platform::least_share(of.kind, *fleet.databases[of.database].type));
    return side;
}

namespace {

/// The sizes of the plan, of poolers that are as large as others say.
std::vector<Change> planned_sizes(const Plan& plan, Index database) {
    std::vector<Change> changes;
    for (const Index i : plan.topology.poolers[database]) {
        const PoolerPlan& mine = plan.poolers[i];
        if (!mine.size || mine.basis == PoolerPlan::Basis::kept) continue;
        if (mine.session && !mine.to_transaction) continue;
        changes.push_back({{{}, i, database, mine.now.server.value, mine.now.server_deploy.value}, mine.size->value});
    }
    return changes;
}

}  // namespace

std::vector<Change> smaller_poolers(const Fleet& fleet, const Plan& plan, Index database) {
    const ServerOf server = [&](Index i) {
        return ServerDemand{plan.databases[i].budget.limits.usable.value.value, plan.databases[i].demand};
    };
    const Leeway room(fleet, plan.topology, server, database);
    if (room.fits(0, 0, true)) return {};
    if (auto changes = planned_sizes(plan, database); !changes.empty()) {
        const DatabaseDemand then = demand_with(fleet, plan, changes).at(database);
        const DatabaseDemand& now = plan.databases[database].demand;
        const Connections steady = least_steady(then) - least_steady(now),
                          deploy = least_deploy(then) - least_deploy(now);
        if (room.fits(steady.value, deploy.value, false)) return changes;
    }
    const SizeOf declared = [&](Index p) { return plan.pools[p].declared; };
    std::vector<PoolerPart> parts;
    for (const Index i : plan.topology.poolers[database]) {
        if (plan.poolers[i].session && !plan.poolers[i].to_transaction) continue;
        const Limits& limits = plan.databases[database].budget.limits;
        parts.emplace_back(fleet, i, server_side(fleet, plan, i, declared, limits.max_planned.value), PoolerSize());
        set_least(fleet, plan, parts.back());
    }
    std::vector<Change> changes;
    if (!fit_together(parts, fleet, room)) return changes;
    for (const PoolerPart& part : parts) {
        const PoolerPlan& mine = plan.poolers[part.pooler];
        if (part.size != part.from)
            changes.push_back(
                {{{}, part.pooler, database, mine.now.server.value, mine.now.server_deploy.value}, part.size});
    }
    return changes;
}

}  // namespace poolfit::plan
