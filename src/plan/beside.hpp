// Advice that stands beside a class, or takes its place: a database that nothing uses, capacity that follows the load,
// a schedule.
#pragma once

#include <vector>

#include <poolfit/assess/recorder.hpp>
#include <poolfit/plan/plan.hpp>

namespace poolfit::plan {

/// Of a database whose usage is idle.
Idle idle(const Fleet& fleet, const Topology& topology, Index database);
/// Of a replica that is kept to take over, where the inventory does not say that it is.
std::optional<Spare> spare(const Fleet& fleet, const Topology& topology, Index database);

/// Is the platform one of classes, with another beside it whose capacity follows the load?
bool could_follow_load(const Platform& platform);
/// What capacity that follows the load has to be for the database, where even the high end of its cost is less than the
/// recommended class's by the policy's savings; `class_cost` is of that class. Where there is none, `why` says why.
std::optional<Serverless> serverless(const Fleet& fleet, const Plan& plan, Index database, MicroUsdPerMonth class_cost,
                                     NoServerless& why, Recorder recorder);

/// Does it have capacity that follows the load, today or by the plan?
bool follows_load(const Fleet& fleet, const Plan& plan, Index database);
/// A month of what stops with it: the recommended class's list price, or the least that its capacity takes; nothing
/// where that is not known.
std::optional<assess::Term> running_price(const Fleet& fleet, const Plan& plan, Index database, Recorder recorder);
/// A database with a schedule; with a cluster's primary all its instances that the plan keeps.
std::vector<Index> stopped_with(const Fleet& fleet, const Plan& plan, Index database);
/// Of a week, in which a database with a schedule does not run.
assess::Term stopped_share(const Fleet& fleet, Recorder recorder);
/// Nothing in production, where a stop is impossible or saves too little, or for a reader, which stops with its
/// cluster, and `why` says which; `plan` has `chosen` of all that stop.
std::optional<Stop> stop(const Fleet& fleet, const Plan& plan, Index database, NoStop& why, Recorder recorder);

/// A month of a managed pooler in front of the database's recommended class; nothing where the catalog has no price.
std::optional<MicroUsdPerMonth> managed_cost(const Fleet& fleet, const Plan& plan, Index database);
/// What managed poolers cost, and what their sessions keep.
void bill_poolers(const Fleet& fleet, Plan& plan, Recorder recorder);

}  // namespace poolfit::plan
