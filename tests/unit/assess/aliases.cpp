// Aliases of a PgBouncer, by hand: what each opens on its server, and what one process accepts for all of them.
#include <algorithm>

#include <doctest/doctest.h>

#include "inventory.hpp"

using namespace poolfit;
using test::inventory;
using test::plan_text;
using test::Planned;
using test::service;

namespace {

/// Two aliases lead to db, one to other.
std::string bouncer(std::string_view keys) {
    return fmt::format(
        "[[database]]\nname = \"other\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\ninstances = 2\n"
        "reserve_pool_size = 3\n{}"
        "[[pooler.database]]\nname = \"orders\"\ndatabase = \"db\"\npool_size = 20\n"
        "[[pooler.database]]\nname = \"users\"\ndatabase = \"db\"\npool_size = 5\n"
        "[[pooler.database]]\nname = \"stock\"\ndatabase = \"other\"\npool_size = 10\nreserve_pool_size = 0\n",
        keys);
}

std::string clients(std::string_view keys, std::string_view users) {
    return service("orders", keys, "max = 50", "bouncer/orders") + service("users", keys, users, "bouncer/users") +
           service("stock", keys, "max = 50", "bouncer/stock");
}

}  // namespace

TEST_CASE("aliases: each opens instances × pairs × (pool + reserve) on its own server, and they add up there") {
    const Planned planned = plan_text(
        inventory("db.m5.large", "",
                  bouncer("max_client_conn = 5000\n") + clients("deploy = \"recreate\"\ninstances = 4", "max = 50")));
    CHECK(planned.figures->conflicts().empty());
    REQUIRE(planned.plan.poolers.size() == 3);
    CHECK(planned.plan.poolers[0].now.server.value.value == 46);  // 2 × (20 + 3)
    CHECK(planned.plan.poolers[1].now.server.value.value == 16);  // 2 × (5 + 3)
    CHECK(planned.plan.poolers[2].now.server.value.value == 20);  // 2 × 10
    CHECK(planned.plan.databases[0].demand.services->value.value == 62);
    CHECK(planned.plan.databases[1].demand.services->value.value == 20);
    CHECK(planned.node("pooler.bouncer/users.server_connections").op == Op::least);
}

TEST_CASE("aliases: one opens no more than its own clients ask for, whatever the others' ask") {
    const Planned planned = plan_text(
        inventory("db.m5.large", "",
                  bouncer("max_client_conn = 5000\n") + clients("deploy = \"recreate\"\ninstances = 4", "max = 2")));
    CHECK(planned.plan.poolers[1].now.server.value.value == 8);  // 4 × 2, of 16
    CHECK(planned.plan.databases[0].demand.services->value.value == 54);
}

TEST_CASE("aliases: max_client_conn is one number for all of a process") {
    const auto found = [](std::string_view most) {
        const Planned planned =
            plan_text(inventory("db.m5.large", "", bouncer(most) + clients("deploy = \"recreate\"", "max = 40")));
        auto findings = test::lint(planned);
        std::erase_if(findings, [](const Finding& finding) { return finding.rule->id != "PF005"; });
        return findings;
    };
    // 50 + 40 + 50 clients of three aliases, and two processes: 2 × 70.
    CHECK(found("max_client_conn = 70\n").empty());
    const auto findings = found("max_client_conn = 69\n");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].target == "bouncer");
    CHECK(findings[0].message == "its clients can open 140 connections in a deploy, but it accepts only 138");
    CHECK(findings[0].fix == "max_client_conn = 88");
}

TEST_CASE("aliases: where the largest can't be smaller, the fix is the size of another, as in the plan") {
    // orders carries 400/s × 100 ms = 40 busy; 60 + 60 of 100 usable, 80 by policy: users to 20.
    const Planned planned = plan_text(inventory(
        "db.m5.large", "max_connections = 105\nreserved_connections = 5",
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 5000\n"
        "default_pool_size = 60\n[[pooler.database]]\nname = \"orders\"\ndatabase = \"db\"\n"
        "[[pooler.database]]\nname = \"users\"\ndatabase = \"db\"\n" +
            service("orders", "deploy = \"recreate\"\ninstances = 4",
                    "max = 25\n[service.pool.workload]\nrate = \"100/s\"\nhold = \"100 ms\"", "bouncer/orders") +
            service("users", "deploy = \"recreate\"\ninstances = 4", "max = 15", "bouncer/users")));
    const auto& ways = planned.plan.databases[0].recommendation.ways;
    REQUIRE(!ways.empty());
    CHECK(ways[0].steady == Connections(80));
    CHECK_FALSE(planned.plan.poolers[0].size.has_value());
    REQUIRE(planned.plan.poolers[1].size.has_value());
    CHECK(planned.plan.poolers[1].size->value == 20);
    const auto findings = test::lint(planned);
    const auto over = std::ranges::find(findings, "PF002", [](const Finding& finding) { return finding.rule->id; });
    REQUIRE(over != findings.end());
    CHECK(over->fix == "pool_size = 20 for bouncer/users  →  80 of 100 (80 %)");
}
