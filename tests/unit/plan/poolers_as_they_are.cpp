// Poolers as they should be: out of session mode, as large as their clients' load, no larger than a limit leaves.
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

const std::string head = "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n";

std::string database(std::string_view cls, std::string_view keys = "") {
    return fmt::format("[[database]]\nname = \"db\"\nengine = \"postgresql\"\nclass = \"{}\"\n{}\n", cls, keys);
}

std::string pooler(std::string_view kind, std::string_view keys) {
    return fmt::format("[[pooler]]\nname = \"b\"\nkind = \"{}\"\ndatabase = \"db\"\n{}\n", kind, keys);
}

/// Instances of one process with a pool of 10 behind the pooler.
std::string service(std::string_view name, int instances, std::string_view keys) {
    return fmt::format(
        "[[service]]\nname = \"{}\"\ninstances = {}\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"b\"\nmax = 10\n{}\n",
        name, instances, keys);
}

const std::string rate = "[service.pool.workload]\nrate = \"30/s\"\nhold = \"50 ms\"\n";

const Recommendation& advice(const Planned& planned) { return planned.plan.databases[0].recommendation; }

std::int64_t after(const Planned& planned) { return planned.plan.databases[0].after.allocated->value.value; }

}  // namespace

TEST_CASE("poolers: clients that hang in session mode are an outage, and transaction mode comes first") {
    // 40 × 10 clients, 20 connections.
    const Planned planned = plan_text(head + database("db.m5.large") +
                                      pooler("pgbouncer", "default_pool_size = 20\nmax_client_conn = 900") +
                                      service("w", 40, "driver = \"pg\""));
    REQUIRE(planned.plan.poolers[0].session);
    CHECK(planned.plan.poolers[0].session->clients == Connections(400));
    CHECK(planned.plan.poolers[0].session->held == Connections(20));
    CHECK(planned.plan.poolers[0].to_transaction);
    CHECK(advice(planned).verdict == Verdict::over);
    REQUIRE(advice(planned).outages.size() == 1);
    CHECK(advice(planned).outages[0].kind == Outage::Kind::session_clients);
    CHECK(advice(planned).outages[0].needs == Connections(400));
    CHECK(advice(planned).outages[0].usable == Connections(20));
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pooler_mode);
    CHECK(advice(planned).ways[0].steady == Connections(20));
    CHECK_FALSE(planned.plan.poolers[0].size.has_value());
    REQUIRE(advice(planned).ways[0].poolers.size() == 1);
    CHECK(advice(planned).ways[0].poolers[0].count == 0);  // its size stays
    CHECK(advice(planned).ways[0].count == 0);
    CHECK(planned.plan.poolers[0].breaks.empty());  // node-postgres is not known to need a session
    // Nobody measures first while clients hang: the first phase changes the mode.
    const auto strategies = plan::strategies(planned.fleet, planned.plan, {});
    const auto phases = plan::phases(planned.fleet, planned.plan, strategies);
    REQUIRE_FALSE(phases.empty());
    CHECK((phases[0].kind == Action::Kind::pools || phases[0].kind == Action::Kind::limit));
}

TEST_CASE("poolers: out of session mode with the size that the load asks for") {
    // 40 × 30/s × 50 ms keep 60 busy on average.
    const Planned planned =
        plan_text(head + database("db.m5.large") +
                  pooler("pgbouncer", "default_pool_size = 20\nmax_client_conn = 900") + service("w", 40, rate));
    CHECK(planned.plan.poolers[0].to_transaction);
    REQUIRE(planned.plan.poolers[0].size.has_value());
    CHECK(planned.plan.poolers[0].size->value > 60);
    REQUIRE_FALSE(advice(planned).ways.empty());
    CHECK(advice(planned).ways[0].kind == WayOut::Kind::pooler_mode);
    CHECK(advice(planned).ways[0].count == planned.plan.poolers[0].size->value);
    CHECK(advice(planned).ways[0].steady == Connections(planned.plan.poolers[0].size->value));
}

TEST_CASE("poolers: as many clients as connections do not wait in session mode") {
    const Planned planned =
        plan_text(head + database("db.m5.large") +
                  pooler("pgbouncer", "default_pool_size = 400\nmax_client_conn = 900") + service("w", 40, ""));
    CHECK_FALSE(planned.plan.poolers[0].to_transaction);
    CHECK(advice(planned).outages.empty());
}

TEST_CASE("poolers: what no pooler keeps in transaction mode keeps its session mode") {
    const auto with = [](std::string_view keys) {
        return plan_text(head + database("db.m5.large") +
                         pooler("pgbouncer", "default_pool_size = 20\nmax_client_conn = 900") + service("w", 40, keys));
    };
    const Planned listens = with("features = [\"listen\"]");
    CHECK_FALSE(listens.plan.poolers[0].to_transaction);
    CHECK(advice(listens).verdict == Verdict::over);
    CHECK(advice(listens).ways.empty());  // a quarter of 10 is 3: 40 × 3 are still more than 20
    // 130 connections: 40 pools of 3 are the most inside, 120.
    const Planned smaller = plan_text(head + database("db.m5.large") +
                                      pooler("pgbouncer", "default_pool_size = 130\nmax_client_conn = 900") +
                                      service("w", 40, "features = [\"listen\"]"));
    CHECK(smaller.plan.pools[0].advice.size->value == Connections(3));
    REQUIRE_FALSE(advice(smaller).ways.empty());
    CHECK(advice(smaller).ways[0].kind == WayOut::Kind::pools);
    CHECK(advice(smaller).ways[0].steady == Connections(120));
    // Two aliases of 20 on 50 usable: whatever the other one has to give back, no pool grows past what this one opens,
    // 4 × 5, though use asks for max(⌈2.5 × 2⌉, 5 + 1) = 6.
    const Planned grows =
        plan_text(head + database("db.m5.large", "max_connections = 59") +
                  "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndefault_pool_size = 20\n"
                  "[[pooler.database]]\nname = \"jobs\"\ndatabase = \"db\"\n"
                  "[[pooler.database]]\nname = \"web\"\ndatabase = \"db\"\n"
                  "[[service]]\nname = \"j\"\ninstances = 4\n[[service.pool]]\nname = \"p\"\ndatabase = \"b/jobs\"\n"
                  "driver = \"graphile-worker\"\nmax = 5\nin_use = \"2-5\"\n"
                  "[[service]]\nname = \"w\"\ninstances = 6\n[[service.pool]]\nname = \"p\"\ndatabase = \"b/web\"\n"
                  "driver = \"pg\"\nmax = 10\n");
    CHECK(grows.plan.pools[0].recommended()->value == Connections(5));
    REQUIRE(listens.plan.poolers[0].breaks.size() == 1);
    CHECK(listens.plan.poolers[0].breaks[0].need->kind == SessionNeed::Kind::listen);
    const Planned prepares = with("features = [\"prepared\"]");
    CHECK(prepares.plan.poolers[0].to_transaction);
    CHECK_FALSE(prepares.plan.poolers[0].breaks[0].need->loses);
    const Planned driver = with("driver = \"asyncpg\"");
    CHECK(driver.plan.poolers[0].to_transaction);
    CHECK(driver.plan.poolers[0].breaks[0].need->kind == SessionNeed::Kind::driver);
    const Planned unknown = with("");
    CHECK(unknown.plan.poolers[0].to_transaction);
    CHECK_FALSE(unknown.plan.poolers[0].breaks[0].need);
    CHECK_FALSE(with("driver = \"graphile-worker\"").plan.poolers[0].to_transaction);
}

TEST_CASE("poolers: as large as `poolfit pool` answers for the load of all clients, and kept there") {
    // 4 × 30/s × 50 ms = 6 erlangs: P(wait > 5 ms) is 0.06 % with 15, 0.18 % with 14 (Erlang C).
    const auto sized = [](int size, std::string_view more = "") {
        return plan_text(
            head + database("db.m5.xlarge") +
            pooler("pgbouncer",
                   fmt::format("mode = \"transaction\"\ndefault_pool_size = {}\nmax_client_conn = 900", size)) +
            service("web", 4, rate) + std::string(more));
    };
    for (const int size : {5, 60}) {
        const Planned planned = sized(size);
        REQUIRE(planned.plan.poolers[0].size);
        CHECK(planned.plan.poolers[0].size->value == 15);
        CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::load);
        CHECK(after(planned) == 15);
    }
    CHECK_FALSE(sized(15).plan.poolers[0].size);
    // Of one client nothing is known: not smaller.
    CHECK_FALSE(sized(60, service("silent", 1, "")).plan.poolers[0].size);
}

TEST_CASE("poolers: clients that grow for their load do not begin to hang, and what is known of a load is kept") {
    const Planned grows =
        plan_text(head + database("db.m5.large") +
                  pooler("pgbouncer", "default_pool_size = 20\nmax_client_conn = 900") + service("w", 2, rate));
    CHECK(grows.plan.poolers[0].session->clients == Connections(20));  // as many as it opens: nobody waits
    CHECK_FALSE(grows.plan.poolers[0].to_transaction);
    // 6 erlangs need 15, whatever the silent one asks for beside them.
    const Planned silent = plan_text(head + database("db.m5.xlarge") +
                                     pooler("pgbouncer", "default_pool_size = 8\nmax_client_conn = 900") +
                                     service("web", 4, rate) + service("silent", 1, ""));
    CHECK(silent.plan.poolers[0].to_transaction);
    REQUIRE(silent.plan.poolers[0].size);
    CHECK(silent.plan.poolers[0].size->value == 15);
}

TEST_CASE("poolers: max_db_connections is raised with a size that is over it") {
    const Planned planned = plan_text(
        head + database("db.m5.xlarge") +
        pooler("pgbouncer",
               "mode = \"transaction\"\ndefault_pool_size = 5\nmax_db_connections = 10\nmax_client_conn = 900") +
        service("web", 4, rate));
    CHECK(planned.plan.poolers[0].size->value == 15);
    CHECK(after(planned) == 15);
}

TEST_CASE("poolers: a share of max_connections is what the load asks for, in whole percent") {
    // 6 erlangs need 15. db.m5.xlarge is planned with 1,667: 1 % is 16, but AWS advises no less than 20 %: 333, which
    // the clients never open. With 50 by hand 15 are 30 %; with 200 they are 7.5 %: 20 %, 40.
    const auto share = [](std::string_view keys, std::string_view percent, std::string_view pool = "") {
        return plan_text(head + database("db.m5.xlarge", keys) + pooler("rds-proxy", percent) +
                         service("web", 4, std::string(pool) + rate));
    };
    const Planned whole = share("", "");
    CHECK_FALSE(whole.plan.poolers[0].size);
    const Planned small = share("max_connections = 50", "max_connections_percent = \"60%\"");
    REQUIRE(small.plan.poolers[0].size);
    CHECK(small.plan.poolers[0].size->value == 30);
    CHECK(after(small) == 15);
    CHECK_FALSE(share("max_connections = 200", "max_connections_percent = \"8%\"").plan.poolers[0].size);
    // Who keeps a session is pinned: all 2 × 7 clients of the recommended size beside 15 for the others, 29 of 100.
    const Planned pinned = plan_text(head + database("db.m5.xlarge", "max_connections = 100") +
                                     pooler("rds-proxy", "max_connections_percent = \"50%\"") +
                                     service("web", 4, rate) + service("own", 2, "features = [\"session\"]\n" + rate));
    CHECK(pinned.plan.pools[1].advice.size->value == Connections(7));
    REQUIRE(pinned.plan.poolers[0].size);
    CHECK(pinned.plan.poolers[0].size->value == 29);
    CHECK(after(pinned) == 29);
    // Where the clients' own pools are what keeps it small, its share stays.
    CHECK_FALSE(share("max_connections = 200", "max_connections_percent = \"50%\"", "features = [\"session\"]\n")
                    .plan.poolers[0]
                    .size);
}

TEST_CASE("poolers: a size that a limit forces is the largest that fits") {
    // 100 usable, of which the policy allows 80; 75 beside one in reserve for each of two processes.
    const Planned planned =
        plan_text(head + database("db.m5.large", "max_connections = 109\nother_connections = 3") +
                  pooler("pgbouncer",
                         "mode = \"transaction\"\ninstances = 2\ndefault_pool_size = 90\nreserve_pool_size = 1\n"
                         "max_client_conn = 900") +
                  service("w", 40, ""));
    REQUIRE(planned.plan.poolers[0].size);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(planned.plan.poolers[0].size->value == 37);  // 2 × (37 + 1) + 3 = 79, one more is 81
    CHECK(after(planned) == 79);
    CHECK(advice(planned).cls->name == "db.m5.large");
}
