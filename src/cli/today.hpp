// The date that a run judges dates by: --today, else SOURCE_DATE_EPOCH, else none. No clock is read.
#pragma once

#include <optional>
#include <variant>

#include <poolfit/unit/date.hpp>

#include "commands.hpp"

namespace poolfit::cli {

std::variant<std::optional<Date>, Failure> today_of(Context& context);

/// Says of a catalog file that its newest row is of a day after that of the run: it would count as the newest one.
void warn_of_future(Context& context, const SourceText& source, std::string_view newest);

}  // namespace poolfit::cli
