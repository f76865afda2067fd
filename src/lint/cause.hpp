// One finding for one cause. The rules say all that holds; what follows from another finding goes here. Hiding a
// finding hides its cause: what is nothing but that cause once more does not come up instead, and all else does.
#pragma once

#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Is the rule about a database's connections, so that one finding for a cause may be its?
bool is_about_connections(const Rule& rule);

/// Drops what another of the findings tells: of a database's connections all but the most severe (of equals, the first
/// in order of Trouble); of one system's failovers all but the worst; of a pool's size what is told already. What is
/// suppressed, or turned off or left out (`hidden`), is not told, and drops only what follows from it.
void one_for_each_cause(std::vector<Finding>& findings, const std::vector<Finding>& hidden, const LintInput& input);

}  // namespace poolfit::lint
