// A metric over time: its points in order, and what can be said of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolfit::series {

/// Seconds since 1970, UTC.
using Instant = std::int64_t;

struct Point {
    Instant at = 0;  ///< when its period begins
    double value = 0;
    std::uint32_t offset = 0;  ///< in the file that it is from
};

struct TimeSeries {
    std::vector<Point> points;  ///< in order of time, each time once
    std::int64_t period = 0;    ///< seconds that most points stand for; 0: there is one point at most
};

/// Points, one after the other, that stand for as many seconds each.
struct Stretch {
    std::size_t begin = 0, end = 0;  ///< points; `end` is behind the last
    std::int64_t span = 0;
};
/// All points of a series. Where a tool changed its period, each point stands for the time to the next one: a distance
/// that comes six times in a row is a period of its own, any other one that is longer than the period is a gap.
std::vector<Stretch> stretches(const TimeSeries& series);

/// How much a series says of what is to come.
enum class Quality : std::uint8_t {
    insufficient,  ///< less than 3 days: not one of each kind of day
    brief,         ///< less than a week
    adequate,      ///< less than two weeks: each day of the week once
    good,
};

struct Gap {
    Instant from = 0, to = 0;
    std::int64_t points = 0;  ///< that are missing
};

/// Hours that are the busiest again and again.
struct Habit {
    std::optional<int> weekday;  ///< 0 is Monday; nothing: every day
    int hour = 0;                ///< UTC: the first of them
    int hours = 1;               ///< that are about as busy, one after the other
    double mean = 0;             ///< of the busiest
    bool workdays = false;       ///< in place of every day: Mondays to Fridays
};

struct Summary {
    std::size_t points = 0;
    std::int64_t period = 0;
    std::int64_t longest_period = 0;  ///< of a stretch; `period` where all are alike
    Instant first = 0, end = 0;       ///< `end` is where the last period ends
    double mean = 0;
    double p50 = 0, p95 = 0,
           p99 = 0;         ///< nearest rank: the smallest value that is not exceeded for so much of the time
    Point highest, lowest;  ///< the first of several
    std::vector<Gap> gaps;
    std::int64_t missing = 0;  ///< points in the gaps
    Quality quality{};
    std::optional<Habit> weekly, daily;  ///< `daily` may be that of working days

    double days() const { return static_cast<double>(end - first) / 86'400; }
};

/// What a reader found twice.
struct Repeats {
    std::size_t same = 0;      ///< counted once
    std::size_t differ = 0;    ///< two values for one time: the higher one counts
    std::optional<Point> one;  ///< of those that differ, the first in time that did not count
};

/// Points in any order as a series: repeats are one point, the period is the most common distance of neighbours (of
/// several, the least).
TimeSeries in_order(std::vector<Point> points, Repeats& repeats);

/// Two series at the same times: the points of one, and what the other was in the period of each. Points at which more
/// than half of that is missing are left out.
struct Pair {
    TimeSeries one;
    std::vector<double> other;  ///< for each point
};
Pair at_once(const TimeSeries& one, const TimeSeries& other);

/// Of a series with at least one point.
Summary summarize(const TimeSeries& series);
/// Nearest rank, of values in order.
double percentile(const std::vector<double>& in_order, double percent);
/// By the days it covers; one step less where more than a tenth of the points is missing.
Quality quality(double days, std::int64_t points, std::int64_t missing);
std::string_view name(Quality quality);
/// Could more days turn a verdict at this share of its limit? Within 25 % of the limit while data are insufficient, 15
/// % brief, 10 % adequate, 5 % good.
bool may_flip(Quality quality, double share);

/// The highest value of each of `columns` equal parts of the time, as a level of 0 (nothing seen) to 8; 1 is 0 and 8 is
/// `top`, or the highest value where that is more.
std::vector<std::uint8_t> levels(const TimeSeries& series, std::size_t columns, double top);

/// "2026-05-04 15:00".
std::string print(Instant at);
/// "Mondays 09:00 UTC", "daily 08:00–18:00 UTC", "weekdays 08:00–18:00 UTC".
std::string print(const Habit& habit);
/// "13.9 d", "2.5 h": rounded down, so that no series seems to be as long as one that says more.
std::string print_days(double days);
/// "30 min", "1 h", "60 s".
std::string print_period(std::int64_t seconds);
/// "2026-05-04T15:00:00Z", also with an offset, a blank for the T, parts of a second, no zone (UTC); seconds or
/// milliseconds since 1970. Between 1990 and 2100.
std::optional<Instant> parse_time(std::string_view text);

}  // namespace poolfit::series
