// derivations[] of the JSON report: each figure that the document shows, down to its leaves.
#include <poolfit/diag/source.hpp>
#include <poolfit/model/sizes.hpp>

#include "derivation.hpp"
#include "json_report.hpp"

namespace poolfit::render {
namespace {

/// The figures that the report's own keys show.
class Roots {
public:
    template <class T>
    void add(const Figure<T>& figure) {
        ids_.push_back(figure.id);
    }
    template <class T>
    void add(const std::optional<Figure<T>>& figure) {
        if (figure && figure->id) ids_.push_back(figure->id);
    }
    void add(const Committed& committed, const std::vector<Index>& databases) {
        for (const Index i : databases) {
            for (const Paid* paid : {&committed.now[i], &committed.after[i]}) {
                if (paid->covered) add(paid->covered);
                if (paid->by_units.id) add(paid->by_units);
                if (paid->by_plan.id) add(paid->by_plan);
                if (paid->range)
                    add(paid->range);
                else
                    add(paid->cost);
            }
            add(committed.saves[i]);
        }
        for (const UnitPool& pool : committed.pools)
            for (const auto* units : {&pool.owned, &pool.used_now, &pool.used_after})
                if (units->id) add(*units);
        add(committed.total_now);
        add(committed.total_after);
        add(committed.total_saves);
        add(committed.capacity_now);
        add(committed.capacity_after);
    }
    void add(const Limits& limits) {
        add(limits.max_nominal);
        add(limits.max_expected);
        add(limits.max_observed);
        add(limits.max_planned);
        add(limits.reserved);
        add(limits.usable);
        add(limits.usable_nominal);
    }
    void add(const DatabaseDemand& demand) {
        add(demand.allocated);
        add(demand.deploy_peak);
        add(demand.failover_peak);
    }
    void add(const PoolDemand& demand) {
        add(demand.size);
        add(demand.allocated);
        add(demand.deploy_peak);
    }
    void add(const Budget& budget) {
        add(budget.limits);
        add(budget.in_use);
        add(budget.in_use_at_least);
        add(budget.observed);
        add(budget.explained);
        add(budget.explained_peak);
        add(budget.unexplained);
        add(budget.waste);
        add(budget.utilization);
        add(budget.utilization_nominal);
        add(budget.headroom);
        add(budget.copies);
        add(budget.copies_nominal);
    }
    void add(const Projection& projection) {
        add(projection.limits);
        add(projection.cost);
        add(projection.cpu_mean);
        add(projection.cpu_p95);
        add(projection.cpu_p99);
        add(projection.cpu_peak);
        add(projection.memory_used);
        add(projection.freeable);
        add(projection.memory_seen);
        add(projection.freeable_seen);
        add(projection.utilization);
        if (!projection.credits) return;
        add(projection.credits->baseline);
        add(projection.credits->earned_per_hour);
        add(projection.credits->burned_per_hour);
        add(projection.credits->hours_to_empty);
        add(projection.credits->surplus);
        if (const auto& balance = projection.credits->balance) {
            add(balance->lowest);
            add(balance->short_credits);
            add(balance->short_hours);
        }
    }
    void add(const std::optional<RatedPool>& rated) {
        if (!rated) return;
        for (const FigureId id : {rated->utilization, rated->p_over, rated->wait_mean, rated->wait_p99})
            ids_.push_back(id);
    }
    void add(const std::shared_ptr<const PoolLoad>& load) {
        if (!load) return;
        add(load->offered);
        add(load->for_wait);
        add(load->knee);
        add(load->in_flight);
        add(load->deadlock_floor);
        add(load->acquire_timeout);
        add(load->now);
        add(load->after);
    }
    void add(const std::optional<DatabaseLoad>& load) {
        if (!load) return;
        add(load->cpu_demand);
        add(load->active_mean);
        add(load->active_high);
        add(load->knee);
        add(load->sizes);
    }
    void add(const DatabasePlan& plan) {
        add(plan.budget);
        add(plan.demand);
        add(plan.after);
        add(plan.now);
        add(plan.chosen);
        add(plan.load);
        if (plan.capacity) {
            add(plan.capacity->units);
            add(plan.capacity->cost);
            add(plan.capacity->support);
            if (plan.capacity->uncapped) {
                add(plan.capacity->uncapped->limit);
                add(plan.capacity->uncapped->cost);
            }
        }
        if (plan.storage) add(*plan.storage);
        add(plan.recommendation.cost);
        add(plan.recommendation.saves);
        add(plan.recommendation.saves_per_year);
        add(plan.recommendation.peak_per_year);
        if (plan.recommendation.upgrade) add(plan.recommendation.upgrade->saves);
        if (plan.recommendation.idle) add(plan.recommendation.idle->saves);
        if (plan.recommendation.stop) add(plan.recommendation.stop->saves);
        if (plan.recommendation.stop_held) add(plan.recommendation.stop_held->saves);
        if (plan.recommendation.serverless) {
            add(plan.recommendation.serverless->cost);
            add(plan.recommendation.serverless->saves);
        }
    }
    void add(const StorageUse& use) {
        add(use.volume.gib);
        add(use.volume.iops);
        add(use.iops);
        add(use.mibps);
        add(use.usable_now);
        add(use.usable_after);
        add(use.requests);
        add(use.cost.cost);
        add(use.cost_after);
        add(use.break_even);
        add(use.break_even_requests);
        if (!use.advice) return;
        add(use.advice->iops);
        add(use.advice->cost);
        add(use.advice->saves);
    }
    void add(const Totals& totals) {
        add(totals.storage);
        add(totals.storage_after);
        add(totals.elastic_poolers);
        add(totals.bill_now);
        add(totals.bill_after);
        add(totals.bill_saves);
        add(totals.storage_saves);
        add(totals.now);
        add(totals.after);
        add(totals.saves);
        add(totals.saves_per_year);
        add(totals.peak_per_year);
        add(totals.capacity);
        add(totals.capacity_after);
        add(totals.upgrades_save);
        add(totals.upgrades_save_capacity);
        add(totals.stops_save);
        add(totals.serverless_saves);
        add(totals.poolers_now);
        add(totals.poolers_after);
    }
    void add(const Strategy& strategy) {
        for (const StrategyDatabase& server : strategy.databases) {
            add(server.before);
            add(server.after);
            add(server.deploy_after);
        }
        for (const StrategyPool& pool : strategy.pools) add(pool.size);
        for (const NewPooler& pooler : strategy.poolers) {
            add(pooler.pairs);
            add(pooler.pool_size);
            add(pooler.server);
            add(pooler.accepts);
        }
        add(strategy.before);
        add(strategy.after);
        add(strategy.change);
        add(strategy.saves_per_year);
        for (const Threshold& threshold : strategy.thresholds) ids_.push_back(threshold.figure);
    }
    void add(const Runway& runway) { ids_.push_back(runway.figure); }
    const std::vector<FigureId>& ids() const { return ids_; }

private:
    std::vector<FigureId> ids_;
};

void write_origin(JsonWriter& json, const Origin& origin) {
    if (origin.kind == Origin::Kind::none) return json.null("source");
    json.open_object("source");
    json.text("kind", assess::name(origin.kind));
    if (const auto& [source, span] = origin.place; source != nullptr) {
        const Position position = source->position(span.begin);
        json.text("file", source->name());
        json.whole("line", position.line);
        json.whole("column", position.column);
    } else {
        for (const char* key : {"file", "line", "column"}) json.null(key);
    }
    json.text_or_null("id", origin.source_id);
    json.text_or_null("text", source_words(origin));
    json.text_or_null("as_of", origin.as_of);
    json.close();
}

}  // namespace

std::vector<FigureId> shown_figures(const Report& report) {
    if (report.figures.all().empty()) return {};
    const Fleet& fleet = *report.fleet;
    const Plan& plan = report.plan;
    Roots roots;
    for (const Index index : report.shown) roots.add(plan.databases[index]);
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        if (!is_shown(report, model::database_of(fleet, fleet.pools[i]))) continue;
        const PoolPlan& pool = plan.pools[i];
        roots.add(pool.declared);
        roots.add(pool.by_vcpus);
        roots.add(pool.recommended());
        roots.add(pool.use.in_use);
        roots.add(pool.use.waste);
        roots.add(pool.now);
        roots.add(pool.after);
        roots.add(pool.load);
    }
    for (std::size_t i = 0; i < fleet.poolers.size(); ++i) {
        if (!is_shown(report, fleet.poolers[i].database)) continue;
        const PoolerPlan& pooler = plan.poolers[i];
        roots.add(std::optional(pooler.now.server));
        roots.add(std::optional(pooler.after.server));
        roots.add(pooler.size);
        if (pooler.clients) roots.add(pooler.clients->enough);
    }
    roots.add(plan.totals);
    if (plan.committed) roots.add(*plan.committed, report.shown);
    for (const Strategy& strategy : report.strategies) roots.add(strategy);
    for (const VcpuRow& row : report.vcpus)
        for (const PoolSize& size : row.sizes) roots.add(size);
    for (const Runway& runway : report.runway) roots.add(runway);
    for (const SupportEvent& event : report.support) roots.add(event.cost);
    return with_inputs(Derivations(report), roots.ids());
}

void write_derivation(JsonWriter& json, const Derivations& all, FigureId id) {
    const Node& node = all.figures[id];
    const double low = assess::raw(node.measure, node.value.low), high = assess::raw(node.measure, node.value.high);
    json.open_object(JsonWriter::Layout::line);
    json.text("figure", all.name(id));
    low == high ? json.number("value", low) : json.range("value", Interval<double>{low, high});
    json.text("unit", assess::unit_name(node.measure));
    json.text_or_null("formula", formula_text(all, id));
    json.open_array("inputs");
    for (const FigureId input : all.inputs(id)) json.text(all.name(input));
    json.close();
    write_origin(json, node.origin);
    json.text_or_null("note", note_text(all, id));
    json.close();
}

}  // namespace poolfit::render
