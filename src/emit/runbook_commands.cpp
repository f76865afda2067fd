#include "runbook_commands.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <poolfit/platform/platform.hpp>
#include <poolfit/render/phases.hpp>

namespace poolfit::emit {
namespace {

constexpr std::string_view hour = "60";

const Database& database_at(const Request& request, Index database) { return request.fleet().databases[database]; }

const Metric* metric_of(const Database& database, Watched what) {
    const Metrics* metrics = metrics_of(database);
    const Metric* metric = metrics != nullptr ? platform::find_metric(*metrics, what) : nullptr;
    return metric != nullptr && !metric->name.empty() ? metric : nullptr;
}

/// "at most" or "at least" the limit, over so many minutes.
void bound(ShellLines& lines, const Database& database, const Metric& metric, std::string_view statistic,
           std::string_view minutes, double limit) {
    lines.on(database, falls(metric) ? "least" : "most", {metric.name, statistic, minutes, number(limit)});
}

void show(ShellLines& lines, const Database& database, Watched what) {
    if (const Metric* metric = metric_of(database, what))
        lines.on(database, "show", {metric->name, metric->statistic, hour});
}

void change_class(ShellLines& lines, const Database& database, const InstanceClass& cls) {
    const CommandLine& tool = *command_line_of(database);
    if (tool.tier != nullptr)
        lines.on(database, "change_class", {cls.name, tool.tier(cls)});
    else
        lines.on(database, "change_class", {cls.name});
}

/// The options of the command line for it; nothing where it lacks one.
std::optional<std::vector<std::string>> volume_options(const CommandLine& tool, const VolumeChange& change) {
    std::vector<std::string> options;
    bool all = true;
    const auto add = [&](std::string_view option, std::string_view value) {
        all = all && !option.empty();
        options.emplace_back(option);
        options.emplace_back(value);
    };
    if (!change.kind.empty()) add(tool.storage_type, change.kind);
    if (change.gib) add(tool.size, *change.gib);
    if (change.iops) add(tool.iops, *change.iops);
    if (change.mibps) add(tool.throughput, *change.mibps);
    if (!all || options.empty()) return std::nullopt;
    return options;
}

bool change_storage(ShellLines& lines, const Request& request, Index index) {
    const Database& database = database_at(request, index);
    const auto change = volume_change(request, index);
    if (!change) return false;
    const auto options = volume_options(*command_line_of(database), *change);
    if (!options) return false;
    ShellLines line;
    const std::vector<std::string>& o = *options;
    switch (o.size()) {
        case 2:
            lines.on(database, "change_storage", {o[0], o[1]});
            return true;
        case 4:
            lines.on(database, "change_storage", {o[0], o[1], o[2], o[3]});
            return true;
        case 6:
            lines.on(database, "change_storage", {o[0], o[1], o[2], o[3], o[4], o[5]});
            return true;
        default:
            return false;
    }
}

void set_limit(ShellLines& lines, const Database& database, Connections limit) {
    lines.on(database, "set_limit",
             {std::to_string(limit.value), database.platform->limit_needs_restart ? "yes" : "no"});
}

/// False: no command takes the step.
bool take(ShellLines& lines, const Request& request, const Step& step) {
    const Database& database = database_at(request, step.database);
    if (command_line_of(database) == nullptr) return false;
    switch (step.kind) {
        case Step::Kind::snapshot:
            lines.on(database, "backup", {});
            return true;
        case Step::Kind::change_class:
            change_class(lines, database, *step.cls);
            return true;
        case Step::Kind::raise_limit:
            set_limit(lines, database, step.limit);
            return true;
        case Step::Kind::change_storage:
            return change_storage(lines, request, step.database);
        case Step::Kind::smaller_pooler: {
            const Pooler& pooler = request.fleet().poolers[step.pooler];
            if (platform::pooler_kind(pooler.kind).share == nullptr) return false;
            lines.call(fmt::format("{}_set_share", command_line_of(database)->name),
                       {*pooler.name, *database.region, std::to_string(step.count)});
            return true;
        }
        default:
            return false;
    }
}

/// False: the sign has no number that a metric shows.
bool compare(ShellLines& lines, const Request& request, const Sign& sign) {
    const Database& database = database_at(request, sign.database);
    if (command_line_of(database) == nullptr) return false;
    const std::string minutes = std::to_string(render::watch_minutes);
    const auto with = [&](Watched what, std::string_view statistic, auto limit) {
        const Metric* metric = metric_of(database, what);
        if (metric == nullptr) return false;
        bound(lines, database, *metric, statistic.empty() ? metric->statistic : statistic, minutes, limit(*metric));
        return true;
    };
    switch (sign.kind) {
        case Sign::Kind::connections_most:
        case Sign::Kind::server_connections_most: {
            const auto most = static_cast<double>(std::max(sign.most, sign.deploy).value);
            return with(Watched::connections, {}, [&](const Metric&) { return most; });
        }
        case Sign::Kind::cpu_peak_most:
            return with(Watched::cpu, {}, [&](const Metric& m) { return cpu_in(m, sign.share.value); });
        case Sign::Kind::cpu_mean_most:
            return with(Watched::cpu, "Mean", [&](const Metric& m) { return cpu_in(m, sign.share.value); });
        case Sign::Kind::memory_least: {
            const Bytes total = request.report->plan.databases[sign.database].chosen.cls->memory;
            return with(Watched::memory, {}, [&](const Metric& m) { return memory_in(m, sign.bytes, total); });
        }
        case Sign::Kind::credits_paid:
            show(lines, database, Watched::credits);
            show(lines, database, Watched::surplus_credits);
            return true;
        case Sign::Kind::credits_hold:
            show(lines, database, Watched::credits);
            return with(Watched::surplus_credits, {}, [](const Metric&) { return 0.0; });
        default:
            return false;
    }
}

/// False: no command goes back.
bool go_back(ShellLines& lines, const Request& request, const Undo& undo) {
    const Database& database = database_at(request, undo.database);
    if (command_line_of(database) == nullptr) return false;
    switch (undo.kind) {
        case Undo::Kind::change_class:
            change_class(lines, database, *undo.cls);
            return true;
        case Undo::Kind::limit:
            set_limit(lines, database, undo.limit);
            return true;
        default:
            return false;
    }
}

/// Before it is given another class: does the region have that, and do the connections of the last hour fit there?
void class_checks(ShellLines& lines, const Request& request, Index index) {
    const Database& database = database_at(request, index);
    const DatabasePlan& plan = request.report->plan.databases[index];
    lines.on(database, "is_class", {database.type->name});
    lines.on(database, "offers", {plan.chosen.cls->name, *database.multi_az ? "yes" : "no"});
    const Metric* connections = metric_of(database, Watched::connections);
    if (connections != nullptr && plan.chosen.limits.known)
        bound(lines, database, *connections, connections->statistic, hour,
              static_cast<double>(plan.chosen.limits.usable.value.value));
    show(lines, database, Watched::memory);
    if (database.replica_of) show(lines, database, Watched::replica_lag);
}

/// Before it is deleted: nothing connected for as long as the inventory has seen that, else for two weeks.
void use_check(ShellLines& lines, const Database& database) {
    const Metric* connections = metric_of(database, Watched::connections);
    if (connections == nullptr) return;
    constexpr double minutes_a_day = 24 * 60, usual_days = 14;
    const auto& window = database.observed.window;
    const double days = window ? std::ceil(window->value.value) : usual_days;
    lines.on(database, "most", {connections->name, "Maximum", number(days * minutes_a_day), "0"});
}

}  // namespace

void ShellLines::call(std::string_view function, std::initializer_list<std::string_view> arguments) {
    text_ += "    ";
    text_ += function;
    for (const std::string_view argument : arguments) {
        text_ += ' ';
        text_ += quoted(Language::shell, argument);
    }
    text_ += '\n';
}

void ShellLines::on(const Database& database, std::string_view function,
                    std::initializer_list<std::string_view> arguments) {
    text_ += fmt::format("    {}_{} {} {}", command_line_of(database)->name, function,
                         quoted(Language::shell, *database.name), quoted(Language::shell, *database.region));
    for (const std::string_view argument : arguments) {
        text_ += ' ';
        text_ += quoted(Language::shell, argument);
    }
    text_ += '\n';
}

std::string ShellLines::function(std::string_view name) const {
    return fmt::format("{}() {{\n{}}}\n", name, text_.empty() ? "    :\n" : text_);
}

ShellLines checks(const Request& request, const Action& action) {
    ShellLines lines;
    for (const Index index : action.databases) {
        const Database& database = database_at(request, index);
        if (command_line_of(database) == nullptr) continue;
        lines.on(database, "available", {});
        if (action.kind == Action::Kind::pools || action.kind == Action::Kind::measure) {
            show(lines, database, Watched::connections);
            continue;
        }
        lines.on(database, "no_pending", {});
        if (action.kind == Action::Kind::instance) class_checks(lines, request, index);
        if (action.kind == Action::Kind::remove) use_check(lines, database);
        show(lines, database, Watched::free_storage);
    }
    if (lines.empty()) lines.say("  look  no command line is known here: check that all servers of this step are up");
    return lines;
}

ShellLines steps(const Request& request, const Action& action) {
    ShellLines lines;
    const std::vector<std::string> texts = render::step_texts(*request.report, action);
    for (std::size_t i = 0; i < action.steps.size(); ++i) {
        const Step::Kind kind = action.steps[i].kind;
        if (kind == Step::Kind::watch || kind == Step::Kind::measure_again)
            lines.say("  later: " + texts[i]);
        else if (!take(lines, request, action.steps[i]))
            lines.by_hand(texts[i]);
    }
    return lines;
}

ShellLines signs(const Request& request, const Action& action) {
    ShellLines lines;
    const std::vector<std::string> texts = render::watch_texts(*request.report, action);
    for (std::size_t i = 0; i < action.watch.size(); ++i)
        if (!compare(lines, request, action.watch[i])) lines.say("  look  " + texts[i]);
    for (const std::string& text : render::success_texts(*request.report, action)) lines.say("  expected: " + text);
    return lines;
}

ShellLines way_back(const Request& request, const Action& action) {
    ShellLines lines;
    bool by_hand = action.rollback.empty();
    for (const Undo& undo : action.rollback)
        if (!go_back(lines, request, undo)) by_hand = true;
    if (by_hand) lines.by_hand(render::rollback_text(*request.report, action));
    return lines;
}

}  // namespace poolfit::emit
