// A strategy, a pooler, and what a rule finds.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "explain_parts.hpp"
#include "phrase.hpp"
#include "pooler_words.hpp"
#include "strategies.hpp"
#include "strategy_words.hpp"
#include "table.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

void print_points(Page& page, const Report& report, const Strategy& strategy, std::string_view label,
                  const std::vector<Point>& points) {
    for (const std::string& text : point_texts(report, strategy, points)) {
        print_fact(page, label, {text});
        label = "";
    }
}

void print_sizes(Page& page, const Report& report, const Strategy& strategy) {
    const Fleet& fleet = *report.fleet;
    Table table({{"pools", false, 0, false}, {"per process", true, 0, false}, {"basis", false, 0, true}});
    for (const StrategyPool& pool : strategy.pools) {
        std::string name = pool_label(fleet, pool.pool);
        for (const Index other : pool.merged) name += fmt::format(" + {}", *fleet.pools[other].name);
        const PoolSize& declared = report.plan.pools[pool.pool].declared;
        const std::string now = count_text(declared), then = count_text(pool.size);
        table.add({name, now == then ? then : fmt::format("{} → {}", now, then),
                   size_text(*report.fleet, report.plan, pool.pool, pool.reason)});
    }
    if (table.empty()) return;
    table.print(page);
    page.blank();
}

}  // namespace

void explain_strategy(Page& page, const Report& report, const Strategy& strategy) {
    page.write({fmt::format("{}  {}{}", strategy.name, title(*report.fleet, strategy),
                            strategy.recommended ? "  ◀ recommended" : "")},
               2);
    page.blank();
    print_fact(page, strategy.recommended ? "why" : "why not", {why_text(report, strategy)});
    if (!strategy.applicable) return print_points(page, report, strategy, "against", strategy.cons);
    print_fact(page, "total",
               {joined({before_after(strategy.before, strategy.after), change_text(strategy),
                        per_server(*report.fleet, strategy)})});
    print_fact(page, "effort", {fmt::format("{}: {}", plan::name(strategy.effort), work_text(strategy.work))});
    print_fact(page, "risk",
               {fmt::format("{}: {}", plan::name(strategy.risk), hazard_text(*report.fleet, strategy.hazard))});
    page.blank();
    print_sizes(page, report, strategy);
    print_points(page, report, strategy, "changes", strategy.changes);
    print_points(page, report, strategy, "for", strategy.pros);
    print_points(page, report, strategy, "against", strategy.cons);
    print_points(page, report, strategy, "revisit if", strategy.decides);
    std::string_view label = "threshold";
    for (const Threshold& threshold : strategy.thresholds) {
        print_fact(page, label, {threshold_text(*report.fleet, threshold)});
        label = "";
    }
}

void explain_pooler(Page& page, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const Pooler& pooler = fleet.poolers[index];
    const PoolerPlan& plan = report.plan.poolers[index];
    page.write({fmt::format("{}  pooler", *pooler.name)}, 2);
    for (Index i = 0; i < fleet.pools.size(); ++i)
        if (fleet.pools[i].pooler == index)
            page.write({fmt::format("  {} → {}", pool_label(fleet, i), *pooler.name)}, 4);
    const Index process = model::process_of(fleet, index);
    if (const std::string text = client_change(report, process); !text.empty())
        page.write({fmt::format("  {}", text)}, 4);
    if (plan.size || plan.to_transaction)
        page.write({fmt::format("  {} ({}){}",
                                pooler_settings(report, index, plan.to_transaction, plan.size ? plan.size->value : 0),
                                pooler_basis(plan), plan.to_transaction ? and_breaks(report, index) : std::string())},
                   4);
    page.blank();
    Steps steps(report);
    steps.section("clients");
    for (Index i = 0; i < fleet.pools.size(); ++i)
        if (fleet.pools[i].pooler == index) steps.add(pool_label(fleet, i), report.plan.pools[i].now.allocated);
    if (const auto& clients = report.plan.poolers[process].clients) {
        steps.section("accepts");
        steps.add_with_inputs("clients", clients->accepts.id);
        steps.add("today", clients->steady.id);
        steps.add("in a deploy", clients->deploy.id);
        steps.add_with_inputs("after", clients->enough ? clients->enough->id : FigureId());
    }
    steps.section("server");
    steps.add_with_inputs("now", plan.now.server.id);
    steps.add("in a deploy", plan.now.server_deploy.id);
    steps.section("after");
    if (plan.size)
        steps.add_with_inputs(fleet.poolers[index].kind == Pooler::Kind::proxy ? "percent" : "size", plan.size->id);
    steps.add_with_inputs("server", plan.after.server.id);
    steps.add("in a deploy", plan.after.server_deploy.id);
    steps.section("bill");
    add_bill(steps, report, index);
    steps.print(page);
    page.blank();
    print_sources(page, steps.derivations(), steps.sources());
}

void explain_rule(Page& page, const Report& report, const Rule& rule) {
    print_rule(page, rule);
    page.blank();
    bool any = false;
    for (const Finding& finding : report.findings) {
        if (finding.rule != &rule) continue;
        if (!any) page.write({"in this inventory"}, 0);
        any = true;
        page.write({fmt::format("  {}: {}{}", finding.target, finding.message, finding.suppressed ? " (ignored)" : "")},
                   4);
        if (const std::string place = diag::print(finding.place); !place.empty()) page.write({"    " + place}, 6);
        for (const auto& [about, note] : notes_of(*report.fleet, report.plan, finding))
            page.write({fmt::format("    {} {}", about, note)}, 6);
        if (!finding.fix.empty()) page.write({fmt::format("    fix {}", finding.whole_fix())}, 8);
    }
    if (!any) page.write({"no findings in this inventory"}, 0);
}

}  // namespace poolfit::render
