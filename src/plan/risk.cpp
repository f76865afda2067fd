#include <algorithm>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "recommend.hpp"

namespace poolfit::plan {

namespace {

constexpr double tight = 0.85;  // of a limit: little room for what was not seen
constexpr double very_tight = 0.95;
constexpr double window_days = 14;  // AWS Compute Optimizer's default look-back

class Reasons {
public:
    explicit Reasons(Recommendation& recommendation) : r_(recommendation) {}
    void add(Risk level, std::string text) {
        r_.risk = std::max(r_.risk, level);
        r_.risk_reasons.push_back(std::move(text));
    }

private:
    Recommendation& r_;
};

void tightness(const Projection& projection, const Recommendation& r, Reasons& reasons) {
    if (!r.binding) return;
    const Check& check = *projection.find(*r.binding);
    if (check.share <= tight) return;
    reasons.add(check.share > very_tight ? Risk::high : Risk::medium,
                fmt::format("{}: {} of its limit", check.text, unit::print(Fraction(check.share))));
}

void window(const Observed& observed, Reasons& reasons) {
    if (!observed.window) {
        reasons.add(Risk::medium, "observed.window is not given: how long the peaks were watched is not known");
    } else if ((*observed.window)->value < window_days) {
        reasons.add(Risk::medium, fmt::format("watched for {} only; {} see weekly and monthly peaks better",
                                              unit::print(**observed.window), unit::print(Days(window_days))));
    }
}

void change_of_class(const Fleet& fleet, const Database& database, const DatabasePlan& plan, const Candidate& chosen,
                     Reasons& reasons) {
    const InstanceClass &today = *database.type, &cls = *chosen.cls;
    for (const Reason& reason : chosen.reasons) reasons.add(Risk::medium, reason.text);
    if (cls.arch != today.arch)
        reasons.add(Risk::medium, "another processor architecture: test extensions and drivers first");
    const Observed& observed = database.observed;
    if (cls.memory < today.memory && !observed.ebs_throughput && !observed.iops && chosen.projection->freeable &&
        plan.now.freeable)
        reasons.add(
            Risk::medium,
            fmt::format("page cache shrinks from {} to {}: more reads may go to disk, whose use is not given",
                        unit::print(plan.now.freeable->value), unit::print(chosen.projection->freeable->value)));
    // Until the pools are changed, the new class has to carry today's.
    const auto& deploy = plan.budget.demand.deploy_peak;
    const Connections usable = chosen.projection->limits.usable.value;
    if (deploy && deploy->value > usable)
        reasons.add(Risk::medium, fmt::format("change the pools first: today's may open {}, {} are usable there",
                                              unit::print(deploy->value), unit::print(usable)));
    if (!fleet.databases.empty() && plan.budget.limits.set_by_hand)
        reasons.add(Risk::medium, "max_connections is not what the formula gives: check the parameter group first");
}

}  // namespace

void assess_risk(const Fleet& fleet, Index index, DatabasePlan& plan) {
    const Database& database = fleet.databases[index];
    Recommendation& r = plan.recommendation;
    Reasons reasons(r);
    const Candidate& chosen = plan.candidates[r.candidate];
    tightness(*chosen.projection, r, reasons);
    switch (r.verdict) {
        case Verdict::resize:
        case Verdict::upsize:
            window(database.observed, reasons);
            change_of_class(fleet, database, plan, chosen, reasons);
            break;
        case Verdict::repool:
            window(database.observed, reasons);
            break;
        case Verdict::unknown:
            reasons.add(Risk::medium, r.summary);
            break;
        case Verdict::keep:
            break;
    }
}

std::string_view name(Risk risk) {
    switch (risk) {
        case Risk::low:
            return "low";
        case Risk::medium:
            return "medium";
        case Risk::high:
            return "high";
    }
    return {};
}

}  // namespace poolfit::plan
