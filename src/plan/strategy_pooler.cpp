// PgBouncer or RDS Proxy in between: both sides of the hop, what it costs, and what transaction mode breaks.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/queue/busy.hpp>
#include <poolfit/unit/print.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

constexpr double least_memory_gib = 2;  // of PgBouncer's host: 2 kB a client, the rest is the system's

bool has(const Pool& pool, std::string_view feature) {
    return std::any_of(pool.features.begin(), pool.features.end(),
                       [&](const Located<std::string>& f) { return *f == feature; });
}

std::int64_t processes(const Service& service) { return service.instances->high * *service.processes; }

/// One server with a pooler in front of it.
struct Hop {
    Index database = 0;
    std::vector<Index> through, direct;  ///< pools; session state keeps a pool direct
    Connections clients{0};              ///< that the pooler has to accept
    std::optional<Figure<Connections>> server, listeners;
};

class Maker {
public:
    Maker(const Scene& scene, Strategy& strategy)
        : scene_(scene), fleet_(scene.fleet), plan_(scene.plan), strategy_(strategy) {}

    void make() {
        std::vector<std::string> reasons;
        for (const PoolAdvice& advice : plan_.pools) reasons.push_back(advice.reason);
        list_pools(scene_, strategy_, recommended_sizes(plan_), reasons);
        std::vector<DatabaseDemand> after;
        for (Index i = 0; i < fleet_.databases.size(); ++i) after.push_back(server(i));
        measure(scene_, strategy_, after);
        say_existing();
        strategy_.applicable = !hops_.empty();
        strategy_.effort = Effort::days;
        if (!strategy_.applicable) {
            saves_nothing(scene_, strategy_);
            strategy_.effort = Effort::minutes;
            strategy_.effort_text = fleet_.poolers.empty() ? "cannot be done" : "it is there already";
            strategy_.risk_text = "nothing changes";
            return;
        }
        strategy_.effort_text =
            fmt::format("a host or a proxy, {} to point at it, tests of what transaction mode breaks",
                        counted(services_.size(), "service"));
        sides();
        cost();
        breaks();
    }

private:
    bool has_pooler(Index database) const {
        return std::any_of(fleet_.poolers.begin(), fleet_.poolers.end(),
                           [&](const Pooler& pooler) { return pooler.database == database; });
    }

    std::string name(Index database, std::string_view figure) const {
        return figure_name(strategy_, fmt::format("database.{}.{}", *fleet_.databases[database].name, figure));
    }

    /// Demand on one database; where nothing goes through a new pooler, the recommended pools'.
    DatabaseDemand server(Index database) {
        Hop hop;
        hop.database = database;
        for (Index p = 0; p < fleet_.pools.size(); ++p) {
            const Pool& pool = fleet_.pools[p];
            if (!pool.database || *pool.database != database) continue;
            (has(pool, "session") ? hop.direct : hop.through).push_back(p);
        }
        if (has_pooler(database) || hop.through.empty() || !size_hop(hop)) return plan_.after.databases[database];
        Ledger& ledger = plan_.ledger;
        DatabaseDemand demand;
        const auto sum = [&](std::string_view figure, auto part) {
            Connections total = hop.server->value + *fleet_.databases[database].other_connections;
            std::vector<FigureId> parts{hop.server->id};
            if (hop.listeners) {
                total += hop.listeners->value;
                parts.push_back(hop.listeners->id);
            }
            for (const Index p : hop.direct) {
                const auto& own = plan_.after.pools[p].*part;
                if (!own) return std::optional<Figure<Connections>>{};
                total += own->value;
                parts.push_back(own->id);
            }
            if (const auto other =
                    ledger.find(fmt::format("database.{}.other_connections", *fleet_.databases[database].name)))
                parts.push_back(*other);
            return std::optional<Figure<Connections>>(
                {total, ledger.derive(name(database, figure), assess::measured(total),
                                      "server side + direct pools + LISTEN connections + other_connections", parts)});
        };
        demand.allocated = sum("allocated", &PoolDemand::allocated);
        demand.deploy_peak = sum("deploy_peak", &PoolDemand::deploy_peak);
        for (const Index p : hop.through) services_.insert(fleet_.pools[p].service);
        hops_.push_back(std::move(hop));
        return demand;
    }

    /// What a workload keeps busy over all processes: on average, and all but 1 % of the time.
    Figure<Interval<Connections>> busy_by_load(Index p) {
        const Pool& pool = fleet_.pools[p];
        const Service& service = fleet_.services[pool.service];
        const Figure<Erlangs>& offered = plan_.loads[p]->offered;
        const double mean = offered.value.value * static_cast<double>(processes(service));
        const auto most = queue::busy_quantile(Erlangs(mean), 0.01);
        const Connections typical(static_cast<std::int64_t>(std::ceil(mean - 1e-9)));
        const auto* high = std::get_if<Connections>(&most);
        const Interval<Connections> busy{typical, high != nullptr ? std::max(*high, typical) : typical};
        return {busy, plan_.ledger.derive(fmt::format("service.{}.pool.{}.workload.busy", *service.name, *pool.name),
                                          assess::measured(busy),
                                          "offered over all processes, on average and all but 1 % of the time: Poisson",
                                          {offered.id})};
    }

    /// The server side by what is in use over all clients; else by the rule of thumb for the server's cores.
    bool size_hop(Hop& hop) {
        Ledger& ledger = plan_.ledger;
        Interval<Connections> use;
        std::vector<FigureId> uses, client_parts;
        std::int64_t listeners = 0;
        bool measured = true, limited = true;
        Connections deploy{0};
        for (const Index p : hop.through) {
            const Pool& pool = fleet_.pools[p];
            if (plan_.use[p].in_use) {
                use = use + plan_.use[p].in_use->value;
                uses.push_back(plan_.use[p].in_use->id);
            } else if (plan_.loads[p] && plan_.loads[p]->size) {
                const auto busy = busy_by_load(p);
                use = use + busy.value;
                uses.push_back(busy.id);
            } else {
                measured = false;
            }
            if (has(pool, "listen")) listeners += processes(fleet_.services[pool.service]);
            const PoolDemand& demand = plan_.after.pools[p];
            limited = limited && demand.allocated.has_value();
            if (!demand.allocated) continue;
            hop.clients += demand.allocated->value;
            deploy += demand.deploy_peak->value;
            client_parts.push_back(demand.allocated->id);
        }
        const FigureId clients = ledger.derive(name(hop.database, "client_side"), assess::measured(hop.clients),
                                               "Σ allocated of the pools behind the pooler", client_parts);
        std::int64_t size = 0;
        std::string formula;
        std::vector<FigureId> inputs;
        if (measured) {
            const auto& buffer = fleet_.policy.observed_buffer;
            size = std::max(static_cast<std::int64_t>(std::ceil(*buffer * static_cast<double>(use.low.value) - 1e-9)),
                            use.high.value + 1);
            inputs.push_back(
                ledger.input("policy.observed_buffer", assess::measured(Measure::ratio, *buffer), buffer.place));
            inputs.insert(inputs.end(), uses.begin(), uses.end());
            formula = "max(⌈observed_buffer × Σ typical⌉, Σ peak + 1)";
            rule_ = fmt::format("sized by the use of its clients: max(⌈{} × typical⌉, peak + 1)",
                                unit::print_number(*buffer));
        } else {
            const InstanceClass& cls = *fleet_.databases[hop.database].type;
            size = std::max<std::int64_t>(2 * cls.vcpus + 1, use.high.value + 1);
            inputs.push_back(ledger.catalog(fmt::format("class.{}.vcpus", cls.name),
                                            assess::measured(Measure::vcpus, cls.vcpus), cls.row));
            inputs.insert(inputs.end(), uses.begin(), uses.end());
            formula = "max(2 × vcpus + 1, Σ known peaks + 1): the rule of thumb, use is not known";
            measured_ = false;
            rule_ = "sized by the rule of thumb 2 × vCPUs + 1: the use of its clients is not known";
        }
        if (limited && hop.clients.value < size) {
            size = hop.clients.value;
            formula = fmt::format("the clients' pools, fewer than {}", formula);
            inputs.push_back(clients);
        }
        if (size < 1) return false;
        const Connections value(size);
        hop.server = {value,
                      ledger.derive(name(hop.database, "server_side"), assess::measured(value), formula, inputs)};
        hop.clients = deploy;
        if (listeners > 0) {
            std::vector<FigureId> parts;
            for (const Index p : hop.through)
                if (has(fleet_.pools[p], "listen") && plan_.after.pools[p].allocated)
                    parts.push_back(plan_.after.pools[p].allocated->id);
            if (parts.empty()) parts.push_back(hop.server->id);
            hop.listeners = {Connections(listeners),
                             ledger.derive(name(hop.database, "listeners"), assess::measured(Connections(listeners)),
                                           "one direct connection per process that listens", parts)};
        }
        return true;
    }

    void say_existing() {
        for (const Pooler& pooler : fleet_.poolers) {
            const std::string_view kind = platform::pooler_kind(pooler.kind).name;
            strategy_.cons.push_back(fmt::format("{} already has one: {} ({})", *fleet_.databases[pooler.database].name,
                                                 *pooler.name, kind));
        }
    }

    void sides() {
        for (const Hop& hop : hops_) {
            const std::string& database = *fleet_.databases[hop.database].name;
            const Connections direct_after = plan_.after.databases[hop.database].allocated
                                                 ? plan_.after.databases[hop.database].allocated->value
                                                 : Connections(0);
            strategy_.changes.push_back(fmt::format(
                "PgBouncer in front of {}: pool_mode = transaction, default_pool_size = {}, max_client_conn ≥ {}",
                database, unit::print(hop.server->value), unit::print(hop.clients)));
            const auto total = std::find_if(strategy_.databases.begin(), strategy_.databases.end(),
                                            [&](const StrategyDatabase& s) { return s.database == hop.database; });
            if (direct_after.value > 0 && total->after) {
                const bool fewer = total->after->value < direct_after;
                (fewer ? strategy_.pros : strategy_.cons)
                    .push_back(fmt::format("{}: {} server connections, {} with right-sized pools and no pooler",
                                           database, unit::print(total->after->value), unit::print(direct_after)));
            }
            if (hop.listeners)
                strategy_.changes.push_back(
                    fmt::format("{}: {} for LISTEN stay direct", database,
                                counted(static_cast<std::size_t>(hop.listeners->value.value), "connection")));
            for (const Index p : hop.direct)
                strategy_.changes.push_back(
                    fmt::format("{} stays direct: it keeps session state", label(fleet_, fleet_.pools[p])));
        }
        (measured_ ? strategy_.pros : strategy_.cons).push_back(fmt::format("the server side is {}", rule_));
        strategy_.pros.emplace_back("more services, more processes and deploys add clients, not server connections");
        strategy_.cons.emplace_back("one more hop for each query, and one more thing that can be down");
    }

    /// The cheapest host that the catalog prices; the catalog has hosts' prices of us-east-1 only.
    void cost() {
        const HostType* best = nullptr;
        for (const HostType& host : scene_.catalog.hosts()) {
            if (!host.price_us_east_1 || host.arch != Arch::x86_64 || gib(host.memory) < least_memory_gib) continue;
            if (best == nullptr || *host.price_us_east_1 < *best->price_us_east_1) best = &host;
        }
        std::set<std::string> regions;
        for (const Hop& hop : hops_) regions.insert(*fleet_.databases[hop.database].region);
        if (best == nullptr) {
            strategy_.cons.emplace_back("what its host costs is not known: the catalog has no price of one");
            return;
        }
        const MicroUsdPerMonth month = *best->price_us_east_1;
        const bool priced = regions.size() == 1 && *regions.begin() == "us-east-1";
        if (priced) {
            const MicroUsdPerMonth year(-12 * month.value);
            const FigureId host =
                scene_.plan.ledger.catalog(fmt::format("host_type.{}.price", best->name), assess::measured(month),
                                           best->row, "Linux, on demand, us-east-1");
            strategy_.saves_per_year = {year, plan_.ledger.derive(figure_name(strategy_, "saves_per_year"),
                                                                  assess::measured(Measure::usd_per_year, usd(year)),
                                                                  "−12 × price of its host", {host})};
            strategy_.cons.push_back(
                fmt::format("its own {} costs {} a month, {} a year; a second one, so that it may fail, as much again",
                            best->name, unit::print(month), unit::print(MicroUsdPerMonth(12 * month.value))));
        } else {
            strategy_.cons.push_back(
                fmt::format("what its own host costs in {} is not in the catalog; a {} is {} a month in us-east-1",
                            listed({regions.begin(), regions.end()}), best->name, unit::print(month)));
        }
        strategy_.cons.emplace_back("RDS Proxy instead: nothing to run, but its price is not in the catalog");
    }

    void breaks() {
        std::set<std::string_view> said;
        std::vector<std::string> hard;
        for (const Hop& hop : hops_)
            for (const Index p : hop.through) {
                const Pool& pool = fleet_.pools[p];
                const std::string name = label(fleet_, pool);
                if (has(pool, "prepared")) {
                    hard.push_back(name);
                    strategy_.cons.push_back(
                        fmt::format("{} prepares statements: needs PgBouncer 1.21 with max_prepared_statements over 0; "
                                    "SQL PREPARE never works",
                                    name));
                }
                if (has(pool, "listen")) {
                    hard.push_back(name);
                    strategy_.cons.push_back(fmt::format(
                        "{} listens: through transaction mode its notifications are lost without an error", name));
                }
                const DriverDefault* driver = pool.driver_default;
                if (driver == nullptr) {
                    strategy_.cons.push_back(
                        fmt::format("{}: what transaction mode breaks for {} is not known", name, driver_of(pool)));
                    continue;
                }
                if (driver->transaction_pooling.empty() || !said.insert(driver->id).second) continue;
                strategy_.cons.push_back(
                    fmt::format("transaction mode and {}: {}", driver->name, driver->transaction_pooling));
            }
        strategy_.cons.emplace_back(
            "transaction mode drops session state: SET, session advisory locks, temporary tables, WITH HOLD cursors");
        strategy_.risk = Risk::medium;
        strategy_.risk_text =
            hard.empty()
                ? "transaction mode changes what a session may keep, and the pooler is one more thing that fails"
                : fmt::format("transaction mode breaks features in use by {}", listed(hard));
        if (!hard.empty()) strategy_.risk = Risk::high;
    }

    const Scene& scene_;
    const Fleet& fleet_;
    Plan& plan_;
    Strategy& strategy_;
    std::vector<Hop> hops_;
    std::set<Index> services_;
    std::string rule_;
    bool measured_ = true;  ///< the server side stands on the use of its clients
};

}  // namespace

void make_pooler(const Scene& scene, Strategy& strategy) { Maker(scene, strategy).make(); }

}  // namespace poolfit::plan
