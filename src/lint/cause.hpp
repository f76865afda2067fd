// One finding for one cause. The rules say all that holds; of what is neither turned off, left out nor suppressed, what
// follows from another finding goes here, so that hiding one finding never hides another.
#pragma once

#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Drops what another of the findings tells: of a database's connections all but the most severe (of equals, the first
/// in order of Trouble); of one system's failovers all but the worst; of a pool's size what is told already. Suppressed
/// findings neither drop nor are dropped.
void one_for_each_cause(std::vector<Finding>& findings, const LintInput& input);

}  // namespace poolfit::lint
