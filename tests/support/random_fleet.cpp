#include "random_fleet.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fleet.hpp"

namespace poolfit::test {

int uniform(Generator& generator, int low, int high) {
    return low + static_cast<int>(generator() % static_cast<std::uint64_t>(high - low + 1));
}

namespace {

/// x86 classes with PostgreSQL 16 and a price in the region: what a fleet may run on today.
const std::vector<const InstanceClass*>& pool_of_classes(const std::string& region) {
    static std::vector<const InstanceClass*> classes = [&] {
        std::vector<const InstanceClass*> found;
        for (const InstanceClass* cls : catalog().classes(platform::usual()))
            if (cls->arch == Arch::x86_64 && cls->memory.value >= 2 * bytes_per_gib && !cls->cluster_only &&
                cls->coremark_per_vcpu &&
                catalog::supports(platform::usual(), *cls, EngineVersion{{16, 0}, 8}) == catalog::Supported::yes &&
                catalog().price(platform::usual(), *cls, region, false, PriceTerm::list))
                found.push_back(cls);
        return found;
    }();
    return classes;
}

RandomDatabase random_database(Generator& g, const std::string& region, std::string name) {
    const auto& classes = pool_of_classes(region);
    const InstanceClass& cls = *classes[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(classes.size()) - 1))];
    RandomDatabase database;
    database.name = std::move(name);
    database.cls = std::string(cls.name);
    const double peak = uniform(g, 1, 95), spread = uniform(g, 0, 5);
    database.cpu_peak = {std::max(0.5, peak - spread), peak};
    if (uniform(g, 0, 2) > 0) {
        const double mean = peak * uniform(g, 10, 90) / 100.0;
        database.cpu_mean = {mean * 0.8, mean};
    }
    const double memory = gib(cls.memory);
    const double free = memory * uniform(g, 2, 72) / 100.0;
    database.freeable = {free * 0.9, free};
    if (uniform(g, 0, 3) == 0) database.other = uniform(g, 0, 20);
    database.multi_az = uniform(g, 0, 3) == 0;
    return database;
}

/// Of three fleets in four all workloads have one law, of the others short ones that differ: what a pooler sums is then
/// exact. Long ones that differ are simulated, which takes longer than all the rest of a plan; any_fleet has such.
void settle_holds(RandomFleet& fleet, Generator g) {
    const bool one_law = uniform(g, 0, 3) > 0, on_cpu = uniform(g, 0, 1) == 0;
    const int hold = uniform(g, 2, 80), cpu = uniform(g, 1, hold);
    for (RandomService& service : fleet.services)
        for (RandomPool& pool : service.pools) {
            if (!pool.workload) continue;
            RandomPool::Workload& load = *pool.workload;
            if (one_law) {
                load.hold_ms = hold;
                load.cpu_ms = on_cpu ? std::optional<int>(cpu) : std::nullopt;
            } else {
                load.hold_ms = (load.hold_ms + 3) / 4;
                if (load.cpu_ms) load.cpu_ms = (*load.cpu_ms + 3) / 4;
            }
        }
}

/// Two fleets in three have a pool for each of several databases. By a copy of the generator, so that what is drawn
/// after it stays the same.
void add_tenants(RandomFleet& fleet, Generator g) {
    if (uniform(g, 0, 2) == 0) return;
    RandomService& service =
        fleet.services[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(fleet.services.size()) - 1))];
    RandomPool& pool =
        service.pools[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(service.pools.size()) - 1))];
    pool.databases = uniform(g, 2, 12);
    if (!pool.workload || pool.workload->users == 0) return;
    pool.workload->rate = pool.workload->users;  // who uses which is not known
    pool.workload->users = 0;
}

}  // namespace

RandomFleet random_fleet(Generator& g) {
    RandomFleet fleet;
    fleet.allow_arm = uniform(g, 0, 1) == 0;
    fleet.freeable_floor_gib = uniform(g, 0, 2) == 0 ? uniform(g, 1, 4) : 0;
    fleet.databases.push_back(random_database(g, fleet.region, "main"));
    for (int replicas = uniform(g, 0, 2), i = 0; i < replicas; ++i) {
        RandomDatabase replica = random_database(g, fleet.region, fmt::format("replica-{}", i));
        replica.replica_of = "main";
        replica.cls = fleet.databases[0].cls;
        replica.freeable = fleet.databases[0].freeable;
        fleet.databases.push_back(replica);
    }
    if (uniform(g, 0, 2) == 0) fleet.databases.push_back(random_database(g, fleet.region, "other"));
    static constexpr std::array<const char*, 3> deploys{"recreate", "rolling", "blue-green"};
    for (int services = uniform(g, 1, 4), s = 0; s < services; ++s) {
        RandomService service;
        service.name = fmt::format("service-{}", s);
        service.deploy = deploys[static_cast<std::size_t>(uniform(g, 0, 2))];
        service.instances_max = uniform(g, 1, 6);
        service.instances_min = uniform(g, 1, service.instances_max);
        service.processes = uniform(g, 1, 4);
        for (int pools = uniform(g, 1, 3), p = 0; p < pools; ++p) {
            RandomPool pool;
            pool.name = fmt::format("pool-{}", p);
            pool.target =
                fleet.databases[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(fleet.databases.size()) - 1))]
                    .name;
            pool.driver = uniform(g, 0, 1) == 0 ? "postgres.js" : "pg-boss";
            const int kind = uniform(g, 0, 2);
            if (kind == 0) pool.max = std::to_string(uniform(g, 1, 20));
            if (kind == 1) pool.max = fmt::format("\"max(3, {} * INSTANCES)\"", uniform(g, 1, 4));
            if (uniform(g, 0, 2) > 0) {
                const int low = uniform(g, 0, 4);
                pool.in_use = {low, low + uniform(g, 0, 3)};
            }
            if (uniform(g, 0, 3) == 0) {
                RandomPool::Workload load;
                (uniform(g, 0, 1) == 0 ? load.rate : load.users) = uniform(g, 1, 60);
                load.hold_ms = uniform(g, 2, 80);
                if (uniform(g, 0, 1) == 0) load.cpu_ms = uniform(g, 1, load.hold_ms);
                if (uniform(g, 0, 7) == 0) load.nested = 1;
                pool.workload = load;
            }
            service.pools.push_back(pool);
        }
        fleet.services.push_back(service);
    }
    settle_holds(fleet, g);
    add_tenants(fleet, g);
    return fleet;
}

RandomFleet rich_fleet(Generator& g) {
    RandomFleet fleet = random_fleet(g);
    for (RandomDatabase& d : fleet.databases)
        if (uniform(g, 0, 3) == 0) d.max_connections = uniform(g, 50, 4000);
    for (int hosts = uniform(g, 1, 2), i = 0; i < hosts; ++i)
        fleet.hosts.emplace_back(fmt::format("host-{}", i), uniform(g, 1, 16));
    for (int poolers = uniform(g, 0, 2), i = 0; i < poolers; ++i) {
        RandomPooler pooler;
        pooler.name = fmt::format("pooler-{}", i);
        pooler.kind = uniform(g, 0, 1) == 0 ? "pgbouncer" : "rds-proxy";
        const int database = uniform(g, 0, static_cast<int>(fleet.databases.size()) - 1);
        pooler.database = fleet.databases[static_cast<std::size_t>(database)].name;
        pooler.instances = uniform(g, 1, 3);
        pooler.pool_size = uniform(g, 1, 60);
        pooler.reserve = uniform(g, 0, 1) == 0 ? 0 : uniform(g, 1, 10);
        pooler.pairs = uniform(g, 1, 3);
        pooler.percent = uniform(g, 5, 100);
        if (pooler.pairs == 1) pooler.pairs = 0;  // one, or as many as a client's databases
        fleet.poolers.push_back(pooler);
    }
    for (RandomService& s : fleet.services) {
        if (uniform(g, 0, 2) > 0)
            s.host =
                fleet.hosts[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(fleet.hosts.size()) - 1))].first;
        if (uniform(g, 0, 2) == 0) s.surge = std::to_string(uniform(g, 0, 4));
        if (uniform(g, 0, 2) == 0) s.surge = fmt::format("\"{}%\"", uniform(g, 0, 100));
        if (uniform(g, 0, 2) == 0)
            s.merged_max = uniform(g, 0, 1) == 0 ? std::to_string(uniform(g, 1, 30)) : "\"2 * DB_VCPUS + PROCESSES\"";
        for (RandomPool& p : s.pools) {
            if (s.host && uniform(g, 0, 2) == 0) p.vcpu_max = "\"max(2, TOTAL_VCPUS)\"";
            if (s.host && uniform(g, 0, 3) == 0) p.max = "\"max(3, 2 * TOTAL_VCPUS)\"";
            if (!fleet.poolers.empty() && uniform(g, 0, 2) == 0)
                p.target =
                    fleet.poolers[static_cast<std::size_t>(uniform(g, 0, static_cast<int>(fleet.poolers.size()) - 1))]
                        .name;
        }
    }
    return fleet;
}

std::string toml(const RandomFleet& fleet) {
    std::string text = fmt::format(
        "schema = \"poolfit-inventory/1\"\nname = \"random\"\nprovider = \"aws\"\nregion = \"{}\"\n"
        "[policy]\nallow_arm = {}\nfreeable_memory_min = \"{} GiB\"\n",
        fleet.region, fleet.allow_arm, fleet.freeable_floor_gib);
    for (const RandomDatabase& d : fleet.databases) {
        text +=
            fmt::format("[[database]]\nname = \"{}\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"{}\"\n",
                        d.name, d.cls);
        if (d.replica_of) text += fmt::format("replica_of = \"{}\"\n", *d.replica_of);
        text += fmt::format("multi_az = {}\nother_connections = {}\n", d.multi_az, d.other);
        if (d.max_connections) text += fmt::format("max_connections = {}\n", *d.max_connections);
        text += "[database.observed]\n";
        if (d.cpu_mean)
            text += fmt::format("cpu_mean = \"[{:.9f}%, {:.9f}%]\"\n", d.cpu_mean->first, d.cpu_mean->second);
        text += fmt::format("cpu_peak = \"[{:.9f}%, {:.9f}%]\"\n", d.cpu_peak.first, d.cpu_peak.second);
        text += fmt::format("freeable_memory = \"[{:.9f} GiB, {:.9f} GiB]\"\nwindow = \"14 d\"\n", d.freeable.first,
                            d.freeable.second);
    }
    for (const auto& [name, vcpus] : fleet.hosts)
        text += fmt::format("[[host]]\nname = \"{}\"\nvcpus = {}\n", name, vcpus);
    for (const RandomPooler& p : fleet.poolers) {
        text +=
            fmt::format("[[pooler]]\nname = \"{}\"\nkind = \"{}\"\ndatabase = \"{}\"\n", p.name, p.kind, p.database);
        if (p.kind == "rds-proxy")
            text += fmt::format("max_connections_percent = \"{}%\"\n", p.percent);
        else
            text += fmt::format(
                "mode = \"transaction\"\ninstances = {}\ndefault_pool_size = {}\nreserve_pool_size = {}\n"
                "max_client_conn = 100000\n",
                p.instances, p.pool_size, p.reserve);
        if (p.kind != "rds-proxy" && p.pairs > 0) text += fmt::format("pairs = {}\n", p.pairs);
    }
    for (const RandomService& s : fleet.services) {
        text += fmt::format(
            "[[service]]\nname = \"{}\"\ninstances = {{ min = {}, max = {} }}\nprocesses = {}\ndeploy = \"{}\"\n",
            s.name, s.instances_min, s.instances_max, s.processes, s.deploy);
        if (s.host) text += fmt::format("host = \"{}\"\n", *s.host);
        if (s.surge && s.deploy == "rolling") text += fmt::format("max_surge = {}\n", *s.surge);
        if (s.merged_max) text += fmt::format("merged_max = {}\n", *s.merged_max);
        for (const RandomPool& p : s.pools) {
            text += fmt::format("[[service.pool]]\nname = \"{}\"\ndatabase = \"{}\"\ndriver = \"{}\"\n", p.name,
                                p.target, p.driver);
            if (p.databases > 1) text += fmt::format("databases = {}\n", p.databases);
            if (p.max) text += fmt::format("max = {}\n", *p.max);
            if (p.vcpu_max) text += fmt::format("vcpu_max = {}\n", *p.vcpu_max);
            if (p.in_use) text += fmt::format("in_use = \"{}-{}\"\n", p.in_use->first, p.in_use->second);
            if (!p.workload) continue;
            const RandomPool::Workload& load = *p.workload;
            text += "[service.pool.workload]\n";
            text += load.users > 0 ? fmt::format("users = {}\nthink = \"200 ms\"\n", load.users)
                                   : fmt::format("rate = \"{}/s\"\n", load.rate);
            text += fmt::format("hold = \"{} ms\"\nnested = {}\n", load.hold_ms, load.nested);
            if (load.cpu_ms) text += fmt::format("cpu = \"{} ms\"\n", *load.cpu_ms);
        }
    }
    return text;
}

}  // namespace poolfit::test
