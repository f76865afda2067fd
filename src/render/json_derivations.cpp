// derivations[] of the JSON report: each figure that the document shows, down to its leaves.
#include <poolfit/diag/source.hpp>
#include <poolfit/model/sizes.hpp>

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
        if (figure) ids_.push_back(figure->id);
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
        add(budget.demand);
        add(budget.in_use);
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
        add(projection.cpu_peak);
        add(projection.memory_used);
        add(projection.freeable);
        add(projection.utilization);
        if (!projection.credits) return;
        add(projection.credits->baseline);
        add(projection.credits->earned_per_hour);
        add(projection.credits->burned_per_hour);
        add(projection.credits->hours_to_empty);
        add(projection.credits->surplus);
    }
    void add(const std::optional<RatedPool>& rated) {
        if (!rated) return;
        ids_.push_back(rated->utilisation);
        for (const auto& id : {rated->p_over, rated->wait_mean, rated->wait_p99})
            if (id) ids_.push_back(*id);
    }
    void add(const std::optional<PoolLoad>& load) {
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
        add(plan.after);
        add(plan.now);
        if (const Projection* projection = recommended_projection(plan)) add(*projection);
        add(plan.recommendation.cost);
        add(plan.recommendation.saves);
        add(plan.recommendation.saves_per_year);
    }
    void add(const Totals& totals) {
        add(totals.now);
        add(totals.after);
        add(totals.saves);
        add(totals.saves_per_year);
    }
    void add(const Strategy& strategy) {
        for (const StrategyDatabase& server : strategy.databases) {
            add(server.before);
            add(server.after);
            add(server.deploy_after);
        }
        for (const StrategyPool& pool : strategy.pools) add(pool.size);
        add(strategy.before);
        add(strategy.after);
        add(strategy.change);
        add(strategy.saves_per_year);
        for (const Threshold& threshold : strategy.thresholds) ids_.push_back(threshold.figure);
    }
    void add(const Runway& runway) { ids_.push_back(runway.figure); }
    std::span<const FigureId> ids() const { return ids_; }

private:
    std::vector<FigureId> ids_;
};

std::string_view name(Origin::Kind kind) {
    switch (kind) {
        case Origin::Kind::computed:
            break;
        case Origin::Kind::input:
            return "input";
        case Origin::Kind::catalog:
            return "catalog";
        case Origin::Kind::constant:
            return "constant";
    }
    return "computed";
}

void write_origin(JsonWriter& json, const Origin& origin) {
    if (origin.kind == Origin::Kind::computed) return json.null("source");
    json.open_object("source");
    json.text("kind", name(origin.kind));
    if (const auto& [source, span] = origin.place; source != nullptr) {
        const Position position = source->position(span.begin);
        json.text("file", source->name());
        json.whole("line", position.line);
        json.whole("column", position.column);
    } else {
        for (const char* key : {"file", "line", "column"}) json.null(key);
    }
    json.text_or_null("id", origin.source_id);
    json.text_or_null("text", origin.source);
    json.text_or_null("as_of", origin.as_of);
    json.close();
}

}  // namespace

std::vector<FigureId> with_inputs(const Ledger& ledger, std::span<const FigureId> roots) {
    std::vector<char> reached(ledger.all().size(), 0);
    std::vector<FigureId> open(roots.begin(), roots.end());
    while (!open.empty()) {
        const FigureId id = open.back();
        open.pop_back();
        if (id >= reached.size() || reached[id] != 0) continue;
        reached[id] = 1;
        open.insert(open.end(), ledger[id].inputs.begin(), ledger[id].inputs.end());
    }
    std::vector<FigureId> ids;
    for (FigureId id = 0; id < reached.size(); ++id) {
        if (reached[id] != 0) ids.push_back(id);
    }
    return ids;
}

std::vector<FigureId> shown_figures(const Report& report) {
    const Fleet& fleet = *report.fleet;
    const Plan& plan = report.plan;
    Roots roots;
    for (const Index index : report.shown) {
        roots.add(plan.databases[index]);
        roots.add(plan.database_loads[index]);
    }
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        if (!is_shown(report, model::database_of(fleet, fleet.pools[i]))) continue;
        roots.add(plan.sizes[i]);
        roots.add(plan.sizes_by_vcpus[i]);
        roots.add(plan.pools[i].size);
        roots.add(plan.use[i].in_use);
        roots.add(plan.use[i].waste);
        roots.add(plan.now.pools[i]);
        roots.add(plan.after.pools[i]);
        roots.add(plan.loads[i]);
    }
    roots.add(plan.totals);
    for (const Strategy& strategy : report.strategies) roots.add(strategy);
    for (const VcpuRow& row : report.vcpus)
        for (const PoolSize& size : row.sizes) roots.add(size);
    for (const Runway& runway : report.runway) roots.add(runway);
    return with_inputs(plan.ledger, roots.ids());
}

void write_derivation(JsonWriter& json, const Ledger& ledger, FigureId id) {
    const Derivation& derivation = ledger[id];
    const Interval<double>& value = derivation.value.value;
    json.open_object(JsonWriter::Layout::line);
    json.text("figure", derivation.name);
    value.is_point() ? json.number("value", value.low) : json.range("value", value);
    json.text("unit", assess::unit_name(derivation.value.measure));
    json.text_or_null("formula", derivation.formula);
    json.open_array("inputs");
    for (const FigureId input : derivation.inputs) json.text(ledger[input].name);
    json.close();
    write_origin(json, derivation.origin);
    json.text_or_null("note", derivation.note);
    json.close();
}

}  // namespace poolfit::render
