// The names of figures, as `explain` takes them, one of each kind of subject and style.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "inventory.hpp"

using namespace poolfit;
using test::cls;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;
using Kind = Subject::Kind;

namespace {

/// Two engines: "db" is PostgreSQL, "my" MySQL, in two zones.
const Planned& mixed() {
    static const Planned planned = plan_text(
        inventory("db.m5.large", "",
                  "[[database]]\nname = \"my\"\nengine = \"mysql\"\nclass = \"db.m5.large\"\nmulti_az = true\n"
                  "[[host]]\nname = \"h\"\nvcpus = 4\n"
                  "[[pooler]]\nname = \"front\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n" +
                      service("a", "", "max = 1") + service("b", "", "max = 1", "my")));
    return planned;
}

std::string name(const Key& key) { return assess::name(key, mixed().fleet); }

}  // namespace

TEST_CASE("names: of each kind of subject") {
    const InstanceClass &pg = cls("db.m5.large"), &my = cls("db.m5.large", "rds-mysql");
    CHECK(name({{}, Name::hours_per_month}) == "hours_per_month");
    CHECK(name({{Kind::policy, 0}, Name::steady_max}) == "policy.connections_steady_max");
    CHECK(name({{Kind::growth, 0}, Name::load_per_month}) == "growth.load_per_month");
    CHECK(name({{Kind::fleet, 0}, Name::fleet_connections}) == "fleet.connections");
    CHECK(name({{Kind::totals, 0}, Name::total_saves_per_year}) == "totals.saves_per_year");
    CHECK(name({{Kind::database, 1}, Name::connections_usable}) == "database.my.connections.usable");
    CHECK(name({{Kind::service, 1}, Name::deploy_instances}) == "service.b.deploy_instances");
    CHECK(name({{Kind::pool, 1}, Name::size_max}) == "service.b.pool.p.max");
    CHECK(name({{Kind::pooler, 0}, Name::default_pool_size}) == "pooler.front.default_pool_size");
    CHECK(name({{Kind::host, 0}, Name::vcpus}) == "host.h.vcpus");
    CHECK(name({{Kind::cls, 0}, Name::vcpus, Phase::now, &pg}) == "class.db.m5.large.vcpus");
    CHECK(name({{Kind::cls, 1}, Name::max_nominal, Phase::now, &my}) == "class.mysql.db.m5.large.max_nominal");
    CHECK(name({{Kind::cls, 0}, Name::max_nominal, Phase::now, &pg}) == "class.postgresql.db.m5.large.max_nominal");
    CHECK(name({{Kind::engine, 0}, Name::parameter, Phase::now, nullptr, "reserved_connections"}) ==
          "engine.postgresql.reserved_connections");
    CHECK(name({{Kind::engine, 1}, Name::parameter, Phase::now, nullptr, "x"}) == "engine.mysql.x");
    CHECK(name({{Kind::driver, 0}, Name::default_max, Phase::now, nullptr, "pg"}) == "driver.pg.default_max");
    CHECK(name({{Kind::host_type, 0}, Name::host_price, Phase::now, nullptr, "t3.medium"}) ==
          "host_type.t3.medium.price");
    CHECK(name({{Kind::price, 0}, Name::price, Phase::now, &pg, "list"}) ==
          "price.us-east-1.postgresql.db.m5.large.single-az.list");
    CHECK(name({{Kind::price, 1}, Name::price_single, Phase::now, &my, "ri1"}) ==
          "price.us-east-1.mysql.db.m5.large.multi-az.ri1.single");
    CHECK(name({{Kind::credit_price, 0}, Name::price, Phase::now, nullptr, "t3"}) ==
          "price.credits.us-east-1.postgresql.t3");
    CHECK(name({{Kind::strategy, 0}, Name::strategy_change, Phase::monitor}) == "strategy.monitor.change");
    CHECK(name({{Kind::threshold, 0}, Name::threshold_at, Phase::now, nullptr, "cpu_peak"}) == "threshold.cpu_peak.at");
    CHECK(name({{Kind::runway, 1}, Name::months, Phase::after, nullptr, "cpu_peak"}) == "runway.after.my.cpu_peak");
    CHECK(name({{Kind::runway, 0}, Name::months, Phase::now, nullptr, "memory"}) == "runway.now.db.memory");
}

TEST_CASE("names: the class, the phase, the workload and the strategy have their places") {
    const InstanceClass& t3 = cls("db.t3.large");
    CHECK(name({{Kind::database, 0}, Name::cpu_peak, Phase::now, &t3}) == "database.db.on.db.t3.large.cpu.peak");
    CHECK(name({{Kind::database, 0}, Name::connections_utilization, Phase::after, &t3}) ==
          "database.db.on.db.t3.large.after.connections.utilization");
    CHECK(name({{Kind::database, 0}, Name::connections_allocated, Phase::aggressive}) ==
          "database.db.strategy.aggressive.connections.allocated");
    CHECK(name({{Kind::pooler, 0}, Name::server_connections, Phase::aggressive, &t3}) ==
          "pooler.front.on.db.t3.large.strategy.aggressive.server_connections");
    CHECK(name({{Kind::pool, 0}, Name::allocated, Phase::after}) == "service.a.pool.p.after.allocated");
    CHECK(name({{Kind::pool, 0}, Name::hold_p99}) == "service.a.pool.p.workload.hold_p99");
    CHECK(name({{Kind::pool, 0}, Name::rated_wait_mean, Phase::after}) == "service.a.pool.p.workload.after.wait_mean");
    CHECK(name({{Kind::pool, 0}, Name::rated_utilization}) == "service.a.pool.p.workload.now.utilisation");
    CHECK(name({{Kind::database, 0}, Name::strategy_server_deploy, Phase::pooler}) ==
          "strategy.pooler.database.db.deploy");
    CHECK(name({{Kind::database, 0}, Name::connections_failover_from, Phase::now, nullptr, "replica"}) ==
          "database.db.connections.failover_peak.from.replica");
    CHECK(name({{Kind::service, 0}, Name::variable, Phase::now, nullptr, "lanes"}) == "service.a.vars.lanes");
    CHECK(name({{Kind::pool, 0}, Name::at_vcpus, Phase::now, nullptr, "16"}) == "service.a.pool.p.at_16_vcpus");
    CHECK(name({{Kind::cls, 0}, Name::buffers, Phase::now, &t3, "shared_buffers"}) ==
          "class.postgresql.db.t3.large.shared_buffers");
    CHECK(name({{}, Name::buffers_divisor, Phase::now, nullptr, "shared_buffers"}) == "shared_buffers_divisor");
    CHECK(name({{}, Name::vcpu_column, Phase::now, nullptr, "8"}) == "vcpus.8");
}

TEST_CASE("names: a fleet of one platform has no platform in them, and the order of databases decides none") {
    const std::string my = "[[database]]\nname = \"my\"\nengine = \"mysql\"\nclass = \"db.m5.large\"\n";
    const auto named = [](const Fleet& fleet, Index database) {
        const InstanceClass& type = *fleet.databases[database].type;
        return assess::name({{Kind::cls, database}, Name::max_nominal, Phase::now, &type}, fleet);
    };
    const Planned one = plan_text(inventory("db.m5.large", ""));
    CHECK(named(one.fleet, 0) == "class.db.m5.large.max_nominal");
    CHECK(assess::name({{Kind::credit_price, 0}, Name::price, Phase::now, nullptr, "t3"}, one.fleet) ==
          "price.credits.t3");
    const Planned two = plan_text(inventory("db.m5.large", "", my));
    CHECK(named(two.fleet, 0) == "class.postgresql.db.m5.large.max_nominal");
    CHECK(named(two.fleet, 1) == "class.mysql.db.m5.large.max_nominal");
    CHECK(assess::name({{Kind::cls, 1}, Name::max_nominal, Phase::now, two.fleet.databases[1].type}, two.fleet,
                       assess::Spelling::brief) == "class.db.m5.large.max_nominal");
}

TEST_CASE("names: a record's name with a dot is quoted, and only such a one") {
    CHECK(assess::quoted("shop") == "shop");
    CHECK(assess::quoted("front/ledger") == "front/ledger");
    CHECK(assess::quoted("shop.eu") == "\"shop.eu\"");
    CHECK(assess::quoted("a\"b") == "a\"b");
    CHECK(assess::quoted("a\"b.c\\") == "\"a\\\"b.c\\\\\"");
    const Planned planned = plan_text(inventory(
        "db.m5.large", "",
        "[[database]]\nname = \"db.after\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\nreplica_of = \"db\"\n" +
            service("a", "", "max = 1")));
    const auto in = [&](const Key& key) { return assess::name(key, planned.fleet); };
    CHECK(in({{Kind::database, 1}, Name::connections_allocated}) == "database.\"db.after\".connections.allocated");
    CHECK(in({{Kind::database, 0}, Name::connections_allocated, Phase::after}) ==
          "database.db.after.connections.allocated");
    CHECK(in({{Kind::database, 0}, Name::connections_failover_from, Phase::now, nullptr, "db.after"}) ==
          "database.db.connections.failover_peak.from.\"db.after\"");
    CHECK(in({{Kind::runway, 1}, Name::months, Phase::now, nullptr, "memory"}) == "runway.now.\"db.after\".memory");
    CHECK(assess::name({{Kind::database, 1}, Name::connections_allocated}, planned.fleet, assess::Spelling::brief) ==
          "database.db.after.connections.allocated");
}

TEST_CASE("names: a commitment without a name goes by its number, and one that is called so does not") {
    Fleet fleet;
    fleet.commitments.resize(3);
    fleet.commitments[0].name = {"3", {}};
    fleet.commitments[1].name = {"m5.large", {}};
    const auto in = [&](Index i) { return assess::name({{Kind::commitment, i}, Name::units_owned}, fleet); };
    CHECK(in(0) == "commitment.\"3\".units");
    CHECK(in(1) == "commitment.\"m5.large\".units");
    CHECK(in(2) == "commitment.3.units");
}

TEST_CASE("names: no two quantities of a database, a pool or a class have the same") {
    for (const Kind kind : {Kind::database, Kind::pool, Kind::service}) {
        std::set<std::string> seen;
        for (int i = 0; i < static_cast<int>(Name::strategy_connections); ++i) {
            const auto quantity = static_cast<Name>(i);
            // Without a detail these have no name of their own, or are other subjects'.
            if (quantity == Name::buffers || quantity == Name::parameter || quantity == Name::price) continue;
            const std::string text = name({{kind, 0}, quantity});
            const bool shared = quantity == Name::services || quantity == Name::pools ||
                                quantity == Name::known_pools || quantity == Name::fleet_connections ||
                                quantity == Name::pool_cpu_demand;
            CHECK_MESSAGE((seen.insert(text).second || shared), text);
        }
    }
}

TEST_CASE("names: a phase") {
    CHECK(assess::name(Phase::now) == "now");
    CHECK(assess::name(Phase::after) == "after");
    CHECK(assess::name(Phase::conservative) == "conservative");
    CHECK(assess::name(Phase::aggressive) == "aggressive");
    CHECK(assess::name(Phase::monitor) == "monitor");
    CHECK(assess::name(Phase::pooler) == "pooler");
}

TEST_CASE("names: a dimension") {
    CHECK(assess::name(Dimension::connections_steady) == "connections_steady");
    CHECK(assess::name(Dimension::credits) == "credits");
    CHECK(assess::name(Dimension::freeable_memory) == "freeable_memory");
    CHECK(assess::name(Dimension::network) == "network");
    CHECK(assess::name(Dimension::engine) == "engine");
    CHECK(assess::name(Dimension::replica) == "replica");
    CHECK(assess::name(Dimension::cpu_demand) == "cpu_demand");
}

TEST_CASE("variables: what a figure is called in a formula") {
    CHECK(assess::variable({{Kind::host, 0}, Name::vcpus}) == "TOTAL_VCPUS");
    CHECK(assess::variable({{Kind::cls, 0}, Name::vcpus}) == "DB_VCPUS");
    CHECK(assess::variable({{}, Name::vcpu_column}) == "TOTAL_VCPUS");
    CHECK(assess::variable({{Kind::host, 0}, Name::cores}) == "TOTAL_CORES");
    CHECK(assess::variable({{Kind::host, 0}, Name::cores_at}) == "TOTAL_CORES");
    CHECK(assess::variable({{Kind::service, 0}, Name::instances}) == "INSTANCES");
    CHECK(assess::variable({{Kind::service, 0}, Name::processes}) == "PROCESSES");
    CHECK(assess::variable({{Kind::service, 0}, Name::variable, Phase::now, nullptr, "lanes"}) == "lanes");
    CHECK(assess::variable({{Kind::cls, 0}, Name::memory}) == "DBInstanceClassMemory");
    CHECK(assess::variable({{Kind::cls, 0}, Name::engine_memory}) == "DBInstanceClassMemory");
    CHECK(assess::variable({{Kind::pool, 0}, Name::waste}).empty());
}

TEST_CASE("two engines in one fleet: their figures do not meet") {
    CHECK(mixed().figures->conflicts().empty());
    CHECK(mixed().node("class.postgresql.db.m5.large.max_nominal").value.high == 901);
    CHECK(mixed().node("class.mysql.db.m5.large.max_nominal").value.high == 682);  // 8 GiB / 12,582,880
    CHECK(mixed().node("class.db.m5.large.memory").value.high == 8589934592.0);
}

TEST_CASE("keys: a class is the same by its name, on any platform") {
    const InstanceClass &pg = cls("db.m5.large"), &my = cls("db.m5.large", "rds-mysql"), &other = cls("db.t3.large");
    const auto on = [](const InstanceClass* c) { return Key{{Kind::cls, 0}, Name::vcpus, Phase::now, c}; };
    CHECK(on(&pg) == on(&my));
    CHECK_FALSE(on(&pg) == on(&other));
    CHECK_FALSE(on(&pg) == on(nullptr));
    CHECK_FALSE(on(nullptr) == on(&pg));
    CHECK_FALSE(Key{{}, Name::vcpus} == Key{{}, Name::memory});
    CHECK_FALSE(Key{{}, Name::vcpus, Phase::now} == Key{{}, Name::vcpus, Phase::after});
    CHECK_FALSE(Key{{}, Name::parameter, Phase::now, nullptr, "a"} ==
                Key{{}, Name::parameter, Phase::now, nullptr, "b"});
    CHECK_FALSE(Key{{Kind::pool, 0}, Name::waste} == Key{{Kind::pool, 1}, Name::waste});
}
