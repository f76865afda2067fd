#include "resolve_server.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "values.hpp"

namespace poolfit::load {
namespace {

bool gives_machine(const DatabaseDraft& draft) { return draft.vcpus_key || draft.memory_key; }

/// Its own; or its own server's, where it gives one instead of a class; or its primary's; or the inventory's.
std::string_view provider_of(const Draft& draft, const DatabaseDraft& own, const DatabaseDraft* primary) {
    if (own.provider) return own.provider->value;
    if (!own.has_class && gives_machine(own)) return platform::own_provider;
    if (primary != nullptr && !own.has_class) return provider_of(draft, *primary, nullptr);
    return draft.provider ? std::string_view(draft.provider->value) : platform::usual_provider;
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

Diagnostic& needs(Context& context, const Database& database, std::string_view key, std::string_view example) {
    return context.out.error(database.place,
                             fmt::format("{} {} has no {}", context.header("[[database]]"), quote(*database.name), key),
                             context.assign(key, example));
}

void read_version(Context& context, const DatabaseDraft& own, Database& out) {
    if (!own.version) return;
    const auto parsed = out.platform->versions.parse(own.version->value);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) {
        context.out.error(own.version->place, fmt::format("version: {} {}", quote(own.version->value), *wrong),
                          context.assign("version", quoted(out.platform->versions.example)));
        return;
    }
    out.version = Located<EngineVersion>{std::get<EngineVersion>(parsed), own.version->place};
    out.version_text = own.version->value;
}

void resolve_class(Context& context, const DatabaseDraft& own, Database& out) {
    const Platform& platform = *out.platform;
    if (own.cls) {
        out.cls = *own.cls;
        out.type = context.catalog.find_class(platform, *out.cls);
        if (out.type == nullptr) report_unknown_class(context, out.cls, &platform);
    }
    if (!own.has_class && !own.has_replica_of) needs(context, out, "class", quoted(platform.class_example));
    if (own.has_class && own.vcpus)
        context.out.error(own.vcpus_key, "vcpus and class are both set: the class defines the vCPUs",
                          "remove vcpus, or class");
    if (own.has_class && own.memory)
        context.out.error(own.memory_key, "memory and class are both set: the class defines the memory",
                          "remove memory, or class");
}

void resolve_machine(Context& context, const DatabaseDraft& own, Database& out) {
    const Platform& platform = *out.platform;
    if (own.has_class) {
        context.out.error(own.cls ? own.cls->place : out.place,
                          fmt::format("class: a {} server has no class", platform.provider),
                          "write vcpus and memory instead");
        return;
    }
    const bool own_server = gives_machine(own) || !own.has_replica_of;
    if (own_server && !own.vcpus_key) needs(context, out, "vcpus", "4");
    if (own_server && !own.memory_key) needs(context, out, "memory", "\"16 GiB\"");
    if (*out.multi_az)
        context.out.error(out.multi_az.place, fmt::format("multi_az: a {} database is one server", platform.provider),
                          "remove multi_az, and add a standby as a database with replica_of");
    if (!own.vcpus || !own.memory) return;
    auto machine = std::make_shared<Machine>();
    machine->name = fmt::format("{} vCPU, {}", own.vcpus->value, unit::print(own.memory->value));
    machine->cls.name = machine->name;
    machine->cls.vcpus = static_cast<int>(own.vcpus->value);
    machine->cls.memory = own.memory->value;
    machine->cls.support = InstanceClass::Support::yes;
    machine->cls.row.place = own.vcpus->place;
    out.cls = {machine->name, own.vcpus->place};
    out.type = &machine->cls;
    out.machine = std::move(machine);
}

}  // namespace

const Platform* platform_of(Context& context, const Draft& draft, const DatabaseDraft& own,
                            const DatabaseDraft* primary) {
    if (!own.has_engine && !own.has_replica_of) needs(context, own.out, "engine", quoted(platform::usual().engine));
    const auto& engine = own.engine || primary == nullptr ? own.engine : primary->engine;
    if (!engine) return nullptr;
    const auto known = platform::engines();
    if (std::ranges::find(known, engine->value) == known.end()) {
        if (own.engine) report_unknown_engine(context, *own.engine);
        return nullptr;
    }
    if (own.engine && primary != nullptr && primary->engine && primary->engine->value != engine->value) {
        auto& made = context.out.error(
            own.engine->place,
            fmt::format("engine: {} can't follow its primary, which is {}", engine->value, primary->engine->value),
            "remove engine");
        context.note(made, "primary", primary->engine->place);
    }
    const auto provider = provider_of(draft, own, primary);
    const auto* found = platform::find(provider, engine->value);
    const auto providers = platform::providers();
    if (found == nullptr && std::ranges::find(providers, provider) != providers.end())
        context.out.error(engine->place, fmt::format("engine: {} is not supported on {}", engine->value, provider),
                          "remove the database");
    return found;
}

void resolve_server(Context& context, const DatabaseDraft& own, Database& out) {
    if (out.platform == nullptr) {  // an engine that isn't known; the class may be wrong as well
        if (own.cls && find_class(context.catalog, nullptr, own.cls->value) == nullptr)
            report_unknown_class(context, *own.cls);
        if (!own.has_class && !own.has_replica_of && !gives_machine(own))
            needs(context, out, "class", quoted(platform::usual().class_example));
        return;
    }
    read_version(context, own, out);
    if (out.platform->has_classes)
        resolve_class(context, own, out);
    else
        resolve_machine(context, own, out);
}

void report_missing_regions(Context& context, const Draft& draft, const Fleet& fleet) {
    if (draft.has_region) return;
    std::optional<Index> first;
    std::size_t lacking = 0;
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        const auto& own = draft.databases[i];
        const auto* platform = fleet.databases[i].platform;
        if (own.has_replica_of || own.has_region) continue;
        if (platform != nullptr ? !platform->has_classes : gives_machine(own)) continue;
        if (!first) first = i;
        ++lacking;
    }
    if (!first) return;
    const auto& database = fleet.databases[*first];
    const Platform& platform = database.platform != nullptr ? *database.platform : platform::usual();
    auto& made = context.out.error(
        database.place, fmt::format("{} {} has no region", context.header("[[database]]"), quote(*database.name)),
        context.assign("region", quoted(platform.region_example)) + ", at the top for all databases");
    if (lacking > 1) made.notes.emplace_back("also", fmt::format("{} more without a region", lacking - 1));
}

void inherit(const DatabaseDraft& own, const Database& primary, Database& out) {
    if (out.type == nullptr && !own.has_class && !gives_machine(own)) {
        out.cls = primary.cls;
        out.type = primary.type;
        out.machine = primary.machine;
    }
    if (!own.has_region) out.region = primary.region;
    if (!own.has_engine) out.engine_place = primary.engine_place;
    if (!own.has_version) {
        out.version = primary.version;
        out.version_text = primary.version_text;
    }
}

/// MySQL and MariaDB let in one more than max_connections, an administrator.
constexpr Connections one_for_operators{1};

void check_connections(Context& context, const Database& database) {
    const auto& most = database.max_connections;
    const Platform* platform = database.platform;
    if (!most) {
        if (platform != nullptr && !context.catalog.max_connections_formula(*platform))
            needs(context, database, "max_connections", fmt::format("{}", platform->limit.untouched))
                .notes.emplace_back("run", fmt::format("{}; {} is the server's default", platform->words.limit_command,
                                                       platform->limit.untouched));
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

void check_memory(Context& context, const Database& database) {
    const auto& free = database.observed.freeable_memory;
    if (!free || database.type == nullptr || database.platform == nullptr || free->value.high <= database.type->memory)
        return;
    const auto& words = database.platform->words;
    context.out.error(
        free->place,
        fmt::format("freeable_memory: {} is more than the {} of {}", unit::print(free->value.high),
                    unit::print(database.type->memory), database.type->name),
        database.machine
            ? fmt::format("write what {} shows as {}, or correct the memory", words.monitoring, words.freeable_memory)
            : fmt::format("write what {} shows as {} on this class, not on the one before, or correct the class",
                          words.monitoring, words.freeable_memory));
}

void report_wrong_pooler(Context& context, const Pooler& pooler, const Platform& platform) {
    std::vector<std::string_view> fitting;
    for (const Pooler::Kind kind : platform.poolers) fitting.push_back(platform::pooler_kind(kind).word);
    context.out.error(
        pooler.kind_place,
        fmt::format("kind: {} does not work with {}", platform::pooler_kind(pooler.kind).name, platform.names.full),
        fitting.empty() ? "remove the pooler, and point the pools at the database"
                        : context.assign("kind", quoted(fitting.front())));
}

}  // namespace poolfit::load
