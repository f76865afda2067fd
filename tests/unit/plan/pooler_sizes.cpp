// Sizes of poolers to the connection: what each size opens, and what a limit leaves of them, alone and together.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../../src/plan/pooler_size.hpp"
#include "../../support/fleet.hpp"

using namespace poolfit;
using plan::ServerSide;
using test::plan_text;
using test::Planned;

namespace {

/// A server with 100 usable connections: the policy allows 80, and 95 in a deploy.
const std::string hundred =
    "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
    "\"postgresql\"\nversion = \"16.8\"\nclass = \"db.m5.large\"\nmax_connections = 105\nreserved_connections = 5\n";

std::string pooler(std::string_view name, std::string_view keys, std::string_view database = "db") {
    return fmt::format("[[pooler]]\nname = \"{}\"\ndatabase = \"{}\"\n{}\n", name, database, keys);
}

std::string bouncer(std::string_view name, int size, std::string_view keys = "", std::string_view database = "db") {
    return pooler(name,
                  fmt::format("kind = \"pgbouncer\"\nmode = \"transaction\"\nmax_client_conn = 5000\n"
                              "default_pool_size = {}\n{}",
                              size, keys),
                  database);
}

/// Instances with a pool of ten behind the pooler.
std::string clients(std::string_view of, int instances, std::string_view deploy = "recreate",
                    std::string_view pool = "") {
    return fmt::format(
        "[[service]]\nname = \"s-{0}\"\ninstances = {1}\ndeploy = \"{2}\"\n[[service.pool]]\nname = \"p\"\n"
        "database = \"{0}\"\nmax = 10\n{3}\n",
        of, instances, deploy, pool);
}

/// 4 × 30/s × 50 ms are 6 erlangs, which need 15 (Erlang C, see poolers_as_they_are.cpp).
constexpr std::string_view load_of_15 = "[service.pool.workload]\nrate = \"30/s\"\nhold = \"50 ms\"\n";

std::int64_t size(const Planned& planned, Index i) {
    const PoolerPlan& plan = planned.plan.poolers[i];
    return plan.size ? plan.size->value : *planned.fleet.poolers[i].default_pool_size;
}

std::int64_t after(const Planned& planned, Index i = 0) {
    return planned.plan.databases[i].after.allocated->value.value;
}

}  // namespace

TEST_CASE("pooler sizes: a share of max_connections opens whole connections, and is asked for in whole percent") {
    const auto of = [](std::string_view percent) {
        return plan_text(hundred +
                         pooler("x", fmt::format("kind = \"rds-proxy\"\nmax_connections_percent = \"{}\"", percent)) +
                         clients("x", 50));
    };
    const Planned third = of("33%");
    const Pooler& proxy = third.fleet.poolers[0];
    const ServerSide of_200(proxy, Connections(200), {}, {});
    CHECK(of_200.is_share());
    CHECK(of_200.today() == 33);
    CHECK(of_200.steady_today() == 66);
    CHECK(of_200.steady(33) == 66);
    CHECK(of_200.steady_at_most(33) == 66);                    // a whole number: none is added
    const ServerSide of_150(proxy, Connections(150), {}, {});  // 49.5
    CHECK(of_150.steady(33) == 49);
    CHECK(of_150.steady_at_most(33) == 50);
    CHECK(of_150.deploy_at_most(33) == 50);
    // One percent of 200 is 2: 15 and 16 take 8 %, 17 take 9.
    CHECK(of_200.size_for(15) == 8);
    CHECK(of_200.size_for(16) == 8);
    CHECK(of_200.size_for(17) == 9);
    CHECK(of_200.size_for(0) == 1);
    CHECK(of_200.size_for(200) == 100);
    CHECK(of_200.size_for(201) == 100);
    CHECK(ServerSide(proxy, Connections(0), {}, {}).size_for(5) == 100);  // nothing to take a share of
    const Planned odd = of("33.5%");
    CHECK(ServerSide(odd.fleet.poolers[0], Connections(200), {}, {}).today() == 34);
    CHECK(ServerSide(odd.fleet.poolers[0], Connections(200), {}, {}).steady_today() == 67);
}

TEST_CASE("pooler sizes: no more than its clients ask for, in a deploy and else") {
    const Planned planned =
        plan_text(hundred + bouncer("b", 10, "instances = 2\npairs = 3\nreserve_pool_size = 1") + clients("b", 50));
    const Pooler& pooler = planned.fleet.poolers[0];
    const ServerSide alone(pooler, Connections(), {}, {});
    CHECK_FALSE(alone.is_share());
    CHECK(alone.today() == 10);
    CHECK(alone.steady_today() == 66);  // 2 × 3 × (10 + 1)
    CHECK(alone.steady(4) == 30);
    CHECK(alone.deploy_at_most(4) == 30);
    CHECK(alone.size_for(17) == 17);  // of each of its pools
    const ServerSide few(pooler, Connections(), Connections(40), Connections(50));
    CHECK(few.steady_today() == 40);
    CHECK(few.deploy_today() == 50);
    CHECK(few.steady(4) == 30);
    CHECK(few.steady(6) == 40);
    CHECK(few.deploy(6) == 42);
    CHECK(few.deploy_at_most(10) == 50);
}

TEST_CASE("pooler sizes: at both limits nothing is forced, one over either is") {
    // 80 clients in the steady state, twice as many in a deploy: as many as the pooler has.
    const auto with = [](int size, int instances, int others) {
        return plan_text(hundred + fmt::format("other_connections = {}\n", others) + bouncer("b", size) +
                         clients("b", instances, "blue-green"));
    };
    CHECK_FALSE(with(95, 8, 0).plan.poolers[0].size);  // 80 and 95: both full
    const Planned in_deploy = with(96, 8, 0);
    CHECK(size(in_deploy, 0) == 95);
    CHECK(in_deploy.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(in_deploy.plan.databases[0].after.deploy_peak->value == Connections(95));
    const Planned steady = with(95, 8, 1);  // 81
    CHECK(size(steady, 0) == 79);
    CHECK(after(steady) == 80);
}

TEST_CASE("pooler sizes: of two that are too many the larger one shrinks, where that is enough") {
    const auto with = [](int a, int b) {
        return plan_text(hundred + bouncer("a", a) + bouncer("b", b) + clients("a", 40) + clients("b", 40));
    };
    const Planned one = with(50, 90);  // 80 − 50
    CHECK(size(one, 0) == 50);
    CHECK(size(one, 1) == 30);
    CHECK_FALSE(one.plan.poolers[0].size);
    const Planned first = with(90, 50);
    CHECK(size(first, 0) == 30);
    CHECK(size(first, 1) == 50);
    // As large: by name.
    const Planned alike = with(60, 60);
    CHECK(size(alike, 0) == 20);
    CHECK(size(alike, 1) == 60);
}

TEST_CASE("pooler sizes: where one alone is not enough all shrink by one share, to the last connection") {
    // Over 80 without the other. 33.9 % of 150 and of 90 are 50 and 30.
    const Planned planned =
        plan_text(hundred + bouncer("a", 150) + bouncer("b", 90) + clients("a", 40) + clients("b", 40));
    CHECK(size(planned, 0) == 50);
    CHECK(size(planned, 1) == 30);
    CHECK(planned.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(planned.plan.poolers[1].basis == PoolerPlan::Basis::limit);
    // What the share leaves goes to the first: 26.6 % of 100, 101 and 102 are 26, 26 and 27.
    const Planned three = plan_text(hundred + bouncer("a", 102) + bouncer("b", 101) + bouncer("c", 100) +
                                    clients("a", 40) + clients("b", 40) + clients("c", 40));
    CHECK(size(three, 0) + size(three, 1) + size(three, 2) == 80);
    CHECK(size(three, 0) >= size(three, 1));
    CHECK(size(three, 1) >= size(three, 2));
    CHECK(size(three, 2) >= 26);
    CHECK(after(three) == 80);
}

TEST_CASE("pooler sizes: none is forced under what the load of its clients asks for") {
    // 15 are needed, 10 are left.
    const auto with = [](int others) {
        return plan_text(hundred + fmt::format("other_connections = {}\n", others) + bouncer("b", 5) +
                         clients("b", 4, "recreate", load_of_15));
    };
    const Planned inside = with(65);
    CHECK(size(inside, 0) == 15);
    CHECK(inside.plan.poolers[0].basis == PoolerPlan::Basis::load);
    CHECK(after(inside) == 80);
    const Planned over = with(70);
    CHECK(size(over, 0) == 15);
    CHECK(over.plan.poolers[0].basis == PoolerPlan::Basis::load);
    // Beside one of which nothing is known, that one shrinks.
    const Planned beside = plan_text(hundred + bouncer("a", 20) + bouncer("b", 90) +
                                     clients("a", 4, "recreate", load_of_15) + clients("b", 40));
    CHECK(size(beside, 0) == 15);
    CHECK(size(beside, 1) == 65);
}

TEST_CASE("pooler sizes: session mode stays where the recommended sizes are all that it takes") {
    // 40 × 10 clients on 250 connections; used by two, they are to have five each: 200.
    const auto with = [](int size) {
        return plan_text(
            fmt::format("schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\n"
                        "engine = \"postgresql\"\nclass = \"db.m5.large\"\n[[pooler]]\nname = \"b\"\n"
                        "kind = \"pgbouncer\"\nmode = \"session\"\nmax_client_conn = 900\ndatabase = \"db\"\n"
                        "default_pool_size = {}\n",
                        size) +
            clients("b", 40, "recreate", "driver = \"pg\"\nin_use = \"2-3\""));
    };
    const Planned waits = with(250);
    CHECK(waits.plan.pools[0].advice.size->value == Connections(5));
    REQUIRE(waits.plan.poolers[0].session);
    CHECK(waits.plan.poolers[0].session->waits());
    CHECK_FALSE(waits.plan.poolers[0].to_transaction);
    CHECK_FALSE(with(400).plan.poolers[0].to_transaction);
    CHECK_FALSE(with(200).plan.poolers[0].to_transaction);
    CHECK(with(199).plan.poolers[0].to_transaction);
}

TEST_CASE("pooler sizes: a failover is a limit for a pooler, too") {
    // 60 of the primary's and 60 of the reader's, on 100: 40 are left for either.
    const std::string reader =
        "[[database]]\nname = \"r\"\nreplica_of = \"db\"\nmax_connections = 105\nreserved_connections = 5\n";
    const Planned lost = plan_text(hundred + reader + bouncer("a", 60) + bouncer("b", 60, "", "r") + clients("a", 40) +
                                   clients("b", 40));
    CHECK(size(lost, 0) == 40);
    CHECK(lost.plan.poolers[0].basis == PoolerPlan::Basis::limit);
    CHECK(lost.plan.databases[0].after.failover_peak->value <= Connections(100));
    const Planned carried = plan_text(hundred + reader + bouncer("a", 60) + bouncer("b", 40, "", "r") +
                                      clients("a", 40) + clients("b", 40));
    CHECK_FALSE(carried.plan.poolers[0].size);
    CHECK_FALSE(carried.plan.poolers[1].size);
    CHECK(carried.plan.databases[0].after.failover_peak->value == Connections(100));
}

TEST_CASE("pooler sizes: where no failover can be carried the server's own limits are kept all the same") {
    // 99 of the reader's were seen, and with one connection of each pooler are 101 of 100.
    const Planned planned = plan_text(
        hundred + "[[database]]\nname = \"r\"\nreplica_of = \"db\"\nmax_connections = 105\nreserved_connections = 5\n" +
        bouncer("a", 100) + bouncer("b", 90) + clients("a", 40) + clients("b", 40) +
        "[[service]]\nname = \"read\"\ndeploy = \"recreate\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"r\"\n"
        "max = 99\nin_use = \"30-98\"\n");
    CHECK(size(planned, 0) + size(planned, 1) == 80);
    CHECK(size(planned, 0) >= size(planned, 1));
    CHECK(after(planned) == 80);
}
