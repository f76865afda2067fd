// PF020: too little CPU is left at the peak.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::cpu_over_policy{
    "PF020",
    "cpu-over-policy",
    Severity::warning,
    "0.1.0",
    "The database's CPU peaks above what the policy allows.",
    "Near full load, waiting times grow without bound: a query that takes 10 ms of CPU takes 20 ms at half "
    "load and 100 ms at nine tenths. Pools then fill because every connection is held longer, which looks "
    "like a need for larger pools and is the opposite. The limit is cpu_peak_max, 60 % unless given; it "
    "judges cpu_p95 where that is given, else cpu_peak. On a class "
    "with two threads a core that is about 82 % of what it can do, and nearly all for long queries.",
    "Use a class with more vCPUs, allow fewer queries at once (smaller pools then make the server faster), or "
    "start with the slowest queries.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const Check* peak = now.cpu_check();
        if (!peak || peak->standing != Standing::over) continue;
        const Database& database = input.fleet.databases[i];
        Finding finding = found(
            table::cpu_over_policy, {i}, *database.name, database.observed.cpu_judged()->place,
            fmt::format("{} CPU {}{} (limit {})", now.cpu_p95 ? "p95" : "peak", now.cpu_saturated ? "at least " : "",
                        unit::print(now.cpu_judged()->value), unit::print(*input.fleet.policy.cpu_peak_max)));
        finding.label = on_class("of " + count(now.cls->vcpus, "vCPU", "vCPUs"), "on", database);
        finding.fix = class_fix(input, i);
        if (!now.cpu_p95) finding.fix += "; or, if the maximum was short, give cpu_p95 in [database.observed]";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
