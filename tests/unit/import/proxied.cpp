// What stands between an application and its server: proxies of Cloud SQL, poolers and proxies of other kinds, ports.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using poolfit::test::FromFiles;
using poolfit::test::import_texts;

namespace {

constexpr std::string_view instances = R"([
{"name": "orders", "databaseVersion": "POSTGRES_16", "region": "europe-west1", "project": "demo",
 "connectionName": "demo:europe-west1:orders", "settings": {"tier": "db-g1-small"}},
{"name": "users", "databaseVersion": "POSTGRES_16", "region": "europe-west1", "project": "demo",
 "connectionName": "demo:europe-west1:users", "settings": {"tier": "db-g1-small"}}])";

/// A Compose project of a proxy and two clients, whose addresses are given.
std::string compose(std::string_view proxy, std::string_view first, std::string_view second,
                    std::string_view more = {}) {
    return fmt::format("services:\n  proxy:\n    {}\n", proxy) +
           fmt::format("  one:\n    image: shop/one:1\n    environment: {{DATABASE_URL: \"{}\"}}\n{}", first, more) +
           fmt::format("  two:\n    image: shop/two:1\n    environment: {{DATABASE_URL: \"{}\"}}\n", second);
}

std::string deployment(std::string_view name, std::string_view url, std::string_view sidecar = {}) {
    return fmt::format(R"(---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}}}
spec:
  replicas: 2
  template:
    metadata: {{labels: {{app: {0}}}}}
    spec:
      containers:
        - {{name: app, image: "shop/{0}:1", env: [{{name: DATABASE_URL, value: "{1}"}}]}}
{2})",
                       name, url, sidecar);
}

}  // namespace

TEST_CASE("a Cloud SQL proxy among the services of a Compose file leads to its instance") {
    for (const std::string_view proxy :
         {"image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14\n"
          "    command: [\"--address\", \"0.0.0.0\", \"--port\", \"5432\", \"demo:europe-west1:orders\"]",
          "image: gcr.io/cloudsql-docker/gce-proxy:1.33\n"
          "    command: /cloud_sql_proxy -instances=demo:europe-west1:orders=tcp:0.0.0.0:5432",
          "image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14\n"
          "    environment: {CSQL_PROXY_INSTANCE_CONNECTION_NAME: \"demo:europe-west1:orders\"}"}) {
        CAPTURE(proxy);
        const FromFiles got = import_texts({{"cloudsql", std::string(instances)},
                                            {"compose", compose(proxy, "postgres://u:PLANTED@proxy:5432/shop?pool=6",
                                                                "postgres://u:PLANTED@localhost/shop?pool=7", "")}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.result->databases == 2);
        CHECK(got.pool("one", "main", "database") == "orders");
        CHECK(got.pool("one", "main", "max") == "6");
        // It has a network of its own.
        CHECK(got.pool("two", "main", "database") == "no record");
        CHECK(got.all().find("PLANTED") == std::string::npos);
        CHECK_FALSE(got.says("no database address in proxy"));
    }
    const FromFiles shared =
        import_texts({{"cloudsql", std::string(instances)},
                      {"compose", compose("image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14\n"
                                          "    command: demo:europe-west1:orders",
                                          "postgres://u@127.0.0.1/shop?pool=6", "postgres://u@proxy/shop?pool=7",
                                          "    network_mode: \"service:proxy\"\n")}});
    CHECK(shared.pool("one", "main", "database") == "orders");
}

TEST_CASE("of several instances behind a proxy the one on the port of the address is meant") {
    const std::string_view by_flag =
        "image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14\n"
        "    command: [\"--port=5432\", \"demo:europe-west1:orders\", \"demo:europe-west1:users\"]";
    const std::string_view by_name =
        "image: gcr.io/cloudsql-docker/gce-proxy:1.33\n"
        "    command: /cloud_sql_proxy -instances=demo:europe-west1:orders=tcp:0.0.0.0:5432,"
        "demo:europe-west1:users=tcp:0.0.0.0:5433";
    for (const std::string_view proxy : {by_flag, by_name}) {
        CAPTURE(proxy);
        const FromFiles got = import_texts({{"cloudsql", std::string(instances)},
                                            {"compose", compose(proxy, "postgres://u@proxy:5433/shop?pool=6",
                                                                "postgres://u@proxy:5439/shop?pool=7")}});
        REQUIRE(got.result);
        CHECK(got.pool("one", "main", "database") == "users");
        CHECK(got.pool("two", "main", "database") == "no record");
        CHECK(
            got.says("leads to demo:europe-west1:orders, demo:europe-west1:users, and its port does not say to "
                     "which"));
        CHECK(got.says("--set service.two.pool.main.database=NAME"));
    }
    // In a pod, and behind a Service with ports of its own.
    const std::string_view proxy =
        R"({name: p, image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14", )"
        R"(args: ["demo:europe-west1:orders?port=6001", "demo:europe-west1:users?port=6002"]})";
    const std::string pods =
        deployment("one", "postgres://u@127.0.0.1:6002/shop?pool=6", fmt::format("        - {}\n", proxy)) +
        deployment("two", "postgres://u@sql:5432/shop?pool=7") +
        fmt::format(R"(---
apiVersion: v1
kind: Service
metadata: {{name: sql}}
spec: {{selector: {{app: sql}}, ports: [{{port: 5432, targetPort: 6001}}, {{port: 5433, targetPort: 6002}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: sql}}
spec:
  replicas: 1
  template:
    metadata: {{labels: {{app: sql}}}}
    spec: {{containers: [{}]}}
)",
                    proxy);
    const FromFiles got = import_texts({{"cloudsql", std::string(instances)}, {"kubernetes", pods}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("one", "main", "database") == "users");
    CHECK(got.pool("two", "main", "database") == "orders");
}

TEST_CASE("an instance of Cloud SQL is known by its connection name, as one of RDS by its host") {
    const FromFiles got = import_texts({{"compose", compose("image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14\n"
                                                            "    command: example.com:demo:europe-west1:orders",
                                                            "postgres://u@proxy/shop?pool=6",
                                                            "postgres://u@/shop?host=/cloudsql/demo:us-east1:log")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.value("database", "orders", "engine") == "postgresql");
    CHECK(got.value("database", "log", "region") == "us-east1");
    CHECK(got.text().find("provider = \"gcp\"") != std::string::npos);
    CHECK(got.pool("one", "main", "database") == "orders");
    CHECK(got.says("--set database.orders.class=CLASS"));
}

TEST_CASE("a region that is not known leaves its database out, and nothing else") {
    const FromFiles got =
        import_texts({{"env:shop.env",
                       "DATABASE_URL=postgres://u@/shop?host=/cloudsql/demo:atlantis-north1:orders&pool=4\n"
                       "USERS_DATABASE_URL=postgres://u@/shop?host=/cloudsql/demo:europe-west1:users&pool=5\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 1);
    CHECK(got.pool("shop", "users", "database") == "users");
    CHECK(got.says("not taken  orders: its region atlantis-north1 is not known"));
    CHECK(got.says("--set database.orders.region=REGION"));
}

TEST_CASE("a pooler or proxy of a kind that is not read is no database") {
    for (const std::string_view image : {"ghcr.io/postgresml/pgcat:1", "bitnami/pgpool:4", "haproxy:2.9"}) {
        CAPTURE(image);
        const FromFiles got =
            import_texts({{"compose", compose(fmt::format("image: {}", image), "postgres://u@proxy:6432/shop?pool=6",
                                              "postgres://u@db/shop?pool=7") +
                                          "  db:\n    image: postgres:16\n"}},
                         {{}, {}, {}});
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
        CHECK(got.pool("one", "main", "database") == "no record");
        CHECK(got.says("it connects through proxy, "));
        CHECK(got.says("--map proxy=DATABASE"));
        const bool pooler = image != "haproxy:2.9";
        CHECK(got.says("proxy: a pooler that poolfit does not read") == pooler);
        const FromFiles mapped =
            import_texts({{"compose", compose(fmt::format("image: {}", image), "postgres://u@proxy:6432/shop?pool=6",
                                              "postgres://u@db/shop?pool=7") +
                                          "  db:\n    image: postgres:16\n"}},
                         {{"proxy=db"}, {}, {}});
        REQUIRE(mapped.result);
        CHECK(mapped.pool("one", "main", "database") == "db");
        const FromFiles pods = import_texts(
            {{"kubernetes", deployment("one", "postgres://u@front/shop?pool=6") +
                                fmt::format("---\napiVersion: v1\nkind: Service\nmetadata: {{name: front}}\n"
                                            "spec: {{selector: {{app: front}}}}\n---\napiVersion: apps/v1\n"
                                            "kind: Deployment\nmetadata: {{name: front}}\nspec:\n  replicas: 1\n"
                                            "  template:\n    metadata: {{labels: {{app: front}}}}\n"
                                            "    spec: {{containers: [{{name: p, image: \"{}\"}}]}}\n",
                                            image)}});
        REQUIRE(pods.result);
        CHECK(pods.result->databases == 0);
        CHECK(pods.says("it connects through front, "));
        CHECK(pods.says("front: a pooler that poolfit does not read") == pooler);
    }
}

TEST_CASE("two ports of one host are two addresses, and none of them is dropped") {
    const FromFiles got = import_texts({{"env:shop.env",
                                         "DATABASE_URL=postgres://u:PLANTED@10.0.0.9:5433/shop?pool=6\n"
                                         "AUDIT_DATABASE_URL=postgres://u:PLANTED@10.0.0.9:5434/shop?pool=3\n"}},
                                       {{"10.0.0.9=orders"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("shop", "main", "max") == "6");
    CHECK(got.pool("shop", "audit", "max") == "3");
    // The flag that a note names is one word of a shell.
    CHECK(import_texts({{"env:shop.env", "DATABASE_URL=postgres://u@[::1]/shop?pool=6\n"}})
              .says("--map '[::1]=DATABASE'"));
    // Without a port in one of the two they may be the same.
    const FromFiles same = import_texts({{"env:shop.env",
                                          "DATABASE_URL=postgres://u@10.0.0.9:5433/shop?pool=6\n"
                                          "DB_HOST=10.0.0.9\n"}},
                                        {{"10.0.0.9=orders"}, {}, {}});
    REQUIRE(same.result);
    CHECK(same.result->pools == 1);
}

TEST_CASE("a file that a variable names holds the address") {
    const FromFiles got = import_texts({{"compose",
                                         "services:\n  db:\n    image: postgres:16\n  one:\n    image: shop/one:1\n"
                                         "    environment: {DATABASE_URL_FILE: /run/secrets/shop_url, DB_POOL_SIZE: "
                                         "'6', DB_PASSWORD_FILE: /run/pw}\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.says("its address is in the file shop_url, which is not in the files; its size is known: 6"));
    CHECK(got.says("--map secret:shop_url=DATABASE"));
    const FromFiles mapped =
        import_texts({{"compose",
                       "services:\n  db:\n    image: postgres:16\n  one:\n    image: shop/one:1\n"
                       "    environment: {DATABASE_URL_FILE: /run/secrets/shop_url, DB_POOL_SIZE: '6'}\n"}},
                     {{"secret:shop_url=db"}, {}, {}});
    REQUIRE(mapped.result);
    CHECK(mapped.pool("one", "main", "database") == "db");
}

TEST_CASE("a variable beside the one of a host names its engine") {
    struct Row {
        const char *beside, *engine;
    };
    for (const Row& row :
         {Row{"DB_CONNECTION=pgsql", "postgresql"}, Row{"DB_ENGINE=django.db.backends.postgresql", "postgresql"},
          Row{"DB_CLIENT=mysql2", "mysql"}, Row{"DB_DRIVER=org.mariadb.jdbc.Driver", "mariadb"},
          Row{"DB_DIALECT=postgres", "postgresql"}, Row{"DB_TYPE=postgresdb", "postgresql"},
          Row{"DB_DRIVER=mysql+pymysql", "mysql"}, Row{"DB_ADAPTER=postgis", "postgresql"},
          Row{"DB_PORT=3306", "mysql"},
          // The word is surer than the port.
          Row{"DB_PORT=5432\nDB_CONNECTION=mysql", "mysql"}}) {
        CAPTURE(row.beside);
        const FromFiles got = import_texts(
            {{"env:shop.env", fmt::format("DB_HOST=orders.c9x.eu-west-1.rds.amazonaws.com\n{}\n", row.beside)}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.value("database", "orders", "engine") == row.engine);
        CHECK(got.text().find("from shop.env: the URL's scheme") == std::string::npos);
    }
    // A server that is not planned is none of the databases.
    for (const std::string_view beside : {"DB_CONNECTION=sqlite", "DB_CONNECTION=sqlsrv"}) {
        CAPTURE(beside);
        const FromFiles got = import_texts(
            {{"env:shop.env", fmt::format("DB_HOST=127.0.0.1\n{}\nDB_POOL_SIZE=5\n", beside)}}, {{}, {}, {}});
        CHECK((got.errors() + (got.result ? got.notes() : std::string())).find("is no engine that poolfit plans") !=
              std::string::npos);
    }
}
