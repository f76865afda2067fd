// databases[] of the JSON report.
#include <algorithm>

#include "json_report.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;
using Money = MicroUsdPerMonth;

void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Connections>>& figure) {
    figure ? json.whole(name, figure->value.value) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Fraction>>& figure) {
    figure ? json.number(name, figure->value.value) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Money>>& figure) {
    figure ? json.usd(name, figure->value) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Money>& amount) {
    amount ? json.usd(name, *amount) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Connections>>>& figure) {
    figure ? json.range(name, figure->value) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Fraction>>>& figure) {
    figure ? json.range(name, figure->value) : json.null(name);
}
void write_gib(JsonWriter& json, std::string_view name, const std::optional<Figure<Interval<Bytes>>>& figure) {
    figure ? json.range_gib(name, figure->value) : json.null(name);
}
void write(JsonWriter& json, std::string_view name, const std::optional<Dimension>& dimension) {
    dimension ? json.text(name, assess::name(*dimension)) : json.null(name);
}

std::string_view name(Standing standing) {
    switch (standing) {
        case Standing::inside:
            break;
        case Standing::over:
            return "over";
        case Standing::unknown:
            return "unknown";
        case Standing::no_worse:
            return "no_worse";
    }
    return "inside";
}

void write_connections(JsonWriter& json, const Budget& budget) {
    const Limits& limits = budget.limits;
    json.open_object("connections");
    json.whole("max_nominal", limits.max_nominal.value.value);
    json.range("max_expected", limits.max_expected.value);
    write(json, "max_observed", limits.max_observed);
    json.whole("max_planned", limits.max_planned.value.value);
    json.truth("set_by_hand", limits.set_by_hand);
    json.whole("reserved", limits.reserved.value.value);
    json.whole("usable", limits.usable.value.value);
    json.whole("usable_nominal", limits.usable_nominal.value.value);
    write(json, "allocated", budget.demand.allocated);
    write(json, "deploy_peak", budget.demand.deploy_peak);
    write(json, "failover_peak", budget.demand.failover_peak);
    write(json, "in_use", budget.in_use);
    write(json, "waste", budget.waste);
    write(json, "utilization", budget.utilization);
    write(json, "utilization_nominal", budget.utilization_nominal);
    write(json, "headroom", budget.headroom);
    write(json, "copies", budget.copies);
    write(json, "copies_nominal", budget.copies_nominal);
    json.texts("unlimited", budget.unlimited);
    json.texts("unmeasured", budget.unmeasured);
    json.close();
}

void write_price(JsonWriter& json, const Projection& now) {
    json.open_object("price");
    write(json, "usd_per_month", now.cost);
    if (now.price) {
        const Provenance& row = now.price->row;
        json.text_or_null("source", row.place ? diag::print(row.place) : std::string(row.source));
        json.text_or_null("as_of", row.as_of);
        json.text_or_null("term", now.price->term);
        json.truth("doubled", now.price->doubled);
    } else {
        for (const char* key : {"source", "as_of", "term"}) json.null(key);
        json.truth("doubled", false);
    }
    json.close();
}

void write_credits(JsonWriter& json, const std::optional<Credits>& credits) {
    if (!credits) return json.null("credits");
    json.open_object("credits");
    json.number("baseline", credits->baseline.value.value);
    json.number("earned_per_hour", credits->earned_per_hour.value);
    json.range("burned_per_hour", credits->burned_per_hour.value);
    json.truth("mean_known", credits->mean_known);
    json.truth("lives_on_credits", credits->lives_on_credits);
    credits->hours_to_empty ? json.number("hours_to_empty", credits->hours_to_empty->value)
                            : json.null("hours_to_empty");
    write(json, "surplus_usd_per_month", credits->surplus);
    json.close();
}

void write_check(JsonWriter& json, const Check& check) {
    json.open_object(Layout::line);
    json.text("dimension", assess::name(check.dimension));
    json.text("standing", name(check.standing));
    check.value ? json.range("value", *check.value) : json.null("value");
    check.limit ? json.number("limit", *check.limit) : json.null("limit");
    json.text("unit", assess::unit_name(check.measure));
    json.number("share", check.share);
    json.text("text", check.text);
    json.text_or_null("missing", check.missing);
    json.close();
}

/// Every key is there also where the class has no projection.
void write_projected(JsonWriter& json, const Projection* projection) {
    static const Projection nothing;
    const Projection& on = projection != nullptr ? *projection : nothing;
    json.open_object("projected");
    json.open_object("cpu");
    write(json, "mean", on.cpu_mean);
    write(json, "peak", on.cpu_peak);
    json.close();
    json.open_object("memory");
    write_gib(json, "used_gib", on.memory_used);
    write_gib(json, "freeable_gib", on.freeable);
    json.close();
    json.open_object("connections");
    if (projection != nullptr) {
        json.whole("max_planned", on.limits.max_planned.value.value);
        json.whole("usable", on.limits.usable.value.value);
    } else {
        json.null("max_planned");
        json.null("usable");
    }
    write(json, "utilization", on.utilization);
    json.close();
    write_credits(json, on.credits);
    json.open_array("checks");
    for (const Check& check : on.checks) write_check(json, check);
    json.close();
    json.close();
}

void write_recommendation(JsonWriter& json, const DatabasePlan& plan) {
    const Recommendation& advice = plan.recommendation;
    json.open_object("recommendation");
    json.text("verdict", plan::name(advice.verdict));
    advice.cls != nullptr ? json.text("class", advice.cls->name) : json.null("class");
    write(json, "usd_per_month", advice.cost);
    write(json, "saves_usd_per_month", advice.saves);
    write(json, "saves_usd_per_year", advice.saves_per_year);
    json.text("risk", plan::name(advice.risk));
    json.texts("risk_reasons", advice.risk_reasons);
    write(json, "binding", advice.binding);
    write(json, "next_binding", advice.next_binding);
    json.texts("missing", advice.missing);
    json.text_or_null("summary", advice.summary);
    write_projected(json, recommended_projection(plan));
    json.close();
}

void write_candidate(JsonWriter& json, const Candidate& candidate) {
    json.open_object(Layout::line);
    json.text("class", candidate.cls->name);
    json.truth("fits", candidate.fits);
    json.truth("fits_but_for_policy", candidate.fits_but_for_policy);
    write(json, "usd_per_month", candidate.cost);
    write(json, "ranked_by_usd_per_month", candidate.ranked_by);
    json.open_array("reasons");
    for (const Reason& reason : candidate.reasons) {
        json.open_object();
        json.text("dimension", assess::name(reason.dimension));
        json.truth("blocking", reason.blocking);
        reason.value ? json.range("value", *reason.value) : json.null("value");
        reason.limit ? json.number("limit", *reason.limit) : json.null("limit");
        json.text("unit", assess::unit_name(reason.measure));
        json.text("text", reason.text);
        json.close();
    }
    json.close();
    json.close();
}

}  // namespace

const Projection* recommended_projection(const DatabasePlan& plan) {
    const Recommendation& advice = plan.recommendation;
    if (advice.cls == nullptr || advice.candidate >= plan.candidates.size()) return nullptr;
    const Candidate& candidate = plan.candidates[advice.candidate];
    return candidate.cls == advice.cls && candidate.projection ? &*candidate.projection : nullptr;
}

void write_database(JsonWriter& json, const Report& report, Index index) {
    const Fleet& fleet = *report.fleet;
    const Database& database = fleet.databases[index];
    const DatabasePlan& plan = report.plan.databases[index];
    json.open_object();
    json.text("name", *database.name);
    json.text("engine", database.platform->engine);
    json.text_or_null("version", database.version_text);
    json.text("class", database.type->name);
    json.text("region", *database.region);
    json.truth("multi_az", *database.multi_az);
    json.text("role", database.replica_of ? "replica" : "primary");
    database.replica_of ? json.text("replica_of", *fleet.databases[*database.replica_of].name)
                        : json.null("replica_of");
    json.whole("vcpus", database.type->vcpus);
    json.number("memory_gib", gib(database.type->memory));
    write_connections(json, plan.budget);
    json.open_object("cpu");
    write(json, "mean", plan.now.cpu_mean);
    write(json, "peak", plan.now.cpu_peak);
    json.close();
    json.open_object("memory");
    write_gib(json, "used_gib", plan.now.memory_used);
    write_gib(json, "freeable_gib", plan.now.freeable);
    json.close();
    write_load(json, "load", report.plan.database_loads[index]);
    write_price(json, plan.now);
    write_recommendation(json, plan);
    json.open_object("after");
    json.open_object("connections");
    write(json, "allocated", plan.after.allocated);
    write(json, "deploy_peak", plan.after.deploy_peak);
    write(json, "failover_peak", plan.after.failover_peak);
    json.close();
    json.close();
    json.open_array("candidates");
    for (const Candidate& candidate : plan.candidates) write_candidate(json, candidate);
    json.close();
    json.close();
}

bool is_shown(const Report& report, Index database) {
    return std::find(report.shown.begin(), report.shown.end(), database) != report.shown.end();
}

}  // namespace poolfit::render
