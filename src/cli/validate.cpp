#include <poolfit/lint/rule.hpp>
#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace poolfit::cli {

Answer validate(Context& context) {
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    lint::check_references(inputs.fleet, context.diagnostics);
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", inputs.fleet.path);
    if (context.options.verbose) log_inputs(context, inputs);
    return rendered(context, render::Validated{&inputs.fleet});
}

}  // namespace poolfit::cli
