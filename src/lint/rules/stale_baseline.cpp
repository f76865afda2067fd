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
    "It was mended, or its database was removed. As long as the baseline has it, the same finding would come back "
    "unseen.",
    "Write the baseline anew: `poolfit baseline --output FILE`.",
    check,
};

}  // namespace poolfit::lint
