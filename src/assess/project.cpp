#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "scope.hpp"

namespace poolfit {

const Check* Projection::find(Dimension dimension) const {
    const auto at =
        std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.dimension == dimension; });
    return at == checks.end() ? nullptr : &*at;
}

namespace assess {

namespace {

struct Gate {
    Dimension dimension;
    std::string_view word;
    const std::optional<Figure<Connections>>& need;
    const std::optional<Figure<Connections>>& at_least;  ///< where the need has no limit
    Fraction share;
    Place share_place;
};

Check connections_check(const Scope& scope, const Limits& limits, const Gate& gate) {
    Check check{gate.dimension, Standing::inside, {}, {}, Measure::connections, 0, false, {}, {}, limits.usable.id};
    const Connections usable = limits.usable.value;
    // The limit is a number of connections: whole, and rounded down.
    const auto limit =
        static_cast<std::int64_t>(std::floor(gate.share.value * static_cast<double>(usable.value) + 1e-9));
    const FigureId share =
        scope.ledger.input(fmt::format("policy.connections_{}_max", gate.word), measured(gate.share), gate.share_place);
    check.figure =
        scope.ledger.derive(scope.name(fmt::format("connections.{}_limit", gate.word)), measured(Connections(limit)),
                            fmt::format("⌊connections_{}_max × usable⌋", gate.word), {share, limits.usable.id});
    check.limit = static_cast<double>(limit);
    if (!gate.need) {
        check.standing = Standing::unknown;
        check.missing = "max of every pool";
        check.text = fmt::format("{} connections have no limit: a pool sets none", gate.word);
        if (gate.at_least && gate.at_least->value.value > limit) {
            check.standing = Standing::over;
            check.value = Interval<double>(static_cast<double>(gate.at_least->value.value));
            check.text = fmt::format("{} connections at least {} of {} ({} of {} usable), and a pool without a limit",
                                     gate.word, unit::print(gate.at_least->value), unit::print(Connections(limit)),
                                     unit::print(gate.share), unit::print(usable));
        }
        return check;
    }
    const Connections need = gate.need->value;
    check.value = Interval<double>(static_cast<double>(need.value));
    check.share = limit > 0 ? static_cast<double>(need.value) / static_cast<double>(limit) : need.value > 0 ? 1e9 : 0;
    check.standing = need.value > limit ? Standing::over : Standing::inside;
    check.text = fmt::format("{} connections {} of {} ({} of {} usable)", gate.word, unit::print(need),
                             unit::print(Connections(limit)), unit::print(gate.share), unit::print(usable));
    return check;
}

}  // namespace

Cost cost(const Fleet& fleet, const Catalog& catalog, const Database& database, const InstanceClass& cls,
          PriceTerm term, Ledger& ledger) {
    Cost result;
    const bool multi_az = *database.multi_az;
    const std::string leaf =
        fmt::format("price.{}.{}.{}.{}", *database.region, cls.name,
                    platform::deployment(*database.platform, multi_az).key, platform::term(term).word);
    // The inventory's own price first: of this deployment, else the single-AZ one twice.
    const PriceOverride* own = nullptr;
    for (const PriceOverride& price : fleet.prices) {
        if (*price.cls != cls.name || price.term != term || (price.multi_az && !multi_az)) continue;
        if (price.platform && price.platform != database.platform) continue;
        if (!own || price.multi_az == multi_az) own = &price;
    }
    if (own) {
        const bool doubled = multi_az && !own->multi_az;
        result.price = Price{doubled ? *own->amount * 2 : *own->amount, doubled, "the inventory's price",
                             Provenance{{}, {}, {}, own->amount.place}};
    } else {
        result.price = catalog.price(*database.platform, cls, *database.region, multi_az, term);
    }
    if (!result.price) return result;
    const Price& price = *result.price;
    const MicroUsdPerMonth single(price.doubled ? price.amount.value / 2 : price.amount.value);
    const std::string note(price.term);
    const FigureId row =
        own ? ledger.input(leaf + (price.doubled ? ".single" : ""), measured(single), own->amount.place, note)
            : ledger.catalog(leaf + (price.doubled ? ".single" : ""), measured(single), price.row, note);
    result.figure = {price.amount, row};
    if (price.doubled)
        result.figure->id = ledger.derive(
            leaf, measured(price.amount), "2 × single-AZ", {row},
            own ? "the inventory gives its single-AZ price" : "the catalog has no Multi-AZ price of its own here");
    return result;
}

Projection project(const Fleet& fleet, const Catalog& catalog, Index index, const InstanceClass& cls, PriceTerm term,
                   const DatabaseDemand& now, const DatabaseDemand& after, Ledger& ledger) {
    const Database& database = fleet.databases[index];
    const Scope scope{fleet, catalog, database, *database.type, cls, ledger};
    Projection result;
    result.cls = &cls;
    result.limits = limits(fleet, catalog, database, cls, ledger);
    auto [price, figure] = cost(fleet, catalog, database, cls, term, ledger);
    result.price = price;
    result.cost = figure;

    const Policy& policy = fleet.policy;
    const auto gate = [&](Dimension dimension, std::string_view word, const std::optional<Figure<Connections>>& need,
                          const std::optional<Figure<Connections>>& at_least, const Located<Fraction>& share) {
        result.checks.push_back(
            connections_check(scope, result.limits, {dimension, word, need, at_least, *share, share.place}));
    };
    gate(Dimension::connections_steady, "steady", after.allocated, after.allocated_at_least,
         policy.connections_steady_max);
    gate(Dimension::connections_deploy, "deploy", after.deploy_peak, after.deploy_at_least,
         policy.connections_deploy_max);
    if (after.failover_peak)
        gate(Dimension::connections_failover, "failover", after.failover_peak, {},
             Located<Fraction>{Fraction(1.0), {}});
    if (after.allocated && result.limits.usable.value.value > 0) {
        const Fraction utilization(static_cast<double>(after.allocated->value.value) /
                                   static_cast<double>(result.limits.usable.value.value));
        // Today's demand on today's class has the budget's own figure.
        const bool today = scope.same() && &now == &after;
        result.utilization = {
            utilization,
            ledger.derive(scope.name(today ? "connections.utilization" : "after.connections.utilization"),
                          measured(utilization), "allocated / usable", {after.allocated->id, result.limits.usable.id})};
    }
    project_cpu(scope, result);
    project_memory(scope, now, after, result);
    project_throughput(scope, result);
    return result;
}

std::string_view name(Dimension dimension) {
    switch (dimension) {
        case Dimension::connections_steady:
            return "connections_steady";
        case Dimension::connections_deploy:
            return "connections_deploy";
        case Dimension::connections_failover:
            return "connections_failover";
        case Dimension::cpu_peak:
            return "cpu_peak";
        case Dimension::cpu_mean:
            return "cpu_mean";
        case Dimension::credits:
            return "credits";
        case Dimension::memory:
            return "memory";
        case Dimension::freeable_memory:
            return "freeable_memory";
        case Dimension::ebs_throughput:
            return "ebs_throughput";
        case Dimension::iops:
            return "iops";
        case Dimension::network:
            return "network";
        case Dimension::engine:
            return "engine";
        case Dimension::region:
            return "region";
        case Dimension::price:
            return "price";
        case Dimension::policy:
            return "policy";
        case Dimension::replica:
            return "replica";
        case Dimension::cpu_demand:
            return "cpu_demand";
    }
    return {};
}

}  // namespace assess
}  // namespace poolfit
