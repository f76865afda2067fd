#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <poolfit/render/render.hpp>

#include "commands.hpp"
#include "composing.hpp"
#include "input_log.hpp"
#include "inputs.hpp"
#include "kept.hpp"
#include "output.hpp"
#include "stream.hpp"
#include "today.hpp"

namespace poolfit::cli {

namespace {

std::variant<std::unique_ptr<const Report>, Failure> composed(Context& context, Inputs& inputs,
                                                              std::optional<Date> today) {
    auto chosen = choose_databases(context, inputs);
    if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
    if (context.options.verbose) log_inputs(context, inputs);
    return std::make_unique<const Report>(
        report::compose(inputs.fleet, inputs.catalog,
                        composing(context, inputs.fleet, std::move(std::get<std::vector<Index>>(chosen)), today)));
}

std::variant<std::string, Failure> one_of_many(Context& context, Inputs& inputs) {
    const auto report = composed(context, inputs, std::get<std::optional<Date>>(today_of(context)));
    if (const auto* failure = std::get_if<Failure>(&report)) return *failure;
    return render::json(*std::get<std::unique_ptr<const Report>>(report));
}

}  // namespace

Answer plan(Context& context) {
    if (auto failure = seed_alone(context)) return std::move(*failure);
    if (auto failure = worlds_unseen(context)) return std::move(*failure);
    const auto today = today_of(context);
    if (const auto* failure = std::get_if<Failure>(&today)) return *failure;
    if (context.options.stream) return stream(context, one_of_many);
    auto held = std::make_unique<Inputs>();
    Inputs& inputs = *held;
    if (auto failure = load_inputs(context, inputs)) return std::move(*failure);
    auto made = composed(context, inputs, std::get<std::optional<Date>>(today));
    if (auto* failure = std::get_if<Failure>(&made)) return std::move(*failure);
    auto report = std::move(std::get<std::unique_ptr<const Report>>(made));
    Answer answer =
        rendered(context, render::Planned{report.get(), {context.options.verbose, context.options.summary}});
    keep_to_exit(std::move(report));
    keep_to_exit(std::move(held));
    return answer;
}

}  // namespace poolfit::cli
