// The smaller samples of each tool, as it writes them by default.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "imported.hpp"
#include "read_prices.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::vector<std::string> app{"database.app.class=db.m6g.large", "database.app.region=eu-west-1",
                                   "database.app.engine=postgresql"};

}  // namespace

TEST_CASE("describe-db-instances, a default group's parameters and a proxy's target groups") {
    const Texts files{{"rds", import_file("samples/aws_rds_describe_db_instances.json")},
                      {"rds:parameters.json", import_file("samples/aws_rds_describe_db_parameters.json")},
                      {"rds:proxy.json", import_file("samples/aws_rds_describe_db_proxy_target_groups.json")}};
    const FromFiles got =
        import_texts(files, {{"parameters.json=default.postgres16", "agora-proxy=agora-primary"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->databases == 2);
    CHECK(got.value("database", "agora-primary", "class") == "db.m5.xlarge");
    CHECK(got.value("database", "agora-primary", "storage") == "type gp3, size 100 GiB");
    CHECK(got.value("database", "agora-replica", "replica_of") == "agora-primary");
    CHECK(got.value("pooler", "agora-proxy", "database") == "agora-primary");
    CHECK(got.value("pooler", "agora-proxy", "max_connections_percent") == "100%");
    // ⌊16 GiB / 9531392⌋ = 1802 by the label; the engine sees less memory.
    CHECK(got.value("database", "agora-primary", "max_connections") == "-");
    expect(got.notes(),
           "not taken  agora-primary: max_connections of default.postgres16 is a formula, "
           "LEAST({DBInstanceClassMemory/9531392},5000): 1,802 by the label of db.m5.xlarge");
    const FromFiles alone = import_texts(files);
    expect(alone.notes(), "LEAST({DBInstanceClassMemory/9531392},5000): the answer does not name its parameter group");
    expect(alone.notes(), "--map parameters.json=default.postgres16");
    expect(alone.notes(), "--map agora-proxy=DATABASE");
}

TEST_CASE("answers for the catalog name the command that takes them") {
    for (const auto& file : {std::pair("samples/aws_rds_describe_orderable_db_instance_options.json", "orderable"),
                             std::pair("samples/aws_pricing_get_products.json", "aws-prices")}) {
        CAPTURE(file.first);
        const FromFiles got = import_texts({{"rds", import_file(file.first)}});
        CHECK_FALSE(got.result);
        expect(got.errors(), std::string("poolfit catalog import ") + file.second);
    }
    Read orderable;
    orderable.file =
        imports::aws_orderable(feed_of(import_file("samples/aws_rds_describe_orderable_db_instance_options.json"), 97),
                               {}, orderable.sources, orderable.diagnostics);
    CHECK(orderable.error().empty());
    CHECK(orderable.file);
    Read prices;
    prices.file = imports::aws_prices(feed_of(import_file("samples/aws_pricing_get_products.json"), 97), {}, Catalog(),
                                      prices.sources, prices.diagnostics);
    REQUIRE(prices.file);
    expect(prices.rows(), "\"db.m5.xlarge\": {\"list\": 0.394, \"multi_az_list\": 0.788}");
    expect(prices.rows(), "\"db.t3.large\": {\"list\": 0.156}");
}

TEST_CASE("a Compose file whose database is elsewhere: --map says where") {
    const std::string file = import_file("samples/docker-compose.yml");
    const FromFiles without = import_texts({{"compose", file}});
    REQUIRE(without.result);
    CHECK(without.result->services == 1);
    CHECK(without.value("service", "api", "instances") == "3");
    CHECK(without.value("service", "api", "deploy") == "rolling");
    expect(without.notes(), "not taken  pgbouncer: no variable of it names a server");
    expect(without.notes(), "not taken  api.main: its host db is not in the files; its size is known: 10");
    expect(without.notes(), "--map db=DATABASE");
    const FromFiles got = import_texts({{"compose", file}}, {{"db=app"}, app, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.pool("api", "main", "database") == "app");
    CHECK(got.pool("api", "main", "max") == "10");
}

TEST_CASE("manifests without an address of a database are named, with the sizes that they have") {
    const FromFiles got = import_texts({{"kubernetes", import_file("samples/k8s_api.yaml")}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->pools == 0);
    CHECK(got.value("service", "api", "instances") == "min 2, max 12");
    expect(got.notes(), "not taken  api.main: no variable has a database address; its size is known: 10");
    expect(got.notes(), "no database address in worker, nightly");
    // With one: an HPA of 2 to 12, 25 % of surge, 2 processes of 10.
    std::string text = import_file("samples/k8s_api.yaml");
    const std::string size = "- {name: PG_POOL_MAX, value: \"10\"}";
    text.insert(text.find(size),
                "- {name: DATABASE_URL, value: 'postgres://u:PLANTED@orders.c9x.eu-west-1.rds.amazonaws.com/a'}\n"
                "            ");
    const FromFiles with = import_texts({{"kubernetes", text}});
    INFO(with.errors());
    REQUIRE(with.result);
    CHECK(with.value("service", "api", "instances") == "min 2, max 12");
    CHECK(with.value("service", "api", "max_surge") == "25%");
    CHECK(with.value("service", "api", "processes") == "2");
    CHECK(with.pool("api", "main", "max") == "10");
    CHECK(with.all().find("PLANTED") == std::string::npos);
}

TEST_CASE("all answers of PgBouncer's console together") {
    const FromFiles got =
        import_texts({{"pgbouncer:pools.csv", import_file("samples/pgbouncer_1.18_show_pools.csv")},
                      {"pgbouncer:databases.csv", import_file("show_databases.csv")},
                      {"pgbouncer:clients.csv", import_file("samples/pgbouncer_1.18_show_clients.csv")},
                      {"pgbouncer:servers.csv", import_file("samples/pgbouncer_1.18_show_servers.csv")},
                      {"pgbouncer:totals.csv", import_file("samples/pgbouncer_1.18_show_stats_totals.csv")},
                      {"pgbouncer:config.csv", import_file("show_config_sizing.csv")}},
                     {{"127.0.0.1=app"}, app, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("pooler", "pgbouncer", "default_pool_size") == "5");
    CHECK(got.value("pooler", "pgbouncer", "pairs") == "1");
    for (const char* line : {"0 of 7 open server connections were busy", "7 clients were connected when SHOW was asked",
                             "7 servers were connected when SHOW was asked",
                             "1981 transactions since it started held a server for 110.4 ms each"})
        expect(got.notes(), line);
}

TEST_CASE("views of PostgreSQL are no files of an import: an error with advice") {
    for (const char* file :
         {"pg_settings_pg15.csv", "pg_stat_activity_grouped.csv", "pg_stat_activity_raw.csv",
          "pg_stat_database_pg15.csv", "pg_stat_statements_pg15.csv", "pg_stat_activity_10hz_busy_active_iit_n.txt"})
        for (const imports::Importer& kind : imports::importers()) {
            CAPTURE(file);
            CAPTURE(kind.kind);
            const FromFiles got = import_texts({{kind.kind, import_file(std::string("samples/") + file)}});
            CHECK_FALSE(got.result);
            REQUIRE(got.diagnostics.has_errors());
            CHECK_FALSE(got.diagnostics.all().front().fix.empty());
        }
}

TEST_CASE("the whole estate of six kinds of file is one inventory") {
    const FromFiles got = import_texts({{"terraform", import_file("plan_nested.json")},
                                        {"rds", import_file("instances.json")},
                                        {"rds:parameters.json", import_file("parameters.json")},
                                        {"kubernetes", import_file("k8s_rendered.yaml")},
                                        {"pgbouncer:pgbouncer_main.ini", import_file("pgbouncer_main.ini")},
                                        {"pgbouncer:pgbouncer_databases.ini", import_file("pgbouncer_databases.ini")},
                                        {"cloudwatch", import_file("cloudwatch_long.csv")}},
                                       {{"parameters.json=berth-pg16"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    // Seven of PostgreSQL, crane-legacy of MySQL, the writer and the reader of Aurora, and trial, whose class is not in
    // the catalog.
    CHECK(got.result->databases == 11);
    // berth, berth_jobs and manifest are databases of one process.
    CHECK(got.result->poolers == 3);
    CHECK(got.result->services == 11);
    CHECK(got.result->pools == 7);
    CHECK(got.value("database", "manifest-db", "class") == "db.t3.large");
    CHECK(got.value("database", "berth-primary", "max_connections") == "600");
    expect(got.value("database", "berth-primary", "observed"), "cpu_mean 11.14%, cpu_peak 54.88%");
    expect(got.notes(), "note       manifest-db: class is db.t3.large");
    expect(got.notes(), "db.t4g.medium in another file");
}

TEST_CASE("variants of manifests: marks of byte order, CRLF, documents in another order, the file twice") {
    const std::string plain = import_file("k8s_rendered.yaml");
    const FromFiles wanted = import_texts({{"kubernetes", plain}});
    REQUIRE(wanted.result);
    std::string crlf, wide = "\xff\xfe", turned;
    for (const char c : plain) {
        if (c == '\n') crlf += '\r';
        crlf += c;
    }
    for (const char c : crlf) {
        wide += c;
        wide += '\0';
    }
    for (std::size_t end = plain.size(); end != plain.npos;) {
        const std::size_t at = end == 0 ? plain.npos : plain.rfind("\n---", end - 1);
        const std::size_t begin = at == plain.npos ? 0 : at + 1;
        turned += plain.substr(begin, end - begin) + '\n';
        end = at;
    }
    for (const std::string& text : {"\xef\xbb\xbf" + plain, crlf, wide}) {
        const FromFiles got = import_texts({{"kubernetes", text}});
        INFO(got.errors());
        CHECK(got.text() == wanted.text());
    }
    for (const std::string& text : {turned, plain + "\n---\n" + plain}) {
        const FromFiles got = import_texts({{"kubernetes", text}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.result->databases == wanted.result->databases);
        CHECK(got.result->services == wanted.result->services);
        CHECK(got.result->pools == wanted.result->pools);
        CHECK(got.pool("booking", "main", "max") == "7");
        CHECK(got.pool("settlement", "main", "max") == "25");
    }
}

TEST_CASE("variants of an answer: one line") {
    const std::string plain = import_file("instances.json");
    std::string line;
    for (const char c : plain)
        if (c != '\n') line += c;
    // Notes have places, and these differ.
    const auto records = [](const std::string& text) {
        const std::string all = import_texts({{"rds", text}}).text();
        return all.substr(0, all.find("# Not taken"));
    };
    CHECK(records(line) == records(plain));
}
