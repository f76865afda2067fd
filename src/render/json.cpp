#include <algorithm>
#include <string_view>
#include <vector>

#include <poolfit/model/sizes.hpp>
#include <poolfit/render/render.hpp>

#include "commitments.hpp"
#include "derivation.hpp"
#include "json_report.hpp"
#include "parts.hpp"
#include "unpriced.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

void write_total(JsonWriter& json, std::string_view name, const std::optional<Figure<MicroUsdPerMonth>>& figure) {
    figure ? json.usd(name, figure->value) : json.null(name);
}

}  // namespace

void write_inputs(JsonWriter& json, const Fleet& fleet) {
    json.text("path", fleet.path);
    json.open_array("files", JsonWriter::Layout::line);
    json.text(fleet.path);
    for (const std::string& more : fleet.more) json.text(more);
    json.close();
    json.text_or_null("env", fleet.environment);
    json.text("name", *fleet.name);
}

namespace {

void write_head(JsonWriter& json, const Report& report) {
    json.text("schema", Report::schema);
    json.open_object("tool");
    json.text("name", "poolfit");
    json.text("version", report::version());
    json.close();
    json.open_object("inventory");
    write_inputs(json, *report.fleet);
    json.number("load_scale", report.fleet->load_scale);
    json.close();
    json.open_object("catalog");
    json.text_or_null("as_of", report.catalog_as_of);
    json.text_or_null("prices_as_of", price_dates_text(report.price_dates));
    const auto files = report.catalog->overlays();
    json.texts("files", std::vector<std::string_view>(files.begin(), files.end()));
    json.text_or_null("digest", report.catalog->overlay_digest());
    json.close();
    json.text("price_term", term_id(report.plan.term));
    json.text("today", unit::print(report.plan.market->today()));
}

/// What the report is silent about: databases that were not asked for, and rules that did not look.
void write_left_out(JsonWriter& json, const Report& report, const std::vector<const Rule*>& looked) {
    const Fleet& fleet = *report.fleet;
    std::vector<std::string_view> databases, silent;
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (!is_shown(report, i)) databases.push_back(*fleet.databases[i].name);
    for (const Rule* rule : report::silent(looked)) silent.push_back(rule->id);
    json.open_object("left_out", JsonWriter::Layout::line);
    json.texts("databases", databases);
    json.texts("rules", silent);
    json.close();
}

/// What a database and its services take in a report of many, or a little more.
constexpr std::size_t bytes_of_one = 14 << 10;

/// All services for a whole plan; for some databases, the services that connect to one of them.
bool concerns(const Report& report, const Service& service) {
    const Fleet& fleet = *report.fleet;
    if (report.shown.size() == fleet.databases.size()) return true;
    return std::any_of(service.pools.begin(), service.pools.end(),
                       [&](Index pool) { return is_shown(report, model::database_of(fleet, fleet.pools[pool])); });
}

/// The elements of a list of many; `write(json, k)` writes that of the number k. `size` of them are worth a thread.
template <class Write>
void write_all(JsonWriter& json, const Report& report, const Sink& sink, std::size_t count, const Write& write,
               std::size_t size = threads::databases_at_once) {
    const JsonWriter level = json.part(true);
    const auto some = [&](std::size_t first, std::size_t last) {
        JsonWriter part = level.part(first == 0);
        for (std::size_t k = first; k < last; ++k) write(part, k);
        return part;
    };
    in_parts(
        count, report.threads, some,
        [&](const JsonWriter& part) {
            json.append(part);
            if (sink) json.hand_on(sink);
        },
        size);
}

void write_totals(JsonWriter& json, const Report& report) {
    const Fleet& fleet = *report.fleet;
    const Totals& totals = report.plan.totals;
    json.open_object("totals");
    write_total(json, "usd_per_month_now", totals.now);
    write_total(json, "usd_per_month_after", totals.after);
    write_total(json, "saves_usd_per_month", totals.saves);
    write_total(json, "saves_usd_per_year", totals.saves_per_year);
    write_total(json, "at_peak_usd_per_year", totals.peak_per_year);
    write_money_range(json, "capacity_usd_per_month", totals.capacity);
    write_money_range(json, "capacity_usd_per_month_after", totals.capacity_after);
    write_total(json, "upgrades_save_usd_per_month", totals.upgrades_save);
    write_money_range(json, "upgrades_save_capacity_usd_per_month", totals.upgrades_save_capacity);
    write_after_commitments(json, report);
    write_total(json, "stops_save_usd_per_month", totals.stops_save);
    write_money_range(json, "serverless_saves_usd_per_month", totals.serverless_saves);
    write_total(json, "poolers_usd_per_month_now", totals.poolers_now);
    write_total(json, "poolers_usd_per_month_after", totals.poolers_after);
    const auto names = [&](const std::vector<Index>& databases) {
        std::vector<std::string> texts;
        for (const Index i : databases) texts.push_back(*fleet.databases[i].name);
        return texts;
    };
    write_money_range(json, "elastic_poolers_usd_per_month", totals.elastic_poolers);
    write_money_range(json, "storage_usd_per_month", totals.storage);
    write_money_range(json, "storage_usd_per_month_after", totals.storage_after);
    write_money_range(json, "bill_usd_per_month_now", totals.bill_now);
    write_money_range(json, "bill_usd_per_month_after", totals.bill_after);
    write_money_range(json, "bill_saves_usd_per_month", totals.bill_saves);
    write_money_range(json, "storage_saves_usd_per_month", totals.storage_saves);
    json.texts("without_storage_price", names(totals.without_storage));
    json.texts("without_storage", names(totals.storage_not_given));
    json.texts("without_extended_support", names(totals.without_support));
    json.texts("without_price", names(totals.unpriced));
    std::vector<std::string> poolers;
    for (const Index i : totals.unpriced_poolers) poolers.push_back(*fleet.poolers[i].name);
    json.texts("poolers_without_price", poolers);
    json.close();
}

}  // namespace

std::string json(const Report& report, const Gate* gate, const Sink& sink) {
    const bool many = report.shown.size() > report::most_in_full;
    JsonWriter json(many ? JsonWriter::Spacing::compact : JsonWriter::Spacing::indented);
    if (many && !sink) json.expect(report.shown.size() * bytes_of_one);
    json.open_object();
    write_head(json, report);
    write_left_out(json, report, gate ? gate->rules : report.rules);

    json.open_array("outages");
    for (const Index i : report.over) write_outages(json, report, i);
    json.close();

    json.open_array("databases");
    write_all(json, report, sink, report.shown.size(),
              [&](JsonWriter& part, std::size_t k) { write_database(part, report, report.shown[k]); });
    json.close();

    json.open_array("not_offered");
    for (const NotOffered& kind : report::not_offered(*report.fleet, report.plan))
        write_not_offered(json, *report.fleet, kind);
    json.close();

    json.open_array("unpriced_classes");
    for (const Unpriced& each : report::unpriced(report)) {
        json.open_object();
        json.text("provider", each.platform->provider);
        json.text("engine", each.platform->engine);
        json.text("region", each.region);
        json.whole("classes", static_cast<std::int64_t>(each.classes));
        json.texts("commands", price_commands(*report.fleet, each));
        json.close();
    }
    json.close();

    json.open_array("services");
    std::vector<const Service*> services;
    for (const Service& service : report.fleet->services)
        if (concerns(report, service)) services.push_back(&service);
    write_all(json, report, sink, services.size(),
              [&](JsonWriter& part, std::size_t k) { write_service(part, report, *services[k]); });
    json.close();

    json.open_array("poolers");
    std::vector<Index> poolers;
    for (Index i = 0; i < report.fleet->poolers.size(); ++i)
        if (is_shown(report, report.fleet->poolers[i].database)) poolers.push_back(i);
    write_all(json, report, sink, poolers.size(),
              [&](JsonWriter& part, std::size_t k) { write_pooler(part, report, poolers[k]); });
    json.close();

    json.open_array("strategies");
    // Each speaks of all databases.
    write_all(
        json, report, sink, report.strategies.size(),
        [&](JsonWriter& part, std::size_t k) { write_strategy(part, report, report.strategies[k]); },
        many ? 1 : threads::databases_at_once);
    json.close();
    write_vcpu_table(json, report);
    json.open_array("phases");
    write_all(json, report, sink, report.phases.size(),
              [&](JsonWriter& part, std::size_t k) { write_phase(part, report, report.phases[k]); });
    json.close();
    json.open_array("runway");
    std::vector<const Runway*> runways;
    for (const Runway& runway : report.runway)
        if (report::is_listed(report, runway)) runways.push_back(&runway);
    write_all(json, report, sink, runways.size(),
              [&](JsonWriter& part, std::size_t k) { write_runway(part, report, *runways[k]); });
    json.close();
    json.open_array("life_cycle_events");
    for (const SupportEvent& event : report.support) write_support_event(json, report, event);
    json.close();
    gate ? write_gate(json, *gate) : json.null("gate");
    json.open_array("findings");
    const std::vector<Finding>& findings = gate ? gate->findings : report.findings;
    const std::vector<std::string>& fingerprints = gate ? gate->fingerprints : report.fingerprints;
    const bool with_notes = gate != nullptr || !report.brief;  // `check` has them of any number
    write_all(json, report, sink, findings.size(), [&](JsonWriter& part, std::size_t k) {
        write_finding(part, *report.fleet, report.plan, findings[k], fingerprints[k], with_notes);
    });
    json.close();
    write_totals(json, report);
    write_commitments(json, report);
    json.texts("notes", note_texts(report.notes));

    json.open_array("derivations");
    const Derivations all(report);
    for (const FigureId id : shown_figures(report)) write_derivation(json, all, id);
    json.close();
    json.close();
    return json.take();
}

}  // namespace poolfit::render
