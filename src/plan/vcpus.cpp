// Pool sizes against vCPUs of the host: by vcpu_max, by a formula in max, or not at all.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>

#include "strategy_parts.hpp"

namespace poolfit::plan {

namespace {

/// What a pool's size follows: its vcpu_max, else the formula in its max, else its driver's by CPUs.
std::optional<Size> rule(const Pool& pool) {
    if (pool.vcpu_max) return pool.vcpu_max;
    if (pool.max && pool.max->is_formula) return pool.max;
    const DriverDefault* driver = pool.driver_default;
    if (pool.max || driver == nullptr || driver->kind != DriverDefault::Kind::formula) return std::nullopt;
    auto parsed = formula::parse(driver->formula, Formula::Dialect::pool);
    auto* text = std::get_if<Formula>(&parsed);
    if (text == nullptr) return std::nullopt;
    return Size{std::move(*text), {}, {}, true};
}

PoolSize at(const Fleet& fleet, const Pool& pool, const Size& size, int vcpus, Ledger& ledger) {
    const Service& service = fleet.services[pool.service];
    formula::Variables variables = model::size_variables(fleet, service, pool);
    std::erase_if(variables, [](const auto& variable) { return variable.first == "TOTAL_VCPUS"; });
    variables.emplace_back("TOTAL_VCPUS", vcpus);
    const auto result = model::evaluate(size, variables);
    const auto* connections = std::get_if<Connections>(&result);
    if (connections == nullptr) return std::nullopt;
    const std::string base = fmt::format("service.{}.pool.{}", *service.name, *pool.name);
    const FigureId count = ledger.constant(fmt::format("vcpus.{}", vcpus), assess::measured(Measure::vcpus, vcpus),
                                           "a column of the table of pools against vCPUs");
    const FigureId formula =
        size.place ? ledger.input(fmt::format("{}.vcpu_rule", base), assess::measured(Measure::count, 1), size.place,
                                  "the formula itself: " + size.formula.text())
                   : ledger.catalog(fmt::format("driver.{}.pool_formula", pool.driver_default->id),
                                    assess::measured(Measure::count, 1), pool.driver_default->row,
                                    "the formula itself: " + size.formula.text());
    return Figure<Connections>{*connections, ledger.derive(fmt::format("{}.at_{}_vcpus", base, vcpus),
                                                           assess::measured(*connections), size.formula.text(),
                                                           {count, formula})};
}

}  // namespace

std::vector<VcpuRow> vcpu_table(const Fleet& fleet, Plan& plan) {
    std::vector<VcpuRow> rows;
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& pool = fleet.pools[i];
        VcpuRow row;
        row.pool = i;
        const std::optional<Size> size = rule(pool);
        if (size) row.formula = size->formula.text();
        for (const int vcpus : vcpu_counts)
            row.sizes.push_back(size ? at(fleet, pool, *size, vcpus, plan.ledger) : plan.sizes[i]);
        const auto differs = [&](const PoolSize& s) {
            return s && row.sizes.front() && s->value != row.sizes.front()->value;
        };
        row.scales = std::any_of(row.sizes.begin(), row.sizes.end(), differs);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace poolfit::plan
