// PF008: little memory is left.
#include <string>
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
    "When memory runs out, the engine is killed and restarted, and every connection is lost. Raising max_connections "
    "is the usual cause: each connection is a process with private memory of its own, 1.3 to 3.9 MiB before any "
    "query sorts or hashes. The limits are memory_max (85 % by default) and freeable_memory_min in [policy].",
    "Use fewer connections, a lower work_mem, or a class with more memory.",
    check,
};

namespace {

std::string used(const Policy& policy, const Projection& now) {
    const double share = policy.memory_max->value * static_cast<double>(now.cls->memory.value);
    return fmt::format("memory {} used (limit {}, {} of {})", unit::print(now.memory_used->value),
                       unit::print(Bytes(static_cast<std::int64_t>(share))), unit::print(*policy.memory_max),
                       unit::print(now.cls->memory));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Projection& now = input.plan.databases[i].now;
        const Policy& policy = input.fleet.policy;
        const auto over = [&](Dimension dimension) {
            const Check* check = now.find(dimension);
            return check && check->standing == Standing::over;
        };
        std::string message;
        if (over(Dimension::memory))
            message = used(policy, now);
        else if (over(Dimension::freeable_memory))
            message = fmt::format("memory {} free, below the minimum of {}", unit::print(now.freeable->value),
                                  unit::print(*policy.freeable_memory_min));
        else
            continue;
        const Database& database = input.fleet.databases[i];
        const auto& freeable = database.observed.freeable_memory;
        Finding finding = found(table::memory_over_policy, {i}, *database.name,
                                freeable ? freeable->place : class_place(input.fleet, database), std::move(message));
        finding.label = on_class("of " + unit::print(now.cls->memory), "on", database);
        finding.fix = class_fix(input, i);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
