// What a process can hold, in the sizes that a plan gives.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/plan/strategy.hpp>

#include "../../support/fleet.hpp"
#include "inventory.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

Planned service(std::string_view of_service, std::string_view pool) {
    return plan_text(one_database("db.m5.large", "max_connections = 700", one_pool("api", pool, of_service)));
}

std::int64_t size(std::string_view of_service, std::string_view pool) {
    return service(of_service, pool).plan.pools[0].advice.size->value.value;
}

/// Of the one pool: ids of what is found of its size.
std::string found(const Planned& planned) {
    std::string ids;
    for (const Finding& finding : test::lint(planned))
        if (!finding.pools.empty()) ids += fmt::format("{} ", finding.rule->id);
    return ids;
}

constexpr std::string_view five = "runtime = \"threads\"\nthreads = 5";
constexpr std::string_view workers = "runtime = \"processes\"\nprocesses = 4";

}  // namespace

TEST_CASE("holding: five threads of Rails have five connections, however busy they were seen") {
    for (const char* in_use : {"0-1", "1-2", "2-3", "2-5", "5-5"}) {
        CAPTURE(in_use);
        for (const char* max : {"2", "5", "12"})
            CHECK(size(five, fmt::format("driver = \"activerecord\"\nmax = {}\nin_use = \"{}\"", max, in_use)) == 5);
    }
    CHECK(size(five, "driver = \"activerecord\"\nmax = 5") == 5);
    CHECK(size(five, "driver = \"activerecord\"\nmax = 8") == 5);
    CHECK(size(five, "driver = \"activerecord\"\nmax = 3") == 5);
    CHECK(size(five, "driver = \"activerecord\"\nmax = 5\nworkload = { rate = \"5/s\", hold = \"20 ms\" }") == 5);
    CHECK(size(five, "driver = \"activerecord\"\nmax = 5\nworkload = { rate = \"900/s\", hold = \"20 ms\" }") == 5);
    // Five can not carry that; neither do twelve shrink to five for it.
    CHECK(size(five, "driver = \"activerecord\"\nmax = 12\nworkload = { rate = \"400/s\", hold = \"20 ms\" }") == 12);
    CHECK(size(five, "driver = \"activerecord\"\nmax = 12\nworkload = { rate = \"5/s\", hold = \"20 ms\" }") == 5);
    CHECK(size(five, "driver = \"activerecord\"\nmax = \"2 * DB_VCPUS\"") == 5);
}

TEST_CASE("holding: where the driver is not named, five threads keep the five that they have") {
    CHECK(size(five, "max = 5\nin_use = \"1-1\"") == 5);
    CHECK(size(five, "max = 5\nin_use = \"5-5\"") == 5);
    CHECK(size(five, "max = 9\nin_use = \"1-2\"") == 5);
    CHECK(size("threads = 200", "max = 10\nin_use = \"2-5\"") == 10);
}

TEST_CASE("holding: a pool that lends for a transaction is sized by its use, and never past its threads") {
    CHECK(size("threads = 200", "driver = \"hikaricp\"\nmax = 20\nin_use = \"2-5\"") == 6);
    CHECK(size("threads = 5", "driver = \"hikaricp\"\nmax = 20\nin_use = \"2-5\"") == 5);
}

TEST_CASE("holding: a full pool that is all its process can hold is not too small") {
    const Planned one = service(workers, "max = 1\nin_use = \"0-1\"");
    CHECK(one.plan.pools[0].advice.size->value.value == 1);
    CHECK(found(one).find("PF026") == std::string::npos);
    const Planned threads = service(five, "max = 5\nin_use = \"5-5\"");
    CHECK(found(threads).find("PF026") == std::string::npos);
    // A pool that is full before that is.
    CHECK(found(service(five, "driver = \"hikaricp\"\nmax = 3\nin_use = \"2-3\"")) == "PF026 ");
    CHECK(size(five, "driver = \"hikaricp\"\nmax = 3\nin_use = \"2-3\"") == 5);
}

TEST_CASE("holding: more were seen than the runtime can hold: what was measured knows better") {
    CHECK(size(workers, "max = 10\nin_use = \"1-3\"") == 4);
    CHECK(size(five, "max = 20\nin_use = \"2-8\"") == 9);
}

TEST_CASE("holding: the plan gives what the finding about the runtime says") {
    const Planned planned = service(workers, "max = 4");
    CHECK(found(planned) == "PF015 ");
    CHECK(planned.plan.pools[0].advice.size->value.value == 1);
    CHECK(planned.plan.pools[0].advice.basis == Basis::runtime);
    CHECK(planned.plan.pools[0].after.allocated->value == Connections(4));
    CHECK(test::lint(planned, {}, {{"PF015"}, {}, {}}).front().fix == "max = 1  →  4 connections instead of 16");
}

TEST_CASE("holding: threads without a connection are a warning where the driver is known to keep one for a request") {
    const auto told = [](std::string_view pool) -> std::string {
        const auto findings = test::lint(service(five, pool), {}, {{"PF034"}, {}, {}});
        if (findings.empty()) return "";
        return findings.front().severity == Severity::warning ? "warning" : "info";
    };
    CHECK(told("driver = \"activerecord\"\nmax = 4") == "warning");
    CHECK(told("driver = \"sqlalchemy\"\nmax = 4\nin_use = \"1-4\"") == "warning");
    CHECK(told("max = 4") == "info");
    CHECK(told("driver = \"hikaricp\"\nmax = 4") == "info");
    CHECK(told("driver = \"hikaricp\"\nmax = 4\nin_use = \"1-2\"").empty());
    CHECK(told("driver = \"activerecord\"\nmax = 5").empty());
    CHECK(told("driver = \"django\"").empty());
}

TEST_CASE("holding: a pool without a limit gets what its process can hold") {
    const Planned planned = service(five, "driver = \"database/sql\"");
    CHECK(planned.plan.pools[0].advice.size->value == Connections(5));
    CHECK(test::lint(planned, {}, {{"PF012"}, {}, {}}).front().fix == "max = 5, with db.SetMaxOpenConns(n)");
    CHECK(!service("runtime = \"event-loop\"", "driver = \"database/sql\"").plan.pools[0].advice.size);
}

TEST_CASE("holding: what keeps nested checkouts from locking up wins over the runtime") {
    const Planned planned = service(
        "runtime = \"processes\"", "max = 2\nworkload = { users = 16, think = \"1 s\", hold = \"20 ms\", nested = 1 }");
    const PoolPlan& pool = planned.plan.pools[0];
    CHECK(pool.load->deadlock_floor->value == Connections(17));
    CHECK(pool.advice.size->value == Connections(17));
    CHECK(test::lint(planned, {}, {{"PF011"}, {}, {}}).front().fix ==
          "pass the held connection along; or max = 17  →  17 connections instead of 2");
}

TEST_CASE("holding: Django without its pool opens one for each thread, and has no setting") {
    const auto opens = [](std::string_view of_service) -> std::optional<std::int64_t> {
        const Planned planned = service(of_service, "driver = \"django\"");
        const auto& allocated = planned.plan.pools[0].now.allocated;
        const std::string all = list(test::lint(planned));
        CHECK(all.find("PF019") == std::string::npos);
        CHECK((all.find("PF012") != std::string::npos) == !allocated.has_value());
        if (!allocated) return std::nullopt;
        return allocated->value.value;
    };
    CHECK(opens("runtime = \"threads\"\nthreads = 4\nprocesses = 3\ninstances = 2") == 24);
    CHECK(opens("runtime = \"processes\"\nprocesses = 3\ninstances = 2") == 6);
    CHECK_FALSE(opens("runtime = \"threads\"").has_value());
    CHECK_FALSE(opens("runtime = \"event-loop\"").has_value());
    CHECK_FALSE(opens("").has_value());
    // No size is advised for it, whatever was seen.
    CHECK(!service("runtime = \"event-loop\"", "driver = \"django\"\nin_use = \"2-9\"").plan.pools[0].advice.size);
    CHECK(size("threads = 4", "driver = \"django\"\nin_use = \"0-1\"") == 4);
    // With max its own pool is meant.
    CHECK(service("runtime = \"event-loop\"", "driver = \"django\"\nmax = 6").plan.pools[0].now.allocated->value ==
          Connections(6));
}

TEST_CASE("holding: no fix names a setting that the driver does not have") {
    // 100 processes of 8 threads on 700.
    const Planned planned = service("runtime = \"threads\"\nthreads = 8\nprocesses = 100", "driver = \"django\"");
    for (const Finding& finding : test::lint(planned)) {
        CAPTURE(finding.rule->id);
        CHECK(finding.fix.find("max = ") == std::string::npos);
    }
    const Planned loop = service("runtime = \"event-loop\"", "driver = \"django\"");
    const Finding unlimited = test::lint(loop, {}, {{"PF012"}, {}, {}}).front();
    CHECK(unlimited.fix ==
          "use its pool (DATABASES.OPTIONS[\"pool\"][\"max_size\"] (5.1+, psycopg_pool)) and write its size as max");
}

TEST_CASE("holding: a strategy by vCPUs keeps to it as well") {
    const Planned planned =
        plan_text(one_database("db.m5.large", "max_connections = 700",
                               "[[host]]\nname = \"h\"\nvcpus = 16\n" +
                                   one_pool("api", "driver = \"activerecord\"\nmax = 5\nvcpu_max = \"2 * TOTAL_VCPUS\"",
                                            "host = \"h\"\nthreads = 5") +
                                   one_pool("few", "driver = \"activerecord\"\nmax = 5\nvcpu_max = \"TOTAL_VCPUS / 8\"",
                                            "host = \"h\"\nthreads = 5")));
    for (const Strategy& strategy : plan::strategies(planned.fleet, planned.plan, {}))
        for (const StrategyPool& pool : strategy.pools) CHECK(pool.size->value == Connections(5));
}

TEST_CASE("holding: a pool is not raised to its threads where its database has no room for that") {
    const auto sized = [](int max_connections) {
        const Planned planned = plan_text(one_database(
            "db.m5.large", fmt::format("max_connections = {}\nreserved_connections = 0", max_connections),
            one_pool("web", "driver = \"activerecord\"\nmax = 3\nin_use = \"1-2\"", "threads = 5\ninstances = 10") +
                one_pool("jobs", "driver = \"activerecord\"\nmax = 5", "threads = 10\ninstances = 2")));
        std::string out;
        for (const PoolPlan& pool : planned.plan.pools) out += fmt::format("{} ", pool.advice.size->value.value);
        for (const Finding& finding : test::lint(planned, {}, {{"PF00", "PF034"}, {}, {}}))
            out += fmt::format("{} {}; ", finding.rule->id, finding.fix);
        return out;
    };
    // 10 × 5 + 2 × 10 = 70 of 80 that the policy allows of 100.
    CHECK(sized(100) ==
          "5 10 PF034 max = 5  →  50 connections instead of 30; or threads = 3; PF034 max = 10  →  20 connections "
          "instead of 10; or threads = 5; ");
    // 64 of 64: room for the first, and for some of the second.
    CHECK(sized(80) ==
          "5 7 PF034 max = 5  →  50 connections instead of 30; or threads = 3; PF034 threads = 5: its database has no "
          "room for 10 connections each; ");
    // 40 of 40.
    CHECK(sized(50) ==
          "3 5 PF034 threads = 3: its database has no room for 5 connections each; PF034 threads = 5: its database has "
          "no room for 10 connections each; ");
}

TEST_CASE("holding: a size that is all that its process can hold, and no more, is not held down") {
    // 0.001 erlangs need one connection, 0.5 would need more than one; a process that serves one request has one.
    const auto held = [](std::string_view rate) {
        const auto planned = test::plan_text(fmt::format(
            "schema = \"poolfit-inventory/1\"\nregion = \"us-east-1\"\n[[database]]\nname = \"db\"\nengine = "
            "\"postgresql\"\nclass = \"db.m5.large\"\n[[service]]\nname = \"a\"\nruntime = \"processes\"\n"
            "[[service.pool]]\nname = \"p\"\ndatabase = \"db\"\nmax = 3\nworkload = {{ rate = \"{}/s\", hold = \"1 "
            "ms\" }}\n",
            rate));
        CHECK(planned.plan.pools[0].advice.size->value == Connections(1));
        return planned.plan.pools[0].load->held;
    };
    CHECK(held("1") == Held::no);
    CHECK(held("500") == Held::at_most);
}
