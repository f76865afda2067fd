// Classes: what each costs, and which limit is nearest on it.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/unit/print.hpp>

#include "gauges.hpp"
#include "pictures.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr double most_share = 1.5;  // further up, all classes are at the upper edge
constexpr std::size_t most_classes = 60;

/// Rounded: an axis has no room for cents.
std::string dollars(double value) {
    return fmt::format("${}", unit::print(Connections(static_cast<std::int64_t>(std::llround(value)))));
}
std::string whole_percent(double share) { return unit::print(Fraction(share)); }

/// How classes in a state are drawn, and what the legend calls them.
struct State {
    CandidatePoint::State state;
    svg::Mark::Shape shape;
    svg::Tone tone;
    std::string_view name;
};
constexpr State states[] = {
    {CandidatePoint::State::fits, svg::Mark::Shape::ring, svg::Tone::fine, "fits"},
    {CandidatePoint::State::against_policy, svg::Mark::Shape::ring, svg::Tone::near, "against the policy"},
    {CandidatePoint::State::not_judged, svg::Mark::Shape::ring, svg::Tone::plain, "not judged"},
    {CandidatePoint::State::rejected, svg::Mark::Shape::cross, svg::Tone::over, "rejected"},
};

bool has_role(const CandidatePoint& point) { return point.today || point.chosen; }

svg::Mark mark_of(const Report& report, Index database, const CandidatePoint& point) {
    const Candidate& candidate = report.plan.databases[database].candidates[point.candidate];
    const State& state = *std::ranges::find(states, point.state, &State::state);
    svg::Mark mark;
    mark.x = static_cast<double>(point.cost.value) / 1e6;
    mark.y = std::min(point.nearest.share, most_share);
    mark.shape = point.chosen ? svg::Mark::Shape::dot : point.today ? svg::Mark::Shape::square : state.shape;
    mark.tone = point.chosen ? svg::Tone::fine : point.today ? svg::Tone::plain : state.tone;
    mark.tip =
        fmt::format("{}, {}/mo: {} {}", candidate.cls->name, unit::print(point.cost),
                    in_words(report.fleet->databases[database], point.nearest.dimension), percent(point.nearest.share));
    const std::string why = rejection_text(*report.fleet, report.plan, database, candidate, Length::brief);
    if (!why.empty() && !point.chosen && !candidate.fits) mark.tip += "; " + why;
    if (has_role(point)) mark.label = fmt::format("{} {}", role_word(point.today, point.chosen), candidate.cls->name);
    return mark;
}

}  // namespace

void add_classes(std::vector<Picture>& all, const Report& report, Index database) {
    const std::vector<CandidatePoint> points = report::candidate_points(report, database, most_classes);
    if (points.size() < 2) return;
    const std::string& name = *report.fleet->databases[database].name;
    svg::Chart chart;
    chart.x = {.label = "cost per month", .print = dollars};
    chart.y = {.label = "nearest limit on the class, share used", .print = whole_percent, .high = 1.05};
    chart.lines.push_back({true, 1, "limit"});
    std::string said;
    for (const CandidatePoint& point : points) {
        chart.marks.push_back(mark_of(report, database, point));
        if (has_role(point))
            said += fmt::format(" {}: {}.", role_word(point.today, point.chosen), chart.marks.back().tip);
    }
    for (const State& state : states)
        if (std::ranges::any_of(points, [&](const auto& p) { return p.state == state.state && !has_role(p); }))
            chart.kinds.push_back({state.shape, state.tone, std::string(state.name)});
    chart.about = {fmt::format("Classes for {}: cost against the nearest limit", name),
                   fmt::format("{} classes.{}", points.size(), said)};
    const bool cut = std::ranges::any_of(points, [](const auto& p) { return p.nearest.share > most_share; });
    all.push_back({"classes", name,
                   fmt::format("Classes: what each costs, and how near its nearest limit is{}",
                               cut ? "; those at the upper edge are further over" : ""),
                   std::move(chart)});
}

}  // namespace poolfit::render
