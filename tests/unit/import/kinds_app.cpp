// Configurations of frameworks, against what they have to become.
#include <doctest/doctest.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::vector<std::string> orders{"database.orders.class=db.m6g.large", "database.orders.engine=postgresql"};
const std::vector<std::string> both{"database.orders.class=db.m6g.large", "database.orders.engine=postgresql",
                                    "database.reports.class=db.m6g.large", "database.reports.engine=postgresql"};

void has(const std::string& notes, std::string_view line) {
    CAPTURE(notes);
    CAPTURE(line);
    CHECK(notes.find(line) != std::string::npos);
}

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
    has(got.notes(), "the profile prod is assumed to run");
    has(got.notes(), "left out: the profiles dev");
    has(got.text(), "the default of REPORT_HOST");
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
    has(got.notes(), "the default of RAILS_MAX_THREADS");
    has(got.notes(), "not taken  shop.queue");
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
    has(got.notes(), "directUrl is for migrations");
    std::vector<std::string> placed = orders;
    placed.emplace_back("database.orders.region=eu-west-1");
    const FromFiles alone =
        import_texts({{"app:web/prisma/schema.prisma", schema}}, {{"secret:DATABASE_URL=orders"}, placed, {}});
    INFO(alone.errors());
    REQUIRE(alone.result);
    has(alone.notes(), "neither its size nor its driver is in the files");
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
                                     std::pair("spring:\n  datasource:\n    url: [\n", "can not be read")}) {
        const FromFiles got = import_texts({{"app", text}});
        CHECK(!got.result);
        has(got.errors(), part);
    }
}
