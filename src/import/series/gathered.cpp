#include "gathered.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace poolfit::imports {
namespace {

/// 512 steps an octave: within 0.07 % of the value. 0 is 0 and less.
std::uint16_t coded(double value) {
    if (!(value > 0)) return 0;
    return static_cast<std::uint16_t>(std::clamp(std::round((std::log2(value) + 24) * 512), 1.0, 65535.0));
}
double decoded(std::uint16_t code) { return code == 0 ? 0 : std::exp2(code / 512.0 - 24); }

double decoded(double value) { return value; }

/// How many from `from` on are in steady steps.
std::size_t steady(std::span<const series::Point> points, std::size_t from) {
    if (from + 1 >= points.size()) return points.size() - from;
    const std::int64_t step = points[from + 1].at - points[from].at;
    std::size_t to = from + 1;
    while (to + 1 < points.size() && points[to + 1].at - points[to].at == step) ++to;
    return to + 1 - from;
}

}  // namespace

void Gathering::add(const series::Point& point) {
    loose_.push_back(point);
    ++count_;
}

void Gathering::add_run(std::span<const series::Point> points, std::size_t total) {
    Run run;
    run.first = points.front().at;
    run.step = points.size() > 1 ? points[1].at - points[0].at : 0;
    const auto fill = [&](auto& values, const auto& code) {
        values.reserve(points.size());
        for (const series::Point& point : points) values.push_back(code(point.value));
    };
    if (total < Gathered::exact)
        fill(run.values.emplace<std::vector<double>>(), [](double value) { return value; });
    else if (total < Gathered::as_floats)
        fill(run.values.emplace<std::vector<float>>(), [](double value) { return static_cast<float>(value); });
    else
        fill(run.values.emplace<std::vector<std::uint16_t>>(), coded);
    runs_.push_back(std::move(run));
}

series::TimeSeries Gathering::series(series::Repeats& repeats) const {
    std::vector<series::Point> points = loose_;
    points.reserve(count_);
    for (const Run& run : runs_)
        std::visit(
            [&](const auto& values) {
                series::Instant at = run.first;
                for (const auto value : values) {
                    points.push_back({at, decoded(value), 0});
                    at += run.step;
                }
            },
            run.values);
    return series::in_order(std::move(points), repeats);
}

Gathering& Gathered::of(std::string_view whose, series::Watch watch, series::Statistic statistic) {
    Gathering& found = all_[{std::string(whose), watch, statistic}];
    found.watch = watch;
    found.statistic = statistic;
    return found;
}

bool Gathered::add(Gathering& series, const series::Point& point) {
    if (total_ >= most_points) return false;
    ++total_;
    series.add(point);
    return true;
}

bool Gathered::add(Gathering& series, std::span<const series::Point> points) {
    if (points.size() > most_points - total_) return false;
    // A file that stays in memory keeps where each point is; a few points, or points without an order, are not worth
    // runs.
    std::size_t runs = 0;
    for (std::size_t at = 0; at < points.size(); at += steady(points, at)) ++runs;
    if (series.places || runs * 8 > points.size()) {
        for (const series::Point& point : points) series.add(point);
    } else {
        for (std::size_t at = 0; at < points.size();) {
            const std::size_t count = steady(points, at);
            series.add_run(points.subspan(at, count), total_);
            at += count;
        }
        series.count_ += points.size();
    }
    total_ += points.size();
    return true;
}

}  // namespace poolfit::imports
