// PF904: the baseline has a finding that is gone.
#include <vector>

#include "../rules.hpp"

namespace poolfit::lint {
namespace {

/// run() compares with the baseline once all others have looked.
std::vector<Finding> check(const LintInput&) { return {}; }

}  // namespace

const Rule table::stale_baseline{
    "PF904",
    "stale-baseline",
    Severity::warning,
    "0.1.0",
    "A finding of the baseline that is gone.",
    "Someone fixed it, or removed its database. If the same finding comes back, the baseline hides it.",
    "Write a new baseline: `poolfit baseline --output FILE`.",
    check,
};

}  // namespace poolfit::lint
