// What containers are, and what they are not: clients, servers, runs that end. In Compose files and manifests alike.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

FromFiles composed(const std::string& services, Texts more = {}, imports::ImportOptions options = {}) {
    more.insert(more.begin(), {"compose:c.yml", "services:\n" + services});
    return import_texts(more, std::move(options));
}

/// A workload with one container, whose lines are indented by eight.
std::string workload(std::string_view kind, std::string_view name, int replicas, const std::string& container) {
    return fmt::format(
        "---\napiVersion: apps/v1\nkind: {}\nmetadata: {{name: {}}}\nspec:\n  replicas: {}\n  template:\n"
        "    metadata: {{labels: {{app: {}}}}}\n    spec:\n      containers:\n      - name: c\n{}",
        kind, name, replicas, name, container);
}

const std::string db = "  db: {image: 'postgres:16'}\n";

}  // namespace

TEST_CASE("the image of no client is no service, whatever its env_file has") {
    for (const char* image : {"redis:alpine", "docker.io/valkey/valkey:8", "nginx", "bitnami/kafka:3", "traefik:v3"}) {
        CAPTURE(image);
        const FromFiles got = composed(
            db + fmt::format("  front: {{image: '{}', env_file: .env}}\n  api: {{image: a, env_file: .env}}\n", image),
            {{"compose:.env", "DB_HOST=db\nDB_POOL_SIZE=5\nWEB_CONCURRENCY=4\n"}});
        INFO(got.errors());
        CHECK(got.pool("front", "main", "max") == "no service");
        CHECK(got.pool("api", "main", "max") == "5");
        CHECK(got.says("not taken  services: not a database client, by its image: front"));
    }
    const FromFiles pods = import_texts(
        {{"kubernetes", workload("Deployment", "cache", 1,
                                 "        image: redis:7\n        env: [{name: DB_POOL_SIZE, value: '3'}]\n") +
                            workload("Deployment", "api", 1,
                                     "        image: a\n        env: [{name: DB_POOL_SIZE, value: '3'}]\n")}});
    CHECK(pods.value("service", "cache", "instances") == "no record");
    CHECK(pods.says("not a database client, by its image: cache"));
    const FromFiles beside =
        import_texts({{"kubernetes", workload("Deployment", "api", 1,
                                              "        image: a\n      - name: front\n        image: nginx\n") +
                                         workload("Deployment", "db", 1, "        image: postgres:16\n")}});
    CHECK(beside.says("no database address in api"));
}

TEST_CASE("a variable that a server has as max_connections is no pool's size") {
    const std::string api = "  api: {image: a, environment: {DB_HOST: db, POSTGRES_MAX_CONNECTIONS: 100}}\n";
    for (const char* command :
         {"postgres -c 'max_connections=${POSTGRES_MAX_CONNECTIONS:-100}'",
          "[postgres, -c, 'max_connections=$POSTGRES_MAX_CONNECTIONS']", "-N ${POSTGRES_MAX_CONNECTIONS:-100}"}) {
        CAPTURE(command);
        const FromFiles got = composed(fmt::format("  db:\n    image: postgres:15\n    command: {}\n", command) + api);
        INFO(got.errors());
        CHECK(got.pool("api", "main", "max") == "no record");
        CHECK(got.says("api: POSTGRES_MAX_CONNECTIONS is max_connections of a server, and no pool's size"));
    }
    CHECK(composed(db + api).pool("api", "main", "max") == "100");
    const FromFiles pods = import_texts(
        {{"kubernetes",
          workload("StatefulSet", "db", 1,
                   "        image: postgres:16\n        args: [-c, max_connections=$(PG_MAX_CONNECTIONS)]\n"
                   "        env: [{name: PG_MAX_CONNECTIONS, value: '300'}]\n") +
              workload("Deployment", "api", 1,
                       "        image: a\n        env: [{name: DB_HOST, value: db}, {name: PG_MAX_CONNECTIONS, value: "
                       "'300'}]\n")}});
    CHECK(pods.value("database", "db", "max_connections") == "300");
    CHECK(pods.pool("api", "main", "max") == "no record");
}

TEST_CASE("WEB_CONCURRENCY counts where it is read") {
    const auto processes = [](const std::string& command) {
        const FromFiles got =
            composed(db + "  api:\n    image: a\n" + (command.empty() ? "" : "    command: " + command + "\n") +
                     "    environment: {DB_HOST: db, DB_POOL_SIZE: 5, WEB_CONCURRENCY: 2}\n");
        return got.value("service", "api", "processes") +
               (got.says("WEB_CONCURRENCY 2 does not count") ? ", told" : "");
    };
    CHECK(processes("") == "2");
    CHECK(processes("bundle exec puma -C config/puma.rb") == "2");
    CHECK(processes("./start.sh") == "2");
    CHECK(processes("node ./streaming/index.js") == "-, told");
    CHECK(processes("sh -c 'java -jar app.jar'") == "-, told");
    CHECK(processes("node node_modules/.bin/pm2-runtime -i 3") == "3");
    CHECK(processes("bundle exec sidekiq") == "1");
}

TEST_CASE("more threads than their pool has connections are told") {
    const auto notes = [](const std::string& rest) {
        return composed(db + "  jobs:\n    image: a\n    command: bundle exec sidekiq" + rest).notes();
    };
    const std::string env = "\n    environment: {DB_HOST: db, RAILS_MAX_THREADS: 5";
    CHECK(notes(" -c 25" + env + "}\n").find("jobs.main: 25 threads (sidekiq -c) share a pool of 5") !=
          std::string::npos);
    CHECK(notes(env + ", SIDEKIQ_CONCURRENCY: 10}\n").find("10 threads (SIDEKIQ_CONCURRENCY) share a pool of 5") !=
          std::string::npos);
    CHECK(notes(env + ", SIDEKIQ_CONCURRENCY: 10}\n").find("--set service.jobs.pool.main.max=10") != std::string::npos);
    CHECK(notes(env + "}\n").find("threads (") == std::string::npos);
}

TEST_CASE("a server that has its own address, as its clients do, is the server") {
    const std::string limits = "    deploy: {resources: {limits: {cpus: '2', memory: 4G}}}\n";
    for (const char* address :
         {"postgres://u:p@db/app", "postgres://u:p@elsewhere/app", "postgres://u:p@127.0.0.1/x"}) {
        CAPTURE(address);
        const FromFiles got =
            composed(fmt::format("  db:\n    image: postgres:17\n    command: postgres -c max_connections=300\n"
                                 "    environment: {{DATABASE_URL: '{}'}}\n",
                                 address) +
                     limits);
        INFO(got.errors());
        CHECK(got.value("database", "db", "version") == "17");
        CHECK(got.value("database", "db", "max_connections") == "300");
        CHECK(got.value("database", "db", "vcpus") == "2");
        CHECK(got.notes().find("a tool") == std::string::npos);
    }
    // Without a command: its own names, or what sets it up.
    for (const char* more : {"environment: {PGHOST: db}", "environment: {PGHOST: main}\n    hostname: main",
                             "environment: {PGHOST: main}\n    networks: {back: {aliases: [main]}}",
                             "environment: {PGHOST: other, POSTGRES_PASSWORD: x}"}) {
        CAPTURE(more);
        const FromFiles got = composed(fmt::format("  db:\n    image: postgres:17\n    {}\n", more) +
                                       "  api: {image: a, environment: {DB_HOST: db, DB_POOL: 3}}\n");
        CHECK(got.value("database", "db", "version") == "17");
        CHECK(got.notes().find("a tool") == std::string::npos);
    }
    for (const char* more :
         {"environment: {PGHOST: db}", "command: pg_dump -h db app", "command: sh -c 'psql -h db -f x'"}) {
        CAPTURE(more);
        const FromFiles got = composed(db + fmt::format("  dump:\n    image: postgres:16\n    {}\n", more));
        CHECK(got.result->databases == 1);
        CHECK(got.says("not taken  dump: it has the image of a server and connects to another: a tool"));
    }
    const std::string map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {DB_HOST: pg-svc}\n";
    const std::string service =
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: pg-svc}\nspec: {selector: {app: pg}}\n";
    const FromFiles pods = import_texts(
        {{"kubernetes", map + service +
                            workload("StatefulSet", "pg", 1,
                                     "        image: postgres:17.2-alpine\n        args: [-c, max_connections=300]\n"
                                     "        envFrom: [{configMapRef: {name: m}}]\n"
                                     "        resources: {limits: {cpu: 2000m, memory: 4Gi}}\n") +
                            workload("Deployment", "api", 4,
                                     "        image: a\n        envFrom: [{configMapRef: {name: m}}]\n"
                                     "        env: [{name: DB_POOL, value: '7'}]\n")}});
    INFO(pods.errors());
    for (const auto& [key, value] : {std::pair("version", "17.2"), std::pair("vcpus", "2"),
                                     std::pair("memory", "4 GiB"), std::pair("max_connections", "300")})
        CHECK(pods.value("database", "pg", key) == value);
    CHECK(pods.pool("api", "main", "database") == "pg");
}

TEST_CASE("a service has what it extends, of its own file or another") {
    const std::string file =
        db +
        "  web:\n    extends: {file: common.yml, service: app}\n    command: puma -w 3\n"
        "    deploy: {replicas: 2}\n  web2:\n    extends: {service: web}\n    command: puma -w 1\n";
    const std::string common =
        "services:\n  app:\n    image: app\n    environment:\n"
        "      DATABASE_URL: postgres://u:PLANTED@db:5432/app?pool=7\n";
    const FromFiles got = composed(file, {{"compose:common.yml", common}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 2);
    CHECK(got.value("service", "web", "instances") == "2");
    CHECK(got.value("service", "web", "processes") == "3");
    CHECK(got.pool("web", "main", "max") == "7");
    CHECK(got.value("service", "web2", "processes") == "1");
    CHECK(got.value("service", "web2", "instances") == "2");
    CHECK(got.pool("web2", "main", "max") == "7");
    CHECK(got.text().find("# from common.yml: DATABASE_URL") != std::string::npos);
    CHECK(got.all().find("PLANTED") == std::string::npos);
    const FromFiles without = composed(file);
    CHECK(without.says("web: it extends app, whose file common.yml is not in the files"));
    CHECK(without.says("name that file too"));
    CHECK(
        composed(db + "include: [parts/jobs.yml]\n").says("note       jobs.yml: it is included, but not in the files"));
    const FromFiles round = composed(db + "  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n");
    CHECK(round.says("a: it extends"));
}

TEST_CASE("the name of a server of the files is an address, whatever the variable is called") {
    const auto database = [](const std::string& variable) {
        return composed(db + "  cache: {image: redis}\n  api:\n    image: a\n    environment: {" + variable +
                        ", DB_POOL_SIZE: 4}\n")
            .pool("api", "main", "database");
    };
    for (const char* variable : {"AUTHENTIK_POSTGRESQL__HOST: db", "POSTGRES_SEEDS: db", "GITEA__database__HOST: db",
                                 "GITEA__database__HOST: 'db:5432'", "WHERE: 'db:5432'"})
        CHECK_MESSAGE(database(variable) == "db", variable);
    // A user, a kind of database or a name of one may be the same word; another server is another matter.
    for (const char* variable : {"DB_USER: db", "POSTGRES_DB: db", "DB_CONNECTION: db", "REDIS_HOST: cache",
                                 "METRICS: 'db:9187'", "QUEUE_HOST: elsewhere"})
        CHECK_MESSAGE(database(variable) == "no record", variable);
    const FromFiles pods = import_texts(
        {{"kubernetes",
          "apiVersion: v1\nkind: Service\nmetadata: {name: pg}\nspec: {selector: {app: db}}\n" +
              workload("StatefulSet", "db", 1, "        image: postgres:16\n") +
              workload("Deployment", "api", 1,
                       "        image: a\n        env: [{name: APP_SQL_ADDR, value: 'pg.default.svc:5432'}, {name: "
                       "DB_POOL_SIZE, value: '4'}]\n")}});
    CHECK(pods.pool("api", "main", "database") == "db");
}

TEST_CASE("a host may have its port, which says the engine too") {
    const FromFiles got = composed(
        "  pg: {image: 'postgres:14.11'}\n  a:\n    image: grafana/grafana\n"
        "    environment: {GF_DATABASE_HOST: 'pg:5432', GF_DATABASE_MAX_OPEN_CONN: 12}\n"
        "  b:\n    image: b\n    environment: {DB_HOST: 'orders.c9x.eu-west-1.rds.amazonaws.com:3306', DB_POOL: 9}\n"
        "  c:\n    image: c\n    environment: {DB_HOST: bills.c9x.eu-west-1.rds.amazonaws.com, DB_PORT: 5432, "
        "DB_POOL: 9}\n");
    INFO(got.errors());
    CHECK(got.pool("a", "main", "database") == "pg");
    CHECK(got.pool("a", "main", "max") == "12");
    CHECK(got.value("database", "orders", "engine") == "mysql");
    CHECK(got.text().find("the port 3306") != std::string::npos);
    CHECK(got.text().find("DB_PORT 5432") != std::string::npos);
    CHECK(got.text().find("URL's scheme") == std::string::npos);
}

TEST_CASE("a server without max_connections says what it needs to be taken with its size") {
    const FromFiles got = composed("  db:\n    image: postgres:16\n    cpus: 1\n    mem_limit: 2g\n");
    CHECK(got.says(
        "its max_connections is not in the files (PostgreSQL has 100 by default); its 1 vCPU and 2 GiB need that "
        "to be taken"));
    CHECK(got.says("--set database.db.max_connections=100"));
    const FromFiles set = composed("  db:\n    image: postgres:16\n    cpus: 1\n    mem_limit: 2g\n", {},
                                   {{}, {"database.db.max_connections=100"}, {}});
    CHECK(set.value("database", "db", "vcpus") == "1");
    CHECK(
        composed("  db: {image: 'mysql:8.0.40'}\n")
            .says("how much memory it has is not in the files, nor is its max_connections (MySQL has 151 by default)"));
}

TEST_CASE("a digest is no part of an image's name") {
    const std::string image = "ghcr.io/immich-app/postgres:14-vectorchord0.4.3-pgvectors0.2.0@sha256:32324a2f41df";
    const FromFiles got = composed(fmt::format("  db: {{image: '{}'}}\n", image));
    REQUIRE(got.result);
    CHECK(got.notes().find("a postgresql server in a container, version 14") != std::string::npos);
    const FromFiles pods =
        import_texts({{"kubernetes", workload("StatefulSet", "db", 3, fmt::format("        image: '{}'\n", image))}});
    REQUIRE(pods.result);
    CHECK(pods.result->databases == 1);
    CHECK(pods.says("not taken  db: 2 of its 3 pods: each is a server of its own"));
}

TEST_CASE("a Compose service that does not run by itself is listed, with what starts it") {
    const std::string file = db +
                             "  api:\n    image: a\n    environment: &env {DB_HOST: db, DB_POOL_SIZE: 5}\n"
                             "    depends_on: {init: {condition: service_completed_successfully}}\n"
                             "  init: {image: a, environment: *env}\n"
                             "  shell: {image: a, environment: *env, profiles: [debug, tools]}\n"
                             "  always: {image: a, environment: *env, profiles: ['', debug]}\n"
                             "  mysql: {image: 'mysql:8.0', profiles: [mysql]}\n";
    const FromFiles got = composed(file);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 3);
    CHECK(got.result->databases == 1);
    CHECK(got.value("service", "always", "instances") == "1");
    CHECK(got.says("note       shell: it runs only with the profile debug"));
    const FromFiles none = composed(file, {{"compose:.env", "COMPOSE_PROFILES=mysql\n"}});
    CHECK(none.says("not taken  shell: it runs only with the profile debug; its size is known: 5"));
    CHECK(none.says("COMPOSE_PROFILES=debug in a .env that is named too"));
    CHECK(got.says("not taken  init: others wait until it has ended"));
    CHECK(got.says("not taken  mysql: it runs only with the profile mysql"));
    const FromFiles tools =
        composed(db + "  ui: {image: adminer}\n  admin: {image: dpage/pgadmin4, environment: {DB_HOST: db}}\n");
    CHECK(tools.says("not taken  services: no database address in ui"));
    CHECK(tools.says("not taken  admin: a tool holds connections of its own"));
    const FromFiles with = composed(file, {{"compose:.env", "COMPOSE_PROFILES=mysql,tools\n"}});
    CHECK(with.result->services == 2);
    CHECK(with.result->databases == 2);
    CHECK(with.pool("shell", "main", "max") == "5");
    CHECK(with.value("service", "always", "instances") == "no record");
}

TEST_CASE("Airflow's worker starts 16 processes, whatever the vCPUs are") {
    const auto processes = [](const std::string& image, const std::string& more) {
        return composed(db + "  w:\n    image: " + image + "\n    command: celery worker\n    environment: {" + more +
                        "X_DATABASE_URL: 'postgres://u:p@db/a?pool_size=5'}\n")
            .value("service", "w", "processes");
    };
    CHECK(processes("apache/airflow:2.9.0", "") == "16");
    CHECK(processes("apache/airflow:2.9.0", "AIRFLOW__CELERY__WORKER_CONCURRENCY: 8, ") == "8");
    CHECK(processes("shop/jobs", "") == "-");
}

TEST_CASE("of two files of a name the one by the path counts") {
    const FromFiles got = import_texts(
        {{"compose:shop/c.yml",
          "services:\n" + db + "  api: {image: a, env_file: ./api/.env}\n  web: {image: a, env_file: .env}\n"},
         {"compose:shop/.env", "DB_HOST=db\nDB_POOL=3\n"},
         {"compose:shop/api/.env", "DB_HOST=db\nDB_POOL=8\n"}});
    INFO(got.errors());
    CHECK(got.pool("api", "main", "max") == "8");
    CHECK(got.pool("web", "main", "max") == "3");
}

TEST_CASE("a Compose file names what is read with it") {
    const imports::RawFile file{"shop/c.yml", "services:\n  a:\n    env_file: [conf/api.env]\n", {}};
    const auto names = [&](std::string name, std::string text) {
        return imports::compose_names(file, {std::move(name), std::move(text), {}});
    };
    CHECK(names("shop/.env", "A=1\n"));
    CHECK(names("./shop/conf/api.env", "A=1\n"));
    CHECK_FALSE(names("other/.env", "A=1\n"));
    CHECK_FALSE(names("shop/conf/my-api.env", "A=1\n"));
    CHECK_FALSE(names("shop/web.env", "A=1\n"));
}

TEST_CASE("a workload with a size and no address is taken, and its pool listed with what completes it") {
    const std::string api =
        workload("Deployment", "api", 4, "        image: x\n        env: [{name: PG_POOL_MAX, value: '10'}]\n");
    const std::string own =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {template: {spec: {containers: [{name: a, "
        "image: "
        "x, env: [{name: DATABASE_URL, value: 'postgres://u:p@orders.c9x.eu-west-1.rds.amazonaws.com/x'}, {name: "
        "PG_POOL_MAX, value: '10'}]}]}}}\n";
    const FromFiles got = import_texts({{"kubernetes", own + api}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "api", "instances") == "4");
    CHECK(got.says("not taken  api.main: no variable has a database address; its size is known: 10"));
    CHECK(got.says("--set service.api.pool.main.database=NAME"));
    const FromFiles set =
        import_texts({{"kubernetes", own + api}},
                     {{}, {"service.api.pool.main.database=orders", "database.orders.class=db.m6g.large"}, {}});
    INFO(set.errors());
    REQUIRE(set.result);
    CHECK(set.pool("api", "main", "database") == "orders");
    CHECK(set.pool("api", "main", "max") == "10");
    const FromFiles composed_too = composed(db + "  jobs: {image: a, environment: {DB_POOL_SIZE: 6}}\n", {},
                                            {{}, {"service.jobs.pool.main.database=db"}, {}});
    INFO(composed_too.errors());
    CHECK(composed_too.pool("jobs", "main", "max") == "6");
}

TEST_CASE("KEDA scales to the least that its object says") {
    const auto instances = [](const std::string& numbers) {
        const FromFiles got = import_texts(
            {{"kubernetes", workload("Deployment", "w", 1,
                                     "        env: [{name: DATABASE_URL, value: "
                                     "'postgres://u:p@orders.c9x.eu-west-1.rds.amazonaws.com/x?pool_size=2'}]\n") +
                                "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: s}\nspec:\n"
                                "  scaleTargetRef: {name: w}\n" +
                                numbers}});
        return got.value("service", "w", "instances");
    };
    CHECK(instances("  minReplicaCount: 0\n  maxReplicaCount: 40\n") == "min 0, max 40");
    CHECK(instances("  maxReplicaCount: 40\n") == "min 0, max 40");
    CHECK(instances("  minReplicaCount: 3\n  maxReplicaCount: 40\n") == "min 3, max 40");
    CHECK(instances("  minReplicaCount: 3\n  idleReplicaCount: 0\n  maxReplicaCount: 40\n") == "min 0, max 40");
}
