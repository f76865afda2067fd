// PF902: a suppression has expired.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::expired_suppression{
    "PF902",
    "expired-suppression",
    Severity::warning,
    "0.1.0",
    "A suppression whose date has passed; the finding is back.",
    "A date on a suppression is a promise to look again, and this is the reminder. The last day given still counts. "
    "The rule needs --today or SOURCE_DATE_EPOCH, so the same inventory gives the same answer whenever it is checked.",
    "Fix what it hides, or review it and set a later date with a reason.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    if (!input.today) return findings;
    for (const Ignore& ignore : input.fleet.ignores) {
        if (!ignore.until || **ignore.until >= *input.today) continue;
        Finding finding = found(table::expired_suppression, {}, *ignore.rule, ignore.until->place,
                                fmt::format("the suppression of {}{} ended on {}", *ignore.rule,
                                            ignore.target ? fmt::format(" for {}", **ignore.target) : std::string(),
                                            unit::print(**ignore.until)));
        if (ignore.owner) finding.label = fmt::format("ask {}", **ignore.owner);
        if (ignore.reason) finding.notes.emplace_back("reason", **ignore.reason);
        finding.fix = "fix what it hides, or set a later date and a reason";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
