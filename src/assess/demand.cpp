#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/assess/budget.hpp>

#include "names.hpp"

namespace poolfit::assess {

namespace {

// More connections than any server has; sums stop here so that nothing overflows.
constexpr std::int64_t ceiling = 1'000'000'000'000;

Connections plus(Connections a, Connections b) { return Connections(std::min(ceiling, a.value + b.value)); }

Connections times(std::int64_t a, std::int64_t b, std::int64_t c) {
    const double product = static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
    return Connections(product >= static_cast<double>(ceiling) ? ceiling : a * b * c);
}

std::string with_phase(std::string name, std::string_view phase, std::string_view figure) {
    if (!phase.empty()) name += fmt::format(".{}", phase);
    return fmt::format("{}.{}", name, figure);
}

/// Instances that run side by side during a deploy: old and new.
Figure<std::int64_t> deploy_instances(const Service& service, Ledger& ledger) {
    const std::int64_t most = service.instances->high;
    const std::string name = service_name(service) + ".deploy_instances";
    const FigureId instances = service_instances(service, ledger);
    const auto figure = [&](std::int64_t value, std::string formula, std::vector<FigureId> inputs, std::string note) {
        return Figure<std::int64_t>{value, ledger.derive(name, measured(Measure::count, static_cast<double>(value)),
                                                         std::move(formula), std::move(inputs), std::move(note))};
    };
    switch (service.deploy) {
        case Deploy::recreate:
            return figure(most, "instances", {instances},
                          "deploy = recreate: the old ones stop before the new ones start");
        case Deploy::blue_green:
            return figure(2 * most, "2 × instances", {instances}, "deploy = blue-green: both sets run");
        case Deploy::rolling:
            break;
    }
    const Surge& surge = *service.max_surge;
    const std::string surge_name = service_name(service) + ".max_surge";
    const std::string default_note = service.max_surge.place ? "" : "not given: 25 %, the default of Kubernetes";
    if (const auto* share = std::get_if<Fraction>(&surge)) {
        // A hair below the product, so that 25 % of 8 is 2 and not 3.
        const auto extra = static_cast<std::int64_t>(std::ceil(share->value * static_cast<double>(most) - 1e-9));
        const FigureId leaf = ledger.input(surge_name, measured(*share), service.max_surge.place, default_note);
        return figure(most + extra, "instances + ⌈max_surge × instances⌉", {instances, leaf},
                      "deploy = rolling: new instances start before old ones stop");
    }
    const std::int64_t extra = std::get<std::int64_t>(surge);
    const FigureId leaf = ledger.input(surge_name, measured(Measure::count, static_cast<double>(extra)),
                                       service.max_surge.place, default_note);
    return figure(most + extra, "instances + max_surge", {instances, leaf},
                  "deploy = rolling: new instances start before old ones stop");
}

PoolDemand pool_demand(const Fleet& fleet, const Pool& pool, const PoolSize& size, std::string_view phase,
                       Ledger& ledger) {
    PoolDemand demand{size, {}, {}};
    if (!size) return demand;
    const Service& service = fleet.services[pool.service];
    const std::string name = pool_name(fleet, pool);
    const FigureId instances = service_instances(service, ledger), processes = service_processes(service, ledger);
    const Connections allocated = times(size->value.value, *service.processes, service.instances->high);
    demand.allocated = {allocated, ledger.derive(with_phase(name, phase, "allocated"), measured(allocated),
                                                 "instances × processes × max", {instances, processes, size->id})};
    const auto deploying = deploy_instances(service, ledger);
    const Connections peak = times(size->value.value, *service.processes, deploying.value);
    demand.deploy_peak = {peak,
                          ledger.derive(with_phase(name, phase, "deploy_peak"), measured(peak),
                                        "deploy_instances × processes × max", {deploying.id, processes, size->id})};
    return demand;
}

/// Sum of parts, of which some may have no limit.
class Sum {
public:
    void add(const std::optional<Figure<Connections>>& part) {
        if (!part) {
            known_ = false;
            return;
        }
        total_ = plus(total_, part->value);
        parts_.push_back(part->id);
    }
    bool known() const { return known_; }
    Connections total() const { return total_; }
    const std::vector<FigureId>& parts() const { return parts_; }

    std::optional<Figure<Connections>> figure(std::string name, std::string_view formula, Ledger& ledger) const {
        if (!known_) return std::nullopt;
        return at_least(std::move(name), formula, ledger);
    }

    /// Of the parts that are known.
    Figure<Connections> at_least(std::string name, std::string_view formula, Ledger& ledger) const {
        const std::vector<FigureId> parts = parts_.empty() ? std::vector{nothing_connects(ledger)} : parts_;
        return Figure<Connections>{total_,
                                   ledger.derive(std::move(name), measured(total_), std::string(formula), parts)};
    }

private:
    bool known_ = true;
    Connections total_{0};
    std::vector<FigureId> parts_;
};

/// Server connections of a pooler: its own ceiling, and never more than its clients can ask for.
std::optional<Figure<Connections>> pooler_demand(const Fleet& fleet, const Catalog& catalog, const Pooler& pooler,
                                                 const Sum& clients, std::string_view phase, std::string_view moment,
                                                 Ledger& ledger) {
    const std::string name = pooler_name(pooler);
    std::vector<FigureId> inputs;
    const auto leaf = [&](std::string_view key, std::int64_t value, const Place& place) {
        inputs.push_back(
            ledger.input(fmt::format("{}.{}", name, key), measured(Measure::count, static_cast<double>(value)), place));
    };
    Connections most;
    std::string formula;
    if (pooler.kind == Pooler::Kind::rds_proxy) {
        const Fraction share = pooler.max_connections_percent ? **pooler.max_connections_percent : Fraction(1.0);
        const Database& database = fleet.databases[pooler.database];
        const Limits server = limits(fleet, catalog, database, *database.type, ledger);
        most = Connections(static_cast<std::int64_t>(
            std::floor(share.value * static_cast<double>(server.max_planned.value.value) + 1e-9)));
        inputs.push_back(
            ledger.input(name + ".max_connections_percent", measured(share),
                         pooler.max_connections_percent ? pooler.max_connections_percent->place : Place{}));
        inputs.push_back(server.max_planned.id);
        formula = "⌊max_connections_percent × max_planned⌋";
    } else {
        leaf("instances", pooler.instances->high, pooler.instances.place);
        leaf("pairs", *pooler.pairs, pooler.pairs.place);
        leaf("default_pool_size", *pooler.default_pool_size, pooler.default_pool_size.place);
        leaf("reserve_pool_size", *pooler.reserve_pool_size, pooler.reserve_pool_size.place);
        most = times(pooler.instances->high, *pooler.pairs, *pooler.default_pool_size + *pooler.reserve_pool_size);
        formula = "instances × pairs × (default_pool_size + reserve_pool_size)";
        if (pooler.max_db_connections && **pooler.max_db_connections > 0) {
            leaf("max_db_connections", **pooler.max_db_connections, pooler.max_db_connections->place);
            const Connections stop = times(pooler.instances->high, **pooler.max_db_connections, 1);
            if (stop < most) {
                most = stop;
                formula = "instances × max_db_connections";
            }
        }
    }
    if (clients.known() && clients.total() < most) {
        most = clients.total();
        formula = "clients' pools, fewer than " + formula;
        inputs.insert(inputs.end(), clients.parts().begin(), clients.parts().end());
    }
    return Figure<Connections>{most, ledger.derive(with_phase(name, phase, moment), measured(most), formula, inputs)};
}

}  // namespace

Demand demand(const Fleet& fleet, const Catalog& catalog, const std::vector<PoolSize>& sizes, std::string_view phase,
              Ledger& ledger) {
    Demand result;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i)
        result.pools.push_back(pool_demand(fleet, fleet.pools[i], sizes[i], phase, ledger));

    const std::size_t count = fleet.databases.size();
    // Of the services alone: what follows them to another server in a failover.
    std::vector<Sum> steady(count), deploy(count);
    std::vector<Sum> clients(fleet.poolers.size()), clients_deploy(fleet.poolers.size());
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        (pool.database ? steady[*pool.database] : clients[*pool.pooler]).add(result.pools[i].allocated);
        (pool.database ? deploy[*pool.database] : clients_deploy[*pool.pooler]).add(result.pools[i].deploy_peak);
    }
    for (std::size_t i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        steady[pooler.database].add(
            pooler_demand(fleet, catalog, pooler, clients[i], phase, "server_connections", ledger));
        deploy[pooler.database].add(
            pooler_demand(fleet, catalog, pooler, clients_deploy[i], phase, "server_connections_deploy", ledger));
    }

    std::vector<std::optional<Figure<Connections>>> services(count);
    for (Index i = 0; i < count; ++i) {
        const Database& database = fleet.databases[i];
        const std::string name = database_name(database);
        DatabaseDemand wanted;
        services[i] = steady[i].figure(with_phase(name, phase, "connections.services"), "Σ pools and poolers", ledger);
        const Figure<Connections> other{*database.other_connections,
                                        ledger.input(name + ".other_connections", measured(*database.other_connections),
                                                     database.other_connections.place)};
        steady[i].add(other);
        deploy[i].add(other);
        wanted.allocated = steady[i].figure(with_phase(name, phase, "connections.allocated"),
                                            "Σ pools and poolers + other_connections", ledger);
        wanted.deploy_peak = deploy[i].figure(with_phase(name, phase, "connections.deploy_peak"),
                                              "Σ pools and poolers in a deploy + other_connections", ledger);
        if (!wanted.allocated) {
            wanted.allocated_at_least = steady[i].at_least(with_phase(name, phase, "connections.allocated_at_least"),
                                                           "Σ pools that have a limit + other_connections", ledger);
            wanted.deploy_at_least =
                deploy[i].at_least(with_phase(name, phase, "connections.deploy_at_least"),
                                   "Σ pools that have a limit, in a deploy + other_connections", ledger);
        }
        result.databases.push_back(wanted);
    }

    // One server fails at a time. A replica's pools go to its primary; a primary's to the replica promoted,
    // and any of them may be.
    for (Index i = 0; i < count; ++i) {
        const Database& database = fleet.databases[i];
        if (!database.replica_of) continue;
        const Index primary = *database.replica_of;
        const auto fold = [&](Index onto, Index from, std::string note) {
            auto& peak = result.databases[onto].failover_peak;
            const auto& own = result.databases[onto].allocated;
            if (!own || !services[from]) return;
            const Connections total = plus(own->value, services[from]->value);
            if (peak && peak->value >= total) return;
            const std::string figure =
                with_phase(database_name(fleet.databases[onto]), phase,
                           fmt::format("connections.failover_peak.from.{}", *fleet.databases[from].name));
            peak = {total,
                    ledger.derive(figure, measured(total), "allocated + services of " + *fleet.databases[from].name,
                                  {own->id, services[from]->id}, std::move(note))};
        };
        fold(primary, i, fmt::format("{} fails: its pools connect to the primary", *database.name));
        fold(i, primary, fmt::format("{} is promoted: the primary's pools connect to it", *database.name));
    }
    // The name that the report uses, once the worst case is known.
    for (Index i = 0; i < count; ++i)
        if (auto& peak = result.databases[i].failover_peak)
            peak->id = ledger.derive(with_phase(database_name(fleet.databases[i]), phase, "connections.failover_peak"),
                                     measured(peak->value), "the worst single failure", {peak->id});
    return result;
}

}  // namespace poolfit::assess
