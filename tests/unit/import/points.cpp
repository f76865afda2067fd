// Points of series that no server can have, CPU in other units than percent, and answers that come in pages.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

imports::ImportOptions of_orders(std::vector<std::string> maps = {}) {
    imports::ImportOptions options;
    options.maps = std::move(maps);
    options.settings = {"database.orders.engine=postgresql", "database.orders.class=db.m6g.xlarge",
                        "database.orders.region=eu-west-1"};
    return options;
}

/// get-metric-statistics, one point an hour and a line.
std::string cpu_of(const std::vector<std::string>& values) {
    std::string out = "{\"Label\": \"orders CPUUtilization\", \"Datapoints\": [";
    for (std::size_t i = 0; i < values.size(); ++i)
        out += fmt::format("{}\n{{\"Timestamp\": \"2026-05-04T{:02}:00:00Z\", \"Average\": {}}}", i == 0 ? "" : ",", i,
                           values[i]);
    return out + "]}";
}
/// Beside what describes the database.
FromFiles taken(Texts texts, std::vector<std::string> maps = {}) {
    texts.emplace_back("rds:rds.json", R"({"DBInstances": [{"DBInstanceIdentifier": "orders", "Engine": "postgres",
"DBInstanceClass": "db.m6g.xlarge", "DBInstanceArn": "arn:aws:rds:eu-west-1:123456789012:db:orders"}]})");
    FromFiles got = import_texts(texts, of_orders(std::move(maps)));
    INFO(got.errors());
    REQUIRE(got.result);
    return got;
}
std::string observed(const FromFiles& got) { return got.value("database", "orders", "observed"); }

}  // namespace

TEST_CASE("points: one above all vCPUs or below 0 is left out at its place, and the others count") {
    // (10 + 20 + 30) / 3
    const FromFiles over = taken({{"cloudwatch:cpu.json", cpu_of({"10", "20", "250", "30"})}});
    CHECK(observed(over) == "cpu_mean 20%, cpu_peak 30%, window 4 h");
    CHECK(
        over.says("not taken  orders: CPUUtilization (average): 1 of 4 points: 250 at 2026-05-04 02:00 UTC is more "
                  "than 100 %; it may be a sum over vCPUs  (cpu.json:4)"));
    CHECK(over.says("--map cpu:orders=N"));

    const FromFiles below = taken({{"cloudwatch:cpu.json", cpu_of({"10", "-5", "30", "-6"})}});
    CHECK(observed(below) == "cpu_mean 20%, cpu_peak 30%, window 4 h");
    CHECK(below.says("2 of 4 points: the first, -5 at 2026-05-04 01:00 UTC, is below 0  (cpu.json:3)"));

    const FromFiles absurd = taken({{"cloudwatch", cpu_of({"10", "1e300", "30"})}});
    CHECK(observed(absurd).starts_with("cpu_mean 20%, cpu_peak 30%"));
    CHECK(absurd.says("1 of 3 points: 1e+300 at 2026-05-04 01:00 UTC is more than 100 %  "));

    // CloudWatch has a little more than 100 at times.
    const FromFiles rounded = taken({{"cloudwatch", cpu_of({"90", "100.4"})}});
    CHECK(observed(rounded).starts_with("cpu_mean 95.2%, cpu_peak 100%"));
    CHECK_FALSE(rounded.says("not taken"));
}

TEST_CASE("points: CPU that is a sum over vCPUs is asked for, and --map answers") {
    const std::string sum = cpu_of({"250", "260", "180", "300"});
    const FromFiles asked = taken({{"cloudwatch:cpu.json", sum}});
    CHECK(observed(asked) == "-");
    CHECK(
        asked.says("not taken  orders: its CPU: 4 of 4 points are more than 100 %, the highest 300: a sum over its "
                   "vCPUs?  (cpu.json:2)"));
    CHECK(asked.says("--map cpu:orders=N: N is what the files have with all vCPUs busy, 400 for a sum over 4"));
    // 990 / 4 / 4 and 300 / 4
    const FromFiles of_four = taken({{"cloudwatch:cpu.json", sum}}, {"cpu:orders=400"});
    CHECK(observed(of_four).starts_with("cpu_mean 61.87%, cpu_peak 75%"));
    CHECK_FALSE(of_four.says("not taken"));
    // Two of 100 points are no other unit.
    std::vector<std::string> few(100, "50");
    few[10] = few[20] = "120";
    const FromFiles rest = taken({{"cloudwatch", cpu_of(std::vector<std::string>(few.begin(), few.begin() + 24))}});
    CHECK(observed(rest) == "-");  // 2 of 24
    std::string csv = "time,cpu\n";
    for (std::size_t i = 0; i < few.size(); ++i) csv += fmt::format("{},{}\n", 1777852800 + 300 * i, few[i]);
    const FromFiles outliers = taken({{"cloudwatch:cpu.csv", csv}}, {"cpu.csv=orders"});
    CHECK(observed(outliers).starts_with("cpu_mean 50%, cpu_peak 50%"));
    CHECK(outliers.says("2 of 100 points: the first, 120 at"));
}

TEST_CASE("points: a CSV whose CPU is never more than 1 is asked for") {
    const std::string csv =
        "time,database,cpu,cpu_maximum\n2026-05-04T00:00:00Z,orders,0.2,0.5\n"
        "2026-05-04T01:00:00Z,orders,0.3,0.6\n";
    const FromFiles asked = taken({{"cloudwatch", csv}});
    CHECK(observed(asked) == "-");
    CHECK(asked.says("its CPU: no value is more than 0.6: percent, or shares of 1?"));
    CHECK(asked.says("--map cpu:orders=%, or --map cpu:orders=share"));
    CHECK(observed(taken({{"cloudwatch", csv}}, {"cpu:orders=share"})) == "cpu_mean 25%, cpu_peak 60%, window 2 h");
    CHECK(observed(taken({{"cloudwatch", csv}}, {"cpu:orders=%"})) == "cpu_mean 0.25%, cpu_peak 0.6%, window 2 h");
    // What says its unit is not asked about, and CloudWatch's own answers are percent.
    CHECK(observed(taken({{"cloudwatch", "time,database,cpu\n2026-05-04T00:00:00Z,orders,0.2%\n"}}))
              .starts_with("cpu_mean 0.2%"));
    CHECK(observed(taken({{"cloudwatch",
                           "timestamp,database,metric,average,unit\n"
                           "2026-05-04T00:00:00Z,orders,CPUUtilization,0.2,Percent\n"}}))
              .starts_with("cpu_mean 0.2%"));
    CHECK(observed(taken({{"cloudwatch", cpu_of({"0.2", "0.4"})}})).starts_with("cpu_mean 0.3%"));
}

TEST_CASE("points: a series that an import wrote is read again, however idle") {
    imports::ImportOptions options = of_orders();
    options.series = "series";
    const FromFiles got = import_texts({{"cloudwatch", cpu_of({"0.2", "0.4"})}}, options);
    REQUIRE(got.result);
    REQUIRE(got.result->series.size() == 1);
    CHECK(observed(taken({{"cloudwatch:orders.csv", got.result->series[0].text}}, {"orders.csv=orders"}))
              .starts_with("cpu_mean 0.3%"));
}

TEST_CASE("points: --map cpu: has %, share or a number, and names a database of the files") {
    const auto errors = [](const std::string& map) {
        const FromFiles got = import_texts({{"cloudwatch", cpu_of({"10", "20"})}}, of_orders({map}));
        CHECK_FALSE(got.result);
        return got.errors();
    };
    for (const char* wrong : {"cpu:orders=many", "cpu:orders=0", "cpu:orders=-100", "cpu:orders=0.5", "cpu:orders=1e9"})
        expect(errors(wrong), "not %, share or a number of 1 or more");
    expect(errors("cpu:oders=400"), "nothing in the files is called cpu:oders");
}

TEST_CASE("points: of other metrics too, and null is no point") {
    const FromFiles got = taken({{"cloudwatch",
                                  "time,database,connections,freeable_memory\n2026-05-04T00:00:00Z,orders,5,4e9\n"
                                  "2026-05-04T01:00:00Z,orders,7e9,-1\n2026-05-04T02:00:00Z,orders,7,4e9\n"}});
    CHECK(observed(got).starts_with("connections 6-7, freeable_memory 3.73 GiB"));
    CHECK(got.says("connections (average): 1 of 3 points: 7e+09 at 2026-05-04 01:00 UTC is more than any server has"));
    CHECK(got.says("freeable_memory (average): 1 of 3 points: -1 at 2026-05-04 01:00 UTC is below 0"));
    const FromFiles null = taken({{"cloudwatch",
                                   R"({"MetricDataResults": [{"Id": "a", "Label": "orders CPUUtilization Average",
"Timestamps": ["2026-11-02T00:00:00Z", "2026-11-02T00:05:00Z"], "Values": [10, null], "StatusCode": "Complete"}]})"}});
    CHECK(observed(null).starts_with("cpu_mean 10%"));
    CHECK_FALSE(null.says("below 0"));
}

TEST_CASE("points: an answer without any says so") {
    for (const auto& each :
         {std::pair("prometheus", R"({"status": "success", "data": {"resultType": "matrix", "result": []}})"),
          std::pair("prometheus", R"({"status": "success", "data": {"resultType": "matrix", "result": null}})"),
          std::pair("cloudwatch", R"({"MetricDataResults": []})"), std::pair("cloudwatch", R"({"Datapoints": []})")}) {
        CAPTURE(each.second);
        const FromFiles got = import_texts({{each.first, each.second}});
        CHECK_FALSE(got.result);
        expect(got.errors(), "it has no points");
    }
}

namespace {

std::string page(std::string_view metric, int day, bool more, std::string_view status = "Complete") {
    return fmt::format(R"({{"MetricDataResults": [{{"Id": "m", "Label": "orders {0} Average",
"Timestamps": ["2026-11-{1:02}T00:00:00Z", "2026-11-{1:02}T00:05:00Z"], "Values": [10, 20], "StatusCode": "{2}"}}]{3}}})",
                       metric, day, status, more ? ", \"NextToken\": \"t\"" : "");
}

}  // namespace

TEST_CASE("pages: one whose series are whole is followed by the page that ends its answer") {
    constexpr std::string_view goes_on = "the next page: the answer has a NextToken";
    const Texts both{{"cloudwatch:1.json", page("CPUUtilization", 2, true)},
                     {"cloudwatch:2.json", page("DatabaseConnections", 2, false)}};
    CHECK_FALSE(taken(both).says(goes_on));
    CHECK_FALSE(taken({both[1], both[0]}).says(goes_on));
    const FromFiles three = taken({both[0], {"cloudwatch:m.json", page("FreeableMemory", 2, true)}, both[1]});
    CHECK_FALSE(three.says(goes_on));
    CHECK(taken({both[0]}).says("1.json: the next page: the answer has a NextToken"));
    // The end of an answer of other days is none of this one.
    CHECK(taken({both[0], {"cloudwatch:2.json", page("DatabaseConnections", 9, false)}}).says(goes_on));
    // Nor is the end of an answer whose beginning is there.
    const FromFiles other = taken({both[0],
                                   {"cloudwatch:a.json", page("DatabaseConnections", 2, true, "PartialData")},
                                   {"cloudwatch:b.json", page("DatabaseConnections", 2, false)}});
    CHECK(other.says("1.json: the next page: the answer has a NextToken"));
    CHECK_FALSE(other.says("a.json: the next page"));
}
