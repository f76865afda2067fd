#include <poolfit/series/series.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "points.hpp"

namespace poolfit::series {
namespace {

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
    add_habits(series, all, out);
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
