// Gauges, limits, pools: what is shown of a database beside its verdict.
#include <poolfit/report/view.hpp>

#include <algorithm>

#include <poolfit/model/topology.hpp>

#include "view.hpp"

namespace poolfit::report {

namespace {

constexpr std::size_t most_pools = 60;  // of one database; the JSON has them all

template <class T>
std::optional<Interval<double>> number_of(const std::optional<Figure<T>>& figure) {
    if (!figure) return std::nullopt;
    return FigureType<T>::number(figure->value);
}

std::optional<double> limit_of(const Projection& projection, Dimension dimension) {
    const Check* check = projection.find(dimension);
    return check != nullptr ? check->limit : std::nullopt;
}

/// The most memory that passes both the share and the floor of what has to stay free.
std::optional<double> memory_limit(const Projection& projection) {
    const auto share = limit_of(projection, Dimension::memory);
    const auto floor = limit_of(projection, Dimension::freeable_memory);
    if (!floor) return share;
    const double room = std::max(0.0, static_cast<double>(projection.cls->memory.value) - *floor);
    return share ? std::min(*share, room) : room;
}

/// The gauge that shows a dimension: two limits of memory share one, as two names of the mean CPU do.
Dimension shown_as(Dimension dimension) {
    if (dimension == Dimension::freeable_memory) return Dimension::memory;
    return dimension == Dimension::cpu_mean ? Dimension::credits : dimension;
}

class Gauges {
public:
    Gauges(const DatabasePlan& plan, bool listed) : plan_(plan), then_(plan.chosen), listed_(listed) {
        if (plan.recommendation.binding) binding_ = shown_as(*plan.recommendation.binding);
    }

    std::vector<GaugeView> all(const Observed& observed) {
        connections();
        load();
        path(Dimension::ebs_throughput, Measure::mbps, observed.ebs_throughput.has_value());
        path(Dimension::iops, Measure::iops, observed.iops.has_value());
        path(Dimension::network, Measure::mbps, observed.network.has_value());
        return std::move(all_);
    }

private:
    using Value = std::optional<Interval<double>>;

    void add(Dimension dimension, Measure measure, const Value& now, const Value& after, std::optional<double> limit) {
        GaugeView gauge{dimension, measure, now, after, limit, {}, after && binding_ == dimension, false};
        if (limit && after) gauge.share = *limit > 0 ? after->high / *limit : after->high > 0 ? 1e9 : 0;
        all_.push_back(gauge);
    }

    void connections() {
        // What was seen and nothing explains is open beside them.
        const auto& unexplained = plan_.budget.unexplained;
        const double beside = unexplained ? static_cast<double>(unexplained->value.value) : 0;
        const auto with = [&](const Value& sum) -> Value {
            if (!sum || (!listed_ && !unexplained)) return std::nullopt;
            return Interval<double>{sum->low + beside, sum->high + beside};
        };
        const auto one = [&](Dimension dimension, const auto& now, const auto& after) {
            const bool failover = dimension == Dimension::connections_failover;
            add(dimension, Measure::connections, failover ? number_of(now) : with(number_of(now)),
                failover ? number_of(after) : with(number_of(after)), limit_of(then_, dimension));
        };
        const DatabaseDemand &now = plan_.demand, &after = plan_.after;
        one(Dimension::connections_steady, now.allocated, after.allocated);
        one(Dimension::connections_deploy, now.deploy_peak, after.deploy_peak);
        if (now.failover_peak || after.failover_peak)
            one(Dimension::connections_failover, now.failover_peak, after.failover_peak);
    }

    void load() {
        const auto one = [&](Dimension dimension, Measure measure, const auto& now, const auto& after,
                             std::optional<double> limit) {
            if (now || after) add(dimension, measure, number_of(now), number_of(after), limit);
        };
        std::optional<double> baseline;
        if (then_.cls->burst) baseline = then_.cls->burst->baseline.value;
        one(Dimension::cpu_p95, Measure::fraction, plan_.now.cpu_p95, then_.cpu_p95,
            limit_of(then_, Dimension::cpu_p95));
        if (plan_.now.cpu_p95) all_.back().at_least = plan_.now.cpu_saturated;
        // Beside p95 the peak has no limit: it is shown.
        one(Dimension::cpu_peak, Measure::fraction, plan_.now.cpu_peak, then_.cpu_peak,
            limit_of(then_, Dimension::cpu_peak));
        if (plan_.now.cpu_peak) all_.back().at_least = plan_.now.peak_saturated;
        if (const Check* demand = then_.find(Dimension::cpu_demand); demand != nullptr && plan_.load)
            add(Dimension::cpu_demand, Measure::fraction, Interval<double>(plan_.load->cpu_demand.value.value),
                demand->value, demand->limit);
        one(Dimension::credits, Measure::fraction, plan_.now.cpu_mean, then_.cpu_mean, baseline);
        one(Dimension::memory, Measure::bytes, plan_.now.memory_seen, then_.memory_used, memory_limit(then_));
    }

    void path(Dimension dimension, Measure measure, bool given) {
        if (!given) return;
        const Check *now = plan_.now.find(dimension), *after = then_.find(dimension);
        add(dimension, measure, now != nullptr ? now->value : std::nullopt,
            after != nullptr ? after->value : std::nullopt, limit_of(then_, dimension));
    }

    const DatabasePlan& plan_;
    const Projection& then_;
    bool listed_;
    std::optional<Dimension> binding_;
    std::vector<GaugeView> all_;
};

std::optional<NearLimit> near_limit(const Projection& projection, const std::optional<Dimension>& dimension) {
    if (!dimension) return std::nullopt;
    const Check* check = projection.find(*dimension);
    return NearLimit{*dimension, check != nullptr ? check->share : 0};
}

bool changes(const PoolPlan& pool) {
    const PoolSize &now = pool.declared, after = pool.recommended();
    return now.has_value() != after.has_value() || (now && after && now->value != after->value);
}

bool connections_change(const DatabasePlan& plan, bool moves) {
    const auto &now = plan.demand.allocated, &after = plan.after.allocated;
    return now && after && (moves || now->value != after->value);
}

}  // namespace

std::vector<Index> some_pools(const Plan& plan, std::vector<Index> pools, std::size_t most) {
    if (pools.size() <= most) return pools;
    std::stable_partition(pools.begin(), pools.end(), [&](Index i) { return changes(plan.pools[i]); });
    pools.resize(most);
    std::ranges::sort(pools);
    return pools;
}

namespace {

int badness(Standing standing) {
    return standing == Standing::over ? 3 : standing == Standing::unknown ? 2 : standing == Standing::no_worse ? 1 : 0;
}

/// The worst standing, and of equals the most CPU.
std::optional<std::size_t> hardest_loss(const DatabasePlan& plan) {
    const auto& all = plan.chosen.losses;
    const auto busy = [](const Survival& loss) { return loss.cpu ? loss.cpu->value.high.value : 0.0; };
    std::optional<std::size_t> worst;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int mine = badness(all[i].standing()), most = worst ? badness(all[*worst].standing()) : -1;
        if (mine > most || (mine == most && busy(all[i]) > busy(all[*worst]))) worst = i;
    }
    return worst;
}

bool of_connections(Dimension dimension) {
    return dimension == Dimension::connections_steady || dimension == Dimension::connections_deploy ||
           dimension == Dimension::connections_failover;
}

bool is_about(Outage::Kind kind, Dimension dimension) {
    switch (kind) {
        case Outage::Kind::connections:
            return of_connections(dimension);
        case Outage::Kind::cpu_load:
            return dimension == Dimension::cpu_demand;
        case Outage::Kind::credits:
            return dimension == Dimension::credits;
        case Outage::Kind::pool_load:
        case Outage::Kind::session_clients:
        case Outage::Kind::pooler_load:
        case Outage::Kind::pooler_clients:
            break;
    }
    return false;
}

/// Is a limit the subject of an outage, or of the summary? The summary says why a class changes; of an outage that
/// ends without, the outage says all.
bool named_elsewhere(const Recommendation& advice, Dimension dimension, bool moves) {
    if (std::ranges::any_of(advice.outages, [&](const Outage& each) { return is_about(each.kind, dimension); }))
        return true;
    if ((!advice.outages.empty() && !moves) || !advice.summary.trouble) return false;
    const Dimension trouble = advice.summary.trouble->check.dimension;
    return trouble == dimension || (of_connections(trouble) && of_connections(dimension));
}

/// Is the nearest limit one of connections, of which the inventory lists none?
bool is_sum_of_nothing(const DatabaseView& view, const NearLimit& nearest) {
    return std::ranges::any_of(view.gauges,
                               [&](const GaugeView& gauge) {
                                   return gauge.dimension == nearest.dimension && of_connections(gauge.dimension) &&
                                          !gauge.now && !gauge.after;
                               }) &&
           nearest.share <= 0;
}

/// Is a load that the series gave near its limit, today or on the recommended class?
bool may_flip(const Observed& observed, const DatabasePlan& plan) {
    const series::Watched::Kept* kept = observed.watched ? observed.watched->first() : nullptr;
    if (kept == nullptr) return false;
    for (const Projection* on : {&plan.now, &plan.chosen})
        for (const Check& check : on->checks) {
            const bool watched = check.dimension == Dimension::cpu_peak || check.dimension == Dimension::cpu_p95 ||
                                 check.dimension == Dimension::credits || check.dimension == Dimension::iops ||
                                 check.dimension == Dimension::ebs_throughput ||
                                 check.dimension == Dimension::network || check.dimension == Dimension::memory;
            if (watched && check.value && check.limit && series::may_flip(kept->summary.quality, check.share))
                return true;
        }
    return false;
}

}  // namespace

DatabaseView view(const Fleet& fleet, const Plan& plan, Index database, bool in_full) {
    const Database& given = fleet.databases[database];
    const DatabasePlan& own = plan.databases[database];
    DatabaseView view;
    view.database = database;
    view.moves = own.chosen.cls != own.now.cls;
    view.gauges = Gauges(own, model::lists_connections(fleet, plan.topology, database)).all(given.observed);
    for (const Check& check : own.now.checks) {
        if (check.standing != Standing::over) continue;
        view.over_today.push_back(check);
        if (!named_elsewhere(own.recommendation, check.dimension, view.moves)) view.over_besides.push_back(check);
    }
    view.binding = near_limit(own.chosen, own.recommendation.binding);
    view.next = near_limit(own.chosen, own.recommendation.next_binding);
    if (view.binding && is_sum_of_nothing(view, *view.binding)) view.binding = view.next = std::nullopt;
    choose_rejections(own, view);
    list_candidates(own, in_full, view);
    if (platform::is_of_class(given) && !own.now.cost) view.unpriced.push_back(given.type);
    view.loss = hardest_loss(own);
    if (view.moves && !own.recommendation.cost) view.unpriced.push_back(own.recommendation.cls);
    view.connections_change = connections_change(own, view.moves);
    view.pools = some_pools(plan, plan.topology.pools[database], most_pools);
    view.pools_left_out = plan.topology.pools[database].size() - view.pools.size();
    view.instances = instances_view(fleet, plan, database);
    view.may_flip = may_flip(given.observed, own);
    return view;
}

bool meets(const PoolLoad& load, const RatedPool& rated) { return sizing::meets(rated.figures, load.question); }

Millis mean_hold(const PoolLoad& load) {
    const auto mean = sizing::mean_hold(load.base.hold);
    const Millis* hold = std::get_if<Millis>(&mean);
    return hold != nullptr ? *hold : Millis(0);
}

}  // namespace poolfit::report
