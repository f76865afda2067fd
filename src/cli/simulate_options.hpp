// The values of the flags of `simulate`.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace poolfit::cli {

struct SimulateOptions {
    std::optional<double> seconds;
    std::vector<std::string> deploys;     ///< names of services
    std::optional<std::string> failover;  ///< name of a database
    std::optional<int> threads;           ///< nothing: one per processor
};

}  // namespace poolfit::cli
