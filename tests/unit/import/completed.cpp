// What files leave open, with the flag that completes it, and what two files say of one thing.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

FromFiles container(std::string_view image) {
    return import_texts({{"compose", fmt::format("services:\n  db:\n    image: {}\n", image)}});
}

}  // namespace

TEST_CASE("completed: a version that is no version of the engine") {
    const FromFiles old = container("postgres:9.4");
    REQUIRE(old.result);
    CHECK(old.says("its version 9.4 is not one of PostgreSQL 10 to 99: it is left out"));
    CHECK_FALSE(old.says(".version=VERSION"));
    CHECK(container("postgres:9.6.24").says("its version 9.6.24 is not one of PostgreSQL 10 to 99"));
    const FromFiles built = container("supabase/postgres:15.8.1.085");
    REQUIRE(built.result);
    CHECK(built.value("database", "db", "version") == "15.8");
    CHECK(built.says("its version 15.8.1.085 is taken as 15.8"));
    const FromFiles coarse = container("mysql:8");
    CHECK(coarse.says("its version 8 does not name a MySQL series"));
    CHECK(coarse.says("--set database.db.version=VERSION"));
}

TEST_CASE("completed: a server that lacks a key is named with its flag") {
    const std::string sql = R"([{"name": "shop", "databaseVersion": "MYSQL_8_0", "region": "europe-west1",
        "connectionName": "demo:europe-west1:shop", "settings": {"tier": "db-n1-standard-1"}}])";
    const FromFiles got = import_texts({{"cloudsql", sql}});
    REQUIRE(got.result);
    // It is taken with what is known of it, but for the class, whose limit nobody knows.
    CHECK(got.value("database", "shop", "version") == "8.0");
    CHECK(got.value("database", "shop", "class") == "-");
    CHECK(
        got.says("not taken  shop: its class db-n1-standard-1: its max_connections is not in the files; run: SHOW "
                 "VARIABLES"));
    CHECK_FALSE(got.says("its class is not in the files"));
    CHECK(got.says("--set database.shop.max_connections=N"));
    const FromFiles set = import_texts({{"cloudsql", sql}}, {{}, {"database.shop.max_connections=4000"}, {}});
    INFO(set.errors());
    CHECK(set.value("database", "shop", "class") == "db-n1-standard-1");
    // A class that the catalog lacks is completed by one that it has.
    CHECK(import_texts({{"rds", import_file("instances.json")}}).says("--set database.trial.class=CLASS"));
}

TEST_CASE("completed: one region for all that lack it") {
    const std::string csv =
        "time,database,metric,value\n2026-05-04T00:00:00Z,orders,CPUUtilization,12\n"
        "2026-05-04T00:05:00Z,invoices,CPUUtilization,7\n";
    const FromFiles without = import_texts({{"cloudwatch", csv}});
    REQUIRE(without.result);
    CHECK(without.says("orders: its engine is not in the files, nor its region"));
    CHECK(without.says("--set database.orders.engine=postgresql --set region="));
    const FromFiles got = import_texts(
        {{"cloudwatch", csv}},
        {{}, {"database.orders.engine=postgresql", "database.invoices.engine=mysql", "region=eu-west-1"}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.text().find("region   = \"eu-west-1\"") != std::string::npos);

    const Texts rds{{"rds", import_file("instances.json")}};
    const FromFiles unused = import_texts(rds, {{}, {"region=eu-west-1"}, {}});
    CHECK_FALSE(unused.result);
    CHECK(unused.errors().find("no database of the files lacks its region") != std::string::npos);
}

TEST_CASE("completed: what runs settles what a plan says of today") {
    const FromFiles got =
        import_texts({{"terraform", import_file("plan_nested.json")}, {"rds", import_file("instances.json")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "manifest-db", "class") == "db.t3.large");
    CHECK_FALSE(got.says("berth-replica-0: it does not exist yet"));
    CHECK_FALSE(got.says("berth-replica-1: it does not exist yet"));
    CHECK_FALSE(got.says("berth-replica-0: engine_version is not known until apply"));
    // Once, with both places; no hint to set what is so.
    CHECK(got.says("manifest-db: class is db.t3.large (rds-1:"));
    CHECK_FALSE(got.says("manifest-db: class is db.t3.large today"));
    CHECK_FALSE(got.says("db.t4g.medium is pending"));
    CHECK_FALSE(got.says("--set database.manifest-db.class"));
    // Alone, each says it.
    CHECK(import_texts({{"terraform", import_file("plan_nested.json")}}).says("it does not exist yet"));
    CHECK(import_texts({{"rds", import_file("instances.json")}}).says("db.t4g.medium is pending"));
}
