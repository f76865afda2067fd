// What is emitted is what the plan says, for each kind.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <poolfit/emit/emit.hpp>

#include "../../../src/emit/settings.hpp"
#include "emitted.hpp"

namespace poolfit::emit {
namespace {

// 8 pods x 4 processes; in use 1 to 2: max(ceil(2.5 x 1), 2 + 1) = 3.
TEST_CASE("the size of the plan") {
    const Emitted emitted(test::plan_file("rolling/poolfit.toml"));
    const auto all = settings(emitted.request);
    REQUIRE(all.size() == 1);
    CHECK(all[0].size->value == Connections(3));
    // 3 x 4 x 8 = 96; a deploy has 2 pods more: 3 x 4 x 10 = 120.
    CHECK(demand_of(emitted.request, 0).allocated->value == Connections(96));
    CHECK(demand_of(emitted.request, 0).deploy_peak->value == Connections(120));
    const Emission roles = find_kind("roles")->emit(emitted.request);
    REQUIRE(roles.files.size() == 1);
    CHECK(roles.files[0].text.find("\nALTER ROLE \"auth-api\" CONNECTION LIMIT 120;\n") != std::string::npos);
    const Emission pools = find_kind("pools")->emit(emitted.request);
    REQUIRE(pools.files.size() == 1);
    CHECK(pools.files[0].text.find("\n    pool_size=3,\n    max_overflow=0,\n") != std::string::npos);
    CHECK(pools.gaps.empty());
}

// merged_max of math-updater: 6 + 2 + 5 = 13 in place of drizzle and pg-boss on the primary.
TEST_CASE("a strategy's sizes: merged pools are one") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"), "aggressive");
    const auto all = settings(emitted.request);
    const auto merged = std::ranges::find(all, Connections(13), [](const Setting& each) { return each.size->value; });
    REQUIRE(merged != all.end());
    CHECK(merged->merged.size() == 1);
    const Emission pools = find_kind("pools")->emit(emitted.request);
    CHECK(pools.files.size() == all.size());
    CHECK(std::ranges::any_of(pools.files, [](const File& file) {
        return file.text.find("One pool in place of several: it takes the work of math-updater.") != std::string::npos;
    }));
}

TEST_CASE("what is asked for alone") {
    Emitted emitted(test::plan_file("agora/poolfit.toml"));
    emitted.request.services = {1, 0};
    CHECK(settings(emitted.request).size() == 2);
    emitted.request.databases = {1, 0};
    CHECK(settings(emitted.request).size() == 1);
}

TEST_CASE("what is not known is a comment and a gap, and no number") {
    const Emitted emitted(test::plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
driver = "database/sql"
)"));
    for (const std::string_view kind : {"pools", "roles", "guard"}) {
        CAPTURE(kind);
        const Emission emission = find_kind(kind)->emit(emitted.request);
        REQUIRE(emission.gaps.size() == 1);
        CHECK(emission.gaps[0].what.find("the size of api.main is not known") == 0);
        REQUIRE(emission.files.size() == 1);
        CHECK(emission.files[0].text.find("MISSING: the size of api.main is not known") != std::string::npos);
        CHECK(emission.files[0].text.find("SetMaxOpenConns") == std::string::npos);
        CHECK(emission.files[0].text.find("ALTER") == std::string::npos);
    }
}

// One server fails, and its pools come to the other: the API has 5 on each, and 10 on one.
TEST_CASE("a limit leaves room for a failover") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"));
    const Emission roles = find_kind("roles")->emit(emitted.request);
    REQUIRE(roles.files.size() == 1);
    CHECK(roles.files[0].text.find("ALTER ROLE \"api\" CONNECTION LIMIT 10;") != std::string::npos);
    CHECK(roles.files[0].text.find("ALTER ROLE \"math-updater\" CONNECTION LIMIT 21;") != std::string::npos);
    // 10 + 21 = 31, which the plan has after a failover; 811 are usable on db.t3.large, and db.m5.xlarge is today's
    // class.
    CHECK(roles.files[0].text.find(
              "\n-- The limits add up to 31, with room for what moves here when another server fails.\n"
              "-- At most 21 are open in a deploy, and 31 after a failover, of 811 usable on db.t3.large, after the "
              "change of "
              "class.\n") != std::string::npos);
}

TEST_CASE("a pool whose size is not read at start-up is named, and its budget is there") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"));
    const Emission guard = find_kind("guard")->emit(emitted.request);
    CHECK(guard.gaps.empty());
    const std::string all = text(guard);
    CHECK(all.find("// Not checked: pg-boss. ") != std::string::npos);
    CHECK(all.find("  ['pg-boss', 11],\n") != std::string::npos);
    CHECK(all.find("Not checked: drizzle") == std::string::npos);
}

TEST_CASE("a strategy that the plan does not recommend has no phases: no file, and a reason") {
    const Emitted emitted(test::plan_file("agora/poolfit.toml"), "monitor");
    for (const std::string_view kind : {"runbook", "terraform", "cloudformation", "alarms"}) {
        CAPTURE(kind);
        const Emission emission = find_kind(kind)->emit(emitted.request);
        CHECK(emission.files.empty());
        CHECK(emission.gaps.empty());
        CHECK(emission.refusal ==
              "phases, limits and checks belong to the recommended plan (conservative), not to the strategy monitor");
    }
}

/// A service with pools of that driver, 7 connections each, and more lines of the last.
Emitted of_driver(std::string_view driver, std::string_view more = {},
                  std::initializer_list<std::string_view> pools = {"one"}) {
    std::string inventory = R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 2
memory = "4 GiB"
max_connections = 100
[[service]]
name = "api"
)";
    for (const std::string_view name : pools)
        inventory += fmt::format("[[service.pool]]\nname = \"{}\"\ndatabase = \"main\"\ndriver = \"{}\"\nmax = 7\n",
                                 name, driver);
    return Emitted(test::plan_text(inventory + std::string(more)));
}

TEST_CASE("Kubernetes gets the variable that a driver's framework reads") {
    CHECK(all_of(of_driver("HikariCP"), "k8s")
              .find("- name: \"SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE\"\n              value: \"7\"\n") !=
          std::string::npos);
    CHECK(all_of(of_driver("quarkus"), "k8s").find("\"QUARKUS_DATASOURCE_JDBC_MAX_SIZE\"") != std::string::npos);
    // No name is made up: it would be applied, and nothing would read it.
    const Emitted unnamed = of_driver("npgsql");
    const Emission patches = find_kind("k8s")->emit(unnamed.request);
    REQUIRE(patches.gaps.size() == 1);
    CHECK(patches.gaps[0].what == "the variable that sets api.one to 7 per process");
    CHECK(patches.gaps[0].fix.find("set_in") != std::string::npos);
    CHECK(text(patches).find("env:") == std::string::npos);
    // One variable cannot set two pools.
    const std::string two = all_of(of_driver("HikariCP", {}, {"one", "two"}), "k8s");
    CHECK(two.find("SPRING_") == std::string::npos);
    CHECK(two.find("# MISSING: the variable that sets api.one to ") != std::string::npos);
    CHECK(two.find("# MISSING: the variable that sets api.two to ") != std::string::npos);
    CHECK(two.find("env:") == std::string::npos);
}

// HikariConfig.java: setConnectionTimeout throws below 250 ms; a maxLifetime below 30 s becomes the default.
TEST_CASE("a value that the driver does not take is left out, and a comment says so") {
    const auto emitted = [](std::string_view timeout, std::string_view life) {
        return all_of(of_driver("HikariCP", "max_lifetime = \"" + std::string(life) +
                                                "\"\n[service.pool.workload]\nhold = \"20 ms\"\nrate = \"10/s\"\n" +
                                                "acquire_timeout = \"" + std::string(timeout) + "\"\n"),
                      "pools");
    };
    const std::string low = emitted("249 ms", "29 s"), least = emitted("250 ms", "30 s");
    CHECK(low.find("setConnectionTimeout(") == std::string::npos);
    CHECK(low.find("connection-timeout=") == std::string::npos);
    CHECK(low.find("setMaxLifetime(") == std::string::npos);
    CHECK(low.find("// acquire_timeout of 249 ms is left out: HikariCP takes no less than 250 ms\n") !=
          std::string::npos);
    CHECK(low.find("# max_lifetime of 29 s is left out: HikariCP takes no less than 30 s\n") != std::string::npos);
    CHECK(least.find("setConnectionTimeout(250);") != std::string::npos);
    CHECK(least.find("connection-timeout=250\n") != std::string::npos);
    CHECK(least.find("setMaxLifetime(30000);") != std::string::npos);
    CHECK(least.find("left out") == std::string::npos);
}

}  // namespace
}  // namespace poolfit::emit
