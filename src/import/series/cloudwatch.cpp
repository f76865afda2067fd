// Answers of aws cloudwatch get-metric-data and get-metric-statistics.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "answers.hpp"

namespace poolfit::imports {
namespace {

class CloudWatch : AnswerReader {
public:
    using AnswerReader::AnswerReader;
    bool read() {
        return answers([&] { return answer(); });
    }

private:
    bool answer() {
        bool known = false;
        std::string label, next;
        std::vector<series::Point> of[3];
        others_ = false;
        const std::uint64_t at = json_.began();
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "MetricDataResults") {
                known = true;
                return list([&](Token token) { return object(token) && result(); });
            }
            if (key == "Datapoints") {
                known = true;
                return list([&](Token token) { return object(token) && datapoint(of); });
            }
            if (key == "Label") return text(label);
            if (key == "NextToken") return text(next);
            return json_.skip();
        });
        if (!good) return false;
        if (!known)
            return json_.refuse("neither MetricDataResults nor Datapoints",
                                "aws cloudwatch get-metric-data --output json > cpu.json");
        heard_.goes_on = !next.empty();
        if (label.empty()) return true;
        const Label read = read_label(label, "cloudwatch");
        if (read.row == nullptr) {
            unread(label, at);
            return true;
        }
        if (others_ && of[0].empty() && of[1].empty() && of[2].empty()) heard_.others.emplace(read.row->name, at);
        for (std::size_t i = 0; i < 3; ++i)
            if (!keep(read.whose, *read.row, static_cast<series::Statistic>(i), of[i], at)) return false;
        return true;
    }

    bool datapoint(std::vector<series::Point> (&of)[3]) {
        series::Instant at = 0;
        std::optional<double> values[3];
        const std::uint32_t place = offset();
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "Timestamp") return time(json_.next(), at);
            if (key == "Average") return number(values[0]);
            if (key == "Maximum") return number(values[1]);
            if (key == "Minimum") return number(values[2]);
            return json_.skip();
        });
        if (!good) return false;
        if (at == 0) return json_.refuse("a data point without a Timestamp", "export it again");
        others_ = others_ || !(values[0] || values[1] || values[2]);
        for (std::size_t i = 0; i < 3; ++i) {
            if (!values[i]) continue;
            if (of[i].size() >= most_in_one) return json_.refuse(std::string(too_many), std::string(fewer));
            of[i].push_back({at, *values[i], place});
        }
        return true;
    }

    bool result() {
        std::string id, label, status;
        points_.clear();
        values_.clear();
        const std::uint64_t at = json_.began();
        std::uint64_t unequal = 0;
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "Id") return text(id);
            if (key == "Label") return text(label);
            if (key == "StatusCode") return text(status);
            if (key == "Timestamps")
                return list([&](Token token) {
                    if (points_.size() >= most_in_one) return json_.refuse(std::string(too_many), std::string(fewer));
                    return time(token, points_.emplace_back().at);
                });
            if (key == "Values") {
                unequal = json_.began();
                return list([&](Token token) {
                    std::optional<double> value;
                    if (values_.size() >= most_in_one) return json_.refuse(std::string(too_many), std::string(fewer));
                    if (!number(token, value)) return false;
                    values_.push_back({0, value.value_or(std::nan("")), offset()});
                    return true;
                });
            }
            return json_.skip();
        });
        if (!good) return false;
        if (points_.size() != values_.size())
            return json_.refuse(fmt::format("{} Timestamps and {} Values", points_.size(), values_.size()),
                                "it is incomplete: fetch it again");
        (status == "PartialData" ? heard_.partial : heard_.complete).insert(id + '\n' + label);
        heard_.refused += status == "InternalError" || status == "Forbidden" ? 1 : 0;
        Label read = read_label(label, "cloudwatch");
        if (read.row == nullptr) {
            const std::string word = metric_word(label);
            unread(Sealed(label).name().empty() && !word.empty() ? word : label, at);
            return true;
        }
        // "cpu_avg" says it where the label does not.
        for (std::size_t from = 0; !read.statistic && from < id.size();) {
            const std::size_t end = std::min(id.find('_', from), id.size());
            const std::string_view part = std::string_view(id).substr(from, end - from);
            read.statistic = statistic_of(part);
            read.other = read.other || is_other_statistic(part);
            from = end + 1;
        }
        if (read.other && !read.statistic) {
            heard_.others.emplace(read.row->name, at);
            return true;
        }
        for (std::size_t i = 0; i < points_.size(); ++i) {
            points_[i].value = values_[i].value;
            points_[i].offset = values_[i].offset;
        }
        return keep(read.whose, *read.row, read.statistic.value_or(series::Statistic::average), points_, at);
    }

    std::vector<series::Point> points_, values_;
    bool others_ = false;  ///< is a data point of other statistics alone?
};

}  // namespace

bool read_cloudwatch_json(JsonReader& json, Gathered& gathered, Heard& heard) {
    return CloudWatch(json, gathered, heard).read();
}

}  // namespace poolfit::imports
