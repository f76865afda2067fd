// The whole page.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/render/render.hpp>
#include <poolfit/svg/svg.hpp>
#include <poolfit/unit/print.hpp>

#include "html_parts.hpp"
#include "parts.hpp"
#include "phrase.hpp"
#include "words.hpp"

namespace poolfit::render {

// data/page, compiled in by scripts/embed.py.
std::string_view page_style();
std::string_view page_style_hash();
std::string_view page_script();
std::string_view page_script_hash();

namespace {

std::string title_of(const Report& report) {
    const std::string& name = *report.fleet->name;
    return name.empty() ? "Connections, pools and instances" : name + ": connections, pools and instances";
}

/// Nothing is fetched, and nothing runs but what poolfit wrote.
std::string policy() {
    return fmt::format(
        "default-src 'none'; style-src {} {}; script-src {}; img-src data:; base-uri 'none'; "
        "form-action 'none'",
        svg::style_hash(), page_style_hash(), page_script_hash());
}

void head(Html& page, const Report& report) {
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw(fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy()));
    page.raw(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.raw(fmt::format("<meta name=\"generator\" content=\"poolfit {}\">\n", report::version()));
    page.raw(fmt::format("<title>{}</title>\n", html_text(title_of(report))));
    page.raw(fmt::format("<style>{}</style>\n<style>{}</style>\n</head>\n<body>\n", svg::style(), page_style()));
}

std::string as_it_is(std::string_view text) { return std::string(text); }

void banner(Html& page, const Report& report) {
    page.raw("<a class=\"skip\" href=\"#main\">Skip to the plan</a>\n");
    page.open("header");
    page.heading(1, title_of(report));
    std::vector<std::string> facts{fmt::format("poolfit {}", report::version()), inputs_in(*report.fleet, as_it_is),
                                   counted(report.shown.size(), "database"),
                                   counted(report.fleet->services.size(), "service")};
    if (report.shown.size() < report.fleet->databases.size())
        facts[2] = fmt::format("{} of {}", report.shown.size(), counted(report.fleet->databases.size(), "database"));
    if (!report.catalog_as_of.empty()) facts.push_back(fmt::format("catalog of {}", report.catalog_as_of));
    if (const std::string dates = price_dates_text(report.price_dates); !dates.empty())
        facts.push_back(fmt::format("prices {}", dates));
    facts.emplace_back(in_words(report.plan.term));
    page.paragraph(joined(facts), "meta");
    page.close("header");
}

/// Of databases in full, in their order.
std::vector<std::string> in_full(const Report& report, std::size_t detailed) {
    std::vector<std::string> parts;
    in_parts(
        detailed, report.threads,
        [&](std::size_t first, std::size_t last) {
            Html part;
            for (std::size_t k = first; k < last; ++k) html_database(part, report, report.overview.databases[k]);
            return part.take();
        },
        [&](std::string part) { parts.push_back(std::move(part)); }, 4);
    return parts;
}

/// What a page of many databases leaves out.
void left_out(Html& page, const Report& report, std::size_t detailed) {
    const std::size_t all = report.shown.size();
    if (detailed == all) return;
    page.paragraph(fmt::format("{} of {} in full: those that come first in the table. With names of databases, {} has "
                               "those in full.",
                               detailed, counted(all, "database"),
                               model::command(*report.fleet, "plan", "DB… --format html=plan.html")),
                   "note");
}

}  // namespace

std::string html(const Report& report, bool alone) {
    const std::size_t detailed = alone ? 0 : std::min(report.overview.databases.size(), report::most_in_full);
    Html page;
    head(page, report);
    banner(page, report);
    page.open("main", "id=\"main\"");
    html_summary(page, report);
    html_fleet(page, report, detailed);
    if (!alone) {
        html_strategies(page, report);
        html_phases(page, report);
        left_out(page, report, detailed);
        for (const std::string& part : in_full(report, detailed)) page.raw(part);
        html_findings(page, report, detailed);
    }
    page.close("main");
    page.open("footer");
    page.paragraph("Every number comes from the inventory or the catalog; poolfit explain shows how.", "meta");
    page.close("footer");
    page.raw(fmt::format("<script>{}</script>\n</body>\n</html>\n", page_script()));
    return page.take();
}

}  // namespace poolfit::render
