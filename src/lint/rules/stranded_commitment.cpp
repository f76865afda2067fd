// PF116: the plan leaves reserved instances or a savings plan unused that are used today.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>
#include <poolfit/unit/print.hpp>

#include "../commitments.hpp"
#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::stranded_commitment{
    "PF116",
    "stranded-commitment",
    Severity::warning,
    "0.1.0",
    "The plan leaves reserved instances or a savings plan unused that are used today.",
    "Reserved DB instances can be neither exchanged nor sold, and a savings plan is paid by the hour whether it is "
    "used or not. So a move to another family of classes, or to one that a savings plan does not cover, saves only "
    "what it saves beyond them. The plan recommends such a move only where it still saves, or where the class of today "
    "cannot stay.",
    "Use what is left for another database of the same engine, family and region, or make the change at the end of the "
    "term.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const auto& committed = input.plan.committed;
    if (!committed) return findings;
    for (Index c = 0; c < committed->uses.size(); ++c) {
        const CommitmentUse& use = committed->uses[c];
        const double less = use.used_now - use.used_after;
        if (use.ended || less < least_share || use.unknown_now || use.unknown_after) continue;
        Finding finding = found(table::stranded_commitment, databases_of(input, c), commitment_target(input.fleet, c),
                                input.fleet.commitments[c].kind_place,
                                fmt::format("the plan leaves {} unused until {}", part_text(input.fleet, c, use, less),
                                            unit::print(*input.fleet.commitments[c].ends)));
        if (use.unused_until_end)
            finding.label = fmt::format("{} unused until then", unit::print(*use.unused_until_end));
        finding.fix = "use it for another database, or make the change when the term ends";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
