// How much more than before a change may take.
#pragma once

#include <cstdint>
#include <string>

namespace poolfit::diff {

/// How much more is allowed, as judge() sums it.
struct Allowance {
    enum class Of : std::uint8_t {
        dollars,      ///< a month, today's class: `most` in micro-USD
        percent,      ///< of the cost of `base`: `most` in millionths of it
        connections,  ///< at the most instances, or in deploys
    } of = Of::dollars;
    std::int64_t most = 0;
    std::string text;  ///< as given: "$100"
};

}  // namespace poolfit::diff
