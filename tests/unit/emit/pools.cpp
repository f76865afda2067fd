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

// Without the runtime a peak of 1 asks for 2 per process, which no worker opens.
TEST_CASE("PHP: a size that PDO cannot have is missing") {
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
processes = 20
[[service.pool]]
name = "main"
database = "main"
driver = "PDO"
in_use = "0-1"
)"));
    for (const std::string_view kind : {"pools", "guard"}) {
        const Emission made = find_kind(kind)->emit(emitted.request);
        REQUIRE(made.gaps.size() == 1);
        CHECK(made.gaps[0].what == "how shop.main has 2 connections per process: PDO opens 1");
        CHECK(made.files.at(0).text.find("max_children") == std::string::npos);
    }
}

}  // namespace
}  // namespace poolfit::emit
