#include "any_fleet.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "fleet.hpp"

namespace poolfit::test {
namespace {

/// Classes with a price in the region, small ones more often than there are.
const std::vector<const InstanceClass*>& classes(const Platform& platform, const std::string& region) {
    static std::map<std::pair<const Platform*, std::string>, std::vector<const InstanceClass*>> known;
    auto& found = known[{&platform, region}];
    if (!found.empty()) return found;
    for (const InstanceClass* cls : catalog().classes(platform)) {
        if (cls->cluster_only || !catalog().price(platform, *cls, region, false, PriceTerm::list)) continue;
        const int times = cls->burst || cls->shared ? 6 : cls->vcpus <= 8 ? 2 : cls->vcpus <= 32 ? 1 : 0;
        for (int i = 0; i < times; ++i) found.push_back(cls);
    }
    return found;
}

struct Server {
    std::string name;
    const Platform* platform = nullptr;
    std::string region;
    double memory_gib = 0;
    int vcpus = 0, max_connections = 0, reserved = 0;
    std::string cls, version;
};

class Writer {
public:
    explicit Writer(Generator& generator) : g_(generator), aside_(generator), disks_(generator) {
        aside_.discard(2000);
        disks_.discard(4000);
        Generator other = generator;  // leaves the rest of the inventory as it would be without
        other.discard(1000);
        one_law_ = uniform(other, 0, 7) > 0;
        Generator third = generator;
        third.discard(3000);
        one_deploy_ = uniform(third, 0, 3) == 0;
        const int longest = uniform(other, 0, 3) == 0 ? 200 : 35;
        hold_ = uniform(other, 2, longest);
        constant_ = uniform(other, 0, 3) == 0;
        const double whole = uniform(other, 0, 1) == 0 ? 100.0 : 1000.0;
        if (uniform(other, 0, 2) > 0) cpu_share_ = uniform(other, 1, 100) / whole;
    }

    std::string write() {
        text_ = "schema = \"poolfit-inventory/1\"\n";
        static constexpr const char* regions[] = {"us-east-1", "us-east-1", "eu-central-1", "us-west-2"};
        region_ = of(regions);
        line("region = \"{}\"", region_);
        policy();
        growth();
        for (int i = 0, n = one_in(3) ? 2 : 1; i < n; ++i) primary(fmt::format("db-{}", i));
        hosts();
        poolers();
        for (int i = 0, n = between(1, 3); i < n; ++i) service(i);
        return std::move(text_);
    }

private:
    int between(int low, int high) { return uniform(g_, low, high); }
    bool one_in(int n) { return between(1, n) == 1; }
    /// The same of numbers that leave the rest of the inventory as it would be without.
    int between_aside(int low, int high) { return uniform(aside_, low, high); }
    bool one_in_aside(int n) { return between_aside(1, n) == 1; }
    /// Of disks and of poolers that come with a server, for the same reason.
    int between_disks(int low, int high) { return uniform(disks_, low, high); }
    bool one_in_disks(int n) { return between_disks(1, n) == 1; }
    template <class T>
    T of(std::span<const T> all) {
        return all[static_cast<std::size_t>(between(0, static_cast<int>(all.size()) - 1))];
    }
    template <class T, std::size_t n>
    T of(const T (&all)[n]) {
        return of(std::span<const T>(all));
    }
    /// Many small, some large.
    int skewed(int low, int high) {
        const int most = one_in(4) ? high : std::max(low, std::min(high, low + (high - low) / 6));
        return between(low, most);
    }
    /// One end under `middle`, the other over it. Calls of the generator stand in statements of their own throughout:
    /// compilers evaluate arguments in orders of their own.
    std::string range(int middle, int high) {
        const int low = between(1, middle);
        return fmt::format("{}-{}", low, between(middle, high));
    }
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
    }

    void policy() {
        line("[policy]");
        if (one_in(8)) line("connections_steady_max = \"{}%\"", between(50, 100));
        if (one_in(8)) line("connections_deploy_max = \"{}%\"", between(60, 100));
        if (one_deploy_) line("deploys_at_once = 1");
        if (one_in(6)) line("cpu_peak_max = \"{}%\"", between(40, 95));
        if (one_in(8)) line("memory_max = \"{}%\"", between(60, 95));
        if (one_in(8)) line("freeable_memory_min = \"{} MiB\"", between(1, 2000));
        if (one_in(8)) line("observed_buffer = {}", between(10, 49) / 10.0);
        if (one_in(8)) line("wait = \"{} ms\"", between(1, 100));
        if (one_in(8)) line("wait_probability = \"{}%\"", between(1, 10));
        if (one_in(4)) line("allow_burstable = {}", one_in(2));
        if (one_in(4)) line("survive_failover = {}", one_in(2));
        if (one_in(2)) line("allow_arm = {}", one_in(2));
        if (one_in(16)) line("deny = [\"db.{}*\"]", one_in(2) ? "t3" : "m6");
        if (one_in(16)) line("allow = [\"db.m*\", \"db.t*\"]");
        if (one_in(8)) line("min_savings_per_month = {}", between(0, 40));
        if (one_in(8)) line("min_savings = \"{}%\"", between(0, 30));
    }

    void growth() {
        if (!one_in(3)) return;
        line("[growth]");
        if (!one_in(3)) line("services_per_year = {}", between(0, 6));
        if (!one_in(3)) line("load = \"{}% / month\"", between(0, 12));
    }

    void primary(std::string name) {
        Server server;
        server.name = std::move(name);
        server.region = region_;
        line("[[database]]\nname = \"{}\"", server.name);
        static constexpr const char* ids[] = {"rds-postgresql", "rds-postgresql", "rds-postgresql", "rds-postgresql",
                                              "rds-postgresql", "rds-mysql",      "rds-mariadb",    "self-managed"};
        std::string id = of(ids);
        // Other providers have regions of their own.
        static constexpr const char* others[] = {"cloud-sql-postgresql", "cloud-sql-mysql", "azure-postgresql",
                                                 "neon-postgresql", "aiven-mysql"};
        if (one_in_aside(4)) id = others[between_aside(0, 4)];
        std::string engine = "postgresql";
        if (id == "self-managed") {
            static constexpr const char* engines[] = {"postgresql", "postgresql", "mysql", "mariadb"};
            engine = of(engines);
            server.platform = platform::find("self-managed", engine);
        } else {
            server.platform = platform::by_id(id);
            engine = std::string(server.platform->engine);
        }
        line("engine = \"{}\"", engine);
        if (server.platform->provider != platform::usual_provider && id != "self-managed") {
            line("provider = \"{}\"", server.platform->provider);
            if (platform::has_regions(*server.platform)) {
                server.region = server.platform->catalog_region;
                line("region = \"{}\"", server.region);
            }
        }
        if (!one_in(4)) {
            static constexpr const char* postgresql[] = {"16.8",  "16.8", "15.4", "14",
                                                         "13.10", "17.2", "18.1", "12.17"};
            static constexpr const char* mysql[] = {"8.0.40", "8.0", "8.4.3", "5.7.44"};
            static constexpr const char* mariadb[] = {"10.11.8", "11.4", "10.6.14"};
            server.version = engine == "postgresql" ? of(postgresql) : engine == "mysql" ? of(mysql) : of(mariadb);
            // Capacity that follows the load is of versions that are not so old.
            if (server.platform->elastic && server.version < "14") server.version = "16.8";
            line("version = \"{}\"", server.version);
        }
        if (server.platform->has_classes) {
            const InstanceClass& cls =
                *of(std::span<const InstanceClass* const>(classes(*server.platform, server.region)));
            server.cls = std::string(cls.name);
            server.memory_gib = gib(cls.memory);
            server.vcpus = cls.vcpus;
            line("class = \"{}\"", server.cls);
            if (!catalog::knows_limit(catalog(), *server.platform, cls))
                server.max_connections = one_in_aside(3) ? between_aside(350, 2000) : between_aside(350, 500);
        } else if (const Elastic* elastic = server.platform->elastic) {
            const int whole = between_aside(1, 8);
            int most = whole + between_aside(0, 7);
            double least = one_in_aside(3) && whole == 1 ? 0.5 : whole;
            // Of one size, with which it may be larger than what scales.
            if (one_in_disks(4)) least = most = one_in_disks(2) ? between_disks(9, 28) * 2 : most;
            server.vcpus = most;
            server.memory_gib = static_cast<double>(most) * gib(elastic->unit_memory);
            line("{} = {}\n{} = {}", elastic->min_key, least, elastic->max_key, most);
        } else if (server.platform->provider != platform::own_provider) {
            server.vcpus = between_aside(1, 16);
            server.memory_gib = between_aside(1, 64);
            line("vcpus = {}\nmemory = \"{} GiB\"", server.vcpus, server.memory_gib);
        } else {
            server.vcpus = between(1, 16);
            server.memory_gib = between(1, 64);
            line("vcpus = {}\nmemory = \"{} GiB\"", server.vcpus, server.memory_gib);
            server.max_connections = between(20, 500);
        }
        rest(server);
        servers_.push_back(server);
        for (int i = 0, n = one_in(3) ? between(1, 2) : 0; i < n; ++i) replica(server, i);
    }

    void replica(Server server, int i) {
        const std::string primary = server.name;
        server.name = fmt::format("{}-r{}", primary, i);
        line("[[database]]\nname = \"{}\"\nreplica_of = \"{}\"", server.name, primary);
        if (server.platform->has_classes && one_in(4)) {
            const InstanceClass& cls =
                *of(std::span<const InstanceClass* const>(classes(*server.platform, server.region)));
            server.cls = std::string(cls.name);
            server.memory_gib = gib(cls.memory);
            line("class = \"{}\"", server.cls);
        }
        if (server.platform->has_classes && server.max_connections == 0 && one_in(12)) server.max_connections = -1;
        rest(server);
        servers_.push_back(server);
    }

    /// What every server may have, and what was measured there.
    void rest(Server& server) {
        if (server.platform->has_classes && server.max_connections == 0 && one_in(3))
            server.max_connections = one_in(3) ? between(100, 2000) : between(20, 200);
        if (server.max_connections > 0) {
            // Of other providers no fewer than are seen below: those of Azure begin at 25.
            if (!server.platform->lists_hosts && server.platform->provider != platform::own_provider)
                server.max_connections = std::max(server.max_connections, 320);
            line("max_connections = {}", server.max_connections);
        }
        if (one_in(12)) line("reserved_connections = {}", between(0, 10));
        if (one_in(3)) line("other_connections = {}", skewed(0, 40));
        const InstanceClass* cls = server.cls.empty() ? nullptr : catalog().find_class(*server.platform, server.cls);
        const auto takes = server.platform->takes_standby;
        if (server.platform->has_classes && one_in(4) && (takes == nullptr || (cls != nullptr && takes(*cls))))
            line("multi_az = true");
        if (one_in_aside(4)) {
            static constexpr const char* environments[] = {"production", "staging", "development", "test"};
            line("environment = \"{}\"", environments[between_aside(0, 3)]);
        }
        line("[database.observed]");
        const double peak = one_in(12) ? between(95, 100) : between(1, 95);
        const double spread = between(0, 5);
        if (!one_in(12)) line("cpu_peak = \"{:.6f}-{:.6f}%\"", std::max(0.5, peak - spread), peak);
        if (one_in_aside(5)) {
            const double p95 = peak * between_aside(30, 100) / 100.0;
            line("cpu_p95 = \"{:.6f}%\"", p95);
            if (one_in_aside(2)) line("cpu_p99 = \"{:.6f}%\"", (p95 + peak) / 2);
        }
        if (!one_in(3)) {
            const double mean = peak * between(10, 95) / 100.0;
            line("cpu_mean = \"{:.6f}-{:.6f}%\"", std::max(0.1, mean - spread), std::max(0.1, mean));
        }
        if (!one_in(12)) {
            const double free = server.memory_gib * between(2, 75) / 100.0;
            line("freeable_memory = \"{:.6f}-{:.6f} GiB\"", free * between(80, 100) / 100.0, free);
        }
        // Typically no more than max_connections, which may be as few as 20.
        if (one_in_aside(4)) {
            const int typical = between_aside(1, one_in_aside(3) ? 300 : 20);
            line("connections = \"{}-{}\"", typical, typical + between_aside(0, 60));
        } else if (one_in_aside(6)) {
            line("connections = {}", one_in_aside(4) ? 0.5 : 0.0);
            if (one_in_aside(2)) line("replica_lag = \"{} s\"", between_aside(0, 3));
        }
        if (one_in(10)) line("swap = \"0-{} MiB\"", between(0, 400));
        if (one_in(5)) line("data_size = \"{} GiB\"", skewed(1, 400));
        if (one_in(8)) line("iops = \"{}\"", range(300, 20000));
        if (one_in(10)) line("ebs_throughput = \"{} MB/s\"", range(20, 400));
        if (one_in(10)) line("network = \"{} Mbps\"", range(50, 3000));
        if (!one_in(5)) line("window = \"{} d\"", one_in(5) ? between(1, 13) : between(14, 90));
        if (one_in_disks(3)) storage(server, cls);
    }

    void storage(const Server& server, const InstanceClass* cls) {
        if (server.platform->volumes == nullptr) {
            line("[database.storage]\nsize = \"{} GiB\"", between_disks(1, 500));
            return;
        }
        std::vector<const VolumeKind*> kinds;
        for (const VolumeKind* kind : server.platform->volumes->kinds)
            if (kind->on == nullptr || (cls != nullptr && kind->on(*cls))) kinds.push_back(kind);
        if (kinds.empty()) return;
        const VolumeKind& kind = *kinds[static_cast<std::size_t>(between_disks(0, static_cast<int>(kinds.size()) - 1))];
        std::int64_t size = kind.least_gib + between_disks(0, one_in_disks(4) ? 2000 : 200);
        if (!kind.sizes.empty()) size = kind.sizes[static_cast<std::size_t>(between_disks(0, 7))];
        line("[database.storage]\ntype = \"{}\"\nsize = \"{} GiB\"", kind.name, size);
        if (kind.grows && kind.sizes.empty() && one_in_disks(4)) line("max_size = \"{} GiB\"", size * 2);
        const double gib = static_cast<double>(size);
        const VolumeKind::Tier* tier = platform::tier(kind, gib);
        if (kind.provisioned == nullptr || tier == nullptr || !tier->set) return;
        if (!kind.provisioned->needed && !one_in_disks(2)) return;
        const double least =
            std::max(platform::least_provisioned(kind, gib), std::ceil(gib * 2 * kind.provisioned->least_per_gib));
        const double most = std::min(platform::most_provisioned(kind, gib), 40'000.0);
        line("iops = {}", between_disks(static_cast<int>(least), static_cast<int>(std::max(least, most))));
    }

    void hosts() {
        for (int i = 0, n = between(1, 2); i < n; ++i) {
            line("[[host]]\nname = \"host-{}\"", i);
            static constexpr const char* types[] = {"t3.medium", "m6i.xlarge", "m6g.xlarge", "c5.2xlarge"};
            if (one_in(2)) {
                line("class = \"{}\"", of(types));
            } else {
                line("vcpus = {}", between(1, 16));
                if (one_in(2)) line("threads_per_core = {}", between(1, 2));
            }
            hosts_.push_back(fmt::format("host-{}", i));
        }
    }

    void poolers() {
        for (int i = 0, n = one_in(2) ? 0 : between(1, 2); i < n; ++i) {
            const Server& server = of(std::span<const Server>(servers_));
            const auto kinds = server.platform->poolers;
            if (kinds.empty()) continue;
            const std::string name = fmt::format("pooler-{}", i);
            const Pooler::Kind kind = of(kinds);
            if (kind == Pooler::Kind::pgbouncer && one_in(3)) {
                aliases(name, server.name);
                continue;
            }
            line("[[pooler]]\nname = \"{}\"\nkind = \"{}\"\ndatabase = \"{}\"", name, platform::pooler_kind(kind).word,
                 server.name);
            if (kind == Pooler::Kind::proxy) {
                if (!one_in(4)) line("max_connections_percent = \"{}%\"", between(5, 100));
                if (one_in_aside(2)) line("borrow_timeout = \"{} s\"", between_aside(0, 200));
            } else {
                const BuiltInPooler* made = server.platform->built_in_pooler;
                const InstanceClass* cls =
                    server.cls.empty() ? nullptr : catalog().find_class(*server.platform, server.cls);
                const bool comes = made != nullptr && (cls == nullptr || made->on(*cls)) && one_in_disks(2);
                if (comes) line("built_in = true");
                const bool fixed = comes && made->fixed;  // users cannot set its sizes
                bouncer_keys(comes, fixed);
                if (one_in(4)) line("pairs = {}", between(1, 3));
                if (one_in(6) && !fixed) line("max_db_connections = {}", between(0, 60));
            }
            poolers_.push_back(name);
        }
    }

    void bouncer_keys(bool comes = false, bool fixed = false) {
        if (one_in(2)) {
            const int instances = between(1, 3);
            if (!comes) line("instances = {}", instances);
        }
        static constexpr const char* modes[] = {"transaction", "transaction", "statement", "session"};
        if (!one_in(8) && !fixed) line("mode = \"{}\"", of(modes));
        if (!one_in(4) && !fixed) line("default_pool_size = {}", skewed(1, 100));
        if (one_in(4) && !fixed) line("reserve_pool_size = {}", between(0, 10));
        if (!one_in(8) && !fixed) line("max_client_conn = {}", one_in(3) ? between(20, 400) : 5000);
    }

    /// A PgBouncer with one alias, or several on one server or on different ones.
    void aliases(const std::string& name, const std::string& first) {
        line("[[pooler]]\nname = \"{}\"\nkind = \"pgbouncer\"", name);
        bouncer_keys();
        const int count = one_in(3) ? 1 : between(2, 3);
        const bool one_server = one_in(2);
        for (int i = 0; i < count; ++i) {
            std::string server = first;
            if (i > 0 && !one_server) {
                const Server& other = of(std::span<const Server>(servers_));
                if (std::ranges::find(other.platform->poolers, Pooler::Kind::pgbouncer) !=
                    other.platform->poolers.end())
                    server = other.name;
            }
            line("[[pooler.database]]\nname = \"alias-{}\"\ndatabase = \"{}\"", i, server);
            if (one_in(2)) line("pool_size = {}", skewed(1, 60));
            if (one_in(6)) line("min_pool_size = {}", between(0, 5));
            if (one_in(6)) line("reserve_pool_size = {}", between(0, 5));
            if (one_in(6)) line("max_db_connections = {}", between(0, 60));
            if (one_in(4)) line("pairs = {}", between(1, 3));
            static constexpr const char* modes[] = {"transaction", "transaction", "session"};
            if (one_in(6)) line("pool_mode = \"{}\"", of(modes));
            // The only alias goes by the pooler's own name, too.
            const bool own_name = count == 1 && one_in(2);
            poolers_.push_back(own_name ? name : fmt::format("{}/alias-{}", name, i));
        }
    }

    void service(int index) {
        line("[[service]]\nname = \"svc-{}\"", index);
        static constexpr const char* kinds[] = {"server", "ci", "job", "listener"};
        if (one_in_aside(6)) line("kind = \"{}\"", kinds[between_aside(0, 3)]);
        const bool host = one_in(2);
        if (host) line("host = \"{}\"", of(std::span<const std::string>(hosts_)));
        static constexpr const char* runtimes[] = {"", "", "event-loop", "threads", "processes", "serverless"};
        const std::string runtime = of(runtimes);
        if (!runtime.empty()) line("runtime = \"{}\"", runtime);
        if ((runtime == "threads" && !one_in(4)) || (runtime.empty() && one_in(8)))
            line("threads = {}", one_in(6) ? between(20, 200) : between(1, 12));
        const int least = skewed(1, 8);
        copies_ = least;
        if (one_in(2)) {
            copies_ += skewed(0, 20);
            line("instances = {{ min = {}, max = {} }}", least, copies_);
        } else {
            line("instances = {}", least);
        }
        if (one_in(2)) {
            const int processes = skewed(1, 8);
            line("processes = {}", processes);
            copies_ *= processes;
        }
        shares_rate_ = one_in_aside(6);
        rate_at_ = text_.size();
        static constexpr const char* deploys[] = {"recreate", "rolling", "blue-green"};
        std::string deploy = of(deploys);
        if (deploy != "rolling" && one_in_aside(4)) deploy = "cut-over";
        line("deploy = \"{}\"", deploy);
        if (deploy == "rolling" && one_in(2)) {
            if (one_in(2))
                line("max_surge = {}", between(0, 4));
            else
                line("max_surge = \"{}%\"", between(0, 100));
        }
        if (one_in(6))
            line("merged_max = {}", one_in(2) || !host ? std::to_string(between(1, 30)) : "\"2 * TOTAL_VCPUS\"");
        if (one_in(8)) line("vars = {{ BATCH = {} }}", between(1, 9));
        for (int p = 0, n = one_in(2) ? 1 : between(1, 3); p < n; ++p) pool(p, host, runtime);
    }

    void pool(int index, bool host, const std::string& runtime) {
        line("[[service.pool]]\nname = \"pool-{}\"", index);
        const bool by_pooler = !poolers_.empty() && one_in(2);
        const auto& server = of(std::span<const Server>(servers_));
        line("database = \"{}\"", by_pooler ? of(std::span<const std::string>(poolers_)) : server.name);
        const bool tenants = one_in(8);
        if (tenants) line("databases = {}", one_in(6) ? between(20, 2000) : between(2, 20));
        // With a default of their own; those that count vCPUs need a host.
        static constexpr const char* drivers[] = {"pg",      "postgres.js",  "pg-boss",        "HikariCP", "sqlalchemy",
                                                  "django",  "activerecord", "prisma",         "asyncpg",  "npgsql",
                                                  "knex",    "tomcat-jdbc",  "database/sql",   "sequel",   "odoo",
                                                  "quarkus", "ecto",         "graphile-worker"};
        static constexpr const char* by_vcpus[] = {"prisma-6", "pgxpool"};
        static constexpr const char* without[] = {"drizzle", "agroal"};
        const int kind = between(0, 11);
        bool needs_max = false;
        std::string driver;
        if (kind == 0)
            needs_max = true;
        else if (kind == 1)
            driver = of(without), needs_max = true;
        else if (kind == 2 && host)
            driver = of(by_vcpus);
        else
            driver = of(drivers);
        if (!driver.empty()) line("driver = \"{}\"", driver);
        if (needs_max || !one_in(4)) {
            const int formula = between(0, 11);
            if (formula == 0)
                line("max = \"max(3, {} * INSTANCES)\"", between(1, 4));
            else if (formula == 1)
                line("max = \"{} * DB_VCPUS + PROCESSES\"", between(1, 4));
            else if (formula == 2 && host)
                line("max = \"max(2, ceil(TOTAL_VCPUS * 1.5))\"");
            else
                line("max = {}", skewed(1, 60));
        }
        const int typical = skewed(0, 12);
        if (!one_in(3)) line("in_use = \"{}-{}\"", typical, typical + between(0, 5));
        if (host && one_in(6)) line("vcpu_max = \"max(2, TOTAL_VCPUS)\"");
        if (one_in(2)) line("monitored = {}", one_in(2));
        static constexpr const char* places[] = {"code", "url", "env"};
        if (one_in(8)) line("set_in = \"{}\"", of(places));
        static constexpr const char* features[] = {"prepared", "listen", "session"};
        if (one_in(8)) line("features = [\"{}\"]", of(features));
        if (one_in(3)) workload(runtime, tenants);
    }

    void workload(const std::string& runtime, bool tenants) {
        line("[service.pool.workload]");
        const bool open = tenants || one_in(2);
        int hold = skewed(2, 200);
        if (one_law_) hold = hold_;
        const bool ranges = one_in(5);
        if (open) {
            const int rate = std::max(1, between(1, 12) * 1000 / hold / (runtime == "processes" ? 10 : 2));
            // The first of the service's pools may take the service's.
            if (std::exchange(shares_rate_, false))
                text_.insert(rate_at_, fmt::format("rate = \"{}/s\"\n", rate * copies_));
            else
                ranges ? line("rate = \"{}-{}/s\"", std::max(1, rate / 2), rate) : line("rate = \"{}/s\"", rate);
        } else {
            line("users = {}", skewed(1, 30));
            ranges ? line("think = \"{} ms\"", range(100, 1000)) : line("think = \"{} ms\"", between(0, 1000));
        }
        // Others are simulated, which takes longer than all the rest.
        const bool simulated = one_in(1000);
        if (simulated && one_in(2)) {
            line("hold_p50 = \"{} ms\"\nhold_p99 = \"{} ms\"", hold, hold * between(2, 6));
        } else {
            one_in(5) ? line("hold = \"{}-{} ms\"", std::max(1, hold / 2), hold) : line("hold = \"{} ms\"", hold);
            if (simulated)
                line("cv = 1.5");
            else if (open && one_in(8) && (!one_law_ || constant_))
                line("cv = 0");
        }
        if (!simulated && one_in(open ? 2 : 4)) {
            const double whole = one_in(2) ? 100.0 : 1000.0;
            const double cpu = hold * between(1, 100) / whole;
            if (!one_law_) line("cpu = \"{:.3f} ms\"", std::max(0.001, cpu));
        }
        if (one_law_ && cpu_share_ > 0) line("cpu = \"{:.3f} ms\"", std::max(0.001, hold * cpu_share_));
        if (one_in(12)) line("external = \"{} ms\"", std::max(1, hold / 2));
        if (one_in(open ? 40 : 12)) line("nested = {}", between(1, 2));
        if (one_in(6)) line("acquire_timeout = \"{} ms\"", skewed(1, 5000));
    }

    Generator& g_;
    Generator aside_, disks_;
    /// Do all workloads take the same time? The load that a pooler sums is then exact, and else simulated, which takes
    /// longer than all the rest of a plan.
    bool one_law_ = false, constant_ = false;
    int hold_ = 0;
    bool one_deploy_ = false;
    double cpu_share_ = 0;  ///< 0: none of them says what it takes of the CPU
    // Of the service that is written.
    int copies_ = 1;  ///< processes of all its instances
    bool shares_rate_ = false;
    std::size_t rate_at_ = 0;
    std::string text_, region_;
    std::vector<Server> servers_;
    std::vector<std::string> hosts_, poolers_;
};

}  // namespace

std::string any_fleet(Generator& generator) { return Writer(generator).write(); }

}  // namespace poolfit::test
