// The date that a run judges dates by: --today, else SOURCE_DATE_EPOCH, else none. No clock is read.
#pragma once

#include <optional>
#include <variant>

#include <poolfit/unit/date.hpp>

#include "commands.hpp"

namespace poolfit::cli {

std::variant<std::optional<Date>, Failure> today_of(Context& context);

}  // namespace poolfit::cli
