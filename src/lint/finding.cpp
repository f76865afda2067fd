#include "finding.hpp"

#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/offers.hpp>
#include <poolfit/model/command.hpp>
#include <poolfit/unit/print.hpp>

namespace poolfit::lint {

Finding found(const Rule& rule, std::vector<Index> databases, std::string target, Place place, std::string message) {
    Finding finding;
    finding.rule = &rule;
    finding.severity = rule.severity;
    finding.databases = std::move(databases);
    finding.target = std::move(target);
    finding.message = std::move(message);
    finding.place = place;
    return finding;
}

void note(Finding& finding, std::string name, std::string text) {
    finding.notes.insert(finding.notes.begin() + (finding.notes.empty() ? 0 : 1),
                         {std::move(name), Phrase(std::move(text))});
}

std::string pool_target(const Fleet& fleet, const Pool& pool) {
    return fmt::format("{}.{}", *fleet.services[pool.service].name, *pool.name);
}

Place size_place(const Pool& pool) {
    if (pool.max && pool.max->place) return pool.max->place;
    if (pool.max_ignored) return pool.max_ignored->place;
    if (pool.driver && pool.driver->place) return pool.driver->place;
    return pool.place;
}

Place class_place(const Fleet& fleet, const Database& database) {
    if (database.replica_of) {
        const Place& primary = fleet.databases[*database.replica_of].cls.place;
        if (primary.source == database.cls.place.source && primary.span == database.cls.place.span)
            return database.replica_place ? database.replica_place : database.place;
    }
    return database.cls.place ? database.cls.place : database.place;
}

std::string assign(const Place& place, std::string_view key, std::string_view value) {
    const bool json = place && (place.source->name().ends_with(".json") || place.source->text().starts_with('{'));
    return json ? fmt::format("\"{}\": {}", key, value) : fmt::format("{} = {}", key, value);
}

std::string count(std::int64_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", unit::print(Connections(n)), n == 1 ? one : many);
}

std::string of(Connections a, Connections b) {
    if (b >= no_limit_known) return count(a.value, "connection", "connections");
    if (b.value <= 0) return fmt::format("{} of {}", unit::print(a), unit::print(b));
    return fmt::format("{} of {} ({})", unit::print(a), unit::print(b),
                       unit::print(Fraction(static_cast<double>(a.value) / static_cast<double>(b.value))));
}

std::string product(const Fleet& fleet, const Pool& pool, std::int64_t pods, Connections size, Connections total) {
    const std::int64_t processes = *fleet.services[pool.service].processes, databases = *pool.databases;
    return fmt::format(
        "{}{}{} × {} = {}", count(pods, "pod", "pods"),
        processes > 1 ? fmt::format(" × {}", count(processes, "proc", "procs")) : std::string(),
        databases > 1 ? fmt::format(" × {} databases", unit::print(Connections(databases))) : std::string(),
        unit::print(size), unit::print(total));
}

std::string_view per_pool(const Pool& pool) { return *pool.databases > 1 ? "per database and process" : "per process"; }

std::string limit_text(const Limits& limits) {
    std::string max;
    if (limits.max_observed && !limits.max_expected && limits.set_by_hand)
        max = fmt::format("{} max_connections (set by hand)", unit::print(limits.max_planned.value));
    else if (limits.max_observed)
        max = fmt::format("{} max_connections (observed)", unit::print(limits.max_planned.value));
    else
        max = fmt::format("{} max_connections (low end of {} expected)", unit::print(limits.max_planned.value),
                          unit::print(limits.max_expected->value));
    return fmt::format("{} − {} reserved = {}", max, unit::print(limits.reserved.value),
                       unit::print(limits.usable.value));
}

std::string list(const std::vector<std::string>& words, std::size_t most) {
    std::string text;
    const std::size_t shown = words.size() > most ? most - 1 : words.size();
    for (std::size_t i = 0; i < shown; ++i) {
        const bool last = i + 1 == words.size();
        text += fmt::format("{}{}", i == 0 ? "" : last ? " and " : ", ", words[i]);
    }
    if (shown < words.size()) text += fmt::format(" and {} more", words.size() - shown);
    return text;
}

std::string pool_list(const Fleet& fleet, const std::vector<Index>& pools) {
    std::vector<std::string> names;
    names.reserve(pools.size());
    for (const Index pool : pools) names.push_back(pool_target(fleet, fleet.pools[pool]));
    return list(names);
}

std::string on_class(std::string size, std::string_view on, const Database& database) {
    if (database.type->unknown) return size;
    if (const Elastic* elastic = database.platform->elastic)
        return fmt::format("{} at {} {}", size,
                           unit::print_number(*platform::deciding(*elastic, *database.machine->capacity)),
                           elastic->unit);
    return database.platform->has_classes ? fmt::format("{} {} {}", size, on, database.type->name) : std::move(size);
}

std::string more_connections(const LintInput& input, Index database) {
    const Limits& limits = input.plan.databases[database].budget.limits;
    const Database& record = input.fleet.databases[database];
    if (record.type->unknown) return "a higher max_connections";
    if (!limits.set_by_hand && record.platform->elastic != nullptr) {
        const auto cap = capped_limit(record, *record.type);
        const bool held = cap && limits.max_expected && limits.max_expected->value.high == *cap;
        const Elastic& elastic = *record.platform->elastic;
        return held ? fmt::format("an {} above {}, which allows more than {}", elastic.min_key,
                                  unit::print_number(elastic.low_min), unit::print(*cap))
                    : fmt::format("a higher {}", elastic.limit_by_min ? elastic.min_key : elastic.max_key);
    }
    if (!limits.set_by_hand && !record.platform->limit.follows_class)
        return "a larger class and then a higher max_connections, which does not follow it";
    if (!limits.set_by_hand) return record.platform->has_classes ? "a larger class" : "a larger server";
    if (!limits.max_expected) return "a higher max_connections";
    const Connections gives = limits.max_expected->value.low;
    return gives > limits.max_planned.value
               ? fmt::format("a higher max_connections (the class allows {})", unit::print(gives))
               : std::string("a larger class and a higher max_connections");
}

std::string measured_before(const LintInput& input, Index database) {
    const Database& record = input.fleet.databases[database];
    const InstanceClass* cls = input.plan.databases[database].recommendation.cls;
    const auto& free = record.observed.freeable_memory;
    if (!free || cls == nullptr || cls->unknown || (*free)->high < cls->memory) return {};
    return fmt::format(", without observed.freeable_memory until it is measured again: {} has {}", cls->name,
                       unit::print(cls->memory));
}

std::string class_fix(const LintInput& input, Index database) {
    const Recommendation& r = input.plan.databases[database].recommendation;
    const Database& record = input.fleet.databases[database];
    if (const Elastic* elastic = record.platform->elastic)
        return fmt::format("a higher {}, or less load on it", elastic->max_key);
    if (!record.platform->has_classes) return "a larger server, or less load on it";
    if (!r.cls || r.cls == record.type)
        return fmt::format("see {} for what is missing", model::command(input.fleet, "plan", *record.name));
    std::string money;
    if (r.saves)
        money = r.saves->value.value < 0
                    ? fmt::format(", {}/mo more", unit::print(MicroUsdPerMonth(-r.saves->value.value)))
                    : fmt::format(", saves {}/mo", unit::print(r.saves->value));
    return assign(record.cls.place, "class", fmt::format("\"{}\"", r.cls->name)) + money +
           measured_before(input, database);
}

}  // namespace poolfit::lint
