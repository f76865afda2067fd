// PF117: a commitment ends within six months, or has ended.
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

const Rule table::commitment_ends{
    "PF117",
    "commitment-ends",
    Severity::info,
    "0.1.0",
    "A commitment ends within six months, or has ended.",
    "From the day after its term, what reserved instances or a savings plan covered costs list price, and what did not "
    "pay because of it may pay then. A commitment that has ended covers nothing in the plan. Dates are judged on "
    "--today or SOURCE_DATE_EPOCH, else on the newest date of the catalog.",
    "Apply the plan as it is for the day after the term before you renew it: a renewal for the classes of today keeps "
    "them for another term.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const auto& committed = input.plan.committed;
    if (!committed) return findings;
    for (Index c = 0; c < committed->uses.size(); ++c) {
        const CommitmentUse& use = committed->uses[c];
        const Commitment& commitment = input.fleet.commitments[c];
        if (!use.ended && use.days_left > Life::half_year) continue;
        Finding finding = found(
            table::commitment_ends, databases_of(input, c), commitment_target(input.fleet, c), commitment.ends.place,
            use.ended
                ? fmt::format("ended on {}: it covers nothing", unit::print(*commitment.ends))
                : fmt::format("{} end{} on {}", part_text(input.fleet, c, use, 1),
                              commitment.kind == Commitment::Kind::reserved ? "" : "s", unit::print(*commitment.ends)));
        finding.label = fmt::format("on {}", unit::print(committed->today));
        if (use.ended) finding.severity = Severity::warning;
        finding.fix = use.ended ? "remove it, or set ends of its renewal"
                                : fmt::format("plan with --today {} before you renew it",
                                              unit::print(unit::date_of_epoch_seconds(
                                                  (unit::days_since_epoch(*commitment.ends) + 1LL) * 86'400)));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
