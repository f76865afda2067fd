// What a database costs, and its version's life cycle, in the JSON report.
#include <poolfit/unit/print.hpp>

#include "commitments.hpp"
#include "json_report.hpp"
#include "phase_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

void write(JsonWriter& json, std::string_view name, const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    figure ? json.usd(name, figure->value) : json.null(name);
}

}  // namespace

void write_support(JsonWriter& json, const Report& report, Index database, const Projection& on) {
    const auto& amount = report.plan.market->offer(database, *on.cls).support;
    amount ? json.usd("extended_support_usd_per_month", *amount) : json.null("extended_support_usd_per_month");
}

void write_price(JsonWriter& json, const Report& report, Index database, const Projection& now) {
    json.open_object("price");
    write(json, "usd_per_month", now.cost);
    write(json, "list_usd_per_month", now.list);
    write_support(json, report, database, now);
    if (now.price) {
        const Provenance& row = now.price->row;
        json.text_or_null("source", report.brief ? std::string()
                                    : row.place  ? diag::print(row.place)
                                                 : std::string(row.source));
        json.text_or_null("as_of", row.as_of);
        json.text_or_null("term", price_term(*now.price));
        json.truth("doubled", now.price->doubled);
    } else {
        for (const char* key : {"source", "as_of", "term"}) json.null(key);
        json.truth("doubled", false);
    }
    write_effective(json, report, database, false);
    json.close();
}

void write_life_cycle(JsonWriter& json, const Report& report, Index database) {
    const std::optional<Life>& life = report.plan.market->offers(database).life;
    if (!life) return json.null("life_cycle");
    constexpr std::string_view stages[] = {"standard", "extended_year_1_2", "extended_year_3", "ended"};
    const LifeCycle& cycle = life->cycle;
    const auto day = [&](std::string_view key, const std::optional<Date>& date) {
        json.text_or_null(key, date ? unit::print(*date) : std::string());
    };
    json.open_object("life_cycle");
    json.text("stage", stages[static_cast<std::size_t>(life->stage)]);
    day("standard_support_end", cycle.standard_until);
    day("extended_support_from", cycle.charged_from);
    day("year_3_from", cycle.dearer_from);
    day("support_end", cycle.ends);
    json.text_or_null("source", report.brief ? std::string_view() : std::string_view(cycle.row.source));
    json.text_or_null("as_of", cycle.row.as_of);
    json.close();
}

void write_upgrade(JsonWriter& json, const DatabasePlan& plan) {
    const auto& upgrade = plan.recommendation.upgrade;
    if (!upgrade) return json.null("upgrade");
    json.open_object("upgrade", JsonWriter::Layout::line);
    json.text_or_null("version", upgrade->to ? upgrade->to->text : std::string_view());
    upgrade->on_class ? json.truth("class_supported", *upgrade->on_class) : json.null("class_supported");
    write(json, "saves_usd_per_month", upgrade->saves);
    const bool by_capacity = plan.capacity && !plan.capacity->instead;
    write_money_range(json, "saves_capacity_usd_per_month",
                      by_capacity ? plan.capacity->support : std::optional<Figure<Interval<MicroUsdPerMonth>>>());
    json.close();
}

void write_beside(JsonWriter& json, const Fleet& fleet, const Recommendation& advice) {
    if (advice.idle) {
        json.open_object("idle", JsonWriter::Layout::line);
        json.number("window_days", advice.idle->window.value);
        json.truth("replica", advice.idle->replica);
        json.truth("last_replica", advice.idle->last);
        write_money_range(json, "saves_usd_per_month", advice.idle->saves);
        json.close();
    } else {
        json.null("idle");
    }
    if (advice.spare) {
        json.open_object("spare", JsonWriter::Layout::line);
        json.number("window_days", advice.spare->window.value);
        json.text("takes_over_from", *fleet.databases[advice.spare->primary].name);
        json.close();
    } else {
        json.null("spare");
    }
    if (advice.stop) {
        json.open_object("stop", JsonWriter::Layout::line);
        json.number("hours_per_week", advice.stop->hours);
        json.usd("saves_usd_per_month", advice.stop->saves.value);
        json.truth("at_least", advice.stop->at_least);
        json.close();
    } else {
        json.null("stop");
    }
    if (advice.stop_held) {
        json.open_object("stop_held", JsonWriter::Layout::line);
        json.number("hours_per_week", advice.stop_held->hours);
        json.usd("saves_after_commitments_usd_per_month", advice.stop_held->saves.value);
        json.truth("at_least", advice.stop_held->at_least);
        advice.stop_held->pays_from ? json.text("pays_from", unit::print(*advice.stop_held->pays_from))
                                    : json.null("pays_from");
        json.close();
    } else {
        json.null("stop_held");
    }
    json.text_or_null("no_stop", plan::name(advice.no_stop));
    json.text_or_null("no_serverless", plan::name(advice.no_serverless));
    if (!advice.serverless) return json.null("serverless");
    json.open_object("serverless");
    json.text("class", advice.serverless->elastic->class_name);
    json.number("acu_min", advice.serverless->min);
    json.number("acu_max", advice.serverless->max);
    write_money_range(json, "usd_per_month", advice.serverless->cost);
    write_money_range(json, "saves_usd_per_month", advice.serverless->saves);
    json.close();
}

void write_support_event(JsonWriter& json, const Report& report, const SupportEvent& next) {
    constexpr std::string_view kinds[] = {"extended_support_starts", "extended_support_rises", "support_ends"};
    json.open_object(JsonWriter::Layout::line);
    json.text("database", *report.fleet->databases[next.database].name);
    json.text("event", kinds[static_cast<std::size_t>(next.event.kind)]);
    json.text("date", unit::print(next.event.on));
    write(json, "extended_support_usd_per_month", next.cost);
    report.brief ? json.null("text") : json.text("text", support_text(*report.fleet, next));
    json.close();
}

}  // namespace poolfit::render
