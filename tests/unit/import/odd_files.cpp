// What public files have and specifications do not mention: each is taken rightly, or listed with its place and advice.
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

FromFiles compose(const std::string& services) {
    FromFiles got = import_texts({{"compose", "services:\n" + services + "  db: {image: \"postgres:16\"}\n"}});
    INFO(got.errors());
    REQUIRE(got.result);
    return got;
}
FromFiles pgbouncer(const std::string& text) {
    imports::ImportOptions options;
    options.maps = {"db=orders"};
    options.settings = {"database.orders.engine=postgresql", "database.orders.provider=self-managed"};
    FromFiles got = import_texts({{"pgbouncer:pgbouncer.ini", text}}, options);
    INFO(got.errors());
    REQUIRE(got.result);
    return got;
}

}  // namespace

TEST_CASE("odd files: a default of a Compose variable may have variables with defaults") {
    const FromFiles got = compose(
        "  api:\n    image: a\n    environment:\n"
        "      DATABASE_URL: ${DATABASE_URL:-postgres://${U:-u}:${P:-hidden}@${H:-db}:${PORT:-5432}/x}\n"
        "      DB_POOL_SIZE: ${DB_POOL_SIZE:-${SIZE:-7}}\n");
    CHECK(got.pool("api", "main", "database") == "db");
    CHECK(got.pool("api", "main", "max") == "7");
    expect_not(got.all(), "hidden");
    // Defaults without an end are text, and no endless work.
    std::string deep;
    for (int i = 0; i < 40; ++i) deep += "${A:-";
    CHECK(compose("  api:\n    image: a\n    environment:\n      DATABASE_URL: postgres://u:p@db/x\n"
                  "      DB_POOL_SIZE: \"" +
                  deep + "5" + std::string(40, '}') + "\"\n")
              .says("the value of DB_POOL_SIZE is not in the files"));
}

TEST_CASE("odd files: a link of Compose is another name, unless it leads to different services") {
    const std::string app =
        "  {0}:\n    image: {0}\n    links: [\"{1}:database\"]\n    environment:\n"
        "      DATABASE_URL: postgres://u:p@database/x\n      DB_POOL_SIZE: 3\n";
    const FromFiles got = compose(fmt::format(fmt::runtime(app), "api", "db"));
    CHECK(got.pool("api", "main", "database") == "db");
    const FromFiles two = compose(fmt::format(fmt::runtime(app), "api", "db") +
                                  fmt::format(fmt::runtime(app), "web", "db2") + "  db2: {image: \"postgres:16\"}\n");
    CHECK(two.says("api.main: its host database is not in the files"));
    CHECK(two.says("web.main: its host database is not in the files"));
}

TEST_CASE("odd files: names that no tool takes are listed, not passed over") {
    CHECK(compose("  größe:\n    image: a\n    environment: {DATABASE_URL: \"postgres://u:p@db/x\"}\n")
              .says("not taken  services: a service whose name has characters other than letters, digits"));
    const FromFiles got = import_texts({{"kubernetes",
                                         "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: größe}\nspec: "
                                         "{template: {spec: {containers: []}}}\n"}});
    CHECK_FALSE(got.result);
    expect(got.errors(), "a Deployment without a valid name");
}

TEST_CASE("odd files: a size whose variable nothing sets is not a wrong number") {
    const FromFiles got = compose(
        "  api:\n    image: a\n    environment: {DATABASE_URL: \"postgres://u:p@db/x\", DB_POOL_SIZE: \"${N}\"}\n");
    CHECK(got.says("not taken  api.main: the value of DB_POOL_SIZE is not in the files"));
    CHECK(compose("  api:\n    image: a\n    environment: {DATABASE_URL: \"postgres://u:p@db/x\", DB_POOL_SIZE: 1e3}\n")
              .says("not taken  api.main: DB_POOL_SIZE is not a number of connections"));
}

TEST_CASE("odd files: the port of SQL Server is no host") {
    for (const char* text : {"Server=tcp:orders.database.windows.net,1433;Database=x;User Id=u;Password=hidden;",
                             "Server=orders,1433;Database=x;User Id=u;Password=hidden;"}) {
        const FromFiles got =
            import_texts({{"compose", fmt::format("services:\n  api:\n    image: a\n    environment:\n"
                                                  "      DATABASE_URL: \"{}\"\n"
                                                  "  db: {{image: \"postgres:16\"}}\n",
                                                  text)}});
        REQUIRE(got.result);
        CHECK_FALSE(got.says("1433"));
        CHECK(got.result->pools == 0);
        expect_not(got.all(), "hidden");
    }
}

TEST_CASE("odd files: pgbouncer.ini that PgBouncer refuses") {
    const FromFiles mode = pgbouncer("[databases]\napp = host=db\n[pgbouncer]\npool_mode = transactions\n");
    CHECK(mode.says("pool_mode is not session, transaction or statement"));
    CHECK(mode.says("--set pooler.pgbouncer.mode=transaction"));
    CHECK(mode.value("pooler", "pgbouncer", "mode") == "-");
    CHECK(pgbouncer("[databases]\napp = host=db\n[pgbouncer]\nmax_client_conn = 99999999999999999999\n")
              .says("max_client_conn is not a number of connections"));
    CHECK(pgbouncer("[databases]\napp = host=db\n\"my db\" = host=db\n[pgbouncer]\n")
              .says("a database whose name has blanks or quotes, which PgBouncer refuses"));
    CHECK(pgbouncer("[databases]\napp = host=db\n{{ range .dbs }}\n{{ .name }} = host={{ .host }}\n[pgbouncer]\n")
              .says("template lines, {{ … }}, that are not rendered yet"));
    const FromFiles hosts = pgbouncer(
        "[databases]\napp = host=db\nb = host='db with blanks'\nc = postgres://u:hidden@db/x\nd = "
        "port=5432\n[pgbouncer]\n");
    CHECK(hosts.says("pgbouncer/b: its host is not a host name"));
    CHECK(hosts.says("pgbouncer/c: it has a URL, where PgBouncer wants host=… dbname=…"));
    CHECK(hosts.says("pgbouncer/d: it has no host: a socket on the same machine"));
    expect_not(hosts.all(), "hidden");
}

TEST_CASE("odd files: a tab that indents YAML is the error, at its line") {
    for (const auto& each :
         {std::pair("compose", "services:\n\tapi:\n\t\timage: x\n"),
          std::pair("compose", "services:\n  api:\n \t image: x\n"),
          std::pair("kubernetes", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n\tname: x\n"),
          std::pair("app:application.yml", "spring:\n\tdatasource:\n\t\turl: jdbc:postgresql://db/x\n")}) {
        CAPTURE(each.second);
        const FromFiles got = import_texts({{each.first, each.second}});
        CHECK_FALSE(got.result);
        expect(got.errors(), "a tab indents this line, and YAML allows only spaces there");
        expect(got.errors(), "replace tabs with spaces");
    }
}

TEST_CASE("odd files: a state of Terraform without resources says so") {
    const FromFiles got = import_texts(
        {{"terraform", R"({"format_version": "1.0", "terraform_version": "1.9.5", "values": {"root_module": {}}})"}});
    CHECK_FALSE(got.result);
    expect(got.errors(), "it has no resources");
}
