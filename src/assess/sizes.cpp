#include <array>

#include <poolfit/model/driver.hpp>
#include <poolfit/model/sizes.hpp>

#include <poolfit/assess/leaves.hpp>

namespace poolfit::assess {

namespace {

/// The figure behind a variable of a pool-size formula.
FigureId variable(const Fleet& fleet, Index service, Index database, std::string_view name, Recorder recorder) {
    const Service& record = fleet.services[service];
    if (name == "TOTAL_VCPUS" && record.host) return host_vcpus(fleet, *record.host, recorder).id;
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
};

PoolSize by_formula(const Fleet& fleet, Index service, Index database, const Key& key, const Rule& rule,
                    Recorder recorder) {
    auto variables = model::size_variables(fleet, fleet.services[service], database);
    if (rule.vcpus) {
        std::erase_if(variables, [](const auto& variable) { return variable.first == "TOTAL_VCPUS"; });
        variables.emplace_back("TOTAL_VCPUS", static_cast<double>(rule.vcpus->value));
    }
    const auto result = model::evaluate(rule.size, variables);
    const auto* connections = std::get_if<Connections>(&result);
    if (connections == nullptr) return std::nullopt;  // a checked model's formulas have been evaluated before
    if (!recorder.on()) return Figure<Connections>{*connections, {}};
    std::vector<FigureId> inputs;
    for (const std::string& used : rule.size.formula.names()) {
        const FigureId id =
            rule.vcpus && used == "TOTAL_VCPUS" ? rule.vcpus->id : variable(fleet, service, database, used, recorder);
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
    if (driver->kind != DriverDefault::Kind::formula) return std::nullopt;
    auto parsed = formula::parse(driver->formula, Formula::Dialect::pool);
    auto* formula = std::get_if<Formula>(&parsed);
    if (formula == nullptr) return std::nullopt;
    const Size size{std::move(*formula), {}, {}, true};
    return by_formula(fleet, pool.service, model::database_of(fleet, pool), key,
                      {size, driver->formula, origin_of(driver->row), remark}, recorder);
}

}  // namespace

PoolSize declared_size(const Fleet& fleet, Index index, Recorder recorder) {
    const Pool& pool = fleet.pools[index];
    if (!pool.max) return driver_size(fleet, index, recorder);
    return given(fleet, pool.service, model::database_of(fleet, pool), *pool.max, pool_key(index, Name::size_max),
                 recorder);
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
    return by_formula(fleet, pool.service, model::database_of(fleet, pool), key, {size, text, origin, {}, host},
                      recorder);
}

PoolSize merged_size(const Fleet& fleet, Index service, Index database, Recorder recorder) {
    const auto& merged = fleet.services[service].merged_max;
    if (!merged) return std::nullopt;
    Key key = service_key(service, Name::merged_max);
    // DB_VCPUS differs by database.
    if (merged->is_formula && std::ranges::find(merged->formula.names(), "DB_VCPUS") != merged->formula.names().end())
        key.detail = *fleet.databases[database].name;
    return given(fleet, service, database, *merged, key, recorder);
}

}  // namespace poolfit::assess
