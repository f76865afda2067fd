// A Compose file, against what it has to become, worked out by hand from the files.
#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::vector<std::string> classes{"database.db.vcpus=4", "database.db.memory=8 GiB",
                                       "database.berth-replica-0.class=db.m6g.large"};

}  // namespace

TEST_CASE("a Compose file with its env_file") {
    const FromFiles got = import_texts({{"compose:stack.yml", import_file("compose_stack.yml")},
                                        {"compose:compose_prod.env", import_file("compose_prod.env")}},
                                       {{}, classes, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 3);
    CHECK(got.result->poolers == 1);
    CHECK(got.result->services == 7);
    CHECK(got.result->pools == 5);
    CHECK(got.value("database", "db", "max_connections") == "150");
    for (const auto& [key, value] : {std::pair("database", "db"), std::pair("mode", "transaction"),
                                     std::pair("default_pool_size", "22"), std::pair("reserve_pool_size", "3"),
                                     std::pair("max_client_conn", "400"), std::pair("max_db_connections", "45")})
        CHECK(got.value("pooler", "pgbouncer", key) == value);
    struct Row {
        const char *name, *instances, *processes, *deploy, *database, *max, *set_in;
    };
    for (const Row& row : {Row{"gate-web", "3", "3", "rolling", "pgbouncer", "14", "env"},
                           Row{"gate-worker", "2", "5", "recreate", "db", "12", "env"},
                           Row{"gate-beat", "1", "1", "recreate", "no record", "no record", "no record"},
                           Row{"portal1", "1", "-", "recreate", "db", "9", "url"},
                           Row{"portal2", "1", "-", "recreate", "db", "9", "url"},
                           Row{"reports", "1", "-", "recreate", "berth-replica-0", "6", "env"}}) {
        CAPTURE(row.name);
        CHECK(got.value("service", row.name, "instances") == row.instances);
        CHECK(got.value("service", row.name, "processes") == row.processes);
        CHECK(got.value("service", row.name, "deploy") == row.deploy);
        CHECK(got.pool(row.name, "main", "database") == row.database);
        CHECK(got.pool(row.name, "main", "max") == row.max);
        CHECK(got.pool(row.name, "main", "set_in") == row.set_in);
    }
    const std::string notes = got.notes();
    for (const char* line :
         {"note       db-analytics: a postgresql server in a container, version 15, max_connections 80",
          "not taken  gate-beat.main: no variable has a database address; its size is known: 12",
          "not taken  pgbouncer-ops: its pgbouncer.ini is not in the files",
          "not taken  tariff.main: its host legacy-mysql is not in the files",
          "not taken  backup: it has the image of a server", "not taken  reports: pm2-runtime -i is \"max\"",
          "note       portal1: 2 copies of one service", "note       reports: it runs only with the profile reporting",
          "not taken  services: no database address in kiosk",
          "not taken  services: not a database client, by its image: cache"}) {
        CAPTURE(line);
        CHECK(notes.find(line) != std::string::npos);
    }
}

TEST_CASE("without a class the server of a Compose file is taken, with its max_connections") {
    const FromFiles got = import_texts({{"compose", import_file("compose_stack.yml")}});
    REQUIRE(got.result);
    CHECK(got.result->databases == 3);
    CHECK(got.value("service", "reports", "instances") == "1");
    const FromFiles some = import_texts(
        {{"compose:stack.yml", import_file("compose_stack.yml")}, {"compose:.env", "COMPOSE_PROFILES=other\n"}});
    REQUIRE(some.result);
    // reports waits for its profile, and its replica is known by it alone.
    CHECK(some.result->databases == 2);
    CHECK(some.value("service", "reports", "instances") == "no record");
    CHECK(some.notes().find("not taken  reports: it runs only with the profile reporting; its size is known: 6") !=
          std::string::npos);
    CHECK(some.notes().find("COMPOSE_PROFILES=reporting in a .env") != std::string::npos);
    CHECK(got.value("database", "db", "max_connections") == "150");
    CHECK(got.value("database", "db", "vcpus") == "-");
    CHECK(got.notes().find("db: a postgresql server in a container, version 16.2, max_connections 150") !=
          std::string::npos);
    CHECK(got.notes().find("its env_file is not in the files") != std::string::npos);
}

TEST_CASE("a pgbouncer.ini that is mounted counts, and not the variables") {
    const FromFiles got = import_texts(
        {{"compose:stack.yml", import_file("compose_stack.yml")},
         {"compose:pgbouncer_main.ini", import_file("pgbouncer_main.ini")},
         {"compose:pgbouncer_databases.ini", import_file("pgbouncer_databases.ini")}},
        {{}, {"database.berth-primary.class=db.m6g.xlarge", "database.manifest-db.class=db.t3.large"}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("pooler", "pgbouncer-ops", "kind") == "pgbouncer");
    CHECK(got.value("pooler", "pgbouncer-ops", "default_pool_size") == "16");
    CHECK(got.value("pooler", "pgbouncer-ops", "max_client_conn") == "1200");
    CHECK(got.value("pooler", "pgbouncer-ops", "max_db_connections") == "70");
    const std::string text = got.text();
    for (const char* line : {"= \"berth\"", "= 28 ", "= \"berth_jobs\"", "= 9 ", "= \"manifest\""}) {
        CAPTURE(line);
        CHECK(text.find(line) != std::string::npos);
    }
    CHECK(text.find("= 99") == std::string::npos);
    CHECK(got.notes().find("not taken  pgbouncer-ops/berth_ro") != std::string::npos);
    CHECK(got.notes().find("not taken  pgbouncer-ops/local_tools: it has no host: a socket") != std::string::npos);
    CHECK(got.notes().find("; known of it: pool_mode session, pool_size 16, reserve_pool_size 3") != std::string::npos);
    CHECK(got.notes().find("its variables have no effect") != std::string::npos);
}

TEST_CASE("${…} is replaced from .env, never from an env_file") {
    const std::string file =
        "services:\n  web:\n    image: web\n    env_file: [{path: web.env}]\n    command: gunicorn a:a -w "
        "${WORKERS:-2}\n"
        "    environment:\n      DATABASE_URL: postgres://u:${SECRET}@${HOST}/x\n      DB_POOL_SIZE: ${SIZE-7}\n";
    const std::string host = "HOST=orders.c9x.eu-west-1.rds.amazonaws.com\n";
    const imports::ImportOptions options{{}, {"database.orders.class=db.m6g.large"}, {}};
    const FromFiles got = import_texts(
        {{"compose:c.yml", file}, {"compose:web.env", "WORKERS=9\nSIZE=9\n"}, {"compose:.env", host + "SIZE=5\n"}},
        options);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "web", "processes") == "2");
    CHECK(got.pool("web", "main", "max") == "5");
    CHECK(got.pool("web", "main", "database") == "orders");
}

TEST_CASE("a variable by its name alone is what Compose has; an address of another kind of server is none") {
    const std::string file =
        "services:\n  db: {image: 'postgres:16-alpine'}\n  app:\n    image: app\n    environment:\n"
        "      - DATABASE_URL\n      - CLICKHOUSE_DATABASE_URL=http://events:8123/app\n      - DB_POOL_SIZE=4\n";
    const imports::ImportOptions options{
        {}, {"database.db.vcpus=2", "database.db.memory=4 GiB", "database.db.max_connections=100"}, {}};
    const FromFiles got =
        import_texts({{"compose:c.yml", file}, {"compose:.env", "DATABASE_URL=postgres://u:p@db/app\n"}}, options);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->pools == 1);
    CHECK(got.pool("app", "main", "database") == "db");
    CHECK(got.pool("app", "main", "max") == "4");
    const FromFiles without = import_texts({{"compose", file}}, options);
    CHECK(
        without.notes().find(
            "app.main: its address is in the variable DATABASE_URL, which is not in the files; its size is known: 4") !=
        std::string::npos);
    CHECK(without.notes().find("clickhouse") == std::string::npos);
}

TEST_CASE("a service of two Compose files is merged, as docker compose -f a -f b does") {
    const std::string base =
        "services:\n  api:\n    image: shop/api\n    command: gunicorn app:app -w 2\n    environment:\n"
        "      DATABASE_URL: postgresql://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/shop\n"
        "      DB_POOL_SIZE: 5\n      DB_MAX_OVERFLOW: 1\n    deploy:\n      replicas: 2\n"
        "      update_config:\n        order: start-first\n";
    const std::string over =
        "services:\n  api:\n    command: [\"gunicorn\", \"app:app\", \"-w\", \"6\"]\n    environment:\n"
        "      - DB_POOL_SIZE=9\n    deploy:\n      replicas: 4\n";
    const FromFiles got = import_texts({{"compose:a.yml", base}, {"compose:b.yml", over}},
                                       {{}, {"database.orders.class=db.m6g.large"}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("service", "api", "instances") == "4");
    CHECK(got.value("service", "api", "processes") == "6");
    CHECK(got.value("service", "api", "deploy") == "rolling");
    CHECK(got.pool("api", "main", "max") == "10");
    CHECK(got.pool("api", "main", "database") == "orders");
    // Each value has the place of the file that it is from.
    const std::string text = got.text();
    CHECK(text.find("# from b.yml: replicas = 4") != std::string::npos);
    CHECK(text.find("# from a.yml: start-first = rolling") != std::string::npos);
    CHECK(text.find("# from b.yml: DB_POOL_SIZE 9 + DB_MAX_OVERFLOW 1 = 10") != std::string::npos);
    CHECK(got.notes().find("it is in two files, which are merged in their order") != std::string::npos);
    CHECK(got.all().find("PLANTED") == std::string::npos);
    // The other way round the first file's values win.
    const FromFiles turned = import_texts({{"compose:b.yml", over}, {"compose:a.yml", base}},
                                          {{}, {"database.orders.class=db.m6g.large"}, {}});
    CHECK(turned.value("service", "api", "instances") == "2");
    CHECK(turned.value("service", "api", "processes") == "2");
    CHECK(turned.pool("api", "main", "max") == "6");
}

TEST_CASE("an address in a variable that nothing sets is said to be in that variable") {
    const std::string file =
        "services:\n  api:\n    image: api\n    environment:\n      DATABASE_URL: ${DATABASE_URL}\n      DB_POOL_SIZE: "
        "4\n"
        "  job:\n    image: api\n    environment: [DATABASE_URL, DB_POOL_SIZE=3]\n";
    const FromFiles without = import_texts({{"compose", file}});
    for (const char* service : {"api", "job"})
        CHECK(without.notes().find(std::string("not taken  ") + service +
                                   ".main: its address is in the variable DATABASE_URL, which is not in the files") !=
              std::string::npos);
    const FromFiles got =
        import_texts({{"compose", file}}, {{"secret:DATABASE_URL=orders"},
                                           {"database.orders.class=db.m6g.large", "database.orders.region=eu-west-1",
                                            "database.orders.engine=postgresql"},
                                           {}});
    INFO(got.errors());
    CHECK(got.pool("api", "main", "database") == "orders");
    CHECK(got.pool("job", "main", "max") == "3");
}

TEST_CASE("a server in a container has what its command line and its limits say") {
    const FromFiles got = import_texts(
        {{"compose",
          "services:\n  db:\n    image: postgres:16.2-alpine\n    command: postgres -c max_connections=200\n"
          "    mem_limit: 4g\n    cpus: 2\n"
          "  spare:\n    image: pgvector/pgvector:pg16\n    command: [\"-N\", \"77\"]\n"
          "    deploy: {resources: {limits: {cpus: '0.5', memory: 2G}}}\n"
          "  api:\n    image: x\n    environment:\n      DATABASE_URL: postgres://u:p@db/x\n"
          "      SQLALCHEMY_POOL_SIZE: 10\n      SQLALCHEMY_MAX_OVERFLOW: -1\n"
          "  go:\n    image: x\n    environment:\n      MYSQL_DSN: \"u:p@tcp(my:3306)/x\"\n      DB_MAX_OPEN_CONNS: "
          "25\n"
          "  my:\n    image: mysql:8.0.40\n    command: --max-connections=500\n    mem_limit: 2048m\n    cpus: "
          "'1.0'\n"}},
        {{}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "db", "version") == "16.2");
    CHECK(got.value("database", "db", "vcpus") == "2");
    CHECK(got.value("database", "db", "memory") == "4 GiB");
    CHECK(got.value("database", "db", "max_connections") == "200");
    CHECK(got.value("database", "spare", "max_connections") == "77");
    CHECK(got.value("database", "spare", "vcpus") == "-");
    CHECK(got.value("database", "my", "memory") == "2 GiB");
    CHECK(got.pool("go", "main", "database") == "my");
    CHECK(got.pool("go", "main", "max") == "25");
    CHECK(got.pool("api", "main", "max") == "no record");
    CAPTURE(got.notes());
    CHECK(got.notes().find("SQLALCHEMY_MAX_OVERFLOW -1: its connections have no limit") != std::string::npos);
}
