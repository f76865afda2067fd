// What the rules about commitments share.
#pragma once

#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

inline constexpr double least_share = 0.005;  ///< of a commitment; less is rounding

/// Its name; without one the family of its classes, or "savings-plan".
std::string commitment_target(const Fleet& fleet, Index commitment);
/// "8 of 16 units of m5", "$36.50 of $182.50/mo".
std::string part_text(const Fleet& fleet, Index commitment, const CommitmentUse& use, double share);
/// Those that it could cover on some class.
std::vector<Index> databases_of(const LintInput& input, Index commitment);

}  // namespace poolfit::lint
