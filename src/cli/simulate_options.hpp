// What the flags of `simulate` say.
#pragma once

#include <cstdint>
#include <optional>

namespace poolfit::cli {

struct SimulateOptions {
    std::optional<double> scale;
    std::uint64_t seed = 1;
    std::optional<double> seconds;
    double precision = 0.01;
    std::optional<int> threads;  ///< nothing: one a processor
};

}  // namespace poolfit::cli
