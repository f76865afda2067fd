// Findings about pools for each of several databases, by hand.
#include <string>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../support/fleet.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string inventory(std::string_view service, std::string_view pools, std::string_view more = "") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
        "\"postgresql\"\n"
        "version = \"16.8\"\nclass = \"db.m5.large\"\nmax_connections = 509\n{}[[service]]\nname = \"api\"\n"
        "deploy = \"recreate\"\n{}\n{}",
        more, service, pools);
}

std::string pool(std::string_view name, std::string_view keys, std::string_view on = "db") {
    return fmt::format("[[service.pool]]\nname = \"{}\"\ndatabase = \"{}\"\nmonitored = true\n{}\n", name, on, keys);
}

struct Found {
    std::string message, label, fix;
};

/// The one finding of the rule; empty where there is none.
Found found(const std::string& text, std::string_view rule) {
    const Planned planned = plan_text(text);
    Found result;
    for (const Finding& finding : test::lint(planned)) {
        if (finding.rule->id != rule) continue;
        CHECK(result.message.empty());
        result.message = finding.message;
        result.label = finding.label.before;
        result.fix = finding.fix;
    }
    return result;
}

}  // namespace

TEST_CASE("tenants: the product in a finding has the databases in it") {
    // 509 − 9 = 500 are usable: 2 × 3 × 50 × 2 = 600, and 300 of them at one each.
    const Found over = found(inventory("instances = 2\nprocesses = 3", pool("p", "max = 2\ndatabases = 50")), "PF002");
    CHECK(over.message == "its pools can open 600 connections; only 500 are usable");
    CHECK(over.label == "2 pods × 3 procs × 50 databases × 2 = 600");
    CHECK(over.fix == "max = 1  →  300 of 500 (60 %)");
}

TEST_CASE("tenants: a pool without a limit gets a size that all of its copies have room for") {
    // 80 % of 500 are 400: of 6 × 20 pools each has 3, and four would be 480.
    const auto fix = [](std::string_view databases) {
        return found(inventory("instances = 2\nprocesses = 3",
                               pool("p", fmt::format("driver = \"database/sql\"\ndatabases = {}", databases))),
                     "PF012")
            .fix;
    };
    CHECK(fix("20").starts_with("max = 3"));
    CHECK(fix("1").starts_with("max = 10"));
    CHECK(fix("200").starts_with("no size fits"));
}

TEST_CASE("tenants: where no size fits, the fix names what is left") {
    const auto fix = [](std::string_view databases) {
        return found(inventory("instances = 2\nprocesses = 3\n",
                               pool("p", fmt::format("max = 1\ndatabases = {}", databases))),
                     "PF002")
            .fix;
    };
    // 6 × 1,000 on 500, and PgBouncer, too, would need 1,000.
    CHECK(fix("1000") ==
          "fewer databases on this server (a pooler also needs a connection for each database in use): at max = 1, 6 "
          "processes × 1,000 databases still open 6,000");
    // 600 are 80 % of 750, so all of the 820 that the class gives are taken: 85 % of its 80 % are less.
    CHECK(fix("100").starts_with("max_connections = 820 instead of 509"));
    // 1,200 are more than the class gives; PgBouncer needs 200 of 500.
    CHECK(fix("200").starts_with("strategy pooler from poolfit plan"));
}

TEST_CASE("tenants: one process is many pools, and PF016 says so; a pool for many is no duplicate of one for one") {
    const std::string text =
        inventory("instances = 1", pool("tenants", "max = 2\ndatabases = 70") + pool("central", "max = 2"));
    const Found many = found(text, "PF016");
    CHECK(many.message ==
          "2 connections in each of 1 process, for each of 70 databases, can add up to 140 of 500 (28 %)");
    CHECK(many.fix == "a pooler with few connections per database, or fewer databases on this server");
    CHECK(found(text, "PF018").message.empty());
    const std::string same =
        inventory("instances = 1", pool("a", "max = 2\ndatabases = 7") + pool("b", "max = 2\ndatabases = 7"));
    CHECK(!found(same, "PF018").message.empty());
}

TEST_CASE(
    "tenants: a pool is saturated by the use of all its databases, and threads wait where all pools are too few") {
    CHECK(found(inventory("", pool("p", "max = 2\ndatabases = 5\nin_use = \"4-9\"")), "PF026").message.empty());
    const Found full = found(inventory("", pool("p", "max = 2\ndatabases = 5\nin_use = \"4-10\"")), "PF026");
    CHECK(full.message == "10 of 10 connections per process were busy at its peak");
    // Twelve threads in four pools of three, and of two.
    const std::string threads = "runtime = \"threads\"\nthreads = 12";
    CHECK(found(inventory(threads, pool("p", "max = 3\ndatabases = 4\ndriver = \"activerecord\"")), "PF034")
              .message.empty());
    const Found few =
        found(inventory(threads, pool("p", "max = 2\ndatabases = 4\ndriver = \"activerecord\"")), "PF034");
    CHECK(few.message == "12 threads share 8 connections: beyond that they wait for each other");
    CHECK(few.fix == "max = 3  →  12 connections instead of 8; or threads = 8");
}

TEST_CASE("tenants: clients of a pooler are counted with all their pools") {
    const Found clients = found(
        inventory("instances = 3", pool("p", "max = 2\ndatabases = 40", "bouncer"),
                  "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\ndatabase = \"db\"\nmode = \"transaction\"\n"
                  "default_pool_size = 2\nmax_client_conn = 200\n"),
        "PF005");
    CHECK(clients.message == "its clients can open 240 connections in a deploy, but it accepts only 200");
    CHECK(clients.fix == "max_client_conn = 300");
}
