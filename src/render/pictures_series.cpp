// CPU and credits over time.
#include <utility>

#include <fmt/format.h>

#include <poolfit/report/pictures.hpp>
#include <poolfit/series/watched.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "pictures.hpp"

namespace poolfit::render {
namespace {

std::string share(double value) { return unit::print(Fraction(value)); }
std::string credits(double value) { return unit::print_number(value); }
std::string date(double at) { return series::print(static_cast<series::Instant>(at)).substr(0, 10); }

/// The first and the last day, and some in between.
void name_days(svg::Chart& chart, const series::Summary& summary) {
    constexpr series::Instant day = 86'400;
    const series::Instant from = (summary.first + day - 1) / day * day, days = (summary.end - from) / day;
    const series::Instant step = days / 4 + 1;
    for (series::Instant at = from; at < summary.end; at += step * day)
        chart.x_ticks.emplace_back(static_cast<double>(at), series::print(at).substr(5, 5));
    if (chart.x_ticks.empty())
        chart.x_ticks.emplace_back(static_cast<double>(summary.first), series::print(summary.first).substr(11, 5));
    chart.x = {.label = fmt::format("{} to {}, UTC", date(static_cast<double>(summary.first)),
                                    date(static_cast<double>(summary.end - 1))),
               .print = date,
               .low = static_cast<double>(summary.first),
               .high = static_cast<double>(summary.end)};
}

void add_lines(svg::Chart& chart, const Thinned& lines, bool quiet, std::string name) {
    for (const auto& line : lines) {
        svg::Curve curve;
        for (const auto& [at, value] : line) curve.points.emplace_back(static_cast<double>(at), value);
        curve.filled = !quiet;
        curve.quiet = quiet;
        curve.name = std::exchange(name, {});
        chart.curves.push_back(std::move(curve));
    }
}

}  // namespace

void add_series(std::vector<Picture>& all, const Report& report, Index database) {
    const Database& given = report.fleet->databases[database];
    const auto& watched = given.observed.watched;
    const series::Watched::Kept* cpu = watched ? watched->cpu() : nullptr;
    if (cpu == nullptr || cpu->series.points.size() < 2) return;
    svg::Chart busy;
    name_days(busy, cpu->summary);
    busy.y = {.label = fmt::format("CPU of {}", *given.cls), .print = share, .high = 1};
    const series::Watched::Kept* highest = watched->find(series::Watch::cpu, series::Statistic::maximum);
    const bool both = highest != nullptr && highest != cpu;
    add_lines(busy, report::thinned(cpu->series), false, both ? std::string(series::name(cpu->statistic)) : "");
    if (both) add_lines(busy, report::thinned(highest->series), true, std::string(series::name(highest->statistic)));
    busy.about = {fmt::format("CPU of {} over time", *given.name), series_words(report, database)};
    all.push_back({"cpu", *given.name, "CPU over time, as observed today", std::move(busy)});

    const auto line = report::credit_line(report, database);
    if (!line) return;
    const Credits& known = *report.plan.databases[database].chosen.credits;
    svg::Chart balance;
    name_days(balance, cpu->summary);
    balance.y = {.label = fmt::format("credits on {}", line->cls->name), .print = credits, .high = line->most};
    balance.lines.push_back({true, 0, "none left"});
    add_lines(balance, line->balances, false, "");
    balance.about = {fmt::format("CPU credits of {} on {} over time", *given.name, line->cls->name),
                     fmt::format("Lowest {} credits, on {} UTC.", unit::print_number(known.balance->lowest.value),
                                 series::print(known.balance->lowest_at))};
    all.push_back({"credits", *given.name,
                   fmt::format("CPU credits that {} would have with this load", line->cls->name), std::move(balance)});
}

}  // namespace poolfit::render
