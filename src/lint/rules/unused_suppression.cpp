// PF901: nothing is there to be suppressed.
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::unused_suppression{
    "PF901",
    "unused-suppression",
    Severity::warning,
    "0.1.0",
    "A suppression that suppresses nothing.",
    "Either the finding it hid has been fixed, or its target is mistyped and it never hid anything. If it stays, it "
    "will also hide the next finding of that rule, which no one has reviewed. Suppressions of rules that are turned "
    "off are not reported.",
    "Remove it; or correct its rule, its target, or its line.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput&) {
    return {};  // known once all other rules have run: suppress.cpp asks found_unused()
}

}  // namespace

Finding found_unused(const Ignore& ignore) {
    std::string about = *ignore.rule;
    if (ignore.target) about += fmt::format(" for {}", **ignore.target);
    if (ignore.line) about += fmt::format(" on line {}", *ignore.line);
    Finding finding = found(table::unused_suppression, {}, *ignore.rule, ignore.place,
                            fmt::format("no finding {} to suppress", about));
    finding.fix = "remove it";
    return finding;
}

}  // namespace poolfit::lint
