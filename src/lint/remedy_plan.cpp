// The parts of the plan that end what a finding is about, but for sizes: a limit, a strategy, fewer instances, a class.
#include "remedy_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

#include "finding.hpp"

namespace poolfit::lint {
namespace {

/// "pool sizes from poolfit plan primary".
std::string sizes_of(const LintInput& input, Index database) {
    return "pool sizes from " + model::command(input.fleet, "plan", *input.fleet.databases[database].name);
}

/// " on db.t4g.large", " with max_connections = 197 instead of 97", ", and the pool sizes from poolfit plan": what else
/// it takes.
std::string beside(const LintInput& input, Index database, const WayOut& way) {
    std::string text;
    if (way.with_class) text += fmt::format(" on {}", input.plan.databases[database].recommendation.cls->name);
    if (way.to.value > 0 && way.kind != WayOut::Kind::limit)
        text += fmt::format(" with max_connections = {} instead of {}", unit::print(way.to), unit::print(way.from));
    if (way.with_sizes) text += fmt::format(", with the {}", sizes_of(input, database));
    return text;
}

/// "max_connections = 281 instead of 150 (the class allows 3,413), with a restart".
std::string by_limit(const LintInput& input, Index database, Connections to) {
    const DatabasePlan& plan = input.plan.databases[database];
    const Limits& limits = plan.budget.limits;
    return fmt::format("max_connections = {} instead of {}{}{}", unit::print(to), unit::print(limits.max_planned.value),
                       limits.max_expected
                           ? fmt::format(" (the class allows {})", unit::print(limits.max_expected->value.low))
                           : std::string(),
                       input.fleet.databases[database].platform->limit_needs_restart ? ", with a restart" : "");
}

/// Of many databases each takes a connection, whatever the sizes.
std::string no_size(const NoSizeFits& no) {
    const PoolerKind& kind = platform::pooler_kind(Pooler::Kind::pgbouncer);
    if (no.by_pooler)
        return fmt::format(
            "fewer pairs, or fewer databases on this server: one connection for each of {}{} makes {}",
            count(no.databases, "pair", "pairs"),
            no.each > 1 ? fmt::format(" in each of {}", count(no.each, kind.name, kind.several)) : std::string(),
            unit::print(no.connections));
    const std::string_view takes =
        no.pooler_fits    ? "fewer processes, or a pooler with few connections per database"
        : no.takes_pooler ? "fewer databases on this server (a pooler also needs a connection for each database in use)"
                          : "fewer processes, or fewer databases on this server";
    return fmt::format("{}: at max = 1, {} × {} databases still open {}", takes, count(no.each, "process", "processes"),
                       unit::print(Connections(no.databases)), unit::print(no.connections));
}

}  // namespace

std::string by_raised_limit(const LintInput& input, Index database, const Goal& goal) {
    const DatabasePlan& plan = input.plan.databases[database];
    if (!plan.recommendation.max_connections || !plan.after.allocated || !plan.after.deploy_peak) return {};
    const Figure<Connections>& then = goal.failover                   ? *plan.after.failover_peak
                                      : goal.moment == Moment::steady ? *plan.after.allocated
                                                                      : *plan.after.deploy_peak;
    const bool moves = plan.recommendation.cls != input.fleet.databases[database].type;
    const bool sizes = then.value != (goal.failover                   ? plan.demand.failover_peak
                                      : goal.moment == Moment::steady ? plan.demand.allocated
                                                                      : plan.demand.deploy_peak)
                                         .value_or(then)
                                         .value;
    return fmt::format("{}{}{}  →  {}", by_limit(input, database, *plan.recommendation.max_connections),
                       moves ? fmt::format(" on {}", plan.recommendation.cls->name) : std::string(),
                       sizes ? fmt::format(", with the {}", sizes_of(input, database)) : std::string(),
                       of(then.value, plan.chosen.limits.usable.value));
}

namespace {

/// In the plan's order.
std::vector<std::string> way_texts(const LintInput& input, Index database) {
    std::vector<std::string> texts;
    for (const WayOut& way : input.plan.databases[database].recommendation.ways) {
        if (way.kind == WayOut::Kind::pools)
            texts.push_back(fmt::format("the {}  →  {}", sizes_of(input, database), of(way.steady, way.usable)));
        if (way.kind == WayOut::Kind::limit)
            texts.push_back(fmt::format("{}{}  →  {}", by_limit(input, database, way.to), beside(input, database, way),
                                        of(way.steady, way.usable)));
        if (way.kind == WayOut::Kind::strategy)
            texts.push_back(fmt::format("strategy {} from {}{}  →  {}", way.strategy,
                                        model::command(input.fleet, "plan"), beside(input, database, way),
                                        of(way.steady, way.usable)));
        if (way.kind == WayOut::Kind::instances)
            texts.push_back(fmt::format("at most {} of {}  →  {}", count(way.count, "instance", "instances"),
                                        *input.fleet.services[way.service].name, of(way.steady, way.usable)));
    }
    return texts;
}

}  // namespace

std::string by_way(const LintInput& input, Index database) {
    return fmt::format("{}", fmt::join(way_texts(input, database), "; or "));
}

std::string other_ways(const LintInput& input, Index database) {
    const auto& ways = input.plan.databases[database].recommendation.ways;
    if (ways.empty() || ways.front().kind != WayOut::Kind::pools) return {};
    const std::vector<std::string> texts = way_texts(input, database);
    std::string text;
    for (std::size_t i = 1; i < texts.size(); ++i) text += "; or " + texts[i];
    return text;
}

std::string by_strategy(const LintInput& input, Index database, const Goal& goal) {
    const DatabasePlan& plan = input.plan.databases[database];
    const DatabaseDemand& after = plan.after;
    if (plan.by_strategy.empty() || !after.allocated || !after.deploy_peak) return {};
    const Policy& policy = input.fleet.policy;
    const auto ends = [&](Connections usable) {
        const auto within = [&](Connections needs, Fraction share) {
            return static_cast<double>(needs.value) <= share.value * static_cast<double>(usable.value) + assess::hair;
        };
        return within(after.allocated->value, *policy.connections_steady_max) &&
               within(after.deploy_peak->value, *policy.connections_deploy_max) &&
               after.deploy_peak->value <= usable - goal.free &&
               (!goal.failover || (after.failover_peak && after.failover_peak->value <= usable));
    };
    // Where today's class carries it, the move to another one is a saving, and no part of the fix.
    const Connections today = plan.budget.limits.usable.value, there = plan.chosen.limits.usable.value;
    std::string on;
    Connections usable = today;
    if (!ends(today) || !after.shares.empty()) {
        if (!ends(there)) return {};
        usable = there;
        if (const auto& to = plan.recommendation.max_connections)
            on = fmt::format(" with max_connections = {} instead of {}", unit::print(*to),
                             unit::print(plan.budget.limits.max_planned.value));
        else if (plan.recommendation.cls != input.fleet.databases[database].type)
            on = fmt::format(" on {}", plan.recommendation.cls->name);
    }
    const auto& then = goal.failover                   ? after.failover_peak
                       : goal.moment == Moment::steady ? after.allocated
                                                       : after.deploy_peak;
    return fmt::format("strategy {} from {}{}  →  {}", plan.by_strategy, model::command(input.fleet, "plan"), on,
                       of(then->value, usable));
}

std::string by_surge(const LintInput& input, Index database) {
    const auto& surge = input.plan.databases[database].recommendation.summary.surge;
    if (!surge) return {};
    const Service& service = input.fleet.services[surge->service];
    return fmt::format(
        "{}{} for {}{}  →  {}",
        service.deploy == Deploy::rolling ? std::string() : assign(service.place, "deploy", "\"rolling\"") + " and ",
        assign(service.place, "max_surge", std::to_string(surge->instances)), *service.name,
        surge->with_sizes ? fmt::format(", with the {}", sizes_of(input, database)) : std::string(),
        of(surge->deploy, surge->usable));
}

std::string by_class(const LintInput& input, Index database, const Goal& goal) {
    const Recommendation& r = input.plan.databases[database].recommendation;
    const Database& record = input.fleet.databases[database];
    if (!r.cls || r.cls == record.type) {
        const Connections limit = goal.failover ? facts(input, database).usable : facts(input, database).steady_limit;
        if (const auto no = plan::no_size_fits(input.fleet, input.plan, database, limit)) return no_size(*no);
        if (r.summary.no_class == Summary::NoClass::own_limit)
            return "no reasonable pool size is enough: fewer processes, or a higher max_connections if memory allows "
                   "(set observed.freeable_memory)";
        return fmt::format("{}: no reasonable pool size is enough",
                           goal.failover ? "readers without a fallback, or a pooler in front of both servers"
                                         : "fewer processes, or a pooler");
    }
    return fmt::format("{}, with the {}", assign(record.cls.place, "class", fmt::format("\"{}\"", r.cls->name)),
                       sizes_of(input, database));
}

}  // namespace poolfit::lint
