#include "outage_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "layout.hpp"
#include "pooler_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

constexpr std::size_t most_named = 4;  // pools, poolers, outages

/// The first of them, and how many more.
std::string some(const std::vector<std::string>& texts, std::string_view separator = ", ") {
    if (texts.size() <= most_named) return joined(texts, separator);
    std::vector<std::string> named(texts.begin(), texts.begin() + most_named);
    named.push_back(fmt::format("{} more", texts.size() - most_named));
    return joined(named, separator);
}

std::string of_usable(const WayOut& way) {
    if (way.usable.value <= 0) return {};
    if (way.usable >= no_limit_known) return counted(way.steady.value, "connection", "connections");
    const double share = static_cast<double>(way.steady.value) / static_cast<double>(way.usable.value);
    return fmt::format("{} of {} usable ({})", unit::print(way.steady), unit::print(way.usable),
                       unit::print(Fraction(share)));
}

/// "px max_connections_percent 90 % → 79 %": with the mode, of those that change it, where `modes` says so.
std::string poolers_text(const Report& report, Index database, bool modes, bool only_shares = false) {
    std::vector<std::string> texts;
    for (const Index i : report.plan.topology.poolers[database]) {
        const PoolerPlan& pooler = report.plan.poolers[i];
        if (only_shares && report.fleet->poolers[i].kind != Pooler::Kind::proxy) continue;
        if (pooler.to_transaction ? !modes : !pooler.size) continue;
        texts.push_back(
            fmt::format("{} {}", *report.fleet->poolers[i].name,
                        pooler_settings(report, i, pooler.to_transaction, pooler.size ? pooler.size->value : 0)));
    }
    return some(texts);
}

/// "api.asyncpg 12 → 5 and api.sqlalchemy 6 → 4", and poolers.
std::string sizes_text(const Report& report, Index database, bool modes) {
    std::vector<std::string> texts;
    for (const Index i : report.plan.topology.pools[database]) {
        const PoolPlan& pool = report.plan.pools[i];
        const PoolSize then = pool.recommended();
        if (!then || (pool.declared && pool.declared->value == then->value)) continue;
        const std::string now = pool.declared ? unit::print(pool.declared->value) : std::string("no limit");
        texts.push_back(fmt::format("{} {} → {}", pool_key(*report.fleet, i), now, unit::print(then->value)));
    }
    const std::string pools = some(texts), poolers = poolers_text(report, database, modes);
    return pools.empty() || poolers.empty() ? pools + poolers : pools + ", " + poolers;
}

/// ", with api.main 10 → 6 and max_connections 126 → 708": what has to change beside it.
std::string beside(const Report& report, Index database, const WayOut& way, bool modes) {
    std::vector<std::string> texts;
    if (way.with_sizes)
        if (std::string sizes = sizes_text(report, database, modes); !sizes.empty()) texts.push_back(std::move(sizes));
    if (!way.with_sizes && way.kind == WayOut::Kind::cls)  // a share is set with the class
        if (std::string shares = poolers_text(report, database, false, true); !shares.empty())
            texts.push_back(std::move(shares));
    if (way.with_class)
        texts.push_back(fmt::format("{} → {}", *report.fleet->databases[database].cls,
                                    report.plan.databases[database].recommendation.cls->name));
    if (way.to.value > 0 && way.kind != WayOut::Kind::limit)
        texts.push_back(fmt::format("max_connections {} → {}", unit::print(way.from), unit::print(way.to)));
    return texts.empty() ? std::string() : ", with " + joined(texts, " and ");
}

/// "bouncer pool_mode session → transaction, default_pool_size 1,400 → 566: 3,996 of 4,995 usable (80 %), …". Where
/// that alone is not enough, with the sizes of the plan.
std::string mode_text(const Report& report, Index database, const WayOut& way) {
    const PoolerPlan& pooler = report.plan.poolers[way.pooler];
    const bool measured =
        pooler.size && (pooler.basis == PoolerPlan::Basis::load || pooler.basis == PoolerPlan::Basis::use);
    const std::string with = beside(report, database, way, false);
    std::vector<std::string> modes;
    std::string breaks;
    for (const WayOut::PoolerCount& each : way.poolers) {
        modes.push_back(fmt::format("{} {}", *report.fleet->poolers[each.pooler].name,
                                    pooler_settings(report, each.pooler, true, each.count)));
        if (modes.size() <= most_named) breaks += and_breaks(report, each.pooler);
    }
    return fmt::format("{}{}: {}{}{}", modes.size() <= most_named ? joined(modes, " and ") : some(modes), with,
                       of_usable(way), measured ? "" : "; not measured, so check that no more are busy at once",
                       breaks);
}

/// "one connection to each of 1,000 databases from each of 12 processes makes 12,000: use fewer …".
std::string no_size_text(const NoSizeFits& no) {
    const std::string databases = unit::print(Connections(no.databases)), all = unit::print(no.connections);
    const PoolerKind& kind = platform::pooler_kind(Pooler::Kind::pgbouncer);
    if (no.by_pooler)
        return fmt::format(
            "each of {} pairs{} needs a connection while in use, {} at the smallest size: use fewer pairs, or put "
            "fewer databases on this server",
            databases,
            no.each > 1 ? fmt::format(" of each of {}", counted(no.each, kind.name, kind.several)) : std::string(),
            all);
    const std::string_view takes =
        no.pooler_fits    ? "fewer processes, or a pooler with few connections per database"
        : no.takes_pooler ? "fewer databases on this server (a pooler also needs a connection for each database in use)"
                          : "fewer processes, or fewer databases on this server";
    return fmt::format("one connection to each of {} databases from each of {} makes {}: use {}", databases,
                       counted(no.each, "process", "processes"), all, takes);
}

/// "bouncer max_client_conn 100 → 140, with a reload": of the poolers that refuse clients.
std::string clients_text(const Report& report, Index database) {
    std::vector<std::string> settings;
    for (const Outage& outage : report.plan.databases[database].recommendation.outages)
        if (outage.kind == Outage::Kind::pooler_clients)
            if (std::string setting = client_setting(report, outage.pooler); !setting.empty())
                settings.push_back(std::move(setting));
    return settings.empty() ? std::string() : some(settings) + ", with a reload";
}

/// "60 of 100 clients of bouncer in a deploy": what the plan's sizes leave of clients that are refused; empty where
/// anything else is over a limit, too.
std::string clients_left(const Report& report, Index database) {
    std::vector<std::string> texts;
    for (const Outage& outage : report.plan.databases[database].recommendation.outages) {
        if (outage.kind != Outage::Kind::pooler_clients) return {};
        const auto& clients = report.plan.poolers[outage.pooler].clients;
        if (!clients) return {};
        texts.push_back(fmt::format("{} of {} clients of {} in a deploy", unit::print(clients->then),
                                    unit::print(clients->accepts.value),
                                    model::process_name(report.fleet->poolers[outage.pooler])));
    }
    return some(texts);
}

/// Where nothing in the plan ends it.
std::string cure(const Outage& outage) {
    if (outage.no_size) return no_size_text(*outage.no_size);
    switch (outage.kind) {
        case Outage::Kind::connections:
            return "less load, or fewer processes";
        case Outage::Kind::pool_load:
            return "shorter holds, or more processes to share the load";
        case Outage::Kind::cpu_load:
            return "less CPU for each transaction, or more vCPUs";
        case Outage::Kind::session_clients:
            return "smaller client pools";
        case Outage::Kind::pooler_load:
            return "shorter holds, or a server with a higher max_connections";
        case Outage::Kind::pooler_clients:
            return fmt::format("smaller client pools, or more {} processes", pooler_name(Pooler::Kind::pgbouncer));
        case Outage::Kind::credits:
            break;
    }
    return "less CPU, or a class that is not throttled";
}

/// " (db.m5.large allows 823)", of a class.
std::string gives(const Database& database, Connections most) {
    return most.value > 0 ? fmt::format(" ({} allows {})", database.type->name, unit::print(most)) : std::string();
}

}  // namespace

std::string outage_text(const Fleet& fleet, const Outage& outage) {
    switch (outage.kind) {
        case Outage::Kind::connections:
            return fmt::format("{}{} connections at the maximum number of instances, {} usable: {} refused",
                               outage.at_least ? "at least " : "", unit::print(outage.needs),
                               unit::print(outage.usable), unit::print(outage.needs - outage.usable));
        case Outage::Kind::pool_load:
            return fmt::format("load on {} is {} of its capacity: waits grow without bound",
                               pool_key(fleet, outage.pool), unit::print(outage.share));
        case Outage::Kind::session_clients:
            return fmt::format("{} opens {} server connections for {}{} clients in session mode: {}",
                               *fleet.poolers[outage.pooler].name, unit::print(outage.usable),
                               outage.at_least ? "at least " : "", unit::print(outage.needs),
                               outage.needs > outage.usable ? fmt::format("{} wait until other clients disconnect",
                                                                          unit::print(outage.needs - outage.usable))
                                                            : std::string("the rest wait until a client disconnects"));
        case Outage::Kind::pooler_load:
            if (outage.usable.value <= 0)
                return fmt::format("{} has no server connection for some of its clients: they wait forever",
                                   *fleet.poolers[outage.pooler].name);
            if (outage.pinned >= outage.usable)
                return fmt::format(
                    "sessions pinned by {} keep {} connections, and it has {}: its other clients wait "
                    "forever",
                    *fleet.poolers[outage.pooler].name, unit::print(outage.pinned), unit::print(outage.usable));
            if (outage.pinned.value > 0)
                return fmt::format(
                    "load from {}'s other clients is {} of the capacity of the {} left by pinned "
                    "sessions (of {}): waits grow without bound",
                    *fleet.poolers[outage.pooler].name, unit::print(outage.share),
                    counted(static_cast<std::size_t>((outage.usable - outage.pinned).value), "server connection"),
                    unit::print(outage.usable));
            return fmt::format("load from {}'s clients is {} of the capacity of its {}: waits grow without bound",
                               *fleet.poolers[outage.pooler].name, unit::print(outage.share),
                               counted(static_cast<std::size_t>(outage.usable.value), "server connection"));
        case Outage::Kind::pooler_clients:
            return fmt::format(
                "{} accepts {} clients, but {}{} can connect at the maximum number of instances: {}{} are refused",
                model::process_name(fleet.poolers[outage.pooler]), unit::print(outage.usable),
                outage.at_least ? "at least " : "", unit::print(outage.needs), outage.at_least ? "at least " : "",
                unit::print(outage.needs - outage.usable));
        case Outage::Kind::credits:
            if (outage.hours)
                return fmt::format(
                    "bursts over the {} baseline outlast the credits: the class is capped there for {} "
                    "h a month",
                    unit::print(outage.baseline), unit::print_number(std::round(*outage.hours)));
            return fmt::format(
                "mean CPU {} is above the {} baseline, and the class is capped there once credits run out",
                unit::print(outage.share), unit::print(outage.baseline));
        case Outage::Kind::cpu_load:
            break;
    }
    return fmt::format("workloads need {} of the vCPUs: waits grow without bound", unit::print(outage.share));
}

std::string way_text(const Report& report, Index database, const WayOut& way) {
    const Fleet& fleet = *report.fleet;
    const DatabasePlan& plan = report.plan.databases[database];
    switch (way.kind) {
        case WayOut::Kind::pools: {
            const std::string clients = clients_left(report, database);
            return fmt::format("{}: {}", sizes_text(report, database, true),
                               clients.empty() ? of_usable(way) : clients);
        }
        case WayOut::Kind::limit:
            return fmt::format("max_connections {} → {}{}{}{}: {}", unit::print(way.from), unit::print(way.to),
                               gives(fleet.databases[database], way.most),
                               fleet.databases[database].platform->limit_needs_restart ? ", with a restart" : "",
                               beside(report, database, way, true), of_usable(way));
        case WayOut::Kind::cls: {
            const auto& outages = plan.recommendation.outages;
            const bool connections =
                std::ranges::find(outages, Outage::Kind::connections, &Outage::kind) != outages.end();
            return fmt::format("{} → {}{}{}", *fleet.databases[database].cls, plan.recommendation.cls->name,
                               beside(report, database, way, true), connections ? ": " + of_usable(way) : "");
        }
        case WayOut::Kind::instances:
            return fmt::format("at most {} of {}: {}", counted(static_cast<std::size_t>(way.count), "instance"),
                               *fleet.services[way.service].name, of_usable(way));
        case WayOut::Kind::strategy:
            return fmt::format("strategy {}{}: {}", way.strategy, beside(report, database, way, true), of_usable(way));
        case WayOut::Kind::pooler_mode:
            return mode_text(report, database, way);
        case WayOut::Kind::pooler_clients:
            return clients_text(report, database);
        case WayOut::Kind::pooler_share:
            break;
    }
    std::vector<std::string> sizes;
    for (const WayOut::PoolerCount& each : way.poolers) sizes.push_back(pooler_size(fleet, each.pooler, each.count));
    return fmt::format("{}: {}", some(sizes), of_usable(way));
}

std::vector<std::string> way_texts(const Report& report, Index database) {
    std::vector<std::string> texts;
    for (const WayOut& way : report.plan.databases[database].recommendation.ways)
        texts.push_back(way_text(report, database, way));
    return texts;
}

std::string outages_text(const Report& report, Index database) {
    const Recommendation& advice = report.plan.databases[database].recommendation;
    std::vector<std::string> outages;
    for (const Outage& outage : advice.outages) outages.push_back(outage_text(*report.fleet, outage));
    const std::vector<std::string> ways = way_texts(report, database);
    std::string text =
        fmt::format("{} is over its limits: {}. ", *report.fleet->databases[database].name, some(outages, "; "));
    const bool by_connections = std::ranges::all_of(
        advice.outages, [](const Outage& outage) { return outage.kind == Outage::Kind::connections; });
    if (ways.empty() && by_connections && advice.summary.no_class == Summary::NoClass::own_limit)
        return fmt::format(
            "{}A higher max_connections ends this if memory allows: set "
            "observed.freeable_memory.",
            text);
    if (ways.empty()) {
        std::vector<std::string> cures;
        for (const Outage& outage : advice.outages)
            if (std::string each = cure(outage); std::ranges::find(cures, each) == cures.end())
                cures.push_back(std::move(each));
        return fmt::format("{}Nothing in the plan ends this. What would: {}.", text, joined(cures, "; "));
    }
    text += fmt::format("First: {}.", ways.front());
    // Beside the way out of all else, and after it: the server has no room for more before.
    if (advice.ways.front().kind != WayOut::Kind::pooler_clients)
        if (const std::string clients = clients_text(report, database); !clients.empty())
            text += fmt::format(" Then: {}.", clients);
    for (std::size_t i = 1; i < ways.size(); ++i) text += fmt::format(" Or: {}.", ways[i]);
    for (const Outage& outage : advice.unended) {
        text += fmt::format(" That leaves: {}. To end this too: {}.", outage_text(*report.fleet, outage), cure(outage));
        if (advice.unended.size() <= 2) continue;
        text += fmt::format(" {} more stay.", advice.unended.size() - 1);
        break;
    }
    return text;
}

}  // namespace poolfit::render
