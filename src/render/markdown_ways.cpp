// The ways to go: strategies, the matrix of when which, pools against vCPUs, and the classes.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "candidates.hpp"
#include "gauges.hpp"
#include "markdown_parts.hpp"
#include "strategies.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_rejected = 12;  // nearest in price; `--json` has all

void strategy(Markdown& page, const Strategy& way) {
    page.heading(3, fmt::format("{}: {}{}", way.name, way.title, way.recommended ? " (recommended)" : ""));
    page.paragraph(fmt::format("{} Effort: {} ({}). Risk: {} ({}).",
                               fmt::format("**{}:** {}.", way.recommended ? "Why" : "Why not now", escaped(way.why)),
                               plan::name(way.effort), escaped(way.effort_text), plan::name(way.risk),
                               escaped(way.risk_text)));
    const auto section = [&](std::string_view head, const std::vector<std::string>& items) {
        if (items.empty()) return;
        page.paragraph(fmt::format("**{}**", head));
        page.list(items);
    };
    section("Changes", way.changes);
    section("For it", way.pros);
    section("Against it", way.cons);
    section("Would change the decision", way.decides);
}

void rejected(Markdown& page, const DatabasePlan& plan) {
    std::vector<const Candidate*> all = ruled_out(plan);
    for (const auto& more : {against_policy(plan), dearer_with_credits(plan)})
        all.insert(all.end(), more.begin(), more.end());
    std::ranges::stable_sort(all, [](const Candidate* a, const Candidate* b) { return *a->cost > *b->cost; });
    const std::size_t left_out = all.size() > most_rejected ? all.size() - most_rejected : 0;
    all.resize(all.size() - left_out);
    std::vector<std::vector<std::string>> rows;
    for (const Candidate* candidate : all)
        rows.push_back(
            {std::string(candidate->cls->name), unit::print(*candidate->cost), reasons_text(plan, *candidate)});
    if (rows.empty()) return;
    page.paragraph("Cheaper, and not taken:");
    page.table({{"class"}, {"a month", true}, {"because"}}, rows);
    if (left_out > 0) page.paragraph(fmt::format("And {} cheaper still: `poolfit plan --json` has all.", left_out));
}

}  // namespace

void markdown_strategies(Markdown& page, const Report& report) {
    if (report.strategies.empty()) return;
    page.heading(2, "Strategies");
    std::vector<Markdown::Head> heads{{"strategy"}};
    for (const Index i : report.shown) heads.push_back({*report.fleet->databases[i].name, true});
    for (const Markdown::Head& head :
         std::vector<Markdown::Head>{{"in all", true}, {"change", true}, {"a year", true}, {"effort"}, {"risk"}})
        heads.push_back(head);
    std::vector<std::string> names;  // heads borrow their text
    for (Markdown::Head& head : heads) names.push_back(escaped(head.text));
    for (std::size_t i = 0; i < heads.size(); ++i) heads[i].text = names[i];
    std::vector<std::vector<std::string>> rows;
    for (const Strategy& way : report.strategies) {
        std::vector<std::string> row{fmt::format("{}{}", way.name, way.recommended ? " ◀ recommended" : "")};
        for (const Index i : report.shown) row.push_back(before_after(way.databases[i].before, way.databases[i].after));
        row.push_back(before_after(way.before, way.after));
        row.push_back(way.applicable ? change_text(way) : "not possible");
        row.push_back(!way.saves_per_year ? std::string("not known")
                      : way.saves_per_year->value.value < 0
                          ? fmt::format("costs {}", unit::print(MicroUsdPerMonth(-way.saves_per_year->value.value)))
                          : unit::print(way.saves_per_year->value));
        row.emplace_back(plan::name(way.effort));
        row.emplace_back(plan::name(way.risk));
        rows.push_back(std::move(row));
    }
    page.table(heads, rows);
    for (const Strategy& way : report.strategies) strategy(page, way);
}

void markdown_matrix(Markdown& page, const Report& report) {
    std::vector<std::vector<std::string>> rows;
    for (const Strategy& way : report.strategies) {
        if (way.recommended) rows.push_back({fmt::format("{} ◀", way.name), "now", way.why, ""});
        for (const Threshold& threshold : way.thresholds)
            if (!way.recommended || threshold.reached)
                rows.push_back({std::string(way.name),
                                fmt::format("{} ≥ {}", threshold.quantity,
                                            assess::print({Interval<double>(threshold.at), threshold.measure})),
                                threshold.text, threshold.reached ? "yes" : "no"});
    }
    if (rows.empty()) return;
    page.heading(2, "Recommendation matrix");
    page.table({{"strategy"}, {"when"}, {"today"}, {"reached"}}, rows);
}

void markdown_vcpus(Markdown& page, const Report& report) {
    if (report.vcpus.empty()) return;
    page.heading(2, "Pools against vCPUs");
    std::vector<Markdown::Head> heads{{"pool"}};
    std::vector<std::string> names;
    for (const int vcpus : vcpu_counts) names.push_back(fmt::format("{} vCPUs", vcpus));
    for (const std::string& name : names) heads.push_back({name, true});
    heads.push_back({"rule"});
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> fixed;
    for (const VcpuRow& row : report.vcpus) {
        std::vector<std::string> cells{pool_label(*report.fleet, row.pool)};
        for (const PoolSize& size : row.sizes) cells.push_back(cell(size));
        cells.push_back(row.formula.empty() ? "fixed" : row.formula);
        if (!row.scales) fixed.push_back(cells.front());
        rows.push_back(std::move(cells));
    }
    page.table(heads, rows);
    if (!fixed.empty()) page.paragraph(fmt::format("Don't follow the vCPUs: {}.", escaped(joined(fixed, ", "))));
}

void markdown_projections(Markdown& page, const Report& report) {
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        const DatabasePlan& plan = report.plan.databases[i];
        const Recommendation& advice = plan.recommendation;
        page.heading(
            2, fmt::format("{}: {} {}", *database.name, plan::name(advice.verdict), class_change(database, advice)));
        std::string text = escaped(advice.summary);
        if (!text.empty())
            text[0] = text[0] >= 'a' && text[0] <= 'z' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
        page.paragraph(fmt::format("{}. {} → {} a month{}.", text, cell(plan.now.cost), cell(advice.cost),
                                   advice.saves_per_year && advice.saves_per_year->value.value > 0
                                       ? fmt::format(", {} a year less", unit::print(advice.saves_per_year->value))
                                       : std::string()));
        std::vector<std::vector<std::string>> rows;
        for (const Gauge& gauge : gauges(report, i))
            rows.push_back({fmt::format("{} {}{}", gauge.group, gauge.item, gauge.binding ? " ◀ binding" : ""),
                            gauge.now, gauge.after, gauge.limit, gauge.limited ? percent(gauge.share) : std::string()});
        page.table({{"load"}, {"now", true}, {"after", true}, {"limit", true}, {"of it", true}}, rows);
        if (const std::string credits = credits_text(chosen(plan)); !credits.empty())
            page.paragraph(fmt::format("Credits: {}.", escaped(credits)));
        page.paragraph(fmt::format("Risk: {}.", plan::name(advice.risk)));
        page.list(advice.risk_reasons);
        rejected(page, plan);
    }
}

}  // namespace poolfit::render
