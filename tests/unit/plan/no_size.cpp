// Where one connection for each of many databases is too many already: what has a setting counts one, what has none
// counts what it opens.
#include <optional>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// 16.8 keeps nine of max_connections from applications: 3 for superusers, 2 for rds_superuser, 4 for rds_reserved.
std::optional<NoSizeFits> no_size(int usable, const std::string& rest, int other = 0) {
    const auto planned = plan_text(one_database(
        "db.m5.large", fmt::format("max_connections = {}\nother_connections = {}", usable + 9, other), rest));
    REQUIRE(planned.plan.databases[0].budget.limits.usable.value.value == usable);
    for (const Outage& outage : planned.plan.databases[0].recommendation.outages)
        if (outage.kind == Outage::Kind::connections) return outage.no_size;
    FAIL("no outage of connections");
    return std::nullopt;
}

/// 2 instances × 3 processes.
std::string tenants(int max, int databases) {
    return one_pool("api", fmt::format("max = {}\ndatabases = {}", max, databases), "instances = 2\nprocesses = 3");
}

std::string bouncer(int size, int pairs) {
    return fmt::format(
        "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
        "default_pool_size = {}\nmax_client_conn = 100000\n[[service]]\nname = \"c\"\n[[service.pool]]\nname = "
        "\"p\"\ndatabase = \"b\"\nmax = 2\ndatabases = {}\n",
        size, pairs);
}

std::int64_t count(const std::optional<NoSizeFits>& found) { return found ? found->connections.value : 0; }

}  // namespace

TEST_CASE("no size: a pool that has a setting counts one for each of its databases, whatever it is set to") {
    for (const int max : {1, 2, 20, 900}) CHECK(count(no_size(400, tenants(max, 100))) == 600);
    CHECK(count(no_size(400, tenants(20, 100), 30)) == 630);
    // Another service's pool of one database is one for each of its processes.
    CHECK(count(no_size(400, tenants(20, 100) + one_pool("b", "max = 50", "instances = 4"))) == 604);
}

TEST_CASE("no size: what just fits with one each is not said to fit with no size") {
    CHECK_FALSE(no_size(600, tenants(2, 100)).has_value());
    CHECK(count(no_size(599, tenants(2, 100))) == 600);
    CHECK_FALSE(no_size(600, tenants(2, 99), 6).has_value());
    CHECK(count(no_size(600, tenants(2, 99), 7)) == 601);
}

TEST_CASE("no size: without pools for many databases there is one that fits") {
    CHECK_FALSE(no_size(400, one_pool("a", "max = 2", "instances = 500")).has_value());
}

TEST_CASE("no size: a driver without a setting opens a connection for each thread and database") {
    // Django: 4 threads, each keeps its connection; 2 × 3 × 4.
    const std::string django = one_pool("d", "driver = \"django\"",
                                        "instances = 2\nprocesses = 3\nruntime = "
                                        "\"threads\"\nthreads = 4");
    CHECK(count(no_size(400, tenants(20, 100) + django)) == 624);
}

TEST_CASE("no size: of several the one that opens most is named") {
    const std::string two = tenants(20, 100) + one_pool("b", "max = 9\ndatabases = 70", "instances = 10");
    const auto found = no_size(400, two);
    REQUIRE(found.has_value());
    CHECK(found->connections.value == 1300);
    CHECK(found->databases == 70);
    CHECK(found->each == 10);
    CHECK_FALSE(found->by_pooler);
    CHECK_FALSE(found->pooler_fits);  // 600 of the other stay
}

TEST_CASE("no size: a PgBouncer for them fits where one connection for each database does, beside the others") {
    const auto fits = [](int usable, int other) {
        const auto found = no_size(usable, tenants(20, 100), other);
        REQUIRE(found.has_value());
        CHECK(found->takes_pooler);
        return found->pooler_fits;
    };
    CHECK(fits(100, 0));
    CHECK_FALSE(fits(99, 0));
    CHECK(fits(130, 30));
    CHECK_FALSE(fits(130, 31));
}

TEST_CASE("no size: a PgBouncer keeps one for each pair, and no more than it opens") {
    const auto found = no_size(400, bouncer(2, 500));
    REQUIRE(found.has_value());
    CHECK(found->connections.value == 500);
    CHECK(found->databases == 500);
    CHECK(found->each == 1);
    CHECK(found->by_pooler);
    CHECK_FALSE(found->pooler_fits);  // it is one
    // Beside pools of 100 databases in six processes, which open more.
    const auto both = no_size(400, bouncer(2, 500) + tenants(2, 100));
    REQUIRE(both.has_value());
    CHECK(both->connections.value == 1100);
    CHECK_FALSE(both->by_pooler);
    CHECK(both->databases == 100);
    // One client with one connection, of which nobody knows which of two databases it is in, beside 400 others.
    const auto one = no_size(400,
                             "[[pooler]]\nname = \"b\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = "
                             "\"transaction\"\npairs = 2\ndefault_pool_size = 5\nmax_client_conn = 9\n[[service]]\n"
                             "name = \"c\"\n[[service.pool]]\nname = \"p\"\ndatabase = \"b\"\nmax = 1\n",
                             400);
    REQUIRE(one.has_value());
    CHECK(one->connections.value == 401);
    CHECK(one->by_pooler);
}
