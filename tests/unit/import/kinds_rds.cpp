// Answers of aws rds describe-…, against what they have to become, worked out by hand from the files.
#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

TEST_CASE("instances are databases, and what is none is named with its reason") {
    const FromFiles got =
        import_texts({{"rds", import_file("instances.json")}, {"rds", import_file("parameters.json")}},
                     {{"rds-2=berth-pg16"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 8);
    CHECK(got.value("database", "crane-legacy", "engine") == "mysql");
    struct Row {
        const char *name, *cls, *version, *multi_az, *primary, *connections;
    };
    for (const Row& row : {Row{"berth-primary", "db.m6g.xlarge", "16.4", "true", "-", "600"},
                           Row{"berth-replica-0", "db.m6g.large", "16.4", "false", "berth-primary", "600"},
                           Row{"berth-replica-1", "db.m6g.large", "16.4", "false", "berth-primary", "600"},
                           Row{"manifest-db", "db.t3.large", "15.7", "false", "-", "-"},
                           Row{"yard-new", "db.m7g.large", "17.2", "false", "-", "-"},
                           Row{"orphan-read", "db.t4g.small", "14.12", "false", "-", "-"}}) {
        CAPTURE(row.name);
        CHECK(got.value("database", row.name, "engine") == "postgresql");
        CHECK(got.value("database", row.name, "class") == row.cls);
        CHECK(got.value("database", row.name, "version") == row.version);
        CHECK(got.value("database", row.name, "multi_az") == row.multi_az);
        CHECK(got.value("database", row.name, "replica_of") == row.primary);
        CHECK(got.value("database", row.name, "max_connections") == row.connections);
    }
    CHECK(got.text().find("region   = \"eu-west-1\"") != std::string::npos);
    const std::string notes = got.notes();
    for (const char* line :
         {"not taken  berth-replica-1-b: a replica of berth-replica-1", "not taken  yard-old: it is being deleted",
          "not taken  pier-1: an instance of the Multi-AZ DB cluster pier", "not taken  pier-3",
          "not taken  tide-forecast-writer", "not taken  tide-forecast-reader",
          "not taken  trial: its class db.m99x.large is not in the catalog",
          "not taken  berth-dr: a replica of berth-primary in eu-central-1",
          "note       manifest-db: db.t4g.medium is pending", "note       yard-new: it is being created",
          "note       berth-replica-1: it does not replicate", "note       orphan-read: its primary moved-away",
          "wait for a restart", "600 was set by hand"}) {
        CAPTURE(line);
        CHECK(notes.find(line) != std::string::npos);
    }
}

TEST_CASE("parameters belong to whom --map says") {
    const Texts files{{"rds", import_file("instances.json")}, {"rds", import_file("parameters.json")}};
    const FromFiles without = import_texts(files);
    CHECK(without.value("database", "berth-primary", "max_connections") == "-");
    CHECK(without.notes().find("--map rds-2=berth-pg16|") != std::string::npos);
    const FromFiles wrong = import_texts(files, {{"rds-2=nobody"}, {}, {}});
    CHECK(wrong.notes().find("no database uses the group nobody") != std::string::npos);
}

TEST_CASE("an Aurora cluster needs the answer about clusters") {
    const FromFiles got = import_texts({{"rds", import_file("instances.json")}, {"rds", import_file("clusters.json")}});
    REQUIRE(got.result);
    CHECK(got.result->databases == 10);
    CHECK(got.value("database", "tide-forecast-writer", "engine") == "aurora-postgresql");
    CHECK(got.value("database", "tide-forecast-writer", "class") == "db.r6g.large");
    CHECK(got.value("database", "tide-forecast-writer", "multi_az") == "-");
    CHECK(got.value("database", "tide-forecast-reader", "replica_of") == "tide-forecast-writer");
    CHECK(got.value("database", "tide-forecast-reader", "acu_min") == "0.5");
    CHECK(got.value("database", "tide-forecast-reader", "acu_max") == "16");
    CHECK(got.value("database", "tide-forecast-reader", "class") == "db.serverless");
}

TEST_CASE("engines are those that are asked for") {
    const FromFiles got = import_texts({{"rds", import_file("instances.json")}}, {{}, {}, {"mysql"}});
    REQUIRE(got.result);
    CHECK(got.result->databases == 1);
    CHECK(got.value("database", "crane-legacy", "engine") == "mysql");
}

TEST_CASE("a proxy is a pooler, and its endpoint leads to it") {
    const FromFiles got = import_texts({{"rds", import_file("instances.json")},
                                        {"rds", import_file("proxies.json")},
                                        {"env", import_file("app.env")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("pooler", "berth-proxy", "kind") == "rds-proxy");
    CHECK(got.value("pooler", "berth-proxy", "database") == "berth-primary");
    CHECK(got.value("pooler", "berth-proxy", "max_connections_percent") == "60%");
    CHECK(got.value("pooler", "berth-proxy", "borrow_timeout") == "90 s");
    CHECK(got.pool("env-1", "main", "database") == "berth-proxy");
    CHECK(got.pool("env-1", "main", "max") == "15");
    CHECK(got.value("service", "env-1", "processes") == "4");
}

TEST_CASE("answers are read as tools keep them") {
    const std::string one =
        R"({"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.large", "Engine": "postgres",)"
        R"( "EngineVersion": "16.4", "MultiAZ": false, "AvailabilityZone": "eu-west-1b"})";
    const std::string camel =
        R"({"dBInstanceIdentifier": "orders", "dBInstanceClass": "db.m6g.large", "engine": "postgres",)"
        R"( "engineVersion": "16.4", "multiAZ": false, "availabilityZone": "eu-west-1b", "later": {"new": [1]}})";
    std::string wide = "\xff\xfe";
    for (const char c : one) {
        wide += c;
        wide += '\0';
    }
    for (const std::string& text :
         {one, camel, "[" + one + "]", "{\"DBInstances\": [" + one + "]}", "{\"DBInstances\": " + one + "}",
          "{\"status_code\": 200, \"data\": {\"DBInstances\": [" + one + "], \"Marker\": \"x\"}}",
          "{\"DBInstances\": [" + one + "]}\n{\"DBInstances\": [" + one + "]}", "\xef\xbb\xbf" + one, wide}) {
        CAPTURE(text);
        const FromFiles got = import_texts({{"rds", text}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
        CHECK(got.value("database", "orders", "class") == "db.m6g.large");
        CHECK(got.value("database", "orders", "version") == "16.4");
        CHECK(got.text().find("region   = \"eu-west-1\"") != std::string::npos);
    }
}

TEST_CASE("a file that has nothing is an error, never an empty inventory") {
    for (const char* text : {"", "  \n", "[]", "null", "{}", "{\"DBInstances\": []}", "{\"Buckets\": []}",
                             "# nothing\n", "resource \"aws_db_instance\" \"orders\" {\n}\n"}) {
        CAPTURE(text);
        const FromFiles got = import_texts({{"rds", text}});
        CHECK_FALSE(got.result);
        CHECK(got.diagnostics.has_errors());
        for (const Diagnostic& each : got.diagnostics.all()) CHECK_FALSE(each.fix.empty());
    }
}

TEST_CASE("one identifier in two accounts is two servers, and a host leads to its own") {
    const auto instance = [](std::string_view account, std::string_view host, std::string_view cls) {
        return R"({"DBInstances":[{"DBInstanceIdentifier":"shop","Engine":"postgres","EngineVersion":"16.8","DBInstanceClass":")" +
               std::string(cls) + R"(","DBInstanceStatus":"available","DBInstanceArn":"arn:aws:rds:eu-west-1:)" +
               std::string(account) + R"(:db:shop","Endpoint":{"Address":"shop.)" + std::string(host) +
               R"(.eu-west-1.rds.amazonaws.com"}}]})";
    };
    const FromFiles got = import_texts({{"rds:1.json", instance("000011112222", "aaa", "db.m6g.4xlarge")},
                                        {"rds:2.json", instance("000033334444", "bbb", "db.r6g.large")},
                                        {"env:api.env",
                                         "DATABASE_URL=postgres://u:p@shop.bbb.eu-west-1.rds.amazonaws.com/x\n"
                                         "DB_POOL_SIZE=5\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.value("database", "shop", "class") == "db.m6g.4xlarge");
    CHECK(got.text().find("db.r6g.large") != std::string::npos);
    const FromFiles same = import_texts({{"rds:1.json", instance("000011112222", "aaa", "db.m6g.4xlarge")},
                                         {"rds:2.json", instance("000011112222", "aaa", "db.m6g.4xlarge")}});
    REQUIRE(same.result);
    CHECK(same.result->databases == 1);
}
