#include "outage_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_pools = 4;

std::string of_usable(const WayOut& way) {
    if (way.usable.value <= 0) return {};
    const double share = static_cast<double>(way.steady.value) / static_cast<double>(way.usable.value);
    return fmt::format("{} of {} usable ({})", unit::print(way.steady), unit::print(way.usable),
                       unit::print(Fraction(share)));
}

/// "api.asyncpg 12 → 5 and api.sqlalchemy 6 → 4".
std::string sizes_text(const Report& report, Index database) {
    std::vector<std::string> texts;
    std::size_t more = 0;
    for (const Index i : report.plan.topology.pools[database]) {
        const PoolPlan& pool = report.plan.pools[i];
        if (!pool.advice.size || (pool.declared && pool.declared->value == pool.advice.size->value)) continue;
        if (texts.size() == most_pools) {
            ++more;
            continue;
        }
        const std::string now = pool.declared ? unit::print(pool.declared->value) : std::string("no limit");
        texts.push_back(
            fmt::format("{} {} → {}", pool_key(*report.fleet, i), now, unit::print(pool.advice.size->value)));
    }
    if (more > 0) texts.push_back(fmt::format("{} more", more));
    return joined(texts, ", ");
}

/// Where nothing of the plan ends it.
std::string_view cure(const Outage& outage) {
    switch (outage.kind) {
        case Outage::Kind::connections:
            return "less load, or fewer processes";
        case Outage::Kind::pool_load:
            return "a shorter hold, or more processes that share the load";
        case Outage::Kind::cpu_load:
            return "less CPU for each transaction, or more vCPUs";
        case Outage::Kind::credits:
            break;
    }
    return "less CPU, or a class that is not throttled";
}

}  // namespace

std::string outage_text(const Fleet& fleet, const Outage& outage) {
    switch (outage.kind) {
        case Outage::Kind::connections:
            return fmt::format("{}{} connections may be open at the most instances, {} are usable: {} are refused",
                               outage.at_least ? "at least " : "", unit::print(outage.needs),
                               unit::print(outage.usable), unit::print(outage.needs - outage.usable));
        case Outage::Kind::pool_load:
            return fmt::format("{} is asked for {} of what it can carry: the wait grows without end",
                               pool_key(fleet, outage.pool), unit::print(outage.share));
        case Outage::Kind::credits:
            return fmt::format(
                "mean CPU {} is over the {} baseline, and the class is held there once its credits are gone",
                unit::print(outage.share), unit::print(outage.baseline));
        case Outage::Kind::cpu_load:
            break;
    }
    return fmt::format("workloads ask for {} of the vCPUs: the wait grows without end", unit::print(outage.share));
}

std::string way_text(const Report& report, Index database, const WayOut& way) {
    const Fleet& fleet = *report.fleet;
    const DatabasePlan& plan = report.plan.databases[database];
    switch (way.kind) {
        case WayOut::Kind::pools:
            return fmt::format("{}: {}", sizes_text(report, database), of_usable(way));
        case WayOut::Kind::limit:
            return fmt::format("max_connections {} → {} ({} gives {} by its memory), with a restart: {}",
                               unit::print(way.from), unit::print(way.to), fleet.databases[database].type->name,
                               unit::print(way.most), of_usable(way));
        case WayOut::Kind::cls: {
            const auto& outages = plan.recommendation.outages;
            const bool connections =
                std::ranges::find(outages, Outage::Kind::connections, &Outage::kind) != outages.end();
            return fmt::format("{} → {}{}", *fleet.databases[database].cls, plan.recommendation.cls->name,
                               connections ? ": " + of_usable(way) : "");
        }
        case WayOut::Kind::instances:
            return fmt::format("at most {} of {}: {}", counted(static_cast<std::size_t>(way.count), "instance"),
                               *fleet.services[way.service].name, of_usable(way));
        case WayOut::Kind::strategy:
            return fmt::format(
                "the strategy {}{}: {}", way.strategy,
                way.usable == plan.budget.limits.usable.value
                    ? ""
                    : fmt::format(" and {} → {}", *fleet.databases[database].cls, plan.recommendation.cls->name),
                of_usable(way));
        case WayOut::Kind::pooler_share:
            break;
    }
    const Pooler& pooler = fleet.poolers[way.pooler];
    return pooler.kind == Pooler::Kind::proxy
               ? fmt::format("max_connections_percent of {} to {} %: {}", *pooler.name, way.count, of_usable(way))
               : fmt::format("{} of {} to {}: {}", model::size_key(pooler), *pooler.name, way.count, of_usable(way));
}

std::vector<std::string> way_texts(const Report& report, Index database) {
    std::vector<std::string> texts;
    for (const WayOut& way : report.plan.databases[database].recommendation.ways)
        texts.push_back(way_text(report, database, way));
    return texts;
}

std::string outages_text(const Report& report, Index database) {
    const Recommendation& advice = report.plan.databases[database].recommendation;
    std::vector<std::string> outages;
    for (const Outage& outage : advice.outages) outages.push_back(outage_text(*report.fleet, outage));
    const std::vector<std::string> ways = way_texts(report, database);
    std::string text = fmt::format("{} is over: {}. ", *report.fleet->databases[database].name, joined(outages, "; "));
    if (ways.empty())
        return fmt::format("{}Nothing that the plan knows ends it: {}.", text, cure(advice.outages.front()));
    text += fmt::format("First: {}.", ways.front());
    for (std::size_t i = 1; i < ways.size(); ++i) text += fmt::format(" Or: {}.", ways[i]);
    return text;
}

}  // namespace poolfit::render
