// PF402: the deployed files have a service, a pool, a pooler or a database that the inventory lacks.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "../drift.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::not_declared{
    "PF402",
    "not-declared",
    Severity::error,
    "0.1.0",
    "The deployed files have a service, a pool, a pooler or a database that the inventory lacks.",
    "Nobody counts its connections. A service that was added since the inventory was written takes its share of "
    "max_connections in production, and the plan gives that share to others.",
    "Let `poolfit import … --into` add it, or write the record; leave its file out where it does not belong to "
    "this inventory.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    return found_drifts(table::not_declared, input, Drift::Kind::undeclared, [](const Drift& drift) {
        return fmt::format("the {} is deployed and not in the inventory",
                           drift.record == "alias" ? "database of the pooler" : drift.record);
    });
}

}  // namespace
}  // namespace poolfit::lint
