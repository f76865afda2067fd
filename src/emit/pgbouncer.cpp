// A complete pgbouncer.ini for each PgBouncer, as the plan sizes it.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/render/words.hpp>

#include "kinds.hpp"
#include "settings.hpp"

namespace poolfit::emit {
namespace {

constexpr std::string_view modes[] = {"session", "transaction", "statement"};  // as Pooler::Mode

/// Values of one file. Those that are 0 there mean none.
struct Bouncer {
    std::string name;
    std::vector<std::string> about;    ///< for `explain`
    std::vector<std::string> remarks;  ///< lines
    std::vector<std::string> databases;
    bool of_each = false;  ///< each database has its own mode and sizes
    std::string_view mode;
    std::int64_t max_client_conn = 0, default_pool_size = 0, min_pool_size = 0, reserve_pool_size = 0;
    std::int64_t max_db_connections = 0;
};

/// The host is not in the inventory: a name that leads nowhere until it is put in.
std::string server_of(const Fleet& fleet, Index database) {
    return fmt::format("host={} port=5432",
                       quoted(Language::ini, path_part(*fleet.databases[database].name) + ".invalid"));
}

std::string ini(const Request& request, const Bouncer& bouncer) {
    std::string text = header(request, Language::ini, fmt::format("PgBouncer {}", bouncer.name), bouncer.about);
    const auto line = [&](std::string_view words) { text += comment(Language::ini, words); };
    for (const std::string& remark : bouncer.remarks) line(diag::visible(remark, true));
    line("Yours to put in: each host, listen_addr, and auth_file with the users (this file contains no passwords).");
    text += "\n[databases]\n";
    for (const std::string& entry : bouncer.databases) text += entry + '\n';
    text += fmt::format(
        "\n[pgbouncer]\n"
        "listen_addr = 127.0.0.1\n"
        "listen_port = 6432\n"
        "auth_type = scram-sha-256\n"
        "auth_file = /etc/pgbouncer/userlist.txt\n"
        "max_client_conn = {}\n",
        bouncer.max_client_conn);
    if (!bouncer.of_each)
        text += fmt::format(
            "pool_mode = {}\n"
            "default_pool_size = {}\n"
            "min_pool_size = {}\n"
            "reserve_pool_size = {}\n"
            "max_db_connections = {}\n",
            bouncer.mode, bouncer.default_pool_size, bouncer.min_pool_size, bouncer.reserve_pool_size,
            bouncer.max_db_connections);
    line("The plan does not set these: they are PgBouncer's defaults.");
    text +=
        "max_user_connections = 0\n"
        "reserve_pool_timeout = 5\n"
        "query_wait_timeout = 120\n"
        "server_idle_timeout = 600\n"
        "server_lifetime = 3600\n";
    line("JDBC sends this parameter when it connects.");
    text += "ignore_startup_parameters = extra_float_digits\n";
    if (bouncer.mode != modes[0])
        line(fmt::format("From version {} on, with prepared statements in the protocol: max_prepared_statements = 200",
                         platform::pooler_kind(Pooler::Kind::pgbouncer).keeps_prepared));
    return text;
}

std::string_view mode_of(const Request& request, Index pooler) {
    const bool changes = request.report->plan.poolers[pooler].to_transaction;
    return modes[static_cast<std::size_t>(changes ? Pooler::Mode::transaction : request.fleet().poolers[pooler].mode)];
}

/// A line of [databases] for every name: each counts for itself. An alias is one.
std::int64_t names_through(const Pooler& pooler) { return pooler.process ? 1 : pooler.databases; }

/// A size is of each pair of database and user, so more users than `pairs` would open more than the plan counts.
/// Without a stop of the inventory's own, what the plan counts is the stop, in equal parts for each database.
std::int64_t most_of_database(const Pooler& pooler, std::int64_t size) {
    if (const std::int64_t given = model::db_connections_with(pooler, size); given > 0) return given;
    return (size + *pooler.reserve_pool_size) * *pooler.pairs / names_through(pooler);
}

/// PgBouncer's file has no quotes for the name on the left; an inventory's names need none.
std::string alias_entry(const Request& request, Index index) {
    const Fleet& fleet = request.fleet();
    const Pooler& pooler = fleet.poolers[index];
    const std::string_view name = std::string_view(*pooler.name).substr(model::process_name(pooler).size() + 1);
    const std::int64_t size = size_of(request, index);
    return fmt::format(
        "{} = {} dbname={} pool_size={} min_pool_size={} reserve_pool={} pool_mode={} max_db_connections={}",
        path_part(name), server_of(fleet, pooler.database), quoted(Language::ini, name), size, *pooler.min_pool_size,
        *pooler.reserve_pool_size, mode_of(request, index), most_of_database(pooler, size));
}

/// Clients name the database, and PgBouncer has a stop for each name.
void add_any(Bouncer& bouncer, const std::string& server, std::int64_t names) {
    bouncer.remarks.push_back(fmt::format(
        "max_db_connections holds for each database name, over all of its users: {} with the {} that the plan counts. "
        "Put your database names in place of *: each further name may open as many.",
        bouncer.max_db_connections * names, render::counted(names, "name", "names")));
    bouncer.databases.push_back("* = " + server);
}

/// The records of one process.
Bouncer existing(const Request& request, Index process) {
    const Fleet& fleet = request.fleet();
    const Pooler& first = fleet.poolers[process];
    const PoolerPlan& plan = request.report->plan.poolers[process];
    Bouncer bouncer;
    bouncer.name = std::string(model::process_name(first));
    if (first.instances->high > 1)
        bouncer.remarks.push_back(
            fmt::format("The same for each of its {} instances: sizes are of one.", first.instances->high));
    bouncer.mode = mode_of(request, process);
    bouncer.max_client_conn =
        plan.clients && plan.clients->enough ? plan.clients->enough->value : *first.max_client_conn;
    bouncer.default_pool_size = size_of(request, process);
    bouncer.min_pool_size = *first.min_pool_size;
    bouncer.reserve_pool_size = *first.reserve_pool_size;
    bouncer.max_db_connections = most_of_database(first, bouncer.default_pool_size);
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        if (model::process_of(fleet, i) != process) continue;
        bouncer.about.push_back(*fleet.poolers[i].name);
        const PoolerPlan& of = request.report->plan.poolers[i];
        if (of.to_transaction && !of.breaks.empty())
            bouncer.remarks.push_back(
                fmt::format("{} was in session mode: the plan says what that may break.", *fleet.poolers[i].name));
        bouncer.of_each = first.process.has_value();
        if (first.process) bouncer.databases.push_back(alias_entry(request, i));
    }
    if (!first.process) add_any(bouncer, server_of(fleet, first.database), names_through(first));
    return bouncer;
}

/// A pooler that the strategy adds.
Bouncer added(const Request& request, const Strategy& strategy, const NewPooler& pooler) {
    const Fleet& fleet = request.fleet();
    Bouncer bouncer;
    bouncer.name = fmt::format("before {}", *fleet.databases[pooler.database].name);
    bouncer.about = {std::string(strategy.name)};
    bouncer.remarks.push_back(fmt::format("The strategy {} adds it: {} server connections for {} database{}.",
                                          strategy.name, pooler.server.value.value, pooler.pairs.value,
                                          pooler.pairs.value == 1 ? "" : "s"));
    for (const Point& change : strategy.changes) {
        if (change.kind != Point::Kind::add_pooler || change.database != pooler.database) continue;
        std::vector<std::string> names;
        for (const Index pool : change.pools) names.push_back(name_of(fleet, fleet.pools[pool]));
        bouncer.remarks.push_back(fmt::format("Through it: {}.", fmt::join(names, ", ")));
    }
    bouncer.mode = modes[static_cast<std::size_t>(Pooler::Mode::transaction)];
    bouncer.max_client_conn = pooler.accepts.value;
    bouncer.default_pool_size = pooler.pool_size.value;
    // Users of one database share its connections.
    bouncer.max_db_connections = pooler.pool_size.value;
    add_any(bouncer, server_of(fleet, pooler.database), pooler.pairs.value);
    return bouncer;
}

void add_bouncer(const Request& request, Emission& emission, std::string_view name, const Bouncer& bouncer) {
    emission.files.push_back(
        {new_path(emission, fmt::format("{}-pgbouncer", name), ".ini"), Language::ini, ini(request, bouncer)});
}

Emission emitted(const Request& request) {
    const Fleet& fleet = request.fleet();
    Emission emission;
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        if (pooler.kind != Pooler::Kind::pgbouncer || model::process_of(fleet, i) != i) continue;
        bool asked = false;
        for (Index other = i; other < fleet.poolers.size(); ++other)
            asked = asked ||
                    (model::process_of(fleet, other) == i && request.wants_database(fleet.poolers[other].database));
        if (!asked) continue;
        if (pooler.built_in)
            emission.gaps.push_back({fmt::format("a file for {}: it is part of its server", *pooler.name),
                                     "poolfit plan has its sizes, to set with the server's"});
        else
            add_bouncer(request, emission, model::process_name(pooler), existing(request, i));
    }
    if (const Strategy* strategy = strategy_of(request))
        for (const NewPooler& each : strategy->poolers)
            if (each.kind == Pooler::Kind::pgbouncer && request.wants_database(each.database))
                add_bouncer(request, emission, *fleet.databases[each.database].name, added(request, *strategy, each));
    return emission;
}

}  // namespace

const Kind rows::pgbouncer{"pgbouncer", "a complete pgbouncer.ini for each PgBouncer, with the plan's sizes",
                           "a PgBouncer, or a strategy that adds one (--strategy pooler)", emitted};

}  // namespace poolfit::emit
