// [[service.pool]] databases: what it may be, and what pairs of a pooler follow from it.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string file(std::string_view pooler, std::string_view pool, std::string_view target = "bouncer") {
    return fmt::format(
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n"
        "[[database]]\nname = \"primary\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
        "[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\n{}"
        "[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"main\"\ndatabase = \"{}\"\nmax = 2\n{}",
        pooler, target, pool);
}

const std::string on_primary = "database = \"primary\"\n";

}  // namespace

TEST_CASE("databases: absent is one, and pairs follow it where they are not given") {
    const auto one = load_text(file(on_primary, ""));
    REQUIRE(one.fleet);
    CHECK(*one.fleet->pools[0].databases == 1);
    CHECK(*one.fleet->poolers[0].pairs == 1);

    const auto many = load_text(file(on_primary, "databases = 100000\n"));
    CHECK(many.list() == "");
    REQUIRE(many.fleet);
    CHECK(*many.fleet->pools[0].databases == 100'000);
    CHECK(*many.fleet->poolers[0].pairs == 100'000);
    CHECK(many.fleet->poolers[0].databases == 100'000);
    // The line that says so.
    CHECK(many.fleet->poolers[0].pairs.place.span == many.fleet->pools[0].databases.place.span);

    const auto users = load_text(file(on_primary + "pairs = 40\n", "databases = 20\n"));
    CHECK(users.list() == "");
    REQUIRE(users.fleet);
    CHECK(*users.fleet->poolers[0].pairs == 40);
    CHECK(users.fleet->poolers[0].databases == 20);
}

TEST_CASE("databases: an alias has its own pairs") {
    const std::string aliases =
        "[[pooler.database]]\nname = \"a\"\ndatabase = \"primary\"\n"
        "[[pooler.database]]\nname = \"b\"\ndatabase = \"primary\"\n";
    const auto loaded = load_text(file(aliases, "databases = 30\n", "bouncer/b"));
    CHECK(loaded.list() == "");
    REQUIRE(loaded.fleet);
    CHECK(*loaded.fleet->poolers[0].pairs == 1);
    CHECK(*loaded.fleet->poolers[1].pairs == 30);
}

TEST_CASE("databases: fewer pairs than that are warned of, and believed") {
    const auto loaded = load_text(file(on_primary + "pairs = 3\n", "databases = 20\n"));
    REQUIRE(loaded.fleet);
    CHECK(*loaded.fleet->poolers[0].pairs == 3);
    CHECK(loaded.fleet->poolers[0].databases == 3);
    CHECK(loaded.diagnostics.error_count() == 0);
    // Both lines are named.
    CHECK(loaded.list() == "11:9 pairs: 3, and api.main opens 20 databases through it, each a pair of its own\n");
    CHECK(loaded.text().find("poolfit.toml:18") != std::string::npos);
    CHECK(loaded.text().find("pairs = 20, or remove it") != std::string::npos);
}

TEST_CASE("databases: what is seen busy is compared with all pools of a process") {
    CHECK(load_text(file(on_primary, "databases = 20\nin_use = \"5-40\"\n")).list() == "");
    const auto loaded = load_text(file(on_primary, "databases = 20\nin_use = \"5-41\"\n"));
    CHECK(loaded.list().find("in_use: 41 busy in 20 pools of 2; are both per process?") != std::string::npos);
}

TEST_CASE("databases: a closed load is of one pool") {
    check_one(
        file(on_primary, "databases = 20\n[service.pool.workload]\nusers = «10»\nthink = \"1 s\"\nhold = \"5 ms\"\n"),
        "users: a pool with several databases needs a rate",
        "rate = \"120/s\" of one process, spread evenly over its databases");
}
