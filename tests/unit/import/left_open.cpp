// Values that files have and an inventory cannot: the rest of their record is taken.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <poolfit/import/into.hpp>
#include <poolfit/load/load.hpp>

#include "../../support/fleet.hpp"
#include "imported.hpp"

using namespace poolfit;
using poolfit::test::FromFiles;
using poolfit::test::import_texts;

namespace {

std::string answer(std::string_view cls) {
    return fmt::format(
        "{{\"DBInstances\": [{{\"DBInstanceIdentifier\": \"orders\", \"DBInstanceClass\": \"{}\",\n"
        "\"Engine\": \"postgres\", \"EngineVersion\": \"17.2\", \"DBInstanceStatus\": \"available\",\n"
        "\"MultiAZ\": true, \"StorageType\": \"gp3\", \"AllocatedStorage\": 400, \"Iops\": 12000,\n"
        "\"Endpoint\": {{\"Address\": \"orders.c9x.eu-west-1.rds.amazonaws.com\"}},\n"
        "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:orders\"}}]}}\n",
        cls);
}
constexpr std::string_view client =
    "DATABASE_URL=postgres://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/x?pool=7\n";

/// A server in a container with these limits, as Compose and as Kubernetes have them.
FromFiles in_compose(std::string_view cpus, std::string_view memory) {
    return import_texts({{"compose", fmt::format("services:\n  db:\n    image: postgres:16\n    cpus: {}\n"
                                                 "    mem_limit: {}\n    command: -c max_connections=200\n",
                                                 cpus, memory)}});
}
FromFiles in_pod(std::string_view cpus, std::string_view memory) {
    return import_texts(
        {{"kubernetes", fmt::format("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n"
                                    "  template:\n    spec:\n      containers:\n      - name: db\n"
                                    "        image: postgres:16\n        args: [-c, max_connections=200]\n"
                                    "        resources: {{limits: {{cpu: {}, memory: {}}}}}\n",
                                    cpus, memory)}});
}

}  // namespace

TEST_CASE("a class that the catalog does not have leaves its database in, with all else") {
    const FromFiles got =
        import_texts({{"rds:rds.json", answer("db.m99x.large")}, {"env:api.env", std::string(client)}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "orders", "class") == "-");
    CHECK(got.value("database", "orders", "version") == "17.2");
    CHECK(got.value("database", "orders", "multi_az") == "true");
    CHECK(got.text().find("size = \"400 GiB\"") != std::string::npos);
    CHECK(got.text().find("iops = 12000") != std::string::npos);
    CHECK(got.pool("api", "main", "database") == "orders");
    CHECK(
        got.says("not taken  orders: its class db.m99x.large is not in the catalog  (rds.json:1)\n"
                 "           --set database.orders.class=CLASS, or --catalog FILE with a catalog that has it\n"));
    CHECK_FALSE(got.says("its class is not in the files"));
    const FromFiles given =
        import_texts({{"rds", answer("db.m99x.large")}}, {{}, {"database.orders.class=db.m6g.large"}, {}});
    REQUIRE(given.result);
    CHECK(given.value("database", "orders", "class") == "db.m6g.large");
    CHECK_FALSE(given.says("db.m99x.large"));
    // What the flag gives is checked as in an inventory.
    const FromFiles wrong =
        import_texts({{"rds", answer("db.m99x.large")}}, {{}, {"database.orders.class=db.m6g.lrge"}, {}});
    CHECK_FALSE(wrong.result);
    CHECK(wrong.errors().find("--set database.orders.class=db.m6g.lrge: class: 'db.m6g.lrge'") != std::string::npos);
}

TEST_CASE("a class that became one that the catalog does not have is drift, and --into keeps the old one") {
    Sources sources;
    Diagnostics diagnostics;
    const FromFiles first = import_texts({{"rds:rds.json", answer("db.m6g.large")}});
    REQUIRE(first.result);
    auto document = load::parse(sources.add("poolfit.toml", first.text()), diagnostics);
    REQUIRE(document);
    const imports::Inventory inventory{*document};
    const FromFiles now = import_texts({{"rds:rds.json", answer("db.m99x.large")}}, {{}, {}, {}, {}, &inventory});
    REQUIRE(now.result);
    const std::vector<Drift> drifts = imports::compare(inventory, *now.result);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts[0].kind == Drift::Kind::value);
    CHECK(drifts[0].key == "class");
    CHECK(drifts[0].declared == "db.m6g.large");
    CHECK(drifts[0].deployed == "db.m99x.large");
    CHECK(drifts[0].source == "rds.json:1, DBInstanceClass");
    CHECK(drifts[0].stays);
    const imports::Merged merged = imports::merge(inventory, *now.result, true);
    CHECK(load::print(merged.documents.front()).find("\"db.m6g.large\"") != std::string::npos);
    REQUIRE(merged.kept.size() == 1);
}

TEST_CASE("a replica of a class that the catalog does not have is not given its primary's") {
    std::string two = answer("db.m6g.large");
    two.replace(two.rfind("]}"), 2,
                ",\n{\"DBInstanceIdentifier\": \"reports\", \"DBInstanceClass\": \"db.m99x.large\",\n"
                "\"Engine\": \"postgres\", \"EngineVersion\": \"17.2\", \"DBInstanceStatus\": \"available\",\n"
                "\"ReadReplicaSourceDBInstanceIdentifier\": \"orders\",\n"
                "\"DBInstanceArn\": \"arn:aws:rds:eu-west-1:1:db:reports\"}]}");
    const FromFiles got = import_texts({{"rds", two}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 1);
    CHECK(
        got.says("not taken  reports: its class db.m99x.large is not in the catalog, and without one a replica has "
                 "its primary's"));
    const FromFiles given = import_texts({{"rds", two}}, {{}, {"database.reports.class=db.m6g.xlarge"}, {}});
    REQUIRE(given.result);
    CHECK(given.value("database", "reports", "class") == "db.m6g.xlarge");
    CHECK(given.value("database", "reports", "replica_of") == "orders");
    // Of a primary whose class is left open too, it has none.
    two.replace(two.find("db.m6g.large"), 12, "db.m98x.large");
    const FromFiles both = import_texts({{"rds", two}});
    REQUIRE(both.result);
    CHECK(both.value("database", "reports", "replica_of") == "orders");
    CHECK(both.value("database", "reports", "class") == "-");
}

TEST_CASE("which records need --overwrite is known before it is advised") {
    Sources sources;
    Diagnostics diagnostics;
    auto document = load::parse(sources.add("poolfit.toml",
                                            "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\n\n[[database]]\n"
                                            "name = \"ledger\"  # from rds.json: DBInstanceIdentifier = orders\n"
                                            "engine = \"postgresql\"\nclass = \"db.m6g.large\"\n"
                                            "storage = { type = \"gp3\", size = \"200 GiB\" }\n"),
                                diagnostics);
    REQUIRE(document);
    const imports::Inventory inventory{*document};
    const FromFiles got =
        import_texts({{"rds:rds.json", answer("db.m6g.large")}}, {{}, {}, {}, {}, &inventory, {}, true});
    REQUIRE(got.result);
    // 12,000 IOPS need 400 GiB, and the user's 200 stay without it.
    const std::vector<std::string> unfit = imports::unfit(inventory, *got.result, Catalog(), sources);
    REQUIRE(unfit.size() == 1);
    CHECK(unfit[0] == "database.ledger.storage");
    Diagnostics found;
    CHECK(imports::is_valid(imports::merge(inventory, *got.result, true).documents, Catalog(), sources, found));
}

TEST_CASE("what stands in braces within a renamed record follows its file") {
    Sources sources;
    Diagnostics diagnostics;
    auto document =
        load::parse(sources.add("poolfit.toml",
                                "schema = \"poolfit-inventory/1\"\nregion = \"eu-west-1\"\n\n[[database]]\n"
                                "name = \"ledger\"  # from rds.json: DBInstanceIdentifier = orders\n"
                                "engine = \"postgresql\"\nclass = \"db.m6g.large\"\n"
                                "storage = { type = \"gp3\", size = \"200 GiB\" }\n\n"
                                "[[database]]\nname = \"orders.old\"\nengine = \"postgresql\"\n"
                                "storage = { type = \"gp3\", size = \"50 GiB\" }\n\n[bindings]\n"
                                "\"database.orders.storage.size\" = \"rds.json: AllocatedStorage = 200 GiB\"\n"
                                "\"database.orders.old.storage.size\" = \"old.json: AllocatedStorage = 50 GiB\"\n"),
                    diagnostics);
    REQUIRE(document);
    imports::bindings_from_key(*document);
    const imports::Inventory inventory{*document};
    const FromFiles got = import_texts({{"rds:rds.json", answer("db.m6g.large")}}, {{}, {}, {}, {}, &inventory});
    REQUIRE(got.result);
    const std::vector<Drift> drifts = imports::compare(inventory, *got.result);
    const auto size = std::ranges::find(drifts, "storage.size", &Drift::key);
    REQUIRE(size != drifts.end());
    CHECK(size->target == "ledger");
    CHECK_FALSE(size->own);
    imports::Merged merged = imports::merge(inventory, *got.result, false);
    imports::bindings_to_key(merged.documents.front());
    const std::string text = load::print(merged.documents.front());
    INFO(text);
    CHECK(text.find("size = \"400 GiB\", iops = 12000") != std::string::npos);
    CHECK(text.find("\"database.ledger.storage.size\" = \"rds.json: AllocatedStorage = 400 GiB\"") !=
          std::string::npos);
    CHECK(text.find("\"database.orders.old.storage.size\" = \"old.json: AllocatedStorage = 50 GiB\"") !=
          std::string::npos);
}

TEST_CASE("limits of a container are read alike in Compose and Kubernetes") {
    struct Row {
        const char *given, *compose, *pod;
    };
    for (const Row& row :
         {Row{"4G", "4 GiB", "4 GB"}, Row{"4Gi", "4 GiB", "4 GiB"}, Row{"1.5Gi", "1536 MiB", "1536 MiB"},
          Row{"512M", "512 MiB", "512 MB"}, Row{"2147483648", "2 GiB", "2 GiB"}, Row{"2097152Ki", "2 GiB", "2 GiB"},
          Row{"0.5Ti", "512 GiB", "512 GiB"}, Row{"many", "-", "-"}, Row{"1..5Gi", "-", "-"}, Row{"0", "-", "-"},
          Row{"99999999999999999999Gi", "-", "-"}}) {
        CAPTURE(row.given);
        const FromFiles compose = in_compose("2", row.given), pod = in_pod("2", row.given);
        CHECK(compose.value("database", "db", "memory") == row.compose);
        CHECK(pod.value("database", "db", "memory") == row.pod);
        const bool read = std::string_view(row.pod) != "-";
        CHECK(compose.value("database", "db", "vcpus") == (read ? "2" : "-"));
        CHECK(compose.says("mem_limit is not a size of memory") != read);
        CHECK(pod.says("limits.memory is not a size of memory") != read);
    }
    for (const char* whole : {"2", "2.0", "2.000"}) {
        CAPTURE(whole);
        CHECK(in_compose(whole, "4Gi").value("database", "db", "vcpus") == "2");
        CHECK(in_pod(whole, "4Gi").value("database", "db", "vcpus") == "2");
    }
    CHECK(in_pod("2000m", "4Gi").value("database", "db", "vcpus") == "2");
}

TEST_CASE("a part of a CPU is no vCPU: the flag that rounds it up is named, and works") {
    for (const FromFiles& got : {in_compose("0.5", "1Gi"), in_pod("500m", "1Gi")}) {
        REQUIRE(got.result);
        CHECK(got.value("database", "db", "vcpus") == "-");
        CHECK(got.says("vcpus takes whole numbers, and its limit is 0.5; its 1 GiB need that to be taken"));
        CHECK(got.says("--set database.db.vcpus=1\n"));
    }
    CHECK(in_pod("1500m", "1Gi").says("--set database.db.vcpus=2\n"));
    const FromFiles given =
        import_texts({{"compose", "services:\n  db:\n    image: postgres:16\n    cpus: '0.50'\n    mem_limit: 1g\n"}},
                     {{}, {"database.db.vcpus=1", "database.db.max_connections=100"}, {}});
    INFO(given.errors());
    REQUIRE(given.result);
    CHECK(given.value("database", "db", "vcpus") == "1");
    CHECK(given.value("database", "db", "memory") == "1 GiB");
    CHECK_FALSE(given.says("vcpus takes whole numbers"));
}

TEST_CASE("names of variables are read whatever their case") {
    const FromFiles got =
        import_texts({{"compose",
                       "services:\n  db:\n    image: postgres:16\n  gitea:\n    image: gitea/gitea:1.22\n"
                       "    environment: [GITEA__database__HOST=db:5432, "
                       "GITEA__database__MAX_OPEN_CONNS=30, redis_pool_size=9]\n"
                       "  api:\n    image: shop/api:1\n"
                       "    environment: {database_url: 'postgres://u@db/x', db_pool_size: '8'}\n"}});
    REQUIRE(got.result);
    CHECK(got.pool("gitea", "main", "max") == "30");
    CHECK(got.pool("api", "main", "database") == "db");
    CHECK(got.pool("api", "main", "max") == "8");
}

TEST_CASE("images that make a flag of a variable say their max_connections by it") {
    const FromFiles got = import_texts({{"compose",
                                         "services:\n"
                                         "  pg:\n    image: bitnami/postgresql:16.4.0-debian-12-r2\n"
                                         "    environment: {POSTGRESQL_MAX_CONNECTIONS: '250'}\n"
                                         "  my:\n    image: mysql:8.0\n    command: --max-connections=500\n"
                                         "    environment: {MYSQL_MAX_CONNECTIONS: '90'}\n"
                                         "  citus:\n    image: citusdata/citus:12.1\n"
                                         "  percona:\n    image: percona:8.0\n"}});
    REQUIRE(got.result);
    CHECK(got.value("database", "pg", "max_connections") == "250");
    CHECK(got.value("database", "my", "max_connections") == "500");
    // The tag of an extension's image is its own release.
    CHECK(got.value("database", "citus", "version") == "-");
    CHECK(got.value("database", "percona", "engine") == "mysql");
}
