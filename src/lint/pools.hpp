// What can be wrong with one pool's size. Each has its rule; cause.hpp decides which one is reported if several hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

enum class PoolTrouble : std::uint8_t {
    saturated,      ///< its peak use is all that it has
    oversized,      ///< far more than its use needs
    over_runtime,   ///< more than its runtime can keep busy
    under_threads,  ///< fewer than the threads that keep a connection each
    per_process,    ///< a large share of the server, because each process has its own, and its use is not known
    untuned,        ///< the driver's default, and nothing known of its use
};

bool holds(const LintInput& input, Index pool, PoolTrouble trouble);
/// Does any of them hold?
bool troubled(const LintInput& input, Index pool);

/// How many connections one process can keep busy; nothing where that isn't known.
std::optional<Connections> runtime_limit(const LintInput& input, const Pool& pool);

/// "5 threads × (1 + 1 nested)": what model::holding's ceiling is computed from.
std::string runtime_text(const Fleet& fleet, const Pool& pool);

/// Does its size follow the vCPUs of its host, or of its database?
bool knows_vcpus(const Size& size);
bool knows_vcpus(const Pool& pool);

/// What to write as max for the size that the plan gives the pool; a formula where today's size follows the host's
/// vCPUs or `formula` asks for one, so that the next rule has nothing to say of it.
std::string size_to_write(const LintInput& input, Index pool, bool formula);

/// "max = 5  →  10 connections instead of 20": the size that the plan gives the pool, and what its processes then open.
std::string fix_of_size(const LintInput& input, Index pool);

}  // namespace poolfit::lint
