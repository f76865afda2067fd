// Strategies, the recommendation matrix, pools by vCPUs, and the classes.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "gauges.hpp"
#include "markdown_parts.hpp"
#include "storage_words.hpp"
#include "strategies.hpp"
#include "strategy_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_rejected = 12;  // nearest in price; `--json` has all

void strategy(Markdown& page, const Report& report, const Strategy& way) {
    page.heading(3,
                 fmt::format("{}: {}{}", way.name, title(*report.fleet, way), way.recommended ? " (recommended)" : ""));
    page.paragraph(
        fmt::format("{} Effort: {} ({}). Risk: {} ({}).",
                    fmt::format("**{}:** {}.", way.recommended ? "Why" : "Why not now", escaped(why_text(report, way))),
                    plan::name(way.effort), escaped(work_text(way.work)), plan::name(way.risk),
                    escaped(hazard_text(*report.fleet, way.hazard))));
    const auto section = [&](std::string_view head, const std::vector<Point>& points) {
        if (points.empty()) return;
        page.paragraph(fmt::format("**{}**", head));
        page.list(point_texts(report, way, points));
    };
    section("Changes", way.changes);
    section("For", way.pros);
    section("Against", way.cons);
    section("Would change the decision", way.decides);
}

void rejected(Markdown& page, const Report& report, Index index) {
    const DatabasePlan& plan = report.plan.databases[index];
    const std::vector<std::size_t>& cheaper = report::view_of(report, index).cheaper;
    const std::size_t shown = std::min(cheaper.size(), most_rejected);
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < shown; ++i) {
        const Candidate& candidate = plan.candidates[cheaper[i]];
        rows.push_back({std::string(candidate.cls->name), unit::print(*candidate.paid),
                        rejection_text(*report.fleet, report.plan, index, candidate)});
    }
    if (rows.empty()) return;
    page.paragraph("Cheaper, but not chosen:");
    page.table({{"class"}, {"per month", true}, {"why not"}}, rows);
    if (shown < cheaper.size())
        page.paragraph(fmt::format("{} more are even cheaper: see {}.", cheaper.size() - shown,
                                   code(model::command(*report.fleet, "plan", "--json"))));
}

}  // namespace

void markdown_strategies(Markdown& page, const Report& report) {
    if (report.strategies.empty()) return;
    page.heading(2, "Strategies");
    if (std::ranges::none_of(report.strategies, &Strategy::recommended))
        page.paragraph(escaped(fmt::format("Recommended: {}.", none_text(report))));
    std::vector<Markdown::Head> heads{{"strategy"}};
    for (const Index i : report.shown) heads.push_back({*report.fleet->databases[i].name, true});
    for (const Markdown::Head& head :
         std::vector<Markdown::Head>{{"total", true},
                                     {"change", true},
                                     {report.plan.committed ? "saves per year at list price" : "saves per year", true},
                                     {"effort"},
                                     {"risk"}})
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
        row.push_back(!way.saves_per_year ? std::string("unknown")
                      : way.saves_per_year->value.value < 0
                          ? fmt::format("costs {}", unit::print(MicroUsdPerMonth(-way.saves_per_year->value.value)))
                          : unit::print(way.saves_per_year->value));
        row.emplace_back(plan::name(way.effort));
        row.emplace_back(plan::name(way.risk));
        rows.push_back(std::move(row));
    }
    page.table(heads, rows);
    for (const Strategy& way : report.strategies) strategy(page, report, way);
}

void markdown_matrix(Markdown& page, const Report& report) {
    std::vector<std::vector<std::string>> rows;
    for (const Strategy& way : report.strategies) {
        if (way.recommended) rows.push_back({fmt::format("{} ◀", way.name), "now", why_text(report, way), ""});
        for (const Threshold& threshold : way.thresholds)
            if (!way.recommended || threshold.reached)
                rows.push_back({std::string(way.name),
                                fmt::format("{} ≥ {}", quantity_text(*report.fleet, threshold),
                                            assess::print(assess::measured(threshold.measure, threshold.at))),
                                threshold_text(*report.fleet, threshold), threshold.reached ? "yes" : "no"});
    }
    if (rows.empty()) return;
    page.heading(2, "Recommendation matrix");
    page.table({{"strategy"}, {"when"}, {"today"}, {"reached"}}, rows);
}

void markdown_vcpus(Markdown& page, const Report& report) {
    if (report.vcpus.empty()) return;
    page.heading(2, "Pools by vCPUs");
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
        cells.push_back(row.formula.empty() ? "fixed" : std::string(row.formula));
        if (!row.scales) fixed.push_back(cells.front());
        rows.push_back(std::move(cells));
    }
    page.table(heads, rows);
    if (!fixed.empty()) page.paragraph(fmt::format("Do not scale with vCPUs: {}.", escaped(joined(fixed, ", "))));
}

void markdown_projections(Markdown& page, const Report& report) {
    for (const Index i : report.shown) {
        const Database& database = report.fleet->databases[i];
        const DatabasePlan& plan = report.plan.databases[i];
        const Recommendation& advice = plan.recommendation;
        page.heading(
            2, fmt::format("{}: {} {}", *database.name, plan::name(advice.verdict), class_change(database, advice)));
        if (advice.verdict == Verdict::upgrade) page.paragraph(escaped(opening_text(report, i)));
        std::string text = escaped(summary_text(*report.fleet, report.plan, i));
        if (!text.empty())
            text[0] = text[0] >= 'a' && text[0] <= 'z' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
        if (!has_list_price(database))
            page.paragraph(fmt::format("{}.", text));
        else
            page.paragraph(fmt::format("{}. {} → {} per month{}.", text, cell(plan.now.cost), cell(advice.cost),
                                       advice.saves_per_year && advice.saves_per_year->value.value > 0
                                           ? fmt::format(", saves {}/yr{}", unit::print(advice.saves_per_year->value),
                                                         peak_text(advice.peak_per_year))
                                           : std::string()));
        std::vector<std::vector<std::string>> rows;
        for (const Gauge& gauge : gauges(report, i))
            rows.push_back({fmt::format("{} {}{}", gauge.group, gauge.item, gauge.binding ? " ◀ tightest limit" : ""),
                            gauge.now, gauge.after, gauge.limit, gauge.limited ? percent(gauge.share) : std::string()});
        page.table({{"load"}, {"now", true}, {"after", true}, {"limit", true}, {"used", true}}, rows);
        if (const std::string cpu = cpu_text(plan.chosen); !cpu.empty())
            page.paragraph(fmt::format("CPU: {}.", escaped(cpu)));
        if (const std::string series = series_text(report, i); !series.empty())
            page.paragraph(fmt::format("Series: {}.", escaped(series)));
        for (const std::string& credits : credits_texts(plan))
            page.paragraph(fmt::format("Credits: {}.", escaped(credits)));
        if (const std::string serverless = capacity_text(report.fleet->databases[i], plan); !serverless.empty())
            page.paragraph(fmt::format("Serverless: {}.", escaped(serverless)));
        if (const std::string storage = storage_text(report, i); !storage.empty())
            page.paragraph(fmt::format("Storage: {}.", escaped(storage)));
        if (const std::string loss = loss_text(report, i); !loss.empty())
            page.paragraph(fmt::format("Failover: {}.", escaped(loss)));
        if (const std::string parts = parts_text(plan.chosen); !parts.empty())
            page.paragraph(fmt::format("Price of {}.", escaped(parts)));
        page.paragraph(fmt::format("Risk: {}.", plan::name(advice.risk)));
        page.list(risk_texts(*report.fleet, report.plan, i));
        rejected(page, report, i);
    }
}

}  // namespace poolfit::render
