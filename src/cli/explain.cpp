#include <algorithm>

#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "inputs.hpp"
#include "input_log.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

using report::Target;

std::string_view name_of(const Report& report, const Target& target) {
    return report.plan.ledger[target.figure].name;
}

/// What the word names: records, or one figure.
std::variant<std::vector<Target>, Failure> find_target(Context& context, const Report& report,
                                                       const std::string& word) {
    std::vector<Target> targets = report::find(report, word);
    const bool figures = !targets.empty() && targets.front().kind == Target::Kind::figure;
    if (targets.size() == 1 || (!targets.empty() && !figures)) return targets;
    if (targets.empty()) {
        const std::string_view near = diag::nearest(word, report::names(report));
        return fail(context.diagnostics, "usage", fmt::format("nothing is called {}", word),
                    near.empty() ? "name a database, a service or a figure" : fmt::format("did you mean {}?", near));
    }
    Failure failure{"usage", fmt::format("{} names {} figures", word, targets.size())};
    Diagnostic& error =
        context.diagnostics.error({}, failure.message, fmt::format("name one: {}", name_of(report, targets.front())));
    constexpr std::size_t listed = 8;
    for (std::size_t i = 0; i < std::min(targets.size(), listed); ++i) {
        error.notes.emplace_back(i == 0 ? "figures" : "", name_of(report, targets[i]));
    }
    return failure;
}

}  // namespace

Answer explain(Context& context) {
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    if (inputs.names.empty()) {
        return fail(context.diagnostics, "usage", "explain what?", "name a database, a service or a figure");
    }
    if (context.options.verbose) log_inputs(context, inputs);

    const Report report = report::compose(inputs.fleet, inputs.catalog, context.options.price, {});
    std::vector<Target> targets;
    for (const std::string& word : inputs.names) {
        auto found = find_target(context, report, word);
        if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
        const auto& more = std::get<std::vector<Target>>(found);
        targets.insert(targets.end(), more.begin(), more.end());
    }
    return rendered(context, [&](const Output& output, const diag::Style& style) {
        return output.format == "json" ? render::explain_json(report, targets)
                                       : render::explain_text(report, targets, style);
    });
}

}  // namespace poolfit::cli
