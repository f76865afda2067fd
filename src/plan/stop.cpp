// Databases that nothing uses; and those outside production, which need not run at night and at weekends.
#include <algorithm>
#include <vector>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/usage.hpp>
#include <poolfit/platform/platform.hpp>

#include "beside.hpp"
#include "capacity.hpp"
#include "recommend.hpp"

namespace poolfit::plan {
namespace {

constexpr double hours_per_week = 168;

bool outside_production(const Fleet& fleet, Index index) {
    return model::outside_production(fleet.databases[index].environment);
}

/// No provider stops a replica, nor surely a server that has one; a cluster stops with all its instances, by its
/// primary's schedule. A replica that the plan deletes stands in no one's way.
NoStop cannot_stop(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    if (!outside_production(fleet, index)) return NoStop::production;
    if (!database.platform->stopping) return NoStop::provider;
    const Index primary = database.replica_of.value_or(index);
    std::vector<Index> replicas = topology.replicas[primary];
    std::erase_if(replicas, [&](Index replica) { return assess::usage(fleet, topology, replica) == Usage::idle; });
    if (!database.platform->cluster) return !database.replica_of && replicas.empty() ? NoStop::none : NoStop::replica;
    const bool all = outside_production(fleet, primary) &&
                     std::ranges::all_of(replicas, [&](Index replica) { return outside_production(fleet, replica); });
    if (!all) return NoStop::cluster;
    return database.replica_of ? NoStop::with_primary : NoStop::none;
}

/// What speaks against a schedule before what it saves is known.
NoStop why_not(const Fleet& fleet, const Plan& plan, Index index) {
    if (const NoStop why = cannot_stop(fleet, plan.topology, index); why != NoStop::none) return why;
    // A reserved instance is paid for while it is stopped.
    if (plan.term != PriceTerm::list) return NoStop::term;
    const auto stopped = stopped_with(fleet, plan, index);
    const auto priced = [&](Index i) { return running_price(fleet, plan, i, {}).has_value(); };
    const auto known = [&](Index i) { return priced(i) || follows_load(fleet, plan, i); };
    if (!priced(index) || !std::ranges::all_of(stopped, known)) return NoStop::no_price;
    return *fleet.policy.non_production_hours >= hours_per_week ? NoStop::all_week : NoStop::none;
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

std::optional<Spare> spare(const Fleet& fleet, const Topology& topology, Index index) {
    const Database& database = fleet.databases[index];
    if (!database.replica_of || *database.failover_target || assess::usage(fleet, topology, index) != Usage::kept)
        return std::nullopt;
    return Spare{**database.observed.window, *database.replica_of};
}

std::string_view name(NoStop why) {
    constexpr std::string_view names[] = {"",     "production", "provider", "replica",    "cluster",  "with_primary",
                                          "term", "all_week",   "no_price", "saves_less", "committed"};
    return names[static_cast<std::size_t>(why)];
}

assess::Term stopped_share(const Fleet& fleet, Recorder r) {
    const Located<double>& hours = fleet.policy.non_production_hours;
    const assess::Term week =
        r(Figure<double>{hours_per_week, r.constant(assess::constant_key(Name::hours_per_week),
                                                    assess::measured(Measure::hours, hours_per_week), Grounds::week)});
    const assess::Term runs = r(Figure<double>{*hours, r.input(assess::policy_key(Name::non_production_hours),
                                                               assess::measured(Measure::hours, *hours), hours.place)});
    return (week - runs) / week;
}

std::vector<Index> stopped_with(const Fleet& fleet, const Plan& plan, Index index) {
    std::vector<Index> all{index};
    if (!fleet.databases[index].platform->cluster) return all;
    for (const Index replica : plan.topology.replicas[index]) {
        if (plan.databases[replica].recommendation.verdict != Verdict::idle) all.push_back(replica);
    }
    return all;
}

bool follows_load(const Fleet& fleet, const Plan& plan, Index index) {
    return fleet.databases[index].platform->elastic != nullptr || plan.databases[index].recommendation.serverless;
}

std::optional<assess::Term> running_price(const Fleet& fleet, const Plan& plan, Index index, Recorder r) {
    const DatabasePlan& own = plan.databases[index];
    if (!follows_load(fleet, plan, index)) return own.chosen.list ? std::optional(r(*own.chosen.list)) : std::nullopt;
    const auto use = own.capacity ? own.capacity : capacity_use(fleet, plan, index, r);
    const auto& planned = own.recommendation.serverless;
    if (!use || (!planned && !use->cost)) return std::nullopt;
    const assess::Term cost = assess::low(r(planned ? planned->cost : *use->cost));
    return use->support ? cost - assess::low(r(*use->support)) : cost;
}

std::optional<Stop> stop(const Fleet& fleet, const Plan& plan, Index index, NoStop& why, Recorder r) {
    const Located<double>& hours = fleet.policy.non_production_hours;
    why = why_not(fleet, plan, index);
    if (why != NoStop::none) return std::nullopt;
    const std::vector<Index> stopped = stopped_with(fleet, plan, index);
    Stop result;
    double running = 0;
    for (const Index i : stopped) {
        if (const auto price = running_price(fleet, plan, i, {})) running += price->value.low;
        result.at_least = result.at_least || follows_load(fleet, plan, i);
    }
    const MicroUsdPerMonth list(assess::rounded(running));
    if (plan.steers) {
        // What is left of it beside commitments is known once all classes are.
        if ((*plan.steers)[index].runs) {
            why = NoStop::committed;
            return std::nullopt;
        }
        r = {};
    }
    const assess::Term week =
        r(Figure<double>{hours_per_week, r.constant(assess::constant_key(Name::hours_per_week),
                                                    assess::measured(Measure::hours, hours_per_week), Grounds::week)});
    const assess::Term runs = r(Figure<double>{*hours, r.input(assess::policy_key(Name::non_production_hours),
                                                               assess::measured(Measure::hours, *hours), hours.place)});
    const MicroUsdPerMonth saves(assess::rounded(static_cast<double>(list.value) * (1 - *hours / hours_per_week)));
    if (!worth_it(fleet.policy, list, list - saves).enough) {
        why = NoStop::saves_less;
        return std::nullopt;
    }
    result.hours = *hours;
    std::vector<assess::Term> parts;
    for (const Index i : stopped)
        if (const auto price = running_price(fleet, plan, i, r)) parts.push_back(*price);
    const assess::Term all = parts.size() == 1 ? parts.front() : assess::sum(parts, r.figures());
    result.saves = r.keep<MicroUsdPerMonth>(assess::database_key(index, Name::stop_saves), all * (week - runs) / week);
    return result;
}

}  // namespace poolfit::plan
