// What terraform show -json prints, against what it has to become, worked out by hand from the files.
#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const imports::ImportOptions both{{}, {}, {"postgresql", "mysql"}};

/// A plan of one module with these resources.
std::string plan_of(const std::string& resources, const std::string& more = {}) {
    return R"({"format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"root_module": {"resources": [)" +
           resources + "]}}" + more + "}";
}
std::string state_of(const std::string& resources) {
    return R"({"format_version": "1.0", "terraform_version": "1.9.5", "values": {"root_module": {"resources": [)" +
           resources + "]}}}";
}
std::string resource_of(const std::string& type, const std::string& name, const std::string& values) {
    return R"({"address": ")" + type + "." + name + R"(", "mode": "managed", "type": ")" + type + R"(", "name": ")" +
           name + R"(", "values": {)" + values + "}}";
}
constexpr const char* orders =
    R"("identifier": "orders", "engine": "postgres", "engine_version": "16.4", "instance_class": "db.m6g.large", )"
    R"("multi_az": false, "availability_zone": "eu-west-1b")";

}  // namespace

TEST_CASE("a plan: databases of modules, replicas, a provider's alias, groups by name and by reference") {
    const FromFiles got = import_texts({{"terraform", import_file("plan_nested.json")}}, both);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 8);
    CHECK(got.result->poolers == 1);
    CHECK(got.result->services == 4);
    CHECK(got.result->pools == 1);
    expect(got.text(), "region   = \"eu-west-1\"");
    struct Row {
        const char *name, *engine, *cls, *version, *multi_az, *primary, *connections, *region;
    };
    for (const Row& row :
         {Row{"berth-primary", "postgresql", "db.m6g.xlarge", "16.4", "true", "-", "600", "-"},
          Row{"berth-replica-0", "postgresql", "db.m6g.large", "-", "false", "berth-primary", "600", "-"},
          Row{"berth-replica-1", "postgresql", "db.m6g.large", "-", "false", "berth-primary", "600", "-"},
          Row{"manifest-db", "postgresql", "db.t4g.medium", "15.7", "false", "-", "-", "-"},
          Row{"berth-dr", "postgresql", "db.m6g.large", "-", "false", "berth-primary", "-", "eu-central-1"},
          Row{"crane-legacy", "mysql", "db.t3.medium", "8.0.36", "false", "-", "-", "-"},
          Row{"tide-forecast-writer", "aurora-postgresql", "db.r6g.large", "15.4", "-", "-", "-", "-"},
          Row{"tide-forecast-reader", "aurora-postgresql", "db.serverless", "15.4", "-", "tide-forecast-writer", "-",
              "-"}}) {
        CAPTURE(row.name);
        CHECK(got.value("database", row.name, "engine") == row.engine);
        CHECK(got.value("database", row.name, "class") == row.cls);
        CHECK(got.value("database", row.name, "version") == row.version);
        CHECK(got.value("database", row.name, "multi_az") == row.multi_az);
        CHECK(got.value("database", row.name, "replica_of") == row.primary);
        CHECK(got.value("database", row.name, "max_connections") == row.connections);
        CHECK(got.value("database", row.name, "region") == row.region);
    }
    CHECK(got.value("database", "tide-forecast-reader", "acu_min") == "0.5");
    CHECK(got.value("database", "tide-forecast-reader", "acu_max") == "8");
    CHECK(got.value("database", "berth-primary", "storage") == "type gp3, size 200 GiB, max_size 800 GiB");
    CHECK(got.value("database", "manifest-db", "storage") == "type gp2, size 50 GiB");
    CHECK(got.value("pooler", "berth-proxy", "kind") == "rds-proxy");
    CHECK(got.value("pooler", "berth-proxy", "database") == "berth-primary");
    CHECK(got.value("pooler", "berth-proxy", "max_connections_percent") == "60%");
}

TEST_CASE("a plan: services of ECS") {
    const FromFiles got = import_texts({{"terraform", import_file("plan_nested.json")}}, both);
    REQUIRE(got.result);
    struct Row {
        const char *name, *instances, *processes, *deploy, *surge;
    };
    for (const Row& row :
         {Row{"pilot-api", "min 2, max 12", "4", "rolling", "50%"}, Row{"quay-web", "4", "-", "blue-green", "-"},
          Row{"worker-manifests", "2", "6", "recreate", "-"}, Row{"worker-invoices", "1", "-", "recreate", "-"}}) {
        CAPTURE(row.name);
        CHECK(got.value("service", row.name, "instances") == row.instances);
        CHECK(got.value("service", row.name, "processes") == row.processes);
        CHECK(got.value("service", row.name, "deploy") == row.deploy);
        CHECK(got.value("service", row.name, "max_surge") == row.surge);
    }
    CHECK(got.pool("pilot-api", "main", "database") == "berth-proxy");
    CHECK(got.pool("pilot-api", "main", "max") == "20");
    CHECK(got.pool("pilot-api", "main", "driver") == "sqlalchemy");
    CHECK(got.pool("pilot-api", "main", "set_in") == "env");
    expect(got.text(), "DB_POOL_SIZE 15 + DB_MAX_OVERFLOW 5");
}

TEST_CASE("a plan: what is not taken, and what is told") {
    const FromFiles got = import_texts({{"terraform", import_file("plan_nested.json")}}, both);
    const std::string notes = got.notes();
    for (const char* line :
         {"not taken  gangway-old: the plan deletes aws_db_instance.gangway",
          "not taken  data.aws_db_instance.shared: a data source",
          "not taken  manifest-db: max_connections of module.data.module.pg[\"manifest\"].aws_db_parameter_group.this "
          "is "
          "a formula, {DBInstanceClassMemory/12582880}: 341 by the label of db.t4g.medium",
          "not taken  berth-replica-0: engine_version is not known until apply",
          "not taken  berth-dr: engine_version is not known until apply",
          "not taken  tide-forecast: readers scale from 1 to 5",
          "not taken  quay-web.main: its address is in the parameter quay/database_url, which is not in the files; its "
          "size is "
          "known: 8",
          "--map secret:quay/database_url=", "not taken  worker-manifests.main: neither its size nor its driver",
          "not taken  worker-invoices.main: container_definitions are not known until apply",
          "note       manifest-db: class is db.t3.large today, and db.t4g.medium in the plan",
          "--set database.manifest-db.class=db.t3.large", "note       crane-legacy: the plan replaces it",
          "note       berth-replica-1: it does not exist yet",
          "note       pilot-api: 5 tasks run today, and the plan says 3",
          "note       pilot-api: REDIS_POOL_SIZE is not the size of a database pool",
          "note       tide-forecast-writer: taken as the writer"})
        expect(notes, line);
    // Without --engine, all engines that there is a plan for.
    const FromFiles usual = import_texts({{"terraform", import_file("plan_nested.json")}});
    CHECK(usual.result->databases == 8);
}

TEST_CASE("a state among a CI job's lines: what runs, on three providers") {
    const FromFiles got = import_texts({{"terraform", import_file("state_wrapped.txt")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 4);
    struct Row {
        const char *name, *provider, *cls, *version, *multi_az, *region, *primary, *connections, *storage;
    };
    for (const Row& row :
         {Row{"lantern", "-", "db.m7g.large", "17.4", "false", "us-east-2", "-", "-", "type gp3, size 100 GiB"},
          Row{"ferry-eu", "-", "db-custom-4-15360", "15", "true", "europe-west4", "-", "250", "type ssd, size 100 GiB"},
          Row{"ferry-eu-r1", "-", "db-custom-2-7680", "15", "false", "europe-west1", "ferry-eu", "-", "-"},
          Row{"customs-prod", "-", "Standard_D2ds_v4", "14", "true", "westeurope", "-", "300", "size 128 GiB"}}) {
        CAPTURE(row.name);
        CHECK(got.value("database", row.name, "engine") == "postgresql");
        CHECK(got.value("database", row.name, "class") == row.cls);
        CHECK(got.value("database", row.name, "version") == row.version);
        CHECK(got.value("database", row.name, "multi_az") == row.multi_az);
        CHECK(got.value("database", row.name, "replica_of") == row.primary);
        CHECK(got.value("database", row.name, "max_connections") == row.connections);
        CHECK(got.value("database", row.name, "storage") == row.storage);
        const std::string region = got.value("database", row.name, "region");
        CHECK((region == row.region || region == "-"));
    }
    CHECK(got.value("database", "lantern", "provider") == "aws");
    CHECK(got.value("database", "customs-prod", "provider") == "azure");
    for (const char* line :
         {"note       terraform-1: line 1 is where text begins that is not JSON: skipped  (terraform-1:1)",
          "not taken  lantern: max_connections of lantern-pg17 is a formula, "
          "LEAST({DBInstanceClassMemory/9531392},1000): 901 by the label of db.m7g.large",
          "not taken  lantern-r1: a replica of lantern, which is not in the files"})
        expect(got.notes(), line);
    expect(got.notes(), "line 3 is where text begins that is not JSON: skipped  (terraform-1:3)");
}

TEST_CASE("the smaller samples") {
    const FromFiles plan = import_texts({{"terraform", import_file("plan_small.json")}});
    INFO(plan.errors());
    REQUIRE(plan.result);
    // Its region is nowhere in the plan: RDS and Aurora are not taken without it.
    CHECK(plan.result->databases == 2);
    expect(plan.notes(), "not taken  agora-primary: its region is not in the files");
    const FromFiles placed =
        import_texts({{"terraform", import_file("plan_small.json")}},
                     {{},
                      {"database.agora-primary.region=eu-central-1", "database.agora-replica.region=eu-central-1",
                       "database.other.region=eu-central-1", "database.aurora-a.region=eu-central-1"},
                      {}});
    INFO(placed.errors());
    REQUIRE(placed.result);
    CHECK(placed.result->databases == 6);
    CHECK(placed.value("database", "agora-primary", "class") == "db.m5.xlarge");
    CHECK(placed.value("database", "agora-primary", "max_connections") == "400");
    CHECK(placed.value("database", "agora-replica", "replica_of") == "agora-primary");
    CHECK(placed.value("database", "main", "class") == "db-custom-2-7680");
    CHECK(placed.value("database", "main", "max_connections") == "200");
    CHECK(placed.value("database", "pg", "class") == "Standard_D4s_v3");
    CHECK(placed.value("service", "api", "instances") == "3");
    CHECK(placed.value("service", "api", "max_surge") == "100%");
    expect(placed.notes(), "note       agora-primary: class is db.m5.2xlarge today, and db.m5.xlarge in the plan");
    expect(placed.notes(), "not taken  api.main: its task definition is not in the files");
    const FromFiles state = import_texts(
        {{"terraform", import_file("state_small.json")}},
        {{}, {"database.agora-primary.region=eu-central-1", "database.agora-replica.region=eu-central-1"}, {}});
    REQUIRE(state.result);
    CHECK(state.result->databases == 2);
}

TEST_CASE("a state file of version 4 is read as well") {
    const FromFiles got = import_texts(
        {{"terraform",
          R"({"version": 4, "terraform_version": "1.9.5", "serial": 7, "lineage": "x", "outputs": {}, "resources": [)"
          R"({"module": "module.db", "mode": "managed", "type": "aws_db_instance", "name": "this", "instances": [)"
          R"({"index_key": "orders", "schema_version": 2, "attributes": {)" +
              std::string(orders) +
              R"(, "password": "PLANTED-v4-Ab1c"}}]},)"
              R"({"mode": "data", "type": "aws_db_instance", "name": "other", "instances": [{"attributes": {"id": "a"}}]}]})"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "orders", "class") == "db.m6g.large");
    expect(got.text(), "module.db.aws_db_instance.this[\"orders\"]");
    expect(got.notes(), "not taken  data.aws_db_instance.other: a data source");
}

TEST_CASE("references lead through a module's variables and outputs") {
    const std::string more =
        R"(, "resource_changes": [{"address": "module.db.aws_db_instance.this", "change": {"actions": ["create"], )"
        R"("before": null, "after_unknown": {"parameter_group_name": true}}}], "configuration": {"provider_config": )"
        R"({"aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}}}, "root_module": )"
        R"({"module_calls": {"db": {"expressions": {"group": {"references": ["module.groups.name", "module.groups"]}}, )"
        R"("module": {"resources": [{"type": "aws_db_instance", "name": "this", "provider_config_key": "db:aws", )"
        R"("expressions": {"parameter_group_name": {"references": ["var.group"]}}}]}}, "groups": {"module": )"
        R"({"outputs": {"name": {"expression": {"references": ["aws_db_parameter_group.this[0].name", )"
        R"("aws_db_parameter_group.this"]}}}, "resources": [{"type": "aws_db_parameter_group", "name": "this"}]}}}}})"
        R"(, "variables": {"region": {"value": "eu-central-1"}})";
    const std::string plan =
        R"({"format_version": "1.2", "terraform_version": "1.9.5", "planned_values": {"root_module": {"child_modules": [)"
        R"({"address": "module.db", "resources": [{"address": "module.db.aws_db_instance.this", "mode": "managed", )"
        R"("type": "aws_db_instance", "name": "this", "values": {"identifier": "orders", "engine": "postgres", )"
        R"("instance_class": "db.m6g.large"}}]}, {"address": "module.groups", "resources": [)"
        R"({"address": "module.groups.aws_db_parameter_group.this[0]", "mode": "managed", )"
        R"("type": "aws_db_parameter_group", "name": "this", "index": 0, "values": {"parameter": )"
        R"([{"name": "max_connections", "value": "450"}]}}]}]}})" +
        more + "}";
    const FromFiles got = import_texts({{"terraform", plan}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "orders", "max_connections") == "450");
    expect(got.text(), "region   = \"eu-central-1\"");
}

TEST_CASE("what runs wins over what is planned, whichever file comes first") {
    const std::string plan = plan_of(resource_of("aws_db_instance", "a", orders));
    std::string changed = plan;
    changed.replace(changed.find("db.m6g.large"), 12, "db.m6g.xlarge");
    for (const bool first : {true, false}) {
        const std::string state = state_of(resource_of("aws_db_instance", "a", orders));
        const FromFiles got =
            import_texts({{"terraform", first ? state : changed}, {"terraform", first ? changed : state}});
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
        CHECK(got.value("database", "orders", "class") == "db.m6g.large");
        expect(got.notes(), "class is db.m6g.large");
    }
}

TEST_CASE("a series of a version and a release of it are no difference") {
    std::string series(orders);
    series.replace(series.find("16.4"), 4, "16");
    for (const bool first : {true, false}) {
        const std::string a = state_of(resource_of("aws_db_instance", "a", orders)),
                          b = state_of(resource_of("aws_db_instance", "a", series));
        const FromFiles got = import_texts({{"terraform", first ? a : b}, {"terraform", first ? b : a}});
        REQUIRE(got.result);
        CHECK(got.value("database", "orders", "version") == "16.4");
        expect_not(got.notes(), "version");
    }
}

TEST_CASE("the estate of a plan, the answers of RDS and rendered manifests is one") {
    const FromFiles got = import_texts({{"terraform", import_file("plan_nested.json")},
                                        {"rds", import_file("instances.json")},
                                        {"rds", import_file("parameters.json")},
                                        {"kubernetes", import_file("k8s_rendered.yaml")}},
                                       {{"rds-2=berth-pg16"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    // The seven, the Aurora cluster's two, MySQL's one, and trial, whose class is not in the catalog.
    CHECK(got.result->databases == 11);
    for (const char* name :
         {"berth-primary", "berth-replica-0", "berth-replica-1", "manifest-db", "berth-dr", "yard-new", "orphan-read"})
        CHECK(got.value("database", name, "engine") == "postgresql");
    CHECK(got.value("database", "manifest-db", "class") == "db.t3.large");
    CHECK(got.value("database", "berth-replica-0", "version") == "16.4");
    CHECK(got.value("database", "berth-primary", "max_connections") == "600");
    CHECK(got.value("pooler", "berth-proxy", "database") == "berth-primary");
    CHECK(got.value("pooler", "pgbouncer", "database") == "berth-primary");
    CHECK(got.result->poolers == 2);
    CHECK(got.result->services == 11);
    expect(got.notes(), "note       manifest-db: class is db.t3.large");
    expect(got.notes(), "and db.t4g.medium in another file");
    expect_not(got.notes(), "not taken  berth-dr: a replica of berth-primary in eu-central-1");
}

TEST_CASE("deployments of ECS, and tasks that are not known") {
    const auto service = [](const std::string& values) {
        return import_texts(
            {{"terraform", state_of(resource_of("aws_db_instance", "a", orders) + "," +
                                    resource_of("aws_ecs_service", "s", "\"name\": \"shop\", " + values))}});
    };
    const auto deploy = [&](const std::string& values) {
        const FromFiles got = service("\"desired_count\": 2, " + values);
        return got.value("service", "shop", "deploy") + " " + got.value("service", "shop", "max_surge");
    };
    CHECK(deploy(R"("tags": null)") == "rolling 100%");
    CHECK(deploy(R"("deployment_maximum_percent": 150)") == "rolling 50%");
    CHECK(deploy(R"("deployment_maximum_percent": 100)") == "recreate -");
    CHECK(deploy(R"("deployment_controller": [{"type": "CODE_DEPLOY"}])") == "blue-green -");
    CHECK(deploy(R"("deployment_configuration": [{"strategy": "CANARY"}])") == "blue-green -");
    CHECK(deploy(R"("deployment_controller": [{"type": "EXTERNAL"}])") == "- -");
    expect(service(R"("scheduling_strategy": "DAEMON")").notes(), "a daemon runs on every container instance");
    expect(service(R"("desired_count": 0)").notes(), "not taken  shop: 0 tasks");
    expect(service(R"("tags": null)").notes(), "desired_count is not in the file");
}

TEST_CASE("the writer of an Aurora cluster is the one that the state names") {
    const auto member = [](const std::string& name, const std::string& values) {
        return resource_of(
            "aws_rds_cluster_instance", name,
            "\"identifier\": \"" + name +
                R"(", "cluster_identifier": "c", "engine": "aurora-mysql", "engine_version": )"
                R"("8.0.mysql_aurora.3.08.0", "instance_class": "db.r6g.large", "availability_zone": "eu-west-1a", )" +
                values);
    };
    const FromFiles got =
        import_texts({{"terraform", state_of(member("a", R"("promotion_tier": 0, "writer": false)") + "," +
                                             member("b", R"("promotion_tier": 1, "writer": true)"))}},
                     both);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "a", "replica_of") == "b");
    CHECK(got.value("database", "b", "replica_of") == "-");
    expect_not(got.notes(), "taken as the writer");
}

TEST_CASE("a file of another form is refused with the command that makes the right one") {
    struct Row {
        const char *text, *message, *fix;
    };
    for (const Row& row :
         {Row{"PK\x03\x04tfplan", "a plan in Terraform's own form", "terraform show -json"},
          Row{"resource \"aws_db_instance\" \"orders\" {\n}\n", "HCL", "terraform show -json"},
          Row{R"({"@level":"info","@message":"Terraform 1.9.5","type":"version"})", "the log of terraform plan -json",
              "terraform show -json"},
          Row{"Terraform will perform the following actions:\n  # aws_db_instance.a will be created\n",
              "this is the readable output of terraform plan", "terraform show -json"},
          Row{"{\"DBInstances\": []}", "this looks like a file for rds", "poolfit import rds"},
          Row{"", "the file is empty", "terraform show -json"}, Row{"[]", "neither a plan nor a state", "show -json"},
          Row{"null", "neither a plan nor a state", "show -json"},
          Row{"{\"format_version\": \"1.2\", \"terraform_version\": \"1\", \"planned_values\": {", "ends", "again"}}) {
        CAPTURE(row.text);
        const FromFiles got = import_texts({{"terraform", row.text}});
        CHECK_FALSE(got.result);
        expect(got.errors(), row.message);
        expect(got.errors(), row.fix);
    }
    // A state of nothing is right, and nothing.
    const FromFiles empty = import_texts({{"terraform", R"({"format_version": "1.0", "terraform_version": "1.9.5"})"}});
    CHECK_FALSE(empty.result);
    expect(empty.errors(), "nothing to take");
}

TEST_CASE("variants of a file: byte order mark, UTF-16, one after the other, twice") {
    const std::string state = state_of(resource_of("aws_db_instance", "a", orders));
    std::string wide = "\xff\xfe";
    for (const char c : state) {
        wide += c;
        wide += '\0';
    }
    for (const std::string& text :
         {state, "\xef\xbb\xbf" + state, wide, state + "\n" + state, "::group::\r\n" + state + "\r\n"}) {
        const FromFiles got = import_texts({{"terraform", text}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.result->databases == 1);
    }
    const std::string plan = import_file("plan_nested.json");
    const FromFiles once = import_texts({{"terraform", plan}}),
                    twice = import_texts({{"terraform", plan}, {"terraform", plan}});
    CHECK(once.result->databases == twice.result->databases);
    CHECK(once.result->services == twice.result->services);
    CHECK(once.result->poolers == twice.result->poolers);
}
