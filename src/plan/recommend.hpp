// From candidates to one recommendation.
#pragma once

#include <poolfit/assess/usage.hpp>
#include <poolfit/plan/plan.hpp>
#include <poolfit/plan/savings.hpp>

namespace poolfit::plan {

/// Cheaper; then today's class; then what certainly runs the version; then the architecture of today; then newer; then
/// by name.
bool better(const Candidate& a, const Candidate& b, const InstanceClass& today);

/// Once the version is upgraded, does a class still cost no more than today's? Fewer vCPUs can save Extended Support
/// while they cost more, and only until then. A class that does not carry its load has to be left all the same.
bool saves_after_upgrade(const Offers& offers, const Candidate& today, const Candidate& candidate);

/// What is asked about one database; `pools_change`: some pool of it gets another size.
struct Situation {
    const Fleet& fleet;
    const Market& market;
    Index database;
    bool pools_change;
    Steer steer{};  ///< what commitments ask for
    Usage usage;
};
/// The verdict, the class and why; `plan` has its budget, demands, `now` and candidates.
Recommendation choose(const Situation& situation, const DatabasePlan& plan);
/// What the class costs and saves, and the limits it is nearest to; `plan` has its `chosen`.
void settle(const Fleet& fleet, Index database, DatabasePlan& plan, Recorder recorder);
/// What deleting it saves with all that goes with it, once volumes are judged and poolers have their bill.
void settle_idle(const Fleet& fleet, Plan& plan, Index database, Recorder recorder);
/// Extended Support that is charged by capacity, and that its upgrade ends.
std::optional<Figure<Interval<MicroUsdPerMonth>>> upgrade_saves_capacity(const DatabasePlan& plan);
/// Nothing where the version is in standard support, or its life cycle is not known; `chosen` is on the recommended
/// class.
std::optional<Upgrade> upgrade(const Fleet& fleet, const Market& market, Index database, const Projection& chosen);
/// How certain the recommendation is, and what speaks against it.
void assess_risk(const Fleet& fleet, Index database, Plan& plan);
/// The same of its volume, once that is judged; the worst risk stays the last word.
void assess_volume_risk(const Fleet& fleet, Index database, DatabasePlan& plan);
/// A move that leaves RDS Proxy fewer server connections than its clients may need.
void assess_proxy_risks(const Fleet& fleet, Plan& plan);

}  // namespace poolfit::plan
