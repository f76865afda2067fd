// What is refused or waits forever today, and what ends it.
#pragma once

#include <poolfit/plan/fit.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Hard limits that the database exceeds in the steady state; of `plan`, the pools' loads and the database's demand,
/// budget and load are there.
std::vector<Outage> outages(const Fleet& fleet, const Plan& plan, Index database);

/// Does the pool's load ask for more than it has, with the plan's `sizes` or today's? Today's CPU may hide that, so it
/// is judged on the recommended class; the plan's sizes on today's class too, where the class does not change (`cls`).
bool grows_without_end(const PoolPlan& pool, bool sizes, bool cls);

/// The max_connections that carries the recommended pools, where it is set by hand, today's class gives as much by its
/// formula, and only connections rule out that class: one that is not tight, where there is room for it.
/// Memory is not judged. `today` is today's class as it was judged with today's limit.
std::optional<Figure<Connections>> raised_limit(const Fleet& fleet, const Plan& plan, Index database,
                                                const Candidate& today, Recorder recorder);

/// The same for today's pools, whatever else is over, if there is memory for them.
std::optional<WayOut> limit_for_today(const Fleet& fleet, const Plan& plan, Index database, Recorder recorder);

/// May today's server have the memory for the connections that this max_connections lets in? A class may where its
/// memory is not known, since its formula gives as much, or where they leave some of it. A self-managed server has to
/// be known to have it, within the policy.
bool may_carry(const Fleet& fleet, const Plan& plan, Index database, const DatabaseDemand& demand,
               Connections max_connections);

/// The demand with other sizes of poolers beside today's pools, where only connections rule out today's class, and that
/// ends their outage.
std::optional<DatabaseDemand> demand_of_poolers(const Fleet& fleet, const Plan& plan, Index database,
                                                const std::vector<Change>& changes, Recorder recorder);

/// Does only the number of connections rule out the class?
bool only_connections(const Candidate& candidate);
/// The candidate that is today's class.
const Candidate& today_of(const Fleet& fleet, const Plan& plan, Index database);

/// The largest number of instances of one service, within its autoscaling range, with which the server is within its
/// limits with today's sizes.
std::optional<WayOut> fewer_instances(const Fleet& fleet, const Plan& plan, Index database);

/// Where only deploys rule out today's class: the largest max_surge of the service whose deploys open the
/// most, with which it carries the plan's sizes. `resized`: those are not today's.
std::optional<SmallerSurge> smaller_surge(const Fleet& fleet, const Plan& plan, Index database, bool resized);

/// The ways out, the plan's own first; nothing without an outage. The recommendation is there.
struct WaysOut {
    std::vector<WayOut> ways;
    std::vector<Outage> unended;  ///< of poolers, where the ways end all others; nothing without a way
};
WaysOut ways_out(const Fleet& fleet, const Plan& plan, Index database, bool pools_change, Recorder recorder);

}  // namespace poolfit::plan
