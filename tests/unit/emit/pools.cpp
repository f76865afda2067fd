// Pools that share a service, and those of PHP.
#include <cstddef>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "emitted.hpp"

namespace poolfit::emit {
namespace {

TEST_CASE("several pools of one service have names of their own") {
    const Emitted emitted(test::plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 4
memory = "8 GiB"
max_connections = 200
[[database]]
name = "read-1"
engine = "postgresql"
provider = "self-managed"
vcpus = 4
memory = "8 GiB"
max_connections = 200
[[service]]
name = "api"
[[service.pool]]
name = "write"
database = "main"
driver = "ecto"
max = 5
[[service.pool]]
name = "read"
database = "read-1"
driver = "ecto"
max = 7
[[service]]
name = "one"
[[service.pool]]
name = "only"
database = "main"
driver = "ecto"
max = 3
[[service]]
name = "site"
[[service.pool]]
name = "a"
database = "main"
driver = "django"
max = 2
[[service.pool]]
name = "b"
database = "main"
driver = "django"
max = 4
)"));
    const Emission pools = find_kind("pools")->emit(emitted.request);
    const auto has = [&](std::size_t file, std::string_view text) {
        CAPTURE(pools.files[file].text);
        CHECK(pools.files[file].text.find(text) != std::string::npos);
    };
    REQUIRE(pools.files.size() == 5);
    has(0, "config :my_app, MyApp.WriteRepo,\n  url: System.fetch_env!(\"MAIN_DATABASE_URL\"),\n");
    has(0, "pool_size: 5\n");
    has(1, "config :my_app, MyApp.ReadRepo,\n  url: System.fetch_env!(\"READ_1_DATABASE_URL\"),\n");
    has(1, "pool_size: 7\n");
    has(2, "config :my_app, MyApp.Repo,\n  url: System.fetch_env!(\"DATABASE_URL\"),\n");
    has(3, "DATABASES['a']");
    has(3, "# site has several such pools; these are the pools' names: put your aliases\n");
    has(4, "DATABASES['b']");
    const Emission guard = find_kind("guard")->emit(emitted.request);
    REQUIRE(guard.files.size() == 3);
    CHECK(guard.files[0].text.find("PoolBudget.check!(\"read\", MyApp.ReadRepo.config()[:pool_size])") !=
          std::string::npos);
}

// A worker of php-fpm has one connection, and cannot have two: 20 workers are 20 connections of an instance.
TEST_CASE("PHP: the number of workers is what is set and what is checked") {
    const Emitted emitted(test::plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 4
memory = "8 GiB"
max_connections = 200
[[service]]
name = "shop"
runtime = "processes"
processes = 20
instances = 3
[[service.pool]]
name = "main"
database = "main"
driver = "PDO"
in_use = "0-1"
)"));
    const Emission pools = find_kind("pools")->emit(emitted.request);
    REQUIRE(pools.files.size() == 1);
    CHECK(pools.files[0].text.ends_with("\npm.max_children = 20\n"));
    CHECK(pools.pools[0].max == Connections(1));
    CHECK(pools.pools[0].option.empty());
    const Emission guard = find_kind("guard")->emit(emitted.request);
    REQUIRE(guard.files.size() == 1);
    CHECK(guard.files[0].text.starts_with("<?php\n// "));
    CHECK(guard.files[0].text.find("\n    \"main\" => 20,\n") != std::string::npos);
}

constexpr std::string_view php = R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 4
memory = "8 GiB"
max_connections = 200
[[service]]
name = "shop"
processes = 20
[[service.pool]]
name = "main"
database = "main"
driver = "PDO"
)";

// More in use than a worker opens: the driver is another, or in_use is not per process.
TEST_CASE("PHP: a size that PDO cannot have is missing") {
    const Emitted emitted(test::plan_text(std::string(php) + "in_use = \"1-2\"\n"));
    for (const std::string_view kind : {"pools", "guard", "k8s"}) {
        CAPTURE(kind);
        const Emission made = find_kind(kind)->emit(emitted.request);
        REQUIRE(made.gaps.size() == 1);
        CHECK(made.gaps[0].what == "a way to give shop.main 3 connections per process: PDO opens 1");
        CHECK(made.files.at(0).text.find("max_children") == std::string::npos);
    }
}

// Without the runtime a peak of 1 would ask for 2, which no worker opens.
TEST_CASE("PHP: Kubernetes has no variable for it, and none is missing") {
    for (const std::string_view keys : {"in_use = \"0-1\"\n", "max = 1\n", "max = 6\n"}) {
        CAPTURE(keys);
        const Emitted emitted(test::plan_text(std::string(php) + std::string(keys)));
        const Emission made = find_kind("k8s")->emit(emitted.request);
        CHECK(made.gaps.empty());
        REQUIRE(made.files.size() == 1);
        CHECK(made.files[0].text.find("  # shop.main: PDO has no size to set; poolfit emit pools says what limits its "
                                      "connections\n") != std::string::npos);
        CHECK(made.files[0].text.find("env:") == std::string::npos);
        CHECK(find_kind("pools")->emit(emitted.request).files.at(0).text.ends_with("\npm.max_children = 20\n"));
    }
}

// "rep" takes the place of "main" in this strategy, so the service has one pool.
TEST_CASE("a pool that takes the others' place is alone") {
    const Emitted emitted(test::plan_text(R"(schema = "poolfit-inventory/1"
[[database]]
name = "main"
engine = "postgresql"
provider = "self-managed"
vcpus = 4
memory = "8 GiB"
max_connections = 200
[[service]]
name = "api"
[[service.pool]]
name = "main"
database = "main"
driver = "ecto"
max = 10
in_use = "1-2"
[[service.pool]]
name = "rep"
database = "main"
driver = "ecto"
max = 10
in_use = "1-2"
)"),
                          "aggressive");
    const Emission pools = find_kind("pools")->emit(emitted.request);
    REQUIRE(pools.files.size() == 1);
    CAPTURE(pools.files[0].text);
    CHECK(pools.pools[0].merged.size() == 1);
    CHECK(pools.files[0].text.find("config :my_app, MyApp.Repo,\n") != std::string::npos);
}

}  // namespace
}  // namespace poolfit::emit
