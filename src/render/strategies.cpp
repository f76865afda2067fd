// The strategies, the phases and the runway on the terminal.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "phase_words.hpp"
#include "strategies.hpp"
#include "strategy_words.hpp"
#include "table.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_servers = 3;  // with a column of their own
constexpr std::size_t most_phases = 6;   // of a plan that is too long
constexpr int soon = 12;                 // months, that an event of a life cycle is away

const Strategy* recommended(const Report& report) {
    const auto at = std::ranges::find_if(report.strategies, &Strategy::recommended);
    return at == report.strategies.end() ? nullptr : &*at;
}

/// Something to choose: the recommended strategy, or one with less work or risk, or fewer connections. To measure
/// only is what there is to do where nothing else is recommended.
bool is_choice(const Strategy& strategy, const Strategy* chosen) {
    if (chosen == nullptr || &strategy == chosen) return true;
    if (!strategy.applicable || strategy.role == Strategy::Role::measures) return false;
    if (!strategy.after || !chosen->after) return true;
    return strategy.effort < chosen->effort || strategy.risk < chosen->risk ||
           strategy.after->value < chosen->after->value;
}

std::vector<Runway>::const_iterator first_of(const Report& report, bool after) {
    return std::ranges::find_if(report.runway, [&](const Runway& r) { return r.after == after; });
}

/// Does today's plan reach a limit before the new one does? What is over one already is said first of all.
bool is_sooner(const Report& report, std::vector<Runway>::const_iterator then,
               std::vector<Runway>::const_iterator now) {
    if (now == report.runway.end() || !now->months || *now->months == 0) return false;
    return then == report.runway.end() || !then->months || *now->months < *then->months;
}

}  // namespace

std::string before_after(const std::optional<Figure<Connections>>& before,
                         const std::optional<Figure<Connections>>& after) {
    const std::string now = count_text(before), then = count_text(after);
    return now == then ? then : fmt::format("{} → {}", now, then);
}

std::string change_text(const Strategy& strategy) {
    if (!strategy.change) return "";
    if (strategy.unmeasured) return "unmeasured";
    const double share = strategy.change->value.value;
    if (share == 0) return "0 %";
    return (share < 0 ? "−" : "+") + unit::print(Fraction(share < 0 ? -share : share));
}

std::string none_text(const Report& report) {
    std::vector<std::string> texts;
    for (const Strategy& strategy : report.strategies)
        if (strategy.applicable) texts.push_back(fmt::format("{}: {}", strategy.name, why_text(report, strategy)));
    return fmt::format("none recommended, because none fits: {}", joined(texts));
}

void print_strategies(Page& page, const Report& report, const Extent& extent) {
    if (report.strategies.empty()) return;
    const Fleet& fleet = *report.fleet;
    std::vector<Index> servers;
    if (report.shown.size() <= most_servers && fleet.databases.size() > 1) servers = report.shown;
    std::vector<Column> columns{{"strategies", false, 0, false}};
    int drop = 2;  // the last goes first
    for (const Index server : servers) columns.push_back({*fleet.databases[server].name, true, drop++, false});
    columns.insert(columns.end(), {{"total", true, 0, false},
                                   {"change", true, 0, false},
                                   {"effort", false, 1, false},
                                   {"risk", false, 0, false}});
    Table table(std::move(columns));
    const Strategy* chosen = recommended(report);
    if (extent.leaves_out(Cut::rest)) {  // the phases have the recommended one
        if (chosen == nullptr) print_fact(page, "strategies", {none_text(report)});
        return;
    }
    for (const Strategy& strategy : report.strategies) {
        if (!extent.details && !is_choice(strategy, chosen)) continue;
        if (extent.leaves_out(Cut::strategies) && chosen != nullptr && &strategy != chosen) continue;
        std::vector<std::string> cells{(strategy.recommended ? "◀ " : "  ") + std::string(strategy.name)};
        for (const Index server : servers) {
            const StrategyDatabase& at = strategy.databases[server];
            cells.push_back(before_after(at.before, at.after));
        }
        cells.push_back(before_after(strategy.before, strategy.after));
        cells.push_back(strategy.applicable ? change_text(strategy) : "–");
        cells.emplace_back(strategy.applicable ? plan::name(strategy.effort) : "–");
        cells.emplace_back(strategy.applicable ? plan::name(strategy.risk) : "–");
        table.add(std::move(cells));
    }
    table.print(page);
    if (chosen != nullptr) {
        print_fact(page, "◀ why", {why_text(report, *chosen, extent.details ? Length::whole : Length::brief)});
        std::string_view label = "later";
        for (const Strategy& strategy : report.strategies) {
            // Measuring first is for where nothing is known, which no growth brings back.
            if (!extent.details || strategy.recommended || strategy.thresholds.empty() || !strategy.applicable ||
                strategy.role == Strategy::Role::measures)
                continue;
            std::vector<std::string> texts;
            for (const Threshold& threshold : strategy.thresholds) texts.push_back(threshold_brief(threshold));
            print_fact(page, label, {fmt::format("{}: {}", strategy.name, joined(texts))});
            label = "";
        }
    } else {
        print_fact(page, "◀ why", {none_text(report)});
    }
    page.blank();
}

void print_phases(Page& page, const Report& report, const Extent& extent) {
    if (report.phases.empty()) return;
    Table table({{"phases", false, 0, false}, {"gain", false, 0, false, true}, {"risk", false, 0, false}});
    const std::size_t most = extent.leaves_out(Cut::rest) ? most_phases : report.phases.size();
    std::size_t before = 0;
    for (std::size_t k = 0; k < std::min(most, report.phases.size()); ++k) {
        const Action& action = report.phases[k];
        table.add({fmt::format("{} {}", action.phase == before ? std::string("  with") : std::to_string(action.phase),
                               title(report, action)),
                   brief_gain_text(report, action), std::string(plan::name(action.risk))});
        before = action.phase;
    }
    table.print(page);
    if (report.phases.size() > most) page.write({fmt::format("  and {} more: see -v", report.phases.size() - most)});
    page.blank();
}

void print_runway(Page& page, const Report& report, const Extent& extent) {
    const bool details = extent.details;
    std::string_view label = "runway";
    for (const bool after : {false, true}) {
        const auto first = first_of(report, after);
        if (!after && extent.leaves_out(Cut::rest)) continue;
        if (!after && !details && !is_sooner(report, first_of(report, true), first)) continue;
        if (first == report.runway.end()) continue;
        print_fact(page, label, {fmt::format("{}: {}", after ? "after" : "now", runway_text(*report.fleet, *first))});
        label = "";
    }
    for (const SupportEvent& event : report.support) {
        if (!details && (event.months >= soon || extent.leaves_out(Cut::rest))) break;
        print_fact(page, label, {support_text(*report.fleet, event)});
        label = "";
        if (!details) break;
    }
}

}  // namespace poolfit::render
