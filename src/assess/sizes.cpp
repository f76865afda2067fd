#include <array>

#include <poolfit/assess/holding.hpp>
#include <poolfit/assess/leaves.hpp>
#include <poolfit/assess/size_on.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/sizes.hpp>

namespace poolfit::assess {

namespace {

/// The figure behind a variable of a pool-size formula.
FigureId variable(const Fleet& fleet, Index service, Index database, std::string_view name, Recorder recorder) {
    const Service& record = fleet.services[service];
    if (name == "TOTAL_VCPUS" && record.host) return host_vcpus(fleet, *record.host, recorder).id;
    if (name == "TOTAL_CORES" && record.host)
        return host_cores(fleet, *record.host, host_vcpus(fleet, *record.host, recorder), {}, recorder).id;
    if (name == "DB_VCPUS") return class_vcpus(*fleet.databases[database].type, recorder).id;
    if (name == "INSTANCES") return service_instances(fleet, service, recorder).id;
    if (name == "PROCESSES") return service_processes(fleet, service, recorder).id;
    for (const auto& [var, located] : record.vars)
        if (var == name) {
            Key key = service_key(service, Name::variable);
            key.detail = var;
            return recorder.input(key, {Interval<double>(located.value), Measure::count}, located.place);
        }
    return {};  // a checked model's formulas name nothing else
}

struct Rule {
    const Size& size;
    std::string_view text;
    Origin origin;
    Remark remark;
    std::optional<Figure<std::int64_t>> vcpus{};  ///< of another host than the service's
    std::optional<Figure<std::int64_t>> cores{};  ///< where they are not the service's own, or not known for sure
    std::optional<Figure<std::int64_t>> database_vcpus{};  ///< of another class than today's
};

bool names(const Formula& formula, std::string_view variable) {
    return std::ranges::find(formula.names(), variable) != formula.names().end();
}

PoolSize by_formula(const Fleet& fleet, Index service, Index database, const Key& key, const Rule& rule,
                    Recorder recorder) {
    auto variables = model::size_variables(fleet, fleet.services[service], database);
    const auto replace = [&](std::string_view name, const std::optional<Figure<std::int64_t>>& with) {
        if (!with) return;
        std::erase_if(variables, [&](const auto& variable) { return variable.first == name; });
        variables.emplace_back(name, static_cast<double>(with->value));
    };
    replace("TOTAL_VCPUS", rule.vcpus);
    replace("TOTAL_CORES", rule.cores);
    replace("DB_VCPUS", rule.database_vcpus);
    const auto result = model::evaluate(rule.size, variables);
    const auto* connections = std::get_if<Connections>(&result);
    if (connections == nullptr) return std::nullopt;  // a checked model's formulas have been evaluated before
    if (!recorder.on()) return Figure<Connections>{*connections, {}};
    std::vector<FigureId> inputs;
    for (const std::string& used : rule.size.formula.names()) {
        std::optional<Figure<std::int64_t>> replaced;
        if (used == "TOTAL_VCPUS") replaced = rule.vcpus;
        if (used == "TOTAL_CORES") replaced = rule.cores;
        if (used == "DB_VCPUS") replaced = rule.database_vcpus;
        const FigureId id = replaced ? replaced->id : variable(fleet, service, database, used, recorder);
        if (id) inputs.push_back(id);
    }
    return Figure<Connections>{
        *connections, recorder.by_formula(key, measured(*connections), rule.text, Formula::Dialect::pool, rule.origin,
                                          inputs, rule.remark)};
}

PoolSize given(const Fleet& fleet, Index service, Index database, const Size& size, const Key& key, Recorder recorder) {
    if (size.is_formula)
        return by_formula(fleet, service, database, key, {size, size.formula.text(), origin_of(size.place), {}},
                          recorder);
    const auto result = model::evaluate(size, {});
    const auto* connections = std::get_if<Connections>(&result);
    if (connections == nullptr) return std::nullopt;
    return Figure<Connections>{*connections, recorder.input(key, measured(*connections), size.place)};
}

PoolSize driver_size(const Fleet& fleet, Index index, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    const DriverDefault* driver = pool.driver_default;
    if (!driver) return std::nullopt;
    const Key key = pool_key(index, Name::size_max);
    const Remark remark{Note::driver_default, driver->name};
    if (driver->kind == DriverDefault::Kind::number) {
        const Connections size(driver->number);
        Key leaf{{Subject::Kind::driver, 0}, Name::default_max, Phase::now, nullptr, driver->id};
        const Figure<Connections> row{
            size, recorder.row(leaf, measured(size), driver->row, {Note::driver_text, driver->text})};
        return recorder.keep<Connections>(key, recorder(row), remark);
    }
    if (driver->kind == DriverDefault::Kind::thread) {
        if (!model::at_a_time(fleet.services[pool.service])) return std::nullopt;
        return recorder.keep<Connections>(key, recorder(can_hold(fleet, index, recorder)), remark);
    }
    if (driver->kind != DriverDefault::Kind::formula) return std::nullopt;
    auto parsed = formula::parse(driver->formula, Formula::Dialect::pool);
    auto* formula = std::get_if<Formula>(&parsed);
    if (formula == nullptr) return std::nullopt;
    const Size size{std::move(*formula), {}, {}, true};
    Rule rule{size, driver->formula, origin_of(driver->row), remark};
    const auto& host = fleet.services[pool.service].host;
    if (host && names(size.formula, "TOTAL_CORES"))
        rule.cores = host_cores(fleet, *host, host_vcpus(fleet, *host, recorder), {}, recorder);
    return by_formula(fleet, pool.service, model::database_of(fleet, pool), key, rule, recorder);
}

}  // namespace

PoolSize declared_size(const Fleet& fleet, Index index, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    if (!pool.max) return driver_size(fleet, index, recorder);
    return given(fleet, pool.service, model::database_of(fleet, pool), *pool.max, pool_key(index, Name::size_max),
                 recorder);
}

bool counts_database_vcpus(const Pool& pool) {
    return pool.max && pool.max->is_formula && names(pool.max->formula, "DB_VCPUS");
}

PoolSize size_on(const Fleet& fleet, Index index, const InstanceClass& cls, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    Key key = pool_key(index, Name::size_max, Phase::after);
    key.cls = &cls;
    Rule rule{*pool.max, pool.max->formula.text(), origin_of(pool.max->place), {}};
    rule.database_vcpus = class_vcpus(cls, recorder);
    return by_formula(fleet, pool.service, model::database_of(fleet, pool), key, rule, recorder);
}

std::optional<Connections> size_with_fewer_cores(const Fleet& fleet, Index index) {
    const Pool& pool = fleet.pools[index];
    const Service& service = fleet.services[pool.service];
    const DriverDefault* driver = pool.driver_default;
    if (pool.max || driver == nullptr || driver->kind != DriverDefault::Kind::formula || !service.host ||
        model::host_threads_per_core(fleet, service))
        return std::nullopt;
    auto parsed = formula::parse(driver->formula, Formula::Dialect::pool);
    auto* formula = std::get_if<Formula>(&parsed);
    if (formula == nullptr || !names(*formula, "TOTAL_CORES")) return std::nullopt;
    auto variables = model::size_variables(fleet, service, pool);
    variables.emplace_back("TOTAL_CORES", static_cast<double>((*model::host_vcpus(fleet, service) + 1) / 2));
    const auto result = model::evaluate(Size{std::move(*formula), {}, {}, true}, variables);
    const auto* size = std::get_if<Connections>(&result);
    return size == nullptr ? std::nullopt : std::optional(*size);
}

PoolSize size_by_vcpus(const Fleet& fleet, Index index, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    if (!pool.vcpu_max) return std::nullopt;
    return given(fleet, pool.service, model::database_of(fleet, pool), *pool.vcpu_max, pool_key(index, Name::vcpu_max),
                 recorder);
}

std::string_view size_formula(const Fleet& fleet, Index index) {
    const Pool& pool = fleet.pools[index];
    if (pool.vcpu_max) return pool.vcpu_max->formula.text();
    if (pool.max) return pool.max->is_formula ? std::string_view(pool.max->formula.text()) : std::string_view();
    const DriverDefault* driver = pool.driver_default;
    return driver != nullptr && driver->kind == DriverDefault::Kind::formula ? driver->formula : std::string_view();
}

PoolSize size_at_vcpus(const Fleet& fleet, Index index, int vcpus, std::string_view column, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    const std::string_view text = size_formula(fleet, index);
    if (text.empty()) return std::nullopt;
    const auto& own = pool.vcpu_max ? pool.vcpu_max : pool.max;
    std::optional<Size> driver;
    if (!own) {
        auto parsed = formula::parse(text, Formula::Dialect::pool);
        auto* formula = std::get_if<Formula>(&parsed);
        if (formula == nullptr) return std::nullopt;
        driver = Size{std::move(*formula), {}, {}, true};
    }
    const Size& size = own ? *own : *driver;
    Key count = constant_key(Name::vcpu_column), key = pool_key(index, Name::at_vcpus);
    count.detail = key.detail = column;
    const Figure<std::int64_t> host{
        vcpus, recorder.constant(count, {Interval<double>(vcpus), Measure::vcpus}, {}, {Note::vcpu_column})};
    const Origin origin = own ? origin_of(size.place) : origin_of(pool.driver_default->row);
    Rule rule{size, text, origin, {}, host};
    const auto& on = fleet.services[pool.service].host;
    if (on && names(size.formula, "TOTAL_CORES")) rule.cores = host_cores(fleet, *on, host, column, recorder);
    return by_formula(fleet, pool.service, model::database_of(fleet, pool), key, rule, recorder);
}

PoolSize merged_size(const Fleet& fleet, Index service, Index database, Recorder recorder) {
    const auto& merged = fleet.services[service].merged_max;
    if (!merged) return std::nullopt;
    Key key = service_key(service, Name::merged_max);
    // DB_VCPUS differs by database.
    const auto elsewhere = [&](const Pool& pool) {
        return pool.service == service && model::database_of(fleet, pool) != database;
    };
    if (merged->is_formula && names(merged->formula, "DB_VCPUS") && std::ranges::any_of(fleet.pools, elsewhere))
        key.detail = *fleet.databases[database].name;
    return given(fleet, service, database, *merged, key, recorder);
}

}  // namespace poolfit::assess
