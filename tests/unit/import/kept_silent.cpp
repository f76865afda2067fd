// What importers took for something else, or left out without a word.
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view host = "orders.c9x.eu-west-1.rds.amazonaws.com";

std::string rds(std::string_view more) {
    return fmt::format(
        R"({{"DBInstances": [{{"DBInstanceIdentifier": "orders", "DBInstanceClass": "db.m6g.large",
"Engine": "postgres", "EngineVersion": "16.4", "DBInstanceStatus": "available", "StorageType": "gp3",
"AllocatedStorage": 100, "MultiAZ": false, "DBInstanceArn": "arn:aws:rds:eu-west-1:1:db:orders"{}}}]}})",
        more);
}

std::string resources(std::string_view list) {
    return fmt::format(
        R"({{"format_version": "1.0", "values": {{"root_module": {{"resources": [
{{"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "values": {{
"identifier": "orders", "engine": "postgres", "engine_version": "16.4", "instance_class": "db.m6g.large",
"arn": "arn:aws:rds:eu-west-1:1:db:orders", "address": "{}"}}}},
{}]}}}}}})",
        host, list);
}

FromFiles variables(std::string_view text) {
    return import_texts({{"env:api.env", fmt::format("DATABASE_URL=postgres://u:PLANTED@{}/x\n{}", host, text)}});
}

}  // namespace

TEST_CASE("a size that is set and not known is neither the driver's default nor what it would win over") {
    const FromFiles unknown =
        import_texts({{"compose", fmt::format("services:\n  api:\n    image: acme/api\n    environment:\n"
                                              "      SPRING_DATASOURCE_URL: jdbc:postgresql://{}/x\n"
                                              "      SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE: ${{POOL}}\n",
                                              host)}});
    REQUIRE(unknown.result);
    INFO(unknown.notes());
    CHECK(unknown.pool("api", "main", "driver") == "no record");
    CHECK(
        unknown.says("not taken  api.main: the value of SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE is not in the "
                     "files"));
    CHECK(unknown.says("--set service.api.pool.main.max=N"));
    const FromFiles beaten = variables("DB_POOL=ten\nRAILS_MAX_THREADS=5\n");
    REQUIRE(beaten.result);
    CHECK(beaten.pool("api", "main", "max") == "no record");
    CHECK(beaten.says("not taken  api.main: DB_POOL is not a number of connections"));
    // What is set to nothing is not set; and what is beaten says nothing.
    CHECK(variables("DB_POOL=\nRAILS_MAX_THREADS=5\n").pool("api", "main", "max") == "5");
    CHECK(variables("DB_POOL=7\nRAILS_MAX_THREADS=five\n").pool("api", "main", "max") == "7");
}

TEST_CASE("a driver whose default counts vCPUs leaves its service in, and says which machine it would need") {
    imports::ImportOptions options;
    options.settings = {"service.api.pool.main.driver=prisma-6"};
    const FromFiles got =
        import_texts({{"env:api.env", fmt::format("DATABASE_URL=postgres://u:PLANTED@{}/x\n", host)},
                      {"env:web.env", fmt::format("DATABASE_URL=postgres://u:PLANTED@{}/x?pool=4\n", host)}},
                     options);
    INFO(got.errors());
    REQUIRE(got.result);
    INFO(got.notes());
    CHECK(got.value("service", "api", "name") == "api");
    CHECK(got.pool("api", "main", "driver") == "no record");
    CHECK(got.says("the vCPUs of its host are not known"));
    CHECK(
        got.says("--set service.api.pool.main.max=N, or by hand: [[host]] with name = \"api\" and vcpus = N, and "
                 "that host in the service"));
}

TEST_CASE("nodes of a cluster that are alike say how many vCPUs a program sees") {
    const auto import = [](std::string_view second, std::string_view selector) {
        return import_texts(
            {{"kubernetes",
              fmt::format("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\n"
                          "spec:\n  template:\n    spec:\n      nodeSelector: {{{}}}\n"
                          "      containers:\n      - name: api\n        image: acme/api\n"
                          "        command: [pm2-runtime, start, x.js, -i, max]\n"
                          "        env: [{{name: DATABASE_URL, value: \"postgres://u:p@{}/x?pool=4\"}}]\n"
                          "---\napiVersion: v1\nkind: Node\nmetadata: {{name: a, labels: {{pool: web}}}}\n"
                          "status: {{capacity: {{cpu: \"4\"}}}}\n"
                          "---\napiVersion: v1\nkind: Node\nmetadata: {{name: b, labels: {{{}}}}}\n"
                          "status: {{capacity: {{cpu: \"8\"}}}}\n",
                          selector, host, second)}});
    };
    const FromFiles alike = import("pool: db", "pool: web");
    REQUIRE(alike.result);
    CHECK(alike.says("as many processes as vCPUs; its nodes have 4 vCPUs each"));
    CHECK(alike.says("--set service.api.processes=4"));
    CHECK(import("pool: web", "pool: web").says("--set service.api.processes=N"));
    CHECK(import("pool: db", "").says("--set service.api.processes=N"));
    CHECK(import("eks.amazonaws.com/compute-type: fargate, pool: fg", "pool: fg").says("service.api.processes=N"));
}

TEST_CASE("jobs of KEDA have as many pods each as their parallelism says") {
    const FromFiles got = import_texts(
        {{"kubernetes",
          fmt::format("apiVersion: keda.sh/v1alpha1\nkind: ScaledJob\nmetadata: {{name: work}}\nspec:\n"
                      "  maxReplicaCount: 30\n  jobTargetRef:\n    parallelism: 2\n    template:\n      spec:\n"
                      "        containers:\n        - name: w\n          image: acme/w\n"
                      "          env: [{{name: DATABASE_URL, value: \"postgres://u:p@{}/x?pool=4\"}}]\n",
                      host)}});
    REQUIRE(got.result);
    CHECK(got.value("service", "work", "instances") == "min 2, max 60");
}

TEST_CASE("the first pod of a StatefulSet is the server that it runs") {
    const auto to = [](std::string_view address) {
        return import_texts(
            {{"kubernetes",
              fmt::format("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db, namespace: data}}\n"
                          "spec:\n  replicas: 2\n  template:\n    metadata: {{labels: {{app: db}}}}\n"
                          "    spec:\n      containers: [{{name: db, image: \"mysql:8.0.36\", args: "
                          "[\"--max-connections=200\"]}}]\n"
                          "---\napiVersion: v1\nkind: Service\nmetadata: {{name: db-hs, namespace: data}}\n"
                          "spec: {{clusterIP: None, selector: {{app: db}}}}\n"
                          "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: data}}\n"
                          "spec:\n  template:\n    spec:\n      containers:\n      - name: api\n"
                          "        image: acme/api\n"
                          "        env: [{{name: DATABASE_URL, value: \"mysql://u:p@{}/x?pool=4\"}}]\n",
                          address)}});
    };
    for (const std::string_view first : {"db-0.db-hs", "db-0.db-hs.data", "db-0.db-hs.data.svc.cluster.local"}) {
        CAPTURE(first);
        CHECK(to(first).pool("api", "main", "database") == "db");
    }
    for (const std::string_view other : {"db-1.db-hs.data.svc", "db-0.other.data.svc", "x-0.db-hs.data.svc"}) {
        CAPTURE(other);
        CHECK(to(other).pool("api", "main", "database") == "no record");
    }
}

TEST_CASE("rds: an answer that goes on, a replica of a cluster, Serverless v1, and what is pending") {
    std::string page = rds("");
    page.insert(1, "\"Marker\": \"PLANTED\", ");
    const FromFiles paged = import_texts({{"rds:page.json", page}});
    REQUIRE(paged.result);
    CHECK(paged.says("not taken  page.json: the answer goes on: more of it is not in this file  (page.json:1)"));
    CHECK(paged.all().find("PLANTED") == std::string::npos);
    CHECK(import_texts({{"rds", rds(", \"ReadReplicaSourceDBClusterIdentifier\": \"tide\"")}})
              .says("note       orders: it replicates a cluster: it is taken as a database of its own"));
    const FromFiles pending = import_texts(
        {{"rds", rds(", \"PendingModifiedValues\": {\"MultiAZ\": true, \"AllocatedStorage\": 400, \"Iops\": 12000, "
                     "\"StorageType\": \"io2\", \"MasterUserPassword\": \"PLANTED\"}")}});
    REQUIRE(pending.result);
    for (const std::string_view word : {"multi_az true is pending", "storage in GiB: 400 is pending",
                                        "IOPS: 12000 is pending", "storage type io2 is pending"}) {
        CAPTURE(word);
        CHECK(pending.says(fmt::format("note       orders: {}", word)));
    }
    CHECK(pending.all().find("PLANTED") == std::string::npos);
    CHECK(import_texts({{"rds:a.json", rds("")},
                        {"rds:b.json",
                         R"({"DBClusters": [{"DBClusterIdentifier": "old", "EngineMode": "serverless",
"Engine": "aurora-postgresql", "DBClusterMembers": []}]})"}})
              .says("not taken  old: Aurora Serverless v1, which has no instances"));
}

TEST_CASE("cloudsql: a read pool is several servers") {
    const FromFiles got = import_texts(
        {{"rds", rds("")},
         {"cloudsql", R"([{"name": "pool", "project": "p", "databaseVersion": "POSTGRES_16", "region": "europe-west1",
"instanceType": "READ_POOL_INSTANCE", "nodeCount": 3, "masterInstanceName": "p:main",
"settings": {"tier": "db-perf-optimized-N-4"}}])"}});
    REQUIRE(got.result);
    CHECK(got.says("not taken  pool: a read pool of 3 nodes, each of which is a server"));
    CHECK(got.value("database", "pool", "name") == "no record");
}

TEST_CASE("terraform: a function of no concurrency, autoscaling not known until apply, machines that connect") {
    const FromFiles none =
        import_texts({{"terraform", resources(fmt::format(R"({{"address": "aws_lambda_function.f", "mode": "managed",
"type": "aws_lambda_function", "name": "f", "values": {{"function_name": "fn", "reserved_concurrent_executions": 0,
"environment": [{{"variables": {{"DATABASE_URL": "postgres://u:PLANTED@{}/x?pool=2"}}}}]}}}})",
                                                          host))}});
    REQUIRE(none.result);
    CHECK(none.says("not taken  fn: reserved_concurrent_executions is 0: it does not run"));
    CHECK(none.value("service", "fn", "name") == "no record");
    const FromFiles machine = import_texts(
        {{"terraform",
          resources(fmt::format(R"({{"address": "aws_instance.worker", "mode": "managed", "type": "aws_instance",
"name": "worker", "values": {{"instance_type": "m5.xlarge",
"user_data": "#!/bin/sh\nexport DATABASE_URL=postgres://u:PLANTED@{}/x\n"}}}},
{{"address": "aws_launch_template.lt", "mode": "managed", "type": "aws_launch_template", "name": "lt", "values": {{
"name": "lt", "instance_type": "c6i.large",
"user_data": "ZXhwb3J0IERBVEFCQVNFX1VSTD1wb3N0Z3JlczovL3U6UExBTlRFREBkYjo1NDMyL3gK"}}}})",
                                host))}});
    REQUIRE(machine.result);
    INFO(machine.notes());
    CHECK(
        machine.says("not taken  worker: aws_instance.worker sets a database's address as it starts: which services "
                     "run on it is not in the file"));
    CHECK(machine.says("add its [[service]] by hand, with [[host]] of class m5.xlarge"));
    CHECK(machine.says("not taken  lt: aws_launch_template.lt sets a database's address as it starts"));
    CHECK(machine.all().find("PLANTED") == std::string::npos);
    const FromFiles unknown = import_texts({{"terraform", R"({"format_version": "1.2", "planned_values": {"root_module":
{"resources": [{"address": "aws_ecs_service.w", "mode": "managed", "type": "aws_ecs_service", "name": "w",
"values": {"name": "w", "cluster": "c", "desired_count": 3}},
{"address": "aws_appautoscaling_target.w", "mode": "managed", "type": "aws_appautoscaling_target", "name": "w",
"values": {"scalable_dimension": "ecs:service:DesiredCount", "resource_id": "service/c/w", "min_capacity": 2}}]}},
"resource_changes": [{"address": "aws_appautoscaling_target.w", "type": "aws_appautoscaling_target", "name": "w",
"mode": "managed", "change": {"actions": ["create"], "before": null, "after": {},
"after_unknown": {"max_capacity": true}}}]})"},
                                            {"rds", rds("")}});
    REQUIRE(unknown.result);
    CHECK(unknown.says("not taken  w: max_capacity of its autoscaling is not known until apply"));
    CHECK(unknown.says("--set service.w.instances=N"));
}

TEST_CASE("pgbouncer: cells that are no numbers, a mode that it does not have, a name that an inventory cannot have") {
    const FromFiles shown = import_texts(
        {{"pgbouncer:databases.csv",
          fmt::format("name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool,pool_mode,"
                      "max_connections,current_connections,paused,disabled\n"
                      "orders,{0},5432,orders,,1e2,0,5,fast,0,3,0,0\n\"a,b\",{0},5432,x,,20,0,5,,0,3,0,0\n",
                      host)},
         {"pgbouncer:config.csv", "key,value,default,changeable\ndefault_pool_size,forty,20,yes\n"}});
    INFO(shown.errors());
    REQUIRE(shown.result);
    INFO(shown.notes());
    CHECK(shown.says("pool_size is not a number of connections  (databases.csv:2)"));
    CHECK(shown.says("pool_mode is not session, transaction or statement  (databases.csv:2)"));
    CHECK(shown.says("a database whose name an inventory cannot have  (databases.csv:3)"));
    CHECK(shown.says("default_pool_size is not a number of connections  (config.csv:2)"));
    const FromFiles ini =
        import_texts({{"pgbouncer:pgb.ini",
                       fmt::format("[databases]\nmain = host={} pool_mode=stmt\n[pgbouncer]\npool_mode = transaction\n"
                                   "default_pool_size = 20\n",
                                   host)}});
    REQUIRE(ini.result);
    CHECK(ini.value("pooler", "pgb", "mode") == "-");
}

TEST_CASE("operators: Zalando's pooler on the replicas is listed") {
    const FromFiles got = import_texts(
        {{"kubernetes",
          "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: acid-main}\nspec:\n  numberOfInstances: 2\n"
          "  postgresql: {version: \"16\"}\n  enableReplicaConnectionPooler: true\n"}});
    REQUIRE(got.result);
    CHECK(got.says("not taken  acid-main-pooler-repl: a pooler on the replicas"));
}

namespace {

std::string deployment(std::string_view replicas) {
    return fmt::format(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  replicas: {}\n"
        "  template:\n    spec:\n      containers:\n      - name: api\n        image: acme/api\n"
        "        env: [{{name: DATABASE_URL, value: \"postgres://u:p@{}/x?pool=4\"}}]\n",
        replicas, host);
}

std::string autoscaler(std::string_view spec) {
    return fmt::format(
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: api}}\n"
        "spec: {{{}}}\n",
        spec);
}

}  // namespace

TEST_CASE("a Rollout that refers to a Deployment runs its pods; a test of a chart runs none") {
    const auto rollout = [](std::string_view down) {
        return fmt::format(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: api-rollout}}\nspec:\n"
            "  replicas: 6\n  strategy: {{blueGreen: {{activeService: api}}}}\n"
            "  workloadRef: {{apiVersion: apps/v1, kind: Deployment, name: api{}}}\n",
            down);
    };
    const FromFiles one = import_texts({{"kubernetes:a.yaml", rollout("")}, {"kubernetes:b.yaml", deployment("0")}});
    INFO(one.notes());
    CHECK(one.value("service", "api", "instances") == "6");
    CHECK(one.value("service", "api", "deploy") == "blue-green");
    CHECK_FALSE(one.says("0 replicas"));
    const FromFiles scaled =
        import_texts({{"kubernetes", rollout(", scaleDown: onsuccess") + "---\n" + deployment("3") +
                                         autoscaler("minReplicas: 4, maxReplicas: 12, "
                                                    "scaleTargetRef: {kind: Rollout, name: api-rollout}")}});
    CHECK(scaled.value("service", "api", "instances") == "min 4, max 12");
    CHECK_FALSE(scaled.says("beside those of the Rollout"));
    const FromFiles both = import_texts({{"kubernetes", rollout("") + "---\n" + deployment("3")}});
    CHECK(both.value("service", "api", "instances") == "6");
    CHECK(both.says("not taken  api: 3 pods of its own beside those of the Rollout api-rollout"));
    const FromFiles beside = import_texts(
        {{"kubernetes",
          rollout("") + "---\n" + deployment("0") +
              autoscaler("minReplicas: 4, maxReplicas: 12, scaleTargetRef: {kind: Deployment, name: api}")}});
    CHECK(beside.value("service", "api", "instances") == "6");
    CHECK(beside.says("not taken  api: an autoscaler scales the Deployment and not its Rollout api-rollout"));
    CHECK_FALSE(scaled.says("an autoscaler scales"));
    const FromFiles alone = import_texts({{"kubernetes", rollout("")}, {"rds", rds("")}});
    CHECK(alone.says("not taken  api-rollout: it runs the pods of the Deployment api, which is not in the files"));
    const auto hooked = [](std::string_view hooks) {
        std::string test = deployment("1");
        test.replace(test.find("{name: api}"), 11,
                     fmt::format("{{name: check, annotations: {{helm.sh/hook: \"{}\"}}}}", hooks));
        return import_texts({{"kubernetes", test + "---\n" + deployment("3")}});
    };
    for (const std::string_view hooks :
         {"test", "test-success", "test-failure", "test-success,test-failure", "Test-Success, test-failure"}) {
        CAPTURE(hooks);
        const FromFiles chart = hooked(hooks);
        CHECK(chart.value("service", "check", "name") == "no record");
        CHECK(chart.says("not taken  check: a test of Helm, which runs when asked"));
    }
    CHECK(hooked("post-install,test").value("service", "check", "name") == "check");
}

TEST_CASE("what completes a Rollout's numbers names the service, which has the Deployment's name") {
    const FromFiles got = import_texts({{"kubernetes",
                                         "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: roll}\n"
                                         "spec:\n  replicas: 6\n  strategy: {canary: {maxSurge: many}}\n"
                                         "  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: api}\n---\n" +
                                             deployment("0")}});
    REQUIRE(got.result);
    INFO(got.notes());
    CHECK(got.says("not taken  api: maxSurge is neither a number of pods nor a share"));
    CHECK(got.says("--set service.api.max_surge=N"));
}

TEST_CASE("of an autoscaler with two bounds that cannot be taken both are listed") {
    const FromFiles got = import_texts(
        {{"kubernetes",
          deployment("3") +
              autoscaler("minReplicas: few, maxReplicas: many, scaleTargetRef: {kind: Deployment, name: api}")}});
    REQUIRE(got.result);
    INFO(got.notes());
    CHECK(got.says("not taken  api: minReplicas is not a whole number"));
    CHECK(got.says("not taken  api: maxReplicas is not a whole number"));
}

TEST_CASE("a minimum of tasks that the file lacks is assumed, and listed") {
    const FromFiles got = import_texts(
        {{"terraform",
          resources(
              R"({"address": "aws_appautoscaling_target.t", "mode": "managed", "type": "aws_appautoscaling_target", "name": "t",
"values": {"scalable_dimension": "ecs:service:DesiredCount", "resource_id": "service/c/web", "max_capacity": 12}},
{"address": "aws_ecs_service.w", "mode": "managed", "type": "aws_ecs_service", "name": "w", "values": {
"name": "web", "cluster": "c", "desired_count": 3}})")}});
    REQUIRE(got.result);
    INFO(got.notes());
    CHECK(got.value("service", "web", "instances") == "min 1, max 12");
    CHECK(got.says("not taken  web: min_capacity of its autoscaling is not in the file: 1 is assumed"));
    CHECK(got.text().find("autoscaling 1 (assumed) to 12") != std::string::npos);
}
