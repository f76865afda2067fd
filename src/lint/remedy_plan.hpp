// The parts of the plan that end what a finding is about, in the words of a fix; "" where they do not.
#pragma once

#include <string>

#include "connections.hpp"

namespace poolfit::lint {

/// The raised limit, with the sizes and the class of the plan where it has them, if that ends what it is about.
std::string by_raised_limit(const LintInput& input, Index database, const Goal& goal);
/// What ends an outage: the plan's pools, a limit that is raised, a strategy, fewer instances.
std::string by_way(const LintInput& input, Index database);
/// "; or at most 1 instance of api  →  36 of 97 (37 %)": those after the plan's sizes, where these come first.
std::string other_ways(const LintInput& input, Index database);
/// The strategy that the plan takes, where it ends what the finding is about: its sizes are the plan's.
std::string by_strategy(const LintInput& input, Index database, const Goal& goal);
/// A smaller max_surge, where that is all that a deploy on today's class takes; else empty.
std::string by_surge(const LintInput& input, Index database);
/// Another class, or a note that none helps: never empty.
std::string by_class(const LintInput& input, Index database, const Goal& goal);

}  // namespace poolfit::lint
