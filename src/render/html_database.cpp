// One database in full.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "html_parts.hpp"
#include "markdown_parts.hpp"
#include "outage_words.hpp"
#include "overview.hpp"
#include "phrase.hpp"
#include "pictures.hpp"
#include "storage_words.hpp"
#include "strategies.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_rejected = 8;  // nearest in price
constexpr int derivation_width = 100;

void heading(Html& page, const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const Recommendation& advice = report.plan.databases[index].recommendation;
    page.raw(fmt::format("<h2 id=\"{}\">{} {}</h2>\n", html_id(index), html_name(*database.name),
                         html_badge(verdict_text(advice.verdict), badge_of(paint_of(advice.verdict)))));
    std::vector<std::string> facts{class_change(database, advice)};
    if (has_list_price(database) && advice.cost)
        facts.push_back(saving_cell(report, index) == "?" ? "price not known"
                                                          : unit::print(advice.cost->value) + "/mo");
    facts.push_back(kind_of_server(*report.fleet, database));
    facts.push_back(fmt::format("risk {}", plan::name(advice.risk)));
    page.paragraph(joined(facts), "meta");
    page.paragraph(opening_text(report, index), advice.outages.empty() ? "lead" : "lead alarm");
}

void pictures(Html& page, const Report& report, Index index) {
    const std::vector<Picture> all = pictures_of(report, index);
    if (all.empty()) return;
    page.open("div", "class=\"pictures\"");
    for (const Picture& picture : all) {
        page.open("figure");
        page.raw(fmt::format("<figcaption>{}</figcaption>\n", html_text(picture.caption)));
        page.raw(picture.draw(svg::Use::page));
        page.close("figure");
    }
    page.close("div");
}

/// What decides, and what is unknown: as the text has it with -v.
void reasons(Html& page, const Report& report, Index index) {
    const DatabasePlan& plan = report.plan.databases[index];
    std::vector<std::pair<std::string, std::string>> facts;
    const auto fact = [&](std::string_view label, std::string text) {
        if (!text.empty()) facts.emplace_back(label, std::move(text));
    };
    fact("cpu", cpu_text(plan.chosen));
    fact("series", series_words(report, index));
    for (std::string& text : credits_texts(plan)) fact("credits", std::move(text));
    fact("capacity", capacity_text(report.fleet->databases[index], plan));
    fact("storage", storage_text(report, index));
    fact("failover", loss_text(report, index));
    if (!plan.recommendation.outages.empty()) fact("why", summary_text(*report.fleet, report.plan, index));
    for (std::string& text : risk_texts(*report.fleet, report.plan, index)) fact("risk", std::move(text));
    fact("missing", joined(missing_texts(*report.fleet, report.plan, index), ", "));
    fact("paid", effective_text(report, index));
    fact("price", price_gap(report, index));
    if (facts.empty()) return;
    page.heading(3, "Reasons");
    page.facts(facts);
}

void pools(Html& page, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const DatabaseView& view = report::view_of(report, index);
    std::vector<std::vector<Html::Cell>> rows;
    for (const Index i : view.pools) {
        const Pool& pool = fleet.pools[i];
        const PoolPlan& plan = report.plan.pools[i];
        const std::string via = pool.pooler ? " via " + *fleet.poolers[*pool.pooler].name : std::string();
        rows.push_back({{html_name(pool_label(fleet, i)) + html_text(via)},
                        html_cell(before_after(plan.declared, plan.recommended())),
                        html_cell(before_after(plan.now.allocated, plan.after.allocated)),
                        html_cell(cell(plan.use.in_use)),
                        html_cell(recommended_text(fleet, report.plan, i))});
    }
    if (rows.empty()) return;
    page.heading(3, "Pools");
    page.table(fmt::format("Pools of {}", *fleet.databases[index].name),
               {{"pool"}, {"per process", true}, {"connections", true}, {"in use", true}, {"why", false, true}}, rows);
    if (view.pools_left_out > 0)
        page.paragraph(
            fmt::format("and {} more: see {}", view.pools_left_out, model::command(fleet, "plan", "--json")));
}

void rejected(Html& page, const Report& report, Index index) {
    const DatabasePlan& plan = report.plan.databases[index];
    const DatabaseView& view = report::view_of(report, index);
    std::vector<std::size_t> shown = view.against_policy;
    shown.insert(shown.end(), view.ruled_out.begin(), view.ruled_out.end());
    shown.insert(shown.end(), view.dearer_with_credits.begin(), view.dearer_with_credits.end());
    shown.insert(shown.end(), view.cheaper.begin(), view.cheaper.end());
    std::vector<std::size_t> once;
    for (const std::size_t i : shown)
        if (once.size() < most_rejected && std::ranges::find(once, i) == once.end()) once.push_back(i);
    std::ranges::sort(once);
    std::vector<std::vector<Html::Cell>> rows;
    for (const std::size_t i : once) {
        const Candidate& candidate = plan.candidates[i];
        rows.push_back({html_cell(candidate.cls->name),
                        html_cell(candidate.paid ? unit::print(*candidate.paid) : "no price"),
                        html_cell(rejection_text(*report.fleet, report.plan, index, candidate))});
    }
    if (rows.empty()) return;
    page.heading(3, "Classes not taken");
    page.table(fmt::format("Classes nearest to the choice for {}", *report.fleet->databases[index].name),
               {{"class"}, {"per month", true}, {"why not", false, true}}, rows);
}

bool is_about(const Finding& finding, Index database) {
    return !finding.databases.empty() && finding.databases.front() == database;
}

void findings(Html& page, const Report& report, Index index) {
    if (std::ranges::none_of(report.findings, [&](const Finding& each) { return is_about(each, index); })) return;
    page.heading(3, "Findings");
    std::vector<const Finding*> minor;
    for (const Finding& finding : report.findings) {
        if (!is_about(finding, index)) continue;
        if (finding.severity == Severity::info || finding.suppressed != nullptr)
            minor.push_back(&finding);
        else
            html_finding(page, report, finding);
    }
    if (minor.empty()) return;
    const auto suppressed =
        std::ranges::count_if(minor, [](const Finding* each) { return each->suppressed != nullptr; });
    const auto infos = std::ssize(minor) - suppressed;
    page.fold(fmt::format("{}{}{}", infos > 0 ? fmt::format("{} for information", infos) : "",
                          infos > 0 && suppressed > 0 ? ", " : "",
                          suppressed > 0 ? fmt::format("{} suppressed", suppressed) : ""),
              "minor");
    for (const Finding* finding : minor) html_finding(page, report, *finding);
    page.end_fold();
}

void derivations(Html& page, const Report& report, Index index) {
    if (report.figures.all().empty()) return;
    const std::vector<report::Target> target{{report::Target::Kind::database, index, {}, nullptr, nullptr, {}}};
    page.fold("Derivations: each figure, down to the inventory and the catalog");
    page.raw(fmt::format("<pre tabindex=\"0\">{}</pre>\n",
                         html_text_lines(explain_text(report, target, Style{false, true, derivation_width}))));
    page.end_fold();
}

}  // namespace

void html_finding(Html& page, const Report& report, const Finding& finding) {
    const std::string_view kind = finding.suppressed != nullptr           ? "plain"
                                  : finding.severity == Severity::error   ? "over"
                                  : finding.severity == Severity::warning ? "warn"
                                                                          : "plain";
    const std::string word =
        std::string(diag::name(finding.severity)) + (finding.suppressed != nullptr ? ", suppressed" : "");
    page.fold(fmt::format("{} <code>{}</code> {}: {}", html_badge(word, kind), html_text(finding.rule->id),
                          html_name(finding.target), html_text(finding.message)),
              "finding");
    std::vector<std::pair<std::string, std::string>> facts;
    if (finding.place) facts.emplace_back("where", diag::print(finding.place));
    const std::string label = in_full(*report.fleet, report.plan, finding.label);
    if (!label.empty()) facts.emplace_back("because", label);
    for (auto& note : notes_of(*report.fleet, report.plan, finding)) facts.push_back(std::move(note));
    if (!finding.fix.empty()) facts.emplace_back("fix", finding.whole_fix());
    facts.emplace_back("rule", fmt::format("{}: {}", finding.rule->name, finding.rule->summary));
    page.facts(facts);
    page.paragraphs(finding.rule->rationale);
    page.end_fold();
}

void html_findings(Html& page, const Report& report, std::size_t detailed) {
    std::vector<char> shown(report.fleet->databases.size(), 0);
    for (std::size_t k = 0; k < detailed; ++k) shown[report.overview.databases[k]] = 1;
    std::vector<const Finding*> rest;
    for (const Finding& finding : report.findings)
        if (finding.databases.empty() || shown[finding.databases.front()] == 0) rest.push_back(&finding);
    if (rest.empty()) return;
    constexpr std::size_t most = 40;
    page.open("section", "aria-labelledby=\"findings\"");
    page.heading(2, detailed > 0 ? "Other findings" : "Findings", "findings");
    for (std::size_t k = 0; k < std::min(rest.size(), most); ++k) html_finding(page, report, *rest[k]);
    if (rest.size() > most)
        page.paragraph(fmt::format("{} more: {} has them all.", counted(rest.size() - most, "finding"),
                                   model::command(*report.fleet, "check", "--json")));
    page.close("section");
}

void html_database(Html& page, const Report& report, Index index) {
    page.open("section", fmt::format("aria-labelledby=\"{}\" class=\"database\"", html_id(index)));
    heading(page, report, index);
    pictures(page, report, index);
    findings(page, report, index);
    pools(page, report, index);
    html_instances(page, report, index);
    reasons(page, report, index);
    rejected(page, report, index);
    derivations(page, report, index);
    page.close("section");
}

}  // namespace poolfit::render
