// The smallest size that passes, for any test that small sizes fail and all larger ones pass.
#pragma once

#include <cstdint>
#include <optional>

#include <poolfit/unit/quantity.hpp>

namespace poolfit::queue {

/// The smallest n in [first, last] with meets(Connections(n)); nothing when `last` itself does not. Doubles its
/// step, then halves the gap: about 2 log2(answer - first) calls, none of them far above the answer.
template <class Meets>
std::optional<Connections> smallest_size(Connections first, Connections last, Meets meets) {
    std::int64_t low = first.value - 1;  // fails, or is out of range
    std::int64_t high = first.value;
    if (first > last) return std::nullopt;
    for (std::int64_t step = 1; !meets(Connections(high)); step *= 2) {
        if (high == last.value) return std::nullopt;
        low = high;
        high = last.value - high < step ? last.value : high + step;
    }
    while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (meets(Connections(middle)) ? high : low) = middle;
    }
    return Connections(high);
}

}  // namespace poolfit::queue
