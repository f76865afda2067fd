// PF401: the inventory declares another value than the deployed files have.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../drift.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::declared_differs{
    "PF401",
    "declared-differs",
    Severity::error,
    "0.1.0",
    "The inventory declares another value than the deployed files have.",
    "The plan is only as true as the inventory. Where that says 2 instances and 21 run, every limit is judged "
    "with a tenth of the connections, and the gate passes what will fail. Only `check --against KIND FILE…` "
    "compares the two: instances, processes, deploys, pool sizes, classes, max_connections and what else the "
    "files say. A key that the inventory leaves out counts as its default. A value that came from one of the files, "
    "which no longer says it, differs too.",
    "Write what the files say; or let `poolfit import … --into` do it, which changes values that came from a "
    "file and were not changed since. Where the files are wrong, correct them.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    return found_drifts(table::declared_differs, input, Drift::Kind::value, [](const Drift& drift) {
        if (drift.deployed.empty() && drift.assumed.empty())
            return fmt::format("{} is {} here, and the files no longer set it", drift.key, drift.declared);
        if (drift.deployed.empty())
            return fmt::format("{} is {} here, and the files no longer set it: then it is {}", drift.key,
                               drift.declared, drift.assumed);
        if (!drift.declared.empty())
            return fmt::format("{} is {} here, {} deployed", drift.key, drift.declared, drift.deployed);
        return fmt::format("{} is not stated here, so {}, and {} deployed", drift.key, drift.assumed, drift.deployed);
    });
}

}  // namespace
}  // namespace poolfit::lint
