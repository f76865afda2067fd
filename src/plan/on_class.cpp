// What a plan says of a database on one class.
#include <poolfit/assess/size_on.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

std::optional<StandbyLimits> not_starting(const Fleet& fleet, const Plan& plan, Index index) {
    const Database& replica = fleet.databases[index];
    if (!replica.replica_of || !replica.platform->standby_needs_limit) return std::nullopt;
    const Database& primary = fleet.databases[*replica.replica_of];
    const Limits &own = plan.databases[index].budget.limits,
                 &theirs = plan.databases[*replica.replica_of].budget.limits;
    const StandbyLimits limits{
        assess::max_connections(replica, own), assess::max_connections(primary, theirs),
        assess::seen_running(replica) && (assess::by_formula(own) || assess::by_formula(theirs))};
    if (assess::standby(limits.own, limits.primary) != assess::Standby::will_not) return std::nullopt;
    return limits;
}

Projection project(const Fleet& fleet, const Plan& plan, Index database, const InstanceClass& cls, Recorder recorder,
                   std::vector<double>* balances) {
    const DatabasePlan& mine = plan.databases[database];
    assess::Known known;
    known.balances = balances;
    return assess::project(fleet, *plan.market, database, plan.market->offer(database, cls), mine.demand, mine.after,
                           Phase::after, recorder, {}, balances != nullptr ? &known : nullptr);
}

}  // namespace poolfit::plan
