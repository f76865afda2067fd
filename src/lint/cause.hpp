// One finding for one cause. The rules report everything that holds; findings that follow from another are removed
// here. Hiding a finding hides its cause: findings that only repeat that cause do not appear instead, all others do.
#pragma once

#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Is the rule about a database's connections, so that it may be the one finding for a cause?
bool is_about_connections(const Rule& rule);

/// Drops findings that repeat another one. Of a database's connections it keeps the most severe (of equals, the first
/// in order of Trouble), of one system's failovers the worst, of a pool's size the first. A finding that is suppressed,
/// turned off or left out (`hidden`) is not reported, and drops only what follows from it.
void one_for_each_cause(std::vector<Finding>& findings, const std::vector<Finding>& hidden, const LintInput& input);

}  // namespace poolfit::lint
