// The sentences of an action's steps.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "beside_words.hpp"
#include "listing.hpp"
#include "phase_words.hpp"
#include "pooler_words.hpp"
#include "storage_words.hpp"
#include "strategy_words.hpp"
#include "words.hpp"

namespace poolfit::render {
namespace {

/// "8.0, and from there to ": the series on the way.
std::string through(const Report& report, Index database) {
    std::string text;
    for (const LifeCycle& cycle : report.plan.databases[database].recommendation.upgrade->through)
        text += fmt::format("{}, and from there to ", cycle.text);
    return text;
}

/// "; replica is upgraded with it".
std::string upgraded_with(const Report& report, const Action& action) {
    const Fleet& fleet = *report.fleet;
    const std::vector<Index> replicas(action.databases.begin() + 1, action.databases.end());
    if (replicas.empty() || report.fleet->databases[action.databases.front()].platform->replicas_upgrade_first)
        return {};
    return fmt::format("; {} {} upgraded with it", listed(replicas, [&](Index i) { return *fleet.databases[i].name; }),
                       replicas.size() == 1 ? "is" : "are");
}

std::string step_text(const Report& report, const Action& action, const Step& step) {
    const Fleet& fleet = *report.fleet;
    const std::string& database = *fleet.databases[step.database].name;
    const Platform& platform = *fleet.databases[step.database].platform;
    switch (step.kind) {
        case Step::Kind::snapshot:
            if (!platform.cluster) return fmt::format("Take a snapshot of {}.", database);
            return fmt::format(
                "Take a snapshot of {}'s cluster.",
                *fleet.databases[fleet.databases[step.database].replica_of.value_or(step.database)].name);
        case Step::Kind::fixed_parameter:
            return fmt::format("Check the {}: max_connections is set by hand and stays when the class changes{}.",
                               platform.words.settings,
                               platform.limit_needs_restart
                                   ? "; it is a static parameter, so a new value takes effect at the restart"
                                   : "");
        case Step::Kind::formula_parameter:
            return fmt::format(
                "Check the {}: {} and max_connections should be {}, so that they follow the class at the restart.",
                platform.words.settings, platform.buffers_name, platform.words.following);
        case Step::Kind::kept_parameter:
            return fmt::format(
                "Check the {}: {} and max_connections keep the values that the server was made with; set them for the "
                "new class.",
                platform.words.settings, platform.buffers_name);
        case Step::Kind::architecture:
            return "Test extensions and drivers on the new processor architecture in staging.";
        case Step::Kind::pools_before:
            return "Change the pools first: today's do not fit.";
        case Step::Kind::move_readers:
            return fmt::format("Point readers at {} in the meantime, or accept that they fail for some minutes.",
                               database);
        case Step::Kind::change_class:
            return fmt::format("Change the class to {} in the maintenance window, or at the quietest hour.",
                               step.cls->name);
        case Step::Kind::ask_limit:
            return fmt::format("Run {}, and put the result into the inventory.", platform.words.limit_command);
        case Step::Kind::watch:
            return fmt::format("Watch for {}, including at least one daily peak.", watch_hours);
        case Step::Kind::measure_again:
            return fmt::format("Then update [database.observed] of {}: what it has was measured on {}.", database,
                               fleet.databases[step.database].type->name);
        case Step::Kind::change: {
            const Strategy& strategy = report.strategies[*action.strategy];
            return point_text(report, strategy, strategy.changes[step.change]);
        }
        case Step::Kind::staging:
            return "Try it in staging under load, then deploy one service at a time.";
        case Step::Kind::write:
            if (step.missing.kind == MissingInput::Kind::server)
                return server_lines(fleet.databases[step.missing.database]);
            return fmt::format("Add {} to the inventory.",
                               missing_text(fleet, report.plan.term, step.database, step.missing));
        case Step::Kind::raise_limit:
            return fmt::format(
                "Set max_connections of {} to {} in the {}{}{}.", database, unit::print(step.limit),
                platform.words.settings, platform.limit_needs_restart ? ", and restart it" : "; no restart needed",
                step.most.value > 0
                    ? fmt::format(": {} allows {}", fleet.databases[step.database].type->name, unit::print(step.most))
                    : std::string());
        case Step::Kind::fewer_instances:
            return fmt::format("Let autoscaling start at most {} of {}.",
                               counted(static_cast<std::size_t>(step.count), "instance"),
                               *fleet.services[step.service].name);
        case Step::Kind::smaller_pooler:
            return fmt::format("Set {}.", pooler_size(fleet, step.pooler, step.count));
        case Step::Kind::pooler_mode:
            return fmt::format("{}: {}{}.", *fleet.poolers[step.pooler].name,
                               pooler_settings(report, step.pooler, true, step.count), and_breaks(report, step.pooler));
        case Step::Kind::client_limit:
            return fmt::format(
                "{}: its clients can open {} in a deploy, plus room for the policy. RELOAD is enough; "
                "check {}'s open-file limit first.",
                client_setting(report, step.pooler), unit::print(report.plan.poolers[step.pooler].clients->most.value),
                platform::pooler_kind(fleet.poolers[step.pooler].kind).name);
        case Step::Kind::try_version:
            return fmt::format(
                "Restore a snapshot of {} as a copy, upgrade that, and run extensions, drivers and the slowest queries "
                "against it.",
                database);
        case Step::Kind::upgrade_first:
            return fmt::format("Upgrade {}: replicas go before their primary.", database);
        case Step::Kind::upgrade:
            return fmt::format("Upgrade {} to {}{} in the maintenance window, or with a blue/green deployment{}.",
                               database, through(report, step.database), upgrade_target(report, step.database),
                               upgraded_with(report, action));
        case Step::Kind::set_version:
            return fmt::format("Set version of {} in the inventory.",
                               listed(action.databases, [&](Index i) { return *fleet.databases[i].name; }));
        case Step::Kind::change_storage:
            return storage_step(report, step.database);
        case Step::Kind::set_storage:
            return fmt::format("Set [database.storage] of {} in the inventory.", database);
        case Step::Kind::look:
            return summary_text(fleet, report.plan, step.database);
        default:
            break;
    }
    return step_beside(report, step);
}

}  // namespace

std::vector<std::string> step_texts(const Report& report, const Action& action) {
    std::vector<std::string> texts;
    texts.reserve(action.steps.size());
    for (const Step& step : action.steps) texts.push_back(step_text(report, action, step));
    return texts;
}

}  // namespace poolfit::render
