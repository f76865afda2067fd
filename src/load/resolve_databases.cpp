// Hosts, databases and poolers: classes, regions, engines, replicas.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "drafts.hpp"

namespace poolfit::load {
namespace {

void report_unknown_host_class(Context& context, const Located<std::string>& cls) {
    auto& made = context.out.error(cls.place, fmt::format("class: {} is no host of the catalog", quote(*cls)));
    if (cls->starts_with("db.") && context.catalog.find_host(cls->substr(3)) != nullptr) {
        made.label = "classes of hosts don't start with db.";
        made.fix = context.assign("class", fmt::format("\"{}\"", cls->substr(3)));
        return;
    }
    std::vector<std::string_view> known;
    for (const auto& row : context.catalog.hosts()) known.push_back(row.name);
    const auto near = context.suggester.nearest(*cls, known);
    if (near.empty()) {
        made.fix = "write vcpus = … beside it";
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("class", fmt::format("\"{}\"", near));
        made.notes.emplace_back("or", "write vcpus = … beside it");
    }
}

void check_engine(Context& context, const Maybe<std::string>& engine) {
    if (!engine || engine->value == "postgresql") return;
    auto& made = context.out.error(engine->place, fmt::format("engine: {} is not supported", quote(engine->value)),
                                   context.assign("engine", "\"postgresql\""));
    if (const auto near = context.suggester.nearest(engine->value, {"postgresql", "postgres"}); !near.empty())
        made.label = "did you mean postgresql?";
    made.notes.emplace_back("supported", "postgresql");
}

/// Where each database's replica_of leads; nothing for a primary and after an error.
std::vector<std::optional<Index>> primaries(Context& context, const std::vector<DatabaseDraft>& drafts,
                                            const Names& databases, const Names& poolers) {
    std::vector<std::optional<Index>> named(drafts.size());
    for (Index i = 0; i < drafts.size(); ++i) {
        if (context.exhausted()) return named;
        const auto& reference = drafts[i].replica_of;
        if (!reference) continue;
        const auto at = databases.find(reference->value);
        if (!at) {
            if (poolers.find(reference->value))
                context.out.error(reference->place, fmt::format("replica_of: {} is a pooler", quote(reference->value)),
                                  "name the primary database");
            else
                report_dangling(context, "replica_of", *reference, "database", databases.ordered, databases.whole);
        } else if (*at == i) {
            context.out.error(reference->place,
                              fmt::format("replica_of: {} can't be a replica of itself", quote(reference->value)),
                              "name its primary, or remove replica_of");
        } else {
            named[i] = *at;
        }
    }
    auto out = named;
    for (Index i = 0; i < drafts.size(); ++i) {
        if (context.exhausted()) return out;
        if (!named[i] || !named[*named[i]]) continue;
        // A replica of a replica: to its primary, or around in a circle.
        std::string path = *drafts[i].out.name;
        Index at = i;
        std::size_t steps = 0;
        while (named[at] && steps <= 20) {
            at = *named[at];
            ++steps;
            path += " → " + *drafts[at].out.name;
            if (at == i) break;
        }
        const auto& reference = *drafts[i].replica_of;
        if (at == i) {
            context.out.error(reference.place, fmt::format("replica_of: a circle, {}", path),
                              "remove replica_of from the primary");
        } else {
            context.out.error(reference.place,
                              fmt::format("replica_of: {} is a replica itself; a replica of a replica is not modelled",
                                          quote(*reference)),
                              named[at] ? "name the primary"
                                        : context.assign("replica_of", fmt::format("\"{}\"", *drafts[at].out.name)));
        }
        out[i] = std::nullopt;
    }
    return out;
}

void check_memory(Context& context, const Database& database) {
    const auto& free = database.observed.freeable_memory;
    if (!free || database.type == nullptr || free->value.high <= database.type->memory) return;
    context.out.error(free->place,
                      fmt::format("freeable_memory: {} is more than the {} of {}", unit::print(free->value.high),
                                  unit::print(database.type->memory), database.type->name),
                      "write what CloudWatch shows as FreeableMemory, or correct the class");
}

}  // namespace

void resolve_hosts(Context& context, const Draft& draft, Fleet& fleet) {
    for (const auto& host : draft.hosts) {
        Host out = host.out;
        if (out.cls) out.type = context.catalog.find_host(out.cls->value);
        if (out.cls && out.type == nullptr && !out.vcpus && !context.exhausted())
            report_unknown_host_class(context, *out.cls);
        fleet.hosts.push_back(std::move(out));
    }
}

void resolve_databases(Context& context, const Draft& draft, const Names& databases, const Names& poolers,
                       Fleet& fleet) {
    const auto primary_of = primaries(context, draft.databases, databases, poolers);
    std::optional<Index> without_region;
    std::size_t lacking = 0;
    const auto needs = [&](const DatabaseDraft& database, std::string_view key, std::string_view example) {
        context.out.error(
            database.out.place,
            fmt::format("{} {} has no {}", context.header("[[database]]"), quote(*database.out.name), key),
            context.assign(key, example));
    };
    for (Index i = 0; i < draft.databases.size(); ++i) {
        if (context.exhausted()) return;
        const auto& own = draft.databases[i];
        Database out = own.out;
        if (own.replica_of) out.replica_place = own.replica_of->place;
        out.replica_of = primary_of[i];
        check_engine(context, own.engine);
        if (own.engine) out.engine_place = own.engine->place;
        if (own.cls) {
            out.cls = *own.cls;
            out.type = context.catalog.find_class(*out.cls);
            if (out.type == nullptr) report_unknown_class(context, out.cls);
        }
        if (own.region) out.region = *own.region;
        if (!own.has_replica_of) {
            if (!own.has_engine) needs(own, "engine", "\"postgresql\"");
            if (!own.has_class) needs(own, "class", "\"db.m5.large\"");
            if (!own.has_region && draft.region) out.region = *draft.region;
            if (!own.has_region && !draft.has_region) {
                if (!without_region) without_region = i;
                ++lacking;
            }
        }
        fleet.databases.push_back(std::move(out));
    }
    if (without_region) {
        const auto& first = draft.databases[*without_region];
        auto& made = context.out.error(
            first.out.place, fmt::format("{} {} has no region", context.header("[[database]]"), quote(*first.out.name)),
            context.assign("region", "\"eu-central-1\"") + ", at the top for all databases");
        if (lacking > 1) made.notes.emplace_back("also", fmt::format("{} more without a region", lacking - 1));
    }
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        auto& replica = fleet.databases[i];
        if (replica.replica_of) {
            const auto& own = draft.databases[i];
            const auto& primary = fleet.databases[*replica.replica_of];
            if (!own.has_class) {
                replica.cls = primary.cls;
                replica.type = primary.type;
            }
            if (!own.has_region) replica.region = primary.region;
            if (!own.has_engine) replica.engine_place = primary.engine_place;
            if (!own.has_version) {
                replica.version = primary.version;
                replica.version_text = primary.version_text;
            }
        }
        check_memory(context, replica);
    }
}

void resolve_poolers(Context& context, const Draft& draft, const Names& databases, const Names& poolers, Fleet& fleet) {
    for (const auto& own : draft.poolers) {
        Pooler out = own.out;
        if (own.database && !context.exhausted()) {
            out.database_place = own.database->place;
            if (const auto at = databases.find(own.database->value))
                out.database = *at;
            else if (poolers.find(own.database->value))
                context.out.error(own.database->place,
                                  fmt::format("database: {} is a pooler; a pooler behind a pooler is not modelled",
                                              quote(own.database->value)),
                                  "name the database");
            else
                report_dangling(context, "database", *own.database, "database", databases.ordered, databases.whole);
        }
        fleet.poolers.push_back(std::move(out));
    }
}

}  // namespace poolfit::load
