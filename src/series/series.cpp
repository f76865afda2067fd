#include <poolfit/series/series.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

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
    double sum = 0;
    std::size_t count = 0;
    void add(double value) {
        sum += value;
        ++count;
    }
    double value() const { return count == 0 ? 0 : sum / static_cast<double>(count); }
};

int hour_of(Instant at) { return static_cast<int>(at % day / hour); }
int weekday_of(Instant at) { return static_cast<int>((at / day + 3) % 7); }  // 1970-01-01 was a Thursday

constexpr double stands_out = 1.25;  // of the mean of everything else that it is compared with

/// An hour of the day that is busiest in the mean of three days or more, and in most of them over the mean of its day.
std::optional<Habit> daily(const TimeSeries& series, const Summary& summary) {
    if (summary.days() < 3 || series.period > hour) return std::nullopt;
    std::array<Mean, 24> hours;
    std::map<std::int64_t, Mean> days;
    for (const Point& point : series.points) {
        hours[static_cast<std::size_t>(hour_of(point.at))].add(point.value);
        days[point.at / day].add(point.value);
    }
    if (std::ranges::any_of(hours, [](const Mean& each) { return each.count == 0; })) return std::nullopt;
    const auto best = std::ranges::max_element(hours, {}, &Mean::value);
    if (best->value() < stands_out * summary.mean || best->value() <= 0) return std::nullopt;
    const int at = static_cast<int>(best - hours.begin());
    std::map<std::int64_t, Mean> then;
    for (const Point& point : series.points)
        if (hour_of(point.at) == at) then[point.at / day].add(point.value);
    std::size_t above = 0;
    for (const auto& [number, mean] : then) above += mean.value() > days[number].value() ? 1 : 0;
    if (above * 4 < then.size() * 3) return std::nullopt;
    return Habit{std::nullopt, at, best->value()};
}

/// An hour of the week, seen in two weeks or more, that is over the other days' same hour and over the mean each time.
std::optional<Habit> weekly(const TimeSeries& series, const Summary& summary) {
    if (summary.days() < 14 || series.period > hour) return std::nullopt;
    std::array<std::array<Mean, 24>, 7> slots;
    for (const Point& point : series.points)
        slots[static_cast<std::size_t>(weekday_of(point.at))][static_cast<std::size_t>(hour_of(point.at))].add(
            point.value);
    std::size_t best_day = 0, best_hour = 0;
    for (std::size_t d = 0; d < 7; ++d)
        for (std::size_t h = 0; h < 24; ++h)
            if (slots[d][h].value() > slots[best_day][best_hour].value()) {
                best_day = d;
                best_hour = h;
            }
    const double best = slots[best_day][best_hour].value();
    Mean others;
    for (std::size_t d = 0; d < 7; ++d)
        if (d != best_day && slots[d][best_hour].count > 0) others.add(slots[d][best_hour].value());
    if (best <= 0 || best < stands_out * others.value() || best < stands_out * summary.mean) return std::nullopt;
    std::map<std::int64_t, Mean> weeks;
    for (const Point& point : series.points)
        if (weekday_of(point.at) == static_cast<int>(best_day) && hour_of(point.at) == static_cast<int>(best_hour))
            weeks[point.at / day].add(point.value);
    if (weeks.size() < 2) return std::nullopt;
    for (const auto& [number, mean] : weeks)
        if (mean.value() <= summary.mean) return std::nullopt;
    return Habit{static_cast<int>(best_day), static_cast<int>(best_hour), best};
}

void find_gaps(const TimeSeries& series, Summary& summary) {
    if (series.period <= 0) return;
    for (std::size_t i = 1; i < series.points.size(); ++i) {
        const Instant before = series.points[i - 1].at, after = series.points[i].at;
        if ((after - before) * 2 <= series.period * 3) continue;
        const std::int64_t count = (after - before + series.period / 2) / series.period - 1;
        if (count < 1) continue;
        summary.gaps.push_back({before + series.period, after, count});
        summary.missing += count;
    }
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

Summary summarize(const TimeSeries& series) {
    Summary out;
    const std::vector<Point>& points = series.points;
    out.points = points.size();
    out.period = series.period;
    out.first = points.front().at;
    out.end = points.back().at + series.period;
    out.highest = out.lowest = points.front();
    std::vector<double> values;
    values.reserve(points.size());
    double sum = 0;
    for (const Point& point : points) {
        sum += point.value;
        values.push_back(point.value);
        if (point.value > out.highest.value) out.highest = point;
        if (point.value < out.lowest.value) out.lowest = point;
    }
    out.mean = std::clamp(sum / static_cast<double>(points.size()), out.lowest.value, out.highest.value);
    std::ranges::sort(values);
    out.p50 = percentile(values, 50);
    out.p95 = percentile(values, 95);
    out.p99 = percentile(values, 99);
    find_gaps(series, out);
    out.quality = quality(out.days(), static_cast<std::int64_t>(out.points), out.missing);
    out.daily = daily(series, out);
    out.weekly = weekly(series, out);
    return out;
}

std::vector<std::uint8_t> levels(const TimeSeries& series, std::size_t columns, double top) {
    std::vector<double> highest(columns, -1);
    if (series.points.empty() || columns == 0) return {};
    const Instant first = series.points.front().at;
    const auto length = static_cast<double>(
        std::max<std::int64_t>(1, series.points.back().at + std::max<std::int64_t>(1, series.period) - first));
    for (const Point& point : series.points) {
        // A point fills its whole period, which may be wider than a column.
        const auto column = [&](double at) {
            return std::min(columns - 1, static_cast<std::size_t>(at / length * static_cast<double>(columns)));
        };
        const auto from = static_cast<double>(point.at - first);
        const std::size_t begin = column(from);
        std::size_t end = column(from + static_cast<double>(series.period) - 1e-6);
        if (series.period <= 0) end = begin;
        for (std::size_t i = begin; i <= end; ++i) highest[i] = std::max(highest[i], point.value);
        top = std::max(top, point.value);
    }
    std::vector<std::uint8_t> out(columns, 0);
    for (std::size_t i = 0; i < columns; ++i)
        if (highest[i] >= 0)
            out[i] = static_cast<std::uint8_t>(1 + std::min(7.0, std::floor(top > 0 ? highest[i] / top * 8 : 0)));
    return out;
}

}  // namespace poolfit::series
