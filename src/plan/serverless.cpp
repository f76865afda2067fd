// Capacity that follows the load, where it costs less than any class at its high end too: from how much to how much.
#include <algorithm>
#include <cmath>

#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/usage.hpp>
#include <poolfit/platform/platform.hpp>

#include "beside.hpp"
#include "capacity.hpp"
#include "judge.hpp"
#include "load_reasons.hpp"
#include "recommend.hpp"

namespace poolfit::plan {
namespace {

using assess::Term;

double up_to_step(const Elastic& elastic, double units) {
    return std::ceil(units / elastic.step - assess::hair) * elastic.step;
}

/// max_connections at a maximum, the low end.
std::optional<std::int64_t> limit_at(const Catalog& catalog, const Platform& platform, double most) {
    if (const auto listed = catalog.limit_by_units(platform, most)) return listed->range.low.value;
    InstanceClass cls;
    cls.memory = Bytes(static_cast<std::int64_t>(most * static_cast<double>(platform.elastic->unit_memory.value)));
    cls.vcpus = std::max(1, static_cast<int>(most / platform.elastic->units_per_vcpu));
    if (!catalog.max_connections_formula(platform)) return std::nullopt;
    return catalog::max_connections_expected(catalog, platform, cls).low.value;
}

/// Connections that max_connections has to have, for the plan's pools inside the policy.
std::optional<std::int64_t> needed(const Fleet& fleet, const Plan& plan, Index index) {
    const DatabasePlan& mine = plan.databases[index];
    if (!mine.after.allocated || !mine.after.deploy_peak) return std::nullopt;
    const auto of = [](Connections open, Fraction share) {
        return static_cast<std::int64_t>(std::ceil(static_cast<double>(open.value) / share.value - assess::hair));
    };
    std::int64_t most = std::max(of(mine.after.allocated->value, *fleet.policy.connections_steady_max),
                                 of(mine.after.deploy_peak->value, *fleet.policy.connections_deploy_max));
    if (mine.after.failover_peak) most = std::max(most, mine.after.failover_peak->value.value);
    return most + mine.budget.limits.reserved.value.value;
}

/// The server that capacity is at its maximum, with so many vCPUs.
InstanceClass server_at(const Catalog& catalog, const Platform& platform, double most, double vcpus) {
    const Elastic& elastic = *platform.elastic;
    InstanceClass cls;
    cls.name = elastic.class_name;
    cls.vcpus = std::max(1, static_cast<int>(vcpus));
    cls.threads_per_core = 1;  // not known: no vCPU counts for more than another
    cls.memory = Bytes(static_cast<std::int64_t>(most * static_cast<double>(elastic.unit_memory.value)));
    cls.support = InstanceClass::Support::yes;
    cls.row.source = elastic.source;
    cls.limit = catalog.limit_by_units(platform, most);
    return cls;
}

/// With the load of each server that may be lost.
std::vector<Survival> losses_on(const Fleet& fleet, const Plan& plan, Index index, const InstanceClass& cls,
                                Recorder r) {
    const DatabasePlan& mine = plan.databases[index];
    const Catalog& catalog = plan.market->catalog();
    const Platform& platform = *fleet.databases[index].platform;
    Offer offer;
    offer.cls = &cls;
    offer.complete = true;
    offer.engine_memory = platform.limit.memory(cls);
    offer.max_nominal = Connections(catalog::max_connections_nominal(catalog, platform, cls));
    offer.max_expected = catalog::max_connections_expected(catalog, platform, cls);
    return assess::project(fleet, *plan.market, index, offer, mine.demand, mine.after, Phase::after, r).losses;
}

/// Does capacity carry each loss that today's class carries, or may carry? As a class has to. A part of a vCPU carries
/// nothing: how much CPU comes with a unit is an assumption.
bool carries_losses(const Fleet& fleet, const Plan& plan, Index index, const Platform& platform, double most) {
    if (!*fleet.policy.survive_failover || plan.databases[index].now.losses.empty()) return true;
    const InstanceClass cls =
        server_at(plan.market->catalog(), platform, most, std::floor(most / platform.elastic->units_per_vcpu));
    Projection on;
    on.cls = &cls;
    on.losses = losses_on(fleet, plan, index, cls, {});
    std::vector<Reason> reasons;
    add_load_reasons(question(fleet, plan, index, Depth::all), on, {}, reasons);
    return std::ranges::none_of(
        reasons, [](const Reason& reason) { return reason.blocking && reason.kind == Reason::Kind::failover; });
}

struct Range {
    double min = 0, max = 0;
};

/// Of the serverless instances that the database's cluster has today.
std::optional<Range> of_cluster(const Fleet& fleet, const Plan& plan, Index index) {
    const Index primary = fleet.databases[index].replica_of.value_or(index);
    const auto range = [&](Index i) -> std::optional<Range> {
        const auto& machine = fleet.databases[i].machine;
        if (!machine || !machine->capacity) return std::nullopt;
        return Range{*machine->capacity->min, *machine->capacity->max};
    };
    if (const auto own = range(primary)) return own;
    for (const Index reader : plan.topology.replicas[primary])
        if (const auto own = range(reader)) return own;
    return std::nullopt;
}

/// Room above the peak's units as the policy has it, memory in use within its share, and enough max_connections.
std::optional<Range> range_for(const Fleet& fleet, const Plan& plan, Index index, const Platform& platform,
                               const CapacityUse& use) {
    const Elastic& elastic = *platform.elastic;
    const auto connections = needed(fleet, plan, index);
    if (!connections) return std::nullopt;
    Range range{elastic.low_min, 0};
    const DatabasePlan& mine = plan.databases[index];
    range.max = use.units.value.high / fleet.policy.cpu_peak_max->value;
    if (mine.now.memory_seen)
        range.max =
            std::max(range.max, static_cast<double>(mine.now.memory_seen->value.high.value) /
                                    static_cast<double>(elastic.unit_memory.value) / fleet.policy.memory_max->value);
    range.max = std::max(up_to_step(elastic, range.max), elastic.least_max);
    const Catalog& catalog = plan.market->catalog();
    const auto enough = [&] {
        const auto limit = limit_at(catalog, platform, range.max);
        return limit && *limit >= *connections && carries_losses(fleet, plan, index, platform, range.max);
    };
    while (range.max <= elastic.most && !enough()) range.max += elastic.step;
    if (range.max > elastic.most) return std::nullopt;
    // Below this minimum max_connections is capped, whatever the maximum is.
    if (elastic.capped_at > 0 && *connections > elastic.capped_at) range.min = elastic.low_min + elastic.step;
    const auto given = of_cluster(fleet, plan, index);
    if (given && (given->max < range.max || (range.min > elastic.low_min && given->min < range.min)))
        return std::nullopt;
    return given ? given : range;
}

}  // namespace

bool could_follow_load(const Platform& platform) {
    return platform::elastic_of(platform) != nullptr && platform.elastic == nullptr;
}

std::string_view name(NoServerless why) {
    constexpr std::string_view names[] = {"",        "provider", "pools_first", "trouble",    "committed", "no_price",
                                          "no_load", "support",  "too_large",   "takes_over", "saves_less"};
    return names[static_cast<std::size_t>(why)];
}

namespace {

/// `within`: the range that its cluster is to have, which it was found to be worth.
std::optional<Serverless> found(const Fleet& fleet, const Plan& plan, Index index, MicroUsdPerMonth class_cost,
                                NoServerless& why, const Range* within, Recorder r) {
    const Database& database = fleet.databases[index];
    const auto no = [&](NoServerless reason) {
        why = reason;
        return std::nullopt;
    };
    why = NoServerless::none;
    if (!could_follow_load(*database.platform)) return no(NoServerless::provider);
    const Platform* platform = platform::elastic_of(*database.platform);
    if (!plan.databases[index].now.cost) return no(NoServerless::no_price);
    const DatabasePlan& mine = plan.databases[index];
    const bool peak = mine.now.cpu_p95 || mine.now.cpu_peak;
    const auto use = peak ? capacity_use(fleet, plan, index, r) : std::nullopt;
    if (!use) return no(NoServerless::no_load);
    if (!use->cost) return no(NoServerless::no_price);
    if (use->support_unknown) return no(NoServerless::support);
    const auto range = within != nullptr ? std::optional(*within) : range_for(fleet, plan, index, *platform, *use);
    if (!range) return no(NoServerless::too_large);
    Serverless result;
    result.elastic = platform->elastic;
    result.min = range->min;
    result.max = range->max;
    result.takes_over = !platform->elastic->writer_tiers.empty() && assess::takes_over(fleet, plan.topology, index);
    if (result.takes_over && !follows_load(fleet, plan, *database.replica_of)) return no(NoServerless::takes_over);
    const Catalog& catalog = plan.market->catalog();
    result.at_most = std::make_shared<const InstanceClass>(
        server_at(catalog, *platform, result.max, std::ceil(result.max / platform->elastic->units_per_vcpu)));
    if (!mine.after.losses.empty()) result.losses = losses_on(fleet, plan, index, *result.at_most, r);
    Term cost = r(*use->cost);
    std::optional<Term> units;
    if (range->min > use->units.value.low) units = assess::most(r(use->units), r.literal(range->min));
    if (result.takes_over) {
        const auto writer = capacity_use(fleet, plan, *database.replica_of, r);
        if (!writer) return no(NoServerless::no_load);
        const Term own = units ? *units : r(use->units);
        if (std::min(writer->units.value.high, range->max) > own.value.high)
            units =
                assess::between(assess::low(own), assess::least(assess::high(r(writer->units)), r.literal(range->max)));
    }
    if (units) {
        if (use->support) return no(NoServerless::support);
        const Figure<MicroUsdPerMonth> unit{use->unit_price->amount,
                                            r.row(assess::database_key(index, Name::capacity_price),
                                                  assess::measured(use->unit_price->amount), use->unit_price->row)};
        cost = *units * r(unit);
    }
    const auto key = [&](Name name) { return assess::database_key(index, name); };
    result.cost = r.keep<Interval<MicroUsdPerMonth>>(key(Name::serverless_cost), cost);
    if (within == nullptr &&
        !worth_it(fleet.policy, class_cost, result.cost.value.high, support_of(mine.chosen)).enough)
        return no(NoServerless::saves_less);
    // Beside commitments that is known once all classes are.
    const Recorder by_list = plan.steers ? Recorder() : r;
    result.saves = by_list.keep<Interval<MicroUsdPerMonth>>(key(Name::serverless_saves), r(*mine.now.cost) - cost);
    return result;
}

}  // namespace

std::optional<Serverless> serverless(const Fleet& fleet, const Plan& plan, Index index, MicroUsdPerMonth class_cost,
                                     NoServerless& why) {
    return found(fleet, plan, index, class_cost, why, nullptr, {});
}

void one_range(const Fleet& fleet, Plan& plan, Index primary, Recorder r) {
    std::vector<Index> moved;
    Range all;
    const auto add = [&](Index i) {
        const auto& to = plan.databases[i].recommendation.serverless;
        if (!to) return;
        moved.push_back(i);
        all = {std::max(all.min, to->min), std::max(all.max, to->max)};
    };
    add(primary);
    for (const Index reader : plan.topology.replicas[primary]) add(reader);
    for (const Index i : moved) {
        DatabasePlan& mine = plan.databases[i];
        Recommendation& advice = mine.recommendation;
        const bool same = advice.serverless->min == all.min && advice.serverless->max == all.max;
        if (same && !r.on()) continue;
        NoServerless why{};
        auto to = found(fleet, plan, i, {}, why, &all, r);
        if (!to) continue;
        advice.serverless = std::move(to);
        mine.chosen.losses = advice.serverless->losses;
        assess_risk(fleet, i, plan);
    }
}

}  // namespace poolfit::plan
