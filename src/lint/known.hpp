// Findings that a baseline has.
#pragma once

#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// Marks those that the baseline has. `looking`: the rules that looked at the whole fleet; those of its entries that
/// are gone are findings of PF904, at their place in it.
std::vector<Finding> compare(const LintInput& input, const std::vector<const Rule*>& looking,
                             std::vector<Finding>& findings);

}  // namespace poolfit::lint
