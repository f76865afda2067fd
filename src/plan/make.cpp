// The whole plan: sizes of pools, demand, and a class for each database.
#include <poolfit/plan/plan.hpp>

#include <algorithm>
#include <utility>

#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/threads/parallel.hpp>

#include "beside.hpp"
#include "capacity.hpp"
#include "class_choice.hpp"
#include "force.hpp"
#include "joint.hpp"
#include "make.hpp"
#include "pooler_size.hpp"
#include "pools.hpp"
#include "recommend.hpp"
#include "rounds.hpp"
#include "storage.hpp"
#include "taken.hpp"
#include "totals.hpp"

namespace poolfit::plan {

namespace {

class PlanMaker {
public:
    /// What `before` says of servers that are on the same classes again is taken from it.
    PlanMaker(const Fleet& fleet, const Request& request, std::shared_ptr<const Market> market,
              const Topology& topology, const Classes& classes, const Classes& on, Before* before, Sizer& sizer,
              Recorder r, std::shared_ptr<const Steers> steers, const Terms* touching)
        : fleet_(fleet),
          request_(request),
          classes_(classes),
          on_(on),
          before_(before),
          sizer_(sizer),
          r_(r),
          touching_(touching) {
        plan_.term = request.term;
        plan_.steers = std::move(steers);
        plan_.market = std::move(market);
        plan_.topology = topology;
        kept_ = before == nullptr
                    ? std::vector<char>(fleet.databases.size(), 0)
                    : kept_servers(fleet, before->plan, {before->classes, before->on}, {classes, on}, plan_.steers);
    }

    /// With right-sized pools.
    const Plan& base() {
        // Room for the databases is made meanwhile: that much memory takes its time to come.
        side_by_side([&] { sizes(); }, [&] { make_room(); });
        now_ = assess::demand(fleet_, *plan_.market, declared_, Phase::now, r_, {}, threads());
        side_by_side([&] { poolers(); }, [&] { today(); });
        databases();
        return plan_;
    }

    /// With the recommended strategy, and what it all costs; once, after `base`.
    const Plan& finish() {
        const auto rejudge = [&](Index primary, const std::vector<DatabaseDemand>& demand, bool to_weigh) {
            const Depth depth = to_weigh ? Depth::decide : request_.depth;  // which class it would be, and no more
            choose_classes(fleet_, plan_, primary, {depth, &demand, to_weigh, to_weigh ? nullptr : touching_}, {});
        };
        const auto take_sizes = [&](const Strategy& strategy) { take(strategy, {}); };
        Weighings weighings{std::move(weighed_), kept_};
        const auto taken = join(fleet_, plan_, rejudge, take_sizes, weighings, threads());
        weighed_ = std::move(weighings.rows);
        if (r_.on()) derive(taken);
        settle_poolers(fleet_, plan_, r_);
        each_database([&](Index i) { plan_.databases[i].capacity = capacity_use(fleet_, plan_, i, r_); });
        each_database([&](Index i) { plan_.databases[i].storage = storage_use(fleet_, plan_, i, r_); });
        each_database([&](Index i) { assess_volume_risk(fleet_, i, plan_.databases[i]); });
        bill_poolers(fleet_, plan_, r_);
        assess_proxy_risks(fleet_, plan_);
        each_database([&](Index i) { settle_idle(fleet_, plan_, i, r_); });
        plan_.totals = total(fleet_, plan_, request_.counted, r_);
        return plan_;
    }

    Plan take() { return std::move(plan_); }
    std::vector<Weighed> take_weighed() { return std::move(weighed_); }

private:
    /// Figures are recorded in order, so a run that records uses one thread.
    int threads() const { return r_.on() ? 1 : request_.threads; }

    /// Neither has a use for what the other makes.
    template <class First, class Second>
    void side_by_side(const First& first, const Second& second) const {
        const bool large = fleet_.databases.size() > threads::databases_at_once;
        threads::in_parallel(2, large ? threads() : 1, [&](int piece) { piece == 0 ? first() : second(); });
    }

    /// Nothing computed for one depends on the result of another.
    template <class Work>
    void each_database(const Work& work) const {
        threads::over_databases(fleet_.databases.size(), threads(), [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i) work(static_cast<Index>(i));
        });
    }

    template <class Work>
    void each_pool(const Work& work) const {
        constexpr std::size_t at_once = 2048;  // cheap ones
        threads::in_ranges(fleet_.pools.size(), at_once, threads(), [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i) work(static_cast<Index>(i));
        });
    }

    bool kept(Index database) const { return kept_[database] != 0; }
    bool kept_pool(Index pool) const { return kept(model::database_of(fleet_, fleet_.pools[pool])); }

    /// The same choices once more, with their derivations.
    void derive(std::optional<std::size_t> taken) {
        std::vector<Strategy> all;
        const std::vector<DatabaseDemand>* carried = nullptr;
        if (taken) {
            // What a strategy's size may be based on.
            for (Index i = 0; i < fleet_.databases.size(); ++i) {
                DatabasePlan& mine = plan_.databases[i];
                const Offer& offer = plan_.market->offer(i, *mine.chosen.cls);
                Figure<Connections>& most = mine.chosen.limits.max_planned;
                if (!mine.chosen.limits.known) continue;
                if (mine.recommendation.max_connections)
                    most.id = r_.literal(static_cast<double>(most.value.value)).id;
                else
                    mine.chosen.limits = assess::limits(fleet_, *plan_.market, i, offer, r_);
            }
            all = made({fleet_, plan_, r_, 1, false});
            carried = all[*taken].demand.get();
            take(all[*taken], r_);
        }
        for (Index i = 0; i < fleet_.databases.size(); ++i)
            if (!fleet_.databases[i].replica_of)
                choose_classes(fleet_, plan_, i, {request_.depth, carried, false, touching_}, r_);
    }

    void take(const Strategy& strategy, Recorder r) {
        take_sizes(fleet_, plan_, strategy, {classes_, loads_, sizer_}, r);
    }

    void sizes() {
        if (before_ != nullptr) plan_.pools = std::move(before_->plan.pools);
        plan_.pools.resize(fleet_.pools.size());
        each_pool([&](Index i) {
            PoolPlan pool;
            if (kept_pool(i)) {
                pool.declared = plan_.pools[i].declared;
                pool.by_vcpus = plan_.pools[i].by_vcpus;
                pool.advice = plan_.pools[i].advice;
            } else {
                pool.declared = assess::declared_size(fleet_, i, r_);
                pool.by_vcpus = assess::size_by_vcpus(fleet_, i, r_);
            }
            plan_.pools[i] = std::move(pool);
        });
        declared_.reserve(plan_.pools.size());
        for (const PoolPlan& pool : plan_.pools) declared_.push_back(pool.declared);
        loads_ = load_pools(fleet_, classes_, declared_, sizer_, r_);
        for (Index i = 0; i < fleet_.services.size(); ++i)
            plan_.deploy_instances.push_back(assess::deploy_instances(fleet_, i, {}));
        each_pool([&](Index i) {
            plan_.pools[i].load = loads_[i];
            if (!kept_pool(i)) plan_.pools[i].advice = advise(fleet_, i, set_there(i, {}), loads_[i].get(), {}, {});
        });
        const auto forced = forced_sizes(fleet_, *plan_.market, plan_, on_, kept_, threads());
        recommended_.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            if (forced[i] || r_.on())
                plan_.pools[i].advice = advise(fleet_, i, set_there(i, r_), loads_[i].get(), limit(i, forced[i]), r_);
            recommended_.push_back(plan_.pools[i].advice.size);
        }
        rate_pools(fleet_, classes_, declared_, recommended_, loads_, sizer_, r_);
    }

    void poolers() {
        size_poolers(fleet_, plan_, loads_, now_, recommended_, on_, sizer_, r_, threads());
        std::vector<PoolerSize> sizes;
        for (const PoolerPlan& pooler : plan_.poolers) sizes.push_back(pooler.size);
        after_ = assess::demand(fleet_, *plan_.market, recommended_, Phase::after, r_, sizes, threads());
    }

    /// What does not depend on what is recommended.
    void today() {
        if (r_.on())
            for (Index i = 0; i < fleet_.services.size(); ++i)
                plan_.deploy_instances[i] = assess::deploy_instances(fleet_, i, r_);
        use_.resize(fleet_.pools.size());
        each_pool([&](Index i) { use_[i] = assess::pool_use(fleet_, i, now_.pools[i], r_); });
        each_database([&](Index i) {
            if (kept(i)) return;
            DatabasePlan& database = plan_.databases[i];
            if (before_ != nullptr) database = {};
            const auto& pools = plan_.topology.pools[i];
            database.budget = assess::budget(fleet_, *plan_.market, i, pools, now_, use_, r_);
            database.load = load_database(fleet_, i, pools, loads_, now_, r_);
        });
    }

    /// The value of the pool's max on the recommended class.
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

    void make_room() {
        if (before_ != nullptr) {
            plan_.databases = std::move(before_->plan.databases);
            weighed_ = std::move(before_->weighed);
        }
        plan_.databases.resize(fleet_.databases.size());
    }

    void databases() {
        keep_shares(plan_, now_);
        keep_shares(plan_, after_);
        for (Index i = 0; i < fleet_.poolers.size(); ++i) {
            plan_.poolers[i].now = now_.poolers[i];
            plan_.poolers[i].after = after_.poolers[i];
        }
        each_database([&](Index i) {
            if (kept(i)) return;
            DatabasePlan& database = plan_.databases[i];
            database.demand = std::move(now_.databases[i]);
            database.right_sized = std::move(after_.databases[i]);
            database.after = database.right_sized;
        });
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            PoolPlan& pool = plan_.pools[i];
            pool.use = std::move(use_[i]);
            pool.now = std::move(now_.pools[i]);
            pool.after = pool.right_sized = std::move(after_.pools[i]);
        }
        judge_clients(fleet_, plan_, {});
        each_database([&](Index i) {
            if (!fleet_.databases[i].replica_of && !kept(i))
                choose_classes(fleet_, plan_, i, {request_.depth, nullptr, false, touching_}, {});
        });
    }

    const Fleet& fleet_;
    const Request& request_;
    const Classes& classes_;  ///< that pools are sized for
    const Classes& on_;       ///< whose limits force sizes
    Before* before_;          ///< null in the first round, and with a recorder, which has to record everything
    std::vector<char> kept_;  ///< by database: `before_` has its answers
    Sizer& sizer_;
    Recorder r_;
    const Terms* touching_;
    Plan plan_;
    std::vector<PoolSize> declared_, recommended_;
    PoolLoads loads_;
    std::vector<PoolUse> use_;
    std::vector<Weighed> weighed_;
    Demand now_, after_;
};

// A size within the knee of a class may change which class is the cheapest, and that its knee: it settles at once or
// after a round, since classes differ in vCPUs by factors. Where it does not, the last answer stands, and holds for
// the class before.
constexpr int most_rounds = 4;

}  // namespace

Before planned(Common& common, const Request& request, const std::shared_ptr<const Steers>& steers,
               std::optional<Before> before) {
    const Fleet& fleet = common.fleet;
    Classes classes;
    for (const Database& database : fleet.databases) classes.push_back(database.type);
    Classes on = classes;
    if (before) {
        const std::vector<char> same = same_steers(fleet, before->plan, steers);
        for (Index i = 0; i < fleet.databases.size(); ++i)
            if (same[i] != 0) classes[i] = before->classes[i], on[i] = before->on[i];
    }
    for (int round = 1;; ++round) {
        Classes next, next_on;
        const auto settled = [&](const Plan& plan) {
            next = next_classes(plan, fleet, classes), next_on = next_limits(plan, fleet, on);
            return round >= most_rounds || (same_vcpus(next, classes) && next_on == on);
        };
        PlanMaker maker(fleet, request, common.market, common.topology, classes, on, before ? &*before : nullptr,
                        common.sizer, {}, steers, common.touching);
        if (!settled(maker.base())) {
            before = Before{maker.take(), std::move(classes), std::move(on), {}};
        } else if (!settled(maker.finish())) {
            before = Before{maker.take(), std::move(classes), std::move(on), maker.take_weighed()};
        } else if (request.figures == nullptr) {
            return {maker.take(), std::move(classes), std::move(on), maker.take_weighed()};
        } else {
            PlanMaker derived(fleet, request, common.market, common.topology, classes, on, nullptr, common.sizer,
                              Recorder(request.figures), steers, common.touching);
            derived.base();
            derived.finish();
            return {derived.take(), std::move(classes), std::move(on), {}};
        }
        classes = std::move(next);
        on = std::move(next_on);
    }
}

}  // namespace poolfit::plan
