#include "block.hpp"

#include "beside_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "overview.hpp"

namespace poolfit::render {
namespace {

bool changes_class(const Database& database, const Recommendation& recommendation) {
    return recommendation.cls && recommendation.cls != database.type;
}

/// "$287.62", "≥ $287.62" where Extended Support comes on top at an unknown price.
std::string cost_text(const Projection& on, const std::optional<Figure<MicroUsdPerMonth>>& cost, bool at_least) {
    if (!cost) return "no price";
    return (at_least && on.support_unknown ? "≥ " : "") + unit::print(cost->value);
}

Pieces money(const Database& database, const DatabasePlan& plan, bool moves) {
    if (database.platform->elastic != nullptr) return {Piece(capacity_cost(plan))};
    if (!has_list_price(database)) return {Piece("no list price")};
    if (database.type->unknown) return {Piece("price not known")};
    const Recommendation& advice = plan.recommendation;
    const bool at_least = database.version.has_value();
    const auto text = [&](const std::optional<Figure<MicroUsdPerMonth>>& cost) {
        return cost_text(plan.now, cost, at_least);
    };
    if (!moves) {
        const auto& cost = advice.cost ? advice.cost : plan.now.cost;
        return {Piece(cost ? text(cost) + "/mo" : "no price")};
    }
    const std::string change = cost_change(plan.now.cost, advice.saves);
    std::string pair = text(plan.now.cost) + " → " + text(advice.cost) + (advice.cost ? "/mo" : "");
    if (!change.empty()) pair += "   " + change;
    return {Piece(pair, paint_of(advice.saves))};
}

}  // namespace

std::string kind_of_server(const Fleet& fleet, const Database& database) {
    std::vector<std::string> facts{fmt::format("{} {}", engine_id(database),
                                               database.version_text.empty() ? "(no version)" : database.version_text),
                                   std::string(zones_text(database)), *database.region};
    if (database.replica_of) facts.push_back("replica of " + *fleet.databases[*database.replica_of].name);
    return joined(facts);
}

int label_column(const Page& page) { return page.width() < 72 ? 12 : 15; }

void print_fact(Page& page, std::string_view label, Pieces text) {
    page.labelled(label, std::move(text), label_column(page));
}

std::string class_change(const Database& database, const Recommendation& recommendation) {
    if (changes_class(database, recommendation)) return fmt::format("{} → {}", *database.cls, recommendation.cls->name);
    if (const std::string instead = instead_of_class(recommendation); !instead.empty())
        return fmt::format("{} {}", *database.cls, instead);
    return *database.cls +
           (recommendation.verdict == Verdict::repool || recommendation.verdict == Verdict::over ? " (keep)" : "");
}

std::string cost_change(std::optional<Figure<MicroUsdPerMonth>> now, std::optional<Figure<MicroUsdPerMonth>> saves) {
    if (!now || !saves || now->value.value <= 0 || saves->value.value == 0) return {};
    const double share = static_cast<double>(saves->value.value) / static_cast<double>(now->value.value);
    return (share > 0 ? "−" : "+") + unit::print(Fraction(std::abs(share)));
}

Paint paint_of(std::optional<Figure<MicroUsdPerMonth>> saves) {
    if (!saves || saves->value.value == 0) return Paint::plain;
    return saves->value.value > 0 ? Paint::good : Paint::warn;
}

std::string price_gap(const Report& report, Index index) {
    std::vector<std::string> classes;
    for (const InstanceClass* cls : report::view_of(report, index).unpriced) classes.emplace_back(cls->name);
    if (classes.empty()) return {};
    std::string text = fmt::format("no price for {} in region {}: not in the total", joined(classes, " and "),
                                   *report.fleet->databases[index].region);
    const std::vector<MissingInput>& missing = report.plan.databases[index].recommendation.missing;
    if (std::ranges::find(missing, MissingInput::Kind::price, &MissingInput::kind) == missing.end())  // which says it
        text += "; add " + price_keys(report.plan.term, classes.size() == 1 ? classes.front() : std::string(),
                                      needs_standby_price(report.fleet->databases[index]));
    return text;
}

namespace {

std::string credits_text(const Projection& projection) {
    if (!projection.credits) return {};
    const Credits& credits = *projection.credits;
    const auto& burned = credits.burned_per_hour.value;
    const std::string low = unit::print_number(burned.low), high = unit::print_number(burned.high);
    std::string bill;
    if (credits.hours_to_empty)
        bill = fmt::format("credits run out in {} h", unit::print_number(std::round(credits.hours_to_empty->value)));
    const std::string_view then = bill.empty() ? "" : ", then ";
    if (credits.balance && credits.lives_on_credits) {
        const std::string hours = unit::print_number(std::round(credits.balance->short_hours.value));
        bill = credits.throttled ? fmt::format("without credits for {} h/mo, capped at {}", hours,
                                               unit::print(credits.baseline.value))
               : credits.surplus ? fmt::format("{}/mo surplus in {} h/mo", unit::print(credits.surplus->value), hours)
                                 : fmt::format("surplus at an unknown price in {} h/mo", hours);
    } else if (credits.throttled)
        bill += fmt::format("{}capped at {}", then, unit::print(credits.baseline.value));
    else if (credits.surplus)
        bill += fmt::format("{}up to {}/mo surplus", then, unit::print(credits.surplus->value));
    else if (credits.lives_on_credits)
        bill += fmt::format("{}surplus at an unknown price", then);
    if (bill.empty()) bill = "more than it earns";

    if (!credits.mean_known && credits.lives_on_credits) {
        const std::string peak =
            projection.cpu_peak ? "the peak of " + unit::print(projection.cpu_peak->value) : std::string("the peak");
        return fmt::format("mean not set; {} is above the {} baseline: {}", peak, unit::print(credits.baseline.value),
                           bill);
    }
    const std::string rate =
        fmt::format("earns {}, burns {} per hour", unit::print_number(credits.earned_per_hour.value),
                    low == high ? high : fmt::format("{}–{}", low, high));
    const std::string least =
        credits.balance
            ? fmt::format("; lowest balance {}", unit::print_number(std::round(credits.balance->lowest.value)))
            : std::string();
    if (credits.lives_on_credits) return fmt::format("{}: {}{}", rate, bill, least);
    if (credits.balance) return fmt::format("{}: fits over the series{}", rate, least);
    return rate + (credits.mean_known ? ": fits" : " at the peak (mean not set): fits");
}

}  // namespace

bool lives_on_credits(const DatabasePlan& plan) {
    const auto lives = [](const Projection& on) { return on.credits && on.credits->lives_on_credits; };
    return lives(plan.chosen) || lives(plan.now);
}

std::vector<std::string> credits_texts(const DatabasePlan& plan) {
    // Those of today's class were followed over a series, or are an estimate that the move ends.
    const bool both = plan.chosen.cls != plan.now.cls && plan.now.credits && plan.now.credits->lives_on_credits &&
                      plan.now.credits->balance;
    const auto text = [&](const Projection& on) {
        return both ? fmt::format("{}: {}", on.cls->name, credits_text(on)) : credits_text(on);
    };
    std::vector<std::string> texts;
    if (both) texts.push_back(text(plan.now));
    if (plan.chosen.credits) texts.push_back(text(plan.chosen));
    return texts;
}

void print_head(Page& page, const Report& report, Index index, int name_column) {
    const Database& database = report.fleet->databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    const Recommendation& advice = plan.recommendation;

    Pieces lhs;
    if (page.columns(*database.name) + 2 > name_column) {
        page.write({*database.name}, 2);
        lhs.emplace_back(std::string(static_cast<std::size_t>(name_column), ' '));
    } else {
        lhs.emplace_back(page.left(*database.name, name_column));
    }
    const std::string verdict = verdict_text(advice.verdict);
    lhs.emplace_back(verdict, paint_of(advice.verdict));
    lhs.emplace_back(page.left("", std::max(2, 8 - page.columns(verdict))) + class_change(database, advice));
    page.ends(std::move(lhs), money(database, plan, changes_class(database, advice) || advice.verdict == Verdict::idle),
              name_column);
    page.ends({page.left("", name_column) + kind_of_server(*report.fleet, database)},
              {Piece(fmt::format("risk {}", plan::name(advice.risk)), paint_of(advice.risk))}, name_column);
}

}  // namespace poolfit::render
