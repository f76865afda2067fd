// Capacity that follows the load: what it takes and costs, in the plan's text and in JSON.
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "block.hpp"
#include "json_report.hpp"

namespace poolfit::render {
namespace {

double tenths(double value) { return std::round(value * 10) / 10; }

std::string range_text(const std::string& low, const std::string& high) {
    return low == high ? high : fmt::format("{}–{}", low, high);
}

}  // namespace

std::string money_range(const Interval<MicroUsdPerMonth>& cost) {
    return range_text(unit::print(cost.low), unit::print(cost.high)) + "/mo";
}

std::string capacity_cost(const DatabasePlan& plan) {
    const auto& use = plan.capacity;
    return use && !use->instead && use->cost ? money_range(use->cost->value) : std::string("no price");
}

std::string capacity_sum(const Totals& totals) {
    const std::string now = money_range(totals.capacity->value), then = money_range(totals.capacity_after->value);
    return now == then ? now : fmt::format("{} → {}", now, then);
}

std::string capacity_text(const Database& database, const DatabasePlan& plan) {
    if (!plan.capacity) return {};
    const CapacityUse& use = *plan.capacity;
    const Interval<double>& units = use.units.value;
    // In tenths; finer where its steps are, so that units times their price is the cost printed beside.
    const auto rounded = [&](double value) {
        if (use.elastic->step >= 0.5) return tenths(value);
        return value < 1 ? std::round(value * 1000) / 1000 : std::round(value * 100) / 100;
    };
    std::string text = fmt::format(
        "{}{} {} on average", use.instead ? "instead of the class, " : "",
        range_text(unit::print_number(rounded(units.low)), unit::print_number(rounded(units.high))), use.elastic->unit);
    if (use.cost)
        text += fmt::format(": {}{} at {} per {}-hour of {}", use.instead ? "would cost " : "",
                            money_range(use.cost->value),
                            unit::print_unit_price(use.unit_price->amount.value / hours_per_month), use.elastic->unit,
                            use.unit_price->row.as_of);
    else
        text += fmt::format("; the catalog has no price per {}-hour{}{}", use.elastic->unit,
                            platform::has_regions(*database.platform) ? " in " : "",
                            platform::has_regions(*database.platform) ? *database.region : std::string());
    if (!use.instead && database.machine && *database.machine->capacity->min == 0 && use.elastic->low_min > 0)
        text += ", as it pauses only without connections";
    if (use.follows_writer) text += fmt::format("; smaller than its writer only in {}", use.elastic->own_tiers);
    if (use.support) text += fmt::format(", {} of it Extended Support", money_range(use.support->value));
    if (use.support_unknown) text += ", and Extended Support at a price not known here";
    if (const auto& then = use.uncapped)
        text += fmt::format("; {} = {} lifts max_connections from {} to {}{}", use.elastic->min_key,
                            unit::print_number(then->min), unit::print(Connections(use.elastic->capped_at)),
                            unit::print(then->limit.value),
                            then->cost ? fmt::format(", for {}", money_range(then->cost->value)) : std::string());
    if (use.cls != nullptr)
        text +=
            fmt::format("; {} handles it at {}/mo ({} {} taken as one vCPU)", use.cls->name, unit::print(use.cls_cost),
                        unit::print_number(use.elastic->units_per_vcpu), use.elastic->unit);
    return text;
}

void write_money_range(JsonWriter& json, std::string_view key,
                       const std::optional<Figure<Interval<MicroUsdPerMonth>>>& cost) {
    if (!cost) return json.null(key);
    json.open_object(key);
    json.usd("low", cost->value.low);
    json.usd("high", cost->value.high);
    json.close();
}

void write_capacity(JsonWriter& json, const std::optional<CapacityUse>& use) {
    if (!use) return json.null("capacity");
    json.open_object("capacity");
    json.text("unit", use->elastic->unit);
    json.truth("instead_of_class", use->instead);
    json.range("units", use->units.value);
    write_money_range(json, "usd_per_month", use->cost);
    write_money_range(json, "extended_support_usd_per_month", use->support);
    json.truth("extended_support_unknown", use->support_unknown);
    if (const auto& then = use->uncapped) {
        json.open_object("uncapped");
        json.number("min_units", then->min);
        json.range("max_connections", then->limit.value);
        write_money_range(json, "usd_per_month", then->cost);
        json.close();
    } else {
        json.null("uncapped");
    }
    json.text_or_null("source", use->unit_price ? use->unit_price->row.source : std::string_view());
    json.text_or_null("as_of", use->unit_price ? use->unit_price->row.as_of : std::string_view());
    json.text_or_null("class", use->cls != nullptr ? use->cls->name : std::string_view());
    use->cls != nullptr ? json.usd("class_usd_per_month", use->cls_cost) : json.null("class_usd_per_month");
    json.close();
}

}  // namespace poolfit::render
