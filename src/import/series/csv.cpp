// CSV of series: long, with a row for each point, or wide, with a column for each metric.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "../tree/sealed.hpp"
#include "left_out.hpp"
#include "metrics.hpp"
#include "readers.hpp"

namespace poolfit::imports {
namespace {

constexpr std::string_view times[] = {"timestamp", "time", "date", "datetime", "label"};
constexpr std::string_view metric_columns[] = {"metricname", "metric", "metric_name"};
constexpr std::string_view whose_columns[] = {"dbinstanceidentifier", "db_instance_identifier", "database", "instance",
                                              "dimension"};

template <std::size_t N>
bool any_of(const std::string_view (&words)[N], std::string_view word) {
    return std::ranges::find(words, word) != std::end(words);
}

struct Column {
    std::size_t index = 0;
    std::optional<series::Statistic> statistic;
    const MetricRow* row = nullptr;  ///< wide
    std::string whose{};
    Gathering* series = nullptr;  ///< wide, once it has a point
};

struct Header {
    std::optional<std::size_t> time, metric, whose, statistic, unit;
    std::vector<Column> values;
};

class Sheet {
public:
    Sheet(CsvReader& csv, std::string_view source, Gathered& gathered, Heard& heard)
        : csv_(csv), source_(source), gathered_(gathered), heard_(heard) {}

    bool read() {
        if (!find_header()) return false;
        while (csv_.next())
            if (!comment() && !row()) return false;
        return !csv_.failed();
    }

private:
    bool comment() const { return csv_.cell(0).starts_with('#'); }

    bool find_header() {
        int rows = 0;
        for (; rows < 20 && csv_.next(); ++rows) {
            if (comment()) continue;
            for (std::size_t i = 0; i < csv_.size(); ++i)
                if (any_of(times, heading(i))) return header();
        }
        if (csv_.failed()) return false;
        if (rows == 0)
            return csv_.refuse(0, "there is nothing in this file", "write a row of names, and a row for each time");
        return csv_.refuse(0, "no column time or timestamp in the first rows",
                           "name the columns in the first row: time,metric,value, or time,cpu,connections");
    }

    /// Without the byte order mark that a spreadsheet may have put before the first.
    std::string heading(std::size_t index) const {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        std::string_view cell = csv_.cell(index);
        if (index == 0 && cell.starts_with(mark)) cell.remove_prefix(mark.size());
        return lower(trimmed_blanks(cell));
    }

    bool header() {
        std::vector<std::size_t> others;
        for (std::size_t i = 0; i < csv_.size(); ++i) {
            const std::string name = heading(i);
            if (!header_.time && any_of(times, name))
                header_.time = i;
            else if (!header_.metric && any_of(metric_columns, name))
                header_.metric = i;
            else if (!header_.whose && any_of(whose_columns, name))
                header_.whose = i;
            else if (!header_.statistic && (name == "statistic" || name == "stat"))
                header_.statistic = i;
            else if (!header_.unit && name == "unit")
                header_.unit = i;
            else if (!name.empty())
                others.push_back(i);
        }
        return header_.metric ? long_form(others) : wide_form(others);
    }

    bool long_form(const std::vector<std::size_t>& others) {
        for (const std::size_t i : others) {
            const std::string name = lower(trimmed_blanks(csv_.cell(i)));
            const auto statistic = statistic_of(name);
            if (statistic || name == "value") header_.values.push_back({i, statistic});
        }
        if (!header_.values.empty()) return true;
        return csv_.refuse(*header_.metric, "no column value, average, maximum or minimum beside this one",
                           "add the column of the values");
    }

    bool wide_form(const std::vector<std::size_t>& others) {
        for (const std::size_t i : others) {
            const std::string_view name = trimmed_blanks(csv_.cell(i));
            Label label = read_label(name, source_);
            if (label.row == nullptr) {
                unread(name, i);
                continue;
            }
            if (label.other && !label.statistic) {
                other_statistic(*label.row, name, i);
                continue;
            }
            header_.values.push_back({i, label.statistic, label.row, std::move(label.whose)});
        }
        if (!header_.values.empty()) return true;
        return csv_.refuse(*header_.time, "no column is a metric that poolfit reads",
                           "name columns cpu, cpu_maximum, connections, freeable_memory, read_iops, write_iops");
    }

    /// Where an inventory names the file, it is a column like any other that says nothing.
    void other_statistic(const MetricRow& row, std::string_view metric, std::size_t column) {
        if (heard_.places)
            unread(metric, column);
        else
            heard_.others.emplace(row.name, 0);
    }

    void unread(std::string_view metric, std::size_t column) {
        const std::string name = Sealed(std::string(metric)).name();
        if (name.empty())
            ++heard_.unreadable_labels;
        else
            heard_.unread.emplace(name, csv_.begins(column));
    }

    std::optional<double> number(std::size_t index) const {
        std::string_view text = trimmed_blanks(csv_.cell(index));
        if (text.ends_with('%')) text.remove_suffix(1);
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
        return value;
    }

    bool row() {
        const std::string_view text = trimmed_blanks(csv_.cell(*header_.time));
        bool any = false;
        for (const Column& column : header_.values) any = any || !trimmed_blanks(csv_.cell(column.index)).empty();
        if (!any) {
            ++heard_.empty_rows;
            return true;
        }
        const auto at = series::parse_time(text);
        if (!at)
            return csv_.refuse(*header_.time, text.empty() ? "no time" : "not a time between 1990 and 2100",
                               "write 2026-05-04T15:00:00Z, or seconds or milliseconds since 1970");
        Label label;
        std::string whose;
        if (header_.whose) whose = Sealed(std::string(trimmed_blanks(csv_.cell(*header_.whose)))).name();
        if (header_.metric) {
            const std::string_view metric = trimmed_blanks(csv_.cell(*header_.metric));
            if (metric != last_metric_) {
                last_metric_ = metric;
                last_ = read_label(metric, source_);
                if (last_.row == nullptr) unread(metric, *header_.metric);
            }
            label = last_;
            if (label.row == nullptr) return true;
            if (header_.statistic && !label.statistic) {
                const std::string_view word = trimmed_blanks(csv_.cell(*header_.statistic));
                label.statistic = statistic_of(word);
                label.other = label.other || is_other_statistic(word);
            }
            if (label.other && !label.statistic) {
                other_statistic(*label.row, metric, *header_.metric);
                return true;
            }
            if (whose.empty()) whose = label.whose;
        }
        const bool percent = header_.unit && lower(trimmed_blanks(csv_.cell(*header_.unit))) == "percent";
        for (Column& column : header_.values) {
            const std::string_view cell = trimmed_blanks(csv_.cell(column.index));
            // What a tool exports as NaN is no sample; in a file that an inventory names it is a slip.
            if (cell.empty() || (lower(cell) == "nan" && !heard_.places)) continue;
            const auto value = number(column.index);
            if (!value) return csv_.refuse(column.index, "not a number", "write 12.5, or leave the cell empty");
            const MetricRow& metric = column.row != nullptr ? *column.row : *label.row;
            heard_.percent = heard_.percent || cell.ends_with('%');
            if (heard_.places && (*value < 0 || *value * metric.factor > series::most(metric.watch))) {
                OutOfRange said = out_of_range(metric, *value);
                return csv_.refuse(column.index, std::move(said.message), std::move(said.fix));
            }
            const series::Statistic statistic =
                column.statistic ? *column.statistic : label.statistic.value_or(series::Statistic::average);
            Gathering* series = column.series;
            if (series == nullptr) {
                series = &series_at(gathered_, heard_, column.whose.empty() ? whose : column.whose, metric, statistic,
                                    csv_.begins(column.index));
                if (column.row != nullptr && !header_.whose) column.series = series;
            }
            series->unit_said = series->unit_said || percent || cell.ends_with('%');
            if (!heard_.places && !is_possible(*value, *at, csv_.begins(column.index), *series, heard_)) continue;
            series->highest = std::max(series->highest, *value);
            const series::Point point{*at, *value * series->factor,
                                      static_cast<std::uint32_t>(csv_.begins(column.index))};
            if (!gathered_.add(*series, point))
                return csv_.refuse(column.index, std::string(too_many), std::string(fewer));
        }
        return true;
    }

    CsvReader& csv_;
    std::string_view source_;
    Gathered& gathered_;
    Heard& heard_;
    Header header_;
    std::string last_metric_;
    Label last_;
};

}  // namespace

bool read_series_csv(CsvReader& csv, std::string_view source, Gathered& gathered, Heard& heard) {
    return Sheet(csv, source, gathered, heard).read();
}

bool looks_like_series_csv(std::string_view text) {
    for (int line = 0; line < 20 && !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string one = lower(text.substr(0, std::min<std::size_t>(end, 4096)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (one.starts_with('#') || one.find(',') == one.npos) continue;
        bool time = false, metric = false;
        for (std::size_t at = 0; at <= one.size();) {
            const std::size_t comma = std::min(one.find(',', at), one.size());
            std::string_view cell = trimmed_blanks(std::string_view(one).substr(at, comma - at));
            while (!cell.empty() && (cell.front() == '"' || cell.front() == ' ')) cell.remove_prefix(1);
            while (!cell.empty() && (cell.back() == '"' || cell.back() == '\r')) cell.remove_suffix(1);
            time = time || any_of(times, cell);
            metric = metric || cell == "metricname" || cell == "metric" || cell == "metric_name";
            for (const MetricRow& row : metrics())
                if (row.source == "cloudwatch") metric = metric || cell.find(lower(row.name)) != cell.npos;
            at = comma + 1;
        }
        if (time && metric) return true;
    }
    return false;
}

}  // namespace poolfit::imports
