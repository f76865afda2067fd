// The setting of each pool, as its driver reads it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/render/words.hpp>
#include <poolfit/unit/print.hpp>

#include "kinds.hpp"
#include "settings.hpp"
#include "targets.hpp"

namespace poolfit::emit {
namespace {

std::optional<Protocol> protocol_of(const Fleet& fleet, const Pool& pool) {
    return emit::protocol_of(*fleet.databases[model::database_of(fleet, pool)].platform);
}

/// In a URL: each byte but letters, digits and "-._~" as %XX.
std::string in_url(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::optional<std::string> whole(std::optional<Millis> time, double per) {
    if (!time || time->value <= 0) return std::nullopt;
    return fmt::format("{:.0f}", std::ceil(time->value / per));
}

std::optional<Millis> acquire_timeout(const Pool& pool) {
    if (pool.workload && pool.workload->acquire_timeout) return **pool.workload->acquire_timeout;
    return std::nullopt;
}
std::optional<Millis> max_lifetime(const Pool& pool) {
    if (pool.max_lifetime) return **pool.max_lifetime;
    return std::nullopt;
}

/// Would the driver refuse it, or take another in its place?
bool below(std::optional<Millis> time, int least) { return time && time->value > 0 && time->value < least; }

/// The times of the inventory that the file does not have, since the driver takes no such value.
std::string left_out(const Pool& pool, const Target& target) {
    std::string text;
    const auto line = [&](std::string_view what, std::optional<Millis> time, int least) {
        if (below(time, least))
            text += note(target.language, {},
                         fmt::format("{} of {} is left out: {} takes no less than {}", what, unit::print(*time),
                                     pool.driver_default->name, unit::print(Millis(least))));
    };
    line("acquire_timeout", acquire_timeout(pool), target.least_acquire_ms);
    line("max_lifetime", max_lifetime(pool), target.least_life_ms);
    return text;
}

std::vector<Hole> holes_of(const Fleet& fleet, const Setting& setting, const Target& target) {
    const Pool& pool = fleet.pools[setting.pool];
    std::optional<Millis> acquire, life;
    if (!below(acquire_timeout(pool), target.least_acquire_ms)) acquire = acquire_timeout(pool);
    if (!below(max_lifetime(pool), target.least_life_ms)) life = max_lifetime(pool);
    const bool alone = is_alone(fleet, setting);
    const auto protocol = protocol_of(fleet, pool);
    std::optional<std::string> app, app_url, client;
    if (protocol == Protocol::postgresql) {
        app = quoted(target.language, name_of(fleet, pool));
        app_url = in_url(name_of(fleet, pool));
    }
    if (protocol)
        if (const std::string_view word = target.client[static_cast<std::size_t>(*protocol)]; !word.empty())
            client = std::string(word);
    return {{"max", fmt::format("{}", setting.size->value.value)},
            {"processes", fmt::format("{}", *fleet.services[pool.service].processes)},
            {"Pool", code_name(fleet, setting.pool)},
            {"Own", alone ? std::string() : code_name(fleet, setting.pool)},
            {"own", alone ? std::nullopt : std::optional(quoted(target.language, *pool.name))},
            {"in", std::string(alone ? "" : "  ")},
            {"alias", quoted(target.language, alone ? "default" : std::string_view(*pool.name))},
            {"env", url_prefix(fleet, setting.pool)},
            {"server_url", fmt::format("${{{}DATABASE_SERVER_URL}}", url_prefix(fleet, setting.pool))},
            {"acquire_ms", whole(acquire, 1)},
            {"acquire_s", whole(acquire, 1000)},
            {"life_ms", whole(life, 1)},
            {"life_s", whole(life, 1000)},
            {"app", app},
            {"app_url", app_url},
            {"client", client}};
}

/// What the number is of, what it makes together, and what stands beside it.
std::string about(const Request& request, const Setting& setting, Language language) {
    const Fleet& fleet = request.fleet();
    const Pool& pool = fleet.pools[setting.pool];
    const Service& service = fleet.services[pool.service];
    std::string text;
    const auto line = [&](std::string_view words) { text += comment(language, diag::visible(words, true)); };
    std::string of = render::counted(setting.size->value.value, "connection", "connections") + " per process";
    if (*pool.databases > 1) of += fmt::format(" for each of {} databases", *pool.databases);
    const PoolDemand& demand = demand_of(request, setting.pool);
    const std::int64_t instances = service.instances->high;
    if (demand.allocated && (instances > 1 || *service.processes > 1 || *pool.databases > 1))
        of += fmt::format(": {} with {} on {}", unit::print(demand.allocated->value),
                          render::counted(*service.processes, "process", "processes"),
                          render::counted(instances, "instance", "instances"));
    line(of);
    if (!setting.merged.empty()) {
        std::vector<std::string> names;
        for (const Index other : setting.merged) names.push_back(name_of(fleet, fleet.pools[other]));
        line(fmt::format("One pool in place of several: it takes the work of {}, too", fmt::join(names, ", ")));
    }
    return text;
}

/// What a pooler in transaction mode needs of the driver.
std::string behind_pooler(const Request& request, const Pool& pool, Language language) {
    if (!pool.pooler || pool.driver_default == nullptr || pool.driver_default->transaction_pooling.empty()) return {};
    const Pooler& pooler = request.fleet().poolers[*pool.pooler];
    const bool transaction =
        pooler.mode == Pooler::Mode::transaction || request.report->plan.poolers[*pool.pooler].to_transaction;
    if (!transaction) return {};
    return comment(language, diag::visible(fmt::format("Behind {} in transaction mode: {}", *pooler.name,
                                                       pool.driver_default->transaction_pooling),
                                           true));
}

std::string never(const Target& target) {
    std::string text;
    for (std::string_view rest = target.never; !rest.empty();) {
        const std::size_t stop = std::min(rest.find('\n'), rest.size());
        text += comment(target.language, fmt::format("Never {}", rest.substr(0, stop)));
        rest.remove_prefix(std::min(stop + 1, rest.size()));
    }
    return text + comment(target.language, fmt::format("Source: {} ({})", target.source, target.as_of));
}

void add_target(const Request& request, Emission& emission, const Setting& setting, const Target& target) {
    const Fleet& fleet = request.fleet();
    const Pool& pool = fleet.pools[setting.pool];
    const std::string name = name_of(fleet, pool);
    std::string text = header(request, target.language, fmt::format("Pool {}", name), {name});
    text += about(request, setting, target.language);
    text += behind_pooler(request, pool, target.language);
    text += left_out(pool, target);
    text += never(target);
    if (!target.of_one.empty() && !is_alone(fleet, setting))
        text += comment(target.language, fmt::format("{} has several such pools; {}",
                                                     *fleet.services[pool.service].name, target.of_one));
    text += '\n';
    text += filled(target.snippet, holes_of(fleet, setting, target));
    emission.files.push_back({new_path(emission, name, target.ending), target.language, std::move(text)});
}

/// A file that says what is not known.
void add_gap(const Request& request, Emission& emission, const Setting& setting, std::string what, std::string fix) {
    const std::string name = name_of(request.fleet(), request.fleet().pools[setting.pool]);
    std::string text = header(request, Language::properties, fmt::format("Pool {}", name), {name});
    if (setting.size) text += about(request, setting, Language::properties);
    text += missing(emission, Language::properties, std::move(what), std::move(fix));
    emission.files.push_back({new_path(emission, name, ".txt"), Language::properties, std::move(text)});
}

void add_pool(const Request& request, Emission& emission, const Setting& setting) {
    const Fleet& fleet = request.fleet();
    const Pool& pool = fleet.pools[setting.pool];
    const std::string name = name_of(fleet, pool);
    const DriverDefault* driver = pool.driver_default;
    PoolSetting known{setting.pool, setting.merged, std::nullopt, {}};
    if (setting.size) known.max = setting.size->value;
    if (driver != nullptr) known.option = driver->max_option;
    emission.pools.push_back(std::move(known));
    if (!setting.size)
        return add_gap(request, emission, setting, fmt::format("the size of {} is not known", name),
                       "give its use (in_use) or its load in the inventory");
    const std::string size = unit::print(setting.size->value);
    if (driver == nullptr)
        return add_gap(request, emission, setting, fmt::format("the driver of {} (planned size: {})", name, size),
                       "set the pool's driver");
    if (std::optional<Gap> beyond = beyond_driver(request, setting))
        return add_gap(request, emission, setting, std::move(beyond->what), std::move(beyond->fix));
    bool any = false;
    for (const Target& target : targets()) {
        if (target.driver != driver->id) continue;
        add_target(request, emission, setting, target);
        any = true;
    }
    if (!any)
        add_gap(request, emission, setting, fmt::format("how {} is set up, for {}", driver->name, name),
                fmt::format("set its {} to {}", driver->max_option, size));
}

Emission emitted(const Request& request) {
    Emission emission;
    for (const Setting& setting : settings(request)) add_pool(request, emission, setting);
    return emission;
}

}  // namespace

const Kind rows::pools{"pools", "the setting of each pool, as its driver reads it, and where it would not hold",
                       "a service with a pool", emitted};

}  // namespace poolfit::emit
