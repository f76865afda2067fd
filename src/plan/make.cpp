// The whole plan: sizes of pools, demand, and a class for each database.
#include <poolfit/plan/plan.hpp>

#include <algorithm>
#include <span>
#include <utility>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/sizes.hpp>

#include "force.hpp"
#include "joint.hpp"
#include "judge.hpp"
#include "outage.hpp"
#include "pooler_size.hpp"
#include "pools.hpp"
#include "recommend.hpp"
#include "rounds.hpp"
#include "taken.hpp"
#include "together.hpp"
#include "totals.hpp"

namespace poolfit::plan {

namespace {

/// Does a pool that ends on the database, or a pooler of its, get another size or mode?
bool pools_change(const Plan& plan, Index database) {
    const auto& pools = plan.topology.pools[database];
    for (const Index i : plan.topology.poolers[database])
        if (plan.poolers[i].to_transaction ||
            (plan.poolers[i].size && plan.poolers[i].basis != PoolerPlan::Basis::kept))
            return true;
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

/// The plan of the round before, and the classes that it was made for.
struct Before {
    Plan plan;
    Classes classes, on;
};

class Maker {
public:
    /// What `before` says of servers that are on the same classes again is taken from it.
    Maker(const Fleet& fleet, const Request& request, std::shared_ptr<const Market> market, const Topology& topology,
          const Classes& classes, const Classes& on, Before* before, Sizer& sizer, Recorder r)
        : fleet_(fleet), request_(request), classes_(classes), on_(on), before_(before), sizer_(sizer), r_(r) {
        plan_.term = request.term;
        plan_.market = std::move(market);
        plan_.topology = topology;
        kept_ = before == nullptr ? std::vector<char>(fleet.databases.size(), 0)
                                  : kept_servers(fleet, topology, {before->classes, before->on}, {classes, on});
    }

    /// With right-sized pools.
    const Plan& base() {
        pools();
        demands();
        databases();
        return plan_;
    }

    /// With the recommended strategy, and what it all costs; once, after `base`.
    const Plan& finish() {
        const auto rejudge = [&](Index primary, const std::vector<DatabaseDemand>& demand, bool to_weigh) {
            carried_ = &demand;
            weighing_ = to_weigh;
            choose_together(primary, {});
            weighing_ = false;
        };
        const auto taken = join(fleet_, plan_, rejudge, [&](const Strategy& strategy) { take(strategy, {}); });
        if (r_.on()) derive(taken);
        settle_poolers(fleet_, plan_, r_);
        plan_.totals = total(fleet_, plan_.databases, request_.counted, r_);
        return plan_;
    }

    Plan take() { return std::move(plan_); }

private:
    bool kept(Index database) const { return kept_[database] != 0; }
    bool kept_pool(Index pool) const { return kept(model::database_of(fleet_, fleet_.pools[pool])); }

    /// The same choices once more, with their derivations.
    void derive(std::optional<std::size_t> taken) {
        std::vector<Strategy> all;
        if (taken) {
            // What a strategy's size may stand on.
            for (Index i = 0; i < fleet_.databases.size(); ++i) {
                DatabasePlan& mine = plan_.databases[i];
                const Offer& offer = plan_.market->offer(i, *mine.chosen.cls);
                Figure<Connections>& most = mine.chosen.limits.max_planned;
                if (mine.recommendation.max_connections)
                    most.id = r_.literal(static_cast<double>(most.value.value)).id;
                else
                    mine.chosen.limits = assess::limits(fleet_, *plan_.market, i, offer, r_);
            }
            all = made({fleet_, plan_, r_});
            carried_ = all[*taken].demand.get();
            take(all[*taken], r_);
        }
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!fleet_.databases[i].replica_of) choose_together(i, r_);
    }

    void take(const Strategy& strategy, Recorder r) {
        take_sizes(fleet_, plan_, strategy, {classes_, loads_, sizer_}, r);
    }

    void pools() {
        plan_.pools.resize(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            if (kept_pool(i)) {
                plan_.pools[i].declared = before_->plan.pools[i].declared;
                plan_.pools[i].by_vcpus = before_->plan.pools[i].by_vcpus;
                continue;
            }
            plan_.pools[i].declared = assess::declared_size(fleet_, i, r_);
            plan_.pools[i].by_vcpus = assess::size_by_vcpus(fleet_, i, r_);
        }
        const std::vector<PoolSize> declared = sizes(plan_, &PoolPlan::declared);
        loads_ = load_pools(fleet_, classes_, declared, sizer_, r_);
        for (Index i = 0; i < fleet_.services.size(); ++i)
            plan_.deploy_instances.push_back(assess::deploy_instances(fleet_, i, {}));
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            plan_.pools[i].load = loads_[i];
            plan_.pools[i].advice = kept_pool(i) ? before_->plan.pools[i].advice
                                                 : advise(fleet_, i, set_there(i, {}), loads_[i].get(), {}, {});
        }
        const auto forced = forced_sizes(fleet_, *plan_.market, plan_, on_, kept_);
        std::vector<PoolSize> recommended;
        recommended.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            if (forced[i] || r_.on())
                plan_.pools[i].advice = advise(fleet_, i, set_there(i, r_), loads_[i].get(), limit(i, forced[i]), r_);
            recommended.push_back(plan_.pools[i].advice.size);
        }
        rate_pools(fleet_, classes_, declared, recommended, loads_, sizer_, r_);
        now_ = assess::demand(fleet_, *plan_.market, declared, Phase::now, r_);
        size_poolers(fleet_, plan_, loads_, now_, recommended, on_, sizer_, r_);
        std::vector<PoolerSize> poolers;
        for (const PoolerPlan& pooler : plan_.poolers) poolers.push_back(pooler.size);
        after_ = assess::demand(fleet_, *plan_.market, recommended, Phase::after, r_, poolers);
        keep_shares(plan_, now_);
        keep_shares(plan_, after_);
    }

    /// What the pool's max gives on the class to be on.
    PoolSize set_there(Index i, Recorder r) const {
        const Index database = model::database_of(fleet_, fleet_.pools[i]);
        const InstanceClass& cls = *classes_[database];
        const PoolSize& today = plan_.pools[i].declared;
        if (&cls == fleet_.databases[database].type || !assess::counts_database_vcpus(fleet_.pools[i])) return today;
        const PoolSize there = assess::size_on(fleet_, i, cls, r);
        return there ? there : today;
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
        if (before_ != nullptr) plan_.databases = std::move(before_->plan.databases);
        plan_.databases.resize(fleet_.databases.size());
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            if (kept(i)) continue;
            DatabasePlan& database = plan_.databases[i] = {};
            const auto& pools = plan_.topology.pools[i];
            database.budget = assess::budget(fleet_, *plan_.market, i, pools, now_, use_, r_);
            database.demand = now_.databases[i];
            database.right_sized = std::move(after_.databases[i]);
            database.after = database.right_sized;
            database.load = load_database(fleet_, i, pools, loads_, now_, r_);
        }
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            PoolPlan& pool = plan_.pools[i];
            pool.use = std::move(use_[i]);
            pool.now = std::move(now_.pools[i]);
            pool.after = pool.right_sized = std::move(after_.pools[i]);
        }
        judge_clients(fleet_, plan_);
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!fleet_.databases[i].replica_of && !kept(i)) choose_together(i, {});
    }

    /// A primary, then its replicas, which may not be smaller than what it becomes. Where that makes one of them
    /// dearer, the primary is chosen once more among the classes that let them stay: the cheaper whole counts.
    void choose_together(Index primary, Recorder recorder) {
        const std::vector<Index>& replicas = plan_.topology.replicas[primary];
        const auto choose = [&](bool stay, Recorder r) {
            choose_class(primary, stay ? std::span<const Index>(replicas) : std::span<const Index>(), r);
            for (const Index i : replicas) choose_class(i, {}, r);
        };
        if (replicas.empty() || !fleet_.databases[primary].platform->standby_needs_limit)
            return choose(false, recorder);
        choose(false, {});
        bool stay = false;
        if (std::any_of(replicas.begin(), replicas.end(), [&](Index i) { return held_up(plan_.databases[i]); })) {
            const auto led = whole(plan_, primary);
            std::vector<DatabasePlan> before{plan_.databases[primary]};
            for (const Index i : replicas) before.push_back(plan_.databases[i]);
            const bool asked = std::exchange(weighing_, true);
            choose(true, {});
            weighing_ = asked;
            stay = whole(plan_, primary) < led;
            plan_.databases[primary] = std::move(before.front());
            for (std::size_t k = 0; k < replicas.size(); ++k) plan_.databases[replicas[k]] = std::move(before[k + 1]);
        }
        if (stay || recorder.on()) choose(stay, recorder);
    }

    void choose_class(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& result = plan_.databases[i];
        const Database& database = fleet_.databases[i];
        const Market& market = *plan_.market;
        const Offer& today = market.offer(i, *database.type);
        // It may have followed another class, the last time.
        result.after = result.by_strategy.empty() ? result.right_sized : (*carried_)[i];
        // Derived below, with what else ends an outage.
        const bool raises = result.recommendation.max_connections ||
                            result.recommendation.summary.kind == Summary::Kind::smaller_pooler;
        if (result.now.cls == nullptr || r.on())
            result.now = assess::project(fleet_, market, i, today, result.demand, result.demand, Phase::now, r);
        result.chosen = assess::project(fleet_, market, i, today, result.demand, result.after, Phase::after,
                                        raises ? Recorder() : r);
        const std::vector<Candidate> before = std::move(result.candidates);
        Question asked = question(fleet_, plan_, i, request_.depth);
        asked.staying = staying;
        if (weighing_) asked.before = before;
        result.candidates = candidates(asked);
        const bool resized = pools_change(plan_, i) || !result.by_strategy.empty();
        result.recommendation = choose({fleet_, market, i, resized}, result);
        result.recommendation.outages = outages(fleet_, plan_, i);
        const bool over = !result.recommendation.outages.empty();
        const auto raised = over ? end_outage(i, staying, r) : std::nullopt;
        const InstanceClass& cls = *result.recommendation.cls;
        if (&cls != database.type || raised) {
            // What follows max_connections is another on another class, and at another value.
            Limits there = assess::limits(fleet_, market, i, market.offer(i, cls), r);
            if (raised) there.max_planned = *raised;
            result.after = assess::demand_at(result.after, there, i, &cls, Phase::after, r);
            result.chosen = assess::project(fleet_, market, i, market.offer(i, cls), result.demand, result.after,
                                            Phase::after, r, raised);
        }
        if (over) result.recommendation.ways = ways_out(fleet_, plan_, i, resized);
        if (const auto check = demand_check(fleet_, i, result.load ? &*result.load : nullptr, cls))
            result.chosen.checks.push_back(*check);
        settle(fleet_, i, result, r);
        assess_risk(fleet_, i, result);
    }

    /// Before a dearer class comes a limit that only has to be raised: what to, where that is what ends it.
    std::optional<Figure<Connections>> end_outage(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& mine = plan_.databases[i];
        Recommendation& advice = mine.recommendation;
        // Where no class carries the recommended pools, smaller poolers beside today's end it.
        const bool none = advice.verdict == Verdict::unknown;
        advice.verdict = Verdict::over;
        const auto poolers = none ? smaller_poolers(fleet_, plan_, i) : std::vector<Change>();
        auto by_pooler = demand_of_poolers(fleet_, plan_, i, poolers, r);
        // What fills any limit needs no higher one.
        auto to = by_pooler || mine.unmeasured ? std::nullopt : raised_limit(fleet_, plan_, i, r);
        if (!to && !by_pooler) return std::nullopt;
        if (to)  // it is sized for what shares of the server then open: their percentages stay
            for (ShareOfServer& share : mine.after.shares) share.keeps.reset();
        if (to && move_raised(i, staying, to->value)) return to;
        const InstanceClass& today = *fleet_.databases[i].type;
        advice.cls = &today;
        advice.ranked_by = today_of(fleet_, plan_, i).ranked_by;
        advice.missing.clear();
        advice.summary.no_class = Summary::NoClass::found;
        advice.summary.kind = to ? Summary::Kind::limit_raised : Summary::Kind::smaller_pooler;
        if (to) advice.max_connections = to->value;
        if (!by_pooler) return to;
        for (const Change& change : poolers) {
            PoolerPlan& pooler = plan_.poolers[*change.of.pooler];
            if (!pooler.right_sized) pooler.right_sized = pooler.size;
            pooler.size = Figure<std::int64_t>{change.size, {}};
            pooler.basis = PoolerPlan::Basis::limit;
        }
        mine.after = std::move(*by_pooler);
        mine.chosen = assess::project(fleet_, *plan_.market, i, plan_.market->offer(i, today), mine.demand, mine.after,
                                      Phase::after, r);
        return std::nullopt;
    }

    /// The class beside a raised limit: what that leaves over (CPU, say) or makes too large. Else the plan of the
    /// applied plan would be the first to name it. False where that is today's.
    bool move_raised(Index i, std::span<const Index> staying, Connections to) {
        DatabasePlan& mine = plan_.databases[i];
        Question asked = question(fleet_, plan_, i, request_.depth);
        asked.staying = staying;
        asked.raised = to;
        mine.candidates = candidates(asked);
        const Recommendation then = choose({fleet_, *plan_.market, i, true}, mine);
        if (then.verdict == Verdict::unknown || then.cls == fleet_.databases[i].type) return false;
        Recommendation& advice = mine.recommendation;
        advice.cls = then.cls;
        advice.ranked_by = then.ranked_by;
        advice.missing = then.missing;
        advice.summary = then.summary;
        advice.max_connections = to;
        return true;
    }

    const Fleet& fleet_;
    const Request& request_;
    const Classes& classes_;  ///< that pools are sized for
    const Classes& on_;       ///< whose limits force sizes
    Before* before_;          ///< null in the first round, and with a recorder, which has to see all
    std::vector<char> kept_;  ///< by database: `before_` has its answers
    Sizer& sizer_;
    Recorder r_;
    Plan plan_;
    PoolLoads loads_;
    std::vector<PoolUse> use_;
    Demand now_, after_;
    const std::vector<DatabaseDemand>* carried_ = nullptr;  ///< of the strategy that is judged
    bool weighing_ = false;                                 ///< only which class it would be, and its cost, is asked
};

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
    std::optional<Before> before;
    for (int round = 1;; ++round) {
        Classes next, next_on;
        const auto settled = [&](const Plan& plan) {
            next = next_classes(plan, fleet, classes), next_on = next_limits(plan, fleet, on);
            return round >= most_rounds || (same_vcpus(next, classes) && next_on == on);
        };
        Maker maker(fleet, request, market, topology, classes, on, before ? &*before : nullptr, sizer, {});
        if (!settled(maker.base())) {
            // What the next round may take from this one, before any strategy.
            before = Before{maker.take(), std::move(classes), std::move(on)};
        } else if (!settled(maker.finish())) {
            before.reset();
        } else if (request.figures == nullptr) {
            return maker.take();
        } else {
            Maker derived(fleet, request, market, topology, classes, on, nullptr, sizer, Recorder(request.figures));
            derived.base();
            derived.finish();
            return derived.take();
        }
        classes = std::move(next);
        on = std::move(next_on);
    }
}

Projection project(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls, Recorder recorder) {
    const DatabasePlan& mine = plan.databases[database];
    return assess::project(fleet, *plan.market, database, plan.market->offer(database, cls), mine.demand, mine.after,
                           Phase::after, recorder);
}

}  // namespace poolfit::plan
