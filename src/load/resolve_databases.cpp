// Hosts and databases: classes, regions, engines, replicas.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "drafts.hpp"
#include "resolve_server.hpp"

namespace poolfit::load {
namespace {

void report_unknown_host_class(Context& context, const Located<std::string>& cls) {
    auto& made = context.out.error(cls.place, fmt::format("class: {} is not a host class in the catalog", quote(*cls)));
    const auto prefix = platform::class_prefix(*cls);
    if (const auto rest = std::string_view(*cls).substr(prefix.size());
        !prefix.empty() && context.catalog.find_host(rest) != nullptr) {
        made.label = fmt::format("host classes don't start with {}", prefix);
        made.fix = context.assign("class", fmt::format("\"{}\"", rest));
        return;
    }
    std::vector<std::string_view> known;
    for (const auto& row : context.catalog.hosts()) known.push_back(row.name);
    const auto near = context.suggester.nearest(*cls, known);
    if (near.empty()) {
        made.fix = "add vcpus = …";
    } else {
        made.label = fmt::format("did you mean {}?", near);
        made.fix = context.assign("class", fmt::format("\"{}\"", near));
        made.notes.emplace_back("or", "add vcpus = …");
    }
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
            context.out.error(reference.place, fmt::format("replica_of: a cycle, {}", path),
                              "remove replica_of from the primary");
        } else {
            context.out.error(reference.place,
                              fmt::format("replica_of: {} is a replica itself; a replica of a replica is not supported",
                                          quote(*reference)),
                              named[at] ? "name the primary"
                                        : context.assign("replica_of", fmt::format("\"{}\"", *drafts[at].out.name)));
        }
        out[i] = std::nullopt;
    }
    return out;
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
    fleet.databases.reserve(draft.databases.size());
    for (Index i = 0; i < draft.databases.size(); ++i) {
        if (context.exhausted()) return;
        const auto& own = draft.databases[i];
        const DatabaseDraft* primary = primary_of[i] ? &draft.databases[*primary_of[i]] : nullptr;
        Database out = own.out;
        if (own.replica_of) out.replica_place = own.replica_of->place;
        out.replica_of = primary_of[i];
        out.platform = platform_of(context, draft, own, primary);
        if (own.engine) out.engine_place = own.engine->place;
        if (own.region) out.region = *own.region;
        // A service without regions, on another provider than the inventory's, is not in the inventory's region.
        const bool placed = out.platform == nullptr || platform::has_regions(*out.platform) || !own.provider ||
                            out.platform->names.brief == out.platform->names.engine;
        if (!own.has_replica_of && !own.has_region && draft.region && placed) out.region = *draft.region;
        if (!own.replica_of && out.environment == Environment::unstated && draft.environment) {
            out.environment = draft.environment->value;
            out.environment_place = draft.environment->place;
        }
        if (out.failover_target.place && *out.failover_target && !own.has_replica_of)
            context.out.error(out.failover_target.place, "failover_target: only a replica can take over",
                              "remove it, or name the primary with replica_of");
        else if (out.failover_target.place && *out.failover_target && out.platform && !out.platform->replica_takes_over)
            context.out.error(out.failover_target.place,
                              fmt::format("failover_target: a {} of {} never takes over from its primary",
                                          out.platform->words.standby, out.platform->names.full),
                              "remove failover_target");
        fleet.databases.push_back(std::move(out));
    }
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        if (context.exhausted()) return;
        resolve_server(context, draft.databases[i], primary_of[i] ? &draft.databases[*primary_of[i]] : nullptr,
                       fleet.databases[i]);
    }
    report_missing_regions(context, draft, fleet);
    for (Index i = 0; i < fleet.databases.size(); ++i) {
        auto& database = fleet.databases[i];
        if (database.replica_of) inherit(draft.databases[i], fleet.databases[*database.replica_of], database);
        check_connections(context, database);
        check_memory(context, database);
        check_storage(context, database.replica_of ? &fleet.databases[*database.replica_of] : nullptr, database);
    }
    check_capacity(context, fleet);
}

}  // namespace poolfit::load
