// Hosts that are endpoints of several servers, or that another program stands behind.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string instances(std::string_view engine = "aurora-postgresql") {
    std::string list;
    for (int i = 1; i <= 3; ++i)
        list += fmt::format(R"({0}{{"DBInstanceIdentifier": "orders-{1}", "DBInstanceClass": "db.r6g.large",
                            "Engine": "{2}", "EngineVersion": "15.4", "DBClusterIdentifier": "orders",
                            "DBInstanceArn": "arn:aws:rds:eu-west-1:000011112222:db:orders-{1}"}})",
                            i == 1 ? "" : ",", i, engine);
    return fmt::format(R"({{"DBInstances": [{}]}})", list);
}

constexpr std::string_view clusters = R"({"DBClusters": [{"DBClusterIdentifier": "orders",
    "DBClusterArn": "arn:aws:rds:eu-west-1:000011112222:cluster:orders", "DBClusterMembers": [
    {"DBInstanceIdentifier": "orders-1", "IsClusterWriter": true},
    {"DBInstanceIdentifier": "orders-2", "IsClusterWriter": false},
    {"DBInstanceIdentifier": "orders-3", "IsClusterWriter": false}]}]})";

std::string variables(std::string_view scheme, std::string_view host) {
    return fmt::format("DATABASE_URL={}://u:p@{}.eu-west-1.rds.amazonaws.com/x\nDB_POOL_SIZE=5\n", scheme, host);
}

}  // namespace

TEST_CASE("endpoints: one of several readers asks which, and makes no database") {
    const std::string host = "orders.cluster-ro-c9x";
    const Texts files{
        {"rds", instances()}, {"rds", std::string(clusters)}, {"env:ro.env", variables("postgres", host)}};
    const FromFiles got = import_texts(files);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 3);
    CHECK(got.says("not taken  ro.main: several servers have its address: orders-2, orders-3"));
    CHECK(got.says("--map orders.cluster-ro-c9x.eu-west-1.rds.amazonaws.com=orders-2"));
    const FromFiles mapped = import_texts(files, {{host + ".eu-west-1.rds.amazonaws.com=orders-3"}, {}, {}});
    REQUIRE(mapped.result);
    CHECK(mapped.result->databases == 3);
    CHECK(mapped.pool("ro", "main", "database") == "orders-3");
}

TEST_CASE("endpoints: the same of a Terraform state") {
    std::string resources =
        R"({"address": "aws_rds_cluster.o", "mode": "managed", "type": "aws_rds_cluster", "name": "o",
        "values": {"cluster_identifier": "orders", "engine": "aurora-postgresql",
        "arn": "arn:aws:rds:eu-west-1:000011112222:cluster:orders"}})";
    for (int i = 1; i <= 3; ++i)
        resources += fmt::format(R"(, {{"address": "aws_rds_cluster_instance.o[{0}]", "mode": "managed",
            "type": "aws_rds_cluster_instance", "name": "o", "index": {0}, "values": {{"id": "orders-{0}",
            "instance_class": "db.r6g.large", "writer": {1},
            "arn": "arn:aws:rds:eu-west-1:000011112222:db:orders-{0}"}}}})",
                                 i, i == 1);
    const std::string state =
        fmt::format(R"({{"format_version": "1.0", "terraform_version": "1.9.0", "values": {{"root_module":
                    {{"resources": [{}]}}}}}})",
                    resources);
    const FromFiles got =
        import_texts({{"terraform", state}, {"env:ro.env", variables("postgres", "orders.cluster-ro-c9x")}});
    INFO(got.errors());
    INFO(got.notes());
    REQUIRE(got.result);
    // The instances name no cluster: it is the only one of their module.
    CHECK(got.result->databases == 3);
    CHECK(got.value("database", "orders-2", "replica_of") == "orders-1");
    CHECK(got.says("several servers have its address: orders-2, orders-3"));
}

TEST_CASE("endpoints: a cluster that is known by its host alone is Aurora, its readers a replica") {
    const FromFiles got = import_texts({{"env:rw.env", variables("mysql", "shop.cluster-c9x")},
                                        {"env:ro.env", variables("mysql", "shop.cluster-ro-c9x")},
                                        {"env:one.env", variables("mysql", "single.c9x")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "shop", "engine") == "aurora-mysql");
    CHECK(got.value("database", "shop-ro", "engine") == "aurora-mysql");
    CHECK(got.value("database", "shop-ro", "replica_of") == "shop");
    CHECK(got.value("database", "single", "engine") == "mysql");
    CHECK(got.pool("ro", "main", "database") == "shop-ro");
    CHECK(got.says("shop: its host is the endpoint of a cluster: taken as Aurora"));
    CHECK(got.says("shop-ro: the reader endpoint of shop"));
    CHECK_FALSE(got.says("single: its host is the endpoint"));
    const FromFiles set = import_texts({{"env:rw.env", variables("mysql", "shop.cluster-c9x")}},
                                       {{}, {"database.shop.class=db.r6g.large"}, {}});
    INFO(set.errors());
    CHECK(set.value("database", "shop", "class") == "db.r6g.large");
}

TEST_CASE("endpoints: a Multi-AZ DB cluster that is not taken makes no database by its hosts") {
    const FromFiles got = import_texts({{"rds", instances("postgres")},
                                        {"env:rw.env", variables("postgres", "orders.cluster-c9x")},
                                        {"env:ro.env", variables("postgres", "orders.cluster-ro-c9x")}});
    REQUIRE(got.result);
    CHECK(got.result->databases == 0);
    CHECK(got.says("an instance of the Multi-AZ DB cluster orders"));
    // Nor do those of an Aurora cluster whose writer is not known yet.
    const FromFiles open =
        import_texts({{"rds", instances()}, {"env:rw.env", variables("postgres", "orders.cluster-c9x")}});
    REQUIRE(open.result);
    CHECK(open.result->databases == 0);
    CHECK(open.says("add the answer of aws rds describe-db-clusters"));
}

TEST_CASE("endpoints: clusters without their instances say which answer is missing") {
    const FromFiles alone = import_texts({{"rds", std::string(clusters)}});
    CHECK_FALSE(alone.result);
    CHECK(alone.errors().find("describe-db-instances") != std::string::npos);
}

TEST_CASE("endpoints: the Cloud SQL proxy beside a container leads to its instance") {
    const std::string sql = R"([{"name": "pg", "databaseVersion": "POSTGRES_16", "region": "europe-west1",
        "connectionName": "demo:europe-west1:pg", "project": "demo", "settings": {"tier": "db-g1-small"}}])";
    for (
        const std::string_view proxy :
        {R"({name: p, image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", args: ["--port=5432", "demo:europe-west1:pg"]})",
         R"({name: p, image: "gcr.io/cloudsql-docker/gce-proxy:1.33", command: [/cloud_sql_proxy, "-instances=demo:europe-west1:pg=tcp:5432"]})"}) {
        CAPTURE(proxy);
        const FromFiles got = import_texts({{"cloudsql", sql},
                                            {"kubernetes", fmt::format(R"(apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          image: shop/api:1
          env: [{{name: DB_HOST, value: 127.0.0.1}}, {{name: DB_POOL_SIZE, value: "6"}}]
        - {}
)",
                                                                       proxy)}});
        INFO(got.errors());
        INFO(got.notes());
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
        CHECK(got.pool("api", "main", "database") == "pg");
        CHECK(got.pool("api", "main", "max") == "6");
    }
}
