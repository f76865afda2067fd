// Answers of Prometheus's query and query_range.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "answers.hpp"

namespace poolfit::imports {
namespace {

class Prometheus : AnswerReader {
public:
    using AnswerReader::AnswerReader;
    bool read() {
        if (!answers([&] { return answer(); })) return false;
        for (auto& [key, sum] : sums_) {
            std::vector<series::Point> points;
            for (const auto& [at, value] : sum.values) points.push_back({at, value.value, value.offset});
            if (!keep(key.first, *key.second, series::Statistic::average, points, sum.at)) return false;
        }
        return true;
    }

private:
    struct Sum {
        std::map<series::Instant, series::Point> values;
        std::uint64_t at = 0;
    };

    bool answer() {
        bool known = false;
        std::string status, error;
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "status") return text(status);
            if (key == "errorType") return text(error);
            if (key != "data") return json_.skip();
            return members([&] {
                if (json_.text() != "result") return json_.skip();
                known = true;
                bool scalar = false;  // a time and a value
                return list([&](Token token) {
                    if (token == Token::object) return result();
                    heard_.unreadable_labels += scalar ? 0 : 1;
                    scalar = true;
                    return json_.skip_rest(token);
                });
            });
        });
        if (!good) return false;
        if (status == "error" || !error.empty()) {
            // One of the API's own words, such as bad_data; nothing else is shown.
            const bool word = error.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == error.npos;
            const std::string kind = word ? error : std::string();
            return json_.refuse(fmt::format("Prometheus refused the query{}{}", kind.empty() ? "" : ": ", kind),
                                "correct the query, and save its answer again");
        }
        return known || json_.refuse("no data.result", "save the answer of /api/v1/query or /api/v1/query_range");
    }

    bool result() {
        std::map<std::string, std::string> labels;
        std::vector<series::Point> points;
        const std::uint64_t at = json_.began();
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "metric")
                return members([&] {
                    const std::string label(json_.text());
                    std::string value;
                    if (!text(value)) return false;
                    if (labels.size() < 100) labels.emplace(label, std::move(value));
                    return true;
                });
            if (key == "values")
                return list([&](Token token) {
                    if (points.size() >= most_in_one) return json_.refuse(std::string(too_many), std::string(fewer));
                    return token == Token::list ? pair(points)
                                                : token != Token::bad && json_.refuse("not a list", "save it again");
                });
            if (key == "value") {
                const Token token = json_.next();
                return token == Token::list ? pair(points)
                                            : token != Token::bad && json_.refuse("not a list", "save it again");
            }
            return json_.skip();
        });
        if (!good) return false;
        const auto name = labels.find("__name__");
        if (name == labels.end() || points.empty()) {
            heard_.unreadable_labels += points.empty() ? 0 : 1;
            return true;
        }
        return take(name->second, labels, points, at);
    }

    /// [time, "value"], behind its opening bracket.
    bool pair(std::vector<series::Point>& points) {
        int index = 0;
        series::Instant at = 0;
        std::optional<double> value;
        const bool good = json_.items([&](Token token) {
            ++index;
            if (index == 1) return time(token, at);
            return index == 2 ? number(token, value) : json_.refuse("more than a time and a value", "save it again");
        });
        if (!good) return false;
        if (index != 2) return json_.refuse("not a time and a value", "save it again");
        if (value) points.push_back({at, *value, offset()});
        return true;
    }

    bool take(const std::string& name, const std::map<std::string, std::string>& labels,
              std::vector<series::Point>& points, std::uint64_t at) {
        const bool limit = name == "pg_settings_max_connections" || name == "mysql_global_variables_max_connections";
        const MetricRow* row = find_metric("prometheus", name);
        if (row == nullptr && !limit) {
            unread(name, at);
            return true;
        }
        std::string whose;
        const std::vector<std::string> usual{"server", "instance"};
        for (const std::string& label : row != nullptr ? row->labels : usual)
            if (const auto found = labels.find(label); found != labels.end() && whose.empty())
                whose = Sealed(found->second).name();
        if (limit) {
            heard_.limits.insert_or_assign(whose.empty() ? heard_.fallback : whose,
                                           static_cast<std::int64_t>(std::clamp(points.back().value, 0.0, 1e9)));
            return true;
        }
        const series::Statistic statistic = row->statistic.value_or(series::Statistic::average);
        if (row->watch != series::Watch::connections || statistic != series::Statistic::average)
            return keep(whose, *row, statistic, points, at);
        Sum& sum = sums_[{whose, row}];
        if (sum.values.empty()) sum.at = at;
        for (const series::Point& point : points) {
            series::Point& into =
                sum.values.try_emplace(point.at, series::Point{point.at, 0, point.offset}).first->second;
            into.value += std::max(0.0, point.value);
        }
        return true;
    }

    std::map<std::pair<std::string, const MetricRow*>, Sum> sums_;
};

}  // namespace

bool read_prometheus_json(JsonReader& json, Gathered& gathered, Heard& heard) {
    return Prometheus(json, gathered, heard).read();
}

}  // namespace poolfit::imports
