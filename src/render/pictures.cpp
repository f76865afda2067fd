#include "pictures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/unit/print.hpp>

#include "gauges.hpp"
#include "listing.hpp"
#include "pool_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// Rounded: an axis has no room for cents.
std::string dollars(double value) {
    return fmt::format("${}", unit::print(Connections(static_cast<std::int64_t>(std::llround(value)))));
}
std::string whole_percent(double share) { return unit::print(Fraction(share)); }
std::string count(double value) { return unit::print(Connections(static_cast<std::int64_t>(std::llround(value)))); }
/// Less is drawn as no wait.
constexpr double least_wait = 1e-2;
std::string milliseconds(double value) { return (value > least_wait ? "" : "≤ ") + time_text(Millis(value)); }

std::string label_of(const Gauge& gauge) { return gauge.item.empty() ? gauge.group : gauge.group + " " + gauge.item; }

svg::Bar bar_of(const GaugeView& view, const Gauge& gauge) {
    svg::Bar bar;
    bar.label = label_of(gauge);
    bar.values = gauge.now == gauge.after ? gauge.after : fmt::format("{} → {}", gauge.now, gauge.after);
    if (!gauge.limit.empty()) bar.values += " of " + gauge.limit;
    if (gauge.binding) bar.note = "tightest";
    if (!view.limit || *view.limit <= 0) return bar;
    if (view.now) bar.before = view.now->high / *view.limit;
    if (!gauge.limited) return bar;
    bar.after = std::pair(view.after->low / *view.limit, view.after->high / *view.limit);
    bar.tone = tone_of(gauge.share);
    const std::string_view word = tone_word(gauge.share);
    bar.share = percent(gauge.share) + (word.empty() ? "" : " " + std::string(word));
    return bar;
}

svg::Mark::Shape shape_of(const CandidatePoint& point) {
    if (point.chosen) return svg::Mark::Shape::dot;
    if (point.today) return svg::Mark::Shape::square;
    return point.state == CandidatePoint::State::rejected ? svg::Mark::Shape::cross : svg::Mark::Shape::ring;
}

svg::Tone tone_of(const CandidatePoint& point) {
    if (point.chosen) return svg::Tone::fine;
    if (point.today) return svg::Tone::plain;
    switch (point.state) {
        case CandidatePoint::State::fits:
            return svg::Tone::fine;
        case CandidatePoint::State::against_policy:
            return svg::Tone::near;
        case CandidatePoint::State::not_judged:
            return svg::Tone::plain;
        case CandidatePoint::State::rejected:
            break;
    }
    return svg::Tone::over;
}

constexpr double most_share = 1.5;  // further up, all classes are at the upper edge
constexpr std::size_t most_classes = 60;

}  // namespace

svg::Tone tone_of(double share) {
    return share > 1 ? svg::Tone::over : share > report::near_from ? svg::Tone::near : svg::Tone::fine;
}

std::string_view tone_word(double share) { return share > 1 ? "over" : share > report::near_from ? "near" : ""; }

std::string Picture::draw(svg::Use use) const {
    if (const auto* bars = std::get_if<svg::Bars>(&drawing)) return svg::bars(*bars, use);
    return svg::chart(std::get<svg::Chart>(drawing), use);
}

void add_limits(std::vector<Picture>& all, const Report& report, Index database) {
    const std::vector<GaugeView>& views = report::view_of(report, database).gauges;
    const std::vector<Gauge> words = gauges(report, database);
    if (words.empty()) return;
    svg::Bars bars;
    std::vector<std::string> said;
    for (std::size_t i = 0; i < words.size(); ++i) {
        bars.bars.push_back(bar_of(views[i], words[i]));
        const svg::Bar& bar = bars.bars.back();
        said.push_back(fmt::format("{}: {}{}", bar.label, bar.values, bar.share.empty() ? "" : ", " + bar.share));
    }
    bars.before = "today";
    bars.after = "after the plan";
    bars.limit = "limit";
    bars.about = {fmt::format("Limits of {}", *report.fleet->databases[database].name), joined(said, "; ") + "."};
    const auto& advice = report.plan.databases[database].recommendation;
    const std::string_view cls =
        advice.cls != nullptr ? advice.cls->name : std::string_view(*report.fleet->databases[database].cls);
    all.push_back({"limits", *report.fleet->databases[database].name,
                   cls.empty() ? "Use today and after the plan, against the limits"
                               : fmt::format("Use today and after the plan, against the limits on {}", cls),
                   std::move(bars)});
}

void add_classes(std::vector<Picture>& all, const Report& report, Index database) {
    const std::vector<CandidatePoint> points = report::candidate_points(report, database, most_classes);
    if (points.size() < 2) return;
    const DatabasePlan& plan = report.plan.databases[database];
    const Database& given = report.fleet->databases[database];
    svg::Chart chart;
    chart.x = {.label = "cost per month", .print = dollars};
    chart.y = {.label = "nearest limit on the class, share used", .print = whole_percent, .high = 1.05};
    chart.lines.push_back({true, 1, "limit"});
    bool stays = false;
    std::vector<std::string> said;
    for (const CandidatePoint& point : points) {
        const Candidate& candidate = plan.candidates[point.candidate];
        svg::Mark mark{static_cast<double>(point.cost.value) / 1e6,
                       std::min(point.nearest.share, most_share),
                       shape_of(point),
                       tone_of(point),
                       fmt::format("{}, {}/mo: {} {}", candidate.cls->name, unit::print(point.cost),
                                   in_words(given, point.nearest.dimension), percent(point.nearest.share)),
                       {}};
        if (const std::string why = rejection_text(*report.fleet, report.plan, database, candidate, Length::brief);
            !why.empty() && !point.chosen && !candidate.fits)
            mark.tip += "; " + why;
        stays = stays || (point.today && point.chosen);
        if (point.today || point.chosen) {
            mark.label = fmt::format("{} {}",
                                     point.today && point.chosen ? "stays"
                                     : point.chosen              ? "plan"
                                                                 : "today",
                                     candidate.cls->name);
            said.push_back(fmt::format("{}: {}", point.chosen ? "plan" : "today", mark.tip));
        }
        chart.marks.push_back(std::move(mark));
    }
    const auto kind = [&](CandidatePoint::State state, svg::Mark::Shape shape, svg::Tone tone, std::string_view name) {
        const bool there = std::ranges::any_of(
            points, [&](const CandidatePoint& point) { return point.state == state && !point.today && !point.chosen; });
        if (there) chart.kinds.push_back({shape, tone, std::string(name)});
    };
    kind(CandidatePoint::State::fits, svg::Mark::Shape::ring, svg::Tone::fine, "fits");
    kind(CandidatePoint::State::against_policy, svg::Mark::Shape::ring, svg::Tone::near, "against the policy");
    kind(CandidatePoint::State::not_judged, svg::Mark::Shape::ring, svg::Tone::plain, "not judged");
    kind(CandidatePoint::State::rejected, svg::Mark::Shape::cross, svg::Tone::over, "rejected");
    chart.about = {fmt::format("Classes for {}: cost against the nearest limit", *given.name),
                   fmt::format("{} of {}. {}.", counted(points.size(), "point"),
                               counted(plan.candidates.size(), "class"), joined(said, "; "))};
    const bool cut = std::ranges::any_of(points, [](const CandidatePoint& p) { return p.nearest.share > most_share; });
    all.push_back({"classes", *given.name,
                   fmt::format("Classes: what each costs, and how near its nearest limit is{}",
                               cut ? "; at the upper edge it is further over" : ""),
                   std::move(chart)});
}

void add_waits(std::vector<Picture>& all, const Report& report, Index database) {
    for (const Index pool : report::view_of(report, database).pools) {
        const WaitCurve curve = report::wait_curve(report, pool);
        if (curve.points.size() < 2) continue;
        const std::string label = pool_label(*report.fleet, pool);
        const PoolLoad& load = *report.plan.pools[pool].load;
        svg::Chart chart;
        chart.x = {.label = "connections of a process", .print = count, .whole = true};
        chart.y = {.label = curve.mean ? "mean wait" : "wait, 99th percentile",
                   .print = milliseconds,
                   .logarithmic = true,
                   .low = least_wait,
                   .high = 1};
        svg::Curve line;
        std::vector<std::string> said;
        bool misses = false, meets = false;
        for (const WaitPoint& point : curve.points) {
            const auto x = static_cast<double>(point.size.value);
            const double y = std::max(point.wait.value, least_wait);
            line.points.emplace_back(x, y);
            svg::Mark mark{x,
                           y,
                           svg::Mark::Shape::ring,
                           point.meets ? svg::Tone::fine : svg::Tone::over,
                           fmt::format("{}: {}{}", counted(point.size.value, "connection", "connections"),
                                       time_text(point.wait), point.meets ? "" : ", misses the goal"),
                           {}};
            if (point.chosen) mark.shape = svg::Mark::Shape::dot;
            if (point.today && !point.chosen) mark.shape = svg::Mark::Shape::square;
            if (point.today || point.chosen) {
                mark.label = fmt::format("{} {}",
                                         point.today && point.chosen ? "stays"
                                         : point.chosen              ? "plan"
                                                                     : "today",
                                         point.size.value);
                said.push_back(fmt::format("{}: {}", mark.label, time_text(point.wait)));
            }
            (point.meets ? meets : misses) = true;
            chart.marks.push_back(std::move(mark));
        }
        if (meets) chart.kinds.push_back({svg::Mark::Shape::ring, svg::Tone::fine, "meets the goal"});
        if (misses) chart.kinds.push_back({svg::Mark::Shape::ring, svg::Tone::over, "misses it"});
        if (curve.overloaded)
            chart.lines.push_back({false, static_cast<double>(curve.overloaded->value),
                                   fmt::format("{} overloaded", curve.overloaded->value)});
        chart.curves.push_back(std::move(line));
        const std::string goal = load.question.goals.wait
                                     ? fmt::format("; the goal: at most {} wait longer than {}",
                                                   unit::print_probability(load.question.goals.wait->p),
                                                   unit::print(load.question.goals.wait->t))
                                     : std::string();
        chart.about = {fmt::format("Wait for a connection of {}, by pool size", label), joined(said, "; ") + "."};
        all.push_back(
            {"wait", label, fmt::format("{}: wait for a connection by pool size{}", label, goal), std::move(chart)});
    }
}

std::vector<Picture> pictures_of(const Report& report, Index database) {
    std::vector<Picture> all;
    add_limits(all, report, database);
    add_classes(all, report, database);
    add_waits(all, report, database);
    add_series(all, report, database);
    return all;
}

}  // namespace poolfit::render
