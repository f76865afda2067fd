// A max_connections that was set by hand, and is raised instead of a class being bought for it.
#include <algorithm>
#include <cmath>

#include <poolfit/plan/fit.hpp>

#include "judge.hpp"
#include "outage.hpp"

namespace poolfit::plan {

namespace {

using assess::Term;

constexpr Connections no_formula(100'000);  // the most that MySQL and MariaDB accept; PostgreSQL takes 262,143

bool carried_by_memory(const Projection& projection) {
    const Check* memory = projection.find(Dimension::memory);
    return memory != nullptr && memory->standing == Standing::inside;
}

/// How far it can be raised: to what the class's formula gives; on a server of your own to whatever its memory, if that
/// is known, was found to carry.
std::optional<Connections> most_of(const DatabasePlan& plan) {
    if (const auto& formula = plan.budget.limits.max_expected) return formula->value.low;
    return carried_by_memory(plan.chosen) ? std::optional(no_formula) : std::nullopt;
}

/// What has to be usable so that the share of it carries the demand.
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

/// The least max_connections that carries the demand, of which shares follow it; nothing up to `most`.
std::optional<std::int64_t> least_limit(const DatabaseDemand& demand, const Policy& policy, Connections reserved,
                                        Connections now, Connections most) {
    const Shares steady(demand, false), deploy(demand, true);
    std::int64_t limit = now.value;
    for (;;) {
        // What is asked for at this limit; a limit that is enough for it asks for no less, so none below is.
        std::int64_t usable = std::max(
            usable_for(demand.allocated->value + Connections(steady.more(limit)), *policy.connections_steady_max),
            usable_for(demand.deploy_peak->value + Connections(deploy.more(limit)), *policy.connections_deploy_max));
        if (demand.failover_peak) usable = std::max(usable, demand.failover_peak->value.value + steady.more(limit));
        const std::int64_t asked = usable + reserved.value;
        if (asked > most.value) return std::nullopt;
        if (asked <= limit) return limit;
        limit = asked;
    }
}

/// Has the replica as many, or can its own limit be raised to them?
bool follows(const Fleet& fleet, const Plan& plan, Index replica, Connections to) {
    const DatabasePlan& mine = plan.databases[replica];
    const Limits& limits = mine.budget.limits;
    if (limits.max_planned.value >= to) return true;
    if (!limits.set_by_hand) return false;
    if (limits.max_expected) return limits.max_expected->value.low >= to;
    const Offer& own = plan.market->offer(replica, *fleet.databases[replica].type);
    const Projection then =
        assess::project(fleet, *plan.market, replica, own, mine.demand, mine.right_sized, Phase::after, {});
    return carried_by_memory(then);
}

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

std::optional<Figure<Connections>> raised_limit(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    const DatabasePlan& mine = plan.databases[index];
    const Limits& limits = mine.budget.limits;
    const Candidate& today = today_of(fleet, plan, index);
    if (today.fits || !limits.set_by_hand || !limits.max_observed) return std::nullopt;
    const auto most = most_of(mine);
    if (!most || limits.max_observed->value >= *most) return std::nullopt;
    // Where no class is better, the limit is what can be changed, whatever else is over.
    if (mine.recommendation.cls != today.cls && !only_connections(today)) return std::nullopt;
    if (!mine.after.allocated || !mine.after.deploy_peak) return std::nullopt;
    // What has to be usable so that the policy's shares of it carry the demand.
    const auto share = [&](Name name, const Located<Fraction>& given) {
        return r(Figure<Fraction>{*given,
                                  r.input({{Subject::Kind::policy, 0}, name}, assess::measured(*given), given.place)});
    };
    const Fraction steady = *fleet.policy.connections_steady_max, deploy = *fleet.policy.connections_deploy_max;
    if (steady.value <= 0 || deploy.value <= 0) return std::nullopt;
    // Shares of the server grow with its limit.
    const auto at = least_limit(mine.after, fleet.policy, limits.reserved.value, limits.max_observed->value, *most);
    if (!at) return std::nullopt;
    const Shares in_steady(mine.after, false), in_deploy(mine.after, true);
    const std::int64_t least = *at - limits.reserved.value.value;
    Term usable = assess::most(assess::ceil(in_steady.more(*at, r(*mine.after.allocated), r) /
                                            share(Name::steady_max, fleet.policy.connections_steady_max)),
                               assess::ceil(in_deploy.more(*at, r(*mine.after.deploy_peak), r) /
                                            share(Name::deploy_max, fleet.policy.connections_deploy_max)));
    if (mine.after.failover_peak) usable = assess::most(usable, in_steady.more(*at, r(*mine.after.failover_peak), r));
    if (usable.value.high < static_cast<double>(least)) usable = usable + r.literal(1);  // a share that is no round one
    Term planned = usable + r(limits.reserved);
    // A standby may have no fewer than its primary, on some.
    const bool needs = fleet.databases[index].platform->standby_needs_limit;
    const auto primary = fleet.databases[index].replica_of;
    if (needs && primary) {
        const Limits& theirs = plan.databases[*primary].chosen.limits;
        const auto& raised = plan.databases[*primary].recommendation.max_connections;
        const Term asked = raised                                       ? r(theirs.max_planned)
                           : theirs.max_observed                        ? r(*theirs.max_observed)
                           : theirs.set_by_hand || !theirs.max_expected ? r(theirs.max_planned)
                                                                        : assess::high(r(*theirs.max_expected));
        planned = assess::most(
            planned, limits.max_expected ? assess::least(asked, assess::low(r(*limits.max_expected))) : asked);
    }
    const Connections to(static_cast<std::int64_t>(planned.value.high));
    if (to <= limits.max_observed->value || to > *most) return std::nullopt;
    if (least_limit(mine.after, fleet.policy, limits.reserved.value, to, to) != to.value) return std::nullopt;
    if (needs && primary) {
        const Limits& theirs = plan.databases[*primary].chosen.limits;
        const auto& raised = plan.databases[*primary].recommendation.max_connections;
        const Interval<Connections> need =
            raised ? Interval<Connections>(*raised) : assess::max_connections(fleet.databases[*primary], theirs);
        if (assess::standby(Interval<Connections>(to), need) == assess::Standby::will_not) return std::nullopt;
    }
    for (const Index replica : plan.topology.replicas[index])
        if (needs && !follows(fleet, plan, replica, to)) return std::nullopt;
    return r.keep<Connections>({{Subject::Kind::database, index}, Name::connections_max_planned, Phase::after},
                               planned);
}

}  // namespace poolfit::plan
