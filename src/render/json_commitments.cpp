// What commitments cover, as JSON.
#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "commitments.hpp"
#include "json_report.hpp"

namespace poolfit::render {
namespace {

void write(JsonWriter& json, std::string_view name, const std::optional<MicroUsdPerMonth>& amount) {
    amount ? json.usd(name, *amount) : json.null(name);
}

using Money = Interval<MicroUsdPerMonth>;

void write_range(JsonWriter& json, std::string_view name, const std::optional<Money>& amount) {
    if (!amount) return json.null(name);
    json.open_object(name);
    json.usd("low", amount->low);
    json.usd("high", amount->high);
    json.close();
}

/// `name` where it is one number, and `name_range` in any case.
void write_ends(JsonWriter& json, std::string_view name, const std::optional<Money>& amount) {
    write(json, name, amount && amount->is_point() ? std::optional(amount->high) : std::nullopt);
    write_range(json, fmt::format("{}_range", name), amount);
}

/// What is left to pay, also of capacity that follows the load.
std::optional<Money> range(const Paid& paid) {
    if (paid.range) return paid.range->value;
    return paid.cost ? std::optional(Money(paid.cost->value)) : std::nullopt;
}

}  // namespace

void write_effective(JsonWriter& json, const Report& report, Index database, bool after) {
    const auto& committed = report.plan.committed;
    if (!committed) return json.null("effective");
    const Paid& paid = after ? committed->after[database] : committed->now[database];
    json.open_object("effective", JsonWriter::Layout::line);
    write_ends(json, "usd_per_month", range(paid));
    paid.pool ? json.number("units", paid.units) : json.null("units");
    paid.covered ? json.number("covered_by_units", paid.covered->value.value) : json.null("covered_by_units");
    json.usd("by_units_usd_per_month", paid.by_units.value);
    json.usd("by_savings_plans_usd_per_month", paid.by_plan.value);
    json.truth("rate_missing", paid.rate_unknown);
    json.close();
}

void write_after_commitments(JsonWriter& json, const Report& report) {
    const auto& committed = report.plan.committed;
    if (!committed) return json.null("after_commitments");
    json.open_object("after_commitments");
    const auto value_of = [](const std::optional<Figure<Money>>& figure) {
        return figure ? std::optional(figure->value) : std::nullopt;
    };
    write_ends(json, "usd_per_month_now", value_of(committed->total_now));
    write_ends(json, "usd_per_month_after", value_of(committed->total_after));
    write_ends(json, "saves_usd_per_month", value_of(committed->total_saves));
    write_money_range(json, "capacity_usd_per_month_now", committed->capacity_now);
    write_money_range(json, "capacity_usd_per_month_after", committed->capacity_after);
    write(json, "commitments_usd_per_month", committed->paid);
    json.open_array("periods");
    for (const CommittedPeriod& period : committed->periods) {
        json.open_object(JsonWriter::Layout::line);
        json.text("from", unit::print(period.from));
        write_ends(json, "usd_per_month_now", period.now);
        write_ends(json, "usd_per_month_after", period.after);
        write_ends(json, "saves_usd_per_month", period.saves);
        json.close();
    }
    json.close();
    json.open_array("rate_missing", JsonWriter::Layout::line);
    for (const Index i : committed->lacking) json.text(*report.fleet->databases[i].name);
    json.close();
    json.close();
}

void write_commitments(JsonWriter& json, const Report& report) {
    json.open_array("commitments");
    const auto& committed = report.plan.committed;
    for (Index c = 0; committed && c < committed->uses.size(); ++c) {
        const Commitment& commitment = report.fleet->commitments[c];
        const CommitmentUse& use = committed->uses[c];
        const bool reserved = commitment.kind == Commitment::Kind::reserved;
        const auto units = [&](std::string_view name, double number) {
            reserved ? json.number(name, number) : json.null(name);
        };
        json.open_object();
        json.text_or_null("name", *commitment.name);
        json.text("kind", reserved ? "reserved" : "savings-plan");
        json.text_or_null("engine", reserved ? commitment.platform->engine : std::string_view());
        json.text_or_null("family", reserved ? std::string_view(*commitment.family) : std::string_view());
        json.text_or_null("region", reserved ? std::string_view(*commitment.region) : std::string_view());
        json.text("ends", unit::print(*commitment.ends));
        json.truth("ended", use.ended);
        write(json, "usd_per_month", commitment.paid ? std::optional(**commitment.paid) : std::nullopt);
        units("units", use.units);
        units("units_used_now", use.units * use.used_now);
        units("units_used_after", use.units * use.used_after);
        units("units_unused_after", use.units * (1 - use.used_after));
        use.unknown_now ? json.null("used_now") : json.number("used_now", use.used_now);
        use.unknown_after ? json.null("used_after") : json.number("used_after", use.used_after);
        use.unknown_now ? json.null("used_now_range")
                        : json.range("used_now_range", Interval<double>{use.used_now, use.used_now_most});
        use.unknown_after ? json.null("used_after_range")
                          : json.range("used_after_range", Interval<double>{use.used_after, use.used_after_most});
        write(json, "unused_usd_per_month_now", use.unused_now);
        write(json, "unused_usd_per_month_after", use.unused_after);
        write(json, "unused_usd_until_end", use.unused_until_end);
        json.truth("used_at_least", use.at_least());
        json.open_array("rates_to_set", JsonWriter::Layout::line);
        for (const CommitmentUse::Ask& ask : use.asks) {
            json.open_object(JsonWriter::Layout::line);
            json.text("database", *report.fleet->databases[ask.database].name);
            json.text("class", ask.cls);
            json.truth("rate_missing", ask.rate);
            json.truth("price_missing", ask.price);
            json.close();
        }
        json.close();
        json.close();
    }
    json.close();
}

}  // namespace poolfit::render
