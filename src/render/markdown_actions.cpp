// Actions, runway and sources.
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "json_report.hpp"
#include "markdown_parts.hpp"
#include "phase_words.hpp"
#include "phrase.hpp"

namespace poolfit::render {
namespace {

void phase(Markdown& page, const Report& report, const Action& action, bool goes_on) {
    page.heading(3, fmt::format("Phase {}{}: {}", action.phase, goes_on ? ", together" : "", title(report, action)));
    const std::string hazard = hazard_text(report, action);
    std::vector<std::vector<std::string>> rows{
        {"gain", gain_text(report, action)},
        {"effort", work_text(report, action)},
        {"risk", hazard.empty() ? std::string(plan::name(action.risk))
                                : fmt::format("{}: {}", plan::name(action.risk), hazard)},
        {"downtime", downtime_text(report, action)},
        {"rollback", rollback_text(report, action)}};
    std::erase_if(rows, [](const std::vector<std::string>& row) { return row.back().empty(); });
    page.table({{""}, {""}}, rows);
    const auto section = [&](std::string_view head) { page.paragraph(fmt::format("**{}**", head)); };
    section("Steps");
    page.list(step_texts(report, action), true);
    if (!action.watch.empty()) {
        section(action.kind == Action::Kind::measure ? "What would change the decision" : "Watch");
        page.list(watch_texts(report, action));
    }
    section("Done when");
    page.boxes(success_texts(report, action));
}

}  // namespace

void markdown_findings(Markdown& page, const Report& report) {
    if (report.findings.empty()) return;
    page.heading(2, "Findings");
    const bool several = !report.fleet->more.empty();
    std::vector<std::vector<std::string>> rows;
    for (const Finding& finding : report.findings) {
        const auto& [source, span] = finding.place;
        std::string severity(diag::name(finding.severity));
        if (finding.suppressed) severity += " (suppressed)";
        rows.push_back({std::move(severity), std::string(finding.rule->id), finding.target, finding.message,
                        finding.whole_fix(),
                        source == nullptr ? std::string()
                        : several         ? fmt::format("{}:{}", source->name(), source->position(span.begin).line)
                                          : fmt::format("line {}", source->position(span.begin).line)});
    }
    page.table({{"severity"}, {"rule"}, {"about"}, {"what"}, {"fix"}, {"where"}}, rows);
    page.paragraph(several ? "`poolfit explain RULE` explains a rule."
                           : "`poolfit explain RULE` explains a rule; line numbers refer to the inventory.");
}

void markdown_phases(Markdown& page, const Report& report) {
    if (report.phases.empty()) return;
    page.heading(2, "Action plan");
    page.paragraph("In this order: blockers first, then the most gain for the least risk.");
    std::size_t before = 0;
    for (const Action& action : report.phases) {
        phase(page, report, action, action.phase == before);
        before = action.phase;
    }
}

void markdown_runway(Markdown& page, const Report& report) {
    page.heading(2, "Runway");
    std::vector<std::string> events;
    for (const SupportEvent& event : report.support) events.push_back(escaped(support_text(*report.fleet, event)));
    page.list(events);
    if (report.runway.empty()) {
        page.paragraph(
            "The inventory has no `[growth]`, so how long the limits last is unknown. Set `services_per_year` "
            "and `load`.");
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Runway& line : report.runway)
        rows.push_back({line.after ? "recommended" : "today", *report.fleet->databases[line.database].name,
                        std::string(line.cls->name), in_words(report.fleet->databases[line.database], line.dimension),
                        assess::print(assess::measured(line.measure, line.now)),
                        assess::print(assess::measured(line.measure, line.limit)),
                        !line.months        ? std::string("not within 10 years")
                        : *line.months == 0 ? std::string("already over")
                                            : fmt::format("month {}", *line.months)});
    page.table({{"plan"}, {"database"}, {"class"}, {"quantity"}, {"today", true}, {"limit", true}, {"reached", true}},
               rows);
}

void markdown_sources(Markdown& page, const Report& report) {
    std::set<std::tuple<std::string, std::string, std::string>> sources;
    for (const FigureId id : shown_figures(report)) {
        const Origin& origin = report.figures[id].origin;
        if (origin.kind != Origin::Kind::catalog || origin.place) continue;
        sources.emplace(std::string(origin.source_id), std::string(origin.source), std::string(origin.as_of));
    }
    page.heading(2, "Sources");
    page.paragraph(fmt::format("The inventory is {}. Catalog rows used:", inputs_in(*report.fleet, code)));
    std::vector<std::vector<std::string>> rows;
    for (const auto& [id, source, as_of] : sources) rows.push_back({id, source, as_of});
    page.table({{"id"}, {"source"}, {"as of"}}, rows);
}

}  // namespace poolfit::render
