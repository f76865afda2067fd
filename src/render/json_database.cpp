// databases[] of the JSON report.
#include <poolfit/model/topology.hpp>

#include "commitments.hpp"
#include "json_report.hpp"
#include "json_values.hpp"
#include "outage_words.hpp"
#include "words.hpp"
#include "worlds_words.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

std::string_view name_of(Offer::State state) {
    constexpr std::string_view names[] = {"offered",    "cluster_only",   "not_supported", "not_orderable",
                                          "no_standby", "not_documented", "no_price",      "no_reserved_price",
                                          "no_limit",   "legacy",         "own_server"};
    return names[static_cast<std::size_t>(state)];
}

void write_observed(JsonWriter& json, const Budget& budget) {
    if (!budget.observed) return json.null("observed");
    json.open_object("observed");
    json.range("open", budget.observed->value);
    write(json, "explained", budget.explained);
    write(json, "explained_peak", budget.explained_peak);
    write(json, "unexplained", budget.unexplained);
    json.close();
}

void write_connections(JsonWriter& json, const Report& report, Index database) {
    const Fleet& fleet = *report.fleet;
    const DatabasePlan& plan = report.plan.databases[database];
    const bool listed = model::lists_connections(fleet, report.plan.topology, database);
    const Budget& budget = plan.budget;
    const Limits& limits = budget.limits;
    json.open_object("connections");
    write(json, "max_nominal", limits.max_nominal);
    write(json, "max_expected", limits.max_expected);
    write(json, "max_observed", limits.max_observed);
    limits.known ? json.whole("max_planned", limits.max_planned.value.value) : json.null("max_planned");
    json.truth("set_by_hand", limits.set_by_hand);
    json.whole("reserved", limits.reserved.value.value);
    limits.known ? json.whole("usable", limits.usable.value.value) : json.null("usable");
    write(json, "usable_nominal", limits.usable_nominal);
    write_if(listed, json, "allocated", plan.demand.allocated);
    write_if(listed, json, "deploy_peak", plan.demand.deploy_peak);
    write(json, "failover_peak", plan.demand.failover_peak);
    write_if(listed, json, "in_use", budget.in_use);
    write(json, "in_use_at_least", budget.in_use_at_least);
    write_if(listed, json, "waste", budget.waste);
    write_observed(json, budget);
    write_if(listed, json, "utilization", budget.utilization);
    write_if(listed, json, "utilization_nominal", budget.utilization_nominal);
    write_if(listed, json, "headroom", budget.headroom);
    write(json, "copies", budget.copies);
    write(json, "copies_nominal", budget.copies_nominal);
    json.texts("unlimited", pool_keys(fleet, budget.unlimited));
    json.texts("unmeasured", pool_keys(fleet, budget.unmeasured));
    json.close();
}

/// What was watched: its window, and how much it says.
void write_series(JsonWriter& json, const Report& report, Index database) {
    const auto& watched = report.fleet->databases[database].observed.watched;
    const series::Watched::Kept* kept = watched ? watched->first() : nullptr;
    if (kept == nullptr) return json.null("series");
    const series::Summary& summary = kept->summary;
    json.open_object("series");
    json.text("file", watched->file);
    json.text("metric", series::name(kept->watch));
    json.text("from", series::print(summary.first));
    json.text("to", series::print(summary.end));
    json.text("period", series::print_period(summary.period));
    json.whole("points", static_cast<std::int64_t>(summary.points));
    json.whole("missing", summary.missing);
    json.text("quality", series::name(summary.quality));
    json.truth("may_flip", report::view_of(report, database).may_flip);
    summary.weekly ? json.text("weekly_peak", series::print(*summary.weekly)) : json.null("weekly_peak");
    summary.daily ? json.text("daily_peak", series::print(*summary.daily)) : json.null("daily_peak");
    json.close();
}

void write_recommendation(JsonWriter& json, const Report& report, Index database) {
    const Fleet& fleet = *report.fleet;
    const Plan& all = report.plan;
    const DatabasePlan& plan = all.databases[database];
    const Recommendation& advice = plan.recommendation;
    json.open_object("recommendation");
    json.text("verdict", plan::name(advice.verdict));
    advice.cls->unknown ? json.null("class") : json.text("class", advice.cls->name);
    advice.max_connections ? json.whole("max_connections", advice.max_connections->value)
                           : json.null("max_connections");
    write(json, "usd_per_month", advice.cost);
    if (advice.idle) {  // no class is paid
        json.null("list_usd_per_month");
        json.null("extended_support_usd_per_month");
    } else {
        write(json, "list_usd_per_month", plan.chosen.list);
        write_support(json, report, database, plan.chosen);
    }
    write_upgrade(json, report.plan.databases[database]);
    write_beside(json, *report.fleet, advice);
    write(json, "saves_usd_per_month", advice.saves);
    write(json, "saves_usd_per_year", advice.saves_per_year);
    write(json, "at_peak_usd_per_year", advice.peak_per_year);
    const auto& committed = all.committed;
    write(json, "saves_after_commitments_usd_per_month",
          committed ? committed->saves[database] : std::optional<Figure<MicroUsdPerMonth>>());
    write_effective(json, report, database, true);
    json.text("risk", plan::name(advice.risk));
    json.texts("risk_reasons", risk_texts(fleet, all, database));
    write(json, "binding", advice.binding);
    write(json, "next_binding", advice.next_binding);
    json.texts("missing", missing_texts(fleet, all, database));
    json.text("summary", summary_text(fleet, all, database));
    write_projected(json, report, database, plan.chosen);
    json.close();
}

void write_candidate(JsonWriter& json, const Report& report, Index database, const Candidate& candidate) {
    json.open_object(Layout::line);
    json.text("class", candidate.cls->name);
    json.truth("fits", candidate.fits);
    json.truth("fits_but_for_policy", candidate.fits_but_for_policy);
    write(json, "usd_per_month", candidate.cost);
    write(json, "list_usd_per_month", candidate.list);
    write(json, "ranked_by_usd_per_month", candidate.ranked_by);
    json.open_array("reasons");
    for (const Reason& reason : candidate.reasons) {
        json.open_object();
        json.text("dimension", assess::name(reason.check.dimension));
        json.truth("blocking", reason.blocking);
        reason.check.value ? json.range("value", *reason.check.value) : json.null("value");
        reason.check.limit ? json.number("limit", *reason.check.limit) : json.null("limit");
        json.text("unit", assess::unit_name(reason.check.measure));
        report::says_more(report, reason)
            ? json.text("text", reason_text(*report.fleet, report.plan, database, *candidate.cls, reason))
            : json.null("text");
        json.close();
    }
    json.close();
    json.close();
}

std::string_view name_of(Outage::Kind kind) {
    constexpr std::string_view names[] = {"connections",     "pool_load",   "cpu_load",      "credits",
                                          "session_clients", "pooler_load", "pooler_clients"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(WayOut::Kind kind) {
    constexpr std::string_view names[] = {"pools",    "max_connections", "class",       "instances",
                                          "strategy", "pooler",          "pooler_mode", "pooler_clients"};
    return names[static_cast<std::size_t>(kind)];
}

void write_instances(JsonWriter& json, const Report& report, Index database) {
    const auto& view = report::view_of(report, database).instances;
    if (!view || report.brief) return json.null("instances");
    json.open_object("instances");
    json.text("service", *report.fleet->services[view->service].name);
    json.whole("usable", view->usable.value);
    json.whole("fits", view->fits);
    json.whole("fits_in_deploy", view->fits_deploy);
    view->fits_failover ? json.whole("fits_after_failover", *view->fits_failover) : json.null("fits_after_failover");
    json.open_array("at");
    for (const InstancesView::Row& row : view->rows) {
        json.open_object(Layout::line);
        json.whole("instances", row.instances);
        json.whole("steady", row.steady.value);
        json.whole("deploy", row.deploy.value);
        json.close();
    }
    json.close();
    json.close();
}

}  // namespace

void write_outages(JsonWriter& json, const Report& report, Index database) {
    const Recommendation& advice = report.plan.databases[database].recommendation;
    json.open_object();
    json.text("database", *report.fleet->databases[database].name);
    json.text("text", outages_text(report, database));
    json.open_array("kinds", Layout::line);
    for (const Outage& outage : advice.outages) json.text(name_of(outage.kind));
    json.close();
    json.open_array("ways");
    for (const WayOut& way : advice.ways) {
        json.open_object(Layout::line);
        json.text("kind", name_of(way.kind));
        json.text("text", way_text(report, database, way));
        way.to.value > 0 ? json.whole("max_connections", way.to.value) : json.null("max_connections");
        json.whole("steady", way.steady.value);
        way.usable < no_limit_known ? json.whole("usable", way.usable.value) : json.null("usable");
        json.close();
    }
    json.close();
    json.open_array("not_ended", Layout::line);
    for (const Outage& outage : advice.unended) json.text(outage_text(*report.fleet, outage));
    json.close();
    json.close();
}

void write_database(JsonWriter& json, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const Database& database = fleet.databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    json.open_object();
    json.text("name", *database.name);
    json.text("provider", database.platform->provider);
    json.text("engine", engine_id(database));
    json.text_or_null("version", database.version_text);
    const InstanceClass& cls = *database.type;
    cls.unknown ? json.null("class") : json.text("class", cls.name);
    json.text_or_null("region", *database.region);
    json.truth("multi_az", *database.multi_az);
    json.text_or_null("environment", model::name(database.environment));
    json.text("role", database.replica_of ? "replica" : "primary");
    database.replica_of ? json.text("replica_of", *fleet.databases[*database.replica_of].name)
                        : json.null("replica_of");
    cls.unknown ? json.null("vcpus") : json.whole("vcpus", cls.vcpus);
    cls.unknown ? json.null("memory_gib") : json.number("memory_gib", gib(cls.memory));
    write_connections(json, report, index);
    json.open_object("cpu");
    write(json, "mean", plan.now.cpu_mean);
    write(json, "p95", plan.now.cpu_p95);
    write(json, "p99", plan.now.cpu_p99);
    write(json, "peak", plan.now.cpu_peak);
    json.close();
    write_series(json, report, index);
    json.open_object("memory");
    write_gib(json, "used_gib", plan.now.memory_seen);
    write_gib(json, "freeable_gib", plan.now.freeable_seen);
    json.close();
    write_load(json, "load", fleet, plan.load);
    write_losses(json, fleet, plan.now.losses);
    write_price(json, report, index, plan.now);
    write_life_cycle(json, report, index);
    write_capacity(json, plan.capacity);
    write_storage(json, report, index);
    write_recommendation(json, report, index);
    json.open_object("after");
    json.open_object("connections");
    const bool listed = model::lists_connections(fleet, report.plan.topology, index);
    write_if(listed, json, "allocated", plan.after.allocated);
    write_if(listed, json, "deploy_peak", plan.after.deploy_peak);
    write(json, "failover_peak", plan.after.failover_peak);
    json.close();
    json.close();
    write_instances(json, report, index);
    write_worlds(json, report, index);
    json.open_array("candidates");
    if (!cls.unknown)
        for (const std::size_t i : report::view_of(report, index).listed)
            write_candidate(json, report, index, plan.candidates[i]);
    json.close();
    json.close();
}

void write_not_offered(JsonWriter& json, const Fleet& fleet, const NotOffered& kind) {
    const Database& database = fleet.databases[kind.database];
    json.open_object();
    json.text("provider", database.platform->provider);
    json.text("engine", engine_id(database));
    json.text_or_null("version", database.version_text);
    json.text_or_null("region", *database.region);
    json.truth("multi_az", *database.multi_az);
    json.open_array("reasons");
    for (const NotOffered::Group& group : kind.groups) {
        json.open_object();
        json.text("reason", name_of(group.state));
        json.text("dimension", assess::name(offer_dimension(group.state)));
        json.text("text", offer_text(database, group.state));
        json.open_array("classes", Layout::line);
        for (const InstanceClass* cls : group.classes) json.text(cls->name);
        json.close();
        json.close();
    }
    json.close();
    json.close();
}

}  // namespace poolfit::render
