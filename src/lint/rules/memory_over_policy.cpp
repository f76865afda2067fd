// PF008: little memory is left.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::memory_over_policy{
    "PF008",
    "memory-over-policy",
    Severity::warning,
    "0.1.0",
    "The database uses more of its memory than the policy allows.",
    "Memory that is nearly used up ends with the engine being killed and restarted, and every connection "
    "lost. Raising max_connections is the usual way there: each connection is a process with private memory "
    "of its own, 1.3 to 3.9 MiB before any query sorts or hashes. Judged are memory_max (85 % unless given) "
    "and freeable_memory_min of the policy.",
    "Fewer connections, a lower work_mem, or a class with more memory.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const Check* over = now.find(Dimension::memory);
        if (!over || over->standing != Standing::over) over = now.find(Dimension::freeable_memory);
        if (!over || over->standing != Standing::over) continue;
        const Database& database = input.fleet.databases[i];
        const auto& freeable = database.observed.freeable_memory;
        Finding finding = found(table::memory_over_policy, {i}, *database.name,
                                freeable ? freeable->place : class_place(input.fleet, database), over->text);
        finding.label = fmt::format("of {} on {}", unit::print(now.cls->memory), now.cls->name);
        finding.fix = class_fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
