// What the flags of `simulate` say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace poolfit::cli {

struct SimulateOptions {
    std::optional<double> scale;
    std::uint64_t seed = 1;
    std::optional<double> seconds;
    double precision = 0.01;
    std::vector<std::string> deploys;     ///< names of services
    std::optional<std::string> failover;  ///< name of a database
    std::optional<int> threads;           ///< nothing: one a processor
};

}  // namespace poolfit::cli
