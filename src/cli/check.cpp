#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>
#include <poolfit/load/baseline.hpp>
#include <poolfit/render/render.hpp>

#include "against.hpp"
#include "commands.hpp"
#include "composing.hpp"
#include "environment.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "output.hpp"
#include "stream.hpp"
#include "today.hpp"

namespace poolfit::cli {
namespace {

/// --rule and --no-rule name existing rules.
bool known_rules(Context& context) {
    const auto look = [&](std::string_view flag, const std::vector<std::string>& words) {
        for (const std::string& word : words) {
            std::vector<std::string_view> names;
            bool known = false;
            for (const Rule* rule : lint::rules()) {
                known = known || rule->id.starts_with(word) || rule->name == word;
                names.push_back(rule->id);
                names.push_back(rule->name);
            }
            if (known && !word.empty()) continue;
            const std::string_view near = diag::nearest(word, names);
            context.diagnostics.error({}, std::string(flag).append(": no rule named ").append(word),
                                      near.empty() ? std::string("docs/rules.md lists the rules")
                                                   : std::string("did you mean ").append(near).append("?"));
        }
    };
    look("--rule", context.options.rules);
    look("--no-rule", context.options.without_rules);
    return !context.diagnostics.has_errors();
}

std::variant<Baseline, Failure> baseline_of(Context& context) {
    const std::string& path = context.options.baseline;
    auto opened = open_source(context, path, "usage", "--baseline");
    if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
    auto read = load::baseline(*std::get<const SourceText*>(opened), context.diagnostics);
    if (!read) return has_errors(context, "baseline", path);
    return std::move(*read);
}

/// Where poolfit runs, as the path begins that the inventory was named by: a shell's PWD may go by a symbolic link.
std::string folder_of_run(const std::string& path) {
    std::error_code gone;
    const auto folder = std::filesystem::current_path(gone);
    if (gone) return {};
    const std::string named((std::filesystem::path(variable("PWD")) / "").string());
    const bool same = !named.empty() && path.starts_with(named) && std::filesystem::equivalent(named, folder, gone);
    return same ? named : (folder / "").string();
}

struct Judged {
    std::unique_ptr<const Report> report;
    std::unique_ptr<const Gate> gate;
};

/// The inventory by the rules; `known` outlives what it says.
std::variant<Judged, Failure> judged(Context& context, Inputs& inputs, std::optional<Date> today,
                                     const Baseline* known) {
    auto chosen = choose_databases(context, inputs);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    if (context.options.verbose) log_inputs(context, inputs);
    std::vector<Drift> drifts;
    if (!context.options.against.empty()) {
        auto found = drifts_of(context, inputs);
        if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
        drifts = std::move(std::get<std::vector<Drift>>(found));
    }

    const Options& options = context.options;
    std::vector<Index> databases = std::move(std::get<std::vector<Index>>(chosen));
    Judged made;
    made.report = std::make_unique<const Report>(
        report::compose(inputs.fleet, inputs.catalog, composing(context, inputs.fleet, databases, today)));
    const Report& report = *made.report;
    if (databases.size() == inputs.fleet.databases.size()) databases.clear();
    LintInput input{inputs.fleet, inputs.catalog, report.plan, today};
    if (!options.against.empty()) input.drifts = &drifts;
    input.baseline = known;
    const lint::Options asked{options.rules, options.without_rules, databases, report.threads};
    auto gate = std::make_unique<Gate>(
        report::gate(inputs.fleet, report.plan, lint::run(input, asked), options.fail_on, databases));
    gate->rules = lint::looking(input, asked);
    gate->has_baseline = known != nullptr;
    gate->folder = folder_of_run(inputs.fleet.path);
    if (options.command->name == "check" && gate->failed) context.exit_code = exit_code::findings;
    made.gate = std::move(gate);
    return made;
}

/// What the baseline has, if one is named, of an inventory whose suppressions name rules and records that exist.
std::variant<std::optional<Baseline>, Failure> known_findings(Context& context, const Inputs& inputs) {
    lint::check_references(inputs.fleet, context.diagnostics);
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", inputs.fleet.path);
    if (context.options.baseline.empty()) return std::optional<Baseline>();
    auto read = baseline_of(context);
    if (auto* failure = std::get_if<Failure>(&read)) return std::move(*failure);
    return std::optional(std::move(std::get<Baseline>(read)));
}

std::variant<std::string, Failure> one_of_many(Context& context, Inputs& inputs) {
    auto ready = known_findings(context, inputs);
    if (auto* failure = std::get_if<Failure>(&ready)) return std::move(*failure);
    const auto& known = std::get<std::optional<Baseline>>(ready);
    const auto made =
        judged(context, inputs, std::get<std::optional<Date>>(today_of(context)), known ? &*known : nullptr);
    if (const auto* failure = std::get_if<Failure>(&made)) return *failure;
    const auto& [report, gate] = std::get<Judged>(made);
    return render::json(*report, gate.get());
}

/// As the command prints it.
Answer answer_of(Context& context) {
    if (!known_rules(context)) return Failure{"usage", context.diagnostics.all().front().message};
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    if (context.options.stream) return stream(context, one_of_many);
    auto held = std::make_unique<Inputs>();
    Inputs& inputs = *held;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    auto ready = known_findings(context, inputs);
    if (auto* failure = std::get_if<Failure>(&ready)) return std::move(*failure);
    const auto& known = std::get<std::optional<Baseline>>(ready);
    auto made = judged(context, inputs, std::get<std::optional<Date>>(today), known ? &*known : nullptr);
    if (auto* failure = std::get_if<Failure>(&made)) return std::move(*failure);
    auto& [report, gate] = std::get<Judged>(made);
    const Options& options = context.options;
    Answer answer = rendered(
        context, render::Checked{report.get(), gate.get(), {options.quiet, options.verbose || !options.rules.empty()}});
    // A log with nothing but the exit status says nothing.
    const bool silent = std::ranges::none_of(options.outputs, [](const Output& each) { return each.path.empty(); });
    if (silent && gate->failed && !options.quiet && options.command->name == "check")
        context.done.push_back(fmt::format("{}: {}", render::found_text(*gate), render::exit_text(*gate)));
    keep_to_exit(std::move(gate));
    keep_to_exit(std::move(report));
    keep_to_exit(std::move(held));
    return answer;
}

}  // namespace

Answer check(Context& context) { return answer_of(context); }
Answer baseline(Context& context) { return answer_of(context); }

}  // namespace poolfit::cli
