// Hours that are the busiest again and again: of each day, of each working day, of a day of the week.
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>

#include "points.hpp"

namespace poolfit::series {
namespace {

constexpr std::int64_t hour = 3'600, day = 86'400;
constexpr std::size_t hours_of_day = 24, hours_of_week = 7 * hours_of_day;

constexpr double stands_out = 1.25;  // of the mean of everything else that it is compared with
constexpr double as_busy = 0.9;      // of the busiest hour
constexpr int most_hours = 12;       // what lasts longer is the usual load

int weekday_of(Instant at) { return static_cast<int>((at / day + 3) % 7); }  // 1970-01-01 was a Thursday
bool is_workday(int weekday) { return weekday < 5; }

/// May hours be told from such points? A longer one stands for each of its hours, if each day has the same ones.
bool has_hours(const Summary& summary) {
    const std::int64_t period = summary.longest_period;
    return period <= hour || (period <= most_hours * hour && day % period == 0);
}

/// Means of the hours of a week, and of each hour that was seen.
struct Hours {
    std::array<Mean, hours_of_week> week;
    std::map<std::int64_t, Mean> days;   ///< by the number of the day
    std::map<std::int64_t, Mean> hours;  ///< by the number of the hour

    Hours(const TimeSeries& series, const std::vector<Stretch>& all) {
        each_point(series, all, [&](const Point& point, double by) {
            days[point.at / day].add(point.value, by);
            const auto count = std::max<std::int64_t>(1, static_cast<std::int64_t>(by) / hour);
            for (std::int64_t i = 0; i < count; ++i) {
                const Instant at = point.at + i * hour;
                hours[at / hour].add(point.value, by / static_cast<double>(count));
                week[slot(at)].add(point.value, by / static_cast<double>(count));
            }
        });
    }
    static std::size_t slot(Instant at) {
        return static_cast<std::size_t>(weekday_of(at)) * hours_of_day + static_cast<std::size_t>(at % day / hour);
    }
    /// Of the hours of a day, those on which `counts` says so.
    template <class Counts>
    std::array<Mean, hours_of_day> of_days(const Counts& counts) const {
        std::array<Mean, hours_of_day> out;
        for (std::size_t i = 0; i < hours_of_week; ++i)
            if (counts(static_cast<int>(i / hours_of_day))) out[i % hours_of_day].add(week[i].value(), week[i].weight);
        return out;
    }
    /// Is the hour over the mean of its day on most of these days?
    template <class Counts>
    bool mostly_above(std::size_t of_day, const Counts& counts) const {
        std::size_t above = 0, seen = 0;
        for (const auto& [number, mean] : hours) {
            const Instant at = number * hour;
            if (static_cast<std::size_t>(at % day / hour) != of_day || !counts(weekday_of(at))) continue;
            ++seen;
            const auto its = days.find(at / day);
            above += its != days.end() && mean.value() > its->second.value() ? 1 : 0;
        }
        return above * 4 >= seen * 3;
    }
};

bool is_whole(std::span<const Mean> hours) {
    return std::ranges::all_of(hours, [](const Mean& each) { return each.weight > 0; });
}
std::size_t busiest(std::span<const Mean> hours) {
    return static_cast<std::size_t>(std::ranges::max_element(hours, {}, &Mean::value) - hours.begin());
}

/// The hours around the busiest that are about as busy: the last one comes before the first. `hour` is from the
/// beginning of the day, or of the week.
std::optional<Habit> around(std::span<const Mean> hours, std::size_t best) {
    const int all = static_cast<int>(hours.size());
    const double least = as_busy * hours[best].value();
    const auto busy = [&](int at) { return hours[static_cast<std::size_t>((at + all) % all)].value() >= least; };
    int from = static_cast<int>(best), to = from + 1;
    while (to - from < all && busy(from - 1)) --from;
    while (to - from < all && busy(to)) ++to;
    if (to - from > most_hours) return std::nullopt;
    return Habit{std::nullopt, (from + all) % all, to - from, hours[best].value()};
}

/// An hour of the day that is busiest in the mean of three days or more, and in most of them over the mean of its day.
std::optional<Habit> daily(const Hours& hours, const Summary& summary) {
    const auto each = [](int) { return true; };
    const auto of_day = hours.of_days(each);
    if (summary.days() < 3 || !is_whole(of_day)) return std::nullopt;
    const std::size_t best = busiest(of_day);
    const double most = of_day[best].value();
    if (most <= 0 || most < stands_out * summary.mean || !hours.mostly_above(best, each)) return std::nullopt;
    return around(of_day, best);
}

/// The same of Mondays to Fridays, where it is over that hour of Saturdays and Sundays: seen in a week or more.
std::optional<Habit> on_workdays(const Hours& hours, const Summary& summary) {
    const auto of_day = hours.of_days(is_workday);
    const auto at_weekends = hours.of_days([](int weekday) { return !is_workday(weekday); });
    if (summary.days() < 7 || !is_whole(of_day) || !is_whole(at_weekends)) return std::nullopt;
    const std::size_t best = busiest(of_day);
    const double most = of_day[best].value();
    if (most <= 0 || most < stands_out * summary.mean || most < stands_out * at_weekends[best].value() ||
        !hours.mostly_above(best, is_workday))
        return std::nullopt;
    auto habit = around(of_day, best);
    if (habit) habit->workdays = true;
    return habit;
}

/// An hour of the week, seen in two weeks or more, that is over the same hour of each other day, and over the mean each
/// time.
std::optional<Habit> weekly(const Hours& hours, const Summary& summary) {
    if (summary.days() < 14) return std::nullopt;
    const std::size_t at = busiest(hours.week);
    const double best = hours.week[at].value();
    double next = 0;
    for (std::size_t i = at % hours_of_day; i < hours_of_week; i += hours_of_day)
        if (i != at) next = std::max(next, hours.week[i].value());
    if (best <= 0 || best < stands_out * next || best < stands_out * summary.mean) return std::nullopt;
    std::size_t weeks = 0;
    for (const auto& [number, mean] : hours.hours) {
        if (Hours::slot(number * hour) != at) continue;
        if (mean.value() <= summary.mean) return std::nullopt;
        ++weeks;
    }
    if (weeks < 2) return std::nullopt;
    auto habit = around(hours.week, at);
    if (!habit) return habit;
    habit->weekday = habit->hour / static_cast<int>(hours_of_day);
    habit->hour %= static_cast<int>(hours_of_day);
    return habit;
}

}  // namespace

void add_habits(const TimeSeries& series, const std::vector<Stretch>& all, Summary& summary) {
    if (summary.days() < 3 || !has_hours(summary)) return;
    const Hours hours(series, all);
    summary.weekly = weekly(hours, summary);
    summary.daily = on_workdays(hours, summary);
    if (!summary.daily) summary.daily = daily(hours, summary);
}

}  // namespace poolfit::series
