#include "joint.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <poolfit/plan/savings.hpp>
#include <poolfit/threads/parallel.hpp>

#include "cover.hpp"
#include "judge.hpp"
#include "together.hpp"

namespace poolfit::plan {

namespace {

bool same(const std::optional<Figure<Connections>>& a, const std::optional<Figure<Connections>>& b) {
    return a.has_value() == b.has_value() && (!a || a->value == b->value);
}

bool same(const DatabaseDemand& a, const DatabaseDemand& b) {
    return same(a.allocated, b.allocated) && same(a.deploy_peak, b.deploy_peak) &&
           same(a.failover_peak, b.failover_peak);
}

/// In everything that a class is judged by, where no pooler follows max_connections.
bool alike(const DatabaseDemand& a, const DatabaseDemand& b) {
    return a.shares.empty() && b.shares.empty() && same(a, b) && same(a.services, b.services) &&
           same(a.allocated_at_least, b.allocated_at_least) && same(a.deploy_at_least, b.deploy_at_least) &&
           std::ranges::equal(a.losses, b.losses, [](const FailoverCase& one, const FailoverCase& other) {
               return one.from == other.from && one.peak == other.peak && one.at_least == other.at_least;
           });
}

bool more(const std::optional<Figure<Connections>>& then, const std::optional<Figure<Connections>>& before) {
    return then && (!before || then->value > before->value);
}

class Joiner {
public:
    Joiner(const Fleet& fleet, Plan& plan, const Rejudge& rejudge, const TakeSizes& take_sizes, Weighings& weighings,
           int threads)
        : fleet_(fleet),
          plan_(plan),
          rejudge_(rejudge),
          take_sizes_(take_sizes),
          weighings_(weighings),
          threads_(threads),
          all_(made({fleet, plan, Recorder(), threads, false})) {
        for (const DatabasePlan& database : plan.databases)
            joint_.allowed.push_back({allowed_by(database, Dimension::connections_steady),
                                      allowed_by(database, Dimension::connections_deploy), database.chosen.cls,
                                      database.chosen.limits.max_planned.value});
    }

    std::optional<std::size_t> join() {
        if (all_.empty()) return std::nullopt;
        const Joint::Way base = way();
        joint_.ways.assign(all_.size(), base);
        weighings_.rows.resize(all_.size());
        for (Index i = 0; i < plan_.databases.size() && !joint_.raised; ++i)
            if (plan_.databases[i].recommendation.max_connections) joint_.raised = i;
        joint_.base_cost = MicroUsdPerMonth(0);
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (may_take_over(i)) weigh(i);
        lay_over(joint_, all_);
        plan_.joint = std::make_shared<const Joint>(joint_);
        choose({fleet_, plan_, Recorder()}, all_);
        const auto taken = std::ranges::find_if(all_, &Strategy::recommended);
        if (taken == all_.end() || taken->role != Strategy::Role::takes_over) return std::nullopt;
        take(*taken);
        return static_cast<std::size_t>(taken - all_.begin());
    }

private:
    /// The plan's own classes.
    Joint::Way way() const {
        Joint::Way result;
        for (const DatabasePlan& database : plan_.databases) add(result, database);
        return result;
    }
    static void add(Joint::Way& way, const DatabasePlan& database) {
        way.classes.push_back(database.chosen.cls);
        way.usable.push_back(database.chosen.limits.usable.value);
        way.most.push_back(database.chosen.limits.max_planned.value);
    }

    /// Fewer connections than right-sized pools open, or these do not fit.
    bool may_take_over(std::size_t at) const {
        const Strategy& mine = all_[at];
        if (!mine.demand || !mine.applicable) return false;
        const auto base = std::ranges::find(all_, Strategy::Role::base, &Strategy::role);
        const bool fewer = mine.after && base->after && mine.after->value < base->after->value && !mine.unmeasured;
        return fewer || !fits({fleet_, plan_, Recorder()}, *base);
    }

    std::vector<Index> system(Index primary) const {
        std::vector<Index> all{primary};
        const auto& replicas = plan_.topology.replicas[primary];
        all.insert(all.end(), replicas.begin(), replicas.end());
        return all;
    }

    bool changes(Index i, const std::vector<DatabaseDemand>& demand) const {
        return !same(demand[i], plan_.databases[i].right_sized);
    }

    /// May another class be chosen for this demand? Fewer connections let a class pass only where they were too many.
    bool matters(Index i, const DatabaseDemand& demand) const {
        const DatabasePlan& mine = plan_.databases[i];
        const DatabaseDemand& before = mine.right_sized;
        if (!before.allocated || more(demand.allocated, before.allocated) ||
            more(demand.deploy_peak, before.deploy_peak) || more(demand.failover_peak, before.failover_peak))
            return true;
        if (mine.recommendation.max_connections) return true;
        const auto& chosen = mine.recommendation.ranked_by;
        return std::ranges::any_of(mine.candidates, [&](const Candidate& candidate) {
            const bool nearer = candidate.cls == fleet_.databases[i].type || !chosen ||
                                (candidate.ranked_by && *candidate.ranked_by < *chosen);
            return nearer && std::ranges::any_of(candidate.reasons, by_connections);
        });
    }

    /// What the classes of these are ranked by; nothing where one is not known.
    std::optional<MicroUsdPerMonth> cost(const std::vector<Index>& databases) const {
        MicroUsdPerMonth sum(0);
        for (const Index i : databases) {
            const auto& one = plan_.databases[i].recommendation.ranked_by;
            if (!one) return std::nullopt;
            sum = sum + *one;
        }
        return sum;
    }

    MicroUsdPerMonth support(const std::vector<Index>& databases) const {
        MicroUsdPerMonth sum(0);
        for (const Index i : databases) sum = sum + support_of(plan_.databases[i].chosen);
        return sum;
    }

    /// Nothing computed for a primary and its replicas depends on the results of others.
    template <class Work>
    void each_system(const Work& work) const {
        threads::over_databases(fleet_.databases.size(), threads_, [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i)
                if (!fleet_.databases[i].replica_of) work(static_cast<Index>(i));
        });
    }

    /// The classes that the strategy needs, and what they cost less than those of right-sized pools.
    void weigh(std::size_t at) {
        std::vector<SystemCosts> all(fleet_.databases.size());
        each_system([&](Index primary) { all[primary] = weigh_system(at, primary); });
        Joint::Way& mine = joint_.ways[at];
        mine.saves = MicroUsdPerMonth(0);
        mine.support_saves = MicroUsdPerMonth(0);
        MicroUsdPerMonth base_cost(0);
        bool buys = false, dearer = false;
        for (const SystemCosts& one : all) {
            if (!one.asked) continue;
            if (!one.before || !one.then)
                mine.saves.reset();
            else if (mine.saves)
                mine.saves = *mine.saves + (*one.before - *one.then);
            if (one.before) base_cost = base_cost + (*one.before - one.support_before);
            mine.support_saves = mine.support_saves + (one.support_before - one.support_then);
            buys = buys || (one.before && one.then && one.dearer && *one.then < *one.before);
            dearer = dearer || one.dearer;
        }
        // Beside commitments another class may cost nothing more, and the list price is not what is paid.
        if (const auto listed = mine.saves; plan_.steers && listed) {
            mine.saves = paid_less(mine, *listed);
            if (mine.saves != listed) buys = dearer && mine.saves && mine.saves->value > 0;
        }
        joint_.buys = joint_.buys || buys;
        joint_.base_cost = std::max(joint_.base_cost, base_cost);
        weighings_.rows[at] = {all_[at].demand, all_[at].unmeasured, std::move(all), mine};
    }

    /// What all pay less on the classes of a way, of which `listed` is by what the classes are ranked by. Nothing where
    /// that depends on a savings plan's rate of a class that is left; the rate of one that is taken is no more than its
    /// list price, so it counts as that.
    std::optional<MicroUsdPerMonth> paid_less(const Joint::Way& way, MicroUsdPerMonth listed) const {
        const Terms terms(fleet_, plan_, plan_.market->today());
        if (!terms.any()) return listed;
        PaidFleet before(terms), then(terms);
        double at_list = 0;
        for (Index i = 0; i < fleet_.databases.size(); ++i) {
            const InstanceClass &from = *plan_.databases[i].chosen.cls, &to = *way.classes[i];
            if (&from == &to || !fleet_.databases[i].platform->has_classes) {
                before.add(terms.planned(i));
                then.add(terms.planned(i));
                continue;
            }
            const auto list = [&](const InstanceClass& cls) {
                const auto& price = plan_.market->offer(i, cls).price;
                return price ? static_cast<double>(price->amount.value) : 0.0;
            };
            const Item left = terms.item(i, from, list(from)), taken = terms.item(i, to, list(to));
            if (left.rate_unknown()) return std::nullopt;
            before.add(left);
            then.add(taken);
            at_list += list(from) - list(to);
        }
        const double less = before.paid() - then.paid() - at_list;
        return MicroUsdPerMonth(listed.value + std::llround(less));
    }

    /// Did the round before weigh the same? A pooler's size may be another: then it did not.
    bool known(std::size_t at, Index primary, const std::vector<Index>& databases) const {
        const Weighed& before = weighings_.rows[at];
        if (before.costs.empty() || !before.costs[primary].asked || before.unmeasured != all_[at].unmeasured)
            return false;
        return std::ranges::all_of(databases, [&](Index i) {
            return weighings_.kept[i] && plan_.topology.poolers[i].empty() &&
                   alike((*all_[at].demand)[i], (*before.demand)[i]);
        });
    }

    /// Leaves the plan as it was: databases, and their poolers, which what ends an outage may resize.
    SystemCosts weigh_system(std::size_t at, Index primary) {
        const std::vector<DatabaseDemand>& demand = *all_[at].demand;
        const std::vector<Index> databases = system(primary);
        SystemCosts result;
        result.asked =
            std::ranges::any_of(databases, [&](Index i) { return changes(i, demand) && matters(i, demand[i]); });
        if (!result.asked) return result;
        if (known(at, primary, databases)) {
            const Weighed& before = weighings_.rows[at];
            Joint::Way& mine = joint_.ways[at];
            for (const Index i : databases) {
                mine.classes[i] = before.way.classes[i];
                mine.usable[i] = before.way.usable[i];
                mine.most[i] = before.way.most[i];
            }
            return before.costs[primary];
        }
        result.before = cost(databases);
        result.support_before = support(databases);
        std::vector<Kept> kept;
        kept.reserve(databases.size());
        const PoolerSizes poolers(plan_, databases);
        for (const Index i : databases) {
            const Candidate& today =
                *std::ranges::find(plan_.databases[i].candidates, fleet_.databases[i].type, &Candidate::cls);
            const auto& chosen = plan_.databases[i].recommendation.ranked_by;
            result.dearer = result.dearer || (chosen && today.ranked_by && *chosen > *today.ranked_by);
            DatabasePlan& mine = plan_.databases[i];
            // What candidates are judged by again stays there.
            kept.push_back({std::move(mine.after), mine.by_strategy, mine.unmeasured, std::move(mine.chosen),
                            mine.candidates, mine.recommendation});
            set(i, all_[at]);
        }
        rejudge_(primary, demand, true);
        result.then = cost(databases);
        result.support_then = support(databases);
        Joint::Way& mine = joint_.ways[at];
        for (const Index i : databases) {
            const Projection& chosen = plan_.databases[i].chosen;
            mine.classes[i] = chosen.cls;
            mine.usable[i] = chosen.limits.usable.value;
            mine.most[i] = chosen.limits.max_planned.value;
        }
        for (std::size_t k = 0; k < databases.size(); ++k) put_back(plan_.databases[databases[k]], std::move(kept[k]));
        poolers.put_back(plan_);
        return result;
    }

    /// What judging a database again changes.
    struct Kept {
        DatabaseDemand after;
        std::string_view by_strategy;
        bool unmeasured;
        Projection chosen;
        Candidates candidates;
        Recommendation recommendation;
    };
    static void put_back(DatabasePlan& plan, Kept&& kept) {
        plan.after = std::move(kept.after);
        plan.by_strategy = kept.by_strategy;
        plan.unmeasured = kept.unmeasured;
        plan.chosen = std::move(kept.chosen);
        plan.candidates = std::move(kept.candidates);
        plan.recommendation = std::move(kept.recommendation);
    }

    void set(Index i, const Strategy& strategy) {
        DatabasePlan& database = plan_.databases[i];
        database.by_strategy = changes(i, *strategy.demand) ? strategy.name : std::string_view();
        database.unmeasured = !database.by_strategy.empty() && strategy.unmeasured;
    }

    void take(const Strategy& strategy) {
        take_sizes_(strategy);
        each_system([&](Index primary) {
            const std::vector<Index> databases = system(primary);
            if (std::ranges::none_of(databases, [&](Index i) { return changes(i, *strategy.demand); })) return;
            for (const Index i : databases) set(i, strategy);
            rejudge_(primary, *strategy.demand, false);
        });
    }

    const Fleet& fleet_;
    Plan& plan_;
    const Rejudge& rejudge_;
    const TakeSizes& take_sizes_;
    Weighings& weighings_;
    int threads_;
    std::vector<Strategy> all_;
    Joint joint_;
};

}  // namespace

std::optional<std::size_t> join(const Fleet& fleet, Plan& plan, const Rejudge& rejudge, const TakeSizes& take_sizes,
                                Weighings& weighings, int threads) {
    return Joiner(fleet, plan, rejudge, take_sizes, weighings, threads).join();
}

}  // namespace poolfit::plan
