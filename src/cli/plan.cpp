#include <memory>
#include <utility>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "composing.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "output.hpp"
#include "today.hpp"

namespace poolfit::cli {

Answer plan(Context& context) {
    if (auto failure = seed_alone(context)) return std::move(*failure);
    if (auto failure = worlds_unseen(context)) return std::move(*failure);
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    auto held = std::make_unique<Inputs>();
    Inputs& inputs = *held;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    auto chosen = choose_databases(context, inputs);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    if (context.options.verbose) log_inputs(context, inputs);

    auto report = std::make_unique<const Report>(
        report::compose(inputs.fleet, inputs.catalog,
                        composing(context, inputs.fleet, std::move(std::get<std::vector<Index>>(chosen)),
                                  std::get<std::optional<Date>>(today))));
    Answer answer =
        rendered(context, render::Planned{report.get(), {context.options.verbose, context.options.summary}});
    keep_to_exit(std::move(report));
    keep_to_exit(std::move(held));
    return answer;
}

}  // namespace poolfit::cli
