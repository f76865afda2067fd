// pgbouncer.ini with what it includes, and answers of PgBouncer 1.18's console, against what they have to become.
#include <doctest/doctest.h>

#include <poolfit/load/document.hpp>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

const std::vector<std::string> classes{"database.berth-primary.class=db.m6g.xlarge",
                                       "database.manifest-db.class=db.t3.large"};

/// A key of a database of the pooler.
std::string alias(const FromFiles& got, std::string_view pooler, std::string_view name, std::string_view key) {
    if (!got.result) return "no inventory";
    for (const load::Value& item : load::find(got.result->document.root, "pooler")->as<load::Array>()->items) {
        const auto& record = *item.as<load::Table>();
        if (*load::find(record, "name")->as<std::string>() != pooler) continue;
        for (const load::Value& each : load::find(record, "database")->as<load::Array>()->items) {
            const auto& part = *each.as<load::Table>();
            if (*load::find(part, "name")->as<std::string>() != name) continue;
            const load::Value* value = load::find(part, key);
            if (value == nullptr) return "-";
            const auto* number = value->as<std::int64_t>();
            return number != nullptr ? std::to_string(*number) : *value->as<std::string>();
        }
    }
    return "no record";
}

}  // namespace

TEST_CASE("pgbouncer.ini with the file that it includes") {
    const FromFiles got =
        import_texts({{"pgbouncer:ops/pgbouncer_main.ini", import_file("pgbouncer_main.ini")},
                      {"pgbouncer:ops/pgbouncer_databases.ini", import_file("pgbouncer_databases.ini")}},
                     {{}, classes, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->poolers == 1);
    const char* pooler = "pgbouncer_main";
    for (const auto& [key, value] :
         {std::pair("mode", "transaction"), std::pair("max_client_conn", "1200"), std::pair("default_pool_size", "16"),
          std::pair("reserve_pool_size", "3"), std::pair("max_db_connections", "70"), std::pair("min_pool_size", "2")})
        CHECK(got.value("pooler", pooler, key) == value);
    struct Row {
        const char *name, *database, *size, *reserve, *cap, *pairs;
    };
    // What an alias leaves out is its process's.
    for (const Row& row :
         {Row{"berth", "berth-primary", "28", "6", "-", "-"}, Row{"berth_jobs", "berth-primary", "9", "-", "9", "1"},
          Row{"manifest", "manifest-db", "-", "-", "-", "-"},
          Row{"berth_ro", "no record", "no record", "no record", "no record", "no record"}}) {
        CAPTURE(row.name);
        CHECK(alias(got, pooler, row.name, "database") == row.database);
        CHECK(alias(got, pooler, row.name, "pool_size") == row.size);
        CHECK(alias(got, pooler, row.name, "reserve_pool_size") == row.reserve);
        CHECK(alias(got, pooler, row.name, "max_db_connections") == row.cap);
        CHECK(alias(got, pooler, row.name, "pairs") == row.pairs);
    }
    for (const char* line : {"share one process and its 1200 clients", "not taken  pgbouncer_main/berth_ro",
                             "; known of it: pool_mode session, pool_size 16, reserve_pool_size 3",
                             "* serves every other name", "not taken  pgbouncer_main/local_tools: it has no host",
                             "not taken  pgbouncer_main: the user report has limits of its own"})
        expect(got.notes(), line);
    CHECK(got.all().find("PLANTED") == std::string::npos);
}

TEST_CASE("answers of the console: sizes as they run, busy and waiting told") {
    const Texts texts{{"pgbouncer:show_databases.csv", import_file("show_databases.csv")},
                      {"pgbouncer:show_pools.csv", import_file("show_pools_waiting.csv")},
                      {"pgbouncer:show_config.csv", import_file("show_config_sizing.csv")},
                      {"pgbouncer:show_stats.csv", import_file("show_stats.csv")},
                      {"pgbouncer:show_lists.csv", import_file("show_lists.csv")}};
    const FromFiles got = import_texts(
        texts, {{"127.0.0.1=app"},
                {"database.app.class=db.m6g.large", "database.app.region=eu-west-1", "database.app.engine=postgresql"},
                {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.result->poolers == 1);
    // SHOW DATABASES: app has pool_size 5, reserve_pool 2, max_connections 10; SHOW CONFIG: 400 clients.
    for (const auto& [key, value] :
         {std::pair("database", "app"), std::pair("default_pool_size", "5"), std::pair("reserve_pool_size", "2"),
          std::pair("max_db_connections", "10"), std::pair("pairs", "1"), std::pair("mode", "transaction")}) {
        CHECK(got.value("pooler", "pgbouncer", key) == value);
    }
    // 7 busy of 7; 2 clients wait, one for 11.96 s. Held: (265,027,184 − 46,307,733) µs / 1,981 = 110.4 ms.
    for (const char* line :
         {"7 of 7 open server connections were busy, and 2 clients waited, the longest for 12.0 s",
          "1981 transactions since it started held a server for 110.4 ms each and waited 23.4 ms for it"})
        expect(got.notes(), line);
}

TEST_CASE("what runs wins over the file, and the difference is said; newer names of columns are read") {
    const FromFiles got = import_texts(
        {{"pgbouncer:pgbouncer.ini",
          "[databases]\napp = host=127.0.0.1 pool_size=8\n[pgbouncer]\ndefault_pool_size = 9\n"},
         {"pgbouncer:d.csv",
          "name,host,port,database,force_user,pool_size,min_pool_size,reserve_pool_size,"
          "server_lifetime,pool_mode,load_balance_hosts,max_connections,current_connections,"
          "max_client_connections,current_client_connections,paused,disabled\n"
          "app,127.0.0.1,5432,app,web,12,0,4,3600,session,,0,3,0,1,0,0\n"}},
        {{"127.0.0.1=app"},
         {"database.app.class=db.m6g.large", "database.app.region=eu-west-1", "database.app.engine=postgresql"},
         {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("pooler", "pgbouncer", "default_pool_size") == "12");
    CHECK(got.value("pooler", "pgbouncer", "reserve_pool_size") == "4");
    CHECK(got.value("pooler", "pgbouncer", "mode") == "session");
    CHECK(got.value("pooler", "pgbouncer", "max_db_connections") == "-");
    expect(got.notes(), "pool_size is 12 as it runs, and 8 in its file");
}

TEST_CASE("what is no file of PgBouncer is named, with advice") {
    for (const auto& [text, part] :
         {std::pair("", "the file is empty"), std::pair("A=b\n", "this looks like a file for env"),
          std::pair("hello\n", "no [databases] and no [pgbouncer]"),
          std::pair("key,value,default,changeable\nmax_client_conn,400\n", "does not have the columns")}) {
        const FromFiles got = import_texts({{"pgbouncer", text}});
        CHECK(!got.result);
        expect(got.errors(), part);
    }
}

TEST_CASE("a database with two hosts: one --map says which database they are") {
    const Texts file{{"pgbouncer:p.ini", "[databases]\nro = host=10.1.1.1,10.1.1.2 dbname=shop\n[pgbouncer]\n"}};
    const FromFiles without = import_texts({file[0], {"rds", import_file("instances.json")}});
    expect(without.notes(),
           "not taken  p/ro: it connects to one of several hosts, none of which is in the files: 10.1.1.1, 10.1.1.2");
    expect(without.notes(), "--map 10.1.1.1=DATABASE");
    const FromFiles got =
        import_texts({file[0], {"rds", import_file("instances.json")}}, {{"10.1.1.1=yard-new"}, {}, {}});
    INFO(got.errors());
    CHECK(got.value("pooler", "p", "database") == "yard-new");
    const FromFiles known = import_texts(
        {{"pgbouncer:p.ini",
          "[databases]\nro = host=a.c9x.eu-west-1.rds.amazonaws.com,b.c9x.eu-west-1.rds.amazonaws.com\n"}});
    expect(known.notes(), "it connects to one of several hosts: a.c9x");
    expect(known.notes(), "--map a.c9x.eu-west-1.rds.amazonaws.com=DATABASE");
    const FromFiles one =
        import_texts({{"pgbouncer:p.ini",
                       "[databases]\nro = host=a.c9x.eu-west-1.rds.amazonaws.com,b.c9x.eu-west-1.rds.amazonaws.com\n"}},
                     {{"a.c9x.eu-west-1.rds.amazonaws.com=b"}, {}, {}});
    CHECK(one.value("pooler", "p", "database") == "b");
}

TEST_CASE("a name with the signs of a URL is none: PgBouncer refuses the line") {
    const FromFiles got =
        import_texts({{"pgbouncer:p.ini", "[databases]\na = host=x\npostgres://u:PLANTED@host/a?pool=3\nb = host=x\n"}},
                     {{"x=orders"},
                      {"database.orders.class=db.m6g.large", "database.orders.region=eu-west-1",
                       "database.orders.engine=postgresql"},
                      {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.all().find("PLANTED") == std::string::npos);
}

TEST_CASE("--map makes a database of the host of a pgbouncer.ini that is alone") {
    const std::string ini =
        "[databases]\nrecords = host=postgres.records.svc.cluster.local dbname=records pool_size=80\n"
        "[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 32\n";
    const FromFiles got =
        import_texts({{"pgbouncer:pgbouncer.ini", ini}}, {{"postgres.records.svc.cluster.local=records"}, {}, {}});
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.value("database", "records", "engine") == "postgresql");
    CHECK(got.value("database", "records", "class") == "-");
    CHECK(got.value("pooler", "pgbouncer", "database") == "records");
    CHECK(got.value("pooler", "pgbouncer", "default_pool_size") == "80");
    const FromFiles zero = import_texts({{"pgbouncer:pgbouncer.ini",
                                          "[databases]\nshop = host=shop.c9x.eu-west-1.rds.amazonaws.com\n"
                                          "[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 0\n"}});
    REQUIRE(zero.result);
    CAPTURE(zero.notes());
    CHECK(zero.notes().find("pgbouncer.ini:5") != std::string::npos);
}
