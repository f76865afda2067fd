#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "candidates.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_ruled_out = 3;
constexpr std::size_t most_against_policy = 2;

std::string near_limit(const Projection& projection, Dimension dimension) {
    const Check* check = projection.find(dimension);
    std::string text(in_words(dimension));
    if (check && check->share > 0) text += fmt::format(" at {} of the limit", percent(check->share));
    return text;
}

/// Each line below the label, the label once.
void print_lines(Page& page, std::string_view label, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        print_fact(page, label, {line});
        label = "";
    }
}

void print_rejected(Page& page, const DatabasePlan& plan) {
    auto rejected = ruled_out(plan);
    rejected.resize(std::min(rejected.size(), most_ruled_out));
    auto policy = against_policy(plan);
    policy.resize(std::min(policy.size(), most_against_policy));
    rejected.insert(rejected.end(), policy.begin(), policy.end());

    int width = 0;
    for (const Candidate* candidate : rejected) width = std::max(width, page.columns(candidate->cls->name));
    const int margin = label_column(page), indent = margin + width + 2;
    const bool beside = indent + 24 <= page.width();  // else there is no room for a second column
    std::string_view label = "rejected";
    for (const Candidate* candidate : rejected) {
        const std::string reasons = reasons_text(plan, *candidate);
        const std::string name(candidate->cls->name);
        const std::string lead = page.left("  " + std::string(label), margin);
        if (beside)
            page.write({lead + page.left(name, width + 2) + reasons}, indent);
        else
            page.write({lead + name + ": " + reasons}, margin);
        label = "";
    }
}

}  // namespace

void print_reasons(Page& page, const Report& report, Index index) {
    const Database& database = report.fleet->databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    const Recommendation& advice = plan.recommendation;
    const Projection& then = chosen(plan);

    if (const std::string text = credits_text(then); !text.empty()) print_fact(page, "credits", {text});
    if (advice.binding) {
        std::string text = near_limit(then, *advice.binding);
        if (advice.next_binding) text += "; next " + near_limit(then, *advice.next_binding);
        print_fact(page, "◀ binding", {text});
    }
    if (!advice.summary.empty()) print_fact(page, "why", {advice.summary});
    print_lines(page, "risk", advice.risk_reasons);
    print_rejected(page, plan);
    if (!advice.missing.empty()) print_fact(page, "missing", {joined(advice.missing, ", ")});
    if (const std::string text = price_gap(database, plan); !text.empty()) print_fact(page, "price", {text});
    if (advice.saves && advice.saves->value.value != 0 && advice.saves_per_year) {
        const bool less = advice.saves->value.value > 0;
        const auto amount = [&](MicroUsdPerMonth m) { return unit::print(less ? m : MicroUsdPerMonth(-m.value)); };
        print_fact(page, less ? "saves" : "costs",
                   {Piece(fmt::format("{}/mo{} · {}/yr", amount(advice.saves->value), less ? "" : " more",
                                      amount(advice.saves_per_year->value)),
                          paint_of(advice.saves)),
                    Piece(fmt::format(", {}", in_words(report.plan.term)))});
    }
}

}  // namespace poolfit::render
