// PF903: a suppression without a reason.
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::unexplained_suppression{
    "PF903",
    "unexplained-suppression",
    Severity::warning,
    "0.1.0",
    "A suppression without a reason.",
    "In a year its author may be gone. Without a reason no one can tell whether it still applies, so it "
    "stays forever.",
    "Add reason=\"…\", and owner and until if known.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const Ignore& ignore : input.fleet.ignores) {
        if (ignore.reason) continue;
        Finding finding = found(table::unexplained_suppression, {}, *ignore.rule, ignore.place,
                                fmt::format("the suppression of {} has no reason", *ignore.rule));
        finding.fix = ignore.line ? "reason=\"…\" in the comment" : assign(ignore.place, "reason", "\"…\"");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
