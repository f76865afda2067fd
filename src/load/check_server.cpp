// What a database's other keys say, once the server is known that it runs on.
#include <map>
#include <string>

#include <fmt/format.h>

#include <poolfit/load/load.hpp>
#include <poolfit/unit/print.hpp>

#include "resolve_server.hpp"
#include "values.hpp"

namespace poolfit::load {
namespace {

/// MySQL and MariaDB let in one more than max_connections, an administrator.
constexpr Connections one_for_operators{1};

}  // namespace

void check_connections(Context& context, const Database& database) {
    const auto& most = database.max_connections;
    const Platform* platform = database.platform;
    if (!most) {
        if (platform == nullptr || context.catalog.max_connections_formula(*platform)) return;
        if (database.type != nullptr && database.type->unknown) return;
        if (platform->limit.untouched != 0) {
            needs(context, database, "max_connections", fmt::format("{}", platform->limit.untouched))
                .notes.emplace_back("run", fmt::format("{}; {} is the server's default", platform->words.limit_command,
                                                       platform->limit.untouched));
        } else if (database.type != nullptr && !catalog::knows_limit(context.catalog, *platform, *database.type)) {
            needs(context, database, "max_connections", "1000")
                .notes.emplace_back("run", fmt::format("{}; the default of {} is not documented",
                                                       platform->words.limit_command, database.type->name));
        }
        return;
    }
    const auto& limit = platform != nullptr ? platform->limit : platform::usual().limit;
    if (!within(context, "max_connections", {most->value.value, most->place}, {limit.least, limit.most})) return;
    const auto& reserved = database.reserved_connections;
    if (reserved && reserved->value >= most->value)
        context.out.error(reserved->place, "reserved_connections: leaves nothing of max_connections",
                          "write the slots the server reserves, at most a few");
    if (database.other_connections.value >= most->value)
        context.out.error(database.other_connections.place, "other_connections: leaves nothing of max_connections",
                          "write the connections that don't come from a pool of a service");
    // A peak may be past the limit: a metric can count those that are turned away.
    const auto& seen = database.observed.connections;
    if (seen && platform != nullptr && seen->value.low > most->value + one_for_operators)
        context.note(context.out.error(seen->place,
                                       fmt::format("connections: {} are more than max_connections, {}, lets in",
                                                   unit::print(seen->value.low), unit::print(most->value)),
                                       fmt::format("write what {} shows as {}, or what {} prints as max_connections",
                                                   platform->words.monitoring, platform->words.connections,
                                                   platform->words.limit_command)),
                     "limit", most->place);
}

bool fits_memory(const Database& database, const Located<Bytes>& free, Diagnostics& diagnostics) {
    if (database.type == nullptr || database.platform == nullptr || database.type->unknown ||
        free.value <= database.type->memory)
        return true;
    const auto& words = database.platform->words;
    diagnostics.error(
        free.place,
        fmt::format("freeable_memory: {} is more than the {} of {}", unit::print(free.value),
                    unit::print(database.type->memory), database.type->name),
        database.machine
            ? fmt::format("write what {} shows as {}, or correct the {}", words.monitoring, words.freeable_memory,
                          database.machine->capacity ? "capacity" : "memory")
            : fmt::format("write what {} shows as {} on this class, not on the one before, or correct the class",
                          words.monitoring, words.freeable_memory));
    return false;
}

void check_memory(Context& context, const Database& database) {
    if (const auto& free = database.observed.freeable_memory)
        fits_memory(database, {free->value.high, free->place}, context.out);
}

void check_capacity(Context& context, const Fleet& fleet) {
    const auto capacity = [](const Database& database) {
        return database.machine && database.machine->capacity ? &*database.machine->capacity : nullptr;
    };
    std::map<Index, const Database*> first;  // by the primary
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const Database& database = fleet.databases[i];
        const Capacity* own = capacity(database);
        if (own == nullptr || database.platform == nullptr || !database.platform->cluster) continue;
        const auto known = first.try_emplace(database.replica_of.value_or(i), &database);
        if (known.second) continue;
        const Database& other = *known.first->second;
        const Capacity& range = *capacity(other);
        const Elastic& elastic = *database.platform->elastic;
        const auto compare = [&](std::string_view key, const Located<double>& mine, const Located<double>& theirs) {
            if (*mine == *theirs || context.exhausted()) return;
            context.note(
                context.out.error(mine.place,
                                  fmt::format("{}: {} has {} in the same cluster, whose instances have one range", key,
                                              quote(*other.name), unit::print_number(*theirs)),
                                  fmt::format("the cluster's: {}", context.assign(key, unit::print_number(*theirs)))),
                std::string(key), theirs.place);
        };
        compare(elastic.min_key, own->min, range.min);
        compare(elastic.max_key, own->max, range.max);
    }
}

}  // namespace poolfit::load
