#include <fmt/format.h>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "environment.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace poolfit::cli {
namespace {

/// SOURCE_DATE_EPOCH, where --today is not given, has to be a date too.
std::optional<Failure> check_today(Context& context) {
    const std::string_view epoch = variable("SOURCE_DATE_EPOCH");
    if (context.options.today || epoch.empty()) return {};
    if (epoch.size() <= 11 && epoch.find_first_not_of("0123456789") == std::string_view::npos) return {};
    return fail(context.diagnostics, "usage", fmt::format("SOURCE_DATE_EPOCH: {} is no number of seconds", epoch),
                "unset it, or give --today 2026-11-24");
}

}  // namespace

Answer plan(Context& context) {
    if (auto failure = check_today(context)) return std::move(*failure);
    Inputs inputs;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    auto chosen = choose_databases(context, inputs);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    if (context.options.verbose) log_inputs(context, inputs);

    const Report report = report::compose(inputs.fleet, inputs.catalog, context.options.price,
                                          std::move(std::get<std::vector<Index>>(chosen)));
    return rendered(context, [&](const Output& output, const diag::Style& style) {
        return output.format == "json" ? render::json(report) : render::text(report, style);
    });
}

}  // namespace poolfit::cli
