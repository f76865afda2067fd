// What pools can open, by hand: a pool, a pooler's server side, a database, and the worst single failure.
#include <doctest/doctest.h>

#include <poolfit/model/topology.hpp>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

std::int64_t allocated(const Planned& planned, Index database = 0) {
    REQUIRE(planned.plan.databases[database].demand.allocated.has_value());
    return planned.plan.databases[database].demand.allocated->value.value;
}
std::int64_t deploy(const Planned& planned, Index database = 0) {
    REQUIRE(planned.plan.databases[database].demand.deploy_peak.has_value());
    return planned.plan.databases[database].demand.deploy_peak->value.value;
}

/// Instances during a deploy.
std::int64_t side_by_side(std::string_view keys) {
    const Planned planned = plan_text(inventory("db.m5.large", "", service("a", keys, "max = 1")));
    CHECK(planned.figures->conflicts().empty());
    return planned.plan.deploy_instances.front().value;
}

/// What a pool without a max of its own opens, on a host of four vCPUs.
std::optional<std::int64_t> default_of(std::string_view driver) {
    const Planned planned = plan_text(inventory(
        "db.m5.large", "",
        "[[host]]\nname = \"h\"\nvcpus = 4\n" + service("a", "host = \"h\"", fmt::format("driver = \"{}\"", driver))));
    const PoolSize& size = planned.plan.pools.front().declared;
    if (!size) return std::nullopt;
    return size->value.value;
}

}  // namespace

TEST_CASE("a pool opens its size times processes times instances, and a database has other connections too") {
    const Planned planned = plan_text(inventory(
        "db.m5.large", "other_connections = 7",
        service("a", "instances = 3\nprocesses = 2", "max = 10") + service("b", "deploy = \"recreate\"", "max = 4")));
    // 3 × 2 × 10, and 25 % of 3 is one instance more: 4 × 2 × 10.
    const PoolPlan& pool = planned.plan.pools[0];
    CHECK(pool.now.size->value.value == 10);
    CHECK(pool.now.allocated->value.value == 60);
    CHECK(pool.now.deploy_peak->value.value == 80);
    CHECK(planned.plan.databases[0].demand.services->value.value == 64);
    CHECK(allocated(planned) == 71);
    CHECK(deploy(planned) == 91);
    CHECK_FALSE(planned.plan.databases[0].demand.allocated_at_least.has_value());
    CHECK_FALSE(planned.plan.databases[0].demand.failover_peak.has_value());
    CHECK_FALSE(planned.plan.databases[0].demand.failover.has_value());
    CHECK(planned.node("database.db.connections.allocated").op == Op::sum);
    CHECK(planned.node("service.a.pool.p.allocated").op == Op::product);
    CHECK(planned.node("service.a.max_surge").remark.note == Note::surge_default);
}

TEST_CASE("a surge is a share that is rounded up, or a number of instances") {
    CHECK(side_by_side("instances = 8") == 10);
    CHECK(side_by_side("instances = 10") == 13);
    CHECK(side_by_side("instances = 1") == 2);
    CHECK(side_by_side("instances = 8\nmax_surge = \"25%\"") == 10);
    CHECK(side_by_side("instances = 8\nmax_surge = \"26%\"") == 11);
    CHECK(side_by_side("instances = 8\nmax_surge = \"0%\"") == 8);
    CHECK(side_by_side("instances = 8\nmax_surge = \"100%\"") == 16);
    // 0.07 × 100 is 7.000000000000001 in binary: still 7.
    CHECK(side_by_side("instances = 100\nmax_surge = \"7%\"") == 107);
    CHECK(side_by_side("instances = 8\nmax_surge = 3") == 11);
    CHECK(side_by_side("instances = 8\nmax_surge = 0") == 8);
    CHECK(side_by_side("instances = 8\nmax_surge = 1") == 9);
}

TEST_CASE("recreate never has two of an instance, blue-green has all of them twice") {
    CHECK(side_by_side("instances = 8\ndeploy = \"recreate\"") == 8);
    CHECK(side_by_side("instances = 8\ndeploy = \"blue-green\"") == 16);
    CHECK(side_by_side("instances = 8\ndeploy = \"rolling\"") == 10);
}

TEST_CASE("autoscaling counts the most instances") {
    CHECK(side_by_side("instances = { min = 2, max = 8 }") == 10);
    const Planned planned =
        plan_text(inventory("db.m5.large", "", service("a", "instances = { min = 2, max = 8 }", "max = 5")));
    CHECK(allocated(planned) == 40);
    const Node& instances = planned.node("service.a.instances");
    CHECK(instances.value.high == 8);
    CHECK(instances.remark.note == Note::autoscaling);
    CHECK(instances.remark.number == 2);
}

TEST_CASE("drivers' defaults: a number, a formula of the host, no limit") {
    CHECK(default_of("postgres.js") == 10);
    CHECK(default_of("sequelize") == 5);
    CHECK(default_of("prisma-6") == 9);           // 2 × TOTAL_CORES + 1, of at most 4 cores
    CHECK(default_of("deadpool-postgres") == 8);  // 2 × TOTAL_VCPUS
    CHECK(default_of("pgxpool") == 4);            // max(4, TOTAL_VCPUS)
    CHECK_FALSE(default_of("database/sql").has_value());
}

TEST_CASE("a default by cores has a second size where a host's vCPUs may be two a core, and only there") {
    const auto fewer = [](std::string_view pool, std::string_view host = "vcpus = 4") {
        const Planned planned = plan_text(inventory(
            "db.m5.large", "", fmt::format("[[host]]\nname = \"h\"\n{}\n", host) + service("a", "host = \"h\"", pool)));
        const auto size = assess::size_with_fewer_cores(planned.fleet, 0);
        return size ? size->value : 0;
    };
    constexpr std::string_view prisma = "driver = \"prisma-6\"";
    CHECK(fewer(prisma) == 5);  // 2 × 2 cores + 1
    CHECK(fewer(prisma, "vcpus = 5") == 7);
    CHECK(fewer(prisma, "vcpus = 1") == 3);
    CHECK(fewer("driver = \"prisma-6\"\nmax = 9") == 0);
    CHECK(fewer("driver = \"deadpool-postgres\"") == 0);  // counts vCPUs
    CHECK(fewer("driver = \"sequelize\"") == 0);          // a number
    CHECK(fewer("max = 9") == 0);
    CHECK(fewer(prisma, "vcpus = 4\nthreads_per_core = 2") == 0);
    CHECK(fewer(prisma, "vcpus = 4\nthreads_per_core = 1") == 0);
}

TEST_CASE("a driver's default leads to its row, and to the host where it is a formula") {
    const Planned planned = plan_text(inventory("db.m5.large", "",
                                                "[[host]]\nname = \"h\"\nvcpus = 4\n" +
                                                    service("a", "host = \"h\"", "driver = \"deadpool-postgres\"") +
                                                    service("b", "", "driver = \"sequelize\"")));
    const Node& formula = planned.node("service.a.pool.p.max");
    CHECK(formula.kind == Node::Kind::formula);
    CHECK(formula.remark.note == Note::driver_default);
    CHECK(formula.text == "2 * TOTAL_VCPUS");
    CHECK(formula.inputs == 1);
    CHECK(planned.node("host.h.vcpus").value.high == 4);
    CHECK(planned.node("driver.sequelize.default_max").kind == Node::Kind::row);
    CHECK(planned.node("service.b.pool.p.max").remark.note == Note::driver_default);
}

TEST_CASE("sizes by vCPUs: of the host, and of the class that the database is on") {
    // db.m5.xlarge has 4 vCPUs, the host 6.
    const Planned planned = plan_text(inventory(
        "db.m5.xlarge", "",
        "[[host]]\nname = \"h\"\nvcpus = 6\n" +
            service("a",
                    "host = \"h\"\ninstances = 3\nprocesses = 2\nvars = { lanes = 5 }\nmerged_max = \"DB_VCPUS * 2 + "
                    "PROCESSES\"",
                    "max = \"lanes + INSTANCES\"\nvcpu_max = \"TOTAL_VCPUS * 3\"")));
    const Recorder off;
    CHECK(planned.plan.pools[0].declared->value.value == 8);
    CHECK(planned.plan.pools[0].by_vcpus->value.value == 18);
    CHECK(assess::merged_size(planned.fleet, 0, 0, off)->value.value == 10);
    CHECK(assess::size_formula(planned.fleet, 0) == "TOTAL_VCPUS * 3");
    CHECK(assess::size_at_vcpus(planned.fleet, 0, 16, "16", off)->value.value == 48);
    Figures figures;
    const PoolSize merged = assess::merged_size(planned.fleet, 0, 0, Recorder(&figures));
    CHECK(assess::name(figures[merged->id].key, planned.fleet) == "service.a.merged_max");
    const Planned two =
        plan_text(inventory("db.m5.xlarge", "",
                            "[[database]]\nname = \"b\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n" +
                                service("a", "merged_max = \"DB_VCPUS * 2\"", "max = 1") +
                                "[[service.pool]]\nname = \"q\"\ndatabase = \"b\"\nmax = 1\n"));
    for (const Index i : {Index{0}, Index{1}}) {
        Figures each;
        const PoolSize size = assess::merged_size(two.fleet, 0, i, Recorder(&each));
        CHECK(size->value.value == (i == 0 ? 8 : 4));
        CHECK(assess::name(each[size->id].key, two.fleet) ==
              (i == 0 ? "service.a.merged_max.db" : "service.a.merged_max.b"));
    }
    CHECK(figures.inputs(merged->id).size() == 2);
    const PoolSize declared = assess::declared_size(planned.fleet, 0, Recorder(&figures));
    REQUIRE(figures.inputs(declared->id).size() == 2);
    CHECK(assess::name(figures[figures.inputs(declared->id)[0]].key, planned.fleet) == "service.a.vars.lanes");
    CHECK(figures[figures.inputs(declared->id)[1]].value.high == 3);
}

TEST_CASE("a size of merged pools that does not ask for a database's vCPUs is one figure for all of them") {
    for (const char* merged : {"merged_max = \"PROCESSES + 4\"", "merged_max = 6"}) {
        CAPTURE(merged);
        const Planned planned =
            plan_text(inventory("db.m5.large", "", service("a", std::string("processes = 2\n") + merged, "max = 3")));
        Figures figures;
        const PoolSize size = assess::merged_size(planned.fleet, 0, 0, Recorder(&figures));
        CHECK(size->value == Connections(6));
        CHECK(figures[size->id].key.detail.empty());
    }
}

TEST_CASE("a size at other vCPUs: by the max's own formula, by the driver's, or not at all") {
    const Planned planned = plan_text(
        inventory("db.m5.large", "",
                  "[[host]]\nname = \"h\"\nvcpus = 4\n" + service("a", "host = \"h\"", "max = \"TOTAL_VCPUS + 1\"") +
                      service("b", "host = \"h\"", "driver = \"deadpool-postgres\"") + service("c", "", "max = 5") +
                      service("d", "", "driver = \"postgres.js\"") + service("e", "", "driver = \"database/sql\"")));
    Figures figures;
    const Recorder r(&figures);
    const auto at = [&](Index pool) { return assess::size_at_vcpus(planned.fleet, pool, 16, "16", r); };
    CHECK(at(0)->value.value == 17);
    CHECK(at(1)->value.value == 32);
    CHECK(assess::name(figures[at(1)->id].key, planned.fleet) == "service.b.pool.p.at_16_vcpus");
    CHECK(figures[figures.inputs(at(1)->id)[0]].value.high == 16);  // not the host's 4
    for (const Index fixed : {2u, 3u, 4u}) {
        CHECK_FALSE(at(fixed).has_value());
        CHECK(assess::size_formula(planned.fleet, fixed).empty());
    }
    CHECK_FALSE(assess::size_by_vcpus(planned.fleet, 0, r).has_value());
    CHECK_FALSE(assess::merged_size(planned.fleet, 0, 0, r).has_value());
}

TEST_CASE("a pool without a limit: the others are what is known at least") {
    const Planned planned =
        plan_text(inventory("db.m5.large", "other_connections = 2",
                            service("a", "instances = 4", "max = 10") + service("b", "", "driver = \"database/sql\"")));
    const DatabaseDemand& demand = planned.plan.databases[0].demand;
    CHECK_FALSE(demand.allocated.has_value());
    CHECK_FALSE(demand.deploy_peak.has_value());
    CHECK_FALSE(demand.services.has_value());
    CHECK(demand.allocated_at_least->value.value == 42);
    CHECK(demand.deploy_at_least->value.value == 52);
    CHECK(planned.plan.databases[0].budget.unlimited == std::vector<Index>{1});
}

namespace {

/// Twenty instances, each with ten connections to the pooler "front": 200, and 250 in a deploy.
std::string behind(std::string_view pooler, std::string_view pool = "max = 10") {
    return fmt::format("[[pooler]]\nname = \"front\"\ndatabase = \"db\"\n{}\n", pooler) +
           service("behind", "instances = 20", pool, "front");
}

PoolerDemand server_side(std::string_view pooler, std::string_view pool = "max = 10",
                         std::string_view keys = "max_connections = 850") {
    const Planned planned = plan_text(inventory("db.m5.large", keys, behind(pooler, pool)));
    CHECK(planned.figures->conflicts().empty());
    const PoolerDemand& now = planned.plan.poolers.front().now;
    CHECK(planned.plan.databases[0].demand.services->value == now.server.value);
    return now;
}

std::int64_t server(std::string_view pooler, std::string_view pool = "max = 10") {
    return server_side(pooler, pool).server.value.value;
}

constexpr std::string_view pgbouncer = "kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 1000\n";

std::string bouncer(std::string_view keys) { return fmt::format("{}{}", pgbouncer, keys); }

}  // namespace

TEST_CASE("PgBouncer: instances times pairs times pool and reserve, up to its hard stop") {
    CHECK(server(bouncer("default_pool_size = 20")) == 20);
    CHECK(server(bouncer("")) == 20);  // its default
    CHECK(server(bouncer("default_pool_size = 20\nreserve_pool_size = 5")) == 25);
    CHECK(server(bouncer("default_pool_size = 20\nreserve_pool_size = 5\npairs = 3")) == 75);
    CHECK(server(bouncer("default_pool_size = 20\nreserve_pool_size = 5\npairs = 3\ninstances = 2")) == 150);
    // The stop is of each instance: 2 × 40 of 150.
    CHECK(server(bouncer("default_pool_size = 20\nreserve_pool_size = 5\npairs = 3\ninstances = 2\nmax_db_connections "
                         "= 40")) == 80);
    CHECK(server(bouncer("default_pool_size = 20\nmax_db_connections = 19")) == 19);
    CHECK(server(bouncer("default_pool_size = 20\nmax_db_connections = 21")) == 20);
    CHECK(server(bouncer("default_pool_size = 20\nmax_db_connections = 1")) == 1);
    CHECK(server(bouncer("default_pool_size = 20\nmax_db_connections = 0")) == 20);  // 0: none
}

TEST_CASE("a pooler opens no more than its clients ask for") {
    const PoolerDemand few = server_side(bouncer("default_pool_size = 90"), "max = 4");  // 80 clients, 100 in a deploy
    CHECK(few.server.value.value == 80);
    CHECK(few.server_deploy.value.value == 90);
    // A client without a limit asks for all.
    const PoolerDemand all = server_side(bouncer("default_pool_size = 300"), "driver = \"database/sql\"");
    CHECK(all.server.value.value == 300);
    CHECK(all.server_deploy.value.value == 300);
}

TEST_CASE("RDS Proxy takes its share of max_connections, not of the usable ones") {
    // 850 connections, 9 reserved: half is 425, not 420.
    const auto proxy = [](std::string_view percent, std::string_view pool = "max = 500") {
        return server(fmt::format("kind = \"rds-proxy\"\n{}", percent), pool);
    };
    CHECK(proxy("max_connections_percent = \"50%\"") == 425);
    CHECK(proxy("max_connections_percent = \"33%\"") == 280);  // of 280.5
    CHECK(proxy("max_connections_percent = \"100%\"") == 850);
    CHECK(proxy("") == 850);  // its default
    CHECK(proxy("max_connections_percent = \"50%\"", "max = 10") == 200);
    CHECK(proxy("max_connections_percent = \"50%\"", "driver = \"database/sql\"") == 425);
}

TEST_CASE("RDS Proxy: where the server has not been asked, the low end of the formula counts") {
    // docs/memory-model.md: 820–859 on db.m5.large.
    const PoolerDemand proxy = server_side("kind = \"rds-proxy\"\nmax_connections_percent = \"10%\"", "max = 500", "");
    CHECK(proxy.server.value.value == 82);
}

namespace {

/// Primary "db" with 100 connections and 3 others, replica "r" with 40 and 5, replica "s" with 60 and 7.
std::string three(std::string_view primary_pool = "max = 100", std::string_view r_pool = "max = 40",
                  std::string_view s_pool = "max = 60") {
    return inventory("db.m5.large", "other_connections = 3",
                     "[[database]]\nname = \"r\"\nreplica_of = \"db\"\nother_connections = 5\n"
                     "[[database]]\nname = \"s\"\nreplica_of = \"db\"\nother_connections = 7\n" +
                         service("a", "", primary_pool) + service("b", "", r_pool, "r") +
                         service("c", "", s_pool, "s"));
}

}  // namespace

TEST_CASE("failover: a replica's pools go to the primary, a primary's to any replica, one at a time") {
    const Planned planned = plan_text(three());
    CHECK(allocated(planned, 0) == 103);
    CHECK(allocated(planned, 1) == 45);
    CHECK(allocated(planned, 2) == 67);
    // Other connections stay where they are. The primary: 103 + 40 or 103 + 60; the replicas: 45 + 100, 67 + 100.
    const auto peak = [&](Index i) { return planned.plan.databases[i].demand.failover_peak->value.value; };
    CHECK(peak(0) == 163);
    CHECK(peak(1) == 145);
    CHECK(peak(2) == 167);
    const auto worst = [&](Index i) { return *planned.plan.databases[i].demand.failover; };
    CHECK(worst(0).from == 2);
    CHECK(worst(0).peak.value == 163);
    CHECK_FALSE(worst(0).at_least);
    CHECK(worst(1).from == 0);
    CHECK(worst(1).peak.value == 145);
    CHECK(planned.node("database.db.connections.failover_peak").remark.note == Note::worst_failure);
    CHECK(planned.node("database.db.connections.failover_peak.from.r").remark.note == Note::reader_fails);
    CHECK(planned.node("database.r.connections.failover_peak.from.db").remark.note == Note::primary_fails);
    const FigureId sum = planned.plan.databases[0].demand.failover_sum;
    CHECK(assess::name((*planned.figures)[sum].key, planned.fleet) == "database.db.connections.failover_peak.from.s");
}

TEST_CASE("failover: the first replica is the worst where it has more") {
    const Planned planned = plan_text(three("max = 100", "max = 60", "max = 40"));
    CHECK(planned.plan.databases[0].demand.failover_peak->value.value == 163);
    CHECK(planned.plan.databases[0].demand.failover->from == 1);
}

TEST_CASE("failover: pools without a limit make it so many, or more") {
    // What is known of r are its 5 other connections.
    const Planned planned = plan_text(three("max = 100", "driver = \"database/sql\"", "max = 60"));
    CHECK(planned.plan.databases[0].demand.failover_peak->value.value == 163);  // s is known
    CHECK(planned.plan.databases[0].demand.failover->peak.value == 163);
    CHECK_FALSE(planned.plan.databases[0].demand.failover->at_least);
    CHECK_FALSE(planned.plan.databases[1].demand.failover_peak.has_value());
    CHECK(planned.plan.databases[1].demand.failover->peak.value == 105);
    CHECK(planned.plan.databases[1].demand.failover->at_least);
    const Planned lost = plan_text(three("driver = \"database/sql\""));
    CHECK_FALSE(lost.plan.databases[1].demand.failover_peak.has_value());
    CHECK(lost.plan.databases[1].demand.failover->peak.value == 45);
    CHECK(lost.plan.databases[1].demand.failover->at_least);
    CHECK(lost.plan.databases[0].demand.failover->at_least);
    CHECK(lost.plan.databases[0].demand.failover->peak.value == 63);
}

TEST_CASE("a part of a fleet has the same demand as in the whole") {
    const Planned planned = plan_text(three() + behind(bouncer("default_pool_size = 30\npairs = 2")));
    const Fleet& fleet = planned.fleet;
    assess::Part part;
    for (Index i = 0; i < fleet.databases.size(); ++i) part.databases.push_back(i);
    for (Index i = 0; i < fleet.pools.size(); ++i) part.pools.push_back({i, planned.plan.pools[i].declared});
    part.poolers.emplace_back(0, &fleet.poolers[0]);
    const auto demands = assess::demand(fleet, *planned.plan.market, part);
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const DatabaseDemand &whole = planned.plan.databases[i].demand, &mine = demands.at(i);
        CHECK(mine.allocated->value == whole.allocated->value);
        CHECK(mine.deploy_peak->value == whole.deploy_peak->value);
        CHECK(mine.services->value == whole.services->value);
        CHECK(mine.failover_peak->value == whole.failover_peak->value);
    }
    CHECK(demands.at(0).allocated->value.value == 163);  // 100, 3 others, 60 behind the pooler
}
