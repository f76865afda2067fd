// URLs, hosts, command lines and the rows of data/import.
#include <doctest/doctest.h>

#include <poolfit/import/estate.hpp>

#include "../../../src/import/env/env.hpp"
#include "../../../src/import/facts/program.hpp"
#include "../../../src/import/facts/tables.hpp"
#include "../../../src/import/facts/url.hpp"
#include "../../../src/import/pgbouncer/ini.hpp"
#include "../../../src/import/tree/in_file.hpp"
#include "../../support/fleet.hpp"

using namespace poolfit;
using namespace poolfit::imports;

namespace {

std::string host(std::string text) {
    const auto url = read_url(Sealed(std::move(text)));
    if (!url) return "no URL";
    return url->hosts.empty() ? "no host" : url->hosts.front();
}

std::string processes(std::string line, const Variables& variables = {}) {
    Program program;
    program.words.emplace_back(std::move(line));
    program.variables = variables;
    Estate estate;
    const auto found = find_processes(program, "api", estate);
    if (found) return std::to_string(found->value);
    return estate.notes.empty() ? "-" : "left out";
}

}  // namespace

TEST_CASE("the host of a URL, and nothing of its user") {
    CHECK(host("postgres://u:p@db.example:5432/x") == "db.example");
    CHECK(host("postgresql+asyncpg://u:p%40@db/x?ssl=true") == "db");
    CHECK(host("postgres://u:p@ss@db/x") == "db");
    CHECK(host("postgres://u:p/ss@db/x") == "db");
    CHECK(host("jdbc:postgresql://db:5432/x?user=u&password=p") == "db");
    CHECK(host("jdbc:aws-wrapper:postgresql://db/x") == "db");
    CHECK(host("postgres://u:p@[::1]:5432/x") == "[::1]");
    CHECK(host("mysql2://u:p@db/x") == "db");
    CHECK(host("u:p@tcp(db:3306)/x") == "db");
    CHECK(host("host=db port=5432 user=u password=p") == "db");
    CHECK(host("Host=db;Port=5432;Username=u;Password=p") == "db");
    CHECK(host("Server=tcp:db,1433;Initial Catalog=x;Password=p") == "no URL");
    CHECK(host("postgres://u:secret") == "no host");
    CHECK(host("https://example/x") == "no URL");
    CHECK(host("redis://:p@cache:6379") == "no URL");
    CHECK(host("postgres://u:p@$(HOST)/x") == "no host");
    CHECK(host("") == "no URL");
}

TEST_CASE("what the name of a host on RDS says") {
    const auto kind = [](std::string_view name) {
        const auto found = read_rds_host(name);
        return found ? found->id() : std::string("none");
    };
    CHECK(kind("orders.c9x.eu-west-1.rds.amazonaws.com") == "rds:eu-west-1/orders");
    CHECK(kind("Orders.c9x.eu-west-1.rds.amazonaws.com.") == "rds:eu-west-1/orders");
    CHECK(kind("orders.cluster-c9x.eu-west-1.rds.amazonaws.com") == "rds-cluster:eu-west-1/orders");
    CHECK(kind("orders.cluster-ro-c9x.eu-west-1.rds.amazonaws.com") == "rds-reader:eu-west-1/orders");
    CHECK(kind("orders.proxy-c9x.eu-west-1.rds.amazonaws.com") == "rds-proxy:eu-west-1/orders");
    CHECK(kind("orders.c9x.cn-north-1.rds.amazonaws.com.cn") == "rds:cn-north-1/orders");
    CHECK(kind("db.example.com") == "none");
}

TEST_CASE("names of sizes: a part and an ending, and not what has another purpose") {
    const auto fits = [](std::string_view name) {
        for (const NameRow& row : tables().sizes)
            if (row.where == "env" && row.fits(name)) return row.part;
        return std::string("-");
    };
    for (const char* name : {"DB_POOL", "DB_POOL_SIZE", "DATABASE_POOL_SIZE", "PG_POOL_MAX", "APP_DB_MAX_OPEN_CONNS",
                             "SQLALCHEMY_POOL_SIZE", "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "RAILS_MAX_THREADS"})
        CHECK(fits(name) == "size");
    CHECK(fits("DB_MAX_OVERFLOW") == "overflow");
    for (const char* name : {"DB_POOL_TIMEOUT", "DB_POOL_RECYCLE", "DB_POOL_PRE_PING", "POOL_SIZE", "MAX_CONNECTIONS",
                             "POOL_MIN", "EPG_POOL"})
        CHECK(fits(name) == "-");
}

TEST_CASE("processes of a command line") {
    CHECK(processes("gunicorn app:app -w 3 --threads 4") == "3");
    CHECK(processes("sh -c 'exec gunicorn app:app --workers=5'") == "5");
    CHECK(processes("gunicorn app:app") == "1");
    CHECK(processes("uvicorn app:app --workers 2") == "2");
    CHECK(processes("celery -A app worker --concurrency=6") == "6");
    CHECK(processes("celery -A app worker -c 8 -P threads") == "1");
    CHECK(processes("celery -A app worker") == "left out");
    CHECK(processes("celery -A app worker --autoscale=10,3") == "10");
    CHECK(processes("celery -A app worker --autoscale 10,3 -P gevent") == "1");
    CHECK(processes("celery -A app beat") == "1");
    CHECK(processes("fastapi run --workers 4 main.py") == "4");
    CHECK(processes("fastapi run main.py") == "1");
    CHECK(processes("pm2-runtime start app.js -i max") == "left out");
    CHECK(processes("bundle exec sidekiq -c 15") == "1");
    CHECK(processes("node server.js") == "-");
    Variables variables;
    variables.add({"WEB_CONCURRENCY", Sealed("4"), {}, {}, true, false});
    CHECK(processes("bundle exec puma -C config/puma.rb", variables) == "4");
    CHECK(processes("gunicorn app:app -w 2", variables) == "2");
    CHECK(processes("bundle exec sidekiq", variables) == "1");
    CHECK(processes("", variables) == "4");
    CHECK(processes("fastapi run main.py", variables) == "4");
    variables.add({"UVICORN_WORKERS", Sealed("6"), {}, {}, true, false});
    CHECK(processes("uvicorn app:app", variables) == "6");
    CHECK(processes("uvicorn app:app --workers 2", variables) == "2");
}

TEST_CASE("a file of variables") {
    const Variables all = read_variables(
        "# comment\nexport A=1\nB=\"two # words\" # comment\nC='$x'\nD=x#y\nE=\nA=3\n#F=1\nnot a variable\nG = 5 # "
        "five\n",
        [](std::size_t) { return Place{}; });
    const auto is = [&](std::string_view name, std::string_view value) {
        const Variable* found = all.find(name);
        return found != nullptr && found->value.is(value);
    };
    CHECK(is("A", "3"));
    CHECK(is("B", "two # words"));
    CHECK(is("C", "$x"));
    CHECK(is("D", "x#y"));
    CHECK(is("E", ""));
    CHECK(is("G", "5"));
    CHECK(all.all().size() == 6);
}

TEST_CASE("pgbouncer.ini as PgBouncer 1.18 reads it") {
    PoolerFact pooler;
    Estate estate;
    read_pgbouncer_ini(
        {"[databases]\n; a comment\na = host=h1 dbname='a ''b' pool_size=9 password='x''y' user=u\nb = host=h2,h3\na = "
         "host=h4\n"
         "[pgbouncer]\ndefault_pool_size = 30\nmax_client_conn = 50\n[databases]\n* = "
         "host=h1\n[pgbouncer]\nmax_client_conn=70\n"
         "pool_mode = transaction\nmax_client_conn = 90\nreserve_pool_size = 1 ; not a number\n",
         [](std::size_t) { return Place{}; }},
        {}, pooler, estate);
    REQUIRE(pooler.aliases.size() == 3);
    CHECK(pooler.aliases[0].name == "b");
    CHECK(pooler.aliases[0].address.hosts.size() == 2);
    CHECK(pooler.aliases[1].name == "a");
    CHECK(pooler.aliases[1].address.hosts.front() == "h4");
    CHECK_FALSE(pooler.aliases[1].sizes.pool_size);
    CHECK(pooler.aliases[2].name == "*");
    CHECK_FALSE(pooler.sizes.pool_size);
    REQUIRE(pooler.max_client_conn);
    CHECK(pooler.max_client_conn->value == 90);
    CHECK(pooler.sizes.mode->value == "transaction");
    CHECK(estate.notes.size() == 1);
}

TEST_CASE("a masked text keeps lines and columns, and no word but those of the formats") {
    const std::string text = "kind: Deployment\nname: \"größe-9\"  # 12 x\n";
    const std::string shown = masked(text);
    CHECK(shown.size() == text.size());
    CHECK(shown == "kind: Deployment\nname: \"**\xc2\xb7\xc2\xb7*-*\"  # ** *\n");
}

TEST_CASE("rows of data/import name drivers, engines and parts that exist") {
    CHECK(tables().sizes.size() > 10);
    CHECK(tables().addresses.size() > 30);
    CHECK(tables().commands.size() > 30);
    CHECK(tables().images.size() > 10);
    CHECK(tables().poolers.size() > 10);
    for (const std::vector<NameRow>* rows : {&tables().sizes, &tables().addresses})
        for (const NameRow& row : *rows) {
            CAPTURE(row.name);
            CHECK_FALSE(row.where.empty());
            CHECK((row.driver.empty() || poolfit::test::catalog().find_driver(row.driver) != nullptr));
            const bool planned =
                row.engine.empty() || row.engine == "postgresql" || row.engine == "mysql" || row.engine == "mariadb";
            const bool other = row.engine == "sqlite" || row.engine == "sqlserver" || row.engine == "oracle";
            CHECK((planned || (other && row.where == "named")));
        }
}
