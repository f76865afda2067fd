// Settings of frameworks and of providers that stand elsewhere than in the usual variable or file.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

/// A service of Compose beside a server that is called db.
FromFiles in_compose(std::string_view service) {
    return import_texts(
        {{"compose", fmt::format("services:\n  db: {{image: \"postgres:16\"}}\n  app: {}\n", service)}});
}

constexpr std::string_view host = "orders.c9x.eu-west-1.rds.amazonaws.com";
const std::vector<std::string> orders{"database.orders.class=db.m6g.large", "database.orders.engine=postgresql"};

FromFiles with_service(const Texts& texts) { return import_texts(texts, {{}, orders, {}, {}, nullptr, "svc", false}); }

}  // namespace

TEST_CASE("settings: options of the JVM and of Spring win over variables, and give an address too") {
    struct Row {
        std::string_view service, max;
    };
    for (const Row& row : {
             Row{R"({image: a, environment: {SPRING_DATASOURCE_URL: "jdbc:postgresql://db/x", )"
                 R"(JAVA_TOOL_OPTIONS: "-Xmx1g -Dspring.datasource.hikari.maximum-pool-size=44"}})",
                 "44"},
             Row{R"({image: a, command: "java -jar app.jar --spring.datasource.url=jdbc:postgresql://db/x )"
                 R"(--spring.datasource.hikari.maximumPoolSize=18"})",
                 "18"},
             Row{R"({image: a, command: ["java", "-Dspring.datasource.hikari.maximum-pool-size=9", "-jar", "a.jar"], )"
                 R"(environment: {SPRING_DATASOURCE_URL: "jdbc:postgresql://db/x", )"
                 R"(SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE: "30"}})",
                 "9"},
             Row{R"({image: a, environment: {SPRING_APPLICATION_JSON: '{"spring": {"datasource": {"url": )"
                 R"("jdbc:postgresql://db/x", "hikari": {"maximum-pool-size": 12}}}}'}})",
                 "12"},
             Row{R"({image: a, environment: {QUARKUS_DATASOURCE_JDBC_URL: "jdbc:postgresql://db/x", )"
                 R"(QUARKUS_DATASOURCE_JDBC_MAX_SIZE: "23"}})",
                 "23"},
         }) {
        CAPTURE(row.service);
        const FromFiles got = in_compose(row.service);
        INFO(got.errors());
        CHECK(got.pool("app", "main", "database") == "db");
        CHECK(got.pool("app", "main", "max") == row.max);
    }
    // Another URL takes the place of the variable's: no second pool.
    const FromFiles got =
        in_compose(R"({image: a, environment: {SPRING_DATASOURCE_URL: "jdbc:postgresql://elsewhere/x"}, )"
                   R"(command: "java -jar a.jar --spring.datasource.url=jdbc:postgresql://db/x"})");
    CHECK(got.result->pools == 1);
    CHECK(got.pool("app", "main", "database") == "db");
}

TEST_CASE("settings: of Spring the environment wins over the files") {
    const std::string yaml = fmt::format(
        "spring:\n  datasource:\n    url: jdbc:postgresql://{}/billing\n    hikari:\n      maximum-pool-size: "
        "${{DB_POOL:30}}\n---\nspring:\n  config:\n    activate:\n      on-profile: eu\n  datasource:\n    hikari:\n"
        "      maximum-pool-size: 11\n---\nspring:\n  config:\n    activate:\n      on-profile: us\n  datasource:\n"
        "    hikari:\n      maximum-pool-size: 13\n",
        host);
    const auto max = [&](std::string_view kind, const std::string& variables) {
        const FromFiles got = with_service({{"app:application.yml", yaml}, {kind, variables}});
        INFO(got.errors());
        REQUIRE(got.result);
        return got.pool("svc", "main", "max");
    };
    CHECK(max("app:svc.env", "DB_POOL=31\n") == "31");
    for (const std::string_view kind : {"app:svc.env", "env:svc.env"}) {
        CAPTURE(kind);
        CHECK(max(kind, "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE=80\n") == "80");
        CHECK(max(kind, "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE=81\n") == "81");
        CHECK(max(kind, "SPRING_PROFILES_ACTIVE=us\n") == "13");
        CHECK(max(kind, "SPRING_PROFILES_ACTIVE=eu\nSPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE=80\n") == "80");
    }
}

TEST_CASE("settings: what ERB prints may be longer than its expression") {
    const std::string url = fmt::format("postgres://u:PLANTED@{}:5432/x?sslmode=require", host);
    for (const std::string_view value :
         {R"(url: <%= ENV["DATABASE_URL"] %>)", R"(url: "<%= ENV['DATABASE_URL'] %>")",
          R"(url: <%= ENV.fetch("DATABASE_URL") %>)", R"(host: <%= ENV["DB_HOST"] %>)"}) {
        CAPTURE(value);
        const std::string yaml =
            fmt::format("production:\n  primary:\n    adapter: postgresql\n    {}\n    pool: 7\n", value);
        const bool by_host = value.starts_with("host");
        const FromFiles got =
            with_service({{"app:database.yml", yaml},
                          {"app:svc.env", by_host ? fmt::format("DB_HOST={}\n", host) : "DATABASE_URL=" + url + '\n'}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.pool("svc", "main", "database") == "orders");
        CHECK(got.pool("svc", "main", "max") == "7");
        expect_not(got.all(), "PLANTED");
    }
    // DATABASE_URL is over the file, and a file of variables may come under either kind.
    const FromFiles got =
        with_service({{"app:database.yml", fmt::format("production:\n  adapter: postgresql\n  host: {}\n"
                                                       "  pool: <%= ENV.fetch(\"RAILS_MAX_THREADS\") {{ 5 }} %>\n",
                                                       host)},
                      {"env:svc.env", "RAILS_MAX_THREADS=9\nWEB_CONCURRENCY=4\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("svc", "main", "max") == "9");
    CHECK(got.value("service", "svc", "processes") == "4");
}

TEST_CASE("settings: workers of Airflow, Dramatiq and RQ; a service on every node; results of Celery") {
    const auto processes = [](std::string_view command, std::string_view more = {}) {
        const FromFiles got =
            in_compose(fmt::format(R"({{image: "apache/airflow:2.10", command: "{}", environment: {{DATABASE_URL: )"
                                   R"("postgresql://db/x?pool_max_conns=5"{}}}}})",
                                   command, more));
        INFO(got.errors());
        REQUIRE(got.result);
        return got.value("service", "app", "processes");
    };
    CHECK(processes("webserver", ", AIRFLOW__WEBSERVER__WORKERS: \"3\"") == "3");
    CHECK(processes("airflow webserver") == "4");
    CHECK(processes("airflow webserver -w 2", ", AIRFLOW__WEBSERVER__WORKERS: \"3\"") == "2");
    CHECK(processes("airflow api-server", ", AIRFLOW__API__WORKERS: \"6\"") == "6");
    CHECK(processes("dramatiq app --processes 4 --threads 8") == "4");
    CHECK(processes("rq worker-pool high -n 3") == "3");
    CHECK(processes("python manage.py rqworker-pool --num-workers 4") == "4");
    CHECK(processes("python manage.py rqworker-pool") == "1");

    const FromFiles global = in_compose(
        R"({image: a, deploy: {mode: global}, environment: {DATABASE_URL: "postgres://db/x?pool_max_conns=5"}})");
    CHECK(global.says("not taken  app: its mode is global: it runs on every node, and 1 instance is assumed"));
    CHECK(global.says("--set service.app.instances=N"));
    expect_not(global.text(), "replicas = 1");
    const FromFiles results = in_compose(
        R"({image: a, environment: {AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://u:PLANTED@db/x", )"
        R"(AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE: "5", )"
        R"(AIRFLOW__CELERY__RESULT_BACKEND: "db+postgresql://u:PLANTED@db/x"}})");
    CHECK(results.says("AIRFLOW__CELERY__RESULT_BACKEND: Celery keeps its results over connections of its own"));
    CHECK(results.result->pools == 1);
}

TEST_CASE("settings: PgBouncer of Azure is a pooler on a port of its own") {
    const std::string id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.DBforPostgreSQL/flexibleServers/crm";
    const auto server = [&](std::string_view sku, bool with_id) {
        return fmt::format(R"([{{{} "fullyQualifiedDomainName": "crm.postgres.database.azure.com", "name": "crm",
"location": "West Europe", "sku": {{"name": "{}"}}, "state": "Ready", "version": "16"}}])",
                           with_id ? "\"id\": \"" + id + "\"," : "", sku);
    };
    const auto parameters = [&](std::string_view on) {
        std::string all;
        for (const auto& [name, value] :
             {std::pair("pgbouncer.enabled", on), std::pair("pgbouncer.pool_mode", std::string_view("transaction")),
              std::pair("pgbouncer.default_pool_size", std::string_view("80")),
              std::pair("pgbouncer.max_client_conn", std::string_view("4000")),
              std::pair("max_connections", std::string_view("700"))})
            all +=
                fmt::format(R"({}{{"id": "{}/configurations/{}", "name": "{}", "value": "{}", "source": "user-override",
"isConfigPendingRestart": true}})",
                            all.empty() ? "" : ",", id, name, name, value);
        return '[' + all + ']';
    };
    const std::string client = "DATABASE_URL=postgres://u:PLANTED@crm.postgres.database.azure.com:6432/crm?pool=50\n";
    const FromFiles got = import_texts(
        {{"azure", server("Standard_D4ds_v4", true)}, {"azure", parameters("true")}, {"env:crm.env", client}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("crm", "main", "database") == "crm-pgbouncer");
    for (const auto& [key, value] :
         {std::pair("database", "crm"), std::pair("built_in", "true"), std::pair("mode", "transaction"),
          std::pair("default_pool_size", "80"), std::pair("max_client_conn", "4000")})
        CHECK(got.value("pooler", "crm-pgbouncer", key) == value);
    CHECK(got.says("crm: max_connections 700 waits for a restart"));
    const FromFiles off = import_texts(
        {{"azure", server("Standard_D4ds_v4", true)}, {"azure", parameters("false")}, {"env:crm.env", client}});
    CHECK(off.result->poolers == 0);
    CHECK(off.pool("crm", "main", "database") == "crm");
    // A list whose --query left out the ids.
    const FromFiles bare = import_texts({{"azure", server("Standard_D4ds_v4", false)}});
    CHECK(bare.value("database", "crm", "engine") == "postgresql");
    CHECK(bare.value("database", "crm", "class") == "Standard_D4ds_v4");
}

TEST_CASE("settings: Managed Connection Pooling of Cloud SQL is named") {
    const FromFiles got =
        import_texts({{"cloudsql",
                       R"([{"databaseVersion": "POSTGRES_15", "name": "ep", "region": "europe-west4", "settings":
{"tier": "db-perf-optimized-N-8", "edition": "ENTERPRISE_PLUS", "connectionPoolConfig": {"connectionPoolingEnabled": true}}}])"}});
    REQUIRE(got.result);
    CHECK(got.says("not taken  ep: Managed Connection Pooling is on, and its pools are not read"));
}

TEST_CASE("settings: pages of an answer of CloudWatch are whole together, in any order") {
    const auto page = [](int day, std::string_view status, bool more) {
        return fmt::format(R"({{"MetricDataResults": [{{"Id": "cpu", "Label": "orders CPUUtilization Average",
"Timestamps": ["2026-11-{0:02}T00:00:00Z", "2026-11-{0:02}T00:05:00Z"], "Values": [10, 20], "StatusCode": "{1}"}}]{2}}})",
                           day, status, more ? ", \"NextToken\": \"t\"" : "");
    };
    const std::string first = page(2, "PartialData", true), second = page(3, "PartialData", true),
                      last = page(4, "Complete", false);
    const imports::ImportOptions options{
        {},
        {"database.orders.class=db.m6g.large", "database.orders.engine=postgresql", "database.orders.region=eu-west-1"},
        {},
        {}};
    const auto says = [&](const Texts& texts, std::string_view text) {
        const FromFiles got = import_texts(texts, options);
        INFO(got.errors());
        REQUIRE(got.result);
        return got.says(text);
    };
    for (const Texts& texts :
         {Texts{{"cloudwatch:a.json", first}, {"cloudwatch:b.json", second}, {"cloudwatch:c.json", last}},
          Texts{{"cloudwatch:c.json", last}, {"cloudwatch:b.json", second}, {"cloudwatch:a.json", first}}}) {
        CHECK_FALSE(says(texts, "PartialData"));
        CHECK_FALSE(says(texts, "NextToken"));
    }
    const Texts open{{"cloudwatch:a.json", first}, {"cloudwatch:b.json", second}};
    CHECK(says(open, "a.json: the rest of 1 series: StatusCode is PartialData"));
    CHECK(says(open, "b.json: the next page: the answer has a NextToken"));
}
