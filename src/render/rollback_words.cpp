// The sentences of the way back.
#include <set>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "listing.hpp"
#include "phase_words.hpp"
#include "storage_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

std::string pools_of(const Fleet& fleet, const std::vector<Index>& pools) {
    return listed(pools, [&](Index pool) { return pool_key(fleet, pool); });
}

std::string services_of(const Fleet& fleet, const std::vector<Index>& pools) {
    std::set<Index> all;
    for (const Index pool : pools) all.insert(fleet.pools[pool].service);
    return listed(std::vector<Index>(all.begin(), all.end()),
                  [&](Index service) { return *fleet.services[service].name; });
}

std::string pooler_size_text(const Fleet& fleet, const Undo& undo) {
    const Pooler& pooler = fleet.poolers[undo.pooler];
    if (pooler.kind == Pooler::Kind::proxy)
        return fmt::format("max_connections_percent of {} back to {} %", *pooler.name, unit::print_number(undo.count));
    std::string text = fmt::format("{} of {} back to {}", model::size_key(pooler), *pooler.name,
                                   unit::print(Connections(static_cast<std::int64_t>(undo.count))));
    if (pooler.max_db_connections)
        text += fmt::format(" and its max_db_connections to {}", unit::print(Connections(**pooler.max_db_connections)));
    return text;
}

std::string undo_text(const Report& report, const Undo& undo) {
    const Fleet& fleet = *report.fleet;
    const Database& database = fleet.databases[undo.database];
    switch (undo.kind) {
        case Undo::Kind::change_class:
            return fmt::format("back to {}: same change, same {}, no data lost", undo.cls->name,
                               *database.multi_az ? "failover" : "restart");
        case Undo::Kind::limit:
            return fmt::format("max_connections of {} back to {} in the {}{}", *database.name, unit::print(undo.limit),
                               database.platform->words.settings,
                               database.platform->limit_needs_restart ? ", with a restart" : "");
        case Undo::Kind::instances:
            return fmt::format("let autoscaling start {} of {} again",
                               counted(static_cast<std::size_t>(undo.count), "instance"),
                               *fleet.services[undo.service].name);
        case Undo::Kind::pool_sizes:
            return "redeploy with the previous sizes: minutes, databases not touched";
        case Undo::Kind::split_pools:
            return fmt::format("{}: restore {} as separate pools, with the previous code",
                               services_of(fleet, undo.pools),
                               listed(undo.pools, [&](Index pool) { return *fleet.pools[pool].name; }));
        case Undo::Kind::pooler_size:
            return pooler_size_text(fleet, undo);
        case Undo::Kind::pooler_mode: {
            std::string text = fmt::format("pool_mode of {} back to session", *fleet.poolers[undo.pooler].name);
            if (!undo.pools.empty())
                text += fmt::format(
                    ", then undo what {} changed for transaction mode (prepared statements, LISTEN, session state)",
                    pools_of(fleet, undo.pools));
            return text;
        }
        case Undo::Kind::client_limit:
            return fmt::format("max_client_conn of {} back to {}", model::process_name(fleet.poolers[undo.pooler]),
                               unit::print(Connections(static_cast<std::int64_t>(undo.count))));
        case Undo::Kind::direct:
            return fmt::format(
                "point {} back at {}: restore host and port in the connection string, undo what was changed for "
                "transaction mode (prepared statements, LISTEN, session state), and deploy; stop the pooler once its "
                "last client is gone",
                services_of(fleet, undo.pools), *database.name);
        case Undo::Kind::storage:
            return storage_undo(report, undo.database);
        case Undo::Kind::logging:
            return "turn connection logging off again";
        case Undo::Kind::create_again:
            return database.replica_of
                       ? fmt::format("create {} again as a replica: it copies its primary", *database.name)
                       : fmt::format("restore {} as {}", database.platform->leaving->kept, *database.name);
        case Undo::Kind::run_always:
            return fmt::format("start {} and drop the schedule", *database.name);
        case Undo::Kind::restore:
            return fmt::format(
                "restore the snapshot of {} under another name and point its clients at it: what was written since is "
                "lost, and no version goes back in place",
                *database.name);
    }
    return {};
}

}  // namespace

std::string rollback_text(const Report& report, const Action& action) {
    std::vector<std::string> texts;
    for (const Undo& undo : action.rollback) texts.push_back(undo_text(report, undo));
    return texts.empty() ? "nothing to roll back" : joined(texts, "; ");
}

}  // namespace poolfit::render
