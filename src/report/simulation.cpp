#include <poolfit/report/simulation.hpp>

#include <algorithm>
#include <utility>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/copies.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/plan/workload.hpp>
#include <poolfit/simulate/fleet.hpp>
#include <poolfit/simulate/generator.hpp>

#include "simulation_formula.hpp"
#include "simulation_goal.hpp"
#include "simulation_pool.hpp"
#include "simulation_story.hpp"

namespace poolfit::report {

namespace {

namespace sim = poolfit::simulate;

/// A share of the load that may go unseen.
constexpr double worth_a_word = 0.01;
constexpr std::size_t most_waiting = 2000;  // of a saturated pool: bounds its memory

bool contains(const std::vector<Index>& list, Index wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// The sizes of the inventory, and what `plan` counts as the server side of each pooler.
sim::FleetSizes declared_sizes(const Fleet& fleet, const Market& market) {
    sim::FleetSizes sizes;
    std::vector<PoolSize> declared;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        declared.push_back(assess::declared_size(fleet, i, {}));
        const DriverDefault* driver = fleet.pools[i].driver_default;
        sizes.timeouts.push_back(driver != nullptr ? driver->gives_up_after : std::nullopt);
        sizes.pools.push_back(declared.back() ? std::optional(declared.back()->value) : std::nullopt);
    }
    for (const PoolerDemand& pooler : assess::demand(fleet, market, declared, Phase::now, {}).poolers)
        sizes.poolers.push_back(pooler.server.value);
    return sizes;
}

PoolerNote pooler_note(const Fleet& fleet, const sim::FleetSizes& sizes, Index index) {
    const Pooler& pooler = fleet.poolers[index];
    std::int64_t clients = 0;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (pool.pooler != index || !sizes.pools[i]) continue;
        clients += sizes.pools[i]->value * model::copies(fleet, pool);
    }
    const std::int64_t servers = sizes.poolers[index].value;
    if (pooler.mode == Pooler::Mode::session && pooler.kind == Pooler::Kind::pgbouncer && clients > servers)
        return {PoolerNote::Kind::session, clients, servers};
    if (pooler.instances->high * *pooler.pairs > 1) return {PoolerNote::Kind::one_queue};
    return {};
}

/// The databases of a system: those with pools that are shown, and those of a failover.
void add_databases(const Fleet& fleet, const sim::FleetSystem& system, const sim::SystemRun& run,
                   const sim::FleetSizes& sizes, const SimulationRequest& request,
                   const std::vector<std::optional<SimulatedGoal>>& goals, Simulation& into) {
    double widest = 0;
    bool short_waits = false, by_throughput = false;
    for (std::size_t i = 0; i < system.pools.size(); ++i) {
        const sim::ServiceReport& report = run.services[i];
        const double hold = sim::mean_of(sim::hold_law(*fleet.pools[system.pools[i]].workload));
        widest = std::max(widest, sim::spread(report, hold));
        by_throughput = by_throughput || report.overloaded;
        short_waits = short_waits || (!report.overloaded && report.wait_mean.value < 0.1 * hold);
    }
    for (std::size_t k = 0; k < system.databases.size(); ++k) {
        SimulatedDatabase result;
        result.database = system.databases[k];
        result.seconds = run.seconds;
        result.replications = run.replications;
        result.transactions = run.transactions;
        result.story = is_story(system);
        result.precise = run.precise;
        result.warmed_up = run.warmed_up;
        result.unseen = run.unseen;
        result.too_rare = run.waits_unseen || run.unseen > std::max(into.precision, worth_a_word);
        result.widest = widest;
        result.short_waits = short_waits;
        result.by_throughput = by_throughput;
        result.report = run.databases[k];
        result.cpu = cpu_compared(system, run, k, is_story(system));
        for (std::size_t i = 0; i < system.pools.size(); ++i)
            if (contains(request.pools, system.pools[i]) &&
                model::database_of(fleet, fleet.pools[system.pools[i]]) == result.database) {
                result.pools.push_back(simulated_pool(fleet, system, run, i, request));
                result.pools.back().goal = goals[i];
            }
        for (std::size_t i = 0; i < system.poolers.size(); ++i)
            if (fleet.poolers[system.poolers[i]].database == result.database)
                result.poolers.push_back({system.poolers[i], Connections(system.system.poolers[i].connections),
                                          run.poolers[i], pooler_note(fleet, sizes, system.poolers[i])});
        const auto& failover = into.failover;
        if (!result.pools.empty() ||
            (failover && (failover->database == result.database || failover->to == result.database)))
            into.databases.push_back(std::move(result));
    }
}

/// What the databases must take while the services are deployed, beside what they allow.
void add_deploy_connections(const Fleet& fleet, const Catalog& catalog, const std::vector<Index>& deploys,
                            Simulation& into) {
    const auto is_deployed = [&](Index service) { return contains(deploys, service); };
    Fleet deploying = fleet;
    deploying.policy.deploys_together.value = true;  // those that are named
    for (Index i = 0; i < fleet.services.size(); ++i)
        if (!is_deployed(i)) deploying.services[i].deploy = Deploy::recreate;  // adds nothing
    const Market market(deploying, catalog, PriceTerm::list);
    std::vector<PoolSize> sizes;
    for (Index i = 0; i < deploying.pools.size(); ++i) sizes.push_back(assess::declared_size(deploying, i, {}));
    const Demand demand = assess::demand(deploying, market, sizes, Phase::now, {});
    for (SimulatedDatabase& server : into.databases) {
        if (std::none_of(fleet.pools.begin(), fleet.pools.end(), [&](const Pool& pool) {
                return is_deployed(pool.service) && model::database_of(fleet, pool) == server.database;
            }))
            continue;
        const Database& database = fleet.databases[server.database];
        const DatabaseDemand& wanted = demand.databases[server.database];
        const auto& known = wanted.deploy_peak ? wanted.deploy_peak : wanted.deploy_at_least;
        if (!known) continue;
        const Limits limits =
            assess::limits(deploying, market, server.database, market.offer(server.database, *database.type), {});
        server.in_deploy = DeployConnections{known->value, !wanted.deploy_peak, {}};
        if (limits.known) server.in_deploy->usable = limits.usable.value;
    }
}

void add_notes(const Fleet& fleet, Simulation& simulation) {
    bool range = false, patient = false;
    for (const SimulatedDatabase& server : simulation.databases)
        for (const SimulatedPool& simulated : server.pools) {
            const Pool& pool = fleet.pools[simulated.pool];
            const Workload& w = *pool.workload;
            const auto wide = [](const auto& given) { return given && !given->value.is_point(); };
            range = range || wide(w.rate) || wide(w.think) || wide(w.hold) || wide(w.cpu) || wide(w.external) ||
                    !fleet.services[pool.service].instances->is_point();
            patient = patient || !simulated.acquire_timeout;
        }
    if (range) simulation.notes.push_back(RunNote::ranges);
    if (patient) simulation.notes.push_back(RunNote::no_timeout);
}

}  // namespace

std::variant<Simulation, NotSimulated> simulate(const Fleet& fleet, const Catalog& catalog,
                                                const SimulationRequest& request) {
    Simulation result;
    result.fleet = &fleet;
    result.seed = request.seed;
    result.scale = request.scale;
    result.precision = request.precision;
    for (const Index i : request.pools)
        if (!fleet.pools[i].workload) result.left_out.push_back(i);

    const Market market(fleet, catalog, PriceTerm::list);
    const sim::FleetSizes sizes = declared_sizes(fleet, market);
    if (auto reason = begin_story(fleet, request, result)) return *std::move(reason);
    std::optional<Index> together;
    if (result.failover) {
        add_failover_connections(fleet, market, *result.failover);
        const Database& failing = fleet.databases[result.failover->database];
        together = failing.replica_of.value_or(result.failover->database);
    }
    std::vector<sim::FleetSystem> wanted = sim::systems(fleet, sizes, together);
    std::erase_if(wanted, [&](const sim::FleetSystem& system) {
        return std::none_of(system.pools.begin(), system.pools.end(),
                            [&](Index pool) { return contains(request.pools, pool); });
    });
    if (auto reason = add_story(fleet, result, wanted)) return *std::move(reason);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
        for (sim::ServiceModel& service : wanted[k].system.services)
            service.watched_wait = fleet.policy.wait->value / 1000;
        const sim::FleetSystem& system = wanted[k];
        if (std::string reason = sim::too_large(system.system); !reason.empty())
            return NotSimulated{
                .kind = NotSimulated::Kind::too_large, .record = system.databases.front(), .says = std::move(reason)};
        sim::SystemOptions options;
        // Databases are distinguished by number, so that they see different arrivals; a database sees the same ones
        // whatever else is shown.
        options.seed = sim::mix(request.seed ^ sim::mix(system.databases.front()));
        options.threads = request.threads;
        options.confidence = result.confidence;
        options.precision = request.precision;
        options.seconds = request.seconds.value_or(
            is_story(system) ? request.story_seconds
                             : sim::seconds_for(system.system, request.transactions, options.replications));
        options.most_waiting = most_waiting;
        if (request.progress)
            options.progress = [&](double share) {
                request.progress((static_cast<double>(k) + share) / static_cast<double>(wanted.size()));
            };
        const sim::SystemRun run = sim::simulate_system(system.system, options);
        if (!run.reason.empty()) return NotSimulated{.kind = NotSimulated::Kind::refused, .says = run.reason};
        const auto met = is_story(system) ? std::vector<std::optional<SimulatedGoal>>(system.pools.size())
                                          : goals(fleet, system, run, options, request.pools);
        add_databases(fleet, system, run, sizes, request, met, result);
    }
    if (!request.deploys.empty()) add_deploy_connections(fleet, catalog, request.deploys, result);
    add_notes(fleet, result);
    return result;
}

}  // namespace poolfit::report
