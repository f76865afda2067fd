// The whole plan as a document that a team can review and commit.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "markdown_parts.hpp"
#include "outage_words.hpp"
#include "phase_words.hpp"

namespace poolfit::render {
namespace {

constexpr std::array parts{markdown_infrastructure, markdown_budgets, markdown_pools,  markdown_findings,
                           markdown_strategies,     markdown_matrix,  markdown_vcpus,  markdown_projections,
                           markdown_phases,         markdown_runway,  markdown_sources};

void title(Markdown& page, const Report& report) {
    const std::string& name = *report.fleet->name;
    page.heading(1, name.empty() ? "Connections, pools and instances"
                                 : fmt::format("{}: connections, pools and instances", name));
    for (const Index i : report.over) page.paragraph(fmt::format("**{}**", escaped(outages_text(report, i))));
    std::vector<std::string> facts{fmt::format("poolfit {}", report::version()),
                                   fmt::format("inventory {}", code(report.fleet->path))};
    if (!report.catalog_as_of.empty()) facts.push_back(fmt::format("catalog of {}", report.catalog_as_of));
    if (!report.prices_as_of.empty()) facts.push_back(fmt::format("prices: {}", report.prices_as_of));
    facts.emplace_back(in_words(report.plan.term));
    page.paragraph(
        fmt::format("Made by {}. Every number comes from the inventory or the catalog; `poolfit explain` shows how.",
                    joined(facts)));
}

std::string_view nothing_to_do(const Report& report) {
    const bool fits = std::all_of(report.shown.begin(), report.shown.end(), [&](Index i) {
        return report.plan.databases[i].recommendation.verdict == Verdict::keep;
    });
    if (fits) return "Nothing to do: instances and pools fit their load.";
    if (report.shown.size() < report.fleet->databases.size())
        return "No action for these databases alone: pools are planned for the whole inventory.";
    return "No action found: see the reasons for each database below.";
}

void summary(Markdown& page, const Report& report) {
    page.heading(2, "Summary");
    const Totals& totals = report.plan.totals;
    std::vector<std::string> without;
    for (const Index i : totals.unpriced) without.push_back(escaped(*report.fleet->databases[i].name));
    if (totals.now && totals.after)
        page.paragraph(fmt::format(
            "Today {}/mo, after the plan {}/mo{}{}.", unit::print(totals.now->value), unit::print(totals.after->value),
            totals.saves_per_year && totals.saves_per_year->value.value > 0
                ? fmt::format(": **saves {}/yr**{}", unit::print(totals.saves_per_year->value),
                              peak_text(totals.peak_per_year))
                : std::string(),
            new_host_text(report) +
                (without.empty() ? std::string() : fmt::format(", without {}: no price", joined(without, ", ")))));
    else if (std::none_of(report.shown.begin(), report.shown.end(),
                          [&](Index i) { return has_list_price(report.fleet->databases[i]); }))
        page.paragraph("No list price: the servers are self-managed.");
    else
        page.paragraph("Cost unknown: a price is missing.");
    std::vector<std::vector<std::string>> rows;
    std::size_t before = 0;
    for (const Action& action : report.phases) {
        rows.push_back({action.phase == before ? std::string() : std::to_string(action.phase),
                        render::title(report, action), gain_text(report, action), work_text(report, action),
                        std::string(plan::name(action.risk))});
        before = action.phase;
    }
    page.table({{"phase", true}, {"what"}, {"gain"}, {"effort"}, {"risk"}}, rows);
    if (rows.empty()) page.paragraph(std::string(nothing_to_do(report)));
    for (const Index i : report.shown) {
        const std::vector<std::string> missing = missing_texts(*report.fleet, report.plan, i);
        if (!missing.empty())
            page.paragraph(fmt::format("**{}** lacks {}.", escaped(*report.fleet->databases[i].name),
                                       escaped(joined(missing, ", "))));
    }
    page.list(report.notes);
}

}  // namespace

std::string markdown(const Report& report) {
    Markdown page;
    title(page, report);
    summary(page, report);
    for (const auto part : parts) part(page, report);
    return page.take();
}

}  // namespace poolfit::render
