// Databases that nothing uses; and those outside production, which need not run at night and at weekends.
#include <algorithm>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/usage.hpp>
#include <poolfit/platform/platform.hpp>

#include "beside.hpp"
#include "recommend.hpp"

namespace poolfit::plan {
namespace {

constexpr double hours_per_week = 168;

bool outside_production(const Fleet& fleet, Index index) {
    return model::outside_production(fleet.databases[index].environment);
}

/// No provider stops a replica, nor surely a server that has one; a cluster stops with all its instances.
bool can_stop(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    if (!database.platform->stopping || !outside_production(fleet, index)) return false;
    const Index primary = database.replica_of.value_or(index);
    const auto& replicas = topology.replicas[primary];
    if (!database.platform->cluster) return !database.replica_of && replicas.empty();
    return outside_production(fleet, primary) &&
           std::ranges::all_of(replicas, [&](Index replica) { return outside_production(fleet, replica); });
}

}  // namespace

Idle idle(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    Idle result;
    result.window = **database.observed.window;
    result.replica = database.replica_of.has_value();
    if (!result.replica) return result;
    result.follows = database.observed.replica_lag && database.observed.replica_lag->value.high.value > 0;
    const Index primary = *database.replica_of;
    result.last = topology.replicas[primary].size() == 1 && !*fleet.databases[primary].multi_az &&
                  assess::usage(fleet, topology, primary) != Usage::idle;
    return result;
}

std::optional<Stop> stop(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    const DatabasePlan& mine = plan.databases[index];
    const Located<double>& hours = fleet.policy.non_production_hours;
    // A reserved instance is paid for while it is stopped.
    if (plan.term != PriceTerm::list || !mine.chosen.list || *hours >= hours_per_week) return std::nullopt;
    if (!can_stop(fleet, plan.topology, index)) return std::nullopt;
    if (plan.steers) {
        // What is left of it beside commitments is known once all classes are.
        if ((*plan.steers)[index].runs) return std::nullopt;
        r = {};
    }
    const assess::Term week = r(Figure<double>{
        hours_per_week, r.constant(assess::constant_key(Name::hours_per_week),
                                   assess::measured(Measure::hours, hours_per_week), "7 days of 24 hours")});
    const assess::Term runs = r(Figure<double>{*hours, r.input(assess::policy_key(Name::non_production_hours),
                                                               assess::measured(Measure::hours, *hours), hours.place)});
    const MicroUsdPerMonth list = mine.chosen.list->value;
    const MicroUsdPerMonth saves(assess::rounded(static_cast<double>(list.value) * (1 - *hours / hours_per_week)));
    if (!worth_it(fleet.policy, list, list - saves).enough) return std::nullopt;
    Stop result;
    result.hours = *hours;
    result.saves = r.keep<MicroUsdPerMonth>(assess::database_key(index, Name::stop_saves),
                                            r(*mine.chosen.list) * (week - runs) / week);
    return result;
}

}  // namespace poolfit::plan
