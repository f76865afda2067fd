// [[pooler.database]]: what an alias takes from its pooler, how it is named, and what is said about wrong ones.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/load/document.hpp>
#include <poolfit/model/pooler.hpp>

#include "support.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view top =
    "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n"
    "[[database]]\nname = \"primary\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n"
    "[[database]]\nname = \"stock\"\nengine = \"postgresql\"\nclass = \"db.m5.large\"\n";

std::string file(std::string_view rest) { return fmt::format("{}{}", top, rest); }

std::string bouncer(std::string_view keys) {
    return fmt::format("[[pooler]]\nname = \"bouncer\"\nkind = \"pgbouncer\"\n{}", keys);
}

std::string alias(std::string_view name, std::string_view keys = "database = \"primary\"\n") {
    return fmt::format("[[pooler.database]]\nname = \"{}\"\n{}", name, keys);
}

std::string pool(std::string_view target) {
    return fmt::format("[[service]]\nname = \"api\"\n[[service.pool]]\nname = \"main\"\ndatabase = {}\nmax = 10\n",
                       target);
}

const std::string two = alias("orders") + alias("users");

}  // namespace

TEST_CASE("aliases: each is a pooler with its own keys, and its pooler's where it has none") {
    const auto loaded =
        load_text(file(bouncer("mode = \"transaction\"\ninstances = 2\ndefault_pool_size = 15\nmin_pool_size = 1\n"
                               "reserve_pool_size = 3\nmax_client_conn = 500\nmax_db_connections = 60\n") +
                       alias("orders",
                             "database = \"primary\"\npool_size = 20\nmin_pool_size = 2\nreserve_pool_size = 4\n"
                             "max_db_connections = 0\npool_mode = \"session\"\npairs = 3\n") +
                       alias("stock", "database = \"stock\"\n") + pool("\"bouncer/stock\"")));
    CHECK(loaded.list() == "");
    REQUIRE(loaded.fleet);
    const auto& fleet = *loaded.fleet;
    REQUIRE(fleet.poolers.size() == 2);
    const auto& orders = fleet.poolers[0];
    CHECK(*orders.name == "bouncer/orders");
    CHECK(orders.database == 0);
    CHECK(orders.instances->high == 2);
    CHECK(*orders.default_pool_size == 20);
    CHECK(*orders.min_pool_size == 2);
    CHECK(*orders.reserve_pool_size == 4);
    CHECK(**orders.max_db_connections == 0);
    CHECK(orders.mode == Pooler::Mode::session);
    CHECK(*orders.pairs == 3);
    CHECK(*orders.max_client_conn == 500);
    const auto& stock = fleet.poolers[1];
    CHECK(*stock.name == "bouncer/stock");
    CHECK(stock.database == 1);
    CHECK(*stock.default_pool_size == 15);
    CHECK(*stock.min_pool_size == 1);
    CHECK(*stock.reserve_pool_size == 3);
    CHECK(**stock.max_db_connections == 60);
    CHECK(stock.mode == Pooler::Mode::transaction);
    CHECK(*stock.pairs == 1);
    CHECK(fleet.pools[0].pooler == Index{1});

    CHECK(model::process_of(fleet, 0) == 0);
    CHECK(model::process_of(fleet, 1) == 0);
    CHECK(model::process_name(stock) == "bouncer");
    CHECK(model::size_key(stock) == "pool_size");
    // A size that is the pooler's is changed for this alias alone, in its record.
    CHECK(model::size_place(orders).span.begin == orders.default_pool_size.place.span.begin);
    CHECK(model::size_place(stock).span.begin == stock.place.span.begin);
}

TEST_CASE("aliases: a pooler without them is named and keyed as before") {
    const auto loaded = load_text(file(bouncer("database = \"stock\"\n") + pool("\"bouncer\"")));
    REQUIRE(loaded.fleet);
    const auto& pooler = loaded.fleet->poolers.at(0);
    CHECK(*pooler.name == "bouncer");
    CHECK(!pooler.process);
    CHECK(model::process_of(*loaded.fleet, 0) == 0);
    CHECK(model::process_name(pooler) == "bouncer");
    CHECK(model::size_key(pooler) == "default_pool_size");
}

TEST_CASE("aliases: one may be named by its pooler, and takes its pairs") {
    const auto loaded = load_text(file(bouncer("pairs = 4\n") + alias("orders") + pool("\"bouncer\"")));
    CHECK(loaded.list() == "");
    REQUIRE(loaded.fleet);
    CHECK(loaded.fleet->pools[0].pooler == Index{0});
    CHECK(*loaded.fleet->poolers[0].pairs == 4);
}

TEST_CASE("aliases: JSON says the same") {
    const auto toml = load_text(file(bouncer("") + two + pool("\"bouncer/users\"")));
    const auto json = load_text(
        R"({"schema": "poolfit-inventory/1", "region": "eu-central-1", "database": [
            {"name": "primary", "engine": "postgresql", "class": "db.m5.large"},
            {"name": "stock", "engine": "postgresql", "class": "db.m5.large"}],
            "pooler": [{"name": "bouncer", "kind": "pgbouncer", "database": [
                {"name": "orders", "database": "primary"}, {"name": "users", "database": "primary"}]}],
            "service": [{"name": "api", "pool": [{"name": "main", "database": "bouncer/users", "max": 10}]}]})",
        {}, "poolfit.json");
    CHECK(json.list() == "");
    REQUIRE(toml.fleet);
    REQUIRE(json.fleet);
    CHECK(dump(*toml.fleet) == dump(*json.fleet));
}

TEST_CASE("aliases: which of several has to be said, and a name that is nearly one is found") {
    check_one(file(bouncer("") + two + pool("«\"bouncer\"»")), "database: pooler 'bouncer' has 2 databases: which?",
              "database = \"bouncer/orders\"");
    check_one(file(bouncer("") + two + pool("«\"bouncr\"»")), "database: no database or pooler named 'bouncr'",
              "database = \"bouncer/orders\"");
    check_one(file(bouncer("") + two + pool("«\"bouncer/user\"»")),
              "database: no database or pooler named 'bouncer/user'", "database = \"bouncer/users\"");
    const auto loaded = load_text(file(bouncer("") + two + pool("\"bouncer\"")));
    const auto& notes = loaded.diagnostics.all().at(0).notes;
    CHECK(notes == std::vector<std::pair<std::string, std::string>>{{"declared", "bouncer/orders, bouncer/users"}});
}

TEST_CASE("aliases: a pooler without a name may be the one that is meant") {
    const auto loaded = load_text(file("[[pooler]]\nkind = \"pgbouncer\"\n" + two + pool("\"bouncer/orders\"")));
    CHECK(loaded.list() == "11:1 [[pooler]] has no name\n");
}

TEST_CASE("aliases: mistakes") {
    check_one(file(bouncer("") + alias("orders") + "[[pooler.database]]\nname = «\"orders\"»\ndatabase = \"stock\"\n"),
              "alias 'bouncer/orders' is given twice", "give it another name");
    check_one(file(bouncer("pairs = «2»\n") + two), "pairs: of all [[pooler.database]], or of each?",
              "move it to each [[pooler.database]]");
    check_one(file("[[pooler]]\nname = \"front\"\nkind = \"rds-proxy\"\n[[pooler.«database»]]\nname = \"a\"\n"
                   "database = \"primary\"\n"),
              "RDS Proxy has no [[pooler.database]]", "database = \"primary\"");
    check_one(file(bouncer("") + alias("orders", "database = «\"primry\"»\n")), "database: no database named 'primry'",
              "database = \"primary\"");
    check_one(file(bouncer("«database» = []\n")), "database: no [[pooler.database]] in the list",
              "add one, or name a database");
    check_one(file(bouncer("database = [«1»]\n")), "database: expected a table, found the number 1",
              "write [[pooler.database]] for each of them");
    const auto without = load_text(file(bouncer("") + alias("orders", "")));
    CHECK(without.list() == "14:1 [[pooler.database]] 'orders' has no database\n");
    const auto twice = load_text(file(bouncer("") + two + bouncer("database = \"stock\"\n")));
    CHECK(twice.list() == "21:8 pooler 'bouncer' is given twice\n");
    const auto database = load_text(file("[[pooler]]\nname = \"stock\"\nkind = \"pgbouncer\"\n" + alias("orders")));
    CHECK(database.list() == "12:8 database 'stock' is given twice\n");
}

TEST_CASE("aliases: a pooler of the wrong kind is reported once per platform") {
    const auto loaded = load_text(
        "schema = \"poolfit-inventory/1\"\nregion = \"eu-central-1\"\n[[database]]\nname = \"primary\"\n"
        "engine = \"mysql\"\nclass = \"db.m5.large\"\n" +
        bouncer("") + two);
    CHECK(loaded.diagnostics.error_count() == 1);
}

TEST_CASE("aliases: PgBouncer opens no more than the pool's size for min_pool_size") {
    // src/janitor.c, check_pool_size: a connection is launched while there are fewer than both.
    check_one(file(bouncer("") + alias("orders", "database = \"primary\"\npool_size = 5\nmin_pool_size = «6»\n")),
              "min_pool_size: 6 is more than pool_size, 5", "min_pool_size = 5");
    check_one(file(bouncer("min_pool_size = «21»\ndatabase = \"primary\"\n")),
              "min_pool_size: 21 is more than default_pool_size, 20", "min_pool_size = 20");
    const auto loaded =
        load_text(file(bouncer("") + alias("orders", "database = \"primary\"\npool_size = 5\nmin_pool_size = 5\n")));
    CHECK(loaded.list() == "");
}

TEST_CASE("aliases: --set reaches their keys, and a pooler's one database") {
    const auto several = load_text(file(bouncer("") + two), {"pooler.bouncer.database.users.pool_size=7"});
    CHECK(several.list() == "");
    REQUIRE(several.fleet);
    CHECK(*several.fleet->poolers[1].default_pool_size == 7);
    const auto one = load_text(file(bouncer("database = \"primary\"\n")), {"pooler.bouncer.database=stock"});
    CHECK(one.list() == "");
    REQUIRE(one.fleet);
    CHECK(one.fleet->poolers[0].database == 1);
}

TEST_CASE("aliases: a document prints them as it read them") {
    const auto text = file(bouncer("max_client_conn = 500  # of all\n") + two + pool("\"bouncer/users\""));
    Sources sources;
    Diagnostics diagnostics;
    auto document = load::parse(sources.add("poolfit.toml", std::string(text)), diagnostics);
    REQUIRE(document);
    CHECK(load::print(*document) == text);
    auto& pooler = *load::find(document->root, "pooler")->as<load::Array>()->items.at(0).as<load::Table>();
    auto& users = *load::find(pooler, "database")->as<load::Array>()->items.at(1).as<load::Table>();
    load::set(users, "pool_size", load::Value{.data = std::int64_t{7}});
    const auto printed = load::print(*document);
    CHECK(printed.find("name = \"users\"\ndatabase = \"primary\"\npool_size = 7\n") != printed.npos);
    const auto fleet = load::check(*document, built_in(), sources, diagnostics);
    REQUIRE(fleet);
    CHECK(*fleet->poolers[1].default_pool_size == 7);
}
