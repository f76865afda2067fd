// PF101: a cheaper class would do.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::class_over_provisioned{
    "PF101",
    "class-over-provisioned",
    Severity::warning,
    "0.1.0",
    "A cheaper class passes every limit of the policy.",
    "The class is larger than the load needs: connections with the planned pools, CPU by its peak and its mean, "
    "memory, credits, disk and network, as far as the inventory has them, all fit the cheaper one. Reported only where "
    "the saving reaches min_savings_per_month and min_savings. A resize restarts the instance; poolfit plan shows "
    "for how long.",
    "Change the class in a maintenance window, after the pools. poolfit explain DATABASE shows each limit "
    "and the rejected classes.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Recommendation& r = input.plan.databases[i].recommendation;
        if (r.verdict != Verdict::resize || !r.saves) continue;
        // Beside commitments a class that is dearer by list price may be paid for already.
        const auto& committed = input.plan.committed;
        const bool by_list = r.saves->value.value > 0;
        const bool paid = !by_list && committed && committed->saves[i] && committed->saves[i]->value.value > 0;
        if (!by_list && !paid) continue;
        const Database& database = input.fleet.databases[i];
        const MicroUsdPerMonth saves = paid ? committed->saves[i]->value : r.saves->value;
        Finding finding = found(table::class_over_provisioned, {i}, *database.name, class_place(input.fleet, database),
                                fmt::format("{} handles the load and saves {}/mo{}", r.cls->name, unit::print(saves),
                                            paid ? " after commitments" : ""));
        finding.label = fmt::format("{}/mo → {}/mo{}", unit::print(input.plan.databases[i].now.cost->value),
                                    unit::print(r.cost->value), paid ? " by list price" : "");
        if (by_list && committed && committed->saves[i] && committed->saves[i]->value != r.saves->value)
            finding.notes.emplace_back(
                "paid", fmt::format("saves {}/mo after commitments", unit::print(committed->saves[i]->value)));
        std::string risk(plan::name(r.risk));
        finding.notes.emplace_back(
            "risk", r.risk_reasons.empty() ? Phrase(std::move(risk)) : Phrase(risk + ": ", Phrase::About::risk, i, ""));
        // The saving is at list where the mean is not given: what a peak that lasts would take of it stands beside.
        if (r.peak_per_year && r.peak_per_year->value.value > 0)
            finding.notes.emplace_back("credits", fmt::format("up to {}/yr less if CPU stayed at its peak",
                                                              unit::print(r.peak_per_year->value)));
        finding.fix = assign(class_place(input.fleet, database), "class", fmt::format("\"{}\"", r.cls->name)) +
                      measured_before(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
