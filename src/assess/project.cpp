#include <poolfit/assess/projection.hpp>

#include <algorithm>

#include <poolfit/assess/storage.hpp>

#include "observed.hpp"
#include "scope.hpp"

namespace poolfit {

const Check* Checks::find(Dimension dimension) const {
    const Check* at = std::find_if(begin(), end(), [&](const Check& c) { return c.dimension == dimension; });
    return at == end() ? nullptr : at;
}

bool Checks::any_over() const {
    return std::any_of(begin(), end(), [](const Check& c) { return c.standing == Standing::over; });
}

namespace assess {

namespace {

/// A moment's connections against what the policy allows of the usable ones.
struct Gate {
    Dimension dimension;
    Name limit;
    const std::optional<Figure<Connections>>& need;
    const std::optional<Figure<Connections>>& at_least;  ///< where the need has no limit
    Connections beside{};                                ///< of both: what is open and no pool explains
};

Check connections_check(const Scope& scope, const Limits& limits, const Gate& gate, const Term& share, Phase phase) {
    Check check;
    check.dimension = gate.dimension;
    check.measure = Measure::connections;
    if (!limits.known) {
        check.standing = Standing::unknown;
        check.missing = Missing::max_connections;
        const auto& need = gate.need ? gate.need : gate.at_least;
        check.at_least = !gate.need;
        if (need) check.value = Interval<double>(static_cast<double>((need->value + gate.beside).value));
        return check;
    }
    const auto limit = scope.r.keep<Connections>(scope.key(gate.limit, phase), floor(share * scope.r(limits.usable)));
    check.figure = limit.id;
    check.limit = static_cast<double>(limit.value.value);
    check.of = static_cast<double>(limits.usable.value.value);
    check.allowed = share.value.high;
    const bool known = gate.need.has_value();
    if (!known) {
        check.standing = Standing::unknown;
        check.missing = Missing::pool_max;
        if (!gate.at_least || gate.at_least->value + gate.beside <= limit.value) return check;
    }
    const Connections need = (known ? gate.need->value : gate.at_least->value) + gate.beside;
    check.at_least = !known;
    check.value = Interval<double>(static_cast<double>(need.value));
    if (known)
        check.share = *check.limit > 0 ? static_cast<double>(need.value) / *check.limit : need.value > 0 ? 1e9 : 0;
    check.standing = need > limit.value ? Standing::over : Standing::inside;
    return check;
}

/// The policy's share as a term.
Term share_of(const Scope& scope, Name name, const Located<Fraction>& given) {
    const Figure<Fraction> share{*given, scope.r.input(policy_key(name), measured(*given), given.place)};
    return scope.r(share);
}

/// `of_limits`: the phase of limits that the plan changes. What was seen and nothing explains comes to any class.
void project_connections(const Scope& scope, const DatabaseDemand& now, const DatabaseDemand& after, Phase phase,
                         Phase of_limits, Projection& result) {
    const Policy& policy = scope.fleet.policy;
    const Limits& limits = result.limits;
    const auto seen = seen_connections(scope.fleet, scope.index, now, limits.reserved, {});
    const Connections beside = seen && seen->unexplained ? seen->unexplained->value : Connections(0);
    result.checks.push_back(connections_check(scope, limits,
                                              {Dimension::connections_steady, Name::connections_steady_limit,
                                               after.allocated, after.allocated_at_least, beside},
                                              share_of(scope, Name::steady_max, policy.connections_steady_max),
                                              of_limits));
    result.checks.push_back(connections_check(scope, limits,
                                              {Dimension::connections_deploy, Name::connections_deploy_limit,
                                               after.deploy_peak, after.deploy_at_least, beside},
                                              share_of(scope, Name::deploy_max, policy.connections_deploy_max),
                                              of_limits));
    if (after.failover_peak)
        result.checks.push_back(connections_check(
            scope, limits,
            {Dimension::connections_failover, Name::connections_failover_limit, after.failover_peak, {}, beside},
            scope.r.literal(1), of_limits));
    if (!after.allocated || !limits.known || limits.usable.value.value <= 0) return;
    result.utilization = scope.r.keep<Fraction>(scope.key(Name::connections_utilization, phase),
                                                scope.r(*after.allocated) / scope.r(limits.usable));
}

}  // namespace

std::optional<Figure<MicroUsdPerMonth>> cost(const Fleet& fleet, const Market& market, Index index, const Offer& offer,
                                             Recorder r) {
    if (!offer.price) return std::nullopt;
    const Price& price = *offer.price;
    Figure<MicroUsdPerMonth> result{price.amount, {}};
    if (!r.on()) return result;
    const VolumeKind* factor = offer.before_factor ? volume_factor(fleet, index) : nullptr;
    // One figure for all databases that share the price: the first that has it names it.
    Index first = 0;
    const Database& mine = fleet.databases[index];
    const auto alike = [&](const Database& other) {
        return other.platform == mine.platform && *other.region == *mine.region && *other.multi_az == *mine.multi_az;
    };
    while (!alike(fleet.databases[first])) ++first;
    if (factor != nullptr) {
        Key standard{{Subject::Kind::price, first},
                     Name::price_standard,
                     Phase::now,
                     offer.cls,
                     platform::term(market.term()).word};
        const Figure<MicroUsdPerMonth> before{*offer.before_factor, r.row(standard, measured(*offer.before_factor),
                                                                          price.row, {Note::price_term, price.term})};
        return r.keep<MicroUsdPerMonth>(database_key(index, Name::list_price, Phase::now, offer.cls),
                                        r(class_factor(*factor, r)) * r(before));
    }
    const Key key{
        {Subject::Kind::price, first}, Name::price, Phase::now, offer.cls, platform::term(market.term()).word};
    Key leaf = key;
    if (price.doubled) leaf.name = Name::price_single;
    const MicroUsdPerMonth single(price.doubled ? price.amount.value / 2 : price.amount.value);
    const Figure<MicroUsdPerMonth> row{
        single, offer.own_price != nullptr
                    ? r.input(leaf, measured(single), offer.own_price->amount.place, {Note::price_term})
                    : r.row(leaf, measured(single), price.row, {Note::price_term, price.term})};
    if (!price.doubled) return row;
    return r.keep<MicroUsdPerMonth>(key, r.literal(2) * r(row),
                                    {offer.own_price != nullptr ? Note::own_single : Note::no_multi_az_row});
}

std::optional<Figure<MicroUsdPerMonth>> extended_support(const Fleet& fleet, const Market& market, Index index,
                                                         const InstanceClass& cls, LifeCycle::Stage stage,
                                                         const Key& key, Recorder r) {
    const auto& life = market.offers(index).life;
    if (!life) return std::nullopt;
    const Database& database = fleet.databases[index];
    const auto amount = life->cost(stage, cls, *database.multi_az);
    if (!amount || amount->value == 0) return std::nullopt;
    if (!r.on()) return Figure<MicroUsdPerMonth>{*amount, {}};
    const std::int64_t charged = *life->charged(stage);
    // One figure for all databases that share the price: the first that has it names it.
    Index first = 0;
    while (fleet.databases[first].platform != database.platform || *fleet.databases[first].region != *database.region)
        ++first;
    const Key price{{Subject::Kind::support_price, first},
                    Name::price,
                    Phase::now,
                    nullptr,
                    stage == LifeCycle::Stage::dearer ? "year_3" : "year_1_2"};
    const Figure<MicroUsdPerMonth> per_hour{
        MicroUsdPerMonth(charged),
        r.row(price, measured(Measure::usd_per_vcpu_hour, static_cast<double>(charged)), life->price->row)};
    Term vcpus = r(class_vcpus(cls, r));
    if (*database.multi_az) vcpus = r.literal(2) * vcpus;
    return r.keep<MicroUsdPerMonth>(key, vcpus * r(month_hours(r)) * r(per_hour));
}

Projection project(const Fleet& fleet, const Market& market, Index index, const Offer& offer, const DatabaseDemand& now,
                   const DatabaseDemand& after, Phase phase, Recorder r,
                   const std::optional<Figure<Connections>>& raised, Known* known) {
    const Database& database = fleet.databases[index];
    Known of_this;
    const Scope scope{fleet,
                      market,
                      index,
                      database,
                      market.offer(index, *database.type),
                      offer,
                      r,
                      known != nullptr ? *known : of_this};
    Projection result;
    if (known != nullptr) result.checks = std::move(known->checks), result.losses = std::move(known->losses);
    result.cls = offer.cls;
    result.limits = limits(fleet, market, index, offer, r);
    if (raised) {
        result.limits.max_planned = *raised;
        result.limits.usable = r.keep<Connections>(scope.key(Name::connections_usable, phase),
                                                   most(r(*raised) - r(result.limits.reserved), r.literal(0)));
    }
    result.price = offer.price;
    result.list = cost(fleet, market, index, offer, r);
    result.support_unknown = market.offers(index).asks_version || market.offers(index).older_charged ||
                             (market.offers(index).life && !offer.support && !market.offers(index).life->by_unit);
    if (const auto& life = market.offers(index).life)
        result.support =
            extended_support(fleet, market, index, *offer.cls, life->stage, scope.key(Name::extended_support), r);
    std::optional<DatabaseDemand> changed;  // most have no share, and stay as they are
    if (!after.shares.empty() && result.limits.known)
        changed = demand_at(scope.fleet, after, result.limits, index, offer.cls, phase, r);
    const DatabaseDemand& there = changed ? *changed : after;
    project_connections(scope, now, there, phase, raised ? phase : Phase::now, result);
    project_cpu(scope, result);
    project_memory(scope, now, there, phase, result);
    project_throughput(scope, result);
    project_losses(scope, now, there, phase, result);
    return result;
}

std::optional<MicroUsdPerMonth> ranked(const Projection& projection) {
    if (!projection.cost || !projection.at_peak) return std::nullopt;
    return projection.cost->value + *projection.at_peak;
}

bool out_of_credits(const Projection& projection) {
    const auto& credits = projection.credits;
    return credits && credits->throttled && credits->mean_known && credits->lives_on_credits;
}

Interval<Connections> max_connections(const Database& database, const Limits& limits) {
    if (limits.max_observed) return Interval<Connections>(limits.max_observed->value);
    if (!limits.known) return {Connections(0), no_limit_known};
    if (!database.platform->limit.follows_class) return Interval<Connections>(limits.max_planned.value);
    if (limits.set_by_hand) return Interval<Connections>(**database.max_connections);
    return limits.max_expected->value;
}

Standby standby(const Interval<Connections>& own, const Interval<Connections>& primary) {
    if (own.high < primary.low) return Standby::will_not;
    return own.low >= primary.high ? Standby::starts : Standby::may_not;
}

bool seen_running(const Database& replica) {
    const Observed& seen = replica.observed;
    return seen.replica_lag || (seen.connections && (seen.connections->value.high.value > 0 || seen.part_of_one));
}

bool by_formula(const Limits& limits) { return !limits.max_observed && !limits.set_by_hand; }

std::string_view name(Dimension dimension) {
    constexpr std::string_view names[] = {
        "connections_steady",
        "connections_deploy",
        "connections_failover",
        "cpu_peak",
        "cpu_p95",
        "cpu_mean",
        "credits",
        "memory",
        "freeable_memory",
        "ebs_throughput",
        "iops",
        "network",
        "engine",
        "region",
        "price",
        "policy",
        "replica",
        "cpu_demand",
        "failover_cpu",
        "failover_memory",
    };
    return names[static_cast<std::size_t>(dimension)];
}

}  // namespace assess
}  // namespace poolfit
