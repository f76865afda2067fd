// The whole plan: sizes of pools, demand, and a class for each database.
#include <poolfit/plan/plan.hpp>

#include <algorithm>

#include <poolfit/model/sizes.hpp>

#include "grown.hpp"
#include "judge.hpp"
#include "pools.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

/// Does a pool that ends on the database get another size?
bool pools_change(const Plan& plan, Index database) {
    const auto& pools = plan.topology.pools[database];
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
          const Classes& classes, const std::vector<char>& stay, Sizer& sizer, Recorder r)
        : fleet_(fleet), request_(request), classes_(classes), stay_(stay), sizer_(sizer), r_(r) {
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
        std::vector<PoolSize> recommended;
        recommended.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            plan_.pools[i].advice =
                advise(fleet_, i, declared[i], loads_[i].get(), stay_[i] != 0 ? Grow::no : Grow::yes, r_);
            recommended.push_back(plan_.pools[i].advice.size);
        }
        rate_pools(fleet_, classes_, declared, recommended, loads_, sizer_, r_);
        now_ = assess::demand(fleet_, *plan_.market, declared, Phase::now, r_);
        after_ = assess::demand(fleet_, *plan_.market, recommended, Phase::after, r_);
    }

    void demands() {
        for (Index i = 0; i < fleet_.services.size(); ++i)
            plan_.deploy_instances.push_back(assess::deploy_instances(fleet_, i, r_));
        use_.reserve(fleet_.pools.size());
        for (Index i = 0; i < fleet_.pools.size(); ++i) use_.push_back(assess::pool_use(fleet_, i, now_.pools[i], r_));
        plan_.poolers.reserve(fleet_.poolers.size());
        for (Index i = 0; i < fleet_.poolers.size(); ++i) plan_.poolers.push_back({now_.poolers[i], after_.poolers[i]});
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
        // Primaries first: a replica may not be smaller than what its primary becomes.
        for (const bool replicas : {false, true})
            for (Index i = 0; i < fleet_.databases.size(); ++i)
                if (fleet_.databases[i].replica_of.has_value() == replicas) choose_class(i);
        for (Index i = 0; i < fleet_.pools.size(); ++i) {
            PoolPlan& pool = plan_.pools[i];
            pool.load = std::move(loads_[i]);
            pool.use = std::move(use_[i]);
            pool.now = std::move(now_.pools[i]);
            pool.after = std::move(after_.pools[i]);
        }
    }

    void choose_class(Index i) {
        DatabasePlan& result = plan_.databases[i];
        const Database& database = fleet_.databases[i];
        const Market& market = *plan_.market;
        const Offer& today = market.offer(i, *database.type);
        result.now = assess::project(fleet_, market, i, today, result.demand, result.demand, Phase::now, r_);
        result.chosen = assess::project(fleet_, market, i, today, result.demand, result.after, Phase::after, r_);
        result.candidates =
            candidates({fleet_, market, i, result.demand, result.after, result.load ? &*result.load : nullptr,
                        database.replica_of ? &plan_.databases[*database.replica_of] : nullptr, request_.depth});
        result.recommendation = choose({fleet_, market, i, pools_change(plan_, i)}, result);
        const InstanceClass& cls = *result.recommendation.cls;
        if (&cls != database.type) result.chosen = project(fleet_, plan_, i, cls, r_);
        settle(fleet_, i, result, r_);
        assess_risk(fleet_, i, result);
    }

    /// Over what has a list price at all: a server of the user's own is not counted.
    template <class Part>
    std::optional<Figure<MicroUsdPerMonth>> total(Name name, Measure measure, Part part) const {
        std::vector<assess::Term> parts;
        for (const Index i : request_.counted) {
            if (!fleet_.databases[i].platform->has_classes) continue;
            const std::optional<Figure<MicroUsdPerMonth>>& figure = part(plan_.databases[i]);
            if (!figure) return std::nullopt;
            parts.push_back(r_(*figure));
        }
        if (parts.empty() && !request_.counted.empty()) return std::nullopt;
        return r_.keep<MicroUsdPerMonth>({{Subject::Kind::totals, 0}, name}, measure, assess::sum(parts, r_.figures()));
    }

    void totals() {
        using Money = const std::optional<Figure<MicroUsdPerMonth>>&;
        Totals& totals = plan_.totals;
        totals.now =
            total(Name::total_now, Measure::usd_per_month, [](const DatabasePlan& d) -> Money { return d.now.cost; });
        totals.after = total(Name::total_after, Measure::usd_per_month,
                             [](const DatabasePlan& d) -> Money { return d.recommendation.cost; });
        totals.saves = total(Name::total_saves_per_month, Measure::usd_per_month,
                             [](const DatabasePlan& d) -> Money { return d.recommendation.saves; });
        totals.saves_per_year = total(Name::total_saves_per_year, Measure::usd_per_year,
                                      [](const DatabasePlan& d) -> Money { return d.recommendation.saves_per_year; });
    }

    const Fleet& fleet_;
    const Request& request_;
    const Classes& classes_;
    const std::vector<char>& stay_;  ///< pools that are not raised for their process: without_room
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
    std::vector<char> stay(fleet.pools.size(), 0);
    const auto plan_on = [&](Recorder r) {
        return Maker(fleet, request, market, topology, classes, stay, sizer, r).make();
    };
    const auto more_stay = [&](const Plan& plan) {
        const std::vector<char> blocked = without_room(fleet, plan);
        const bool found = std::ranges::find(blocked, 1) != blocked.end();
        for (std::size_t i = 0; i < stay.size(); ++i) stay[i] = static_cast<char>(stay[i] | blocked[i]);
        return found;
    };
    for (int round = 1;; ++round) {
        Plan plan = plan_on({});
        if (more_stay(plan)) plan = plan_on({});
        Classes next = next_classes(plan, fleet, classes);
        if (round < most_rounds && !same_vcpus(next, classes)) {
            classes = std::move(next);
            continue;
        }
        if (request.figures != nullptr) return plan_on(Recorder(request.figures));
        return plan;
    }
}

Projection project(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls, Recorder recorder) {
    const DatabasePlan& mine = plan.databases[database];
    return assess::project(fleet, *plan.market, database, plan.market->offer(database, cls), mine.demand, mine.after,
                           Phase::after, recorder);
}

}  // namespace poolfit::plan
