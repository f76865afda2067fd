#include "class_choice.hpp"

#include <algorithm>
#include <utility>

#include <poolfit/assess/usage.hpp>

#include "beside.hpp"
#include "judge.hpp"
#include "outage.hpp"
#include "pooler_size.hpp"
#include "recommend.hpp"
#include "together.hpp"

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

/// Connections that no deploy of today's opens, as far as today's limit lets it, on any class: memory has to be found
/// for them.
std::optional<std::int64_t> new_connections(const DatabasePlan& plan, const DatabaseDemand& then) {
    const DatabaseDemand& now = plan.demand;
    if (!then.shares.empty()) return std::nullopt;
    if (!now.deploy_peak || !then.deploy_peak) return 0;
    const Connections open = std::min(now.deploy_peak->value, plan.budget.limits.usable.value);
    return std::max<std::int64_t>((then.deploy_peak->value - open).value, 0);
}

bool no_more(const std::optional<Figure<Connections>>& then, const std::optional<Figure<Connections>>& before) {
    return before ? then && then->value <= before->value : !then;
}

/// At no moment more connections, nor more that come on top of a deploy's when a server is lost.
bool no_more(const DatabaseDemand& then, const DatabaseDemand& before) {
    if (!then.shares.empty() || !before.shares.empty() || !then.deploy_peak || !before.deploy_peak) return false;
    const Connections fewer = before.deploy_peak->value - then.deploy_peak->value;
    return no_more(then.allocated, before.allocated) && no_more(then.deploy_peak, before.deploy_peak) &&
           no_more(then.failover_peak, before.failover_peak) &&
           std::ranges::equal(then.losses, before.losses, [&](const FailoverCase& a, const FailoverCase& b) {
               return a.from == b.from && a.at_least == b.at_least && a.peak + fewer <= b.peak;
           });
}

class ClassChooser {
public:
    ClassChooser(const Fleet& fleet, Plan& plan, const Choosing& how)
        : fleet_(fleet), plan_(plan), how_(how), weighing_(how.to_weigh) {}

    void together(Index primary, Recorder recorder) {
        const std::vector<Index>& replicas = plan_.topology.replicas[primary];
        const auto choose = [&](bool stay, Recorder r) {
            // A primary's raised limit asks what its replicas are to carry.
            carry(primary);
            for (const Index i : replicas) carry(i);
            choose_class(primary, stay ? std::span<const Index>(replicas) : std::span<const Index>(), r);
            for (const Index i : replicas) choose_class(i, {}, r);
            one_range(fleet_, plan_, primary, r);
            stop_cluster(primary, r);
        };
        if (replicas.empty() || !fleet_.databases[primary].platform->standby_needs_limit)
            return choose(false, recorder);
        std::vector<Index> servers{primary};
        servers.insert(servers.end(), replicas.begin(), replicas.end());
        const PoolerSizes as_sized(plan_, servers);  // each choice begins with them
        choose(false, {});
        bool stay = false;
        if (std::any_of(replicas.begin(), replicas.end(), [&](Index i) { return held_up(plan_.databases[i]); })) {
            const auto led = whole(plan_, primary);
            std::vector<DatabasePlan> before{plan_.databases[primary]};
            for (const Index i : replicas) before.push_back(plan_.databases[i]);
            const PoolerSizes poolers(plan_, servers);
            as_sized.put_back(plan_);
            const bool asked = std::exchange(weighing_, true);
            choose(true, {});
            weighing_ = asked;
            stay = whole(plan_, primary) < led;
            poolers.put_back(plan_);
            plan_.databases[primary] = std::move(before.front());
            for (std::size_t k = 0; k < replicas.size(); ++k) plan_.databases[replicas[k]] = std::move(before[k + 1]);
        }
        if (!stay && !recorder.on()) return;
        as_sized.put_back(plan_);
        if (stay && recorder.on()) {  // where it leads is known before it is recorded, as it is of the other choice
            choose(stay, {});
            as_sized.put_back(plan_);
        }
        choose(stay, recorder);
    }

private:
    Steer steer(Index i) const { return plan_.steers ? (*plan_.steers)[i] : Steer(); }

    /// The inputs for judging it. They may have followed another class the last time.
    void carry(Index i) {
        DatabasePlan& mine = plan_.databases[i];
        mine.after = mine.by_strategy.empty() ? mine.right_sized : (*how_.carried)[i];
    }

    void choose_class(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& result = plan_.databases[i];
        const Database& database = fleet_.databases[i];
        const Market& market = *plan_.market;
        const Offer& today = market.offer(i, *database.type);
        // Derived below, with what else ends an outage.
        const bool raises = result.recommendation.max_connections ||
                            result.recommendation.summary.kind == Summary::Kind::smaller_pooler;
        // What follows the class is another there: the plan's projection is that of the class it moves to.
        const bool moves = result.recommendation.cls != nullptr && result.recommendation.cls != database.type;
        if (result.now.cls == nullptr || r.on())
            result.now = assess::project(fleet_, market, i, today, result.demand, result.demand, Phase::now, r);
        result.chosen = assess::project(fleet_, market, i, today, result.demand, result.after, Phase::after,
                                        raises || moves ? Recorder() : r);
        const Candidates before = std::move(result.candidates);
        ClassQuestion asked = question(fleet_, plan_, i, how_.depth);
        asked.wanted = steer(i).cls;
        asked.touching = how_.touching;
        asked.staying = staying;
        asked.today = &result.chosen;
        if (weighing_) {
            asked.before = before;
            const auto more = new_connections(result, result.after);
            asked.no_more = !raises && no_more(result.after, result.right_sized);
            asked.same_memory = more && more == new_connections(result, result.right_sized);
        }
        result.candidates = candidates(asked);
        const bool resized = pools_change(plan_, i) || !result.by_strategy.empty();
        result.recommendation =
            choose({fleet_, market, i, resized, steer(i), assess::usage(fleet_, plan_.topology, i)}, result);
        result.recommendation.summary.surge = smaller_surge(fleet_, plan_, i, resized);
        result.recommendation.outages = outages(fleet_, plan_, i);
        const bool over = !result.recommendation.outages.empty();
        // Clients that a pooler refuses put no load on the server.
        const bool of_server = std::ranges::any_of(result.recommendation.outages, [](const Outage& outage) {
            return outage.kind != Outage::Kind::pooler_clients;
        });
        if (over && !of_server) result.recommendation.verdict = Verdict::over;
        const bool stays = result.recommendation.verdict == Verdict::idle || today_of(fleet_, plan_, i).fits;
        const auto raised = of_server ? end_outage(i, staying, r) : stays ? std::nullopt : raise_limit(i, staying, r);
        const bool follows_load = prefer_serverless(i, over || raised);
        const InstanceClass& cls = *result.recommendation.cls;
        if (&cls != database.type || raised) {
            // What follows max_connections is another on another class, and at another value.
            Limits there = assess::limits(fleet_, market, i, market.offer(i, cls), r);
            if (raised) there.max_planned = *raised;
            result.after = assess::demand_at(fleet_, result.after, there, i, &cls, Phase::after, r);
            result.chosen = assess::project(fleet_, market, i, market.offer(i, cls), result.demand, result.after,
                                            Phase::after, r, raised);
        } else if (moves && r.on()) {  // and does not any more
            result.chosen = assess::project(fleet_, market, i, today, result.demand, result.after, Phase::after, r);
        }
        if (over) {
            WaysOut out = ways_out(fleet_, plan_, i, resized, r);
            result.recommendation.ways = std::move(out.ways);
            result.recommendation.unended = std::move(out.unended);
        }
        if (const auto check = demand_check(fleet_, i, result.load ? &*result.load : nullptr, cls))
            result.chosen.checks.push_back(*check);
        settle(fleet_, i, result, r);
        beside(i, follows_load, r);
        assess_risk(fleet_, i, plan_);
    }

    /// What stands beside the class; and is the verdict, where class and pools stay.
    void beside(Index i, bool follows_load, Recorder r) {
        DatabasePlan& mine = plan_.databases[i];
        Recommendation& advice = mine.recommendation;
        if (advice.verdict == Verdict::idle) {
            advice.idle = idle(fleet_, plan_.topology, i);
            return;
        }
        advice.spare = spare(fleet_, plan_.topology, i);
        advice.upgrade = upgrade(fleet_, *plan_.market, i, mine.chosen);
        if (follows_load) {
            advice.serverless = serverless(fleet_, plan_, i, cheapest(i), advice.no_serverless);
            // What else is lost comes to the capacity that is planned.
            if (advice.serverless) mine.chosen.losses = advice.serverless->losses;
        } else if (!fleet_.databases[i].platform->cluster) {
            advice.stop = stop(fleet_, plan_, i, advice.no_stop, r);
        }
        // What it saves is known, whatever class the load would fit.
        const bool not_judged = advice.verdict == Verdict::unknown &&
                                advice.summary.kind == Summary::Kind::input_missing && !pools_change(plan_, i);
        if (not_judged && advice.upgrade && advice.upgrade->saves) advice.verdict = Verdict::upgrade;
        if (advice.verdict != Verdict::keep) return;
        if (advice.upgrade)
            advice.verdict = Verdict::upgrade;
        else if (advice.stop)
            advice.verdict = Verdict::stop;
    }

    /// A cluster stops as a whole: once the classes of all its instances are known.
    void stop_cluster(Index primary, Recorder r) {
        Recommendation& advice = plan_.databases[primary].recommendation;
        if (!fleet_.databases[primary].platform->cluster || advice.verdict == Verdict::idle) return;
        advice.stop = stop(fleet_, plan_, primary, advice.no_stop, r);
        if (advice.stop && advice.verdict == Verdict::keep) advice.verdict = Verdict::stop;
        for (const Index i : plan_.topology.replicas[primary]) {
            Recommendation& reader = plan_.databases[i].recommendation;
            if (reader.verdict == Verdict::idle) continue;
            (void)stop(fleet_, plan_, i, reader.no_stop, {});
            if (advice.stop && reader.verdict == Verdict::keep) reader.verdict = Verdict::stop;
        }
    }

    /// What the class costs that the database would be on without capacity that follows the load.
    MicroUsdPerMonth cheapest(Index i) const {
        const DatabasePlan& mine = plan_.databases[i];
        const InstanceClass* cls = mine.recommendation.summary.kind == Summary::Kind::serverless
                                       ? mine.recommendation.summary.cls
                                       : mine.recommendation.cls;
        const auto at = std::ranges::find(mine.candidates, cls, &Candidate::cls);
        return at == mine.candidates.end() || !at->cost ? MicroUsdPerMonth(0) : *at->cost;
    }

    /// Where that costs less than the best class at its high end too, today's class stays until then.
    bool prefer_serverless(Index i, bool trouble) {
        Recommendation& advice = plan_.databases[i].recommendation;
        if (advice.verdict == Verdict::idle) return false;
        NoServerless& why = advice.no_serverless;
        if (!could_follow_load(*fleet_.databases[i].platform))
            why = NoServerless::provider;
        else if (advice.verdict == Verdict::repool)
            why = NoServerless::pools_first;
        else if (trouble || (advice.verdict != Verdict::keep && advice.verdict != Verdict::resize))
            why = NoServerless::trouble;
        else if (serverless(fleet_, plan_, i, cheapest(i), why) && steer(i).keeps_class)
            why = NoServerless::committed;
        if (why != NoServerless::none) return false;
        advice.verdict = Verdict::serverless;
        const InstanceClass* best = advice.cls;
        stay(i, Summary::Kind::serverless);
        advice.summary.cls = best;
        return true;
    }

    /// Smaller poolers, and a limit that only has to be raised, come before a more expensive class: the value to raise
    /// it to, if that ends the outage.
    std::optional<Figure<Connections>> end_outage(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& mine = plan_.databases[i];
        Recommendation& advice = mine.recommendation;
        // Where no class carries the recommended pools, smaller poolers beside today's end it.
        const bool none = advice.verdict == Verdict::unknown;
        advice.verdict = Verdict::over;
        // A replica has to follow its primary's limit, whatever its poolers open.
        const bool behind = std::ranges::find(today_of(fleet_, plan_, i).reasons, Reason::Kind::replica,
                                              &Reason::kind) != today_of(fleet_, plan_, i).reasons.end();
        // A pool that its load fills has to grow, and poolers smaller beside today's pools leave it as it is.
        const bool fills =
            std::ranges::find(advice.outages, Outage::Kind::pool_load, &Outage::kind) != advice.outages.end();
        const auto poolers = none && !behind && !fills ? smaller_poolers(fleet_, plan_, i) : std::vector<Change>();
        auto by_pooler = demand_of_poolers(fleet_, plan_, i, poolers, r);
        if (!by_pooler) return raise_limit(i, staying, r);
        const InstanceClass& today = *fleet_.databases[i].type;
        stay(i, Summary::Kind::smaller_pooler);
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

    /// On today's class.
    void stay(Index i, Summary::Kind why) {
        Recommendation& advice = plan_.databases[i].recommendation;
        advice.cls = fleet_.databases[i].type;
        advice.ranked_by = today_of(fleet_, plan_, i).ranked_by;
        advice.missing.clear();
        advice.summary.no_class = Summary::NoClass::found;
        advice.summary.kind = why;
    }

    /// A limit set by hand that rules out today's class: in the steady state, in a deploy, after a
    /// failover, or for a replica that has to follow its primary.
    std::optional<Figure<Connections>> raise_limit(Index i, std::span<const Index> staying, Recorder r) {
        DatabasePlan& mine = plan_.databases[i];
        Recommendation& advice = mine.recommendation;
        // A load that fills any limit does not need a higher one.
        const Candidate today = today_of(fleet_, plan_, i);
        auto to = mine.unmeasured ? std::nullopt : raised_limit(fleet_, plan_, i, today, {});
        if (!to) return std::nullopt;
        const DatabaseDemand kept = mine.after;
        grow_with_limit(mine.after);
        Candidates before = mine.candidates;
        const auto moved = move_raised(i, staying, to->value, before);
        if (!moved && !may_carry(fleet_, plan_, i, mine.after, to->value)) {
            mine.candidates = std::move(before);
            mine.after = kept;
            return std::nullopt;
        }
        if (r.on()) to = raised_limit(fleet_, plan_, i, today, r);
        const bool over = advice.verdict == Verdict::over;
        if (moved) {
            advice.verdict = moved->verdict;
            advice.cls = moved->cls;
            advice.ranked_by = moved->ranked_by;
            advice.missing = moved->missing;
            advice.summary = moved->summary;
        } else {
            advice.verdict = Verdict::repool;
            stay(i, Summary::Kind::limit_raised);
        }
        if (over) advice.verdict = Verdict::over;
        advice.max_connections = to->value;
        return to;
    }

    /// The class beside a raised limit: what that leaves over (CPU, say) or makes too large. Otherwise only the plan of
    /// the applied plan would name it. Nothing where that is today's.
    /// `before`: the classes as they were judged with today's limit.
    std::optional<Recommendation> move_raised(Index i, std::span<const Index> staying, Connections to,
                                              const Candidates& before) {
        DatabasePlan& mine = plan_.databases[i];
        ClassQuestion asked = question(fleet_, plan_, i, how_.depth);
        asked.wanted = steer(i).cls;
        asked.staying = staying;
        asked.raised = to;
        if (weighing_) asked.before = before;
        mine.candidates = candidates(asked);
        Recommendation then = choose({fleet_, *plan_.market, i, true, steer(i), Usage::used}, mine);
        if (then.verdict == Verdict::unknown || then.cls == fleet_.databases[i].type) return std::nullopt;
        return then;
    }

    const Fleet& fleet_;
    Plan& plan_;
    const Choosing& how_;
    bool weighing_;
};

}  // namespace

void choose_classes(const Fleet& fleet, Plan& plan, Index primary, const Choosing& how, Recorder recorder) {
    ClassChooser(fleet, plan, how).together(primary, recorder);
}

}  // namespace poolfit::plan
