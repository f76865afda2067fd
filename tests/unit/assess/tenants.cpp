// Pools for each of several databases, by hand: what they open, what is in use, and what a PgBouncer opens for them.
#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

std::string bouncer(std::string_view keys) {
    return fmt::format(
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "max_client_conn = 100000\n{}\n",
        keys);
}

}  // namespace

TEST_CASE("tenants: a process opens max for each database, and a deploy doubles that") {
    const Planned planned =
        plan_text(inventory("db.m5.large", "",
                            service("api", "instances = { min = 2, max = 3 }\nprocesses = 4\ndeploy = \"blue-green\"",
                                    "max = 2\ndatabases = 50\nin_use = \"6-30\"")));
    CHECK(planned.figures->conflicts().empty());
    const PoolPlan& pool = planned.plan.pools[0];
    CHECK(pool.now.allocated->value.value == 3 * 4 * 50 * 2);
    CHECK(pool.now.deploy_peak->value.value == 6 * 4 * 50 * 2);
    // What is in use is counted per process: 2 × 4 × 6 to 3 × 4 × 30.
    CHECK(pool.use.in_use->value == Interval<Connections>(Connections(48), Connections(360)));
    // At two instances 800 − 240, at three 1,200 − 72.
    CHECK(pool.use.waste->value == Interval<Connections>(Connections(560), Connections(1128)));
    const Node& node = planned.node("service.api.pool.p.allocated");
    CHECK(node.op == Op::product);
    CHECK(planned.node("service.api.pool.p.databases").value.high == 50);
}

TEST_CASE("tenants: a record without the key is as before, and its derivation has no databases") {
    const Planned planned = plan_text(inventory("db.m5.large", "", service("api", "processes = 4", "max = 2")));
    CHECK(planned.plan.pools[0].now.allocated->value.value == 8);
    CHECK(planned.fleet.pools[0].databases.value == 1);
}

TEST_CASE("tenants: each is a pair of a PgBouncer, where pairs is not given") {
    const std::string clients = service("api", "instances = 10\nprocesses = 4", "max = 2\ndatabases = 50", "bouncer");
    const auto server = [&](std::string_view keys) {
        const Planned planned = plan_text(inventory("db.m5.large", "", bouncer(keys) + clients));
        CHECK(planned.figures->conflicts().empty());
        return planned.plan.poolers[0].now.server.value.value;
    };
    CHECK(server("default_pool_size = 3") == 50 * 3);
    CHECK(server("default_pool_size = 3\ninstances = 2\nreserve_pool_size = 1") == 2 * 50 * 4);
    // Two users for each database.
    CHECK(server("default_pool_size = 3\npairs = 100") == 100 * 3);
    // A stop is for each database: 50 × 2 of 50 × 3; with two users 50 × 4 of 100 × 3.
    CHECK(server("default_pool_size = 3\nmax_db_connections = 2") == 50 * 2);
    CHECK(server("default_pool_size = 3\nmax_db_connections = 4") == 50 * 3);
    CHECK(server("default_pool_size = 3\npairs = 100\nmax_db_connections = 4") == 50 * 4);
    // Fewer pairs than databases are believed: schemas of one database and user.
    CHECK(server("default_pool_size = 3\npairs = 1\nmax_db_connections = 2") == 2);
    // Never more than its clients open.
    CHECK(server("default_pool_size = 1000") == 10 * 4 * 50 * 2);
}

TEST_CASE("tenants: the pairs are those of the client that opens most databases") {
    const std::string clients = service("a", "instances = 10", "max = 2\ndatabases = 50", "bouncer") +
                                service("b", "instances = 10", "max = 2\ndatabases = 70", "bouncer") +
                                service("c", "instances = 10", "max = 2", "bouncer");
    const Planned planned = plan_text(inventory("db.m5.large", "", bouncer("default_pool_size = 3") + clients));
    CHECK(*planned.fleet.poolers[0].pairs == 70);
    CHECK(planned.plan.poolers[0].now.server.value.value == 70 * 3);
}

TEST_CASE("tenants: RDS Proxy knows no pairs") {
    const std::string proxy =
        "[[pooler]]\nname = \"proxy\"\nkind = \"rds-proxy\"\ndatabase = \"db\"\n"
        "max_connections_percent = \"50%\"\n";
    const Planned planned =
        plan_text(inventory("db.m5.large", "max_connections = 1000",
                            proxy + service("a", "instances = 100", "max = 20\ndatabases = 50", "proxy")));
    CHECK(planned.plan.poolers[0].now.server.value.value == 500);
}
