// Configurations of frameworks, against what they have to become.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::vector<std::string> orders{"database.orders.class=db.m6g.large", "database.orders.engine=postgresql"};
const std::vector<std::string> both{"database.orders.class=db.m6g.large", "database.orders.engine=postgresql",
                                    "database.reports.class=db.m6g.large", "database.reports.engine=postgresql"};

}  // namespace

TEST_CASE("Spring: documents of profiles, relaxed names, several data sources, defaults of variables") {
    const FromFiles got =
        import_texts({{"app:src/main/resources/application.yml", import_file("application.yml")}}, {{}, both, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.value("service", "settlement", "instances") == "-");
    CHECK(got.pool("settlement", "main", "database") == "orders");
    CHECK(got.pool("settlement", "main", "max") == "20");
    CHECK(got.pool("settlement", "main", "driver") == "hikaricp");
    CHECK(got.pool("settlement", "reports", "database") == "reports");
    CHECK(got.pool("settlement", "reports", "max") == "4");
    expect(got.notes(), "the profile prod is assumed to run");
    expect(got.notes(), "left out: the profile dev");
    expect(got.text(), "the default of REPORT_HOST");
}

TEST_CASE("Spring: properties, and the variables of a file beside them") {
    const FromFiles got =
        import_texts({{"app:application.properties", import_file("application.properties")}}, {{}, orders, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("mailer", "main", "max") == "6");
    const FromFiles with = import_texts({{"app:application.yml", import_file("application.yml")},
                                         {"app:prod.env",
                                          "REPORT_HOST=orders.c9xample0001.eu-west-1.rds.amazonaws.com\n"
                                          "PROFILE=dev\n"}},
                                        {{}, orders, {}});
    INFO(with.errors());
    REQUIRE(with.result);
    CHECK(with.pool("settlement", "reports", "database") == "orders");
    CHECK(with.pool("settlement", "main", "max") == "2");
}

TEST_CASE("Rails: the default of ENV.fetch is taken and said, and ERB is not run") {
    const FromFiles got = import_texts({{"app:shop/config/database.yml", import_file("database.yml")}}, {{}, both, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("shop", "main", "database") == "orders");
    CHECK(got.pool("shop", "main", "max") == "5");
    CHECK(got.pool("shop", "main", "set_in") == "env");
    CHECK(got.pool("shop", "reading", "database") == "reports");
    CHECK(got.pool("shop", "reading", "max") == "3");
    CHECK(got.pool("shop", "reading", "set_in") == "url");
    CHECK(got.pool("shop", "queue", "max") == "no record");
    expect(got.notes(), "the default of RAILS_MAX_THREADS");
    expect(got.notes(), "not taken  shop.queue");
    const FromFiles with = import_texts(
        {{"app:shop/config/database.yml", import_file("database.yml")}, {"app:.env", "RAILS_MAX_THREADS=16\n"}},
        {{}, both, {}});
    REQUIRE(with.result);
    CHECK(with.pool("shop", "main", "max") == "16");
}

TEST_CASE("Prisma: the URL of the datasource, by its variable, with the parameters") {
    const std::string schema = import_file("schema.prisma");
    const FromFiles got =
        import_texts({{"app:web/prisma/schema.prisma", schema},
                      {"app:.env",
                       "DATABASE_URL=\"postgresql://u:PLANTED@orders.c9xample0001.eu-west-1.rds.amazonaws.com/"
                       "x?connection_limit=9\"\n"}},
                     {{}, orders, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("web", "main", "database") == "orders");
    CHECK(got.pool("web", "main", "max") == "9");
    CHECK(got.pool("web", "main", "driver") == "prisma-6");
    expect(got.notes(), "directUrl is for migrations");
    std::vector<std::string> placed = orders;
    placed.emplace_back("database.orders.region=eu-west-1");
    const FromFiles alone =
        import_texts({{"app:web/prisma/schema.prisma", schema}}, {{"secret:DATABASE_URL=orders"}, placed, {}});
    INFO(alone.errors());
    REQUIRE(alone.result);
    expect(alone.notes(), "neither its size nor its driver is in the files");
}

TEST_CASE("a configuration completes the service of its name") {
    const std::string manifest =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: settlement}\nspec:\n  replicas: 3\n  template:\n"
        "    spec:\n      containers:\n      - name: app\n        image: settlement\n        env:\n"
        "        - {name: SPRING_DATASOURCE_URL, value: "
        "\"jdbc:postgresql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/settle\"}\n";
    const FromFiles got = import_texts({{"kubernetes", manifest},
                                        {"app:application.properties",
                                         "spring.datasource.url=jdbc:postgresql://localhost/x\n"
                                         "spring.datasource.hikari.maximum-pool-size=7\n"}},
                                       {{}, orders, {}, {}, nullptr, "settlement"});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.value("service", "settlement", "instances") == "3");
    CHECK(got.pool("settlement", "main", "database") == "orders");
    CHECK(got.pool("settlement", "main", "max") == "7");
}

TEST_CASE("what is no configuration is named, with advice") {
    for (const auto& [text, part] : {std::pair("", "the file is empty"), std::pair("hello\n", "no data source"),
                                     std::pair("apiVersion: v1\nkind: Service\nspring:\n  datasource: x\n",
                                               "this looks like a file for kubernetes"),
                                     std::pair("spring:\n  datasource:\n    url: [\n", "cannot be read")}) {
        const FromFiles got = import_texts({{"app", text}});
        CHECK(!got.result);
        expect(got.errors(), part);
    }
}

namespace {

constexpr std::string_view shop_spring =
    "spring:\n  datasource:\n    url: jdbc:postgresql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/x\n"
    "    hikari: {maximum-pool-size: 20}\n";

FromFiles spring(std::string_view more, std::string_view profile_file = {}) {
    Texts texts{{"app:application.yml", std::string(shop_spring) + std::string(more)}};
    if (!profile_file.empty()) texts.emplace_back("app:application-test.yml", std::string(profile_file));
    return import_texts(texts, {{}, orders, {}});
}

std::string rails_pool(std::string_view expression, std::string_view variables = {}) {
    Texts texts{
        {"app:shop/config/database.yml",
         "production:\n  adapter: postgresql\n  host: orders.c9xample0001.eu-west-1.rds.amazonaws.com\n  pool: " +
             std::string(expression) + "\n"}};
    if (!variables.empty()) texts.emplace_back("app:.env", std::string(variables));
    const FromFiles got = import_texts(texts, {{}, orders, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    return got.pool("shop", "main", "max");
}

}  // namespace

TEST_CASE("Spring: an expression and a profile of tests are not assumed to run, and what they give is said") {
    for (const std::string_view profile : {"\"!prod\"", "\"prod & eu\"", "test", "\"!dev & !test\""}) {
        CAPTURE(profile);
        const FromFiles got = spring("---\nspring:\n  config: {activate: {on-profile: " + std::string(profile) +
                                     "}}\n  datasource: {hikari: {maximum-pool-size: 3}}\n");
        REQUIRE(got.result);
        CHECK(got.pool("app", "main", "max") == "20");
        expect(got.notes(), ", spring.datasource.hikari.maximum-pool-size is 3");
    }
    const FromFiles listed = spring(
        "---\nspring:\n  config: {activate: {on-profile: [staging, production]}}\n"
        "  datasource: {hikari: {maximum-pool-size: 45}}\n");
    REQUIRE(listed.result);
    CHECK(listed.pool("app", "main", "max") == "45");
    const FromFiles said = spring(
        "  profiles: {active: \"prod,eu\"}\n---\nspring:\n  config: {activate: {on-profile: \"prod & eu\"}}\n"
        "  datasource: {hikari: {maximum-pool-size: 60}}\n---\nspring:\n  config: {activate: {on-profile: \"!prod\"}}\n"
        "  datasource: {hikari: {maximum-pool-size: 3}}\n");
    REQUIRE(said.result);
    CHECK(said.pool("app", "main", "max") == "60");
    const FromFiles file = spring({}, "spring:\n  datasource: {hikari: {maximum-pool-size: 2}}\n");
    REQUIRE(file.result);
    CHECK(file.pool("app", "main", "max") == "20");
}

TEST_CASE("Rails: arithmetic of defaults is worked out, and nothing else") {
    CHECK(rails_pool(R"(<%= Integer(ENV.fetch("WEB_CONCURRENCY", 2)) * 5 %>)") == "10");
    CHECK(rails_pool(R"(<%= Integer(ENV.fetch("WEB_CONCURRENCY", 2)) * 5 %>)", "WEB_CONCURRENCY=4\n") == "20");
    CHECK(rails_pool(R"(<%= (ENV['WEB_THREADS'] || 5).to_i + (ENV['BG_THREADS'] || 10).to_i %>)") == "15");
    CHECK(rails_pool(R"(<%= ENV.fetch("RAILS_MAX_THREADS", 5).to_i + 5 %>)") == "10");
    CHECK(rails_pool(R"(<%= ENV.fetch("RAILS_MAX_THREADS", 5).to_i * ENV.fetch("X", 3).to_i + 1 %>)") == "16");
    CHECK(rails_pool(R"(<%= ENV["DB_POOL"] || ENV['RAILS_MAX_THREADS'] || 5 %>)") == "5");
    CHECK(rails_pool(R"(<%= ENV["DB_POOL"] || ENV['RAILS_MAX_THREADS'] || 5 %>)", "RAILS_MAX_THREADS=7\n") == "7");
    CHECK(rails_pool(R"(<%= ENV.fetch("DB_POOL") { ENV.fetch("RAILS_MAX_THREADS", 5) } %>)") == "5");
    CHECK(rails_pool(R"(<%= ENV.fetch("DB_POOL") { 5 } %>)") == "5");
    CHECK(rails_pool(R"(<%= ENV['SIDEKIQ'] ? 25 : ENV.fetch("RAILS_MAX_THREADS", 5) %>)") == "no record");
    CHECK(rails_pool(R"(<%= ENV['SIDEKIQ'] ? 25 : ENV.fetch("RAILS_MAX_THREADS", 5) %>)", "SIDEKIQ=1\n") == "25");
    CHECK(rails_pool(R"(<%= [ENV.fetch("A", 5).to_i, 9].max %>)") == "no record");
    CHECK(rails_pool(R"(<%= ENV.fetch("A", 5).to_i / 0 %>)") == "no record");
    CHECK(rails_pool("-5") == "no record");
    const FromFiles got =
        import_texts({{"app:shop/config/database.yml",
                       "production:\n  adapter: postgresql\n  host: orders.c9xample0001.eu-west-1.rds.amazonaws.com\n"
                       "  pool: <%= [ENV.fetch(\"A\", 5), 9].max %>\n"}},
                     {{}, orders, {}});
    expect(got.notes(), "pool is an expression, not plain arithmetic of defaults  (shop/config/database.yml:4)");
}

TEST_CASE("Spring, Quarkus: one data source of two URLs, lines that go on, sizes of other pools") {
    const FromFiles two = import_texts(
        {{"app:application.yml",
          "spring:\n  datasource:\n    url: jdbc:p6spy:mysql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/db\n"
          "    hikari:\n      jdbc-url: jdbc:mysql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/db\n"
          "      maximumPoolSize: 22\n"}},
        {{}, {"database.orders.class=db.m6g.large"}, {}});
    REQUIRE(two.result);
    CHECK(two.result->pools == 1);
    CHECK(two.pool("app", "main", "max") == "22");
    const FromFiles lines = import_texts(
        {{"app:application.properties",
          "spring.datasource.url=jdbc\\:postgresql://\\\n   orders.c9xample0001.eu-west-1.rds.amazonaws.com/db\n"
          "spring.datasource.hikari.maximum-pool-size = ${HIKARI_MAX:${DB_MAX:25}}\n"}},
        {{}, orders, {}});
    REQUIRE(lines.result);
    CHECK(lines.pool("app", "main", "database") == "orders");
    CHECK(lines.pool("app", "main", "max") == "25");
    const FromFiles quarkus = import_texts(
        {{"app:application.properties",
          "quarkus.datasource.jdbc.url=jdbc:postgresql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/db\n"
          "quarkus.datasource.jdbc.max-size=16\n"
          "quarkus.datasource.users.jdbc.url=jdbc:postgresql://reports.c9xample0001.eu-west-1.rds.amazonaws.com/db\n"
          "quarkus.datasource.users.jdbc.max-size=8\n"
          "%prod.quarkus.datasource.jdbc.max-size=30\n%dev.quarkus.datasource.jdbc.max-size=2\n"}},
        {{}, both, {}});
    INFO(quarkus.errors());
    REQUIRE(quarkus.result);
    CHECK(quarkus.pool("app", "main", "max") == "30");
    CHECK(quarkus.pool("app", "main", "driver") == "quarkus");
    CHECK(quarkus.pool("app", "users", "max") == "8");
    CHECK(quarkus.pool("app", "users", "database") == "reports");
    const FromFiles druid = import_texts(
        {{"app:application.yml",
          "spring:\n  datasource:\n    url: jdbc:postgresql://orders.c9xample0001.eu-west-1.rds.amazonaws.com/x\n"
          "    type: com.alibaba.druid.pool.DruidDataSource\n    druid: {max-active: 20}\n"}},
        {{}, orders, {}});
    REQUIRE(druid.result);
    CHECK(druid.pool("app", "main", "max") == "20");
    CHECK(druid.pool("app", "main", "driver") == "-");
}

TEST_CASE("apps: what holds an address is named, and --map takes it") {
    struct Row {
        std::string_view file, text, note, map;
    };
    constexpr std::string_view rails = "production:\n  adapter: postgresql\n  pool: 5\n";
    for (const Row& row :
         {Row{"app:application.yml", "spring:\n  datasource:\n    url: jdbc:postgresql://${DB_HOST}:5432/${DB_NAME}\n",
              "its address is in the variable DB_HOST, which is not in the files", "secret:DB_HOST"},
          Row{"app:application.yml", "spring:\n  datasource:\n    url: jdbc:postgresql://${DB_HOST:localhost}:5432/x\n",
              "its host is localhost unless DB_HOST says otherwise", "secret:DB_HOST"},
          Row{"app:config/database.yml", "  url: <%= Rails.application.credentials.dig(:production, :url) %>\n",
              "its url is an expression, which is not run", "secret:url"},
          Row{"app:config/database.yml", "  url: <%= ENV.fetch(\"NEW_URL\", ENV[\"DATABASE_URL\"]) %>\n",
              "its address is in the variable NEW_URL or DATABASE_URL", "secret:NEW_URL"},
          Row{"app:config/database.yml", "  url: <%= ENV.fetch(\"NEW_URL\", ENV[\"DATABASE_URL\"]) %>\n",
              "its address is in the variable NEW_URL or DATABASE_URL", "secret:DATABASE_URL"},
          Row{"app:config/database.yml", "  host: <%= ENV['DB_HOST'] || 'localhost' %>\n",
              "its host is localhost unless DB_HOST says otherwise", "secret:DB_HOST"},
          Row{"app:config/database.yml", "  host: <%= ENV.fetch('PG_HOST', 'localhost') %>\n",
              "its host is localhost unless PG_HOST says otherwise", "localhost"},
          Row{"app:config/database.yml", "  database: shop\n",
              "it has neither url nor host: Rails takes what DATABASE_URL", "secret:DATABASE_URL"}}) {
        CAPTURE(row.text);
        std::string text(row.text);
        if (row.file.ends_with("database.yml")) text = std::string(rails) + text;
        const FromFiles got = import_texts({{row.file, text}});
        REQUIRE(got.result);
        expect(got.notes(), row.note);
        if (row.map != "localhost" && row.map != "secret:DATABASE_URL")
            expect(got.notes(), fmt::format("--map {}=DATABASE", row.map));
        const FromFiles mapped = import_texts({{row.file, text}}, {{fmt::format("{}=orders", row.map)}, {}, {}});
        INFO(mapped.errors());
        REQUIRE(mapped.result);
        CHECK(mapped.pool("app", "main", "database") == "orders");
        CHECK(mapped.value("database", "orders", "engine") == "postgresql");
    }
}

TEST_CASE("apps: --service names the variables beside a schema too") {
    const FromFiles got = import_texts(
        {{"app:prisma/schema.prisma",
          "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n"},
         {"env:prisma/.env",
          "DATABASE_URL=postgresql://u:p@orders.c9xample0001.eu-west-1.rds.amazonaws.com/x?connection_limit=4\n"}},
        {{}, {}, {}, {}, nullptr, "api"});
    INFO(got.errors());
    INFO(got.notes());
    REQUIRE(got.result);
    CHECK(got.result->services == 1);
    CHECK(got.pool("api", "main", "database") == "orders");
    CHECK(got.pool("api", "main", "max") == "4");
    CHECK(got.pool("api", "main", "driver") == "prisma-6");
}
