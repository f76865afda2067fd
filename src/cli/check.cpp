#include <memory>
#include <utility>

#include <poolfit/lint/rule.hpp>
#include <poolfit/render/render.hpp>

#include "against.hpp"
#include "commands.hpp"
#include "composing.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "output.hpp"
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

}  // namespace

Answer check(Context& context) {
    if (!known_rules(context)) return Failure{"usage", context.diagnostics.all().front().message};
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    auto held = std::make_unique<Inputs>();
    Inputs& inputs = *held;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    lint::check_references(inputs.fleet, context.diagnostics);
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", inputs.fleet.path);
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
    const auto date = std::get<std::optional<Date>>(today);
    auto made = std::make_unique<const Report>(
        report::compose(inputs.fleet, inputs.catalog, composing(context, inputs.fleet, databases, date)));
    const Report& report = *made;
    if (databases.size() == inputs.fleet.databases.size()) databases.clear();
    LintInput input{inputs.fleet, inputs.catalog, report.plan, date};
    if (!options.against.empty()) input.drifts = &drifts;
    const lint::Options asked{options.rules, options.without_rules, databases, report.threads};
    auto judged = std::make_unique<Gate>(
        report::gate(inputs.fleet, report.plan, lint::run(input, asked), options.fail_on, databases));
    judged->rules = lint::looking(input, asked);
    const Gate& gate = *judged;
    if (gate.failed) context.exit_code = exit_code::findings;
    Answer answer =
        rendered(context, render::Checked{&report, &gate, {options.quiet, options.verbose || !options.rules.empty()}});
    keep_to_exit(std::move(judged));
    keep_to_exit(std::move(made));
    keep_to_exit(std::move(held));
    return answer;
}

}  // namespace poolfit::cli
