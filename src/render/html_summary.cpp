// What to do, and the fleet's table.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "html_parts.hpp"
#include "outage_words.hpp"
#include "overview.hpp"
#include "phase_words.hpp"
#include "pictures.hpp"
#include "strategies.hpp"
#include "strategy_words.hpp"
#include "total_words.hpp"
#include "unpriced.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_outages = 10, most_phases = 60, most_missing = 40, most_in_full = 30;

std::string plain_name(const std::string& name) { return name; }
std::string plain_key(std::string_view key) { return std::string(key); }

void outages(Html& page, const Report& report) {
    const std::size_t most = report.shown.size() < fleet_from ? report.over.size() : most_outages;
    for (std::size_t k = 0; k < std::min(most, report.over.size()); ++k)
        page.paragraph(outages_text(report, report.over[k]), "alarm");
    if (report.over.size() > most)
        page.paragraph(fmt::format("{} more over their limits: OVER in the table.",
                                   counted(report.over.size() - most, "database")),
                       "alarm");
}

/// Large figures: what is paid, and the verdicts.
void tiles(Html& page, const Report& report) {
    const Totals& totals = report.plan.totals;
    page.open("dl", "class=\"tiles\"");
    const auto tile = [&](std::string_view label, const std::string& value, std::string_view kind = "") {
        page.raw(fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>\n", html_text(label),
                             kind.empty() ? "" : fmt::format(" class=\"{}\"", kind), html_text(value)));
    };
    if (totals.now && totals.after) {
        tile("today", unit::print(totals.now->value) + "/mo");
        tile("after the plan", unit::print(totals.after->value) + "/mo");
    }
    if (totals.saves_per_year && totals.saves_per_year->value.value != 0) {
        const MicroUsdPerMonth year = totals.saves_per_year->value;
        tile(year.value > 0 ? "saves" : "extra cost",
             unit::print(year.value > 0 ? year : MicroUsdPerMonth(-year.value)) + "/yr", year.value > 0 ? "good" : "");
    }
    for (const Overview::OfVerdict& of : report.overview.verdicts)
        tile(verdict_text(of.verdict), counted(of.databases, "database"), badge_of(paint_of(of.verdict)));
    page.close("dl");
}

void actions(Html& page, const Report& report) {
    std::vector<std::vector<Html::Cell>> rows;
    std::size_t before = 0;
    for (const Action& action : report.phases) {
        if (rows.size() == most_phases) break;
        rows.push_back({html_cell(action.phase == before ? std::string() : std::to_string(action.phase)),
                        html_cell(title(report, action)),
                        html_cell(gain_text(report, action)),
                        html_cell(work_text(report, action)),
                        {html_badge(plan::name(action.risk), badge_of(paint_of(action.risk)))}});
        before = action.phase;
    }
    page.table("What to do, in this order", {{"phase", true}, {"what", false, true}, {"gain"}, {"effort"}, {"risk"}},
               rows);
    if (report.phases.size() > rows.size())
        page.paragraph(fmt::format("{} more: {} has them all.", counted(report.phases.size() - rows.size(), "action"),
                                   model::command(*report.fleet, "plan", "--json")));
    if (rows.empty()) page.paragraph(nothing_to_do(report));
}

void gaps(Html& page, const Report& report) {
    std::vector<std::string> texts;
    std::size_t lacking = 0;
    for (const Index i : report.shown) {
        const std::vector<std::string> missing = missing_texts(*report.fleet, report.plan, i);
        if (missing.empty() || ++lacking > most_missing) continue;
        texts.push_back(fmt::format("{} lacks {}.", *report.fleet->databases[i].name, joined(missing, ", ")));
    }
    if (lacking > most_missing)
        texts.push_back(fmt::format("{} more lack an input.", counted(lacking - most_missing, "database")));
    if (const std::vector<Unpriced> all = report::unpriced(report); !all.empty())
        texts.push_back(unpriced_text(all) + ".");
    for (std::string& text : note_texts(report.notes)) texts.push_back(std::move(text));
    page.list(texts, "ul", "note");
}

std::string findings_cell(const Report& report, Index database) {
    std::size_t errors = 0, warnings = 0;
    for (const Finding& finding : report.findings) {
        if (finding.suppressed != nullptr || finding.databases.empty() || finding.databases.front() != database)
            continue;
        errors += finding.severity == Severity::error ? 1 : 0;
        warnings += finding.severity == Severity::warning ? 1 : 0;
    }
    std::vector<std::string> texts;
    if (errors > 0) texts.push_back(counted(errors, "error"));
    if (warnings > 0) texts.push_back(counted(warnings, "warning"));
    return joined(texts, ", ");
}

std::string number_of(const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    return figure ? std::to_string(figure->value.value) : "-9e18";
}

/// Of severities the worst: what a list sorts by and shows.
std::vector<Html::Cell> row_of(const Report& report, Index i, std::size_t place, bool linked) {
    const Database& database = report.fleet->databases[i];
    const DatabasePlan& plan = report.plan.databases[i];
    const Recommendation& advice = plan.recommendation;
    const auto open = report::connections_today(report, i);
    const auto& binding = report::view_of(report, i).binding;
    const double share = binding ? binding->share : 0;
    const std::string name = html_name(*database.name), tightest = tightest_cell(report, i);
    const std::string_view word = tone_word(share);
    return {{linked ? fmt::format("<a href=\"#{}\">{}</a>", html_id(i), name) : name},
            {html_badge(verdict_text(advice.verdict), badge_of(paint_of(advice.verdict))), std::to_string(place)},
            html_cell(class_change(database, advice)),
            {html_text(connections_cell(report, i)), open ? std::to_string(open->value) : "-1"},
            {html_text(saving_cell(report, i)), number_of(advice.saves)},
            {html_badge(plan::name(advice.risk), badge_of(paint_of(advice.risk))),
             std::to_string(static_cast<int>(advice.risk))},
            {html_text(tightest) + (word.empty() ? "" : " " + html_badge(word, share > 1 ? "over" : "warn")),
             fmt::format("{:.4f}", std::min(share, 1e6))},
            html_cell(findings_cell(report, i))};
}

}  // namespace

std::string html_id(Index database) { return fmt::format("db-{}", database + 1); }

std::string_view badge_of(Paint paint) {
    switch (paint) {
        case Paint::good:
        case Paint::good_mark:
            return "good";
        case Paint::warn:
        case Paint::warn_mark:
            return "warn";
        case Paint::bad:
        case Paint::bad_mark:
            return "over";
        case Paint::plain:
        case Paint::dim:
            break;
    }
    return "plain";
}

void html_summary(Html& page, const Report& report) {
    page.open("section", "aria-labelledby=\"summary\"");
    page.heading(2, "Summary", "summary");
    if (report.shown.empty()) {
        page.paragraph("The inventory has no database: there is nothing to plan.");
        return page.close("section");
    }
    outages(page, report);
    tiles(page, report);
    page.paragraph(total_sentence(report, {plain_name, plain_key, ""}));
    if (const std::string paid = paid_total_text(report); !paid.empty())
        page.paragraph(fmt::format("Instances after commitments: {}.", paid));
    page.list(commitment_texts(report));
    actions(page, report);
    gaps(page, report);
    page.close("section");
}

void html_fleet(Html& page, const Report& report, std::size_t detailed) {
    if (report.shown.empty()) return;
    page.open("section", "aria-labelledby=\"databases\" class=\"fleet\"");
    page.heading(2, "Databases", "databases");
    page.raw(
        "<p class=\"filter\" hidden><label>Filter <input type=\"search\" autocomplete=\"off\" "
        "placeholder=\"name, class, verdict\"></label> <output></output></p>\n");
    std::vector<std::vector<Html::Cell>> rows;
    for (std::size_t k = 0; k < report.overview.databases.size(); ++k)
        rows.push_back(row_of(report, report.overview.databases[k], k, k < detailed));
    page.table("A line for each database",
               {{"database"},
                {"verdict"},
                {"class"},
                {"connections", true},
                {"saves/mo", true},
                {"risk"},
                {"tightest limit"},
                {"findings"}},
               rows, true);
    if (report.overview.left_out > 0)
        page.paragraph(fmt::format("and {} more, which --top leaves out", report.overview.left_out));
    page.paragraph(maximum_text(report, [](const Database& database) { return *database.name; }));
    page.close("section");
}

void html_strategies(Html& page, const Report& report) {
    if (report.strategies.empty()) return;
    page.open("section", "aria-labelledby=\"strategies\"");
    page.heading(2, "Strategies", "strategies");
    std::vector<std::vector<Html::Cell>> rows;
    for (const Strategy& way : report.strategies)
        rows.push_back({{html_text(way.name) + (way.recommended ? " " + html_badge("recommended", "good") : "")},
                        html_cell(before_after(way.before, way.after)),
                        html_cell(way.applicable ? change_text(way) : "–"),
                        html_cell(way.applicable ? plan::name(way.effort) : "–"),
                        {way.applicable ? html_badge(plan::name(way.risk), badge_of(paint_of(way.risk))) : "–"},
                        html_cell(fmt::format("{}: {}", title(*report.fleet, way), why_text(report, way)))});
    page.table("Ways to change the pools",
               {{"strategy"},
                {"connections", true},
                {"change", true},
                {"effort"},
                {"risk"},
                {"why, or why not now", false, true}},
               rows);
    page.close("section");
}

void html_phases(Html& page, const Report& report) {
    if (report.phases.empty()) return;
    page.open("section", "aria-labelledby=\"steps\"");
    page.heading(2, "Steps", "steps");
    std::size_t done = 0;
    for (const Action& action : report.phases) {
        if (done++ == most_in_full) break;
        const std::string gain = gain_text(report, action);
        page.fold(fmt::format("Phase {}: {}{}", action.phase, html_text(title(report, action)),
                              gain.empty() ? "" : fmt::format(" <span class=\"quiet\">{}</span>", html_text(gain))));
        std::vector<std::pair<std::string, std::string>> facts;
        const auto fact = [&](std::string_view label, std::string text) {
            if (!text.empty()) facts.emplace_back(label, std::move(text));
        };
        const std::string hazard = hazard_text(report, action);
        fact("effort", work_text(report, action));
        fact("risk", std::string(plan::name(action.risk)) + (hazard.empty() ? "" : ": " + hazard));
        fact("downtime", downtime_text(report, action));
        fact("rollback", rollback_text(report, action));
        page.facts(facts);
        const auto part = [&](std::string_view label, const std::vector<std::string>& items, std::string_view tag) {
            if (items.empty()) return;
            page.paragraph(label, "label");
            page.list(items, tag);
        };
        part("Steps", step_texts(report, action), "ol");
        part(action.kind == Action::Kind::measure ? "What would change the decision" : "Watch",
             watch_texts(report, action), "ul");
        part("Done when", success_texts(report, action), "ul");
        page.end_fold();
    }
    if (report.phases.size() > most_in_full)
        page.paragraph(fmt::format("{} more: {} has them all.", counted(report.phases.size() - most_in_full, "action"),
                                   model::command(*report.fleet, "plan", "--json")));
    if (!report.runway.empty() || !report.support.empty()) {
        std::vector<std::string> texts;
        for (const Runway& line : report.runway)
            if (report::is_listed(report, line)) texts.push_back(runway_text(*report.fleet, line));
        for (const SupportEvent& event : report.support) texts.push_back(support_text(*report.fleet, event));
        page.heading(3, "What comes next");
        texts.resize(std::min(texts.size(), most_in_full));
        page.list(texts);
    }
    page.close("section");
}

}  // namespace poolfit::render
