// What tells a finding from all others, in this run and the next.
#pragma once

#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// 16 hexadecimal digits for each finding: of its rule, its databases and its target, not of lines, files or values, so
/// that it stays the same while the inventory around it changes. Of two that would be alike the second has another.
std::vector<std::string> fingerprints(const Fleet& fleet, const std::vector<Finding>& findings);

}  // namespace poolfit::lint
