#include "strategy_parts.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::plan {

bool is_known(const Plan& plan, const Fleet& fleet, Index pool) {
    return fleet.pools[pool].in_use || (plan.loads[pool] && plan.loads[pool]->size);
}

std::size_t count_unknown(const Plan& plan, const Fleet& fleet) {
    std::size_t count = 0;
    for (Index i = 0; i < fleet.pools.size(); ++i) count += is_known(plan, fleet, i) ? 0 : 1;
    return count;
}

std::string label(const Fleet& fleet, const Pool& pool) {
    return fmt::format("{}/{}", *fleet.services[pool.service].name, *pool.name);
}

std::string driver_of(const Pool& pool) { return pool.driver ? **pool.driver : std::string("its driver"); }

std::string listed(const std::vector<std::string>& texts) {
    constexpr std::size_t most = 6;
    if (texts.size() > most) {
        const std::vector<std::string> few(texts.begin(), texts.begin() + most);
        return fmt::format("{} and {} more", fmt::join(few, ", "), texts.size() - most);
    }
    if (texts.size() < 2) return texts.empty() ? std::string() : texts.front();
    return fmt::format("{} and {}", fmt::join(texts.begin(), texts.end() - 1, ", "), texts.back());
}

std::string counted(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

std::string figure_name(const Strategy& strategy, std::string_view figure) {
    return fmt::format("strategy.{}.{}", strategy.name, figure);
}

std::string change_text(const Strategy& strategy) {
    if (!strategy.change || strategy.change->value.value == 0) return "no change";
    const double share = strategy.change->value.value;
    return fmt::format("{}{}", share < 0 ? "−" : "+", unit::print(Fraction(std::abs(share))));
}

std::string per_server(const Fleet& fleet, const Strategy& strategy) {
    std::vector<std::string> texts;
    for (const StrategyDatabase& server : strategy.databases) {
        const auto text = [](const auto& figure) {
            return figure ? unit::print(figure->value) : std::string("no limit");
        };
        const std::string before = text(server.before), after = text(server.after);
        const std::string& name = *fleet.databases[server.database].name;
        texts.push_back(before == after ? fmt::format("{} on {}", after, name)
                                        : fmt::format("{} → {} on {}", before, after, name));
    }
    return listed(texts);
}

std::vector<PoolSize> recommended_sizes(const Plan& plan) {
    std::vector<PoolSize> sizes;
    for (const PoolAdvice& advice : plan.pools) sizes.push_back(advice.size);
    return sizes;
}

namespace {

/// Sum over servers: what the services open in all. Limits are never added, demands may be.
std::optional<Figure<Connections>> in_all(const std::vector<StrategyDatabase>& servers,
                                          std::optional<Figure<Connections>> StrategyDatabase::*part, std::string name,
                                          Ledger& ledger) {
    Connections total{0};
    std::vector<FigureId> parts;
    for (const StrategyDatabase& server : servers) {
        const auto& figure = server.*part;
        if (!figure) return std::nullopt;
        total += figure->value;
        parts.push_back(figure->id);
    }
    return Figure<Connections>{total, ledger.derive(std::move(name), assess::measured(total),
                                                    "Σ databases: what the services open in all", std::move(parts))};
}

}  // namespace

void measure(const Scene& scene, Strategy& strategy, const std::vector<DatabaseDemand>& after) {
    Ledger& ledger = scene.plan.ledger;
    for (Index i = 0; i < scene.fleet.databases.size(); ++i) {
        const std::string base = fmt::format("database.{}.", *scene.fleet.databases[i].name);
        const auto named = [&](const std::optional<Figure<Connections>>& figure, std::string_view what,
                               std::string_view formula) {
            std::optional<Figure<Connections>> result;
            if (figure)
                result = {figure->value,
                          ledger.derive(figure_name(strategy, fmt::format("{}{}", base, what)),
                                        assess::measured(figure->value), std::string(formula), {figure->id})};
            return result;
        };
        strategy.databases.push_back({i, scene.plan.now.databases[i].allocated,
                                      named(after[i].allocated, "connections", "allocated with the strategy's pools"),
                                      named(after[i].deploy_peak, "deploy", "deploy_peak with the strategy's pools")});
    }
    strategy.before = in_all(strategy.databases, &StrategyDatabase::before, "fleet.connections", ledger);
    strategy.after = in_all(strategy.databases, &StrategyDatabase::after, figure_name(strategy, "connections"), ledger);
    if (!strategy.before || !strategy.after || strategy.before->value.value <= 0) return;
    const double before = static_cast<double>(strategy.before->value.value);
    const Fraction change((static_cast<double>(strategy.after->value.value) - before) / before);
    strategy.change = {change, ledger.derive(figure_name(strategy, "change"), assess::measured(change),
                                             "(after − before) / before", {strategy.after->id, strategy.before->id})};
}

void list_pools(const Scene& scene, Strategy& strategy, const std::vector<PoolSize>& sizes,
                const std::vector<std::string>& reasons) {
    for (Index i = 0; i < scene.fleet.pools.size(); ++i) {
        const Pool& pool = scene.fleet.pools[i];
        const PoolSize &now = scene.plan.sizes[i], &then = sizes[i];
        strategy.pools.push_back({i, {}, then, reasons[i]});
        if (!then || (now && now->value == then->value)) continue;
        strategy.changes.push_back(fmt::format("{}: {} → {} per process ({})", label(scene.fleet, pool),
                                               now ? unit::print(now->value) : std::string("no limit"),
                                               unit::print(then->value), reasons[i]));
    }
}

void saves_nothing(const Scene& scene, Strategy& strategy) {
    strategy.saves_per_year = {
        MicroUsdPerMonth(0),
        scene.plan.ledger.constant(figure_name(strategy, "saves_per_year"), assess::measured(Measure::usd_per_year, 0),
                                   "connections have no price of their own; the classes are the plan's")};
}

const Limits& limits_after(const Plan& plan, Index database) {
    const DatabasePlan& mine = plan.databases[database];
    const auto& chosen = mine.candidates[mine.recommendation.candidate].projection;
    return chosen ? chosen->limits : mine.budget.limits;
}

bool fits(const Scene& scene, const Strategy& strategy) {
    const Policy& policy = scene.fleet.policy;
    return std::all_of(strategy.databases.begin(), strategy.databases.end(), [&](const StrategyDatabase& server) {
        const auto usable = static_cast<double>(limits_after(scene.plan, server.database).usable.value.value);
        const auto within = [&](const std::optional<Figure<Connections>>& figure, Fraction share) {
            return figure && static_cast<double>(figure->value.value) <= share.value * usable + 1e-9;
        };
        return within(server.after, *policy.connections_steady_max) &&
               within(server.deploy_after, *policy.connections_deploy_max);
    });
}

std::size_t changed_services(const Fleet& fleet, const Strategy& strategy, const Plan& plan) {
    std::set<Index> services;
    for (const StrategyPool& pool : strategy.pools) {
        const PoolSize& now = plan.sizes[pool.pool];
        const bool same =
            pool.merged.empty() && now.has_value() == pool.size.has_value() && (!now || now->value == pool.size->value);
        if (!same) services.insert(fleet.pools[pool.pool].service);
    }
    return services.size();
}

}  // namespace poolfit::plan
