// Measure first: what is missing, where it can be read, for how long, and what would change the decision.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

using Kind = Point::Kind;

constexpr double window_days = 14;  // AWS Compute Optimizer's default look-back: two of each weekday

/// The driver that shows a pool's use; nothing where it does not.
const DriverDefault* shown_by(const Pool& pool) {
    const DriverDefault* driver = pool.driver_default;
    return driver == nullptr || driver->metrics.empty() ? nullptr : driver;
}

class MonitorMaker {
public:
    MonitorMaker(const Scene& scene, Strategy& strategy) : scene_(scene), fleet_(scene.fleet), strategy_(strategy) {}

    void make() {
        SizeReason as_today;
        as_today.kind = SizeReason::Kind::as_today;
        std::vector<PoolSize> sizes;
        for (const PoolPlan& pool : scene_.plan.pools) sizes.push_back(pool.declared);
        list_pools(scene_, strategy_, sizes, std::vector<SizeReason>(fleet_.pools.size(), as_today));
        const std::optional<Demand> there = on_next_classes(sizes);
        measure(scene_, strategy_, [&](Index i) -> const DatabaseDemand& {
            return there ? there->databases[i] : scene_.plan.databases[i].demand;
        });
        saves_nothing(scene_, strategy_);
        if (!scene_.with_points) return;
        pools();
        for (Index i = 0; i < fleet_.databases.size(); ++i) database(i);
        weigh();
    }

private:
    /// Formulas follow the class in this strategy, too. Nothing where no size does.
    std::optional<Demand> on_next_classes(std::vector<PoolSize> sizes) const {
        bool follows = false;
        for (Index i = 0; i < sizes.size(); ++i) {
            const Index database = model::database_of(fleet_, fleet_.pools[i]);
            const InstanceClass& cls = *scene_.plan.databases[database].recommendation.cls;
            if (&cls == fleet_.databases[database].type || !assess::counts_database_vcpus(fleet_.pools[i])) continue;
            const PoolSize there = assess::size_on(fleet_, i, cls, scene_.r);
            if (!there || (sizes[i] && there->value == sizes[i]->value)) continue;
            sizes[i] = there;
            follows = true;
        }
        if (!follows) return std::nullopt;
        return assess::demand(fleet_, *scene_.plan.market, sizes, strategy_.phase, scene_.r);
    }

    void pools() {
        std::vector<Point> logs;
        std::unordered_map<const void*, std::size_t> at;  // by driver; where none shows it, by platform
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            const Pool& pool = fleet_.pools[i];
            const bool given = is_known(scene_.plan, fleet_, i);
            if (!given) ++unknown_;
            if (!*pool.monitored) ++blind_;
            if (given && *pool.monitored) continue;
            const DriverDefault* driver = shown_by(pool);
            const Index database = model::database_of(fleet_, pool);
            const void* where = driver;
            if (driver == nullptr) where = fleet_.databases[database].platform;
            const auto [found, is_new] = at.try_emplace(where, logs.size());
            if (is_new) {
                logs.push_back(point(Kind::log));
                logs.back().database = database;
            }
            logs[found->second].driver = driver;
            logs[found->second].pools.push_back(i);
            holds(i, given);
        }
        for (Point& log : logs) strategy_.changes.push_back(std::move(log));
    }

    /// Up to which use a size holds, by the rule that sizes are made with.
    void holds(Index pool, bool given) {
        const PoolSize& size = given ? scene_.plan.pools[pool].advice.size : scene_.plan.pools[pool].declared;
        if (!size) return;
        // A process that can hold no more needs no more, whatever is measured; with one connection, typical use and
        // peak are the same.
        const auto most = model::holding(fleet_, fleet_.pools[pool], {}).ceiling;
        if (size->value.value <= 1 || (most && size->value >= *most)) return;
        Point held = about(given ? Kind::holds_recommended : Kind::holds_today, {pool});
        held.to = size->value;
        const double typical = static_cast<double>(size->value.value) / *fleet_.policy.observed_buffer;
        held.typical = std::floor(typical * 10 + 1e-9) / 10;
        strategy_.decides.push_back(std::move(held));
    }

    void database(Index i) {
        const Database& database = fleet_.databases[i];
        const Observed& seen = database.observed;
        Point missing = point(Kind::find_out);
        missing.database = i;
        std::vector<Unmeasured>& lacks = missing.lacks;
        if (!seen.cpu_mean) lacks.push_back(Unmeasured::cpu_mean);
        if (!seen.cpu_judged()) lacks.push_back(Unmeasured::cpu_peak);
        if (!seen.freeable_memory) lacks.push_back(Unmeasured::freeable_memory);
        missing_ += lacks.size() + (seen.window ? 0 : 1);
        // Worth knowing, but nothing waits for them.
        if (!seen.iops && !seen.ebs_throughput) lacks.push_back(Unmeasured::disk);
        if (!seen.window) lacks.push_back(Unmeasured::window);
        if (!database.max_connections) lacks.push_back(Unmeasured::max_connections);
        if (!lacks.empty()) strategy_.changes.push_back(std::move(missing));
        if (!seen.cpu_mean) mean_decides(i);
    }

    /// Over which mean, measured today, the recommended burstable class would live on credits.
    void mean_decides(Index i) {
        const DatabasePlan& plan = scene_.plan.databases[i];
        const Projection& chosen = plan.chosen;
        if (!chosen.cls->burst || !chosen.cpu_peak) return;
        Point over = point(Kind::mean_over_baseline);
        over.database = i;
        over.cls = chosen.cls;
        over.mean = Fraction(assess::cpu_before(*plan.now.cls, *chosen.cls, chosen.cls->burst->baseline.value));
        strategy_.decides.push_back(std::move(over));
    }

    void weigh() {
        strategy_.applicable = unknown_ + blind_ + missing_ > 0;
        strategy_.effort = Effort::weeks;
        strategy_.work.kind = Work::Kind::watching;
        strategy_.work.days = Days(window_days);
        strategy_.hazard.kind = Hazard::Kind::nothing_changes;
        if (!strategy_.applicable) {
            strategy_.changes.clear();
            strategy_.effort = Effort::minutes;
            strategy_.work.kind = Work::Kind::nothing_missing;
            strategy_.pros.push_back(point(Kind::nothing_to_measure));
            return;
        }
        const std::size_t all = fleet_.pools.size();
        strategy_.changes.push_back(point(Kind::watch_long));
        strategy_.changes.back().days = Days(window_days);
        if (blind_ > 0) strategy_.pros.push_back(counted(Kind::not_monitored, blind_, all));
        if (unknown_ > 0) strategy_.pros.push_back(counted(Kind::not_known, unknown_, all));
        waste();
    }

    void waste() {
        Interval<Connections> idle;
        bool any = false;
        for (const PoolPlan& pool : scene_.plan.pools) {
            if (!pool.use.waste) continue;
            idle = idle + pool.use.waste->value;
            any = true;
        }
        if (any && idle.high.value > 0) {
            strategy_.cons.push_back(point(Kind::idle_meanwhile));
            strategy_.cons.back().idle = idle;
        }
        const auto& saves = scene_.plan.totals.saves;
        if (!saves || saves->value.value <= 0) return;
        strategy_.cons.push_back(point(Kind::waiting_costs));
        strategy_.cons.back().cost = saves->value;
    }

    const Scene& scene_;
    const Fleet& fleet_;
    Strategy& strategy_;
    std::size_t unknown_ = 0, blind_ = 0, missing_ = 0;
};

}  // namespace

void make_monitor(const Scene& scene, Strategy& strategy) { MonitorMaker(scene, strategy).make(); }

}  // namespace poolfit::plan
