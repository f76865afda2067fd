// Waits for a connection by pool size.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "pictures.hpp"
#include "pool_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr double least_wait = 1e-2;  // ms: less is drawn as no wait

std::string connections(double value) {
    return unit::print(Connections(static_cast<std::int64_t>(std::llround(value))));
}
std::string milliseconds(double value) { return (value > least_wait ? "" : "≤ ") + time_text(Millis(value)); }

svg::Mark mark_of(const WaitPoint& point) {
    svg::Mark mark;
    mark.x = static_cast<double>(point.size.value);
    mark.y = std::max(point.wait.value, least_wait);
    mark.shape = point.chosen ? svg::Mark::Shape::dot : point.today ? svg::Mark::Shape::square : svg::Mark::Shape::ring;
    mark.tone = point.meets ? svg::Tone::fine : svg::Tone::over;
    mark.tip = fmt::format("{}: {}{}", counted(point.size.value, "connection", "connections"), time_text(point.wait),
                           point.meets ? "" : ", misses the goal");
    if (point.today || point.chosen)
        mark.label = fmt::format("{} {}", role_word(point.today, point.chosen), unit::print(point.size));
    return mark;
}

/// "; the goal: at most 0.1 % wait longer than 5 ms"; empty without one.
std::string goal_text(const PoolLoad& load) {
    const auto& goal = load.question.goals.wait;
    return goal ? fmt::format("; the goal: at most {} wait longer than {}", unit::print_probability(goal->p),
                              unit::print(goal->t))
                : std::string();
}

svg::Chart chart_of(const WaitCurve& curve, const std::string& label) {
    svg::Chart chart;
    chart.x = {.label = "connections per process", .print = connections, .whole = true};
    chart.y = {.label = curve.mean ? "mean wait" : "wait, 99th percentile",
               .print = milliseconds,
               .logarithmic = true,
               .low = least_wait,
               .high = 1};
    std::vector<std::string> said;
    chart.curves.emplace_back();
    for (const WaitPoint& point : curve.points) {
        chart.marks.push_back(mark_of(point));
        const svg::Mark& mark = chart.marks.back();
        chart.curves.front().points.emplace_back(mark.x, mark.y);
        if (!mark.label.empty()) said.push_back(fmt::format("{}: {}", mark.label, time_text(point.wait)));
    }
    for (const bool meets : {true, false})
        if (std::ranges::find(curve.points, meets, &WaitPoint::meets) != curve.points.end())
            chart.kinds.push_back({svg::Mark::Shape::ring, meets ? svg::Tone::fine : svg::Tone::over,
                                   meets ? "meets the goal" : "misses it"});
    if (curve.overloaded)
        chart.lines.push_back({false, static_cast<double>(curve.overloaded->value),
                               fmt::format("to {}: overloaded", unit::print(*curve.overloaded))});
    chart.about = {fmt::format("Wait for a connection of {}, by pool size", label), joined(said, "; ") + "."};
    return chart;
}

}  // namespace

void add_waits(std::vector<Picture>& all, const Report& report, Index database) {
    for (const Index pool : report::view_of(report, database).pools) {
        const WaitCurve curve = report::wait_curve(report, pool);
        if (curve.points.size() < 2) continue;
        const std::string label = pool_label(*report.fleet, pool);
        all.push_back(
            {"wait", label,
             fmt::format("{}: wait for a connection by pool size{}", label, goal_text(*report.plan.pools[pool].load)),
             chart_of(curve, label)});
    }
}

}  // namespace poolfit::render
