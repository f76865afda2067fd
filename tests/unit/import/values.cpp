#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "../../../src/import/csv/values.hpp"

using namespace poolfit;
using namespace poolfit::imports;

namespace {

/// The value as text, or "! what is wrong"; "!! …" where a unit is missing.
std::string read(std::string_view key, std::string_view text, std::string_view unit = "") {
    static const Catalog catalog;
    const auto read = read_value(*find_target(key), text, unit, false, catalog);
    if (const auto* trouble = std::get_if<Trouble>(&read))
        return fmt::format("{} {}", trouble->lacks_unit ? "!!" : "!", trouble->message);
    const auto& value = std::get<Reading>(read).value;
    if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
    if (const auto* whole = value.as<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto* number = value.as<double>()) return fmt::format("{}", *number);
    const std::string& version = std::get<Reading>(read).version;
    return *value.as<std::string>() + (version.empty() ? "" : " / " + version);
}

}  // namespace

TEST_CASE("CPU says that it is percent, in the cell or in the heading") {
    CHECK(read("cpu_mean", "12.4 %") == "12.4%");
    CHECK(read("cpu_mean", "12.4", "%") == "12.4%");
    CHECK(read("cpu_mean", "12.4 percent") == "12.4%");
    CHECK(read("cpu_mean", "0.07", "share") == "7%");
    CHECK(read("cpu_mean", "0.07-0.2", "share") == "7-20%");
    CHECK(read("cpu_mean", "4-5", "%") == "4-5%");
    CHECK(read("cpu_mean", "12 %", "share") == "12%");  // the cell knows better
    CHECK(read("cpu_mean", "0") == "0%");
    CHECK(read("cpu_mean", "0.31") == "!! 0.31 without a percent sign");
    CHECK(read("cpu_mean", "31") == "!! 31 without a percent sign");
    CHECK(read("cpu_mean", "busy") == "! expected a percentage, such as 12.4%");
    CHECK(read("cpu_mean", "12 GB") == "! expected a percentage, such as 12.4%");
    CHECK(read("cpu_mean", "-3", "%") == "! expected a percentage, such as 12.4%");
    CHECK(read("cpu_mean", "12,5", "%") == "! not a number, where others have a point before their decimals");
}

TEST_CASE("bytes are bytes, unless they are too few, or have a unit") {
    CHECK(read("freeable_memory", "3758096384") == "3.5 GiB");
    CHECK(read("freeable_memory", "8380272278") == "7.8 GiB");      // never more than there was
    CHECK(read("freeable_memory", "4568464545.33") == "4.25 GiB");  // of an average
    CHECK(read("freeable_memory", "3.76E+09") == "3.5 GiB");
    CHECK(read("freeable_memory", "734003200", "bytes") == "700 MiB");
    CHECK(read("freeable_memory", "500", "bytes") == "500 B");
    CHECK(read("swap", "734003201", "bytes") == "701 MiB");  // more is worse
    CHECK(read("freeable_memory", "3.5", "GB") == "3.5 GB");
    CHECK(read("freeable_memory", "3.5 gib") == "3.5 GiB");
    CHECK(read("freeable_memory", "3.5GiB", "MB") == "3.5GiB");
    CHECK(read("freeable_memory", "3-4", "GiB") == "3-4 GiB");
    CHECK(read("freeable_memory", "3221225472-4294967296") == "3 GiB - 4 GiB");
    CHECK(read("freeable_memory", "0") == "0 B");
    CHECK(read("freeable_memory", "3.5") == "!! 3.5 without a unit");
    CHECK(read("freeable_memory", "1048575") == "!! 1048575 without a unit");
    CHECK(read("freeable_memory", "1048576") == "1 MiB");
    CHECK(read("freeable_memory", "lots") == "! expected a size, such as 3.5 GiB");
    CHECK(read("freeable_memory", "3.5 parsec") == "! expected a size, such as 3.5 GiB");
    CHECK(read("freeable_memory", "999999999999999999999999") == "! expected a size, such as 3.5 GiB");
}

TEST_CASE("other cells") {
    CHECK(read("engine", "PostgreSQL") == "postgresql");
    CHECK(read("engine", "postgres") == "postgresql");
    CHECK(read("engine", "Amazon RDS for MySQL") == "mysql");
    CHECK(read("engine", "MySQL Community") == "mysql");
    CHECK(read("engine", "PostgreSQL 16.8") == "postgresql / 16.8");
    CHECK(read("engine", "oracle-ee") == "oracle-ee");  // for who checks the inventory
    CHECK(read("engine", "aurora-postgresql") == "aurora-postgresql");
    CHECK(read("version", "PostgreSQL 15.10-R2") == "15.10");
    CHECK(read("version", "8.0.41") == "8.0.41");
    CHECK(read("version", "latest") == "latest");
    CHECK(read("class", "DB.M5.Large") == "db.m5.large");
    CHECK(read("class", "m5.large") == "db.m5.large");
    CHECK(read("class", "db.m5.lrge") == "db.m5.lrge");
    CHECK(read("region", "eu-central-1a") == "eu-central-1");
    CHECK(read("region", "US-East-1") == "us-east-1");
    CHECK(read("multi_az", "Yes") == "true");
    CHECK(read("multi_az", "2 Zones") == "true");
    CHECK(read("multi_az", "Single-AZ") == "false");
    CHECK(read("multi_az", "perhaps") == "! expected yes or no");
    CHECK(read("max_connections", "1,000") == "1000");
    CHECK(read("max_connections", "500.0") == "500");
    CHECK(read("max_connections", "12.5") == "! expected a whole number");
    CHECK(read("max_connections", "{DBInstanceClassMemory/9531392}") == "! expected a whole number");
    CHECK(read("iops", "120-180") == "120-180");
    CHECK(read("iops", "12.5 IOPS") == "12.5");
    CHECK(read("network", "120 mbps") == "120 Mbps");
    CHECK(read("network", "12", "MB/s") == "12 MB/s");
    CHECK(read("network", "12") == "!! 12 without a unit");
    CHECK(read("window", "14", "d") == "14 d");
    CHECK(read("window", "14 days") == "14 d");
    CHECK(read("window", "14") == "!! 14 without a unit");
}

TEST_CASE("no value, as spreadsheets say it") {
    for (const std::string_view text : {"", "-", "–", "n/a", "N/A", "#N/A", "NULL", "None"}) CHECK(is_blank(text));
    for (const std::string_view text : {"0", "no", "nano", "a-b"}) CHECK_FALSE(is_blank(text));
}
