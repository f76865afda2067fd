#include <poolfit/model/sizes.hpp>

#include <cmath>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

namespace poolfit::model {
namespace {

std::string wrapped(std::string_view call, std::string_view text) {
    return text.size() > 60 ? fmt::format("write {}…)", call) : fmt::format("write {}{})", call, text);
}

}  // namespace

std::optional<std::int64_t> host_vcpus(const Fleet& fleet, const Service& service) {
    if (!service.host) return std::nullopt;
    const auto& host = fleet.hosts[*service.host];
    if (host.vcpus) return host.vcpus->value;
    if (host.type != nullptr) return host.type->vcpus;
    return std::nullopt;
}

std::optional<std::int64_t> host_threads_per_core(const Fleet& fleet, const Service& service) {
    if (!service.host) return std::nullopt;
    const auto& host = fleet.hosts[*service.host];
    if (host.threads_per_core) return host.threads_per_core->value;
    if (host.type != nullptr) return host.type->threads_per_core;
    return std::nullopt;
}

DriverDefault::Arrives max_arrives(const Pool& pool) {
    if (!pool.set_in || pool.driver_default == nullptr) return DriverDefault::Arrives::as_set;
    if (**pool.set_in == "url") return pool.driver_default->max_in_url;
    if (**pool.set_in == "env") return pool.driver_default->max_in_env;
    return DriverDefault::Arrives::as_set;
}

Index database_of(const Fleet& fleet, const Pool& pool) {
    if (pool.database) return *pool.database;
    return pool.pooler ? fleet.poolers[*pool.pooler].database : 0;
}

formula::Variables size_variables(const Fleet& fleet, const Service& service, Index database) {
    formula::Variables variables;
    variables.reserve(5 + service.vars.size());
    const auto vcpus = host_vcpus(fleet, service), threads = host_threads_per_core(fleet, service);
    if (vcpus) variables.emplace_back("TOTAL_VCPUS", static_cast<double>(*vcpus));
    if (vcpus && threads)
        variables.emplace_back("TOTAL_CORES", static_cast<double>((*vcpus + *threads - 1) / *threads));
    if (database < fleet.databases.size() && fleet.databases[database].type != nullptr &&
        !fleet.databases[database].type->unknown)
        variables.emplace_back("DB_VCPUS", static_cast<double>(fleet.databases[database].type->vcpus));
    variables.emplace_back("INSTANCES", static_cast<double>(service.instances->high));
    variables.emplace_back("PROCESSES", static_cast<double>(*service.processes));
    for (const auto& [name, value] : service.vars) variables.emplace_back(name, *value);
    return variables;
}

formula::Variables size_variables(const Fleet& fleet, const Service& service, const Pool& pool) {
    return size_variables(fleet, service, database_of(fleet, pool));
}

std::variant<Connections, FormulaError> evaluate(const Size& size, const formula::Variables& variables) {
    auto result = formula::evaluate_pool(size.formula, variables);
    if (auto* error = std::get_if<FormulaError>(&result)) return std::move(*error);
    const double value = std::get<double>(result);
    const auto& text = size.formula.text();
    const Span whole{0, static_cast<std::uint32_t>(text.size())};
    const auto shown = unit::print_number(value);
    const bool is_whole = value == std::floor(value);
    if (value == 0)
        return FormulaError{whole, "a pool of 0 connections can't serve",
                            "write 1 or more; if the driver has no limit, remove it"};
    if (value < 1)
        return FormulaError{whole, fmt::format("{} is less than 1 connection", shown),
                            size.is_formula ? wrapped("max(1, ", text) : "write 1 or more"};
    if (value > static_cast<double>(max_pool))
        return FormulaError{whole,
                            fmt::format("{} is more than {} connections", shown, unit::print(Connections(max_pool))),
                            "write a smaller number; if the driver has no limit, remove it"};
    if (!is_whole)
        return FormulaError{
            whole, fmt::format("{} is not a whole number", shown),
            size.is_formula ? wrapped("ceil(", text) : fmt::format("write {}", unit::print_number(std::ceil(value)))};
    return Connections(static_cast<std::int64_t>(value));
}

}  // namespace poolfit::model
