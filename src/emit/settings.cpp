#include "settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/emit/identifiers.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/holding.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>

namespace poolfit::emit {
namespace {

bool wants(const Request& request, const Pool& pool) {
    return request.wants_service(pool.service) && request.wants_database(model::database_of(request.fleet(), pool));
}

std::vector<Setting> of_strategy(const Request& request) {
    std::vector<Setting> all;
    for (const StrategyPool& each : request.strategy->pools)
        if (wants(request, request.fleet().pools[each.pool])) all.push_back({each.pool, each.merged, each.size});
    std::ranges::sort(all, {}, &Setting::pool);
    return all;
}

}  // namespace

const Strategy* strategy_of(const Request& request) {
    if (request.strategy != nullptr) return request.strategy;
    const auto& all = request.report->strategies;
    const auto found = std::ranges::find(all, true, &Strategy::recommended);
    return found == all.end() ? nullptr : &*found;
}

std::vector<Setting> settings(const Request& request) {
    if (request.strategy != nullptr && !request.strategy->recommended) return of_strategy(request);
    std::vector<Setting> all;
    const std::vector<PoolPlan>& plans = request.report->plan.pools;
    for (Index i = 0; i < plans.size(); ++i) {
        const bool taken = plans[i].taken && !plans[i].stays;
        if ((taken && plans[i].taken->into) || !wants(request, request.fleet().pools[i])) continue;
        all.push_back({i, taken ? plans[i].taken->merged : std::vector<Index>(), plans[i].recommended()});
    }
    return all;
}

const PoolDemand& demand_of(const Request& request, Index pool) {
    const PoolPlan& plan = request.report->plan.pools[pool];
    if (request.strategy == nullptr || request.strategy->recommended) return plan.after;
    if (request.strategy->opens) return request.strategy->opens->pools[pool];
    const auto& all = request.strategy->pools;
    const auto at = std::ranges::find(all, pool, &StrategyPool::pool);
    return at != all.end() && at->reason.kind == SizeReason::Kind::as_today ? plan.now : plan.right_sized;
}

const InstanceClass& class_of(const Request& request, Index database) {
    if (request.strategy != nullptr && !request.strategy->recommended)
        for (const StrategyDatabase& each : request.strategy->databases)
            if (each.database == database && each.cls != nullptr) return *each.cls;
    const InstanceClass* cls = request.report->plan.databases[database].recommendation.cls;
    return cls != nullptr ? *cls : *request.fleet().databases[database].type;
}

std::int64_t size_of(const Request& request, Index pooler) {
    const Pooler& record = request.fleet().poolers[pooler];
    if (const PoolerSize& size = request.report->plan.poolers[pooler].size) return size->value;
    if (platform::pooler_kind(record.kind).share == nullptr) return *record.default_pool_size;
    return static_cast<std::int64_t>(model::share_of(record) * 100 + 0.5);
}

std::optional<Protocol> protocol_of(const Platform& platform) {
    // "postgresql", "aurora-postgresql"
    if (platform.engine.ends_with("postgresql")) return Protocol::postgresql;
    if (platform.engine.ends_with("mysql")) return Protocol::mysql;
    if (platform.engine.ends_with("mariadb")) return Protocol::mariadb;
    return std::nullopt;
}

std::string name_of(const Fleet& fleet, const Pool& pool) {
    return fmt::format("{}.{}", *fleet.services[pool.service].name, *pool.name);
}

std::string code_name(const Fleet& fleet, Index pool) {
    Distinct distinct("");
    for (Index i = 0; i < pool; ++i)
        if (fleet.pools[i].service == fleet.pools[pool].service) distinct(type_name(*fleet.pools[i].name));
    return distinct(type_name(*fleet.pools[pool].name));
}

bool is_alone(const Fleet& fleet, const Setting& setting) {
    const Pool& own = fleet.pools[setting.pool];
    for (Index i = 0; i < fleet.pools.size(); ++i) {
        const Pool& each = fleet.pools[i];
        if (i != setting.pool && each.service == own.service && each.driver_default == own.driver_default &&
            std::ranges::find(setting.merged, i) == setting.merged.end())
            return false;
    }
    return true;
}

std::optional<Gap> beyond_driver(const Request& request, const Setting& setting) {
    const Pool& pool = request.fleet().pools[setting.pool];
    const DriverDefault* driver = pool.driver_default;
    if (driver == nullptr || !setting.size || !model::is_fixed(*driver) || setting.size->value.value <= driver->number)
        return std::nullopt;
    return Gap{fmt::format("a way to give {} {} connections per process: {} opens {}", name_of(request.fleet(), pool),
                           setting.size->value.value, driver->name, driver->number),
               "set runtime = \"processes\" of its service, and no larger max: a process serves one request at a time"};
}

std::string url_prefix(const Fleet& fleet, Index pool) {
    const auto endpoint = [&](const Pool& each) -> const std::string& {
        return each.pooler ? *fleet.poolers[*each.pooler].name : *fleet.databases[model::database_of(fleet, each)].name;
    };
    const std::string& own = endpoint(fleet.pools[pool]);
    std::vector<std::string> servers;
    for (const Pool& each : fleet.pools)
        if (each.service == fleet.pools[pool].service && std::ranges::find(servers, endpoint(each)) == servers.end())
            servers.push_back(endpoint(each));
    if (servers.size() < 2) return {};
    Distinct distinct("_");
    for (const std::string& each : servers) {
        std::string name = distinct(variable_name(each));
        if (each == own) return name + "_";
    }
    return {};
}

std::string header(const Request& request, Language language, std::string_view what,
                   const std::vector<std::string>& about) {
    const Fleet& fleet = request.fleet();
    std::string words;
    for (const std::string& each : about) words += fmt::format("{}{}", words.empty() ? "" : " ", model::in_shell(each));
    // A name may hold a newline: each of these is one line.
    const auto line = [&](std::string_view text) { return comment(language, diag::visible(text, true)); };
    const std::string strategy =
        request.strategy == nullptr ? std::string() : fmt::format(", strategy {}", request.strategy->name);
    std::string lines(opening(language));
    lines += line(fmt::format("{}, by poolfit {} from {}{}", what, report::version(), fleet.path, strategy));
    lines += line("Made by: " + request.command);
    if (!words.empty()) lines += line("Figures: " + model::command(fleet, "explain", words));
    return lines;
}

std::string new_path(const Emission& emission, std::string_view stem, std::string_view ending) {
    const std::string part = path_part(stem);
    for (int i = 1;; ++i) {
        std::string path = i == 1 ? fmt::format("{}{}", part, ending) : fmt::format("{}-{}{}", part, i, ending);
        if (std::ranges::find(emission.files, path, &File::path) == emission.files.end()) return path;
    }
}

std::string note(Language language, std::string_view indent, std::string_view text) {
    return std::string(indent) + comment(language, diag::visible(text, true));
}

std::string missing(Emission& emission, Language language, std::string what, std::string fix) {
    std::string line = "MISSING: " + diag::visible(what, true);
    if (!fix.empty()) line += " (" + diag::visible(fix, true) + ")";
    emission.gaps.push_back({std::move(what), std::move(fix)});
    return comment(language, line);
}

}  // namespace poolfit::emit
