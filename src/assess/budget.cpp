#include <poolfit/assess/budget.hpp>

#include <cmath>

#include <fmt/format.h>

#include <poolfit/model/sizes.hpp>

#include "names.hpp"

namespace poolfit::assess {

namespace {

Interval<Connections> non_negative(Interval<Connections> range) {
    range.low = std::max(range.low, Connections(0));
    range.high = std::max(range.high, Connections(0));
    return range;
}

}  // namespace

PoolUse pool_use(const Fleet& fleet, const Pool& pool, const PoolDemand& demand, Ledger& ledger) {
    PoolUse use;
    if (!pool.in_use) return use;
    const Service& service = fleet.services[pool.service];
    const std::string name = pool_name(fleet, pool);
    const auto processes = static_cast<double>(*service.processes);
    const auto fewest = static_cast<double>(service.instances->low),
               most = static_cast<double>(service.instances->high);
    const Interval<Connections> in_use{
        Connections(std::llround(std::floor(pool.in_use->value.low * processes * fewest))),
        Connections(std::llround(std::ceil(pool.in_use->value.high * processes * most)))};
    const FigureId leaf =
        ledger.input(name + ".in_use_per_process", measured(Measure::connections, **pool.in_use), pool.in_use->place);
    use.in_use = {in_use,
                  ledger.derive(name + ".in_use", measured(in_use), "instances × processes × in_use",
                                {service_instances(service, ledger), service_processes(service, ledger), leaf})};
    if (demand.allocated) {
        const auto waste = non_negative(Interval<Connections>(demand.allocated->value) - in_use);
        use.waste = {waste, ledger.derive(name + ".waste", measured(waste), "allocated − in_use",
                                          {demand.allocated->id, use.in_use->id})};
    }
    return use;
}

Budget budget(const Fleet& fleet, const Catalog& catalog, Index index, const Demand& demand,
              const std::vector<PoolUse>& use, Ledger& ledger) {
    const Database& database = fleet.databases[index];
    const std::string connections = database_name(database) + ".connections.";
    Budget result{limits(fleet, catalog, database, *database.type, ledger),
                  demand.databases[index],
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {}};

    Interval<Connections> in_use, waste;
    std::vector<FigureId> in_use_parts, waste_parts;
    bool wasted = true;
    for (std::size_t i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        if (model::database_of(fleet, pool) != index) continue;
        const std::string label = fmt::format("{}.{}", *fleet.services[pool.service].name, *pool.name);
        if (!demand.pools[i].size) result.unlimited.push_back(label);
        if (!use[i].in_use) {
            result.unmeasured.push_back(label);
            continue;
        }
        in_use = in_use + use[i].in_use->value;
        in_use_parts.push_back(use[i].in_use->id);
        // Behind a pooler a client's spare connection holds no slot of the server.
        if (pool.pooler || !use[i].waste) {
            wasted = false;
            continue;
        }
        waste = waste + use[i].waste->value;
        waste_parts.push_back(use[i].waste->id);
    }
    if (in_use_parts.empty()) in_use_parts.push_back(nothing_connects(ledger));
    if (waste_parts.empty()) waste_parts.push_back(nothing_connects(ledger));
    if (result.unmeasured.empty()) {
        result.in_use = {
            in_use, ledger.derive(connections + "in_use", measured(in_use), "Σ in_use of the pools", in_use_parts)};
        if (wasted)
            result.waste = {waste,
                            ledger.derive(connections + "waste", measured(waste), "Σ waste of the pools", waste_parts)};
    }

    const auto& allocated = result.demand.allocated;
    if (!allocated) return result;
    const auto share = [&](std::string_view name, const Figure<Connections>& of, std::string_view of_name) {
        std::optional<Figure<Fraction>> figure;
        if (of.value.value <= 0) return figure;
        const Fraction f(static_cast<double>(allocated->value.value) / static_cast<double>(of.value.value));
        figure = {f, ledger.derive(connections + std::string(name), measured(f), fmt::format("allocated / {}", of_name),
                                   {allocated->id, of.id})};
        return figure;
    };
    result.utilization = share("utilization", result.limits.usable, "usable");
    result.utilization_nominal = share("utilization_nominal", result.limits.max_nominal, "max_nominal");
    const Connections headroom = result.limits.usable.value - allocated->value;
    result.headroom = {headroom, ledger.derive(connections + "headroom", measured(headroom), "usable − allocated",
                                               {result.limits.usable.id, allocated->id})};
    const auto copies = [&](std::string_view name, const Figure<Connections>& usable, std::string_view usable_name) {
        std::optional<Figure<Connections>> figure;
        if (allocated->value.value <= 0) return figure;
        const Connections n(usable.value.value / allocated->value.value);
        figure = {n,
                  ledger.derive(connections + std::string(name), measured(Measure::count, static_cast<double>(n.value)),
                                fmt::format("⌊{} / allocated⌋", usable_name), {usable.id, allocated->id})};
        return figure;
    };
    result.copies = copies("copies", result.limits.usable, "usable");
    result.copies_nominal = copies("copies_nominal", result.limits.usable_nominal, "usable_nominal");
    return result;
}

}  // namespace poolfit::assess
