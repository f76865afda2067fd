#include "commitments.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "layout.hpp"
#include "listing.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr double all_of_it = 0.9995;  // prints as 100 %

bool is_reserved(const Commitment& commitment) { return commitment.kind == Commitment::Kind::reserved; }

/// "$10.00", "−$10.00" or "unknown".
std::string money(const std::optional<MicroUsdPerMonth>& amount) {
    return amount ? unit::print(*amount) : std::string("unknown");
}

/// The engine's name where its platform has one: "RDS for PostgreSQL".
std::string_view engine_of(const Commitment& commitment) { return commitment.platform->names.full; }

std::string saves_text(MicroUsdPerMonth saves) {
    if (saves.value == 0) return "saves nothing";
    return saves.value > 0 ? fmt::format("saves {}/mo", unit::print(saves))
                           : fmt::format("costs {}/mo more", unit::print(MicroUsdPerMonth(-saves.value)));
}

/// The same of a change, whose effect on the others is in it.
std::string all_save_text(const Report& report, MicroUsdPerMonth saves) {
    if (report.fleet->databases.size() == 1) return saves_text(saves);
    if (saves.value == 0) return "all databases together save nothing";
    return saves.value > 0
               ? fmt::format("all databases together save {}/mo", unit::print(saves))
               : fmt::format("all databases together pay {}/mo more", unit::print(MicroUsdPerMonth(-saves.value)));
}

/// "$10.00", "$5.00–$7.00".
std::string amount_text(const Interval<MicroUsdPerMonth>& amount) {
    const std::string low = unit::print(amount.low), high = unit::print(amount.high);
    return low == high ? high : fmt::format("{}–{}", low, high);
}

/// "$10.00 → $5.00–$7.00/mo"; "$10.00/mo" where nothing changes.
std::string change_text(const Interval<MicroUsdPerMonth>& now, const Interval<MicroUsdPerMonth>& after) {
    const std::string from = amount_text(now), to = amount_text(after);
    return from == to ? from + "/mo" : fmt::format("{} → {}/mo", from, to);
}

/// "saves $5.00–$7.00/mo", "from $2.00/mo more to $3.00/mo less".
std::string saves_text(const Interval<MicroUsdPerMonth>& saves) {
    if (saves.is_point()) return saves_text(saves.high);
    const MicroUsdPerMonth less(-saves.low.value), more(-saves.high.value);
    if (saves.low.value >= 0) return "saves " + money_range(saves);
    if (saves.high.value <= 0) return fmt::format("costs {} more", money_range({more, less}));
    return fmt::format("from {}/mo more to {}/mo less", unit::print(less), unit::print(saves.high));
}

/// "all", "75 %", "75 % to all".
std::string used_text(double used, double most, bool at_least) {
    const auto share = [](double part) { return part >= all_of_it ? "all" : unit::print(Fraction(part)); };
    if (at_least) return used > 0 ? fmt::format("at least {}", unit::print(Fraction(used))) : std::string();
    const std::string low = share(used), high = share(most);
    return low == high ? low : fmt::format("{} to {}", low, high);
}

/// What is left to pay; nothing where that is not known.
std::optional<Interval<MicroUsdPerMonth>> left(const Paid& paid) {
    if (paid.range) return paid.range->value;
    return paid.cost ? std::optional(Interval<MicroUsdPerMonth>(paid.cost->value)) : std::nullopt;
}

/// Of savings plans, at the ends of what capacity that follows the load takes.
Interval<MicroUsdPerMonth> by_plans(const Paid& paid) {
    return {std::min(paid.by_plan.value, paid.by_plan_most), std::max(paid.by_plan.value, paid.by_plan_most)};
}

}  // namespace

std::string units_text(double units) {
    return fmt::format("{} {}", unit::print_number(units), units == 1 ? "unit" : "units");
}

std::string commitment_text(const Fleet& fleet, Index index) {
    const Commitment& commitment = fleet.commitments[index];
    if (!commitment.name->empty()) return *commitment.name;
    if (!is_reserved(commitment)) return fmt::format("savings plan {}", index + 1);
    return fmt::format("{} of {} in {}", *commitment.family, engine_of(commitment), *commitment.region);
}

bool changes_paid(const Report& report, Index index) {
    const Committed& committed = *report.plan.committed;
    const Paid &now = committed.now[index], &after = committed.after[index];
    const auto today = left(now), then = left(after);
    return now.cls != after.cls || report.plan.databases[index].recommendation.verdict == Verdict::idle ||
           (today && then && (today->low != then->low || today->high != then->high));
}

std::string effective_text(const Report& report, Index index) {
    const auto& committed = report.plan.committed;
    if (!committed) return {};
    const Paid &now = committed->now[index], &after = committed->after[index];
    const auto touched = [](const Paid& paid) {
        return paid.pool.has_value() || by_plans(paid).high.value > 0 || paid.rate_unknown;
    };
    if (!touched(now) && !touched(after)) return {};
    const bool elastic = report.fleet->databases[index].platform->elastic != nullptr;
    if (elastic && now.rate_unknown) return "the savings plan's rate of serverless capacity is not set";
    const bool moves = now.cls != after.cls;
    // What changes elsewhere free covers others.
    const bool changes = changes_paid(report, index);
    const auto one = [&](const Paid& paid) {
        const auto amount = left(paid);
        return amount ? amount_text(*amount) : std::string("not known");
    };
    std::string text = one(now);
    if (changes) text += " → " + one(after);
    if (left(changes ? after : now)) text += "/mo";
    text += " after commitments";
    const auto why = [&](const Paid& paid) {
        std::vector<std::string> parts;
        if (paid.covered)
            parts.push_back(fmt::format("reserved instances cover {} of {}", unit::print(paid.covered->value),
                                        units_text(paid.units)));
        if (by_plans(paid).high.value > 0)
            parts.push_back(fmt::format("savings plans cover {}", amount_text(by_plans(paid))));
        if (paid.rate_unknown)
            parts.push_back(
                fmt::format("the savings plan's rate of {} is not set",
                            paid.cls != nullptr ? std::string_view(paid.cls->name) : "serverless capacity"));
        return joined(parts, ", ");
    };
    const Recommendation& advice = report.plan.databases[index].recommendation;
    const std::string none = advice.verdict == Verdict::idle ? "deleted"
                             : advice.serverless             ? "serverless capacity"
                                                             : "list price";
    const std::string first = why(now), then = changes ? why(after) : std::string();
    if (!first.empty()) text += ": " + first;
    if (changes) text += fmt::format("{}{}", first.empty() ? ": " : "; after: ", then.empty() ? none : then);
    if (!moves && changes) text += ", by what other changes leave";
    const auto& saves = committed->saves[index];
    if (moves && saves) text += "; " + all_save_text(report, saves->value);
    return text;
}

namespace {

/// Of those whose term has not ended.
std::vector<std::string> without_price(const Report& report) {
    std::vector<std::string> names;
    for (Index c = 0; c < report.fleet->commitments.size(); ++c)
        if (const Commitment& commitment = report.fleet->commitments[c];
            !commitment.paid && !report.plan.committed->uses[c].ended)
            names.push_back(*commitment.name);
    return names;
}

}  // namespace

std::string paid_total_text(const Report& report) {
    const auto& committed = report.plan.committed;
    if (!committed) return {};
    std::vector<std::string> names;
    for (const Index i : committed->lacking) names.push_back(*report.fleet->databases[i].name);
    const std::string lacks =
        names.empty() ? std::string() : "the savings plan's rate is not set for " + joined(names, ", ");
    if (!committed->total_now) return lacks.empty() ? "unknown" : "unknown: " + lacks;
    // A lower bound stays one in the sum.
    const bool least = std::ranges::any_of(report.shown, [&](Index i) {
        const DatabasePlan& own = report.plan.databases[i];
        return own.now.support_unknown && own.now.cost;
    });
    std::string text = least ? "≥ " : "";
    if (committed->total_after)
        text += change_text(committed->total_now->value, committed->total_after->value);
    else
        text += fmt::format("{}/mo today, unknown after the plan", amount_text(committed->total_now->value));
    if (const auto& now = committed->capacity_now, &after = committed->capacity_after; now)
        text += fmt::format(", and {}{} serverless", money_range(now->value),
                            after && after->value != now->value ? " → " + money_range(after->value) : std::string());
    const bool active = std::ranges::any_of(committed->uses, [](const CommitmentUse& use) { return !use.ended; });
    if (active)
        text += committed->paid ? fmt::format(", plus {}/mo for the commitments", unit::print(*committed->paid))
                                : fmt::format(", plus the commitments; the price of {} is not set",
                                              joined(without_price(report), " and "));
    // Of a part of the fleet it is no saving: what some leave of a commitment covers the others.
    const bool part = report.shown.size() < report.fleet->databases.size();
    if (part) {
        const auto& saves = committed->saves[report.shown.front()];
        if (report.shown.size() == 1 && saves && saves->value.value != 0)
            text += "; " + all_save_text(report, saves->value);
        return lacks.empty() ? text : text + "; " + lacks;
    }
    if (committed->total_saves) {
        const auto& saves = committed->total_saves->value;
        text += "; " + (saves.is_point() && saves.high.value == 0 ? std::string("no change") : saves_text(saves));
        const auto moves = [&](Index i) {
            return report.plan.databases[i].recommendation.serverless && committed->after[i].range;
        };
        if (std::ranges::any_of(report.shown, moves)) text += ", with the move to serverless";
    }
    for (std::size_t k = 1; k < committed->periods.size(); ++k) {
        const CommittedPeriod& period = committed->periods[k];
        if (period.support_unknown)
            text += fmt::format("; from {} on not known: nor is Extended Support", unit::print(period.from));
        if (!period.now || !period.after) continue;
        text += fmt::format("; from {} on {}", unit::print(period.from), change_text(*period.now, *period.after));
    }
    const bool held = std::ranges::any_of(report.shown, [&](Index i) {
        const Recommendation& advice = report.plan.databases[i].recommendation;
        return (advice.summary.held && advice.summary.held->pays_from) ||
               (advice.stop_held && advice.stop_held->pays_from);
    });
    if (held) text += "; plan again then: changes held back today will pay";
    return lacks.empty() ? text : text + "; " + lacks;
}

std::string saves_after_text(const Report& report, Index index) {
    const auto& committed = report.plan.committed;
    if (!committed) return {};
    const auto &saves = committed->saves[index], &listed = report.plan.databases[index].recommendation.saves;
    if (!saves || !listed || saves->value == listed->value) return {};
    return saves_text(saves->value) + " after commitments";
}

namespace {

/// "db.m7g.xlarge (a and b)": what is asked of each class.
std::string asked_of(const Report& report, const CommitmentUse& use, bool CommitmentUse::Ask::*what) {
    std::vector<std::pair<std::string_view, std::vector<Index>>> classes;
    for (const CommitmentUse::Ask& ask : use.asks) {
        if (!(ask.*what)) continue;
        auto at = std::ranges::find(classes, ask.cls, &std::pair<std::string_view, std::vector<Index>>::first);
        if (at == classes.end()) at = classes.insert(classes.end(), {ask.cls, {}});
        at->second.push_back(ask.database);
    }
    const auto name = [&](Index i) { return *report.fleet->databases[i].name; };
    std::vector<std::string> texts;
    for (const auto& [cls, databases] : classes) texts.push_back(fmt::format("{} ({})", cls, listed(databases, name)));
    return joined(texts, ", ");
}

/// "rates to set: db.m7g.xlarge (a)": a class may cost less by it; the same of prices.
std::string asks_text(const Report& report, const CommitmentUse& use) {
    const std::string rates = asked_of(report, use, &CommitmentUse::Ask::rate),
                      prices = asked_of(report, use, &CommitmentUse::Ask::price);
    if (prices.empty()) return "rates to set: " + rates;
    if (rates.empty()) return "no price for a class that it covers: " + prices;
    return prices == rates ? "neither a rate nor a price for a class that it covers: " + rates
                           : fmt::format("rates to set: {}; no price either: {}", rates, prices);
}

}  // namespace

std::vector<std::string> commitment_texts(const Report& report) {
    std::vector<std::string> texts;
    const auto& committed = report.plan.committed;
    if (!committed) return texts;
    for (Index c = 0; c < committed->uses.size(); ++c) {
        const Commitment& commitment = report.fleet->commitments[c];
        const CommitmentUse& use = committed->uses[c];
        std::string text = commitment_text(*report.fleet, c);
        if (is_reserved(commitment))
            text += fmt::format(", {}{}", units_text(use.units),
                                commitment.name->empty() ? std::string()
                                                         : fmt::format(" of {}, {}, {}", *commitment.family,
                                                                       engine_of(commitment), *commitment.region));
        else
            text += fmt::format(", {}/mo", money(commitment.paid ? std::optional(**commitment.paid) : std::nullopt));
        if (use.ended) {
            texts.push_back(text + fmt::format(": ended on {}, not counted", unit::print(*commitment.ends)));
            continue;
        }
        const std::string now = used_text(use.used_now, use.used_now_most, use.unknown_now);
        const std::string after = used_text(use.used_after, use.used_after_most, use.unknown_after);
        text += fmt::format(", until {}: ", unit::print(*commitment.ends));
        if (now.empty() && after.empty())
            text += "what is used of it is not known";
        else
            text += fmt::format("{}, {} after the plan", now.empty() ? "use today not known" : now + " used today",
                                after.empty() ? "not known" : after);
        if (use.unknown_now || use.unknown_after)
            text += ": its rates are not all set";
        else if (use.at_least())
            text += ", depending on what serverless capacity takes";
        if (!use.asks.empty()) text += "; " + asks_text(report, use);
        if (use.used_after < all_of_it && use.unused_until_end)
            text += fmt::format("; {}{} unused until then", use.at_least() ? "up to " : "",
                                unit::print(*use.unused_until_end));
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<std::string> commitments_of(const Report& report, Index index) {
    std::vector<std::string> texts;
    const auto& committed = report.plan.committed;
    const Paid &now = committed->now[index], &after = committed->after[index];
    for (Index c = 0; c < committed->uses.size(); ++c) {
        const CommitmentUse& use = committed->uses[c];
        if (use.ended) continue;
        const bool units = use.pool && (now.pool == use.pool || after.pool == use.pool);
        const bool plan = !use.pool && (by_plans(now).high.value > 0 || by_plans(after).high.value > 0);
        if (units)
            texts.push_back(
                fmt::format("{}: reserved instances of {}", commitment_text(*report.fleet, c), units_text(use.units)));
        if (plan) texts.push_back(fmt::format("{}: a savings plan", commitment_text(*report.fleet, c)));
    }
    return texts;
}

std::string until_text(const CommitmentUse& use, Date ends) {
    return fmt::format("ends on {}, {} from the day of this plan", unit::print(ends),
                       counted(static_cast<std::int64_t>(use.days_left), "day", "days"));
}

std::string change_text(const CommitmentUse& use) {
    if (use.ended) return {};
    if (use.unknown_now || use.unknown_after) return "unknown: its rates are not all set";
    if (!use.pool) {
        const double share = use.used_now - use.used_after, rest = 1 - use.used_after;
        const std::string unused =
            rest > 1 - all_of_it
                ? fmt::format("{}{} of it is unused", use.at_least() ? "up to " : "", unit::print(Fraction(rest)))
                : std::string("all of it is used");
        return share > 1 - all_of_it
                   ? fmt::format("the plan frees {}; {} after it", unit::print(Fraction(share)), unused)
                   : fmt::format("the plan frees none; {}", unused);
    }
    const double freed = use.units * (use.used_now - use.used_after), left = use.units * (1 - use.used_after);
    const std::string stranded = left > use.units * (1 - all_of_it)
                                     ? fmt::format("{} stranded: no database uses them", units_text(left))
                                     : std::string("none stranded");
    if (freed > use.units * (1 - all_of_it)) return fmt::format("the plan frees {}; {}", units_text(freed), stranded);
    return fmt::format("the plan frees none; {}", stranded);
}

}  // namespace poolfit::render
