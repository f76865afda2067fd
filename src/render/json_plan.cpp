// strategies[], vcpu_table, phases[] and runway[] of the JSON report.
#include "json_report.hpp"
#include "phase_words.hpp"
#include "strategy_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

using Layout = JsonWriter::Layout;

void write(JsonWriter& json, std::string_view key, const std::optional<Figure<Connections>>& figure) {
    figure ? json.whole(key, figure->value.value) : json.null(key);
}

void write_names(JsonWriter& json, const Fleet& fleet, Index index) {
    const Pool& pool = fleet.pools[index];
    json.text("service", *fleet.services[pool.service].name);
    json.text("pool", *pool.name);
}

void write_threshold(JsonWriter& json, const Fleet& fleet, const Threshold& threshold) {
    json.open_object(Layout::line);
    json.text("name", plan::name(threshold.quantity));
    json.text("quantity", quantity_text(fleet, threshold));
    threshold.now ? json.number("now", *threshold.now) : json.null("now");
    json.number("at", threshold.at);
    json.text("unit", assess::unit_name(threshold.measure));
    json.truth("reached", threshold.reached);
    json.text("text", threshold_text(fleet, threshold));
    json.close();
}

void write_strategy_database(JsonWriter& json, const Fleet& fleet, const StrategyDatabase& server) {
    json.open_object(Layout::line);
    json.text("name", *fleet.databases[server.database].name);
    write(json, "connections", server.after);
    write(json, "before", server.before);
    write(json, "deploy_after", server.deploy_after);
    json.close();
}

void write_strategy_pool(JsonWriter& json, const Report& report, const StrategyPool& pool) {
    const Fleet& fleet = *report.fleet;
    json.open_object(Layout::line);
    write_names(json, fleet, pool.pool);
    json.open_array("merged");
    for (const Index other : pool.merged) json.text(*fleet.pools[other].name);
    json.close();
    write(json, "max", pool.size);
    // What the plan itself advises is said with the pool.
    if (report.brief && pool.reason.kind == SizeReason::Kind::advice && !pool.reason.raised_to)
        json.null("reason");
    else
        json.text_or_null("reason", size_text(*report.fleet, report.plan, pool.pool, pool.reason));
    json.close();
}

std::vector<std::string> listed_texts(const Report& report, const Strategy& strategy,
                                      const std::vector<Point>& points) {
    std::vector<Point> listed;
    for (const Point& point : points)
        if (report::is_listed(report, point)) listed.push_back(point);
    return point_texts(report, strategy, listed);
}

void write_new_pooler(JsonWriter& json, const Fleet& fleet, const NewPooler& pooler) {
    json.open_object(Layout::line);
    json.text("database", *fleet.databases[pooler.database].name);
    json.text("kind", platform::pooler_kind(pooler.kind).word);
    json.whole("pairs", pooler.pairs.value);
    json.whole("default_pool_size", pooler.pool_size.value);
    json.whole("server_side", pooler.server.value.value);
    json.whole("max_client_conn", pooler.accepts.value);
    json.close();
}

}  // namespace

void write_strategy(JsonWriter& json, const Report& report, const Strategy& strategy) {
    const Fleet& fleet = *report.fleet;
    json.open_object();
    json.text("name", strategy.name);
    json.text("title", title(fleet, strategy));
    json.open_array("databases");
    for (const StrategyDatabase& server : strategy.databases)
        if (report::is_listed(report, server)) write_strategy_database(json, fleet, server);
    json.close();
    write(json, "connections", strategy.after);
    write(json, "before", strategy.before);
    strategy.change && !strategy.unmeasured ? json.number("change", strategy.change->value.value) : json.null("change");
    strategy.saves_per_year ? json.usd("saves_usd_per_year", strategy.saves_per_year->value)
                            : json.null("saves_usd_per_year");
    json.truth("unmeasured", strategy.unmeasured);
    json.text("effort", plan::name(strategy.effort));
    json.text("effort_text", work_text(strategy.work));
    json.text("risk", plan::name(strategy.risk));
    json.text("risk_text", hazard_text(fleet, strategy.hazard));
    json.truth("recommended", strategy.recommended);
    json.text("why", why_text(report, strategy));
    json.truth("applicable", strategy.applicable);
    json.texts("pros", listed_texts(report, strategy, strategy.pros));
    json.texts("cons", listed_texts(report, strategy, strategy.cons));
    json.texts("changes", listed_texts(report, strategy, strategy.changes));
    json.texts("decides", listed_texts(report, strategy, strategy.decides));
    json.open_array("pools");
    for (const StrategyPool& pool : strategy.pools)
        if (report::is_listed(report, pool)) write_strategy_pool(json, report, pool);
    json.close();
    json.open_array("poolers");
    // The changes of the others say the same in words.
    if (!report.brief || strategy.recommended)
        for (const NewPooler& pooler : strategy.poolers) write_new_pooler(json, fleet, pooler);
    json.close();
    json.open_array("thresholds");
    for (const Threshold& threshold : strategy.thresholds) write_threshold(json, fleet, threshold);
    json.close();
    json.close();
}

void write_vcpu_table(JsonWriter& json, const Report& report) {
    json.open_object("vcpu_table");
    json.open_array("vcpus", Layout::line);
    for (const int vcpus : vcpu_counts) json.whole(vcpus);
    json.close();
    json.open_array("pools");
    for (const VcpuRow& row : report.vcpus) {
        if (!report::is_listed(report, row)) continue;
        json.open_object(Layout::line);
        write_names(json, *report.fleet, row.pool);
        json.open_array("sizes");
        for (const PoolSize& size : row.sizes) size ? json.whole(size->value.value) : json.null();
        json.close();
        json.truth("scales", row.scales);
        json.text_or_null("formula", row.formula);
        json.close();
    }
    json.close();
    json.close();
}

namespace {

/// A month, where that is known.
std::optional<Figure<Interval<MicroUsdPerMonth>>> monthly_saving(const Report& report, const Action& action) {
    using Money = Interval<MicroUsdPerMonth>;
    const DatabasePlan* plan = action.databases.empty() ? nullptr : &report.plan.databases[action.databases.front()];
    if (action.kind == Action::Kind::serverless) return plan->recommendation.serverless->saves;
    if (action.kind == Action::Kind::remove && plan->recommendation.idle->saves)
        return plan->recommendation.idle->saves;
    if (action.kind == Action::Kind::storage) return plan->storage->advice->saves;
    if (action.saves_capacity) {
        const MicroUsdPerMonth of_classes = action.saves_per_month.value_or(MicroUsdPerMonth(0));
        return Figure<Money>{Money{action.saves_capacity->low + of_classes, action.saves_capacity->high + of_classes},
                             {}};
    }
    if (action.saves_per_month) return Figure<Money>{Money{*action.saves_per_month, *action.saves_per_month}, {}};
    if (!action.saves_per_year) return std::nullopt;
    const MicroUsdPerMonth month(action.saves_per_year->value.value / 12);
    return Figure<Money>{Money{month, month}, {}};
}

/// Do its hazard and its signs of success say more than its database does?
bool says_more(const Report& report, const Action& action) {
    return !report.brief || action.kind != Action::Kind::instance;
}

}  // namespace

void write_phase(JsonWriter& json, const Report& report, const Action& action) {
    json.open_object();
    json.whole("phase", static_cast<std::int64_t>(action.phase));
    json.text("kind", plan::name(action.kind));
    json.text("title", title(report, action));
    json.open_array("databases", Layout::line);
    for (const Index database : action.databases) json.text(*report.fleet->databases[database].name);
    json.close();
    json.texts("steps", step_texts(report, action));
    json.text("effort", work_text(report, action));
    json.text("risk", plan::name(action.risk));
    says_more(report, action) ? json.text_or_null("risk_text", hazard_text(report, action)) : json.null("risk_text");
    json.text_or_null("gain", gain_text(report, action));
    action.saves_per_year ? json.usd("saves_usd_per_year", action.saves_per_year->value)
                          : json.null("saves_usd_per_year");
    write_money_range(json, "saves_usd_per_month", monthly_saving(report, action));
    json.text("downtime", downtime_text(report, action));
    json.texts("watch", watch_texts(report, action));
    json.texts("success", says_more(report, action) ? success_texts(report, action) : std::vector<std::string>());
    json.text("rollback", rollback_text(report, action));
    json.close();
}

void write_runway(JsonWriter& json, const Report& report, const Runway& runway) {
    json.open_object(Layout::line);
    json.text("database", *report.fleet->databases[runway.database].name);
    json.text("class", runway.cls->name);
    json.text("plan", runway.after ? "recommended" : "today");
    json.text("dimension", assess::name(runway.dimension));
    runway.months ? json.whole("months", *runway.months) : json.null("months");
    json.number("now", runway.now);
    json.number("limit", runway.limit);
    json.text("unit", assess::unit_name(runway.measure));
    report.brief ? json.null("text") : json.text("text", runway_text(*report.fleet, runway));
    json.close();
}

}  // namespace poolfit::render
