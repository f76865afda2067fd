#include "printed.hpp"

#include <array>
#include <memory>
#include <utility>

#include <poolfit/assess/cpu.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/model/pooler.hpp>

namespace poolfit::report {

namespace {

using assess::database_key;
using assess::pooler_key;

class Namer {
public:
    Namer(Report& report, Recorder r) : report_(report), fleet_(*report.fleet), plan_(report.plan), r_(r) {}

    void name() {
        for (Index i = 0; i < plan_.databases.size(); ++i) database(i);
        for (Index i = 0; i < plan_.pools.size(); ++i) pool(i);
        for (Index i = 0; i < plan_.poolers.size(); ++i) pooler(i);
        for (Index i = 0; i < fleet_.services.size(); ++i) service(i);
        for (Strategy& strategy : report_.strategies)
            for (StrategyPool& pool : strategy.pools)
                if (pool.size)
                    called({{Subject::Kind::pool, pool.pool}, Name::strategy_size, strategy.phase}, *pool.size);
        for (VcpuRow& row : report_.vcpus) columns(row);
        for (const Action& action : report_.phases)
            for (const Step& step : action.steps)
                if (step.kind == Step::Kind::fewer_instances) fewer(step);
    }

private:
    /// The figure gets the key; one that had it before is that of right-sized pools, or is on `today`.
    template <class T>
    void called(const Key& key, Figure<T>& figure, const InstanceClass* today = nullptr) {
        if (!figure.id) return;
        const auto there = r_.figures()->find(key);
        if (there && *there == figure.id) return;
        if (there) {
            Key other = key;
            if (today != nullptr)
                other.cls = today;
            else
                other.phase = Phase::right_sized;
            if (r_.figures()->find(other)) return;
            r_.figures()->rename(*there, other);
        }
        figure.id = r_.keep<T>(key, r_.figures()->all()[figure.id.index].measure, r_(figure)).id;
    }
    template <class T>
    void called(const Key& key, std::optional<Figure<T>>& figure) {
        if (figure) called(key, *figure);
    }

    void database(Index i) {
        DatabasePlan& mine = plan_.databases[i];
        const auto key = [&](Name name) { return database_key(i, name, Phase::after); };
        called(key(Name::connections_services), mine.after.services);
        called(key(Name::connections_allocated), mine.after.allocated);
        called(key(Name::connections_deploy_peak), mine.after.deploy_peak);
        called(key(Name::connections_failover_peak), mine.after.failover_peak);
        for (OneDeploy& deploy : mine.after.deploys) {
            Key of = key(Name::connections_deploy_of);
            of.detail = *fleet_.services[deploy.service].name;
            called(of, deploy.connections);
        }
        for (FailoverCase& loss : mine.after.losses) {
            Key from = key(Name::connections_failover_from);
            from.detail = *fleet_.databases[loss.from].name;
            Figure<Connections> peak{loss.peak, loss.figure};
            called(from, peak);
            loss.figure = peak.id;
        }
        on_class(i);
        for (const InstanceClass* cls : {mine.now.cls, mine.chosen.cls}) {
            assess::class_vcpus(*cls, r_);
            assess::class_memory(*cls, r_);
        }
        assess::cpu_band_figure(mine.chosen.cpu_move, r_);
        if (mine.recommendation.idle || mine.recommendation.spare) {
            const auto& window = *fleet_.databases[i].observed.window;
            r_.input(database_key(i, Name::observed_window), assess::measured(Measure::count, window->value),
                     window.place);
        }
    }

    /// The result for the database on the recommended class, by a name that needs no class.
    void on_class(Index i) {
        const DatabasePlan& mine = plan_.databases[i];
        const Projection& then = mine.chosen;
        const auto alias = [&](Name name, auto figure) {
            if (figure) called(database_key(i, name, Phase::after), *figure, mine.now.cls);
        };
        if (then.limits.known) {
            alias(Name::connections_max_planned, std::optional(then.limits.max_planned));
            alias(Name::connections_usable, std::optional(then.limits.usable));
        }
        alias(Name::connections_utilization, then.utilization);
        if (mine.after.allocated && then.limits.usable.id)
            r_.keep<Connections>(database_key(i, Name::connections_headroom, Phase::after),
                                 r_(then.limits.usable) - r_(*mine.after.allocated));
        alias(Name::cpu_mean, then.cpu_mean);
        alias(Name::cpu_p95, then.cpu_p95);
        alias(Name::cpu_p99, then.cpu_p99);
        alias(Name::cpu_peak, then.cpu_peak);
        alias(Name::memory_used, then.memory_used);
        alias(Name::memory_freeable, then.freeable);
        alias(Name::cost, then.cost);
    }

    void pool(Index i) {
        PoolPlan& mine = plan_.pools[i];
        assess::pool_databases(fleet_, i, r_);
        called(assess::pool_key(i, Name::allocated, Phase::after), mine.after.allocated);
        called(assess::pool_key(i, Name::deploy_peak, Phase::after), mine.after.deploy_peak);
        PoolSize size = mine.recommended();
        called(assess::pool_key(i, Name::recommended), size);
        if (size && !mine.stays) (mine.taken ? mine.taken->size : *mine.advice.size).id = size->id;
        if (!mine.load || !mine.load->after) return;
        auto load = std::make_shared<PoolLoad>(*mine.load);
        RatedPool& rated = *load->after;
        for (const auto& [name, id] :
             {std::pair(Name::rated_utilization, &rated.utilization), std::pair(Name::rated_p_over, &rated.p_over),
              std::pair(Name::rated_wait_mean, &rated.wait_mean), std::pair(Name::rated_wait_p99, &rated.wait_p99)})
            this->rated(assess::pool_key(i, name, Phase::after), *id);
        mine.load = std::move(load);
    }

    /// A figure that is only known by its node.
    void rated(const Key& key, FigureId& id) {
        if (!id) return;
        const Interval<double> value = r_.figures()->all()[id.index].value;
        Figure<Interval<double>> figure{value, id};
        called(key, figure);
        id = figure.id;
    }

    void pooler(Index i) {
        const Pooler& pooler = fleet_.poolers[i];
        PoolerPlan& mine = plan_.poolers[i];
        called(pooler_key(i, Name::server_connections, Phase::after), mine.after.server);
        called(pooler_key(i, Name::server_connections_deploy, Phase::after), mine.after.server_deploy);
        const auto given = [&](Name name, std::int64_t value, const Place& place) {
            return Figure<std::int64_t>{value, r_.input(pooler_key(i, name), assess::measured(value), place)};
        };
        if (mine.size && !mine.size->id) {
            const FigureId usable = plan_.databases[pooler.database].chosen.limits.usable.id;
            const Key key = pooler_key(i, Name::pooler_size, Phase::after);
            mine.size->id = r_.by_model(key, assess::measured(mine.size->value), Model::largest_that_fits, {},
                                        std::span(&usable, 1));
        }
        if (pooler.kind == Pooler::Kind::proxy)
            percent(i);
        else {
            const Figure<std::int64_t> today =
                given(Name::default_pool_size, *pooler.default_pool_size, pooler.default_pool_size.place);
            Figure<std::int64_t> size = mine.size.value_or(today);
            called(pooler_key(i, Name::default_pool_size, Phase::after), size);
            clients(i, given(Name::max_client_conn, *pooler.max_client_conn, pooler.max_client_conn.place));
        }
    }

    void percent(Index i) {
        const auto& given = fleet_.poolers[i].max_connections_percent;
        const Fraction share = given ? **given : Fraction(1.0);
        Figure<Fraction> then{share, r_.input(pooler_key(i, Name::max_connections_percent), assess::measured(share),
                                              given ? given->place : Place{})};
        const Key key = pooler_key(i, Name::max_connections_percent, Phase::after);
        if (const PoolerSize& size = plan_.poolers[i].size) {
            const Fraction value(static_cast<double>(size->value) / 100);
            const auto there = r_.figures()->find(key);
            if (there && r_.figures()->all()[there->index].value.high == value.value) return;
            if (there) {
                Key other = key;
                other.phase = Phase::right_sized;
                r_.figures()->rename(*there, other);
            }
            r_.keep<Fraction>(key, r_(*size) / r_.literal(100));
            return;
        }
        called(key, then);
    }

    /// Of all its process: an alias goes by the same.
    void clients(Index i, Figure<std::int64_t> today) {
        const auto& side = plan_.poolers[model::process_of(fleet_, i)].clients;
        if (!side || side->unsolved()) return;
        Figure<std::int64_t> then = side->enough ? *side->enough : today;
        called(pooler_key(i, Name::max_client_conn, Phase::after), then);
    }

    void service(Index i) {
        const Service& service = fleet_.services[i];
        assess::service_instances(fleet_, i, r_);
        assess::service_processes(fleet_, i, r_);
        if (service.threads) assess::service_threads(fleet_, i, r_);
        if (!service.instances->is_point())
            r_.input(assess::service_key(i, Name::instances_min), assess::measured(service.instances->low),
                     service.instances.place);
    }

    void columns(VcpuRow& row) {
        constexpr std::array<std::string_view, std::size(vcpu_counts)> texts{"2", "4", "8", "16"};
        for (std::size_t i = 0; i < row.sizes.size(); ++i) {
            Key key = assess::pool_key(row.pool, Name::at_vcpus);
            key.detail = texts[i];
            called(key, row.sizes[i]);
        }
    }

    void fewer(const Step& step) {
        const FigureId usable = plan_.databases[step.database].budget.limits.usable.id;
        Key key = assess::service_key(step.service, Name::instances);
        key.phase = Phase::after;
        r_.by_model(key, assess::measured(step.count), Model::largest_that_fits, {}, std::span(&usable, 1));
    }

    Report& report_;
    const Fleet& fleet_;
    Plan& plan_;
    Recorder r_;
};

}  // namespace

void name_printed(Report& report, Recorder recorder) { Namer(report, recorder).name(); }

}  // namespace poolfit::report
