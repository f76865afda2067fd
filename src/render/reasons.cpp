#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "commitments.hpp"
#include "storage_words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_ruled_out = 3;
constexpr std::size_t most_against_policy = 2;
constexpr std::size_t most_brief = 2;  // of both

// Where a plan is too long.
constexpr std::size_t most_risks = 3, fewest_risks = 1, most_in_code = 1;

std::string near_limit(const Database& database, const NearLimit& limit) {
    std::string text = in_words(database, limit.dimension);
    if (limit.share > 0) text += " " + percent(limit.share);
    return text;
}

/// Each line below the label, the label once; `more` are left out.
void print_lines(Page& page, std::string_view label, const std::vector<std::string>& lines, std::size_t more) {
    for (const std::string& line : lines) {
        print_fact(page, label, {line});
        label = "";
    }
    if (more > 0) print_fact(page, label, {fmt::format("{} more: see -v", more)});
}

void print_rejected(Page& page, const Report& report, const DatabaseView& view, const Extent& extent) {
    if (extent.leaves_out(Cut::rest)) return;
    const bool details = extent.details;
    const DatabasePlan& plan = report.plan.databases[view.database];
    std::vector<const Candidate*> rejected;
    const auto take = [&](const std::vector<std::size_t>& some, std::size_t most) {
        for (std::size_t i = 0; i < std::min(some.size(), most); ++i) rejected.push_back(&plan.candidates[some[i]]);
    };
    const std::size_t policy = std::min(view.against_policy.size(), details ? most_against_policy : 1);
    take(view.ruled_out, details ? most_ruled_out : most_brief - policy);
    take(view.against_policy, policy);
    if (extent.leaves_out(Cut::reasons) && rejected.size() > 1) rejected.resize(1);

    int width = 0;
    for (const Candidate* candidate : rejected) width = std::max(width, page.columns(candidate->cls->name));
    const int margin = label_column(page), indent = margin + width + 2;
    const bool beside = indent + 24 <= page.width();  // else there is no room for a second column
    std::string_view label = "rejected";
    for (const Candidate* candidate : rejected) {
        const std::string reasons = rejection_text(*report.fleet, report.plan, view.database, *candidate,
                                                   details ? Length::whole : Length::brief);
        const std::string name(candidate->cls->name);
        const std::string lead = page.left("  " + std::string(label), margin);
        if (beside)
            page.write({lead + page.left(name, width + 2) + reasons}, indent);
        else
            page.write({lead + name + ": " + reasons}, margin);
        label = "";
    }
}

/// What no plan can fix: a change to a service's code, or to how it connects.
std::vector<std::string> in_code_texts(const Report& report, Index database) {
    std::vector<std::string> texts;
    for (const Finding& finding : report.in_code)
        if (finding.databases.front() == database)
            texts.push_back(fmt::format("{}: {} ({})", finding.target, finding.message, finding.rule->id));
    return texts;
}

}  // namespace

void print_reasons(Page& page, const Report& report, Index index, bool marked, const Extent& extent) {
    const bool details = extent.details, few = extent.leaves_out(Cut::reasons);
    const DatabasePlan& plan = report.plan.databases[index];
    const DatabaseView& view = report::view_of(report, index);
    const Recommendation& advice = plan.recommendation;

    if (const std::string text = cpu_text(plan.chosen); details && !text.empty()) print_fact(page, "cpu", {text});
    if (const std::string text = series_text(report, index); !text.empty()) print_fact(page, "series", {text});
    if (details || lives_on_credits(plan))
        for (const std::string& text : credits_texts(plan)) print_fact(page, "credits", {text});
    if (const std::string text = capacity_text(report.fleet->databases[index], plan); !few && !text.empty())
        print_fact(page, "capacity", {text});
    if (const std::string text = storage_text(report, index); !few && !text.empty())
        print_fact(page, "storage", {text});
    if (const std::string text = loss_text(report, index); !text.empty()) print_fact(page, "failover", {text});
    const bool named = view.binding && std::ranges::find(view.gauges, view.binding->dimension, &GaugeView::dimension) !=
                                           view.gauges.end();
    if (view.binding && (details || !marked || !named)) {
        const Database& database = report.fleet->databases[index];
        std::string text = near_limit(database, *view.binding);
        if (view.binding->share > 0) text += " of limit";
        if (view.next) text += "; " + near_limit(database, *view.next);
        print_fact(page, "tightest", {text});
    }
    // Of an outage the block's first sentence says something else than why it is this class.
    const bool ends_outage = !advice.outages.empty(), moves = advice.cls != report.fleet->databases[index].type;
    const bool says_more = advice.summary.kind != Summary::Kind::cheapest;
    if (details || (ends_outage && moves && says_more && !extent.leaves_out(Cut::rest)))
        print_fact(page, "why", {summary_text(*report.fleet, report.plan, index)});
    const std::size_t most = extent.leaves_out(Cut::rest) ? fewest_risks : few ? most_risks : SIZE_MAX;
    const Risks risks = details ? Risks{risk_texts(*report.fleet, report.plan, index, Length::whole), 0}
                                : some_risks(*report.fleet, report.plan, index, most);
    print_lines(page, "risk", risks.texts, extent.leaves_out(Cut::all_pools) ? 0 : risks.left_out);
    if (details || moves || !ends_outage) print_rejected(page, report, view, extent);
    const std::vector<std::string> missing = missing_texts(*report.fleet, report.plan, index);
    // The first sentence of a verdict that is unknown asks for them.
    if (!missing.empty() && (details || advice.verdict != Verdict::unknown))
        print_fact(page, "missing", {joined(missing, ", ")});
    std::vector<std::string> in_code = in_code_texts(report, index);
    const std::size_t more = few && in_code.size() > most_in_code ? in_code.size() - most_in_code : 0;
    in_code.resize(in_code.size() - more);
    if (!extent.leaves_out(Cut::rest)) print_lines(page, "code", in_code, more);
    if (const std::string text = effective_text(report, index); !text.empty() && !extent.leaves_out(Cut::rest))
        print_fact(page, "paid", {text});
    if (const std::string text = price_gap(report, index); !text.empty()) print_fact(page, "price", {text});
    for (const Projection* on : {&plan.now, &plan.chosen}) {
        const bool split = on == &plan.now && on->support && !extent.leaves_out(Cut::reasons);
        if (!details && !split) break;
        if (on == &plan.chosen && plan.chosen.cls == plan.now.cls) continue;
        if (const std::string text = parts_text(*on); !text.empty()) print_fact(page, "price", {text});
    }
    if (details && advice.saves && advice.saves->value.value != 0 && advice.saves_per_year) {
        const bool less = advice.saves->value.value > 0;
        const auto amount = [&](MicroUsdPerMonth m) { return unit::print(less ? m : MicroUsdPerMonth(-m.value)); };
        print_fact(page, less ? "saves" : "costs",
                   {Piece(fmt::format("{}/mo{} · {}/yr", amount(advice.saves->value), less ? "" : " more",
                                      amount(advice.saves_per_year->value)),
                          paint_of(advice.saves)),
                    Piece(fmt::format(", {}{}", paid_text(report, {index}), peak_text(advice.peak_per_year)))});
    }
}

}  // namespace poolfit::render
