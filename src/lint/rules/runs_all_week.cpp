// PF107: a database outside production that never stops.
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::runs_all_week{
    "PF107",
    "runs-all-week",
    Severity::info,
    "0.1.0",
    "A database outside production could stop at night and at weekends.",
    "A stopped database is not charged for its instance, only for storage and backups: on RDS, Aurora, Cloud SQL and "
    "Azure. RDS, Aurora and Azure start it again after seven days, which a weekly schedule never reaches; on Cloud SQL "
    "the activation policy NEVER stops it until it is set to ALWAYS. Neon suspends a compute by itself. RDS stops "
    "neither a replica nor an instance that has one, and no provider stops a replica; an Aurora cluster stops as a "
    "whole, and the schedule is of its primary. How long it has to run is the policy's non_production_hours, 60 a week "
    "unless it says otherwise: twelve hours on weekdays. A reserved instance is charged all the same, so nothing is "
    "reported with --price ri1 or ri3.",
    "Stop and start it by a scheduler. Where it has to run, set non_production_hours = 168, or suppress the finding "
    "with "
    "the reason.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const auto& stop = input.plan.databases[i].recommendation.stop;
        if (!stop) continue;
        const Database& database = input.fleet.databases[i];
        Finding finding =
            found(table::runs_all_week, {i}, *database.name, database.environment_place,
                  fmt::format("{}, and {} runs all week: stopping it for {} of 168 hours saves {}{}/mo",
                              model::name(database.environment), database.platform->cluster ? "its cluster" : "it",
                              unit::print_number(168 - stop->hours), stop->at_least ? "at least " : "",
                              unit::print(stop->saves.value)));
        const InstanceClass* then = input.plan.databases[i].recommendation.cls;
        if (then != nullptr && then != database.type && !database.platform->cluster)
            finding.notes.emplace_back("class",
                                       fmt::format("{} of the plan; today's is {}", then->name, database.type->name));
        finding.fix = fmt::format("stop it outside {} hours a week", unit::print_number(stop->hours));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
