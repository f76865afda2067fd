#include "resolve_server.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "values.hpp"

namespace poolfit::load {
namespace {

std::string_view article(std::string_view word) { return word.starts_with('a') || word.starts_with('A') ? "an" : "a"; }

bool gives_machine(const DatabaseDraft& draft) { return draft.vcpus_key || draft.memory_key; }

/// Are all servers of the provider given by what they have?
bool without_classes(std::string_view provider) {
    bool any = false;
    for (const Platform* each : platform::all()) {
        if (each->provider != provider) continue;
        if (each->has_classes) return false;
        any = true;
    }
    return any;
}

/// Its own; or its own server's, where it gives one instead of a class; or its primary's; or the inventory's.
std::string_view provider_of(const Draft& draft, const DatabaseDraft& own, const DatabaseDraft* primary,
                             std::string_view engine) {
    if (own.provider) return own.provider->value;
    if (!own.has_class && gives_machine(own)) {
        // Some providers have no classes either.
        if (draft.provider && without_classes(draft.provider->value) &&
            platform::find(draft.provider->value, engine) == nullptr)
            return draft.provider->value;  // to be told that it has no such engine
        const auto* usual = draft.provider ? platform::find(draft.provider->value, engine) : nullptr;
        return usual != nullptr && !usual->has_classes && !usual->elastic ? usual->provider : platform::own_provider;
    }
    if (primary != nullptr) {
        const std::string_view theirs = provider_of(draft, *primary, nullptr, engine);
        const auto* found = platform::find(theirs, engine);
        if (!own.has_class || (found != nullptr && found->has_classes)) return theirs;
    }
    return draft.provider ? std::string_view(draft.provider->value) : platform::usual_provider;
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

/// The newest series that the catalog knows of the platform.
Series newest_series(const Catalog& catalog, const Platform& platform) {
    Series newest;
    for (const Series series : platform.versions.mainstream) newest = std::max(newest, series);
    for (const LifeCycle& cycle : catalog.life_cycles(platform)) newest = std::max(newest, cycle.series);
    return newest;
}

/// A version that came out after the catalog is taken, with a warning; one that no engine will have for years is not.
bool is_plausible(Context& context, const Platform& platform, const Located<std::string>& text, Series series) {
    constexpr int majors_to_come = 2;  // PostgreSQL has one a year, and a catalog is no older than two
    const Series newest = newest_series(context.catalog, platform);
    if (newest == Series{} || series <= newest) return true;
    const std::string known =
        newest.minor == 0 ? fmt::format("{}", newest.major) : fmt::format("{}.{}", newest.major, newest.minor);
    if (series.major > newest.major + majors_to_come) {
        context.out.error(text.place,
                          fmt::format("version: {} is no version of {}: the newest that the catalog knows is {}",
                                      quote(*text), platform.names.engine, known),
                          context.assign("version", quoted(platform.versions.example)));
        return false;
    }
    context.out.warning(text.place,
                        fmt::format("version: {} is newer than {} {}, the newest that the catalog knows", quote(*text),
                                    platform.names.engine, known),
                        "check with the provider which classes run it, and until when it is supported");
    return true;
}

void read_version(Context& context, const DatabaseDraft& own, Database& out) {
    if (!own.version) return;
    const auto parsed = out.platform->versions.parse(own.version->value);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) {
        context.out.error(own.version->place, fmt::format("version: {} {}", quote(own.version->value), *wrong),
                          context.assign("version", quoted(out.platform->versions.example)));
        return;
    }
    if (!is_plausible(context, *out.platform, *own.version, std::get<EngineVersion>(parsed).series)) return;
    out.version = Located<EngineVersion>{std::get<EngineVersion>(parsed), own.version->place};
    out.version_text = own.version->value;
}

/// Keys of a range of capacity where there is none. True where the class that has one was named.
bool check_no_capacity(Context& context, const DatabaseDraft& own, const Platform& platform) {
    for (const auto& end : own.capacity) {
        if (!end.value) continue;
        for (const Platform* each : platform::all()) {
            const Elastic* elastic = each->elastic;
            if (elastic == nullptr || (end.name != elastic->min_key && end.name != elastic->max_key)) continue;
            const bool here = each->provider == platform.provider;
            const std::string assignment = context.assign("class", quoted(elastic->class_name));
            context.out.error(
                end.key,
                fmt::format("{} and {} are the capacity of {}", elastic->min_key, elastic->max_key, elastic->name),
                !here           ? std::string("remove them")
                : own.has_class ? fmt::format("remove them, or write {}", assignment)
                                : fmt::format("write {}", assignment));
            return here;
        }
    }
    return false;
}

void resolve_class(Context& context, const DatabaseDraft& own, Database& out) {
    const Platform& platform = *out.platform;
    if (own.cls) {
        out.cls = *own.cls;
        out.type = context.catalog.find_class(platform, *out.cls);
        if (out.type == nullptr) report_unknown_class(context, out.cls, &platform);
    }
    if (own.has_class && own.vcpus)
        context.out.error(own.vcpus_key, "vcpus and class are both set: the class defines the vCPUs",
                          "remove vcpus, or class");
    if (own.has_class && own.memory)
        context.out.error(own.memory_key, "memory and class are both set: the class defines the memory",
                          "remove memory, or class");
    const bool names_class = check_no_capacity(context, own, platform);
    if (!own.has_class && !own.has_replica_of && !names_class) {
        if (gives_machine(own) || !own.capacity.empty())
            needs(context, out, "class", quoted(platform.class_example));
        else
            leave_open(out);
    }
    check_standby(context, out);
}

void resolve_machine(Context& context, const DatabaseDraft& own, Database& out) {
    const Platform& platform = *out.platform;
    if (own.has_class) {
        context.out.error(
            own.cls ? own.cls->place : out.place,
            fmt::format("class: {} {} server has no class", article(platform.provider), platform.provider),
            "write vcpus and memory instead");
        return;
    }
    check_no_capacity(context, own, platform);
    const bool own_server = gives_machine(own);
    if (!own_server && !own.has_replica_of) leave_open(out);
    if (own_server && !own.vcpus_key) needs(context, out, "vcpus", "4");
    if (own_server && !own.memory_key) needs(context, out, "memory", "\"16 GiB\"");
    if (*out.multi_az)
        context.out.error(
            out.multi_az.place,
            fmt::format("multi_az: {} {} database is one server", article(platform.provider), platform.provider),
            "remove multi_az, and add a standby as a database with replica_of");
    if (!own.vcpus || !own.memory) return;
    auto machine = std::make_shared<Machine>();
    machine->name = fmt::format("{} vCPU, {}", own.vcpus->value, unit::print(own.memory->value));
    machine->cls.name = machine->name;
    machine->cls.vcpus = static_cast<int>(own.vcpus->value);
    machine->cls.memory = own.memory->value;
    machine->cls.support = InstanceClass::Support::yes;
    machine->cls.row.place = own.vcpus->place;
    machine->cls.limit = context.catalog.limit_by_memory(platform, own.memory->value);
    out.cls = {machine->name, own.vcpus->place};
    out.type = &machine->cls;
    out.machine = std::move(machine);
}

}  // namespace

Diagnostic& needs(Context& context, const Database& database, std::string_view key, std::string_view example) {
    return context.out.error(database.place,
                             fmt::format("{} {} has no {}", context.header("[[database]]"), quote(*database.name), key),
                             context.assign(key, example));
}

void leave_open(Database& out) {
    auto machine = std::make_shared<Machine>();
    machine->name = "unknown class";
    machine->cls.name = machine->name;
    machine->cls.unknown = true;
    machine->cls.row.place = out.place;
    out.cls = {machine->name, {}};
    out.type = &machine->cls;
    out.machine = std::move(machine);
}

void check_standby(Context& context, const Database& database) {
    const Platform& platform = *database.platform;
    if (*database.multi_az && platform.takes_standby && database.type && !database.type->unknown &&
        !platform.takes_standby(*database.type)) {
        context.note(context.out.error(database.multi_az.place,
                                       fmt::format("multi_az: {} takes no standby; {} do", database.type->name,
                                                   platform.with_standby),
                                       "remove multi_az, or change the class"),
                     "class", database.cls.place);
        return;
    }
    if (!*database.multi_az || database.platform->deployments.size() > 1) return;
    context.out.error(database.multi_az.place,
                      fmt::format("multi_az: {} {} instance has no standby", article(database.platform->names.full),
                                  database.platform->names.full),
                      fmt::format("remove multi_az, and add each {} as a database with replica_of",
                                  database.platform->words.standby));
}

const Platform* platform_of(Context& context, const Draft& draft, const DatabaseDraft& own,
                            const DatabaseDraft* primary) {
    if (!own.has_engine && !own.has_replica_of) needs(context, own.out, "engine", quoted(platform::usual().engine));
    const auto& engine = own.engine || primary == nullptr ? own.engine : primary->engine;
    if (!engine) return nullptr;
    if (!platform::is_engine(engine->value)) {
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
    const auto provider = provider_of(draft, own, primary, engine->value);
    const auto* found = platform::find(provider, engine->value);
    const auto& cls = own.has_class || primary == nullptr ? own.cls : primary->cls;
    if (found != nullptr && cls)
        if (const auto* elastic = platform::elastic_of(*found); elastic && elastic->elastic->class_name == cls->value)
            found = elastic;
    if (found == nullptr && platform::is_provider(provider))
        context.out
            .error(engine->place, fmt::format("engine: {} is not supported on {}", engine->value, provider),
                   "remove the database, or plan it as a self-managed server: vcpus, memory and max_connections")
            .notes.emplace_back("supported", join(platform::engines_of(provider)));
    return found;
}

void resolve_server(Context& context, const DatabaseDraft& own, const DatabaseDraft* primary, Database& out) {
    if (out.platform == nullptr) {  // an engine that isn't known; the class may be wrong as well
        if (own.cls && !platform::is_elastic_class(own.cls->value) &&
            find_class(context.catalog, nullptr, own.cls->value) == nullptr)
            report_unknown_class(context, *own.cls);
        return;
    }
    read_version(context, own, out);
    if (out.platform->elastic != nullptr)
        resolve_capacity(context, own, primary, out);
    else if (out.platform->has_classes)
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
        if (platform != nullptr ? !platform::has_regions(*platform)
                                : gives_machine(own) || (!own.has_class && !own.capacity.empty()))
            continue;
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
    if (out.environment == Environment::unstated) {
        out.environment = primary.environment;
        out.environment_place = primary.environment_place;
    }
    if (!own.has_engine) out.engine_place = primary.engine_place;
    if (!own.has_version) {
        out.version = primary.version;
        out.version_text = primary.version_text;
    }
}

}  // namespace poolfit::load
