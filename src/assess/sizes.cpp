#include <fmt/format.h>

#include <poolfit/assess/budget.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>

#include "names.hpp"

namespace poolfit::assess {

namespace {

/// The leaf behind a variable of a pool-size formula.
FigureId variable(const Fleet& fleet, const Service& service, const Pool& pool, const std::string& name, double value,
                  Ledger& ledger) {
    if (name == "TOTAL_VCPUS" && service.host) return host_vcpus(fleet.hosts[*service.host], ledger);
    if (name == "DB_VCPUS") {
        return class_vcpus(*fleet.databases[model::database_of(fleet, pool)].type, ledger);
    }
    if (name == "INSTANCES") return service_instances(service, ledger);
    if (name == "PROCESSES") return service_processes(service, ledger);
    for (const auto& [var, located] : service.vars)
        if (var == name)
            return ledger.input(fmt::format("{}.vars.{}", service_name(service), name),
                                measured(Measure::count, located.value), located.place);
    return ledger.constant(name, measured(Measure::count, value), "variable of the formula");
}

PoolSize evaluate(const Fleet& fleet, const Pool& pool, const Size& size, std::string name, Ledger& ledger) {
    const Service& service = fleet.services[pool.service];
    const auto variables = model::size_variables(fleet, service, pool);
    const auto result = model::evaluate(size, variables);
    const auto* connections = std::get_if<Connections>(&result);
    if (!connections) return std::nullopt;  // a checked model's formulas have been evaluated before
    if (!size.is_formula)
        return Figure<Connections>{*connections, ledger.input(name, measured(*connections), size.place)};
    std::vector<FigureId> inputs;
    for (const std::string& used : size.formula.names()) {
        for (const auto& [variable_name, value] : variables)
            if (variable_name == used) inputs.push_back(variable(fleet, service, pool, used, value, ledger));
    }
    inputs.push_back(ledger.input(name + ".formula", measured(Measure::count, static_cast<double>(connections->value)),
                                  size.place, "the formula itself: " + size.formula.text()));
    return Figure<Connections>{
        *connections, ledger.derive(std::move(name), measured(*connections), size.formula.text(), std::move(inputs))};
}

PoolSize driver_size(const Fleet& fleet, const Pool& pool, const std::string& name, Ledger& ledger) {
    const DriverDefault* driver = pool.driver_default;
    if (!driver) return std::nullopt;
    const std::string note = fmt::format("max is not set: default of {}", driver->name);
    const std::string leaf = fmt::format("driver.{}.default_max", driver->id);
    if (driver->kind == DriverDefault::Kind::number) {
        const Connections size(driver->number);
        const FigureId row = ledger.catalog(leaf, measured(size), driver->row, std::string(driver->text));
        return Figure<Connections>{size, ledger.derive(name, measured(size), "driver's default", {row}, note)};
    }
    if (driver->kind == DriverDefault::Kind::formula) {
        auto parsed = formula::parse(driver->formula, Formula::Dialect::pool);
        if (auto* text = std::get_if<Formula>(&parsed)) {
            const Size size{std::move(*text), {}, {}, true};
            const Service& service = fleet.services[pool.service];
            const auto variables = model::size_variables(fleet, service, pool);
            const auto result = model::evaluate(size, variables);
            if (const auto* value = std::get_if<Connections>(&result)) {
                std::vector<FigureId> inputs{
                    ledger.catalog(leaf, measured(Measure::count, static_cast<double>(value->value)), driver->row,
                                   fmt::format("the formula itself: {}", driver->text))};
                for (const std::string& used : size.formula.names())
                    for (const auto& [variable_name, amount] : variables)
                        if (variable_name == used)
                            inputs.push_back(variable(fleet, service, pool, used, amount, ledger));
                return Figure<Connections>{
                    *value, ledger.derive(name, measured(*value), size.formula.text(), std::move(inputs), note)};
            }
        }
    }
    return std::nullopt;
}

}  // namespace

PoolSize declared_size(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    const std::string name = pool_name(fleet, pool) + ".max";
    if (pool.max) return evaluate(fleet, pool, *pool.max, name, ledger);
    return driver_size(fleet, pool, name, ledger);
}

PoolSize size_by_vcpus(const Fleet& fleet, const Pool& pool, Ledger& ledger) {
    if (!pool.vcpu_max) return std::nullopt;
    return evaluate(fleet, pool, *pool.vcpu_max, pool_name(fleet, pool) + ".vcpu_max", ledger);
}

}  // namespace poolfit::assess
