#include "composing.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/threads/parallel.hpp>

namespace poolfit::cli {

std::optional<report::Composing::Worlds> worlds_of(const Options& options) {
    if (!options.worlds) return std::nullopt;
    return report::Composing::Worlds{*options.worlds, static_cast<std::uint64_t>(options.seed.value_or(1))};
}

std::optional<Failure> seed_alone(Context& context) {
    if (!context.options.seed || context.options.worlds) return std::nullopt;
    return fail(context.diagnostics, "usage", "--seed: nothing is drawn by chance without --worlds",
                "add --worlds 1000");
}

std::optional<Failure> worlds_unseen(Context& context) {
    const Options& options = context.options;
    if (!options.worlds) return std::nullopt;
    const bool shown = std::ranges::any_of(options.outputs, [&](const Output& output) {
        return output.format == "json" || output.format == "markdown" || (output.format == "text" && !options.summary);
    });
    if (shown) return std::nullopt;
    if (options.summary)
        return fail(context.diagnostics, "usage", "--worlds: a summary has no worlds", "leave out --summary");
    return fail(context.diagnostics, "usage", fmt::format("--worlds: {} has no worlds", options.outputs.front().format),
                "--format json");
}

report::Composing composing(const Context& context, const Fleet& fleet, std::vector<Index> databases,
                            std::optional<Date> today) {
    const Options& options = context.options;
    const auto wanted = [&](std::string_view format) {
        return std::any_of(options.outputs.begin(), options.outputs.end(),
                           [&](const Output& output) { return output.format == format; });
    };
    const std::size_t count = databases.empty() ? fleet.databases.size() : databases.size();
    report::Composing how;
    how.term = options.price;
    how.only = std::move(databases);
    how.today = today;
    // Derivations are three quarters of a small report; of a stream of many they are asked for.
    const bool in_full = options.derivations || (count <= report::most_in_full && !options.stream);
    how.derive = in_full && (wanted("markdown") || wanted("json") || (wanted("html") && !options.summary));
    // `check` runs the rules by itself, since it may be asked for some of them only.
    const bool gate = options.command != nullptr && options.command->name == "check";
    how.findings = !gate && (wanted("json") || wanted("markdown") || wanted("html"));
    how.ways = wanted("json") || wanted("markdown") || wanted("html") || (!gate && wanted("text"));
    how.vcpus = wanted("json") || wanted("markdown");
    how.views = how.ways || wanted("csv") || wanted("svg");
    how.order = options.order;
    how.top = options.top;
    how.threads = threads::usable(8);
    // No other format of a plan has them.
    if ((wanted("text") && !options.summary) || wanted("json") || wanted("markdown")) how.worlds = worlds_of(options);
    // As compose() does for its own findings.
    if (gate || (options.command != nullptr && options.command->name == "baseline")) how.depth = plan::Depth::cheaper;
    if (wanted("json")) how.depth = options.all_candidates ? plan::Depth::all : plan::Depth::cheaper;
    if (in_full && (wanted("html") || wanted("svg"))) how.depth = std::max(how.depth, plan::Depth::cheaper);
    return how;
}

}  // namespace poolfit::cli
