// Manifests, against what they have to become, worked out by hand from the files.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::string instances = R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.large",
    "Engine": "postgres", "EngineVersion": "16.4", "AvailabilityZone": "eu-west-1b",
    "Endpoint": {"Address": "orders.c9x.eu-west-1.rds.amazonaws.com"}}]})";

/// A Deployment whose container has these lines, indented by ten.
FromFiles deployed(const std::string& container, const std::string& more = {}) {
    return import_texts({{"rds", instances},
                         {"kubernetes",
                          "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n"
                          "  replicas: 2\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n"
                          "      containers:\n        - name: api\n" +
                              container + more}});
}

constexpr std::string_view url = "postgres://u:p@orders.c9x.eu-west-1.rds.amazonaws.com/db";

}  // namespace

TEST_CASE("a rendered chart beside the servers that it names") {
    const FromFiles got =
        import_texts({{"rds", import_file("instances.json")}, {"kubernetes", import_file("k8s_rendered.yaml")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->poolers == 1);
    CHECK(got.result->services == 7);
    CHECK(got.result->pools == 6);
    for (const auto& [key, value] :
         {std::pair("database", "berth-primary"), std::pair("instances", "2"), std::pair("mode", "transaction"),
          std::pair("default_pool_size", "24"), std::pair("reserve_pool_size", "4"),
          std::pair("max_client_conn", "900"), std::pair("max_db_connections", "60")})
        CHECK(got.value("pooler", "pgbouncer", key) == value);
    struct Row {
        const char *name, *instances, *processes, *deploy, *surge, *database, *max, *set_in;
    };
    for (const Row& row : {Row{"booking", "min 3, max 9", "2", "rolling", "2", "pgbouncer", "7", "env"},
                           Row{"booking-sidekiq", "2", "1", "rolling", "-", "manifest-db", "7", "env"},
                           Row{"settlement", "2", "-", "recreate", "-", "manifest-db", "25", "env"},
                           Row{"indexer", "2", "3", "rolling", "0", "manifest-db", "6", "env"},
                           Row{"reconcile", "3", "-", "recreate", "-", "no record", "no record", "no record"},
                           Row{"ledger", "min 1, max 8", "-", "rolling", "50%", "berth-primary", "6", "url"},
                           Row{"tracker", "4", "-", "rolling", "25%", "berth-replica-0", "12", "url"}}) {
        CAPTURE(row.name);
        CHECK(got.value("service", row.name, "instances") == row.instances);
        CHECK(got.value("service", row.name, "processes") == row.processes);
        CHECK(got.value("service", row.name, "deploy") == row.deploy);
        CHECK(got.value("service", row.name, "max_surge") == row.surge);
        CHECK(got.pool(row.name, "main", "database") == row.database);
        CHECK(got.pool(row.name, "main", "max") == row.max);
        CHECK(got.pool(row.name, "main", "set_in") == row.set_in);
    }
    CHECK(got.pool("settlement", "main", "driver") == "hikaricp");
    CHECK(got.pool("tracker", "main", "driver") == "pgx");
    const std::string notes = got.notes();
    for (const char* line : {"not taken  debug-shell: 0 replicas", "not taken  ledger: WEB_CONCURRENCY is \"auto\"",
                             "sidekiq -c 15: threads", "gunicorn --threads 4: threads", "server.tomcat.threads.max 120",
                             "init container migrate", "the exporter beside it, postgres-exporter",
                             "note       reconcile: a run may overlap", "--map secret:reconcile-external=DATABASE"}) {
        CAPTURE(line);
        CHECK(notes.find(line) != std::string::npos);
    }
}

TEST_CASE("without classes the pools are taken, and what completes each server is named") {
    const FromFiles got = import_texts({{"kubernetes", import_file("k8s_rendered.yaml")}});
    REQUIRE(got.result);
    CHECK(got.result->databases == 3);
    CHECK(got.result->pools == 6);
    CHECK(got.value("database", "berth-primary", "class") == "-");
    for (const char* name : {"berth-primary", "berth-replica-0", "manifest-db"})
        CHECK(got.notes().find(fmt::format("--set database.{}.class=", name)) != std::string::npos);
    const FromFiles set =
        import_texts({{"kubernetes", import_file("k8s_rendered.yaml")}},
                     {{"secret:reconcile-external=manifest-db"},
                      {"database.manifest-db.class=db.t3.large", "database.berth-primary.class=db.m6g.xlarge",
                       "database.berth-replica-0.class=db.m6g.large", "service.reconcile.pool.main.max=2"},
                      {}});
    INFO(set.errors());
    REQUIRE(set.result);
    CHECK(set.result->databases == 3);
    CHECK(set.result->pools == 7);
    CHECK(set.pool("reconcile", "main", "max") == "2");
}

TEST_CASE("servers of operators are named with all that is known") {
    const FromFiles got = import_texts({{"kubernetes", import_file("k8s_operators.yaml")}});
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.value("service", "gauge-reader", "instances") == "5");
    CHECK(got.value("service", "gauge-reader", "deploy") == "rolling");
    CHECK(got.pool("gauge-reader", "main", "database") == "tide-rw-pool");
    CHECK(got.pool("gauge-reader", "main", "max") == "6");
    CHECK(got.result->databases == 3);
    CHECK(got.value("database", "tide", "max_connections") == "220");
    for (const auto& [key, value] :
         {std::pair("database", "tide"), std::pair("instances", "2"), std::pair("mode", "transaction"),
          std::pair("default_pool_size", "30"), std::pair("max_client_conn", "800")})
        CHECK(got.value("pooler", "tide-rw-pool", key) == value);
    CHECK(got.value("pooler", "gauges-pgbouncer", "default_pool_size") == "15");
    const std::string notes = got.notes();
    for (const char* line :
         {"tide: CloudNativePG, PostgreSQL 16.3, 3 instances, max_connections 220",
          "tide-ro-pool: a pooler of 1 instance, session, on the replicas, sizes at the operator's default",
          "acid-berths: Zalando's operator, PostgreSQL 15, 2 instances, max_connections 120", "maxDBConnections 50",
          "gauges: Crunchy Postgres, PostgreSQL 15, 2 instances, max_connections 180"}) {
        CAPTURE(line);
        CHECK(notes.find(line) != std::string::npos);
    }
    const FromFiles set = import_texts({{"kubernetes", import_file("k8s_operators.yaml")}},
                                       {{}, {"database.tide.vcpus=2", "database.tide.memory=8 GiB"}, {}});
    INFO(set.errors());
    REQUIRE(set.result);
    CHECK(set.value("database", "tide", "max_connections") == "220");
}

TEST_CASE("values of a chart, templates and Compose files get a line of advice") {
    const FromFiles values = import_texts({{"kubernetes", import_file("helm_values.yaml")}});
    CHECK_FALSE(values.result);
    CHECK(values.errors().find("no document has apiVersion and kind") != std::string::npos);
    CHECK(values.errors().find("helm template") != std::string::npos);
    for (const char* text : {"apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n",
                             "apiVersion: v1\nkind: Service\n{{- if .Values.on }}\nspec: {}\n{{- end }}\n",
                             "apiVersion: v1\nkind: List\nitems: {{ toYaml .Values.x | nindent 2 }}\n"}) {
        CAPTURE(text);
        const FromFiles got = import_texts({{"kubernetes", text}});
        CHECK_FALSE(got.result);
        CHECK(got.errors().find("a template, not YAML yet") != std::string::npos);
        CHECK(got.errors().find("helm template") != std::string::npos);
    }
    const FromFiles compose = import_texts({{"kubernetes", "services:\n  web:\n    image: web\n"}});
    CHECK(compose.errors().find("poolfit import compose kubernetes-1") != std::string::npos);
}

TEST_CASE("aliases are shared, not copied, and never endless") {
    CHECK(import_texts({{"kubernetes", "apiVersion: v1\nkind: A\na: &a {b: *a}\n"}})
              .errors()
              .find("inside its own anchor") != std::string::npos);
    CHECK(import_texts({{"kubernetes", "apiVersion: v1\nkind: A\na: *b\n"}}).errors().find("does not exist") !=
          std::string::npos);
    std::string laughs = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\na0: &a0 [x, x]\n";
    for (int i = 1; i < 40; ++i)
        laughs += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
    CHECK_FALSE(import_texts({{"kubernetes", laughs}}).result);
    // The same as settings inside a ConfigMap, and as lists of objects.
    std::string inner = "    a0: &a0 {x: {}}\n";
    for (int i = 1; i < 50; ++i) inner += fmt::format("    a{0}: &a{0} {{b: *a{1}, c: *a{1}}}\n", i, i - 1);
    const FromFiles settings = import_texts(
        {{"rds", instances},
         {"kubernetes",
          fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  application.yml: |\n{}"
                      "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n"
                      "  volumes: [{{name: v, configMap: {{name: c}}}}]\n"
                      "  containers: [{{name: a, volumeMounts: [{{name: v}}], env: [{{name: DATABASE_URL, "
                      "value: '{}?pool_max_conns=3'}}]}}]\n",
                      inner, url)}});
    INFO(settings.errors());
    CHECK(settings.result);
    std::string lists = "apiVersion: v1\nkind: List\nl0: &l0 {apiVersion: v1, kind: List, items: []}\n";
    for (int i = 1; i < 8; ++i) {
        lists += fmt::format("l{}: &l{} {{apiVersion: v1, kind: List, items: [", i, i);
        for (int n = 0; n < 30; ++n) lists += fmt::format("*l{}, ", i - 1);
        lists += "]}\n";
    }
    CHECK_FALSE(import_texts({{"kubernetes", lists + "items: [*l7, *l7]\n"}}).result);
    std::string deep = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\na0: &a0 [x]\n";
    for (int i = 1; i < 5000; ++i) deep += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
    CHECK(import_texts({{"kubernetes", deep}}).errors().find("nested too deep") != std::string::npos);
    CHECK_FALSE(import_texts({{"kubernetes", std::string(100'000, '[')}}).result);
}

TEST_CASE("ten thousand documents, and a list of lists") {
    std::string many;
    for (int i = 0; i < 10'000; ++i)
        many += fmt::format("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{}}}\ndata: {{a: b}}\n", i);
    many += fmt::format(
        "---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n"
        "  - apiVersion: apps/v1\n    kind: Deployment\n    metadata: {{name: api}}\n    spec:\n"
        "      template: {{spec: {{containers: [{{name: a, env: [{{name: DATABASE_URL, value: '{}'}},"
        " {{name: DB_POOL, value: '9'}}]}}]}}}}\n",
        url);
    const FromFiles got = import_texts({{"rds", instances}, {"kubernetes", many}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("api", "main", "max") == "9");
}

TEST_CASE("where an environment gets its values from, and which wins") {
    const std::string both = fmt::format(
        "          envFrom:\n            - configMapRef: {{name: one}}\n            - configMapRef: {{name: two}}\n"
        "          env:\n            - {{name: HOST, value: orders.c9x.eu-west-1.rds.amazonaws.com}}\n"
        "            - {{name: DATABASE_URL, value: 'postgres://u:p@$(HOST):5432/db'}}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: one}}\ndata: {{DB_POOL_SIZE: '3', PG_POOL_MAX: '4'}}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: two}}\ndata: {{DB_POOL_SIZE: '4'}}\n");
    const FromFiles got = deployed(both);
    INFO(got.errors());
    CHECK(got.pool("api", "main", "database") == "orders");
    CHECK(got.pool("api", "main", "max") == "4");
    // Two names of one rank that differ are no size.
    const FromFiles differ =
        deployed(fmt::format("          env:\n            - {{name: DATABASE_URL, value: '{}'}}\n            - {{name: "
                             "DB_POOL_SIZE, value: '3'}}\n"
                             "            - {{name: PG_POOL_MAX, value: '8'}}\n",
                             url));
    CHECK(differ.pool("api", "main", "max") == "no record");
    CHECK(differ.notes().find("DB_POOL_SIZE says 3, PG_POOL_MAX says 8") != std::string::npos);
    CHECK(differ.notes().find("--set service.api.pool.main.max=N") != std::string::npos);
}

TEST_CASE("a pool without a size has its driver's default, and that is said") {
    const FromFiles known = deployed(
        "          env:\n            - {name: SPRING_DATASOURCE_URL, value: "
        "'jdbc:postgresql://orders.c9x.eu-west-1.rds.amazonaws.com:5432/db'}\n");
    CHECK(known.pool("api", "main", "driver") == "hikaricp");
    CHECK(known.pool("api", "main", "max") == "-");
    CHECK(known.notes().find("the default of HikariCP applies") != std::string::npos);
    const FromFiles unknown = deployed(fmt::format("          env: [{{name: DATABASE_URL, value: '{}'}}]\n", url));
    CHECK(unknown.pool("api", "main", "database") == "no record");
    CHECK(unknown.notes().find("neither its size nor its driver is in the files") != std::string::npos);
}

TEST_CASE("a server in a pod is known by its clients, though it has their variables too") {
    const std::string text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: db}\ndata:\n"
        "  SPRING_DATASOURCE_URL: jdbc:postgresql://ledger-db:5432/ledger\n  POSTGRES_PASSWORD: PLANTED-x\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: ledger-db}\nspec: {selector: {app: ledger-db}}\n"
        "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: ledger-db}\nspec:\n  template:\n"
        "    metadata: {labels: {app: ledger-db, tier: db}}\n    spec:\n      containers:\n"
        "        - {name: server, image: 'registry.example/ledger-db:1', envFrom: [{configMapRef: {name: db}}]}\n"
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: writer}\nspec:\n  template:\n    spec:\n"
        "      containers:\n"
        "        - {name: app, image: 'registry.example/writer:1', envFrom: [{configMapRef: {name: db}}]}\n";
    const FromFiles got = import_texts({{"kubernetes", text}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.result->databases == 1);
    CHECK(got.notes().find("note       ledger-db: a postgresql server in a pod") != std::string::npos);
    CHECK(got.pool("writer", "main", "database") == "ledger-db");
    const FromFiles set = import_texts(
        {{"kubernetes", text}},
        {{},
         {"database.ledger-db.vcpus=2", "database.ledger-db.memory=4 GiB", "database.ledger-db.max_connections=100"},
         {}});
    INFO(set.errors());
    REQUIRE(set.result);
    CHECK(set.pool("writer", "main", "database") == "ledger-db");
    CHECK(set.pool("writer", "main", "driver") == "hikaricp");
}

TEST_CASE("pods and replaced sets of a cluster are no services of their own") {
    const FromFiles got = import_texts(
        {{"rds", instances},
         {"kubernetes",
          fmt::format(
              "apiVersion: v1\nkind: List\nitems:\n"
              "- apiVersion: v1\n  kind: Pod\n  metadata: {{name: api-1, ownerReferences: [{{kind: ReplicaSet, name: "
              "api}}]}}\n"
              "  spec: {{containers: [{{name: a, env: [{{name: DATABASE_URL, value: '{0}'}}]}}]}}\n"
              "- apiVersion: v1\n  kind: Pod\n  metadata: {{name: alone}}\n"
              "  spec: {{containers: [{{name: a, env: [{{name: DATABASE_URL, value: '{0}?pool_max_conns=3'}}]}}]}}\n",
              url)}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.pool("alone", "main", "max") == "3");
    CHECK(got.value("service", "alone", "deploy") == "recreate");
}

TEST_CASE("a database that is not in the files is made of --map and --set") {
    const std::string container =
        "          env:\n            - {name: DB_HOST, value: db.internal.example}\n            - {name: DB_POOL, "
        "value: '4'}\n";
    CHECK(deployed(container).notes().find("--map db.internal.example=DATABASE") != std::string::npos);
    const FromFiles got =
        import_texts({{"kubernetes",
                       "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n"
                       "      containers:\n        - name: api\n" +
                           container}},
                     {{"db.internal.example=store"},
                      {"database.store.engine=postgresql", "database.store.vcpus=4", "database.store.memory=16 GiB",
                       "database.store.max_connections=300"},
                      {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "store", "max_connections") == "300");
    CHECK(got.pool("api", "main", "database") == "store");
    CHECK(got.pool("api", "main", "max") == "4");
}

TEST_CASE("a DaemonSet has a pod on each node, where the files say how many there are") {
    const std::string set =
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\nspec:\n  selector: {}\n  template:\n"
        "    metadata:\n      labels: {app: agent}\n    spec:\n      nodeSelector: {disk: fast}\n      containers:\n"
        "      - name: agent\n        image: agent\n        env:\n        - name: DATABASE_URL\n"
        "          value: postgresql://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/shop?pool_max_conns=2\n";
    const auto instances = [&](const std::string& more) {
        const FromFiles got =
            import_texts({{"kubernetes", set + more}}, {{}, {"database.orders.class=db.m6g.large"}, {}});
        INFO(got.errors());
        REQUIRE(got.result);
        const bool said = got.notes().find("no node is in the files: 1 instance is assumed") != std::string::npos;
        return got.value("service", "agent", "instances") + (said ? ", told" : "");
    };
    const std::string nodes =
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: a, labels: {disk: fast}}\n"
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: b, labels: {disk: slow}}\n"
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: c, labels: {disk: fast}}\n";
    CHECK(instances("") == "-, told");
    // What is given is not asked for.
    const FromFiles given = import_texts({{"kubernetes", set}},
                                         {{}, {"database.orders.class=db.m6g.large", "service.agent.instances=3"}, {}});
    CHECK(given.value("service", "agent", "instances") == "3");
    CHECK(given.notes().find("is assumed") == std::string::npos);
    CHECK(instances(nodes) == "2");
    CHECK(instances("status: {desiredNumberScheduled: 7}\n") == "7");
}

TEST_CASE("a ConfigMap that is not in the files is called one") {
    const FromFiles got = deployed(
        "          env:\n            - {name: DATABASE_URL, valueFrom: {configMapKeyRef: {name: shop, key: url}}}\n"
        "            - {name: DB_POOL_SIZE, value: '4'}\n");
    CHECK(got.notes().find("its address is in the ConfigMap shop, which is not in the files") != std::string::npos);
    CHECK(got.notes().find("--map secret:shop=DATABASE") != std::string::npos);
}

TEST_CASE("a server in a pod has what its arguments, its tag and its limits say") {
    const std::string pod =
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: postgres}\nspec:\n  replicas: 1\n  template:\n"
        "    spec:\n      containers:\n      - name: postgres\n        image: postgres:15-alpine\n"
        "        args: [\"-c\", \"max_connections=300\"]\n        resources: {limits: {cpu: \"2\", memory: 4Gi}}\n";
    const FromFiles got = import_texts({{"kubernetes", pod}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "postgres", "vcpus") == "2");
    CHECK(got.value("database", "postgres", "memory") == "4 GiB");
    CHECK(got.value("database", "postgres", "max_connections") == "300");
    CHECK(got.value("database", "postgres", "version") == "15");
    std::string other = pod;
    other.replace(other.find("postgres:15-alpine"), 18, "mariadb:11");
    const FromFiles vague = import_texts({{"kubernetes", other}});
    REQUIRE(vague.result);
    CAPTURE(vague.notes());
    CHECK(vague.notes().find("--set database.postgres.version=VERSION") != std::string::npos);
}

TEST_CASE("a mistyped key of --set is an error of the flag, and no record is lost") {
    for (const std::string_view given : {"database.orders.clas=db.m6g.large", "database.orders.multi_az=maybe"}) {
        CAPTURE(given);
        const FromFiles got = import_texts({{"rds", instances}}, {{}, {std::string(given)}, {}});
        CHECK_FALSE(got.result);
        CAPTURE(got.errors());
        CHECK(got.errors().find("--set " + std::string(given)) != std::string::npos);
    }
    CHECK(import_texts({{"rds", instances}}, {{}, {"database.orders.clas=x"}, {}}).errors().find("write class") !=
          std::string::npos);
}

TEST_CASE("a Secret without the key is said so, and --map completes an envFrom") {
    const FromFiles lacking = deployed(
        "          env:\n            - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: s, key: nokey}}}\n"
        "            - {name: DB_POOL_SIZE, value: \"10\"}\n",
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {url: x}\n");
    INFO(lacking.errors());
    REQUIRE(lacking.result);
    CAPTURE(lacking.notes());
    CHECK(lacking.notes().find("its address is the key nokey of s, which has no such key") != std::string::npos);
    const std::string text =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 3\n  template:\n    spec:\n"
        "      containers:\n        - name: a\n          envFrom: [{secretRef: {name: shop-db}}]\n"
        "          env: [{name: DB_POOL_SIZE, value: \"9\"}]\n";
    const FromFiles without = import_texts({{"rds", instances}, {"kubernetes", text}});
    REQUIRE(without.result);
    CHECK(without.notes().find("--map secret:shop-db=DATABASE") != std::string::npos);
    const FromFiles with =
        import_texts({{"rds", instances}, {"kubernetes", text}}, {{"secret:shop-db=orders"}, {}, {}});
    INFO(with.errors());
    REQUIRE(with.result);
    CHECK(with.pool("api", "main", "database") == "orders");
    CHECK(with.pool("api", "main", "max") == "9");
}
