#include <fmt/format.h>

#include <poolfit/lint/rule.hpp>
#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

Answer validate(Context& context) {
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    lint::check_references(inputs.fleet, context.diagnostics);
    if (context.diagnostics.has_errors()) return has_errors(context, "inventory", inputs.fleet.path);
    if (context.options.verbose) log_inputs(context, inputs);
    const Fleet& fleet = inputs.fleet;
    return rendered(context, [&](const Output& output, const diag::Style&) {
        if (output.format == "json") return render::valid_json(fleet);
        return fmt::format("ok: {} has {}, {}, {}\n", fleet.path, counted(fleet.databases.size(), "database"),
                           counted(fleet.services.size(), "service"), counted(fleet.pools.size(), "pool"));
    });
}

}  // namespace poolfit::cli
