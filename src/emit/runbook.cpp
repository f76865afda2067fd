// A shell script that carries the plan out: a step for each of its actions, with checks before it, signs after it and
// the way back. What no command does is asked for by hand; nothing is deleted.
#include <algorithm>

#include <fmt/format.h>

#include <poolfit/diag/text.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/render/phases.hpp>

#include "kinds.hpp"
#include "runbook_commands.hpp"
#include "settings.hpp"

namespace poolfit::emit {

// data/emit/runbook/, compiled in by scripts/embed.py.
namespace shell {
std::string_view common();
std::string_view frame();
std::string_view rds();
std::string_view cloud_sql();
std::string_view azure();
}  // namespace shell

namespace {

struct Library {
    std::string_view name;
    std::string_view (*text)();
};
constexpr Library libraries[] = {{"rds", shell::rds}, {"cloud_sql", shell::cloud_sql}, {"azure", shell::azure}};

/// The actions of the databases that are asked for, in the plan's order: each is safe after those before it.
std::vector<const Action*> asked(const Request& request) {
    std::vector<const Action*> all;
    for (const Action& action : request.report->phases)
        if (action.databases.empty() ||
            std::ranges::any_of(action.databases, [&](Index i) { return request.wants_database(i); }))
            all.push_back(&action);
    return all;
}

std::vector<std::string> names_of(const Request& request, const std::vector<const Action*>& actions) {
    std::vector<char> has(request.fleet().databases.size());
    for (const Action* action : actions)
        for (const Index i : action->databases) has[i] = 1;
    std::vector<std::string> names;
    for (Index i = 0; i < has.size(); ++i)
        if (has[i] != 0) names.push_back(*request.fleet().databases[i].name);
    return names;
}

/// The functions of the command lines that the steps call.
std::string functions(const Request& request, const std::vector<const Action*>& actions) {
    std::string text;
    for (const Library& library : libraries) {
        const bool used = std::ranges::any_of(actions, [&](const Action* action) {
            return std::ranges::any_of(action->databases, [&](Index i) {
                const CommandLine* tool = command_line_of(request.fleet().databases[i]);
                return tool != nullptr && tool->name == library.name;
            });
        });
        if (used) text += fmt::format("\n{}", library.text());
    }
    return text;
}

std::string step_text(const Request& request, const Action& action, std::size_t n) {
    const Report& report = *request.report;
    const std::string title = render::title(report, action);
    ShellLines name, about;
    name.say(title);
    about.say("  phase " + std::to_string(action.phase) + " of the plan, risk " + std::string(plan::name(action.risk)));
    about.say("  downtime: " + render::downtime_text(report, action));
    if (const std::string hazard = render::hazard_text(report, action); !hazard.empty()) about.say("  risk: " + hazard);
    // One line, whatever a name holds.
    std::string text = "\n" + comment(Language::shell, fmt::format("{}. {}", n, diag::visible(title, true)));
    text += name.function(fmt::format("title_{}", n));
    text += about.function(fmt::format("about_{}", n));
    text += checks(request, action).function(fmt::format("check_{}", n));
    text += steps(request, action).function(fmt::format("run_{}", n));
    text += signs(request, action).function(fmt::format("watch_{}", n));
    return text + way_back(request, action).function(fmt::format("undo_{}", n));
}

Emission emitted(const Request& request) {
    Emission emission;
    if (refuses_strategy(request, emission)) return emission;
    const std::vector<const Action*> actions = asked(request);
    std::string text = "#!/usr/bin/env bash\n";
    text += header(request, Language::shell, "Runbook", names_of(request, actions));
    text += comment(Language::shell,
                    "Names are the inventory's: where a server has another identifier, change it here.\n"
                    "It deletes nothing, and asks before each change. Without arguments it lists its steps.");
    text += "set -euo pipefail\n\n";
    text += fmt::format("steps={}\n{}{}", actions.size(), shell::common(), functions(request, actions));
    for (std::size_t i = 0; i < actions.size(); ++i) text += step_text(request, *actions[i], i + 1);
    text += fmt::format("\n{}", shell::frame());
    emission.files.push_back({"runbook.sh", Language::shell, std::move(text)});
    return emission;
}

}  // namespace

const Kind rows::runbook{"runbook",
                         "a shell script that carries the plan out: checks, steps, metrics to watch, rollback",
                         "a database", emitted};

}  // namespace poolfit::emit
