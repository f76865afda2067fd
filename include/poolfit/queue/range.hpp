// The range check of numbers with which the functions of `queue`, and those built on them, begin.
#pragma once

#include <cmath>
#include <optional>
#include <string_view>

#include <poolfit/queue/answer.hpp>

namespace poolfit::queue {

using Checked = std::optional<BadInput>;

/// Nothing for least <= value <= most; else which of the two it breaks, or that it is not a number.
inline Checked check_range(std::string_view input, double value, double least, double most) {
    if (std::isnan(value)) return BadInput{input, Flaw::not_a_number, value, 0.0};
    if (value < least) return BadInput{input, Flaw::too_small, value, least};
    if (value > most) return BadInput{input, Flaw::too_large, value, most};
    return std::nullopt;
}

}  // namespace poolfit::queue
