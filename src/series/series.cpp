#include <poolfit/series/series.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace poolfit::series {
namespace {

constexpr std::int64_t hour = 3'600, day = 86'400;

/// The most common distance of neighbours; of several the least.
std::int64_t period_of(const std::vector<Point>& points) {
    std::map<std::int64_t, std::size_t> counts;
    for (std::size_t i = 1; i < points.size(); ++i) ++counts[points[i].at - points[i - 1].at];
    std::int64_t best = 0;
    std::size_t most = 0;
    for (const auto& [distance, count] : counts)
        if (count > most) {
            best = distance;
            most = count;
        }
    return best;
}

struct Mean {
    double sum = 0, weight = 0;
    void add(double value, double by) {
        sum += value * by;
        weight += by;
    }
    double value() const { return weight > 0 ? sum / weight : 0; }
};

/// Each point with the seconds that it stands for.
template <class Each>
void each_point(const TimeSeries& series, const std::vector<Stretch>& all, const Each& each) {
    for (const Stretch& stretch : all)
        for (std::size_t i = stretch.begin; i < stretch.end; ++i)
            each(series.points[i], static_cast<double>(std::max<std::int64_t>(1, stretch.span)));
}

int hour_of(Instant at) { return static_cast<int>(at % day / hour); }
int weekday_of(Instant at) { return static_cast<int>((at / day + 3) % 7); }  // 1970-01-01 was a Thursday

constexpr double stands_out = 1.25;  // of the mean of everything else that it is compared with
constexpr double as_busy = 0.9;      // of the busiest hour
constexpr int most_hours = 12;       // what lasts longer is the usual load

/// The hours around the busiest that are about as busy; `round`: the last of a day comes before the first.
std::optional<Habit> around(const std::array<Mean, 24>& hours, std::size_t best, bool round) {
    const double least = as_busy * hours[best].value();
    const auto busy = [&](int at) {
        return (round || (at >= 0 && at < 24)) && hours[static_cast<std::size_t>((at + 24) % 24)].value() >= least;
    };
    int from = static_cast<int>(best), to = from + 1;
    while (to - from < 24 && busy(from - 1)) --from;
    while (to - from < 24 && busy(to)) ++to;
    if (to - from > most_hours) return std::nullopt;
    return Habit{std::nullopt, (from + 24) % 24, to - from, hours[best].value()};
}

/// An hour of the day that is busiest in the mean of three days or more, and in most of them over the mean of its day.
std::optional<Habit> daily(const TimeSeries& series, const std::vector<Stretch>& all, const Summary& summary) {
    if (summary.days() < 3 || summary.longest_period > hour) return std::nullopt;
    std::array<Mean, 24> hours;
    std::map<std::int64_t, Mean> days;
    each_point(series, all, [&](const Point& point, double by) {
        hours[static_cast<std::size_t>(hour_of(point.at))].add(point.value, by);
        days[point.at / day].add(point.value, by);
    });
    if (std::ranges::any_of(hours, [](const Mean& each) { return each.weight <= 0; })) return std::nullopt;
    const auto best = std::ranges::max_element(hours, {}, &Mean::value);
    if (best->value() < stands_out * summary.mean || best->value() <= 0) return std::nullopt;
    const int at = static_cast<int>(best - hours.begin());
    std::map<std::int64_t, Mean> then;
    each_point(series, all, [&](const Point& point, double by) {
        if (hour_of(point.at) == at) then[point.at / day].add(point.value, by);
    });
    std::size_t above = 0;
    for (const auto& [number, mean] : then) above += mean.value() > days[number].value() ? 1 : 0;
    if (above * 4 < then.size() * 3) return std::nullopt;
    return around(hours, static_cast<std::size_t>(at), true);
}

/// An hour of the week, seen in two weeks or more, that is over the same hour of each other day, and over the mean each
/// time.
std::optional<Habit> weekly(const TimeSeries& series, const std::vector<Stretch>& all, const Summary& summary) {
    if (summary.days() < 14 || summary.longest_period > hour) return std::nullopt;
    std::array<std::array<Mean, 24>, 7> slots;
    each_point(series, all, [&](const Point& point, double by) {
        slots[static_cast<std::size_t>(weekday_of(point.at))][static_cast<std::size_t>(hour_of(point.at))].add(
            point.value, by);
    });
    std::size_t best_day = 0, best_hour = 0;
    for (std::size_t d = 0; d < 7; ++d)
        for (std::size_t h = 0; h < 24; ++h)
            if (slots[d][h].value() > slots[best_day][best_hour].value()) {
                best_day = d;
                best_hour = h;
            }
    const double best = slots[best_day][best_hour].value();
    double next = 0;
    for (std::size_t d = 0; d < 7; ++d)
        if (d != best_day) next = std::max(next, slots[d][best_hour].value());
    if (best <= 0 || best < stands_out * next || best < stands_out * summary.mean) return std::nullopt;
    std::map<std::int64_t, Mean> weeks;
    each_point(series, all, [&](const Point& point, double by) {
        if (weekday_of(point.at) == static_cast<int>(best_day) && hour_of(point.at) == static_cast<int>(best_hour))
            weeks[point.at / day].add(point.value, by);
    });
    if (weeks.size() < 2) return std::nullopt;
    for (const auto& [number, mean] : weeks)
        if (mean.value() <= summary.mean) return std::nullopt;
    auto habit = around(slots[best_day], best_hour, false);
    if (habit) habit->weekday = static_cast<int>(best_day);
    return habit;
}

void find_gaps(const TimeSeries& series, const std::vector<Stretch>& all, Summary& summary) {
    for (const Stretch& stretch : all)
        for (std::size_t i = stretch.begin; stretch.span > 0 && i < stretch.end && i + 1 < series.points.size(); ++i) {
            const Instant before = series.points[i].at, after = series.points[i + 1].at;
            if ((after - before) * 2 <= stretch.span * 3) continue;
            const std::int64_t count = (after - before + stretch.span / 2) / stretch.span - 1;
            if (count < 1) continue;
            summary.gaps.push_back({before + stretch.span, after, count});
            summary.missing += count;
        }
}

/// Nearest rank by time, of values in order, each with its seconds.
double percentile(const std::vector<std::pair<double, double>>& in_order, double total, double percent) {
    double passed = 0;
    for (const auto& [value, seconds] : in_order) {
        passed += seconds;
        if (passed >= percent / 100 * total * (1 - 1e-12)) return value;
    }
    return in_order.back().first;
}

/// Mean and percentiles: by points where all stand for as long, else by time.
void add_values(const TimeSeries& series, const std::vector<Stretch>& all, Summary& out) {
    Mean mean;
    each_point(series, all, [&](const Point& point, double by) {
        mean.add(point.value, all.size() == 1 ? 1 : by);
        if (point.value > out.highest.value) out.highest = point;
        if (point.value < out.lowest.value) out.lowest = point;
    });
    out.mean = std::clamp(mean.value(), out.lowest.value, out.highest.value);
    if (all.size() == 1) {
        std::vector<double> values;
        values.reserve(series.points.size());
        for (const Point& point : series.points) values.push_back(point.value);
        std::ranges::sort(values);
        out.p50 = series::percentile(values, 50);
        out.p95 = series::percentile(values, 95);
        out.p99 = series::percentile(values, 99);
        return;
    }
    std::vector<std::pair<double, double>> values;
    values.reserve(series.points.size());
    each_point(series, all, [&](const Point& point, double by) { values.emplace_back(point.value, by); });
    std::ranges::sort(values);
    out.p50 = percentile(values, mean.weight, 50);
    out.p95 = percentile(values, mean.weight, 95);
    out.p99 = percentile(values, mean.weight, 99);
}

}  // namespace

TimeSeries in_order(std::vector<Point> points, Repeats& repeats) {
    std::ranges::stable_sort(points, {}, &Point::at);
    TimeSeries out;
    out.points.reserve(points.size());
    for (const Point& point : points) {
        if (out.points.empty() || out.points.back().at != point.at) {
            out.points.push_back(point);
            continue;
        }
        Point& kept = out.points.back();
        if (kept.value == point.value) {
            ++repeats.same;
            continue;
        }
        ++repeats.differ;
        const Point left = point.value > kept.value ? kept : point;
        if (!repeats.one) repeats.one = left;
        if (point.value > kept.value) kept = point;
    }
    out.period = period_of(out.points);
    return out;
}

Pair at_once(const TimeSeries& one, const TimeSeries& other) {
    Pair out;
    out.one.period = one.period;
    if (one.period <= 0 || other.period <= 0) return out;
    const std::vector<Point>& all = other.points;
    std::size_t first = 0;
    for (const Point& point : one.points) {
        const Instant end = point.at + one.period;
        while (first < all.size() && all[first].at + other.period <= point.at) ++first;
        double sum = 0, covered = 0;
        for (std::size_t i = first; i < all.size() && all[i].at < end; ++i) {
            const auto both =
                static_cast<double>(std::min(all[i].at + other.period, end) - std::max(all[i].at, point.at));
            sum += all[i].value * both;
            covered += both;
        }
        if (covered * 2 < static_cast<double>(one.period)) continue;
        out.one.points.push_back(point);
        out.other.push_back(sum / covered);
    }
    return out;
}

double percentile(const std::vector<double>& in_order, double percent) {
    const double rank = std::ceil(percent / 100 * static_cast<double>(in_order.size()) - 1e-9);
    const auto index = static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(in_order.size())));
    return in_order[index - 1];
}

Quality quality(double days, std::int64_t points, std::int64_t missing) {
    const int step = days < 3 ? 0 : days < 7 ? 1 : days < 14 ? 2 : 3;
    const bool holes = missing * 10 > points + missing;
    return static_cast<Quality>(std::max(0, holes ? step - 1 : step));
}

std::string_view name(Quality quality) {
    constexpr std::string_view names[] = {"insufficient", "short", "adequate", "good"};
    return names[static_cast<std::size_t>(quality)];
}

bool may_flip(Quality quality, double share) {
    constexpr double margins[] = {0.25, 0.15, 0.10, 0.05};
    return std::abs(share - 1) <= margins[static_cast<std::size_t>(quality)];
}

std::vector<Stretch> stretches(const TimeSeries& series) {
    constexpr std::size_t steady = 6;  // chance makes no such row of gaps
    const std::vector<Point>& points = series.points;
    std::vector<Stretch> out;
    if (points.empty()) return out;
    std::int64_t usual = series.period;
    const auto add = [&](std::size_t begin, std::size_t end, std::int64_t span) {
        if (!out.empty() && out.back().span == span)
            out.back().end = end;
        else
            out.push_back({begin, end, span});
    };
    const auto step = [&](std::size_t i) { return points[i + 1].at - points[i].at; };
    for (std::size_t i = 0; i + 1 < points.size();) {
        const std::int64_t distance = step(i);
        std::size_t to = i + 1;
        while (to + 1 < points.size() && step(to) == distance) ++to;
        // Clocks are not exact: as much as is no gap.
        const bool as_period = distance * 2 > series.period && distance * 2 <= series.period * 3;
        if (as_period)
            usual = series.period;
        else if (to - i >= steady)
            usual = distance;
        add(i, to, as_period || to - i >= steady ? usual : std::min(distance, usual));
        i = to;
    }
    add(points.size() - 1, points.size(), usual);
    return out;
}

Summary summarize(const TimeSeries& series) {
    Summary out;
    const std::vector<Point>& points = series.points;
    const std::vector<Stretch> all = stretches(series);
    out.points = points.size();
    out.period = out.longest_period = series.period;
    for (const Stretch& stretch : all) out.longest_period = std::max(out.longest_period, stretch.span);
    out.first = points.front().at;
    out.end = points.back().at + all.back().span;
    out.highest = out.lowest = points.front();
    add_values(series, all, out);
    find_gaps(series, all, out);
    out.quality = quality(out.days(), static_cast<std::int64_t>(out.points), out.missing);
    out.daily = daily(series, all, out);
    out.weekly = weekly(series, all, out);
    return out;
}

std::vector<std::uint8_t> levels(const TimeSeries& series, std::size_t columns, double top) {
    std::vector<double> highest(columns, -1);
    if (series.points.empty() || columns == 0) return {};
    const Instant first = series.points.front().at;
    const std::vector<Stretch> all = stretches(series);
    const auto length = static_cast<double>(
        std::max<std::int64_t>(1, series.points.back().at + std::max<std::int64_t>(1, all.back().span) - first));
    each_point(series, all, [&](const Point& point, double span) {
        // A point fills all that it stands for, which may be wider than a column.
        const auto column = [&](double at) {
            return std::min(columns - 1, static_cast<std::size_t>(at / length * static_cast<double>(columns)));
        };
        const auto from = static_cast<double>(point.at - first);
        const std::size_t end = column(from + span - 1e-6);
        for (std::size_t i = column(from); i <= end; ++i) highest[i] = std::max(highest[i], point.value);
        top = std::max(top, point.value);
    });
    std::vector<std::uint8_t> out(columns, 0);
    for (std::size_t i = 0; i < columns; ++i)
        if (highest[i] >= 0)
            out[i] = static_cast<std::uint8_t>(1 + std::min(7.0, std::floor(top > 0 ? highest[i] / top * 8 : 0)));
    return out;
}

}  // namespace poolfit::series
