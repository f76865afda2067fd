// The whole plan: sizes of pools, demand, and a class for each database.
#include <poolfit/plan/plan.hpp>

#include <algorithm>
#include <span>
#include <utility>

#include <poolfit/model/sizes.hpp>

#include "force.hpp"
#include "judge.hpp"
#include "outage.hpp"
#include "pooler_size.hpp"
#include "pools.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

/// Does a pool that ends on the database, or a pooler of its, get another size or mode?
bool pools_change(const Plan& plan, Index database) {
    const auto& pools = plan.topology.pools[database];
    for (const Index i : plan.topology.poolers[database])
        if (plan.poolers[i].size || plan.poolers[i].to_transaction) return true;
    return std::any_of(pools.begin(), pools.end(), [&](Index i) {
        const PoolSize &now = plan.pools[i].declared, &after = plan.pools[i].advice.size;
        return after && (!now || now->value != after->value);
    });
}

std::vector<PoolSize> sizes(const Plan& plan, PoolSize PoolPlan::*part) {
    std::vector<PoolSize> all;
    all.reserve(plan.pools.size());
    for (const PoolPlan& pool : plan.pools) all.push_back(pool.*part);
    return all;
}

class Maker {
public:
    Maker(const Fleet& fleet, const Request& request, std::shared_ptr<const Market> market, const Topology& topology,
          const Classes& classes, const Classes& on, Sizer& sizer, Recorder r)
        : fleet_(fleet), request_(request), classes_(classes), on_(on), sizer_(sizer), r_(r) {
        plan_.term = request.term;
        plan_.market = std::move(market);
        plan_.topology = topology;
    }

    Plan make() {
        pools();
        demands();
        databases();
        totals();
        return std::move(plan_);
    }

private:
    void pools() {
        plan_.pools.resize(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            plan_.pools[i].declared = assess::declared_size(fleet_, i, r_);
            plan_.pools[i].by_vcpus = assess::size_by_vcpus(fleet_, i, r_);
        }
        const std::vector<PoolSize> declared = sizes(plan_, &PoolPlan::declared);
        loads_ = load_pools(fleet_, classes_, declared, sizer_, r_);
        for (Index i = 0; i < fleet_.services.size(); ++i)
            plan_.deploy_instances.push_back(assess::deploy_instances(fleet_, i, {}));
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            plan_.pools[i].load = loads_[i];
            plan_.pools[i].advice = advise(fleet_, i, declared[i], loads_[i].get(), {}, {});
        }
        const auto forced = forced_sizes(fleet_, *plan_.market, plan_, on_);
        std::vector<PoolSize> recommended;
        recommended.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            if (forced[i] || r_.on())
                plan_.pools[i].advice = advise(fleet_, i, declared[i], loads_[i].get(), limit(i, forced[i]), r_);
            recommended.push_back(plan_.pools[i].advice.size);
        }
        rate_pools(fleet_, classes_, declared, recommended, loads_, sizer_, r_);
        now_ = assess::demand(fleet_, *plan_.market, declared, Phase::now, r_);
        size_poolers(fleet_, plan_, loads_, now_, recommended, on_, sizer_, r_);
        std::vector<PoolerSize> poolers;
        for (const PoolerPlan& pooler : plan_.poolers) poolers.push_back(pooler.size);
        after_ = assess::demand(fleet_, *plan_.market, recommended, Phase::after, r_, poolers);
    }

    /// The size that the limit of the pool's server leaves.
    std::optional<Forced> limit(Index pool, const std::optional<Connections>& size) const {
        if (!size) return std::nullopt;
        const Index database = model::database_of(fleet_, fleet_.pools[pool]);
        const Offer& offer = plan_.market->offer(database, *on_[database]);
        return Forced{*size, assess::limits(fleet_, *plan_.market, database, offer, r_).usable.id};
    }

    void demands() {
        if (r_.on())
            for (Index i = 0; i < fleet_.services.size(); ++i)
                plan_.deploy_instances[i] = assess::deploy_instances(fleet_, i, r_);
        use_.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) use_.push_back(assess::pool_use(fleet_, i, now_.pools[i], r_));
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            plan_.poolers[i].now = now_.poolers[i];
            plan_.poolers[i].after = after_.poolers[i];
        }
    }

    void databases() {
        plan_.databases.resize(fleet_.databases.size());
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            DatabasePlan& database = plan_.databases[i];
            const auto& pools = plan_.topology.pools[i];
            database.budget = assess::budget(fleet_, *plan_.market, i, pools, now_, use_, r_);
            database.demand = now_.databases[i];
            database.after = after_.databases[i];
            database.load = load_database(fleet_, i, pools, loads_, now_, r_);
        }
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            PoolPlan& pool = plan_.pools[i];
            pool.use = std::move(use_[i]);
            pool.now = std::move(now_.pools[i]);
            pool.after = std::move(after_.pools[i]);
        }
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!fleet_.databases[i].replica_of) choose_together(i);
    }

    /// A primary, then its replicas, which may not be smaller than what it becomes. Where that makes one of them
    /// dearer, the primary is chosen once more among the classes that let them stay: the cheaper whole counts.
    void choose_together(Index primary) {
        const std::vector<Index>& replicas = plan_.topology.replicas[primary];
        const auto choose = [&](bool stay, Recorder r) {
            choose_class(primary, stay ? std::span<const Index>(replicas) : std::span<const Index>(), r);
            for (const Index i : replicas) choose_class(i, {}, r);
        };
        if (replicas.empty() || !fleet_.databases[primary].platform->standby_needs_limit) return choose(false, r_);
        choose(false, {});
        bool stay = false;
        if (std::any_of(replicas.begin(), replicas.end(), [&](Index i) { return held_up(plan_.databases[i]); })) {
            const auto led = whole(primary);
            std::vector<DatabasePlan> before{plan_.databases[primary]};
            for (const Index i : replicas) before.push_back(plan_.databases[i]);
            choose(true, {});
            stay = whole(primary) < led;
            if (!stay && !r_.on()) {
                plan_.databases[primary] = std::move(before.front());
                for (std::size_t k = 0; k < replicas.size(); ++k)
                    plan_.databases[replicas[k]] = std::move(before[k + 1]);
            }
        }
        if (r_.on()) choose(stay, r_);
    }

    /// Does its primary alone stand against a class that is cheaper, or against today's?
    static bool held_up(const DatabasePlan& plan) {
        const auto& chosen = plan.recommendation.ranked_by;
        return std::any_of(plan.candidates.begin(), plan.candidates.end(), [&](const Candidate& candidate) {
            bool by_primary = false;
            for (const Reason& reason : candidate.reasons) {
                if (!reason.blocking) continue;
                if (reason.kind != Reason::Kind::replica) return false;
                by_primary = true;
            }
            return by_primary && candidate.ranked_by && (!chosen || *candidate.ranked_by < *chosen);
        });
    }

    /// How many have no class that is known to fit, then what all of them cost.
    std::pair<int, std::int64_t> whole(Index primary) const {
        std::pair<int, std::int64_t> sum{0, 0};
        const auto add = [&](Index i) {
            const Recommendation& r = plan_.databases[i].recommendation;
            const auto& all = plan_.databases[i].candidates;
            const auto chosen = std::ranges::find(all, r.cls, &Candidate::cls);
            if (r.verdict == Verdict::unknown || chosen == all.end() || !chosen->fits) ++sum.first;
            if (r.ranked_by) sum.second += r.ranked_by->value;
        };
        add(primary);
        for (const Index i : plan_.topology.replicas[primary]) add(i);
        return sum;
    }

    void choose_class(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& result = plan_.databases[i];
        const Database& database = fleet_.databases[i];
        const Market& market = *plan_.market;
        const Offer& today = market.offer(i, *database.type);
        result.after = after_.databases[i];  // it may have followed another class, the last time
        result.now = assess::project(fleet_, market, i, today, result.demand, result.demand, Phase::now, r);
        result.chosen = assess::project(fleet_, market, i, today, result.demand, result.after, Phase::after, r);
        result.candidates = candidates(
            {fleet_, market, i, result.demand, result.after, result.load ? &*result.load : nullptr,
             database.replica_of ? &plan_.databases[*database.replica_of] : nullptr, request_.depth, staying});
        const bool resized = pools_change(plan_, i);
        result.recommendation = choose({fleet_, market, i, resized}, result);
        result.recommendation.outages = outages(plan_, i);
        const bool over = !result.recommendation.outages.empty();
        if (over) end_outage(i);
        const InstanceClass& cls = *result.recommendation.cls;
        if (&cls != database.type) {
            // What follows max_connections is another on another class.
            const Limits there = assess::limits(fleet_, market, i, market.offer(i, cls), r);
            result.after = assess::demand_at(result.after, there, i, &cls, Phase::after, r);
            result.chosen = project(fleet_, plan_, i, cls, r);
        }
        if (over) result.recommendation.ways = ways_out(fleet_, plan_, i, resized);
        settle(fleet_, i, result, r);
        assess_risk(fleet_, i, result);
    }

    /// Before a dearer class comes a limit that only has to be raised.
    void end_outage(Index i) {
        DatabasePlan& mine = plan_.databases[i];
        Recommendation& advice = mine.recommendation;
        advice.verdict = Verdict::over;
        const bool by_pooler = pooler_is_enough(fleet_, plan_, i);
        const auto to = by_pooler ? std::nullopt : raised_limit(fleet_, plan_, i);
        if (!to && !by_pooler) return;
        const InstanceClass& today = *fleet_.databases[i].type;
        advice.cls = &today;
        advice.ranked_by = std::ranges::find(mine.candidates, &today, &Candidate::cls)->ranked_by;
        advice.missing.clear();
        advice.summary.no_class = Summary::NoClass::found;
        advice.summary.kind = to ? Summary::Kind::limit_raised : Summary::Kind::pools_cure;
        if (!to) return;
        advice.max_connections = to;
        // `chosen` is today's class still. What follows from the new limit is no figure of the inventory's.
        const Projection raised = assess::project(fleet_, *plan_.market, i, plan_.market->offer(i, today), mine.demand,
                                                  mine.after, Phase::after, {}, to);
        mine.chosen.limits.max_planned = raised.limits.max_planned;
        mine.chosen.limits.usable = raised.limits.usable;
        mine.chosen.utilization = raised.utilization;
        mine.chosen.checks = raised.checks;
    }

    /// Over those whose cost is known, today's and after: a server of the user's own has none.
    template <class Part>
    std::optional<Figure<MicroUsdPerMonth>> total(const std::vector<Index>& priced, Name name, Measure measure,
                                                  Part part) const {
        if (priced.empty() && !request_.counted.empty()) return std::nullopt;
        std::vector<assess::Term> parts;
        for (const Index i : priced) {
            const std::optional<Figure<MicroUsdPerMonth>>& figure = part(plan_.databases[i]);
            if (figure) parts.push_back(r_(*figure));
        }
        return r_.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, name}, measure, assess::sum(parts, r_.figures()));
    }

    void totals() {
        using Money = const std::optional<Figure<MicroUsdPerMonth>>&;
        Totals& totals = plan_.totals;
        std::vector<Index> priced;
        for (const Index i : request_.counted) {
            if (!fleet_.databases[i].platform->has_classes) continue;
            (plan_.databases[i].recommendation.saves ? priced : totals.unpriced).push_back(i);
        }
        totals.now = total(priced, Name::total_now, Measure::usd_per_month,
                           [](const DatabasePlan& d) -> Money { return d.now.cost; });
        totals.after = total(priced, Name::total_after, Measure::usd_per_month,
                             [](const DatabasePlan& d) -> Money { return d.recommendation.cost; });
        totals.saves = total(priced, Name::total_saves_per_month, Measure::usd_per_month,
                             [](const DatabasePlan& d) -> Money { return d.recommendation.saves; });
        totals.saves_per_year = total(priced, Name::total_saves_per_year, Measure::usd_per_year,
                                      [](const DatabasePlan& d) -> Money { return d.recommendation.saves_per_year; });
        const bool any_peak = std::any_of(priced.begin(), priced.end(), [&](Index i) {
            return plan_.databases[i].recommendation.peak_per_year.has_value();
        });
        if (any_peak)
            totals.peak_per_year = total(priced, Name::total_peak_per_year, Measure::usd_per_year,
                                         [](const DatabasePlan& d) -> Money { return d.recommendation.peak_per_year; });
    }

    const Fleet& fleet_;
    const Request& request_;
    const Classes& classes_;  ///< that pools are sized for
    const Classes& on_;       ///< whose limits force sizes
    Sizer& sizer_;
    Recorder r_;
    Plan plan_;
    PoolLoads loads_;
    std::vector<PoolUse> use_;
    Demand now_, after_;
};

/// Classes to be on next: the recommended ones, where a size depends on the vCPUs.
Classes next_classes(const Plan& plan, const Fleet& fleet, const Classes& classes) {
    Classes next = classes;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const auto& load = plan.pools[i].load;
        if (!load || !load->knee) continue;
        const Index database = model::database_of(fleet, fleet.pools[i]);
        next[database] = plan.databases[database].recommendation.cls;
    }
    return next;
}

/// Classes to be on, where the limits of today's force sizes: another class may leave more.
Classes next_limits(const Plan& plan, const Fleet& fleet, const Classes& on) {
    Classes next = on;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        if (plan.pools[i].advice.basis != Basis::limit) continue;
        const Index database = model::database_of(fleet, fleet.pools[i]);
        const Index primary = fleet.databases[database].replica_of.value_or(database);
        next[primary] = plan.databases[primary].recommendation.cls;
        for (const Index replica : plan.topology.replicas[primary])
            next[replica] = plan.databases[replica].recommendation.cls;
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (!plan.poolers[i].size) continue;
        const Index database = fleet.poolers[i].database;
        next[database] = plan.databases[database].recommendation.cls;
    }
    return next;
}

bool same_vcpus(const Classes& a, const Classes& b) {
    return std::ranges::equal(a, b, {}, &InstanceClass::vcpus, &InstanceClass::vcpus);
}

// A size within the knee of a class may change which class is the cheapest, and that its knee: it settles at once or
// after a round, since classes differ in vCPUs by factors. Where it does not, the last answer stands, and holds for
// the class before.
constexpr int most_rounds = 4;

}  // namespace

Plan make(const Fleet& fleet, const Catalog& catalog, const Request& request) {
    const auto market = std::make_shared<const Market>(fleet, catalog, request.term);
    const Topology topology = model::topology(fleet);
    Sizer sizer;
    Classes classes;
    for (const Database& database : fleet.databases) classes.push_back(database.type);
    Classes on = classes;
    const auto plan_on = [&](Recorder r) {
        return Maker(fleet, request, market, topology, classes, on, sizer, r).make();
    };
    for (int round = 1;; ++round) {
        Plan plan = plan_on({});
        Classes next = next_classes(plan, fleet, classes), next_on = next_limits(plan, fleet, on);
        if (round < most_rounds && (!same_vcpus(next, classes) || next_on != on)) {
            classes = std::move(next);
            on = std::move(next_on);
            continue;
        }
        if (request.figures != nullptr) plan = plan_on(Recorder(request.figures));
        ways_by_strategy(fleet, plan);
        return plan;
    }
}

Projection project(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls, Recorder recorder) {
    const DatabasePlan& mine = plan.databases[database];
    return assess::project(fleet, *plan.market, database, plan.market->offer(database, cls), mine.demand, mine.after,
                           Phase::after, recorder);
}

}  // namespace poolfit::plan
