// Which of the classes that were not taken are worth a line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <poolfit/plan/plan.hpp>

namespace poolfit::render {

/// Cheaper than the class to be on, and ruled out by more than the policy: those that load rules out first, of
/// them those nearest in price.
std::vector<const Candidate*> ruled_out(const DatabasePlan& plan);
/// Cheaper than the class to be on, and only the policy is against them; the cheapest first.
std::vector<const Candidate*> against_policy(const DatabasePlan& plan);
/// Cheaper by price but not taken all the same, since credits bought on top make them dearer.
std::vector<const Candidate*> dearer_with_credits(const DatabasePlan& plan);

/// Its blocking reasons, " · " between them; for `against_policy` with what a month would cost less.
std::string reasons_text(const DatabasePlan& plan, const Candidate& candidate);

}  // namespace poolfit::render
