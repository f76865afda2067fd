// cloudwatch, pi and prometheus.
#include <string>

#include <doctest/doctest.h>

#include "../../support/sanitized.hpp"
#include "imported.hpp"

using namespace poolfit;
using namespace poolfit::test;

namespace {

imports::ImportOptions with(std::vector<std::string> maps, std::vector<std::string> settings = {}) {
    imports::ImportOptions options;
    options.maps = std::move(maps);
    options.settings = std::move(settings);
    return options;
}
/// What makes a database of a name that series alone have.
std::vector<std::string> as_database(const std::string& name) {
    std::vector<std::string> out;
    for (const char* key : {"engine=postgresql", "class=db.m6g.xlarge", "region=eu-west-1", "version=16.4"})
        out.push_back("database." + name + "." + key);
    return out;
}
std::string observed(const FromFiles& got, const std::string& name) { return got.value("database", name, "observed"); }
}  // namespace

TEST_CASE("cloudwatch: a long CSV, unordered, with a repeated row and a gap") {
    auto settings = as_database("berth-primary");
    for (const std::string& each : as_database("manifest-db")) settings.push_back(each);
    const FromFiles got = import_texts({{"cloudwatch", import_file("cloudwatch_long.csv")}}, with({}, settings));
    INFO(got.errors());
    INFO(got.notes());
    REQUIRE(got.result);
    CHECK(observed(got, "berth-primary") ==
          "cpu_mean 11.14%, cpu_peak 54.88%, connections 138.9-221, freeable_memory 6.56-7.03 GiB, window 1 d");
    CHECK(observed(got, "manifest-db") == "cpu_mean 21.5%, cpu_peak 35.87%, window 1 d");
    for (const char* text :
         {"CPUUtilization (average): 44 points, mean 11.14 %", "highest 54.88 % at 2026-05-04 15:00 UTC",
          "FreeableMemory (average): 44 points, mean 7.03 GiB, lowest 6.56 GiB",
          "DatabaseConnections (average): 44 points, mean 138.9", "highest 221 at 2026-05-04 15:30 UTC",
          "CPUUtilization (average): 22 points, mean 21.50 %", "highest 35.87 % at 2026-05-04 22:00 UTC",
          "1 d from 2026-05-04 00:00, every 30 min", "every 1 h", "a gap from 2026-05-04 10:00 to 12:00 (4 points)",
          "a point is repeated, counted once", "1 row has no value"}) {
        CAPTURE(text);
        CHECK(got.says(text));
    }
    CHECK(got.text().find("averages, so it was lower at times") != std::string::npos);
}

TEST_CASE("cloudwatch: get-metric-data names the database in its label, get-metric-statistics by --map") {
    const FromFiles got = import_texts({{"cloudwatch", import_file("cloudwatch_get_metric_data.json")}},
                                       with({}, as_database("agora-primary")));
    INFO(got.errors());
    INFO(got.notes());
    REQUIRE(got.result);
    CHECK(got.result->databases == 1);
    CHECK(observed(got, "agora-primary").find("cpu_mean") == 0);
    CHECK(got.says("CPUUtilization (average): 24 points"));
    CHECK(got.says("DatabaseConnections (maximum): 24 points"));

    const FromFiles statistics =
        import_texts({{"cloudwatch:conn.json", import_file("cloudwatch_get_metric_statistics.json")}},
                     with({"conn.json=orders"}, as_database("orders")));
    INFO(statistics.errors());
    REQUIRE(statistics.result);
    CHECK(observed(statistics, "orders").find("connections ") != std::string::npos);
    CHECK(statistics.says("highest 51 at"));

    const FromFiles without =
        import_texts({{"cloudwatch:conn.json", import_file("cloudwatch_get_metric_statistics.json")},
                      {"rds", import_file("instances.json")}});
    REQUIRE(without.result);
    CHECK(without.says("the file does not say which database it is about"));
    CHECK(without.says("--map conn.json=DATABASE"));
}

TEST_CASE("cloudwatch: a page that is not the last says so") {
    const FromFiles got =
        import_texts({{"cloudwatch:cpu.json", import_file("cloudwatch_get_metric_data_partial.json")}},
                     with({"cpu.json=orders"}, as_database("orders")));
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(got.says("StatusCode is PartialData"));
    CHECK(got.says("the answer has a NextToken"));
    CHECK(observed(got, "orders").find("cpu_mean 4.4%, cpu_peak 4.6%") == 0);
}

TEST_CASE("cloudwatch: a wide CSV, and two values for one time") {
    const FromFiles got = import_texts({{"cloudwatch",
                                         "Timestamp,orders CPUUtilization avg,orders CPUUtilization max\n"
                                         "1777852800,10,20\n1777853100,30,50\n1777853100,32,50\n"}},
                                       with({}, as_database("orders")));
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(observed(got, "orders").find("cpu_mean 21%, cpu_peak 50%") == 0);
    CHECK(got.says("a time with two values, first at 2026-05-04 00:05 UTC: the higher one counts"));
}

TEST_CASE("cloudwatch: with --series the points are a file, and the inventory names it") {
    imports::ImportOptions options = with({}, as_database("orders"));
    options.series = "series";
    const FromFiles got = import_texts({{"cloudwatch",
                                         "time,database,metric,value\n2026-05-04T00:00:00Z,orders,CPUUtilization,12.5\n"
                                         "2026-05-04T00:05:00Z,orders,CPUUtilization,7\n"}},
                                       options);
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(observed(got, "orders") == "series series/orders.csv");
    REQUIRE(got.result->series.size() == 1);
    CHECK(got.result->series[0].path == "series/orders.csv");
    CHECK(got.result->series[0].text == "time,cpu\n2026-05-04T00:00:00Z,12.5\n2026-05-04T00:05:00Z,7\n");
}

TEST_CASE("pi: both forms of time; load has no key") {
    for (const char* file : {"pi_get_resource_metrics_epoch.json", "pi_get_resource_metrics_iso8601.json"}) {
        CAPTURE(file);
        const FromFiles got = import_texts({{"pi", import_file(file)}, {"rds", import_file("instances.json")}});
        INFO(got.errors());
        REQUIRE(got.result);
        CHECK(got.says("db.load.avg has a mean of 0.475"));
    }
    const FromFiles cpu = import_texts(
        {{"pi", R"({"Identifier": "db-ABC", "MetricList": [{"Key": {"Metric": "os.cpuUtilization.total.avg"},
                   "DataPoints": [{"Timestamp": 1777852800.0, "Value": 20}, {"Timestamp": 1777853100.0},
                                  {"Timestamp": 1777853400.0, "Value": 40}]}]})"}},
        with({"db-ABC=orders"}, as_database("orders")));
    INFO(cpu.errors());
    REQUIRE(cpu.result);
    CHECK(observed(cpu, "orders").find("cpu_mean 30%, cpu_peak 40%") == 0);
}

TEST_CASE("prometheus: instant, range, errors") {
    const FromFiles limit = import_texts({{"prometheus", import_file("prometheus_query_instant.json")}},
                                         with({"127.0.0.1:57432=orders"}, as_database("orders")));
    INFO(limit.errors());
    REQUIRE(limit.result);
    CHECK(limit.value("database", "orders", "max_connections") == "60");

    const FromFiles range = import_texts(
        {{"prometheus", import_file("prometheus_query_range.json")}, {"rds", import_file("instances.json")}});
    INFO(range.errors());
    REQUIRE(range.result);
    CHECK(range.says("6 series without the name of a metric"));
    CHECK(range.says("aggregations drop the name"));

    const FromFiles refused = import_texts({{"prometheus", import_file("prometheus_error.json")}});
    CHECK_FALSE(refused.result);
    CHECK(refused.errors().find("Prometheus refused the query: bad_data") != std::string::npos);
    CHECK(refused.errors().find("parenthesis") == std::string::npos);

    const FromFiles states =
        import_texts({{"prometheus", R"({"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"__name__":"pg_stat_activity_count","server":"db1:5432","state":"active"},"values":[[1777852800,"3"],[1777852860,"5"]]},
            {"metric":{"__name__":"pg_stat_activity_count","server":"db1:5432","state":"idle"},"values":[[1777852800,"7"],[1777852860,"NaN"]]}]}})"}},
                     with({"db1:5432=orders"}, as_database("orders")));
    INFO(states.errors());
    REQUIRE(states.result);
    CHECK(observed(states, "orders").find("connections 7.5-10") == 0);
}

TEST_CASE("series cut anywhere end in an error or in what is whole, and show nothing of the file") {
    const std::pair<const char*, const char*> files[] = {{"cloudwatch", "cloudwatch_get_metric_data.json"},
                                                         {"cloudwatch", "cloudwatch_get_metric_statistics.json"},
                                                         {"cloudwatch", "cloudwatch_long.csv"},
                                                         {"pi", "pi_get_resource_metrics_iso8601.json"},
                                                         {"prometheus", "prometheus_query_range.json"}};
    for (const auto& each : files) {
        std::string text = import_file(each.second);
        for (std::size_t at = text.find("agora"); at != std::string::npos; at = text.find("agora", at + 1))
            text.replace(at, 5, "PLANTED p");
        const std::size_t step = sanitized ? 211 : 23;
        for (std::size_t end = 0; end < text.size(); end += step) {
            const FromFiles got = import_texts({{each.first, text.substr(0, end)}});
            CAPTURE(each.second);
            CAPTURE(end);
            CHECK((got.result || got.diagnostics.has_errors()));
            CHECK(got.all().find("PLANTED") == std::string::npos);
        }
    }
}

TEST_CASE("a file of another kind is named") {
    const FromFiles got = import_texts({{"cloudwatch", import_file("pi_get_resource_metrics_epoch.json")}});
    CHECK_FALSE(got.result);
    CHECK(got.errors().find("this looks like a file for pi, not for cloudwatch") != std::string::npos);
    const FromFiles none = import_texts({{"prometheus", import_file("cloudwatch_long.csv")}});
    CHECK(none.errors().find("this looks like a file for cloudwatch") != std::string::npos);
}

TEST_CASE("series: a mean is made of averages alone") {
    const FromFiles got = import_texts({{"cloudwatch:cpu.json",
                                         R"({"Label": "CPUUtilization", "Datapoints": [
                                             {"Timestamp": "2026-05-04T00:00:00Z", "Maximum": 12.0},
                                             {"Timestamp": "2026-05-04T01:00:00Z", "Maximum": 54.0}]})"}},
                                       with({"cpu.json=orders"}, as_database("orders")));
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(observed(got, "orders") == "cpu_peak 54%, window 2 h");
    CHECK(got.says("CPU has only maxima: its mean needs averages"));
    // Of what else was watched the highest stands alone too; of memory the lowest.
    const FromFiles wide = import_texts({{"cloudwatch",
                                          "Timestamp,orders DatabaseConnections max,orders FreeableMemory min\n"
                                          "1777852800,20,4294967296\n1777853100,50,2147483648\n"}},
                                        with({}, as_database("orders")));
    INFO(wide.errors());
    REQUIRE(wide.result);
    CHECK(observed(wide, "orders").find("connections 50, freeable_memory 2.00 GiB") == 0);
}

TEST_CASE("series: other statistics, and metrics without a key, are named") {
    const Texts sums{{"cloudwatch:sum.json",
                      R"({"Label": "DatabaseConnections",
                          "Datapoints": [{"Timestamp": "2026-05-04T00:00:00Z", "Sum": 720.0}]})"}};
    const FromFiles alone = import_texts(sums);
    CHECK_FALSE(alone.result);
    REQUIRE(alone.diagnostics.all().size() == 1);
    REQUIRE(alone.diagnostics.all().front().notes.size() == 1);
    CHECK(alone.diagnostics.all().front().notes.front().second.find("not Average, Maximum or Minimum") !=
          std::string::npos);
    const FromFiles got = import_texts({{"cloudwatch", R"({"MetricDataResults": [
            {"Id": "a", "Label": "orders CPUUtilization Sum", "Timestamps": ["2026-05-04T00:00:00Z"], "Values": [90]},
            {"Id": "cpu_p95", "Label": "orders CPUUtilization", "Timestamps": ["2026-05-04T00:00:00Z"], "Values": [80]},
            {"Id": "b", "Label": "orders DBLoad avg", "Timestamps": ["2026-05-04T00:00:00Z"], "Values": [3]},
            {"Id": "c", "Label": "orders CPUUtilization avg", "Timestamps": ["2026-05-04T00:00:00Z"], "Values": [7]}]})"}},
                                       with({}, as_database("orders")));
    INFO(got.errors());
    INFO(got.notes());
    REQUIRE(got.result);
    CHECK(observed(got, "orders").find("cpu_mean 7%, cpu_peak 7%") == 0);
    CHECK(got.says("not taken  CPUUtilization: its statistics are not Average"));
    CHECK(got.says("not taken  DBLoad: [database.observed] has no value for it"));
}

TEST_CASE("series: a file is mapped by its path or its name, a label as it is") {
    const FromFiles got =
        import_texts({{"cloudwatch:metrics/conn.json", import_file("cloudwatch_get_metric_statistics.json")}},
                     with({"conn.json=orders"}, as_database("orders")));
    INFO(got.errors());
    REQUIRE(got.result);
    CHECK(observed(got, "orders").find("connections ") != std::string::npos);
    const Texts files{{"prometheus", import_file("prometheus_query_instant.json")},
                      {"rds", import_file("instances.json")}};
    CHECK(import_texts(files).says("--map 127.0.0.1:57432=DATABASE"));
    const FromFiles mapped = import_texts(files, with({"127.0.0.1:57432=manifest-db"}, {}));
    INFO(mapped.errors());
    CHECK(mapped.result);
}
