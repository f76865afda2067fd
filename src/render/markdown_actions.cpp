// What to do, how long it lasts, and what it all stands on.
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "json_report.hpp"
#include "markdown_parts.hpp"

namespace poolfit::render {
namespace {

void phase(Markdown& page, const Phase& step, std::size_t number) {
    page.heading(3, fmt::format("Phase {}: {}", number, step.title));
    std::vector<std::vector<std::string>> rows{
        {"gain", step.gain},
        {"effort", step.effort},
        {"risk", step.risk_text.empty() ? std::string(plan::name(step.risk))
                                        : fmt::format("{}: {}", plan::name(step.risk), step.risk_text)},
        {"downtime", step.downtime},
        {"way back", step.rollback}};
    std::erase_if(rows, [](const std::vector<std::string>& row) { return row.back().empty(); });
    page.table({{""}, {""}}, rows);
    const auto section = [&](std::string_view head) { page.paragraph(fmt::format("**{}**", head)); };
    section("Steps");
    page.list(step.steps, true);
    if (!step.watch.empty()) {
        section(step.kind == Phase::Kind::measure ? "What would change the decision" : "Watch");
        page.list(step.watch);
    }
    section("Done when");
    page.boxes(step.success);
}

}  // namespace

void markdown_phases(Markdown& page, const Report& report) {
    if (report.phases.empty()) return;
    page.heading(2, "Action plan");
    page.paragraph("In this order: what stands in the way first, then the most gain for the least risk.");
    for (std::size_t i = 0; i < report.phases.size(); ++i) phase(page, report.phases[i], i + 1);
}

void markdown_runway(Markdown& page, const Report& report) {
    page.heading(2, "Runway");
    if (report.runway.empty()) {
        page.paragraph(
            "The inventory has no `[growth]`: how long the limits last is not known. With `services_per_year` and "
            "`load` it is.");
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Runway& line : report.runway)
        rows.push_back({line.after ? "recommended" : "today", *report.fleet->databases[line.database].name,
                        std::string(line.cls->name), std::string(in_words(line.dimension)),
                        assess::print({Interval<double>(line.now), line.measure}),
                        assess::print({Interval<double>(line.limit), line.measure}),
                        !line.months        ? std::string("not within 10 years")
                        : *line.months == 0 ? std::string("over it already")
                                            : fmt::format("month {}", *line.months)});
    page.table({{"plan"}, {"database"}, {"class"}, {"limit on"}, {"today", true}, {"limit", true}, {"over it", true}},
               rows);
}

void markdown_sources(Markdown& page, const Report& report) {
    std::set<std::tuple<std::string, std::string, std::string>> sources;
    for (const FigureId id : shown_figures(report)) {
        const Origin& origin = report.plan.ledger[id].origin;
        if (origin.kind != Origin::Kind::catalog || origin.place) continue;
        sources.emplace(std::string(origin.source_id), std::string(origin.source), std::string(origin.as_of));
    }
    page.heading(2, "Sources");
    page.paragraph(fmt::format("The inventory is `{}`. Of the catalog these rows were used:", report.fleet->path));
    std::vector<std::vector<std::string>> rows;
    for (const auto& [id, source, as_of] : sources) rows.push_back({id, source, as_of});
    page.table({{"id"}, {"source"}, {"as of"}}, rows);
}

}  // namespace poolfit::render
