// PF118: reserved instances or a savings plan that today's databases do not use up.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

const Rule table::unused_commitment{
    "PF118",
    "unused-commitment",
    Severity::warning,
    "0.1.0",
    "Reserved instances or a savings plan that today's databases do not use up.",
    "They are paid for all the same. Units of reserved instances cover any size of their engine, family and region, "
    "with or without a standby: a Multi-AZ instance takes twice the units. A savings plan covers classes of generation "
    "7 and newer and Aurora Serverless v2, after reserved instances.",
    "Check the engine, family and region of the commitment and whether all databases are in the inventory; then move a "
    "database onto what is left, or do not renew it.",
    check,
};

namespace {

/// "db.m7g.xlarge (g)": of those that have a price, or of those that have none.
std::string asked(const LintInput& input, const CommitmentUse& use, bool unpriced) {
    std::map<std::string_view, std::vector<std::string>> databases;
    std::vector<std::string_view> classes;
    for (const CommitmentUse::Ask& ask : use.asks) {
        if (ask.price != unpriced) continue;
        std::vector<std::string>& its = databases[ask.cls];
        if (its.empty()) classes.push_back(ask.cls);
        its.push_back(*input.fleet.databases[ask.database].name);
    }
    std::string text;
    for (const std::string_view cls : classes)
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", cls, list(databases[cls]));
    return text;
}

/// What it covers depends on rates that are asked for.
Finding rate_not_set(const LintInput& input, Index c, const CommitmentUse& use) {
    std::vector<Index> databases;
    for (const CommitmentUse::Ask& ask : use.asks) databases.push_back(ask.database);
    Finding finding = found(
        table::unused_commitment, databases, commitment_target(input.fleet, c), input.fleet.commitments[c].kind_place,
        fmt::format("how much of it is used is not known: no rate for {}", asked(input, use, false)));
    finding.severity = Severity::info;
    finding.fix = "set [[commitment.rate]] of the class, or import its rates into the catalog";
    return finding;
}

/// All of it is used; what another class would cost under it is not known.
Finding held_back(const LintInput& input, Index c, const CommitmentUse& use) {
    Finding finding = rate_not_set(input, c, use);
    finding.message =
        fmt::format("whether another class costs less is not known: no rate for {}", asked(input, use, false));
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const auto& committed = input.plan.committed;
    if (!committed) return findings;
    for (Index c = 0; c < committed->uses.size(); ++c) {
        const CommitmentUse& use = committed->uses[c];
        if (use.ended) continue;
        if (use.unknown_now) {
            findings.push_back(rate_not_set(input, c, use));
            continue;
        }
        if (1 - use.used_now < least_share) {
            if (!use.asks.empty()) findings.push_back(held_back(input, c, use));
            continue;
        }
        const std::string part = part_text(input.fleet, c, use, 1 - use.used_now);
        Finding finding =
            found(table::unused_commitment, databases_of(input, c), commitment_target(input.fleet, c),
                  input.fleet.commitments[c].kind_place,
                  use.at_least() ? fmt::format("up to {} is unused", part) : fmt::format("no database uses {}", part));
        if (use.unused_now)
            finding.label = fmt::format("{}{}/mo unused", use.at_least() ? "up to " : "", unit::print(*use.unused_now));
        if (use.at_least())
            finding.notes.emplace_back(
                "used", fmt::format("{} to {}, depending on what serverless capacity takes",
                                    unit::print(Fraction(use.used_now)), unit::print(Fraction(use.used_now_most))));
        const std::string rates = asked(input, use, false), prices = asked(input, use, true);
        if (!rates.empty())
            finding.notes.emplace_back("rates",
                                       fmt::format("not set for {}: [[commitment.rate]] says whether it pays", rates));
        if (!prices.empty())
            finding.notes.emplace_back(
                "prices",
                fmt::format("not known of {}, which it covers: list price and rate say whether it pays", prices));
        // The plan may move a database onto it.
        if (!use.unknown_after && use.used_after > use.used_now) {
            const double left = 1 - use.used_after;
            finding.message += left < least_share
                                   ? ", and the plan does"
                                   : fmt::format(", after the plan {}", part_text(input.fleet, c, use, left));
            finding.fix = left < least_share ? "apply the plan" : "apply the plan, and renew only what it uses";
            findings.push_back(std::move(finding));
            continue;
        }
        if (input.fleet.commitments[c].kind == Commitment::Kind::reserved)
            finding.fix = "check its engine, family and region, or do not renew it";
        else if (!prices.empty())
            finding.fix =
                "import prices and rates (poolfit catalog import aws-prices), or commit to less at its renewal";
        else if (!rates.empty())
            finding.fix = "set the rates, or commit to less at its renewal";
        else
            finding.fix = "check its rates, or commit to less at its renewal";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
