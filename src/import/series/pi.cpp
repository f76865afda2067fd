// Answers of aws pi get-resource-metrics.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "answers.hpp"

namespace poolfit::imports {
namespace {

class Insights : AnswerReader {
public:
    using AnswerReader::AnswerReader;
    bool read() {
        return answers([&] { return answer(); });
    }

private:
    struct One {
        const MetricRow* row;
        series::Statistic statistic;
        std::vector<series::Point> points;
        std::uint64_t at;
    };

    bool answer() {
        std::string identifier, next;
        bool known = false;
        std::vector<One> found;
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "Identifier") return text(identifier);
            if (key == "NextToken") return text(next);
            if (key != "MetricList") return json_.skip();
            known = true;
            return list([&](Token token) { return object(token) && metric(found); });
        });
        if (!good) return false;
        if (!known) return json_.refuse("no MetricList", "aws pi get-resource-metrics --output json > pi.json");
        heard_.goes_on = !next.empty();
        heard_.complete.insert(identifier);  // pages of one answer have it
        const std::string whose = Sealed(identifier).name();
        return std::ranges::all_of(found,
                                   [&](One& one) { return keep(whose, *one.row, one.statistic, one.points, one.at); });
    }

    bool metric(std::vector<One>& found) {
        std::string name;
        bool part = false;
        std::vector<series::Point> points;
        const std::uint64_t at = json_.began();
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "DataPoints") return list([&](Token token) { return object(token) && point(points); });
            if (key != "Key") return json_.skip();
            return members([&] {
                if (json_.text() == "Metric") return text(name);
                if (json_.text() == "Dimensions") part = true;
                return json_.skip();
            });
        });
        if (!good) return false;
        if (part || points.empty()) return true;  // of the total, which has an entry of its own
        if (name == "db.load.avg") {
            double sum = 0;
            for (const series::Point& each : points) sum += each.value;
            heard_.told.insert_or_assign(name, sum / static_cast<double>(points.size()));
            return true;
        }
        const Label label = read_label(name, "pi");
        if (label.row == nullptr)
            unread(name, at);
        else
            found.push_back({label.row, label.statistic.value_or(series::Statistic::average), std::move(points), at});
        return true;
    }

    bool point(std::vector<series::Point>& points) {
        series::Instant at = 0;
        std::optional<double> value;
        const std::uint32_t place = offset();
        const bool good = json_.members([&] {
            const std::string_view key = json_.text();
            if (key == "Timestamp") return time(json_.next(), at);
            if (key == "Value") return number(value);
            return json_.skip();
        });
        if (!good) return false;
        if (at == 0) return json_.refuse("a data point without a Timestamp", "export it again");
        if (points.size() >= most_in_one) return json_.refuse(std::string(too_many), std::string(fewer));
        if (value) points.push_back({at, *value, place});
        return true;
    }
};

}  // namespace

bool read_pi_json(JsonReader& json, Gathered& gathered, Heard& heard) { return Insights(json, gathered, heard).read(); }

}  // namespace poolfit::imports
