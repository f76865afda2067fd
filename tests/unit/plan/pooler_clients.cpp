// max_client_conn: whom a PgBouncer refuses, and what takes them.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/plan/action.hpp>
#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"

using namespace poolfit;
using test::plan_text;
using test::Planned;

namespace {

/// `instances` of one process with a pool of 10, behind `poolers` PgBouncers that take `clients` each.
Planned behind(int poolers, int clients, int instances, std::string_view deploy, std::string_view keys = "") {
    return plan_text(
        fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n"
                    "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
                    "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
                    "instances = {}\ndefault_pool_size = 10\nmax_client_conn = {}\n"
                    "[[service]]\nname = \"w\"\ninstances = {}\ndeploy = \"{}\"\n[[service.pool]]\nname = \"p\"\n"
                    "database = \"b\"\nmax = 10\n{}\n",
                    poolers, clients, instances, deploy, keys));
}

const Recommendation& advice(const Planned& planned) { return planned.plan.databases[0].recommendation; }

std::vector<Action> phases(const Planned& planned) {
    return plan::phases(planned.fleet, planned.plan, plan::strategies(planned.fleet, planned.plan, {}));
}

/// The first phase's max_client_conn; 0 where it is about something else.
std::int64_t first(const Planned& planned) {
    const auto all = phases(planned);
    if (all.empty() || all[0].steps[0].kind != Step::Kind::client_limit) return 0;
    return all[0].steps[0].count;
}

}  // namespace

TEST_CASE("max_client_conn: clients that are refused all day are an outage, and a larger one is the first phase") {
    const Planned planned = behind(2, 100, 30, "recreate");  // 300 clients, 200 places
    CHECK(advice(planned).verdict == Verdict::over);
    REQUIRE(advice(planned).outages.size() == 1);
    CHECK(advice(planned).outages[0].kind == Outage::Kind::pooler_clients);
    CHECK(advice(planned).outages[0].needs == Connections(300));
    CHECK(advice(planned).outages[0].usable == Connections(200));
    REQUIRE(advice(planned).ways.size() == 1);
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pooler_clients);
    CHECK(first(planned) == 150);  // 300 / 2
}

TEST_CASE("max_client_conn: a deploy alone is no outage, and is in the plan all the same") {
    const Planned planned = behind(1, 300, 30, "blue-green");  // 300 clients, 600 in a deploy
    CHECK(advice(planned).outages.empty());
    CHECK(first(planned) == 600);
    CHECK(first(behind(1, 600, 30, "blue-green")) == 0);
    CHECK(first(behind(1, 300, 30, "recreate")) == 0);
}

TEST_CASE("max_client_conn: it takes the plan's pools where those are larger than today's") {
    // max(⌈2.5 × 8⌉, 9 + 1) = 20 each: 600.
    const Planned planned = behind(1, 300, 30, "recreate", "in_use = \"8-9\"");
    REQUIRE(planned.plan.pools[0].after.deploy_peak->value == Connections(600));
    CHECK(advice(planned).outages.empty());
    CHECK(first(planned) == 600);
}

TEST_CASE("max_client_conn: more clients than a process can hold are named as unsolved") {
    const Planned planned = behind(1, 100, 1000, "recreate", "databases = 200");  // 2,000,000
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(advice(planned).ways.empty());
    CHECK(first(planned) == 0);
    CHECK(planned.plan.poolers[0].clients->unsolved());
}
