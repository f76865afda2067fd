// The kind `csv`: a table of databases or services with the inventory's own keys; and which kind a file is.
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr const char* services =
    "name,instances,processes,deploy,max_surge,database,driver,max,owner\r\n"
    "shop,2-10,4,rolling,25%,orders,hikaricp,12,team a\r\n"
    "shop,,,,,archive,,3,\r\n"
    "jobs,3,,recreate,,orders,,5,\r\n";
constexpr const char* databases =
    "name;engine;version;class;region;multi_az;replica_of;max_connections;storage.type;storage.size\n"
    "orders;postgresql;16.4;db.m6g.large;eu-west-1;true;;500;gp3;200 GiB\n"
    "archive;postgres;16.4;db.t4g.medium;eu-west-1;no;orders;;;\n";

}  // namespace

TEST_CASE("a table of services and one of databases are one inventory") {
    const FromFiles got = import_texts({{"csv", services}, {"csv", databases}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.result->services == 2);
    CHECK(got.result->pools == 3);
    CHECK(got.value("database", "orders", "multi_az") == "true");
    CHECK(got.value("database", "orders", "max_connections") == "500");
    CHECK(got.value("database", "orders", "storage") == "type gp3, size 200 GiB");
    CHECK(got.value("database", "archive", "engine") == "postgresql");
    CHECK(got.value("database", "archive", "replica_of") == "orders");
    CHECK(got.value("service", "shop", "instances") == "min 2, max 10");
    CHECK(got.value("service", "shop", "processes") == "4");
    CHECK(got.value("service", "shop", "deploy") == "rolling");
    CHECK(got.value("service", "shop", "max_surge") == "25%");
    CHECK(got.pool("shop", "main", "database") == "orders");
    CHECK(got.pool("shop", "main", "driver") == "hikaricp");
    CHECK(got.pool("shop", "main", "max") == "12");
    CHECK(got.pool("shop", "pool-2", "database") == "archive");
    CHECK(got.pool("jobs", "main", "max") == "5");
    CHECK(got.notes().find("not taken  csv-1: column owner: no key of a service  (csv-1:1)") != std::string::npos);
}

TEST_CASE("a table goes with other files: a database by its name, a server that RDS describes too") {
    const FromFiles got = import_texts(
        {{"rds", R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.xlarge", )"
                 R"("Engine": "postgres", "EngineVersion": "16.4", "AvailabilityZone": "eu-west-1b"}]})"},
         {"csv", "service,database,max\nshop,orders,7\nlost,nowhere,2\n"},
         {"csv", databases}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.value("database", "orders", "class") == "db.m6g.xlarge");
    CHECK(got.pool("shop", "main", "database") == "orders");
    CHECK(got.notes().find("not taken  lost.main: nowhere is not in the files") != std::string::npos);
}

TEST_CASE("a wrong value of a table is an error at its cell, and no text of it is shown") {
    const FromFiles got = import_texts({{"csv",
                                         "name,instances,deploy,max,database\nshop,PLANTED-many,rolling,12,orders\n"
                                         "jobs,2,PLANTED,0,orders\n,2,,,\n"}});
    CHECK_FALSE(got.result);
    for (const char* line : {"instances: neither a number nor a range", "csv-1:2:6", "deploy: not a way to deploy",
                             "csv-1:3:8", "max: not a whole number from 1 to 1000000", "name: empty"}) {
        CAPTURE(line);
        CHECK(got.errors().find(line) != std::string::npos);
    }
    CHECK(got.all().find("PLANTED") == std::string::npos);
    for (const char* text : {"", "name\n", "a,b\n1,2\n", "\"open\n", "name,instances\nshop\n"}) {
        CAPTURE(text);
        const FromFiles bad = import_texts({{"csv", text}});
        CHECK_FALSE(bad.result);
        REQUIRE(bad.diagnostics.has_errors());
        for (const Diagnostic& each : bad.diagnostics.all()) CHECK_FALSE(each.fix.empty());
    }
}

TEST_CASE("each file is of one kind") {
    const auto kinds = [](const std::string& text) {
        std::string found;
        for (const imports::Importer& each : imports::importers())
            if (each.recognise(text)) found += (found.empty() ? "" : " ") + std::string(each.kind);
        return found;
    };
    for (const std::pair<const char*, const char*>& each :
         {std::pair("instances.json", "rds"), std::pair("parameters.json", "rds"), std::pair("clusters.json", "rds"),
          std::pair("proxies.json", "rds"), std::pair("plan_nested.json", "terraform"),
          std::pair("state_wrapped.txt", "terraform"), std::pair("plan_small.json", "terraform"),
          std::pair("state_small.json", "terraform"), std::pair("cloudsql.json", "cloudsql"),
          std::pair("azure.json", "azure"), std::pair("azure_parameters.json", "azure"),
          std::pair("k8s_rendered.yaml", "kubernetes"), std::pair("k8s_operators.yaml", "kubernetes"),
          std::pair("compose_stack.yml", "compose"), std::pair("app.env", "env")}) {
        INFO(each.first);
        CHECK(kinds(import_file(each.first)) == each.second);
    }
    CHECK(kinds(services) == "csv");
    CHECK(kinds(databases) == "csv");
    CHECK(imports::is_table_of_services(services));
    CHECK_FALSE(imports::is_table_of_services(databases));
    // Answers of other tools with a column called name.
    CHECK(kinds("name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool\na,h,5432,a,,5,0,0\n") ==
          "pgbouncer");
    CHECK(kinds("Identifier,Class,CPU\norders,db.m5.large,20\n").empty());
}
