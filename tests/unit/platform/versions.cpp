// Each engine's grammar of versions.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>

using namespace poolfit;

namespace {

/// "16 8" for series and release, or what is wrong.
std::string read(std::string_view id, std::string_view text) {
    const auto parsed = platform::by_id(id)->versions.parse(text);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) return *wrong;
    const auto& version = std::get<EngineVersion>(parsed);
    const std::string series = version.series.minor == 0 && version.series.major > 9
                                   ? fmt::format("{}", version.series.major)
                                   : fmt::format("{}.{}", version.series.major, version.series.minor);
    return version.exact() ? fmt::format("{} {}", series, version.release) : series;
}

}  // namespace

TEST_CASE("versions of PostgreSQL: a major version is a series") {
    const auto pg = [](std::string_view text) { return read("rds-postgresql", text); };
    CHECK(pg("16.8") == "16 8");
    CHECK(pg("16") == "16");
    CHECK(pg("16.0") == "16 0");
    CHECK(pg("16.8-R2") == "16 8");
    CHECK(pg("9.6") == "is not one of PostgreSQL 10 to 99");
    CHECK(pg("100") == "is not one of PostgreSQL 10 to 99");
    for (const char* text : {"", "16.", ".8", "16.8.1", "16.x", "16 8", "-16", "+16", "16.-8", "16.8-R", "16.8-Rx",
                             "99999999999", "16.99999999999", "sixteen"}) {
        CAPTURE(text);
        CHECK(pg(text) == "is not a PostgreSQL version");
    }
}

TEST_CASE("versions of MySQL: a series has two numbers") {
    const auto mysql = [](std::string_view text) { return read("rds-mysql", text); };
    CHECK(mysql("8.0.40") == "8.0 40");
    CHECK(mysql("8.0") == "8.0");
    CHECK(mysql("8.4") == "8.4");
    CHECK(mysql("8.4.3") == "8.4 3");
    CHECK(mysql("5.7.44-rds.20240408") == "5.7 44");
    CHECK(mysql("8") == "does not name a MySQL series, such as 8.0 or 8.4");
    CHECK(mysql("5.6.51") == "is not one of MySQL 5.7 to 99");
    for (const char* text : {"", "8.", "8.0.", "8.0.40.1", "8.0.40-rds.", "8.0.mysql_aurora.3.05.2", "v8.0"}) {
        CAPTURE(text);
        CHECK(mysql(text) == "is not a MySQL version");
    }
}

TEST_CASE("versions of MariaDB: a series has two numbers, from 10.5 on") {
    const auto mariadb = [](std::string_view text) { return read("rds-mariadb", text); };
    CHECK(mariadb("10.11.8") == "10.11 8");
    CHECK(mariadb("11.4") == "11.4");
    CHECK(mariadb("10.6.16-rds.20240408") == "10.6 16");
    CHECK(mariadb("10") == "does not name a MariaDB series, such as 10.11 or 11.4");
    CHECK(mariadb("10.4.34") == "is not one of MariaDB 10.5 to 99");
    CHECK(mariadb("10.11.8-MariaDB") == "is not a MariaDB version");
}

TEST_CASE("versions of Aurora MySQL: its own number, alone or behind MySQL's") {
    const auto aurora = [](std::string_view text) { return read("aurora-mysql", text); };
    CHECK(aurora("8.0.mysql_aurora.3.08.1") == "3.0 801");
    CHECK(aurora("3.08.1") == "3.0 801");
    CHECK(aurora("3.08") == "3.0 800");
    CHECK(aurora("3") == "3.0");
    CHECK(aurora("5.7.mysql_aurora.2.11.2") == "2.0 1102");
    CHECK(aurora("2.11.2") == "2.0 1102");
    CHECK(aurora("8.0") == "3.0");  // what SELECT VERSION() says is MySQL's
    CHECK(aurora("8.0.39") == "3.0");
    CHECK(aurora("5.7") == "2.0");
    CHECK(aurora("4.01") == "is not one of Aurora MySQL 2 and 3");
    CHECK(aurora("1.22.2") == "is not one of Aurora MySQL 2 and 3");
    for (const char* text : {"", "8.0.mysql_aurora.", "8.0.mysql_aurora.2.11.2", "5.7.mysql_aurora.3.08.0", "3.08.1.2",
                             "3.x", "mysql_aurora.3.08.0", "8.0.mysql_aurora.3.08.0-beta", "3.8.100", "3.100"}) {
        CAPTURE(text);
        CHECK(aurora(text) == "is not an Aurora MySQL version");
    }
    CHECK(read("aurora-postgresql", "15.4") == "15 4");
    CHECK(read("aurora-serverless-mysql", "3.08.0") == "3.0 800");
}
