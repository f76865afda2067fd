// Limits of connections for the users that services log in as, so that no service opens more than the plan gives it.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/model/pooler.hpp>
#include <poolfit/model/sizes.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/render/words.hpp>
#include <poolfit/unit/print.hpp>

#include "kinds.hpp"
#include "settings.hpp"

namespace poolfit::emit {
namespace {

/// How an engine limits the connections of a user.
struct Limiter {
    std::optional<Protocol> of;
    std::string (*name)(std::string_view user);
    std::string_view statement;  ///< of the name and the number
    std::string_view notes;      ///< lines
    std::string_view seen_by;    ///< what shows who has how many
};

std::string mysql_user(std::string_view user) { return mysql_name(user) + "@'%'"; }

constexpr std::string_view of_mysql =
    "The limit is one account's on one server, over all databases. It overrides the server's max_user_connections for "
    "the account; with 0 the server's value applies.";
constexpr Limiter limiters[] = {
    {Protocol::postgresql, sql_name, "ALTER ROLE {} CONNECTION LIMIT {};",
     "The limit is one role's on one server, over all databases; a standby has the same roles as its primary and "
     "counts its own connections.\n"
     "It does not apply to superusers and does not count replication connections. Open connections stay open.",
     "SELECT usename, count(*) FROM pg_stat_activity WHERE usename IS NOT NULL GROUP BY 1 ORDER BY 2 DESC;"},
    {Protocol::mysql, mysql_user, "ALTER USER {} WITH MAX_USER_CONNECTIONS {};", of_mysql,
     "SELECT user, count(*) FROM information_schema.processlist GROUP BY 1 ORDER BY 2 DESC;"},
    {Protocol::mariadb, mysql_user, "ALTER USER {} WITH MAX_USER_CONNECTIONS {};", of_mysql,
     "SELECT user, count(*) FROM information_schema.processlist GROUP BY 1 ORDER BY 2 DESC;"},
};

/// What a user may have open on any one server of a primary and its replicas.
struct User {
    std::map<Index, std::int64_t> steady, deploy;  ///< by server
    std::vector<std::string> of;                   ///< pools
    std::vector<std::string> unknown;              ///< pools without a limit
    std::optional<Index> pooler;

    /// On one server in a deploy, or on the one that is left when others fail.
    std::int64_t most() const {
        std::int64_t all = 0;
        for (const auto& [server, count] : steady) all += count;
        return std::max(most_in_deploy(), all);
    }
    std::int64_t most_in_deploy() const {
        std::int64_t most = 0;
        for (const auto& [server, count] : deploy) most = std::max(most, count);
        return most;
    }
    bool fails_over() const { return most() > most_in_deploy(); }
};

Index primary_of(const Fleet& fleet, Index database) { return fleet.databases[database].replica_of.value_or(database); }

/// Pools that go through a pooler that the strategy adds.
std::vector<Index> through_new_poolers(const Request& request) {
    std::vector<Index> pools;
    if (const Strategy* strategy = strategy_of(request))
        for (const Point& change : strategy->changes)
            if (change.kind == Point::Kind::add_pooler)
                pools.insert(pools.end(), change.pools.begin(), change.pools.end());
    return pools;
}

/// Connections past a new pooler: what LISTENs does so by itself.
std::size_t listening(const Request& request, Index database) {
    if (const Strategy* strategy = strategy_of(request))
        for (const Point& change : strategy->changes)
            if (change.kind == Point::Kind::listen_direct && change.database == database) return change.count;
    return 0;
}

using Users = std::vector<std::pair<std::string, User>>;
/// The services that connect themselves, and the poolers, of a primary and its replicas.
Users users_of(const Request& request, Index primary) {
    const Fleet& fleet = request.fleet();
    Users users;
    const auto user = [&](const std::string& name, std::optional<Index> pooler) -> User& {
        const auto found = std::ranges::find_if(
            users, [&](const auto& each) { return each.first == name && each.second.pooler == pooler; });
        if (found != users.end()) return found->second;
        users.emplace_back(name, User{});
        users.back().second.pooler = pooler;
        return users.back().second;
    };
    const std::vector<Index> through = through_new_poolers(request);
    for (const Setting& each : settings(request)) {
        const Pool& pool = fleet.pools[each.pool];
        if (std::ranges::find(through, each.pool) != through.end()) continue;
        if (!pool.database || primary_of(fleet, *pool.database) != primary) continue;
        User& its = user(*fleet.services[pool.service].name, std::nullopt);
        its.of.push_back(name_of(fleet, pool));
        const PoolDemand& demand = demand_of(request, each.pool);
        if (!demand.allocated) {
            its.unknown.push_back(name_of(fleet, pool));
            continue;
        }
        its.steady[*pool.database] += demand.allocated->value.value;
        its.deploy[*pool.database] += (demand.deploy_peak ? *demand.deploy_peak : *demand.allocated).value.value;
    }
    for (Index i = 0; i < fleet.poolers.size(); ++i) {
        const Pooler& pooler = fleet.poolers[i];
        if (primary_of(fleet, pooler.database) != primary || !request.wants_database(pooler.database)) continue;
        const PoolerDemand& demand = request.report->plan.poolers[i].after;
        User& its = user(std::string(model::process_name(pooler)), model::process_of(fleet, i));
        its.of.push_back(fmt::format("through the pooler {}", *pooler.name));
        its.steady[pooler.database] += demand.server.value.value;
        its.deploy[pooler.database] += std::max(demand.server.value, demand.server_deploy.value).value;
    }
    if (const Strategy* strategy = strategy_of(request))
        for (const NewPooler& added : strategy->poolers) {
            if (primary_of(fleet, added.database) != primary || !request.wants_database(added.database)) continue;
            const std::string_view kind = platform::pooler_kind(added.kind).word;
            User& its = user(std::string(kind), Index(fleet.poolers.size()));
            its.of.push_back(fmt::format("through the pooler before {}", *fleet.databases[added.database].name));
            its.steady[added.database] += added.server.value.value;
            its.deploy[added.database] += added.server.value.value;
        }
    return users;
}

/// What all connections of a server come to, in a deploy and after a failover; what it allows, and on which class.
struct Together {
    std::optional<Connections> deploy, failover, usable;
    const InstanceClass *cls = nullptr, *today = nullptr;
};

/// The limits added up, and what they are to hold: more than a deploy opens, where they leave room for a failover.
std::string together_text(const Together& all, const Users& users) {
    std::int64_t limits = 0;
    bool known = true, fails_over = false;
    for (const auto& [name, user] : users) {
        if (!user.unknown.empty()) {
            known = false;
            continue;
        }
        limits += user.most();
        fails_over = fails_over || user.fails_over();
    }
    std::string text = fmt::format("The limits{} add up to {}{}.\nAt most {} are open in a deploy",
                                   known ? "" : " that are known", unit::print(Connections(limits)),
                                   fails_over ? ", with room for what moves here when another server fails" : "",
                                   unit::print(*all.deploy));
    if (all.failover) text += fmt::format(", and {} after a failover", unit::print(*all.failover));
    text += fmt::format(", of {} usable", unit::print(*all.usable));
    if (all.cls != nullptr) text += fmt::format(" on {}", diag::visible(all.cls->name, true));
    return text + (all.cls != nullptr && all.cls != all.today ? ", after the change of class." : ".");
}
Together together(const Request& request, Index database) {
    Together all;
    const DatabasePlan& plan = request.report->plan.databases[database];
    if (const Database& its = request.fleet().databases[database]; platform::is_of_class(its)) {
        all.cls = plan.chosen.cls;
        all.today = its.type;
    }
    if (request.strategy != nullptr && !request.strategy->recommended) {
        const auto& of = request.strategy->databases;
        const auto at = std::ranges::find(of, database, &StrategyDatabase::database);
        if (at != of.end() && at->deploy_after) all.deploy = at->deploy_after->value;
        if (at != of.end() && plan.chosen.limits.known) all.usable = at->usable;
        if (all.cls != nullptr) all.cls = &class_of(request, database);
        return all;
    }
    if (plan.after.deploy_peak) all.deploy = plan.after.deploy_peak->value;
    if (plan.after.failover_peak) all.failover = plan.after.failover_peak->value;
    if (plan.chosen.limits.known) all.usable = plan.chosen.limits.usable.value;
    return all;
}

/// A server with less room than what a user may open there in a deploy.
std::optional<Index> too_small_for(const Request& request, const User& user) {
    for (const auto& [server, count] : user.deploy)
        if (const auto usable = together(request, server).usable; usable && count > usable->value) return server;
    return std::nullopt;
}

/// The least that any server of the group allows: another one's connections may come to each of them.
std::optional<Connections> least_usable(const Request& request, Index primary) {
    std::optional<Connections> least;
    for (Index i = 0; i < request.fleet().databases.size(); ++i)
        if (const auto usable = together(request, i).usable; usable && primary_of(request.fleet(), i) == primary)
            least = std::min(least.value_or(*usable), *usable);
    return least;
}

/// All limits of a server in a deploy, against what it allows.
std::string over_usable(const Request& request, Emission& emission, Index server, const Users& users) {
    const Together all = together(request, server);
    std::int64_t sum = 0;
    bool any = false;
    for (const auto& [name, user] : users)
        if (const auto its = user.deploy.find(server); its != user.deploy.end()) {
            any = any || its->second > 0;
            sum += its->second;
        }
    // Of deploys that wait for each other, the plan has the largest.
    if (!*request.fleet().policy.deploys_together) sum = 0;
    if (all.deploy) sum = std::max(sum, all.deploy->value);
    if (!any || !all.usable || sum <= all.usable->value) return {};
    return missing(
        emission, Language::sql,
        fmt::format("limits that fit {}: {} in a deploy, of {} usable", *request.fleet().databases[server].name,
                    unit::print(Connections(sum)), unit::print(*all.usable)),
        "poolfit plan says what brings them down");
}

void add_user(const Request& request, Emission& emission, std::string& text, const Limiter& limiter, Index primary,
              const std::string& name, const User& user) {
    text += '\n';
    for (const std::string& pool : user.unknown)
        text += missing(emission, Language::sql,
                        fmt::format("the size of {} is not known, so {} gets no limit", pool, name),
                        "poolfit plan says what sets it");
    if (!user.unknown.empty()) return;
    if (const auto server = too_small_for(request, user)) {
        text += missing(
            emission, Language::sql,
            fmt::format("a limit for {}: {} in a deploy, and {} allows {}", name,
                        unit::print(Connections(user.deploy.at(*server))), *request.fleet().databases[*server].name,
                        unit::print(*together(request, *server).usable)),
            "poolfit plan says what brings it down");
        return;
    }
    text += comment(Language::sql,
                    diag::visible(fmt::format("{}{}", fmt::join(user.of, ", "),
                                              user.fails_over() ? ": includes what moves here when another server fails"
                                                                : ": in a deploy"),
                                  true));
    if (const auto least = least_usable(request, primary); least && user.most() > least->value)
        text += comment(Language::sql,
                        fmt::format("More than the {} usable: after that failure the server's own limit applies first.",
                                    unit::print(*least)));
    if (user.pooler)
        text += comment(
            Language::sql,
            "This limits the user that the pooler logs in as; if services keep their own users, give each this limit.");
    text += fmt::format(fmt::runtime(limiter.statement), limiter.name(name), user.most()) + '\n';
}

void add_server(const Request& request, Emission& emission, Index primary) {
    const Fleet& fleet = request.fleet();
    const Database& database = fleet.databases[primary];
    const auto users = users_of(request, primary);
    if (users.empty()) return;
    const auto limiter = std::ranges::find(limiters, protocol_of(*database.platform), &Limiter::of);
    if (limiter == std::end(limiters)) {
        emission.gaps.push_back({fmt::format("{} has no per-user connection limit", database.platform->names.full)});
        return;
    }
    std::string text = header(request, Language::sql, "Connection limits per user", {*database.name});
    const auto line = [&](std::string_view words) { text += comment(Language::sql, words); };
    line(fmt::format(
        "On {}, as its administrator. Each user is named after its service or pooler: replace the names with yours.",
        diag::visible(*database.name, true)));
    line(limiter->notes);
    line(
        "A limit is the user's peak in a deploy: it leaves no room for migrations, consoles or half-open sockets. Give "
        "migrations and consoles users of their own.");
    if (const Together all = together(request, primary); all.deploy && all.usable) line(together_text(all, users));
    if (!*fleet.policy.deploys_together)
        line("Services deploy one at a time (deploys_at_once = 1): the limits allow each its own deploy.");
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (primary_of(fleet, i) == primary) text += over_usable(request, emission, i, users);
    for (Index i = 0; i < fleet.databases.size(); ++i)
        if (const std::size_t count = primary_of(fleet, i) == primary ? listening(request, i) : 0; count > 0)
            text += missing(emission, Language::sql,
                            fmt::format("the users of {} that LISTEN on {} past the pooler",
                                        render::counted(static_cast<std::int64_t>(count), "connection", "connections"),
                                        *fleet.databases[i].name),
                            "add them to the limits of their users");
    for (const auto& [name, user] : users) add_user(request, emission, text, *limiter, primary, name, user);
    text += '\n';
    line("Open connections per user:");
    line(limiter->seen_by);
    emission.files.push_back({new_path(emission, *database.name, "-roles.sql"), Language::sql, std::move(text)});
}

Emission emitted(const Request& request) {
    Emission emission;
    for (Index i = 0; i < request.fleet().databases.size(); ++i)
        if (!request.fleet().databases[i].replica_of) add_server(request, emission, i);
    return emission;
}

}  // namespace

const Kind rows::roles{"roles", "a connection limit for each service's user: ALTER ROLE … CONNECTION LIMIT n",
                       "a pool or a pooler on a database", emitted};

}  // namespace poolfit::emit
