// max_client_conn: whom a PgBouncer refuses, and what takes them.
#include <algorithm>
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
    CHECK(first(planned) == 188);  // ⌈300 / 0.8⌉ / 2: the policy's share of it
}

TEST_CASE("max_client_conn: a deploy alone is no outage, and is in the plan all the same") {
    const Planned planned = behind(1, 300, 30, "blue-green");  // 300 clients, 600 in a deploy
    CHECK(advice(planned).outages.empty());
    CHECK(first(planned) == 632);  // 600 / 0.95
    CHECK(first(behind(1, 600, 30, "blue-green")) == 0);
    CHECK(first(behind(1, 300, 30, "recreate")) == 0);
}

TEST_CASE("max_client_conn: it takes the plan's pools where those are larger than today's") {
    // max(⌈2.5 × 8⌉, 9 + 1) = 20 each: 600.
    const Planned planned = behind(1, 300, 30, "recreate", "in_use = \"8-9\"");
    REQUIRE(planned.plan.pools[0].after.deploy_peak->value == Connections(600));
    CHECK(advice(planned).outages.empty());
    CHECK(first(planned) == 750);
}

TEST_CASE("max_client_conn: more clients than a process can hold are named as unsolved") {
    const Planned planned = behind(1, 100, 1000, "recreate", "databases = 200");  // 2,000,000
    CHECK(advice(planned).verdict == Verdict::over);
    CHECK(first(planned) == 0);
    CHECK(planned.plan.poolers[0].clients->unsolved());
    // Its server is full as well, and that has ways out.
    REQUIRE(advice(planned).unended.size() == 1);
    CHECK(advice(planned).unended[0].kind == Outage::Kind::pooler_clients);
    CHECK(std::ranges::any_of(advice(planned).outages,
                              [](const Outage& outage) { return outage.kind == Outage::Kind::connections; }));
}

TEST_CASE("max_client_conn: clients that are refused change nothing about the server") {
    // 8 × 10 of 100 usable: over the policy's 70 %, and no outage of the server.
    const auto with = [](int clients) {
        return plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[policy]\nconnections_steady_max = \"70%\"\n"
            "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
            "max_connections = 109\n"
            "[database.observed]\ncpu_peak = \"10%\"\ncpu_mean = \"5%\"\nfreeable_memory = \"5 GiB\"\nwindow = \"30 "
            "d\"\n"
            "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
            "default_pool_size = 2\nmax_client_conn = {}\n"
            "[[service]]\nname = \"d\"\ninstances = 7\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
            "database = \"db\"\nmax = 10\n"
            "[[service]]\nname = \"w\"\ninstances = 6\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
            "database = \"b\"\nmax = 10\n",
            clients));
    };
    const Planned refuses = with(50), accepts = with(60);
    CHECK(advice(refuses).verdict == Verdict::over);
    CHECK(advice(accepts).verdict != Verdict::over);
    CHECK(advice(refuses).cls == advice(accepts).cls);
    CHECK(advice(refuses).max_connections == advice(accepts).max_connections);
    CHECK(advice(refuses).ranked_by == advice(accepts).ranked_by);
    CHECK(first(refuses) == 86);  // 60 are 70 % of it
}

TEST_CASE("max_client_conn: a server that is full is relieved before more clients come in") {
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\n"
        "max_connections = 109\n"
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "default_pool_size = 110\nmax_client_conn = 50\n"
        "[[service]]\nname = \"w\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 10\n");
    CHECK(advice(planned).outages.size() == 2);
    const auto all = phases(planned);
    REQUIRE(all.size() >= 2);
    CHECK(all[0].steps[0].kind != Step::Kind::client_limit);
    const auto raise = std::ranges::find_if(
        all, [](const Action& action) { return action.steps[0].kind == Step::Kind::client_limit; });
    REQUIRE(raise != all.end());
    CHECK(raise->steps[0].count == 150);
}

TEST_CASE("max_client_conn: where a client has no limit, today's or the plan's, no number is promised") {
    const Planned planned = plan_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n"
        "[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "max_client_conn = 50\n"
        "[[service]]\nname = \"w\"\ninstances = 12\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 10\n[[service.pool]]\nname = \"endless\"\ndatabase = \"b\"\n"
        "driver = \"database-sql\"\n");
    const ClientSide& side = *planned.plan.poolers[0].clients;
    CHECK(side.at_least);
    CHECK(side.unsolved() == !planned.plan.pools[1].after.allocated.has_value());
}

TEST_CASE("max_client_conn: where the plan's sizes of the clients' pools are enough, it is not raised") {
    // 30 × 10 of 200 are refused; their use asks for max(⌈2.5 × 1⌉, 5 + 1) = 6: 180.
    const Planned planned = behind(2, 100, 30, "recreate", "in_use = \"1-5\"");
    REQUIRE(planned.plan.pools[0].recommended()->value == Connections(6));
    const ClientSide& side = *planned.plan.poolers[0].clients;
    CHECK(side.refuses());
    CHECK(side.by_sizes());
    CHECK_FALSE(side.enough);
    CHECK(side.then == Connections(180));
    REQUIRE(advice(planned).ways.size() == 1);
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pools);
    for (const Action& action : phases(planned))
        for (const Step& step : action.steps) CHECK(step.kind != Step::Kind::client_limit);
    REQUIRE_FALSE(phases(planned).empty());
    CHECK(phases(planned)[0].kind == Action::Kind::pools);
    const auto findings = test::lint(planned);
    const auto refused =
        std::ranges::find_if(findings, [](const Finding& finding) { return finding.rule->id == "PF005"; });
    REQUIRE(refused != findings.end());
    CHECK(refused->fix.find("max = 6 for w.p  →  180 clients of 200") != std::string::npos);
    // 31 × 6 of 180 are one too many for them.
    CHECK(behind(2, 90, 31, "recreate", "in_use = \"1-5\"").plan.poolers[0].clients->enough);
}
