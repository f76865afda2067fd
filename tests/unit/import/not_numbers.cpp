// Values of keys that an inventory has a place for, and that are none: each is listed with its place, and never shown.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

constexpr std::string_view instance = R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "Engine": "postgres",
"DBInstanceClass": "db.m6g.large", "EngineVersion": "16.4", "DBInstanceStatus": "available",
"StorageType": "gp3",
"AllocatedStorage": 400,
"MaxAllocatedStorage": 800,
"Iops": 12000,
"StorageThroughput": 500,
"MultiAZ": true,
"DBInstanceArn": "arn:aws:rds:eu-west-1:1:db:orders"}]}
)";

constexpr std::string_view cluster = R"({"DBClusters": [{"DBClusterIdentifier": "tide",
"DBClusterArn": "arn:aws:rds:eu-west-1:1:cluster:tide",
"DBClusterMembers": [
{"DBInstanceIdentifier": "orders", "IsClusterWriter": true}],
"ServerlessV2ScalingConfiguration": {
"MinCapacity": 0.5,
"MaxCapacity": 16}}],
"DBProxyTargetGroups": []}
)";

constexpr std::string_view targets = R"({"TargetGroups": [{"DBProxyName": "berth", "TargetGroupName": "default",
"TargetGroupArn": "arn:aws:rds:eu-west-1:1:target-group:prx-tg-1",
"ConnectionPoolConfig": {
"MaxConnectionsPercent": 60,
"ConnectionBorrowTimeout": 20}}]}
)";

constexpr std::string_view state =
    R"({"format_version": "1.0", "terraform_version": "1.9.5", "values": {"root_module": {"resources": [
{"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "values": {
"identifier": "orders", "engine": "postgres", "engine_version": "16.4", "instance_class": "db.m6g.large",
"arn": "arn:aws:rds:eu-west-1:1:db:orders", "storage_type": "gp3",
"allocated_storage": 400,
"max_allocated_storage": 800,
"iops": 12000,
"storage_throughput": 500,
"multi_az": true}},
{"address": "aws_ecs_service.s", "mode": "managed", "type": "aws_ecs_service", "name": "s", "values": {
"name": "api", "cluster": "c",
"desired_count": 3,
"deployment_maximum_percent": 150}},
{"address": "aws_appautoscaling_target.t", "mode": "managed", "type": "aws_appautoscaling_target", "name": "t",
"values": {"scalable_dimension": "ecs:service:DesiredCount", "resource_id": "service/c/web",
"min_capacity": 2,
"max_capacity": 12}},
{"address": "aws_ecs_service.w", "mode": "managed", "type": "aws_ecs_service", "name": "w", "values": {
"name": "web", "cluster": "c", "desired_count": 3}},
{"address": "aws_db_proxy.p", "mode": "managed", "type": "aws_db_proxy", "name": "p", "values": {
"name": "berth", "arn": "arn:aws:rds:eu-west-1:1:db-proxy:prx-1"}},
{"address": "aws_db_proxy_default_target_group.g", "mode": "managed", "type": "aws_db_proxy_default_target_group",
"name": "g", "values": {"db_proxy_name": "berth", "connection_pool_config": [{
"max_connections_percent": 60,
"connection_borrow_timeout": 20}]}},
{"address": "google_sql_database_instance.g", "mode": "managed", "type": "google_sql_database_instance",
"name": "g", "values": {"name": "ferry", "database_version": "POSTGRES_15", "region": "europe-west1",
"settings": [{"tier": "db-custom-4-15360",
"availability_type": "REGIONAL",
"disk_type": "PD_SSD",
"disk_size": 100,
"disk_autoresize_limit": 500}]}},
{"address": "azurerm_postgresql_flexible_server.z", "mode": "managed", "type": "azurerm_postgresql_flexible_server",
"name": "z", "values": {"name": "customs", "version": "14", "location": "westeurope", "sku_name": "GP_Standard_D2ds_v4",
"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.DBforPostgreSQL/flexibleServers/customs",
"storage_mb": 131072}},
{"address": "azurerm_postgresql_flexible_server_configuration.c", "mode": "managed",
"type": "azurerm_postgresql_flexible_server_configuration", "name": "c", "values": {"name": "max_connections",
"server_id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.DBforPostgreSQL/flexibleServers/customs",
"value": "300"}}]}}}
)";

constexpr std::string_view gcloud = R"([{"name": "ferry", "databaseVersion": "POSTGRES_15", "region": "europe-west1",
"project": "p", "settings": {"tier": "db-custom-4-15360",
"availabilityType": "REGIONAL",
"dataDiskType": "PD_SSD",
"dataDiskSizeGb": "100",
"storageAutoResizeLimit": "500",
"databaseFlags": [{"name": "max_connections",
"value": "300"}]}}]
)";

constexpr std::string_view az = R"([{"name": "customs", "location": "West Europe", "version": "14",
"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.DBforPostgreSQL/flexibleServers/customs",
"sku": {"name": "Standard_D2ds_v4"},
"highAvailability": {
"mode": "ZoneRedundant"},
"storage": {
"storageSizeGb": 128,
"iops": 4000,
"throughput": 200,
"type": "PremiumV2_LRS"}},
{"name": "max_connections", "source": "user-override",
"id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.DBforPostgreSQL/flexibleServers/customs/configurations/x",
"value": "300"}]
)";

constexpr std::string_view manifests = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 3
  strategy:
    rollingUpdate:
      maxSurge: 2
  template:
    spec:
      containers:
      - name: api
        image: acme/api
        env:
        - {name: DATABASE_URL, value: "postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x"}
        - {name: SQLALCHEMY_POOL_SIZE, value: "4"}
        - {name: SQLALCHEMY_MAX_OVERFLOW, value: "2"}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec:
  scaleTargetRef: {kind: Deployment, name: api}
  minReplicas: 3
  maxReplicas: 9
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: web
        image: acme/web
        env: [{name: DATABASE_URL, value: "postgres://u:p@orders.abc.eu-west-1.rds.amazonaws.com/x?pool=5"}]
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  minReplicaCount: 1
  maxReplicaCount: 8
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: tide}
spec:
  instances: 3
  postgresql:
    parameters:
      max_connections: "220"
---
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: tide-rw}
spec:
  cluster: {name: tide}
  instances: 2
  pgbouncer:
    poolMode: transaction
    parameters:
      max_client_conn: "800"
      default_pool_size: "30"
)";

constexpr std::string_view project = R"(services:
  db:
    image: postgres:16
    command: -c max_connections=150
  pgbouncer:
    image: edoburu/pgbouncer
    environment:
      DATABASE_URL: postgres://u:p@db/x
      MAX_CLIENT_CONN: 400
      DEFAULT_POOL_SIZE: 20
  api:
    image: acme/api
    deploy:
      replicas: 3
    environment:
      DATABASE_URL: postgres://u:p@pgbouncer/x
      DB_POOL_SIZE: 5
)";

struct File {
    std::string_view kind, name, text;
    /// What stands before a value, and how its note names it.
    std::vector<std::pair<std::string_view, std::string_view>> values;
};

const std::vector<File>& files() {
    static const std::vector<File> all{
        {"rds",
         "rds.json",
         instance,
         {{"\"AllocatedStorage\": ", "AllocatedStorage is not a whole number"},
          {"\"MaxAllocatedStorage\": ", "MaxAllocatedStorage is not a whole number"},
          {"\"Iops\": ", "Iops is not a whole number"},
          {"\"StorageThroughput\": ", "StorageThroughput is not a whole number"},
          {"\"MultiAZ\": ", "MultiAZ is not true or false"}}},
        {"rds",
         "clusters.json",
         cluster,
         {{"\"IsClusterWriter\": ", "IsClusterWriter is not true or false"},
          {"\"MinCapacity\": ", "MinCapacity is not a number"},
          {"\"MaxCapacity\": ", "MaxCapacity is not a number"}}},
        {"rds",
         "targets.json",
         targets,
         {{"\"MaxConnectionsPercent\": ", "MaxConnectionsPercent is not a whole number"},
          {"\"ConnectionBorrowTimeout\": ", "ConnectionBorrowTimeout is not a whole number"}}},
        {"terraform",
         "state.json",
         state,
         {{"\"allocated_storage\": ", "allocated_storage is not a whole number"},
          {"\"max_allocated_storage\": ", "max_allocated_storage is not a whole number"},
          {"\"iops\": ", "iops is not a whole number"},
          {"\"storage_throughput\": ", "storage_throughput is not a whole number"},
          {"\"multi_az\": ", "multi_az is not true or false"},
          {"\"desired_count\": ", "desired_count is not a number of tasks"},
          {"\"deployment_maximum_percent\": ", "deployment_maximum_percent is not a whole number"},
          {"\"min_capacity\": ", "min_capacity of its autoscaling is not a whole number"},
          {"\"max_capacity\": ", "max_capacity of its autoscaling is not a whole number"},
          {"\"max_connections_percent\": ", "max_connections_percent is not a whole number"},
          {"\"connection_borrow_timeout\": ", "connection_borrow_timeout is not a whole number"},
          {"\"availability_type\": ", "availability_type is neither REGIONAL nor ZONAL"},
          {"\"disk_type\": ", "disk_type is no type of disk that poolfit knows"},
          {"\"disk_size\": ", "disk_size is not a whole number"},
          {"\"disk_autoresize_limit\": ", "disk_autoresize_limit is not a whole number"},
          {"\"storage_mb\": ", "storage_mb is not a whole number"},
          {"\"value\": ", "max_connections is not a whole number"}}},
        {"cloudsql",
         "cloudsql.json",
         gcloud,
         {{"\"availabilityType\": ", "availabilityType is neither REGIONAL nor ZONAL"},
          {"\"dataDiskType\": ", "dataDiskType is no type of disk that poolfit knows"},
          {"\"dataDiskSizeGb\": ", "dataDiskSizeGb is not a whole number"},
          {"\"storageAutoResizeLimit\": ", "storageAutoResizeLimit is not a whole number"},
          {"\"value\": ", "max_connections is not a number"}}},
        {"azure",
         "azure.json",
         az,
         {{"\"mode\": ", "highAvailability.mode is no mode that poolfit knows"},
          {"\"storageSizeGb\": ", "storageSizeGb is not a whole number"},
          {"\"iops\": ", "storage.iops is not a whole number"},
          {"\"throughput\": ", "storage.throughput is not a whole number"},
          {"\"type\": ", "storage.type is no type of disk that poolfit knows"},
          {"\"value\": ", "max_connections is not a whole number"}}},
        {"kubernetes",
         "k8s.yaml",
         manifests,
         {{"\n  replicas: ", "replicas is not a whole number"},
          {"maxSurge: ", "maxSurge is neither a number of pods nor a share such as 25%"},
          {"SQLALCHEMY_MAX_OVERFLOW, value: ", "SQLALCHEMY_MAX_OVERFLOW, which is not a number"},
          {"minReplicas: ", "minReplicas is not a whole number"},
          {"maxReplicas: ", "maxReplicas is not a whole number"},
          {"minReplicaCount: ", "minReplicaCount is not a whole number"},
          {"maxReplicaCount: ", "maxReplicaCount is not a whole number"},
          {"instances: ", "its number of instances is not a whole number"},
          {"max_connections: ", "max_connections is not a whole number"},
          {"cluster: {name: tide}\n  instances: ", "instances is not a whole number"},
          {"poolMode: ", "its mode is not session, transaction or statement"},
          {"max_client_conn: ", "max_client_conn is not a whole number"},
          {"default_pool_size: ", "default_pool_size is not a number of connections"}}},
        {"compose",
         "compose.yml",
         project,
         {{"max_connections=", "max_connections of its command is not a number of connections"},
          {"MAX_CLIENT_CONN: ", "MAX_CLIENT_CONN is not a number of connections"},
          {"DEFAULT_POOL_SIZE: ", "is not a number of connections"},
          {"replicas: ", "replicas is not a whole number"},
          {"DB_POOL_SIZE: ", "DB_POOL_SIZE is not a number of connections"}}},
    };
    return all;
}

/// The text with another value behind `before`, and the line that it is on.
std::pair<std::string, std::size_t> with(std::string_view text, std::string_view before, std::string_view value) {
    const std::size_t at = text.find(before);
    REQUIRE(at != text.npos);
    const std::size_t begin = at + before.size();
    const std::size_t end = text.find_first_of(",}\n]", begin);
    std::string out(text.substr(0, begin));
    const auto line = 1 + static_cast<std::size_t>(std::ranges::count(out, '\n'));
    out += value;
    out += text.substr(end);
    return {std::move(out), line};
}

/// The notes of one file of all, with one of each other kind beside it so that something is taken.
std::string notes_of(const File& file, const std::string& text) {
    const std::string named = fmt::format("{}:{}", file.kind, file.name);
    const FromFiles got = import_texts(
        {{named, text}, {"env:jobs.env", "DATABASE_URL=postgres://u:p@x.c9x.eu-west-1.rds.amazonaws.com/x?pool=7\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    const std::string all = got.all();
    CHECK(all.find("PLANTED") == all.npos);
    return got.notes();
}

}  // namespace

TEST_CASE("what is no value of its key is listed with its place, and is not shown") {
    for (const File& file : files()) {
        const bool yaml = file.name.ends_with("yaml") || file.name.ends_with("yml");
        const std::string good = notes_of(file, std::string(file.text));
        for (const auto& each : file.values) {
            const std::string_view before = each.first, note = each.second;
            CAPTURE(before);
            CHECK(good.find(note) == good.npos);
            for (const std::string_view bad : {"1e3", "-1_000", "PLANTED", "12 GB"}) {
                CAPTURE(bad);
                if (before.ends_with('=') && bad.find(' ') != bad.npos) continue;
                const std::string value = yaml ? std::string(bad) : fmt::format("\"{}\"", bad);
                const auto [text, line] = with(file.text, before, value);
                const std::string notes = notes_of(file, text);
                const std::size_t at = notes.find(note);
                INFO(notes);
                REQUIRE(at != notes.npos);
                const std::string rest = notes.substr(at, notes.find('\n', at) - at);
                // An environment's value has the place of its variable, a command that of its service.
                const bool near = rest.find(fmt::format("{}:{})", file.name, line)) != rest.npos ||
                                  rest.find(fmt::format("{}:{})", file.name, line - 1)) != rest.npos;
                CHECK(near);
            }
        }
    }
}

TEST_CASE("a value that is 0, null or empty where none is meant is no fault") {
    for (const std::string_view none : {"0", "null", "\"\""}) {
        CAPTURE(none);
        const std::string notes = notes_of(files().front(), with(instance, "\"Iops\": ", none).first);
        CHECK(notes.find("Iops") == notes.npos);
    }
}

TEST_CASE(
    "an autoscaler that cannot be read leaves the replicas, and a limit that cannot be is not taken as its default") {
    const auto value = [](std::string_view text, std::string_view before, std::string_view bad,
                          std::string_view service) {
        const FromFiles got = import_texts({{"kubernetes", with(text, before, bad).first}});
        REQUIRE(got.result);
        return got.value("service", service, "instances");
    };
    CHECK(value(manifests, "maxReplicas: ", "1e3", "api") == "3");
    CHECK(value(manifests, "maxReplicas: ", "12", "api") == "min 3, max 12");
    CHECK(value(manifests, "maxReplicaCount: ", "1e3", "web") == "3");  // not KEDA's 100
}

TEST_CASE("a share of surge above 100 % is said, and no other is taken") {
    const FromFiles got = import_texts({{"kubernetes", with(manifests, "maxSurge: ", "150%").first}});
    REQUIRE(got.result);
    CHECK(got.says("not taken  api: maxSurge is 150%, and an inventory takes up to 100%"));
    CHECK(got.says("--set service.api.max_surge=N"));
    CHECK(got.value("service", "api", "max_surge") == "-");
}

TEST_CASE("a pool whose overflow is not known has no size") {
    const FromFiles got =
        import_texts({{"kubernetes", with(manifests, "SQLALCHEMY_MAX_OVERFLOW, value: ", "\"x\"").first}});
    REQUIRE(got.result);
    CHECK(got.pool("api", "main", "max") == "no record");
    CHECK(got.says("SQLALCHEMY_POOL_SIZE 4 and SQLALCHEMY_MAX_OVERFLOW, which is not a number"));
    CHECK(got.says("--set service.api.pool.main.max=N"));
}
