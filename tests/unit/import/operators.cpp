// Servers that operators run in a cluster: what their resources say of sizes, of poolers, and of what leads to
// replicas.
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

std::string cnpg(std::string_view group) {
    return fmt::format(R"(apiVersion: {}/v1
kind: Cluster
metadata: {{name: pg, namespace: db}}
spec:
  instances: 3
  imageName: ghcr.io/cloudnative-pg/postgresql:16.2@sha256:0123456789
  postgresql: {{parameters: {{max_connections: "400"}}}}
  resources:
    requests: {{memory: 4Gi, cpu: "2"}}
    limits: {{memory: 8Gi, cpu: 4000m}}
---
apiVersion: {}/v1
kind: Pooler
metadata: {{name: pg-pooler, namespace: db}}
spec:
  cluster: {{name: pg}}
  instances: 2
  type: rw
  pgbouncer:
    poolMode: transaction
    parameters: {{max_client_conn: "2000", default_pool_size: "50", min_pool_size: "10", reserve_pool_size: "5",
                 max_db_connections: "200", max_user_connections: "100"}}
---
apiVersion: {}/v1
kind: Pooler
metadata: {{name: pg-reads, namespace: db}}
spec:
  cluster: {{name: pg}}
  instances: 1
  type: ro
  pgbouncer: {{parameters: {{pool_mode: transaction, default_pool_size: 25}}}}
)",
                       group, group, group);
}

std::string client(std::string_view name, std::string_view host) {
    return fmt::format(R"(---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {}, namespace: db}}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: app
          image: shop/app:1
          env: [{{name: DATABASE_URL, value: "postgres://u:p@{}/x"}}, {{name: DB_POOL_SIZE, value: "6"}}]
)",
                       name, host);
}

}  // namespace

TEST_CASE("operators: limits of a pod are the size of the server") {
    for (const std::string_view group : {"postgresql.cnpg.io", "postgresql.k8s.enterprisedb.io"}) {
        CAPTURE(group);
        const FromFiles got = import_texts({{"kubernetes", cnpg(group)}});
        INFO(got.errors());
        REQUIRE(got.result);
        for (const auto& each : {std::pair("version", "16.2"), std::pair("vcpus", "4"), std::pair("memory", "8 GiB"),
                                 std::pair("max_connections", "400")})
            CHECK(got.value("database", "pg", each.first) == each.second);
        CHECK_FALSE(got.says("how many vCPUs"));
    }
    const FromFiles zalando = import_texts({{"kubernetes", R"(apiVersion: acid.zalan.do/v1
kind: postgresql
metadata: {name: acid-a}
spec:
  numberOfInstances: 2
  postgresql: {version: "15", parameters: {max_connections: "200"}}
  resources: {limits: {cpu: "4", memory: 16Gi}}
)"}});
    CHECK(zalando.value("database", "acid-a", "vcpus") == "4");
    CHECK(zalando.value("database", "acid-a", "memory") == "16 GiB");
    // Parts of a CPU are no vCPUs: that is said, not denied.
    const FromFiles crunchy = import_texts({{"kubernetes", R"(apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo}
spec:
  postgresVersion: 15
  instances: [{name: a, replicas: 2, resources: {limits: {cpu: 300m, memory: 8Gi}}}]
  patroni: {dynamicConfiguration: {postgresql: {parameters: {max_connections: 100}}}}
)"}});
    REQUIRE(crunchy.result);
    CHECK(crunchy.says("limits.cpu 0.3: vcpus takes whole numbers, and its limit is 0.3"));
    CHECK(crunchy.says("--set database.hippo.vcpus=1\n"));
}

TEST_CASE("operators: a pooler has its parameters, and what it lacks a flag gives") {
    const FromFiles got = import_texts({{"kubernetes", cnpg("postgresql.cnpg.io")}});
    REQUIRE(got.result);
    for (const auto& each : {std::pair("default_pool_size", "50"), std::pair("min_pool_size", "10"),
                             std::pair("reserve_pool_size", "5"), std::pair("max_db_connections", "200"),
                             std::pair("max_client_conn", "2000"), std::pair("mode", "transaction")})
        CHECK(got.value("pooler", "pg-pooler", each.first) == each.second);
    CHECK(got.says("not taken  pg-pooler: max_user_connections 100"));
    CHECK(got.says("× default_pool_size 25, transaction, on the replicas"));
    CHECK(got.says("--set pooler.pg-reads.database=DATABASE"));
    const FromFiles set =
        import_texts({{"kubernetes", cnpg("postgresql.cnpg.io")}}, {{}, {"pooler.pg-reads.database=pg"}, {}});
    INFO(set.errors());
    REQUIRE(set.result);
    CHECK(set.value("pooler", "pg-reads", "database") == "pg");
    CHECK(set.value("pooler", "pg-reads", "default_pool_size") == "25");

    const Texts files{{"kubernetes", import_file("k8s_operators.yaml")}};
    CHECK(import_texts(files).says("--set pooler.acid-berths-pooler.default_pool_size=N"));
    const FromFiles sized = import_texts(files, {{}, {"pooler.acid-berths-pooler.default_pool_size=12"}, {}});
    INFO(sized.errors());
    REQUIRE(sized.result);
    CHECK(sized.value("pooler", "acid-berths-pooler", "default_pool_size") == "12");
    CHECK(sized.value("pooler", "acid-berths-pooler", "database") == "acid-berths");
}

TEST_CASE("operators: what leads to replicas is not the primary") {
    const std::string text = cnpg("postgresql.cnpg.io") + client("writes", "pg-rw") + client("reads", "pg-ro.db.svc");
    const FromFiles got = import_texts({{"kubernetes", text}});
    REQUIRE(got.result);
    CHECK(got.pool("writes", "main", "database") == "pg");
    CHECK(got.pool("reads", "main", "database") == "no record");
    CHECK(got.says("not taken  reads.main: it connects to the replicas of pg"));
    CHECK(got.says("--map pg-ro.db.svc=DATABASE"));
    const FromFiles mapped = import_texts({{"kubernetes", text}}, {{"pg-ro.db.svc=pg"}, {}, {}});
    REQUIRE(mapped.result);
    CHECK(mapped.pool("reads", "main", "database") == "pg");
}
