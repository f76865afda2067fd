#include <doctest/doctest.h>

#include <poolfit/catalog/catalog.hpp>
#include <poolfit/formula/formula.hpp>

#include "csv.hpp"

using namespace poolfit;
using Kind = DriverDefault::Kind;

namespace {

const Catalog& built_in() {
    static const Catalog catalog;
    return catalog;
}

std::string_view known(DriverDefault::Known answer) {
    return answer == DriverDefault::Known::yes ? "yes" : answer == DriverDefault::Known::no ? "no" : "unknown";
}

std::string_view holds(DriverDefault::Holds answer) {
    using Holds = DriverDefault::Holds;
    return answer == Holds::request ? "request" : answer == Holds::transaction ? "transaction" : "";
}

std::string id(std::string_view name) {
    const DriverDefault* driver = built_in().find_driver(name);
    return driver ? std::string(driver->id) : "none";
}

double sized(std::string_view name, double vcpus) {
    auto parsed = formula::parse(built_in().find_driver(name)->formula, Formula::Dialect::pool);
    auto value =
        formula::evaluate_pool(std::get<Formula>(parsed), {{"TOTAL_VCPUS", vcpus}, {"TOTAL_CORES", vcpus / 2}});
    return std::get<double>(value);
}

}  // namespace

TEST_CASE("drivers: all 55 are found by id, by name and by every alias") {
    const auto rows = csv::read("drivers/drivers.csv");
    CHECK(rows.size() == 55);
    CHECK(built_in().driver_names().size() == 55);
    for (const auto& row : rows) {
        CAPTURE(row.at("id"));
        CHECK(id(row.at("id")) == row.at("id"));
        CHECK(id(row.at("name")) == row.at("id"));
        const std::string aliases = row.at("aliases") + ";";
        for (std::size_t at = 0, end; (end = aliases.find(';', at)) != std::string::npos; at = end + 1)
            if (end > at) CHECK(id(aliases.substr(at, end - at)) == row.at("id"));
        const DriverDefault* driver = built_in().find_driver(row.at("id"));
        CHECK(driver->name == row.at("name"));
        CHECK(driver->max_option == row.at("max_option"));
        CHECK(!driver->text.empty());
        CHECK(driver->row.source.starts_with(row.at("source")));
        CHECK(driver->row.as_of == row.at("as_of"));
        if (driver->kind == Kind::number) CHECK(std::to_string(driver->number) == row.at("default_max"));
        const double ms = driver->gives_up_after ? driver->gives_up_after->value : 0;
        CHECK((ms > 0 ? std::to_string(static_cast<int>(ms)) : "") == row.at("acquire_timeout_ms"));
        CHECK(known(driver->waits_forever) == row.at("waits_forever"));
        CHECK(known(driver->counts_waiting) == row.at("counts_waiting"));
        CHECK(holds(driver->holds) == row.at("holds"));
    }
}

TEST_CASE("drivers: names as people write them") {
    CHECK(id("postgres.js") == "postgres-js");
    CHECK(id("Postgres-JS") == "postgres-js");
    CHECK(id("pg") == "pg");
    CHECK(id("node-postgres") == "pg");
    CHECK(id("HikariCP") == "hikaricp");
    CHECK(id("hikaricp") == "hikaricp");
    CHECK(id("hikari") == "hikaricp");
    CHECK(id("SQLAlchemy") == "sqlalchemy");
    CHECK(id("pg-boss") == "pg-boss");
    CHECK(id("pgboss") == "pg-boss");
    CHECK(id("prisma") == "prisma-7");
    CHECK(id("prisma 6") == "prisma-engine");
    CHECK(id("django") == "django");
    CHECK(id("database/sql") == "database-sql");
    CHECK(id("psycopg_pool") == "psycopg-pool");
    CHECK(id("pg-pool") == "pg");
    CHECK(id("pgpool") == "pgpool2");
    CHECK(id("php-fpm") == "pdo");
    CHECK(id("oracledb") == "none");
    CHECK(id("") == "none");
}

TEST_CASE("drivers: what each does when its size isn't set") {
    auto kind = [](std::string_view name) { return built_in().find_driver(name)->kind; };
    CHECK(kind("postgres.js") == Kind::number);
    CHECK(built_in().find_driver("postgres.js")->number == 10);
    CHECK(built_in().find_driver("sqlalchemy")->number == 15);
    CHECK(built_in().find_driver("npgsql")->number == 100);
    CHECK(built_in().find_driver("mysql2")->number == 10);
    CHECK(built_in().find_driver("mysqljs")->number == 10);
    CHECK(built_in().find_driver("MySqlConnector")->number == 100);
    CHECK(built_in().find_driver("aiomysql")->number == 10);
    CHECK(built_in().find_driver("mysql.connector")->number == 5);
    CHECK(built_in().find_driver("mariadb-connector-python")->number == 5);
    CHECK(kind("database/sql") == Kind::unlimited);
    CHECK(kind("odyssey") == Kind::unlimited);
    CHECK(kind("rds-proxy") == Kind::unlimited);
    CHECK(kind("drizzle") == Kind::driver);
    CHECK(kind("agroal") == Kind::mandatory);
    CHECK(kind("pgcat") == Kind::mandatory);
    CHECK(kind("django") == Kind::thread);
    CHECK(kind("pgxpool") == Kind::formula);
    CHECK(sized("pgxpool", 2) == 4);
    CHECK(sized("pgxpool", 8) == 8);
    CHECK(sized("prisma-6", 2) == 3);  // one core of two threads: 1 × 2 + 1
    CHECK(sized("deadpool", 4) == 8);
}

TEST_CASE("drivers: how long they wait, and whether they count who waits") {
    using Known = DriverDefault::Known;
    const auto of = [](std::string_view name) { return *built_in().find_driver(name); };
    CHECK(of("hikaricp").gives_up_after->value == 30'000);
    CHECK(of("hikaricp").waits_forever == Known::no);
    CHECK_FALSE(of("pg").gives_up_after.has_value());
    CHECK(of("pg").waits_forever == Known::yes);
    CHECK(of("pg-boss").waits_forever == Known::unknown);  // pg's default before version 12
    CHECK(of("peewee").waits_forever == Known::no);        // raises at once
    CHECK_FALSE(of("peewee").gives_up_after.has_value());
    CHECK(of("postgres.js").counts_waiting == Known::no);
    CHECK(of("pgx").counts_waiting == Known::yes);
}
