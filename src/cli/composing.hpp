// What the options ask of a report.
#pragma once

#include <optional>
#include <vector>

#include <poolfit/report/report.hpp>

#include "commands.hpp"

namespace poolfit::cli {

/// The worlds that --worlds and --seed ask for.
std::optional<report::Composing::Worlds> worlds_of(const Options& options);
/// --worlds where no output has them.
std::optional<Failure> worlds_unseen(Context& context);
/// --seed without --worlds: that of a plan draws nothing.
std::optional<Failure> seed_alone(Context& context);

/// How the report on these databases (none: all) is put together for the formats asked for: only JSON and Markdown show
/// how figures are derived, and JSON only of a few databases unless --derivations asks for it.
report::Composing composing(const Context& context, const Fleet& fleet, std::vector<Index> databases,
                            std::optional<Date> today);

}  // namespace poolfit::cli
