// Parts that answers of CloudWatch, Performance Insights and Prometheus have in common.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../tree/sealed.hpp"
#include "left_out.hpp"
#include "metrics.hpp"
#include "readers.hpp"

namespace poolfit::imports {

inline constexpr std::size_t most_in_one = 4'000'000;  // points of a result; an answer has 100,800 in all

/// Parts of such answers.
class AnswerReader {
public:
    AnswerReader(JsonReader& json, Gathered& gathered, Heard& heard)
        : json_(json), gathered_(gathered), heard_(heard) {}

protected:
    /// Answers one after the other, or in a list.
    template <class Each>
    bool answers(const Each& each) {
        for (Token token = json_.next(); token != Token::end; token = json_.next()) {
            const bool good = token == Token::list ? json_.items([&](Token item) { return object(item) && each(); })
                                                   : object(token) && each();
            if (!good) return false;
        }
        return true;
    }
    bool object(Token token) {
        return token == Token::object || (token != Token::bad && json_.refuse("not an object", "export it again"));
    }
    /// The items of the list that comes next.
    template <class Each>
    bool list(const Each& each) {
        const Token token = json_.next();
        if (token == Token::bad) return false;
        if (token == Token::word && json_.text() == "null") return true;
        if (token != Token::list) return json_.refuse("not a list", "export it again");
        return json_.items(each);
    }
    /// The members of the object that comes next.
    template <class Each>
    bool members(const Each& each) {
        return object(json_.next()) && json_.members(each);
    }
    bool text(std::string& into) {
        const Token token = json_.next();
        if (token == Token::word && json_.text() == "null") {
            into.clear();
            return true;
        }
        if (token != Token::text) return token != Token::bad && json_.refuse("not a text", "export it again");
        into = json_.text();
        return true;
    }
    bool time(Token token, series::Instant& into) {
        if (token == Token::bad) return false;
        const auto found = token == Token::text || token == Token::number ? series::parse_time(json_.text())
                                                                          : std::optional<series::Instant>();
        if (!found) return json_.refuse("not a time", "times are 2026-05-04T15:00:00Z, or seconds since 1970");
        into = *found;
        return true;
    }
    /// A number, which Prometheus writes as a text; nothing for null, NaN and infinities.
    bool number(Token token, std::optional<double>& into) {
        into.reset();
        if (token == Token::bad) return false;
        const std::string_view text = json_.text();
        if (token == Token::word && text == "null") return true;
        double value = 0;
        if (token == Token::text || token == Token::number) {
            const std::string_view bare = text.starts_with('+') ? text.substr(1) : text;
            const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), value);
            if (error == std::errc() && end == bare.data() + bare.size()) {
                if (std::isfinite(value)) into = value;
                return true;
            }
        }
        return json_.refuse("not a number", "export it again");
    }
    bool number(std::optional<double>& into) { return number(json_.next(), into); }
    std::uint32_t offset() const { return static_cast<std::uint32_t>(json_.began()); }

    void unread(const std::string& metric, std::uint64_t at) {
        const std::string name = Sealed(metric).name();
        if (name.empty())
            ++heard_.unreadable_labels;
        else
            heard_.unread.emplace(name, at);
    }
    bool keep(std::string_view whose, const MetricRow& row, series::Statistic statistic,
              std::vector<series::Point>& points, std::uint64_t at) {
        std::erase_if(points, [](const series::Point& point) { return std::isnan(point.value); });
        if (heard_.places)
            std::erase_if(points, [&](const series::Point& point) {
                if (point.value < 0) ++heard_.negative;
                return point.value < 0;
            });
        if (points.empty()) return true;
        Gathering& series = series_at(gathered_, heard_, whose, row, statistic, at);
        series.unit_said = true;  // an answer's metrics have theirs
        if (heard_.places) {
            for (const series::Point& point : points) {
                if (point.value * row.factor <= series::most(row.watch)) continue;
                const OutOfRange said = out_of_range(row, point.value);
                json_.bytes().error(point.offset, 1, said.message, said.fix);
                return false;
            }
        } else {
            std::erase_if(points, [&](const series::Point& point) {
                return !is_possible(point.value, point.at, point.offset, series, heard_);
            });
        }
        for (series::Point& point : points) {
            heard_.first = std::min(heard_.first.value_or(point.at), point.at);
            heard_.last = std::max(heard_.last.value_or(point.at), point.at);
            series.highest = std::max(series.highest, point.value);
            point.value *= series.factor;
        }
        return gathered_.add(series, points) || json_.refuse(std::string(too_many), std::string(fewer));
    }

    JsonReader& json_;
    Gathered& gathered_;
    Heard& heard_;
};

}  // namespace poolfit::imports
