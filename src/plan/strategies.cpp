// The strategies, as rows of a table; one file makes each.
#include <array>

#include <poolfit/threads/parallel.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

using Quantity = Threshold::Quantity;
using Role = Strategy::Role;

// Each number with its section in the document that the strategies come from.
constexpr Grounds document = Grounds::strategy_rules;

constexpr std::array aggressive_limits{
    Limit{Quantity::max_connections_share, 0.5, document, true},  // "When to Upgrade RDS Instance": over 50 %
    Limit{Quantity::cpu_peak, 0.7, document},                     // the same: CPU consistently over 70 %
};
constexpr std::array monitor_limits{Limit{Quantity::unmeasured_pools, 1, {}, false, 0, true}};
constexpr std::array pooler_limits{
    Limit{Quantity::connections, 200, document, true},   // "When to Add PgBouncer": total connections exceed 200
    Limit{Quantity::new_services, 5, document},          // the same: adding 5+ new services
    Limit{Quantity::services, 10, document, true, 100},  // "Recommendation Matrix": scaling to 10+ services; below
                                                         // 100 connections "application pooling is fine"
};

constexpr std::array<StrategyRow, 4> table{{
    {"conservative", Phase::conservative, Role::base, true, {}, make_conservative},
    {"aggressive", Phase::aggressive, Role::takes_over, true, aggressive_limits, make_aggressive},
    {"monitor", Phase::monitor, Role::measures, false, monitor_limits, make_monitor},
    {"pooler", Phase::pooler, Role::takes_over, true, pooler_limits, make_pooler},
}};

}  // namespace

std::span<const StrategyRow> strategy_table() { return table; }

std::vector<Strategy> made(const Scene& scene) {
    std::vector<Strategy> all;
    if (scene.fleet.pools.empty()) return all;
    all.resize(table.size());
    const bool many = scene.fleet.databases.size() > threads::databases_at_once && !scene.r.on();
    threads::in_parallel(static_cast<int>(table.size()), many ? scene.threads : 1, [&](int i) {
        // The later rows are more work: they begin, so that no thread is left with one of them at the end.
        const auto at = static_cast<std::size_t>(many ? static_cast<int>(table.size()) - 1 - i : i);
        const StrategyRow& row = table[at];
        Strategy& strategy = all[at];
        strategy.name = row.name;
        strategy.phase = row.phase;
        strategy.role = row.role;
        row.make(scene, strategy);
    });
    // What is the same as the base has its risk.
    for (Strategy& strategy : all)
        if (strategy.hazard.kind == Hazard::Kind::as_conservative) strategy.risk = all.front().risk;
    return all;
}

void lay_over(const Joint& joint, std::vector<Strategy>& strategies) {
    for (std::size_t i = 0; i < strategies.size(); ++i) {
        const Joint::Way& way = joint.ways[i];
        strategies[i].classes_save = way.saves;
        for (StrategyDatabase& server : strategies[i].databases) {
            server.cls = way.classes[server.database];
            server.usable = way.usable[server.database];
            server.most = way.most[server.database];
        }
    }
}

std::vector<Strategy> strategies(const Fleet& fleet, const Plan& plan, Recorder recorder, int threads) {
    const Scene scene{fleet, plan, recorder, threads};
    std::vector<Strategy> all = made(scene);
    if (plan.joint) lay_over(*plan.joint, all);
    if (!all.empty()) choose(scene, all);
    return all;
}

std::string_view name(Effort effort) {
    constexpr std::string_view names[] = {"minutes", "hours", "days", "weeks"};
    return names[static_cast<std::size_t>(effort)];
}

}  // namespace poolfit::plan
