// A database on a class, in the JSON report: its projection, the checks, and losses of other servers.
#include <poolfit/model/topology.hpp>

#include "json_report.hpp"
#include "json_values.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

std::string_view name_of(Standing standing) {
    constexpr std::string_view names[] = {"inside", "over", "unknown", "no_worse"};
    return names[static_cast<std::size_t>(standing)];
}

/// The balance over a series.
void write_balance(JsonWriter& json, const std::optional<CreditBalance>& balance) {
    balance ? json.number("lowest_balance", balance->lowest.value) : json.null("lowest_balance");
    balance ? json.number("short_credits_per_month", balance->short_credits.value)
            : json.null("short_credits_per_month");
    balance ? json.number("short_hours_per_month", balance->short_hours.value) : json.null("short_hours_per_month");
}

void write_credits(JsonWriter& json, const std::optional<Credits>& credits) {
    if (!credits) return json.null("credits");
    json.open_object("credits");
    json.number("baseline", credits->baseline.value.value);
    json.number("earned_per_hour", credits->earned_per_hour.value);
    json.range("burned_per_hour", credits->burned_per_hour.value);
    json.truth("mean_known", credits->mean_known);
    json.truth("throttled", credits->throttled);
    json.truth("lives_on_credits", credits->lives_on_credits);
    credits->hours_to_empty ? json.number("hours_to_empty", credits->hours_to_empty->value)
                            : json.null("hours_to_empty");
    write(json, "surplus_usd_per_month", credits->surplus);
    write_balance(json, credits->balance);
    json.close();
}

void write_check(JsonWriter& json, const Report& report, Index database, const InstanceClass& cls, const Check& check) {
    json.open_object(Layout::line);
    json.text("dimension", assess::name(check.dimension));
    json.text("standing", name_of(check.standing));
    check.value ? json.range("value", *check.value) : json.null("value");
    check.limit ? json.number("limit", *check.limit) : json.null("limit");
    json.text("unit", assess::unit_name(check.measure));
    json.number("share", check.share);
    report.brief ? json.null("text") : json.text("text", check_text(*report.fleet, database, cls, check));
    json.text_or_null("missing", lacks_text(cls, check));
    json.close();
}

/// null where it is not known.
void write_survived(JsonWriter& json, const Survival& loss) {
    const Standing all = loss.standing();
    if (all == Standing::inside || all == Standing::over)
        json.truth("survived", all == Standing::inside);
    else
        json.null("survived");
}

void write_credits(JsonWriter& json, const Survival& loss) {
    if (!loss.hours_to_empty && !loss.surplus && !loss.balance && !loss.series_apart) return json.null("credits");
    json.open_object("credits");
    loss.hours_to_empty ? json.number("hours_to_empty", loss.hours_to_empty->value) : json.null("hours_to_empty");
    write(json, "surplus_usd_per_month", loss.surplus);
    write_balance(json, loss.balance);
    json.truth("series_apart", loss.series_apart);
    json.close();
}

}  // namespace

void write_losses(JsonWriter& json, const Fleet& fleet, const std::vector<Survival>& losses) {
    json.open_array("losses");
    for (const Survival& loss : losses) {
        json.open_object(Layout::line);
        json.text("of", *fleet.databases[loss.from].name);
        write_survived(json, loss);
        write(json, "cpu", loss.cpu);
        write_gib(json, "memory_gib", loss.memory);
        json.whole("connections", loss.connections.value);
        write_credits(json, loss);
        json.close();
    }
    json.close();
}

void write_projected(JsonWriter& json, const Report& report, Index database, const Projection& on) {
    json.open_object("projected");
    json.open_object("cpu");
    write(json, "mean", on.cpu_mean);
    write(json, "p95", on.cpu_p95);
    write(json, "p99", on.cpu_p99);
    write(json, "peak", on.cpu_peak);
    if (on.cpu_move == CpuMove::none) {
        json.null("move");
        json.null("band");
    } else {
        json.text("move", assess::name(on.cpu_move));
        json.range("band", on.cpu_band);
    }
    json.truth("saturated", on.cpu_saturated);
    json.close();
    json.open_object("memory");
    write_gib(json, "used_gib", on.memory_used);
    write_gib(json, "freeable_gib", on.freeable);
    json.close();
    json.open_object("connections");
    on.limits.known ? json.whole("max_planned", on.limits.max_planned.value.value) : json.null("max_planned");
    on.limits.known ? json.whole("usable", on.limits.usable.value.value) : json.null("usable");
    write_if(model::lists_connections(*report.fleet, report.plan.topology, database), json, "utilization",
             on.utilization);
    json.close();
    write_credits(json, on.credits);
    json.open_array("checks");
    for (const Check& check : on.checks) write_check(json, report, database, *on.cls, check);
    json.close();
    write_losses(json, *report.fleet, on.losses);
    json.close();
}

}  // namespace poolfit::render
