// What is wrong with one pool's size, as one cause: the first of these that holds. Each has its rule.
#pragma once

#include <cstdint>
#include <optional>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

enum class PoolTrouble : std::uint8_t {
    none,
    unlimited,
    blamed,        ///< a finding about its database's connections stands on it
    oversized,     ///< far over what its use asks for
    over_runtime,  ///< more than its runtime can keep busy
    per_process,   ///< a large share of the server, because each process has its own
    untuned,       ///< the driver's default, and nothing known of its use
};

PoolTrouble pool_trouble(const LintInput& input, Index pool);

/// How many connections one process can keep busy; nothing where that isn't known.
std::optional<Connections> runtime_limit(const LintInput& input, const Pool& pool);

}  // namespace poolfit::lint
