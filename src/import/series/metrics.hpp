// Which name stands for which series: rows of data/import/metrics.csv, and the words that labels consist of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <poolfit/series/watched.hpp>

namespace poolfit::imports {

struct MetricRow {
    std::string source, name;
    series::Watch watch{};
    std::optional<series::Statistic> statistic;  ///< where the name says it
    double factor = 1;                           ///< to what Watch has
    std::vector<std::string> labels;             ///< that name the server, the best first
};
const std::vector<MetricRow>& metrics();
const MetricRow* find_metric(std::string_view source, std::string_view name);
/// Names of all metrics of a source, for suggestions.
std::vector<std::string_view> metric_names(std::string_view source);

/// "avg", "Maximum", "min".
std::optional<series::Statistic> statistic_of(std::string_view word);
/// "Sum", "SampleCount", "p95": a statistic that says neither a mean nor an extreme.
bool is_other_statistic(std::string_view word);
/// The word of a label that is written as CloudWatch writes metrics: "DBLoad" of "orders DBLoad avg"; empty: none.
std::string metric_word(std::string_view label);

/// A label: "agora-primary CPUUtilization max", "cpu_maximum", "CPUUtilization".
struct Label {
    const MetricRow* row = nullptr;  ///< null where no word is a metric
    std::optional<series::Statistic> statistic;
    bool other = false;  ///< of a statistic that is none of those
    std::string whose;   ///< the only word that is left, if it can be a name
};
Label read_label(std::string_view text, std::string_view source);

}  // namespace poolfit::imports
