// A max_connections that was set by hand, and is raised instead of a class being bought for it.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/plan/fit.hpp>

#include "judge.hpp"
#include "outage.hpp"
#include "pooler_size.hpp"
#include "recommend.hpp"

namespace poolfit::plan {

namespace {

using assess::Term;

/// How many have to be usable for the share of it to carry the demand.
std::int64_t usable_for(Connections demand, Fraction share) {
    if (share.value <= 0) return demand.value > 0 ? INT64_MAX / 2 : 0;
    auto usable = static_cast<std::int64_t>(std::ceil(static_cast<double>(demand.value) / share.value - assess::hair));
    while (std::floor(share.value * static_cast<double>(usable) + assess::hair) < static_cast<double>(demand.value))
        ++usable;
    return usable;
}

/// What follows max_connections (RDS Proxy's shares) at another one: the part that is more than before, in the steady
/// state or in a deploy.
class Shares {
public:
    Shares(const DatabaseDemand& demand, bool deploy) : demand_(demand), deploy_(deploy) {}

    std::int64_t more(std::int64_t max_connections) const {
        std::int64_t sum = 0;
        for (const ShareOfServer& each : demand_.shares) sum += then(each, max_connections) - server(each).value.value;
        return sum;
    }
    Term more(std::int64_t max_connections, Term sum, Recorder r) const {
        for (const ShareOfServer& each : demand_.shares) {
            const std::int64_t open = then(each, max_connections);
            if (open == server(each).value.value) continue;
            const auto& all = clients(each);
            const Term there = all && all->value.value == open ? r(*all) : r.literal(static_cast<double>(open));
            sum = sum - r(server(each)) + there;
        }
        return sum;
    }

private:
    const Figure<Connections>& server(const ShareOfServer& each) const {
        return deploy_ ? each.server_deploy : each.server;
    }
    const std::optional<Figure<Connections>>& clients(const ShareOfServer& each) const {
        return deploy_ ? each.clients_deploy : each.clients;
    }
    std::int64_t then(const ShareOfServer& each, std::int64_t max_connections) const {
        const auto most = static_cast<std::int64_t>(
            std::floor(each.share.value.value * static_cast<double>(max_connections) + assess::hair));
        return clients(each) ? std::min(most, clients(each)->value.value) : most;
    }

    const DatabaseDemand& demand_;
    bool deploy_;
};

/// The least max_connections of which `part` of what the policy allows carries the demand, of which shares follow it;
/// nothing up to `most`.
std::optional<std::int64_t> least_limit(const DatabaseDemand& demand, const Policy& policy, Fraction part,
                                        Connections reserved, Connections now, Connections most) {
    const Shares steady(demand, false), deploy(demand, true);
    const auto roomy = [&](Connections asked, std::int64_t more) {
        return Connections(usable_for(asked + Connections(more), part));
    };
    std::int64_t limit = now.value;
    for (;;) {
        // The demand at this limit; a limit that is enough has no lower demand, so none below is enough.
        std::int64_t usable =
            std::max(usable_for(roomy(demand.allocated->value, steady.more(limit)), *policy.connections_steady_max),
                     usable_for(roomy(demand.deploy_peak->value, deploy.more(limit)), *policy.connections_deploy_max));
        if (demand.failover_peak)
            usable = std::max(usable, roomy(demand.failover_peak->value, steady.more(limit)).value);
        const std::int64_t asked = usable + reserved.value;
        if (asked > most.value) return std::nullopt;
        if (asked <= limit) return limit;
        limit = asked;
    }
}

class Raise {
public:
    Raise(const Fleet& fleet, const Plan& plan, Index index, const DatabaseDemand& demand, const Key& key)
        : fleet_(fleet),
          plan_(plan),
          index_(index),
          platform_(*fleet.databases[index].platform),
          mine_(plan.databases[index]),
          demand_(demand),
          limits_(mine_.budget.limits),
          key_(key) {}

    /// Until it is not tight; else as far as the class's formula goes, if that is enough.
    std::optional<Figure<Connections>> find(Recorder r) const {
        if (!is_given()) return std::nullopt;
        if (auto to = at(Fraction(tight), r)) return to;
        if (!at(Fraction(1), {})) return std::nullopt;
        if (auto to = by_formula(r)) return to;
        return at(Fraction(1), r);
    }

private:
    bool is_given() const {
        if (!limits_.set_by_hand || !limits_.max_observed) return false;
        // A standby needs what its primary has, on some, and that may not be known.
        const auto primary = fleet_.databases[index_].replica_of;
        if (primary && platform_.standby_needs_limit && !plan_.databases[*primary].chosen.limits.known) return false;
        return demand_.allocated && demand_.deploy_peak && fleet_.policy.connections_steady_max->value > 0 &&
               fleet_.policy.connections_deploy_max->value > 0;
    }

    /// To what the class's formula gives; on a self-managed server to what its engine accepts.
    Connections most() const {
        return limits_.max_expected ? limits_.max_expected->value.low : Connections(platform_.limit.most);
    }

    /// With `part` of what the policy allows in use.
    std::optional<Figure<Connections>> at(Fraction part, Recorder r) const {
        const auto least = enough(part, limits_.max_observed->value, most());
        if (!least) return std::nullopt;
        const Term planned = with_primary(usable(part, *least, r) + r(limits_.reserved), r);
        const Connections to(static_cast<std::int64_t>(planned.value.high));
        if (to <= limits_.max_observed->value || to > most() || enough(part, to, to) != to.value) return std::nullopt;
        if (!starts(to)) return std::nullopt;
        return keep(planned, r);
    }

    /// All that the class gives. Shares of the server grow with it: those may be too much then.
    std::optional<Figure<Connections>> by_formula(Recorder r) const {
        if (!limits_.max_expected) return std::nullopt;
        const Connections to = most();
        if (enough(Fraction(1), to, to) != to.value || !starts(to)) return std::nullopt;
        return keep(assess::low(r(*limits_.max_expected)), r);
    }

    Figure<Connections> keep(const Term& planned, Recorder r) const { return r.keep<Connections>(key_, planned); }
    std::optional<std::int64_t> enough(Fraction part, Connections from, Connections up_to) const {
        return least_limit(demand_, fleet_.policy, part, limits_.reserved.value, from, up_to);
    }

    /// What has to be usable at the limit `least`; shares of the server grow with it.
    Term usable(Fraction part, std::int64_t least, Recorder r) const {
        const Policy& policy = fleet_.policy;
        const bool all = part.value == 1;
        const Term roomy =
            all ? r.literal(1)
                : r(Figure<Fraction>{part, r.constant(assess::constant_key(Name::tight), assess::measured(part),
                                                      "poolfit", {Note::leaves_room})});
        const auto share = [&](Name name, const Located<Fraction>& given) {
            const Key key{{Subject::Kind::policy, 0}, name};
            return r(Figure<Fraction>{*given, r.input(key, assess::measured(*given), given.place)});
        };
        const auto with_room = [&](const Term& asked) { return all ? asked : assess::ceil(asked / roomy); };
        const Shares in_steady(demand_, false), in_deploy(demand_, true);
        const Term always = with_room(in_steady.more(least, r(*demand_.allocated), r));
        const Term for_steady = assess::ceil(always / share(Name::steady_max, policy.connections_steady_max));
        const Term at_most = with_room(in_deploy.more(least, r(*demand_.deploy_peak), r));
        const Term for_deploy = assess::ceil(at_most / share(Name::deploy_max, policy.connections_deploy_max));
        Term usable = assess::most(for_steady, for_deploy);
        if (demand_.failover_peak)
            usable = assess::most(usable, with_room(in_steady.more(least, r(*demand_.failover_peak), r)));
        const auto wanted = static_cast<double>((Connections(least) - limits_.reserved.value).value);
        return usable.value.high < wanted ? usable + r.literal(1) : usable;  // a share that is not a round one
    }

    /// A standby may have no fewer than its primary, on some.
    Term with_primary(const Term& planned, Recorder r) const {
        const auto primary = fleet_.databases[index_].replica_of;
        if (!primary || !platform_.standby_needs_limit) return planned;
        const Limits& theirs = plan_.databases[*primary].chosen.limits;
        const auto& raised = plan_.databases[*primary].recommendation.max_connections;
        const Term asked = raised                                       ? r(theirs.max_planned)
                           : theirs.max_observed                        ? r(*theirs.max_observed)
                           : theirs.set_by_hand || !theirs.max_expected ? r(theirs.max_planned)
                                                                        : assess::high(r(*theirs.max_expected));
        return assess::most(planned,
                            limits_.max_expected ? assess::least(asked, assess::low(r(*limits_.max_expected))) : asked);
    }

    /// Does it start beside its primary, and its replicas beside it?
    bool starts(Connections to) const {
        if (!platform_.standby_needs_limit) return true;
        if (const auto primary = fleet_.databases[index_].replica_of) {
            const auto& raised = plan_.databases[*primary].recommendation.max_connections;
            const Interval<Connections> need =
                raised ? Interval<Connections>(*raised)
                       : assess::max_connections(fleet_.databases[*primary], plan_.databases[*primary].chosen.limits);
            if (assess::standby(Interval<Connections>(to), need) == assess::Standby::will_not) return false;
        }
        return std::ranges::all_of(plan_.topology.replicas[index_], [&](Index i) { return follows(i, to); });
    }

    /// Has the replica as many, or can its own limit be raised to them?
    bool follows(Index replica, Connections to) const {
        const DatabasePlan& theirs = plan_.databases[replica];
        const Limits& limits = theirs.budget.limits;
        if (limits.max_planned.value >= to) return true;
        if (!limits.set_by_hand || (limits.max_expected && limits.max_expected->value.low < to)) return false;
        return may_carry(fleet_, plan_, replica, theirs.after, to);
    }

    const Fleet& fleet_;
    const Plan& plan_;
    Index index_;
    const Platform& platform_;
    const DatabasePlan& mine_;
    const DatabaseDemand& demand_;
    const Limits& limits_;
    Key key_;  ///< of the result
};

}  // namespace

bool only_connections(const Candidate& candidate) {
    return std::ranges::none_of(candidate.reasons, [](const Reason& reason) {
        return reason.blocking && (reason.kind != Reason::Kind::check || !is_of_connections(reason.check.dimension)) &&
               reason.kind != Reason::Kind::replica;
    });
}

const Candidate& today_of(const Fleet& fleet, const Plan& plan, Index index) {
    return *std::ranges::find(plan.databases[index].candidates, fleet.databases[index].type, &Candidate::cls);
}

bool may_carry(const Fleet& fleet, const Plan& plan, Index index, const DatabaseDemand& demand, Connections to) {
    const Database& database = fleet.databases[index];
    const Offer& today = plan.market->offer(index, *database.type);
    const Projection then = assess::project(fleet, *plan.market, index, today, plan.databases[index].demand, demand,
                                            Phase::after, {}, Figure<Connections>{to, {}});
    if (!platform::is_of_class(database)) {
        const Check* memory = then.find(Dimension::memory);
        return memory != nullptr && memory->standing == Standing::inside;
    }
    return !then.memory_used || then.memory_used->value.high < then.cls->memory;
}

std::optional<Figure<Connections>> raised_limit(const Fleet& fleet, const Plan& plan, Index index,
                                                const Candidate& today, Recorder r) {
    // Where no class is better, the limit is what can be changed, whatever else is over.
    const bool another = plan.databases[index].recommendation.cls != today.cls;
    if (today.fits || (another && !only_connections(today))) return std::nullopt;
    const Key key{{Subject::Kind::database, index}, Name::connections_max_planned, Phase::after};
    return Raise(fleet, plan, index, plan.databases[index].after, key).find(r);
}

std::optional<WayOut> limit_for_today(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    const DatabasePlan& mine = plan.databases[index];
    if (!fleet.databases[index].observed.freeable_memory) return std::nullopt;
    const Key key{{Subject::Kind::database, index}, Name::connections_max_for_today};
    const Raise raise(fleet, plan, index, mine.demand, key);
    const auto to = raise.find({});
    if (!to || !may_carry(fleet, plan, index, mine.demand, to->value)) return std::nullopt;
    WayOut way;
    way.kind = WayOut::Kind::limit;
    way.from = mine.budget.limits.max_planned.value;
    way.to = to->value;
    if (r.on()) way.figure = raise.find(r)->id;
    if (const auto& most = mine.budget.limits.max_expected) way.most = most->value.low;
    way.usable = way.to - mine.budget.limits.reserved.value;
    Limits limits = mine.budget.limits;
    limits.max_planned.value = way.to;
    DatabaseDemand then = mine.demand;
    grow_with_limit(then);
    way.steady =
        least_steady(assess::demand_at(fleet, then, limits, index, fleet.databases[index].type, Phase::after, {}));
    return way;
}

}  // namespace poolfit::plan
