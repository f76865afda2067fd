#include "metrics.hpp"

#include <algorithm>
#include <charconv>

#include "../stream/csv_reader.hpp"
#include "../tree/sealed.hpp"

namespace poolfit::imports {

namespace tables_text {
std::string_view metrics();
}

namespace {

/// What stands between the words of a label.
constexpr std::string_view between = " \t,:()[]|/\"'";

std::optional<series::Watch> watch_of(std::string_view word) {
    for (std::size_t i = 0; i < series::all_watches; ++i)
        if (series::name(static_cast<series::Watch>(i)) == word) return static_cast<series::Watch>(i);
    return std::nullopt;
}

std::vector<MetricRow> made() {
    std::vector<MetricRow> rows;
    // A series file's own names: CPU in percent, lag in seconds.
    for (std::size_t i = 0; i < series::all_watches; ++i) {
        const auto watch = static_cast<series::Watch>(i);
        const double factor = watch == series::Watch::cpu ? 0.01 : watch == series::Watch::replica_lag ? 1000 : 1;
        rows.push_back({"series", std::string(series::name(watch)), watch, {}, factor, {}});
    }
    Sources sources;
    Diagnostics diagnostics;
    Input bytes("metrics.csv", tables_text::metrics(), sources, diagnostics);
    CsvReader csv(bytes);
    csv.next();
    while (csv.next()) {
        MetricRow row{std::string(csv.cell(0)), std::string(csv.cell(1)), *watch_of(csv.cell(2)), {}, 1, {}};
        row.statistic = statistic_of(csv.cell(3));
        const std::string_view factor = csv.cell(4);
        std::from_chars(factor.data(), factor.data() + factor.size(), row.factor);
        std::string_view labels = csv.cell(5);
        while (!labels.empty()) {
            const std::size_t end = std::min(labels.find(' '), labels.size());
            row.labels.emplace_back(labels.substr(0, end));
            labels.remove_prefix(std::min(end + 1, labels.size()));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

const std::vector<MetricRow>& metrics() {
    static const std::vector<MetricRow> rows = made();
    return rows;
}

const MetricRow* find_metric(std::string_view source, std::string_view name) {
    const auto found =
        std::ranges::find_if(metrics(), [&](const MetricRow& row) { return row.source == source && row.name == name; });
    return found == metrics().end() ? nullptr : &*found;
}

std::vector<std::string_view> metric_names(std::string_view source) {
    std::vector<std::string_view> names;
    for (const MetricRow& row : metrics())
        if (row.source == source) names.emplace_back(row.name);
    return names;
}

std::optional<series::Statistic> statistic_of(std::string_view word) {
    const std::string lowered = lower(word);
    if (lowered == "average" || lowered == "avg" || lowered == "mean") return series::Statistic::average;
    if (lowered == "maximum" || lowered == "max" || lowered == "highest") return series::Statistic::maximum;
    if (lowered == "minimum" || lowered == "min" || lowered == "lowest") return series::Statistic::minimum;
    return std::nullopt;
}

bool is_other_statistic(std::string_view word) {
    const std::string lowered = lower(word);
    if (lowered == "sum" || lowered == "samplecount") return true;
    return lowered.size() > 2 && lowered[0] == 'p' && lowered.find_first_not_of("0123456789.", 1) == lowered.npos;
}

std::string metric_word(std::string_view label) {
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    for (std::size_t at = label.find_first_not_of(between); at != label.npos;) {
        const std::size_t end = std::min(label.find_first_of(between, at), label.size());
        const std::string_view word = label.substr(at, end - at);
        if (is_upper(word.front()) && std::ranges::count_if(word, is_upper) > 1 && !statistic_of(word) &&
            !is_other_statistic(word))
            return Sealed(std::string(word)).name();
        at = label.find_first_not_of(between, end);
    }
    return {};
}

Label read_label(std::string_view text, std::string_view source) {
    Label label;
    std::size_t rest = 0;
    const auto word_of = [&](std::string_view word) {
        const auto known = [&](std::string_view name) {
            const MetricRow* row = find_metric("series", name);
            if (row == nullptr && source != "series") row = find_metric(source, name);
            if (row == nullptr && source == "series") row = find_metric("cloudwatch", name);
            return row;
        };
        const MetricRow* row = label.row == nullptr ? known(word) : nullptr;
        std::optional<series::Statistic> statistic = row == nullptr ? statistic_of(word) : std::nullopt;
        // "cpu_maximum", "CPUUtilization.Maximum", "os.cpuUtilization.total.avg".
        const std::size_t cut = word.find_last_of("_.");
        if (row == nullptr && !statistic && label.row == nullptr && cut != word.npos) {
            row = known(word.substr(0, cut));
            statistic = row == nullptr ? std::nullopt : statistic_of(word.substr(cut + 1));
            if (!statistic) row = nullptr;
        }
        if (row != nullptr) label.row = row;
        if (statistic && !label.statistic) label.statistic = statistic;
        if (row != nullptr || statistic) return;
        if (is_other_statistic(word)) return void(label.other = true);
        ++rest;
        label.whose = Sealed(std::string(word)).name();
    };
    for (std::size_t at = text.find_first_not_of(between); at != text.npos;) {
        const std::size_t end = std::min(text.find_first_of(between, at), text.size());
        word_of(text.substr(at, end - at));
        at = text.find_first_not_of(between, end);
    }
    if (rest != 1) label.whose.clear();
    if (label.row != nullptr && label.row->statistic) label.statistic = label.row->statistic;
    return label;
}

}  // namespace poolfit::imports
