#include "phase_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "block.hpp"
#include "commitments.hpp"
#include "listing.hpp"
#include "pooler_words.hpp"
#include "storage_words.hpp"
#include "strategy_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// Does it begin with what the server is?
bool asks_server(const Action& action) {
    return !action.steps.empty() && action.steps.front().kind == Step::Kind::write &&
           action.steps.front().missing.kind == MissingInput::Kind::server;
}

/// The strategy that an action carries out; nothing for one that finds an input out, or changes a class.
const Strategy* strategy_of(const Report& report, const Action& action) {
    return action.strategy ? &report.strategies[*action.strategy] : nullptr;
}

const Database& database_of(const Report& report, const Action& action) {
    return report.fleet->databases[action.databases.front()];
}

/// "a and b": the poolers that its steps are about.
std::string poolers_of(const Fleet& fleet, const Action& action) {
    std::vector<std::string> names;
    for (const Step& step : action.steps)
        if (step.kind == Step::Kind::pooler_mode || step.kind == Step::Kind::smaller_pooler)
            names.push_back(*fleet.poolers[step.pooler].name);
    return joined(names, " and ");
}

const InstanceClass& class_of(const Report& report, const Action& action) {
    return *report.plan.databases[action.databases.front()].recommendation.cls;
}

std::string saving_text(const Report& report, const Action& action) {
    if (!action.saves_per_year) return {};
    if (action.kind == Action::Kind::instance || action.kind == Action::Kind::remove)
        if (std::string paid = saves_after_text(report, action.databases.front()); !paid.empty()) return paid;
    // Per month, as of all other phases: Extended Support and schedules have no year.
    const MicroUsdPerMonth month(action.saves_per_year->value.value / 12);
    const bool of_one = action.kind == Action::Kind::instance || action.kind == Action::Kind::remove;
    const std::string_view by = of_one ? std::string_view() : at_list_price(report);
    const std::string with =
        action.proxies.empty()
            ? std::string()
            : fmt::format(" with {} ({})",
                          listed(action.proxies, [&](Index i) { return *report.fleet->poolers[i].name; }),
                          managed_pooler());
    return month.value >= 0
               ? fmt::format("saves {}/mo{}{}", unit::print(month), with, by)
               : fmt::format("costs {}/mo more{}{}", unit::print(MicroUsdPerMonth(-month.value)), with, by);
}

std::string count_text(const std::optional<Connections>& connections) {
    return connections ? unit::print(*connections) : std::string("no limit");
}

std::string change_text(const Report& report, const Action& action) {
    const Strategy& strategy = *strategy_of(report, action);
    if (!action.part || strategy.unmeasured || action.before->value <= 0) return change_words(strategy);
    const double share = static_cast<double>(action.connections.value) / static_cast<double>(action.before->value);
    return fmt::format("{}{}", action.gain == Action::Gain::fewer ? "−" : "+", unit::print(Fraction(share)));
}

const std::optional<Life>& life_of(const Report& report, const Action& action) {
    return report.plan.market->offers(action.databases.front()).life;
}

/// Is Extended Support charged today?
bool charged(const Report& report, const Action& action) {
    const auto& life = life_of(report, action);
    return life && life->cycle.charged_from && life->stage != LifeCycle::Stage::ended;
}

/// "saves $712.48/mo".
std::string upgrade_gain(const Report& report, const Action& action) {
    if (!charged(report, action)) return "a supported version";
    const bool by_unit =
        std::ranges::any_of(action.databases, [&](Index i) { return report.plan.market->offers(i).life->by_unit; });
    if (!action.saves_per_month && action.saves_capacity) return "saves " + money_range(*action.saves_capacity);
    if (!action.saves_per_month)
        return by_unit ? "ends Extended Support, charged by capacity"
                       : "ends Extended Support, at a price not known here";
    // Servers that are not shown are in no total beside it. The first is the one that the phase is named after.
    const auto is_shown = [&](Index i) { return std::ranges::find(report.shown, i) != report.shown.end(); };
    const bool all = is_shown(action.databases.front());
    std::vector<Index> others;
    for (std::size_t k = 1; k < action.databases.size(); ++k)
        if (!all || !is_shown(action.databases[k])) others.push_back(action.databases[k]);
    const std::string with =
        others.empty() ? std::string()
                       : " together with " + listed(others, [&](Index i) { return *report.fleet->databases[i].name; });
    return fmt::format("saves {}/mo{}{}", unit::print(*action.saves_per_month), with,
                       action.saves_capacity ? fmt::format(", and {} of capacity", money_range(*action.saves_capacity))
                       : by_unit             ? ", and Extended Support charged by capacity"
                                             : "");
}

}  // namespace

std::string title(const Report& report, const Action& action) {
    if (const Strategy* strategy = strategy_of(report, action)) {
        if (action.kind == Action::Kind::measure) return "measure before changing the pools";
        const std::string where =
            action.part ? fmt::format("pools of {}", listed(action.databases,
                                                            [&](Index i) { return *report.fleet->databases[i].name; }))
                        : std::string("pools");
        return fmt::format("{}, {}: {} → {} connections", where, strategy->name, count_text(action.before),
                           count_text(action.after));
    }
    if (is_beside(action)) return title_beside(report, action);
    const Database& database = database_of(report, action);
    if (action.kind == Action::Kind::limit) {
        const Step& first = action.steps.front();
        const Fleet& fleet = *report.fleet;
        if (first.kind == Step::Kind::client_limit)
            return fmt::format("{}: max_client_conn = {}", model::process_name(fleet.poolers[first.pooler]),
                               unit::print(Connections(first.count)));
        if (first.kind == Step::Kind::raise_limit)
            return fmt::format("{}: max_connections = {}", *database.name, unit::print(first.limit));
        if (first.kind == Step::Kind::fewer_instances)
            return fmt::format("{}: at most {} of {}", *database.name,
                               counted(static_cast<std::size_t>(first.count), "instance"),
                               *fleet.services[first.service].name);
        if (first.kind == Step::Kind::pooler_mode)
            return fmt::format("{}: transaction mode for {}", *database.name, poolers_of(fleet, action));
        return fmt::format("{}: {} for {}", *database.name, action.steps.size() > 1 ? "new sizes" : "new size",
                           poolers_of(fleet, action));
    }
    if (action.kind == Action::Kind::upgrade)
        return fmt::format("{}: {} {} → {}", *database.name, database.platform->names.engine, database.version_text,
                           upgrade_target(report, action.databases.front()));
    if (action.kind == Action::Kind::storage) return storage_title(report, action.databases.front());
    return action.kind == Action::Kind::instance
               ? fmt::format("{}: {} → {}", *database.name, *database.cls, class_of(report, action).name)
           : asks_server(action) ? server_title(database)
                                 : fmt::format("{}: collect missing inputs", *database.name);
}

std::string gain_text(const Report& report, const Action& action) {
    if (is_beside(action)) return gain_beside(report, action);
    switch (action.gain) {
        case Action::Gain::saves:
            break;
        case Action::Gain::carries: {
            const std::string saves = saving_text(report, action);
            return fmt::format("{}{}{}", saves, saves.empty() ? "" : "; ",
                               summary_text(*report.fleet, report.plan, action.databases.front()));
        }
        case Action::Gain::fewer:
            return fmt::format("{} fewer ({})", unit::print(action.connections), change_text(report, action));
        case Action::Gain::as_many:
            return "sizes that match their use";
        case Action::Gain::more:
            return fmt::format("{} ({})", brief_gain_text(report, action), change_text(report, action));
        case Action::Gain::limits:
            return "a limit on every pool";
        case Action::Gain::measured_sizes:
            return "sizes based on measurements";
        case Action::Gain::judged_class:
            if (asks_server(action)) return "tells its limits, its load and its price";
            return "allows a class recommendation";
        case Action::Gain::takes_clients:
            return brief_gain_text(report, action) + ", even in a deploy";
        case Action::Gain::makes_room: {
            const std::string_view when = action.dimension == Dimension::connections_deploy     ? "in a deploy"
                                          : action.dimension == Dimension::connections_failover ? "after a failover"
                                                                                                : "in the steady state";
            return fmt::format("room: {} of {} usable {}", unit::print(action.connections), unit::print(action.usable),
                               when);
        }
        case Action::Gain::starts:
            return "lets the replica start: max_connections must not be lower than on its primary";
        case Action::Gain::with_next:
            return "enough only with the next step";
        case Action::Gain::supported:
            return upgrade_gain(report, action);
        case Action::Gain::storage:
            return storage_gain(*report.plan.databases[action.databases.front()].storage->advice);
        case Action::Gain::ends_outage:
            return brief_gain_text(report, action) + (action.usable < no_limit_known ? " usable" : "");
    }
    return saving_text(report, action);
}

std::string brief_gain_text(const Report& report, const Action& action) {
    switch (action.gain) {
        case Action::Gain::carries:
            if (std::string saves = saving_text(report, action); !saves.empty()) return saves;
            break;
        case Action::Gain::more:
            return fmt::format("room for the load: {} more", unit::print(action.connections));
        case Action::Gain::takes_clients:
            return "room for all its clients";
        case Action::Gain::ends_outage:
            if (action.usable >= no_limit_known)
                return "ends the outage: " + counted(action.connections.value, "connection", "connections");
            return fmt::format("ends the outage: {} of {}", unit::print(action.connections),
                               unit::print(action.usable));
        default:
            break;
    }
    return gain_text(report, action);
}

std::string work_text(const Report& report, const Action& action) {
    if (const Strategy* strategy = strategy_of(report, action)) return work_text(strategy->work);
    if (is_beside(action)) return work_beside(action);
    if (action.kind == Action::Kind::limit)
        return action.downtime.kind == Downtime::Kind::restart ? "minutes, and a restart" : "minutes";
    if (action.kind == Action::Kind::instance) return fmt::format("30 min, then watch for {}", watch_hours);
    if (action.kind == Action::Kind::storage) return storage_work(report, action.databases.front());
    if (action.kind == Action::Kind::upgrade) return "days: tests first, then an hour";
    const bool from_lists = std::ranges::all_of(action.steps, [](const Step& step) {
        return step.kind == Step::Kind::write && step.missing.kind != MissingInput::Kind::observed &&
               step.missing.kind != MissingInput::Kind::days && step.missing.kind != MissingInput::Kind::pool_max;
    });
    return from_lists
               ? "minutes, from the provider's lists"
               : fmt::format("an hour, if {} has the history", database_of(report, action).platform->words.monitoring);
}

std::string hazard_text(const Report& report, const Action& action) {
    if (const Strategy* strategy = strategy_of(report, action)) return hazard_text(*report.fleet, strategy->hazard);
    if (action.kind == Action::Kind::storage) return storage_hazard(report, action.databases.front());
    if (action.kind == Action::Kind::upgrade) return "a new major version changes query plans, extensions and defaults";
    if (action.kind == Action::Kind::stop) return stop_hazard;
    if (action.kind != Action::Kind::instance && !is_beside(action)) return {};
    return fmt::format("{}", fmt::join(risk_texts(*report.fleet, report.plan, action.databases.front()), "; "));
}

std::string downtime_text(const Report& report, const Action& action) {
    const Downtime& downtime = action.downtime;
    const Fleet& fleet = *report.fleet;
    const auto restarts = [&] {
        return fmt::format("{}: the instance restarts; some minutes of downtime, never zero",
                           zones_text(database_of(report, action)));
    };
    switch (downtime.kind) {
        case Downtime::Kind::none:
            break;
        case Downtime::Kind::failover:
            return fmt::format(
                "{}: the standby changes first, then a failover: about a minute of downtime, and every connection is "
                "dropped once",
                zones_text(database_of(report, action)));
        case Downtime::Kind::restart:
            return restarts();
        case Downtime::Kind::restart_with_readers:
            return fmt::format("{}; with its readers on it, {} would use {} {}", restarts(),
                               *fleet.databases[downtime.primary].name, unit::print(downtime.peak),
                               downtime.usable >= no_limit_known
                                   ? std::string("connections")
                                   : fmt::format("of {} usable connections", unit::print(downtime.usable)));
        case Downtime::Kind::upgrade:
            return "minutes, more for a large catalog of tables; with a blue/green deployment about a minute";
        case Downtime::Kind::gone:
        case Downtime::Kind::by_schedule:
            return downtime_beside(downtime);
        case Downtime::Kind::deploys:
            if (downtime.services.empty()) return "none: one deploy per service; databases are not touched";
            return fmt::format(
                "one deploy per service: {} stop between the old and the new instance, as in every deploy; databases "
                "are not touched",
                listed(downtime.services, [&](Index service) { return *fleet.services[service].name; }));
    }
    return "none";
}

}  // namespace poolfit::render
