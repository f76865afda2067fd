// Lines for the start-up of a service that refuse a pool over its budget.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>

#include "kinds.hpp"
#include "settings.hpp"
#include "targets.hpp"

namespace poolfit::emit {
namespace {

const Target* target_of(const DriverDefault* driver) {
    if (driver == nullptr) return nullptr;
    const auto at = std::ranges::find(targets(), driver->id, &Target::driver);
    return at == targets().end() ? nullptr : &*at;
}

/// Pools of one service in one language.
struct Part {
    const Guard* guard = nullptr;
    std::vector<Setting> pools;
};

void add_part(const Request& request, Emission& emission, Index service, const Part& part) {
    const Fleet& fleet = request.fleet();
    const Guard& guard = *part.guard;
    const std::string& name = *fleet.services[service].name;
    std::vector<std::string> about;
    std::string entries, calls, unread;
    std::vector<std::string> sizes;
    bool one_name = false;  // of several pools
    for (const Setting& each : part.pools) {
        const Pool& pool = fleet.pools[each.pool];
        about.push_back(name_of(fleet, pool));
        const std::string literal = quoted(guard.language, *pool.name);
        const std::int64_t size_of_process = each.size->value.value;
        const std::int64_t of_instance = size_of_process * *fleet.services[service].processes;
        const std::array of_entry{Hole{"pool", literal}, Hole{"max", std::to_string(size_of_process)},
                                  Hole{"all", std::to_string(of_instance)}};
        entries += filled(guard.entry, of_entry);
        const Target* target = target_of(pool.driver_default);
        if (target == nullptr || target->size.empty()) {
            // Its budget is known and stands below; only the line that reads the size is not.
            unread += comment(guard.language,
                              diag::visible(fmt::format("Not checked: {}. How the size of a started {} pool is read is "
                                                        "not known; pass its size to the check yourself.",
                                                        *pool.name, pool.driver_default->name),
                                            true));
            continue;
        }
        const std::string code = code_name(fleet, each.pool);
        const std::array of_size{Hole{"Pool", code}, Hole{"Own", is_alone(fleet, each) ? std::string() : code}};
        std::string size = filled(target->size, of_size);
        size.pop_back();
        one_name = one_name || std::ranges::find(sizes, size) != sizes.end();
        sizes.push_back(size);
        const std::array of_call{Hole{"pool", literal}, Hole{"size", std::move(size)}};
        std::string call = filled(guard.call, of_call);
        call.pop_back();
        calls += comment(guard.language, "  " + call);
    }
    entries.pop_back();
    std::string text = header(request, guard.language, fmt::format("Budget of the pools of {}", name), about);
    if (!calls.empty())
        text += comment(guard.language,
                        guard.about.empty() ? "At start-up, for each pool, before it serves anything:" : guard.about) +
                calls;
    if (one_name)
        text += comment(guard.language,
                        "Where a name appears twice, each pool has it in its own file or class: pass that pool.");
    text += unread;
    const std::array of_all{Hole{"entries", std::move(entries)}};
    text += '\n' + filled(guard.snippet, of_all);
    emission.files.push_back({new_path(emission, name + "-guard", guard.ending), guard.language, std::move(text)});
}

Emission emitted(const Request& request) {
    const Fleet& fleet = request.fleet();
    Emission emission;
    std::map<Index, std::vector<Part>> parts;
    std::string left_out;
    for (const Setting& each : settings(request)) {
        const Pool& pool = fleet.pools[each.pool];
        const std::string name = name_of(fleet, pool);
        const Target* target = target_of(pool.driver_default);
        const auto guard =
            target == nullptr ? guards().end() : std::ranges::find(guards(), target->driver_language, &Guard::name);
        if (!each.size)
            left_out += missing(emission, Language::properties, fmt::format("the size of {} is not known", name),
                                "give its use (in_use) or its load in the inventory");
        else if (target == nullptr)
            left_out += missing(emission, Language::properties,
                                fmt::format("the driver of {}, and so its language", name), "set the pool's driver");
        else if (guard == guards().end())
            left_out += missing(emission, Language::properties,
                                fmt::format("lines in {} for {}", target->driver_language, name), "");
        const auto beyond = beyond_driver(request, each);
        if (beyond) left_out += missing(emission, Language::properties, beyond->what, beyond->fix);
        if (!each.size || guard == guards().end() || beyond) continue;
        std::vector<Part>& of_service = parts[pool.service];
        auto part = std::ranges::find(of_service, &*guard, &Part::guard);
        if (part == of_service.end()) part = of_service.insert(of_service.end(), {&*guard, {}});
        part->pools.push_back(each);
    }
    for (const auto& [service, of_service] : parts)
        for (const Part& part : of_service) add_part(request, emission, service, part);
    if (!left_out.empty())
        emission.files.push_back({new_path(emission, "missing", ".txt"), Language::properties, left_out});
    return emission;
}

}  // namespace

const Kind rows::guard{"guard", "a few lines for a service's start-up that refuse a pool over its budget",
                       "a service with a pool", emitted};

}  // namespace poolfit::emit
