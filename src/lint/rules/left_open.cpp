// PF404: the deployed files have a value that the inventory leaves open.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../drift.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::left_open{
    "PF404",
    "left-open",
    Severity::info,
    "0.1.0",
    "The deployed files have a value that the inventory leaves open.",
    "Without it poolfit works with a range, such as the max_connections that a class usually gives, or cannot "
    "judge at all. The files know it exactly.",
    "Write the value; or let `poolfit import … --into` do it.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    return found_drifts(table::left_open, input, Drift::Kind::unstated, [](const Drift& drift) {
        return fmt::format("{} is not stated here, {} deployed", drift.key, drift.deployed);
    });
}

}  // namespace
}  // namespace poolfit::lint
