// Answers of gcloud and az, against what they have to become, and the storage of describe-db-instances.
#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("instances of Cloud SQL") {
    const FromFiles got = import_texts({{"cloudsql", import_file("cloudsql.json")}}, {{}, {}, {"postgresql", "mysql"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 3);
    struct Row {
        const char *name, *engine, *cls, *version, *multi_az, *primary, *connections, *storage;
    };
    for (const Row& row :
         {Row{"ferry-eu", "postgresql", "db-custom-4-15360", "15.7", "true", "-", "250",
              "type ssd, size 100 GiB, max_size 500 GiB"},
          Row{"ferry-eu-r1", "postgresql", "db-custom-2-7680", "15", "false", "ferry-eu", "-",
              "type ssd, size 100 GiB"},
          Row{"tariff", "mysql", "db-custom-2-7680", "8.0", "false", "-", "500", "type hdd, size 20 GiB"}}) {
        CAPTURE(row.name);
        CHECK(got.value("database", row.name, "engine") == row.engine);
        CHECK(got.value("database", row.name, "class") == row.cls);
        CHECK(got.value("database", row.name, "version") == row.version);
        CHECK(got.value("database", row.name, "multi_az") == row.multi_az);
        CHECK(got.value("database", row.name, "replica_of") == row.primary);
        CHECK(got.value("database", row.name, "max_connections") == row.connections);
        CHECK(got.value("database", row.name, "storage") == row.storage);
    }
    CHECK(got.text().find("provider = \"gcp\"") != std::string::npos);
    for (const char* line :
         {"not taken  ferry-us: a replica of ferry-eu, which is not in the files",
          "not taken  legacy: sqlserver is no engine that poolfit knows", "note       tariff: it is stopped"}) {
        CAPTURE(line);
        CHECK(got.notes().find(line) != std::string::npos);
    }
}

TEST_CASE("what gcloud prints as YAML is read as well") {
    const std::string text =
        "backendType: SECOND_GEN\nconnectionName: harbour:europe-west4:ferry\ndatabaseVersion: POSTGRES_16\n"
        "kind: sql#instance\nname: ferry\nproject: harbour\nregion: europe-west4\nsettings:\n  availabilityType: "
        "ZONAL\n"
        "  dataDiskSizeGb: '50'\n  dataDiskType: PD_SSD\n  tier: db-custom-2-7680\nstate: RUNNABLE\n";
    CHECK(imports::find_importer("cloudsql")->recognise(text));
    const FromFiles got = import_texts({{"cloudsql", text + "---\n" + text}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 1);
    CHECK(got.value("database", "ferry", "class") == "db-custom-2-7680");
    CHECK(got.value("database", "ferry", "storage") == "type ssd, size 50 GiB");
}

TEST_CASE("a service finds its Cloud SQL instance by address and by socket") {
    for (const char* url : {"postgresql://u:PLANTED@10.20.0.3:5432/ferry",
                            "postgresql://u:PLANTED@/ferry?host=/cloudsql/harbour-1234:europe-west4:ferry-eu"}) {
        CAPTURE(url);
        const FromFiles got = import_texts({{"cloudsql", import_file("cloudsql.json")},
                                            {"env", "DATABASE_URL=" + std::string(url) + "\nDB_POOL_SIZE=7\n"}});
        INFO(got.notes());
        CHECK(got.pool("env-1", "main", "database") == "ferry-eu");
        CHECK(got.all().find("PLANTED") == std::string::npos);
    }
}

TEST_CASE("flexible servers of Azure, with their parameters") {
    const FromFiles got =
        import_texts({{"azure", import_file("azure_parameters.json")}, {"azure", import_file("azure.json")}},
                     {{}, {}, {"postgresql", "mysql"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    struct Row {
        const char *name, *version, *multi_az, *primary, *connections, *storage;
    };
    for (const Row& row : {Row{"customs-prod", "14.15", "true", "-", "300", "size 128 GiB"},
                           Row{"customs-read", "14", "false", "customs-prod", "-",
                               "type premium-ssd-v2, size 128 GiB, iops 4000, throughput 200 MiB/s"}}) {
        CAPTURE(row.name);
        CHECK(got.value("database", row.name, "class") == "Standard_D2ds_v4");
        CHECK(got.value("database", row.name, "version") == row.version);
        CHECK(got.value("database", row.name, "multi_az") == row.multi_az);
        CHECK(got.value("database", row.name, "replica_of") == row.primary);
        CHECK(got.value("database", row.name, "max_connections") == row.connections);
        CHECK(got.value("database", row.name, "storage") == row.storage);
    }
    CHECK(got.text().find("region   = \"westeurope\"") != std::string::npos);
    CHECK(got.notes().find("not taken  kiosk: mysql on Azure is no engine that poolfit knows") != std::string::npos);
    const FromFiles alone = import_texts({{"azure", import_file("azure_parameters.json")}});
    CHECK(alone.errors().find("its server is not in the files") != std::string::npos);
    // One, as `show` prints it, and the API's own form.
    const FromFiles raw = import_texts(
        {{"azure",
          R"({"value": [{"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.DBforPostgreSQL/flexibleServers/a", )"
          R"("name": "a", "location": "West Europe", "sku": {"name": "Standard_D4ds_v5"}, "properties": {"version": "16", )"
          R"("storage": {"storageSizeGB": 64}, "state": "Ready"}}]})"}});
    INFO(raw.errors());
    CHECK(raw.value("database", "a", "class") == "Standard_D4ds_v5");
    CHECK(raw.value("database", "a", "version") == "16");
}

TEST_CASE("a file that has nothing, or is of another kind, is an error with the right command") {
    for (const char* kind : {"cloudsql", "azure"})
        for (const char* text :
             {"", "[]", "null", "{}", "{\"DBInstances\": []}", "NAME  TIER\nferry  db-custom-2-7680\n",
              "resource \"google_sql_database_instance\" \"a\" {\n}\n"}) {
            CAPTURE(kind);
            CAPTURE(text);
            const FromFiles got = import_texts({{kind, text}});
            CHECK_FALSE(got.result);
            REQUIRE(got.diagnostics.has_errors());
            for (const Diagnostic& each : got.diagnostics.all()) CHECK_FALSE(each.fix.empty());
        }
    const FromFiles swapped = import_texts({{"azure", import_file("cloudsql.json")}});
    CHECK(swapped.errors().find("poolfit import cloudsql") != std::string::npos);
}

TEST_CASE("storage of describe-db-instances, without what the volume gives by itself") {
    const auto storage = [](const std::string& keys) {
        const FromFiles got = import_texts(
            {{"rds", R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.large", )"
                     R"("Engine": "postgres", "EngineVersion": "16.4", "AvailabilityZone": "eu-west-1b", )" +
                         keys + "}]}"}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
        return got.value("database", "orders", "storage");
    };
    CHECK(storage(R"("StorageType": "gp3", "AllocatedStorage": 200, "Iops": 3000, "StorageThroughput": 125)") ==
          "type gp3, size 200 GiB");
    CHECK(storage(R"("StorageType": "gp3", "AllocatedStorage": 400, "Iops": 20000, "StorageThroughput": 700)") ==
          "type gp3, size 400 GiB, iops 20000, throughput 700 MiB/s");
    CHECK(storage(R"("StorageType": "gp2", "AllocatedStorage": 100, "MaxAllocatedStorage": 500, "Iops": 300)") ==
          "type gp2, size 100 GiB, max_size 500 GiB");
    CHECK(storage(R"("StorageType": "io1", "AllocatedStorage": 100, "Iops": 1000)") ==
          "type io1, size 100 GiB, iops 1000");
    CHECK(storage(R"("StorageType": "standard", "AllocatedStorage": 20)") == "type magnetic, size 20 GiB");
    // What the inventory's own check refuses is left out, and said; the database stays.
    CHECK(storage(R"("StorageType": "io1", "AllocatedStorage": 20, "Iops": 1000)") == "-");
    CHECK(storage(R"("StorageType": "new-kind", "AllocatedStorage": 20)") == "-");
}

TEST_CASE("two instances of Cloud SQL with one private address are two") {
    const auto instance = [](std::string_view project, std::string_view name) {
        return R"([{"kind":"sql#instance","name":")" + std::string(name) + R"(","state":"RUNNABLE",)" +
               R"("databaseVersion":"POSTGRES_15","region":"europe-west1","connectionName":")" + std::string(project) +
               ":europe-west1:" + std::string(name) +
               R"(","ipAddresses":[{"type":"PRIVATE","ipAddress":"10.20.0.3"}],)" +
               R"("settings":{"tier":"db-custom-4-15360"},"project":")" + std::string(project) + R"("}])";
    };
    const FromFiles got = import_texts({{"cloudsql:a.json", instance("proj-a", "orders")},
                                        {"cloudsql:b.json", instance("proj-b", "billing")},
                                        {"env:api.env", "DATABASE_URL=postgres://u:p@10.20.0.3/x\nDB_POOL_SIZE=5\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.value("database", "billing", "class") == "db-custom-4-15360");
    CAPTURE(got.notes());
    CHECK(got.notes().find("several servers have its address: orders, billing") != std::string::npos);
}
