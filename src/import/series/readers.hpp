// What is in a file of series, whichever tool wrote it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "../stream/csv_reader.hpp"
#include "../stream/json_reader.hpp"
#include "gathered.hpp"
#include "metrics.hpp"

namespace poolfit::imports {

/// What a reader of series has beside the points.
struct Heard {
    std::map<std::string, std::uint64_t> unread;  ///< metrics that poolfit does not read, and where the first is
    std::map<std::string, std::uint64_t> others;  ///< metrics of which only other statistics are there
    std::size_t unreadable_labels = 0;            ///< results without a metric that could be named
    std::size_t empty_rows = 0;                   ///< without a value
    std::set<std::string> partial;                ///< results with StatusCode PartialData, by id and label
    std::set<std::string> complete;               ///< those with another
    std::size_t refused = 0;                      ///< results with StatusCode InternalError or Forbidden
    std::size_t negative = 0;                     ///< points below 0, which stand for nothing
    std::uint64_t first_negative = 0;             ///< where the first of them is
    bool percent = false;                         ///< a value has a %: it is no share of 1
    bool goes_on = false;                         ///< there is a next page
    std::optional<series::Instant> first, last;   ///< of all points
    std::map<std::string, double> told;           ///< means of what has no key: "db.load.avg"
    std::map<std::string, std::int64_t> limits;   ///< max_connections, by whose
    /// Makes the place of a series that begins here.
    std::function<Place(std::uint64_t)> place;
    bool places = false;  ///< points keep their offsets, and one that no server can have is an error
    /// What a database's CPU is with all vCPUs busy, by what the user says. Null: nothing is said.
    std::function<std::optional<double>(std::string_view whose)> busy{};
    std::string fallback;  ///< whose series are that do not say it
};

/// Answers of aws cloudwatch get-metric-data and get-metric-statistics. False after an error, which was said.
bool read_cloudwatch_json(JsonReader& json, Gathered& gathered, Heard& heard);
/// Answers of aws pi get-resource-metrics.
bool read_pi_json(JsonReader& json, Gathered& gathered, Heard& heard);
/// Answers of Prometheus's query and query_range.
bool read_prometheus_json(JsonReader& json, Gathered& gathered, Heard& heard);
/// Rows of time, metric and values, or a column for each metric. `source` is whose metrics: "cloudwatch", "series".
bool read_series_csv(CsvReader& csv, std::string_view source, Gathered& gathered, Heard& heard);

/// Do the first lines look like such a CSV?
bool looks_like_series_csv(std::string_view text);

/// What a reader said with the file's text, said again with the text masked.
void say_masked(const Diagnostics& said, Sources& sources, Diagnostics& diagnostics);

/// A new series where it is not there yet.
Gathering& series_at(Gathered& gathered, Heard& heard, std::string_view whose, const MetricRow& metric,
                     series::Statistic statistic, std::uint64_t offset);
/// "cpu: 1e+308 is out of range", and "write 0 to 100, or leave it out": of a value as the file has it.
struct OutOfRange {
    std::string message, fix;
};
OutOfRange out_of_range(const MetricRow& metric, double value);
inline constexpr std::string_view too_many = "more than 32 million points";
inline constexpr std::string_view fewer = "fetch fewer days, or a longer period, at a time";

}  // namespace poolfit::imports
