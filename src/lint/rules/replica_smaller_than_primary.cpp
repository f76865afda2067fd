// PF030: a standby needs the slots of its primary.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/assess/projection.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::replica_smaller_than_primary{
    "PF030",
    "replica-smaller-than-primary",
    Severity::error,
    "0.1.0",
    "A replica has a lower max_connections than its primary, so PostgreSQL does not start it.",
    "A standby replays its primary's work and has to allow as many connections. With a lower max_connections "
    "it stops with \"hot standby is not possible\", or pauses until it is raised. On RDS the default follows the "
    "memory of the class, so a smaller class for the replica is enough to cause this; a change on the primary shows "
    "up at the next restart.\n\nReported only if certain: the highest possible value of the replica is below the "
    "lowest of its primary. Of a replica that was seen to run, with connections or a replica_lag, it is an info where "
    "one of the two values is the formula's: the server then has another.",
    "Use the primary's class for the replica, or set max_connections in a separate parameter group. When "
    "raising it, change the replica first; when lowering it, the primary.",
    check,
};

namespace {

const InstanceClass* smaller_primary(const LintInput& input, Index replica) {
    return input.plan.databases[*input.fleet.databases[replica].replica_of].recommendation.cls;
}

/// Does the plan give the primary another class, beside which the replica starts as it is?
bool starts_after(const LintInput& input, Index replica) {
    const Index primary = *input.fleet.databases[replica].replica_of;
    const DatabasePlan &own = input.plan.databases[replica], &theirs = input.plan.databases[primary];
    const InstanceClass* cls = smaller_primary(input, replica);
    if (cls == nullptr || cls == input.fleet.databases[primary].type || theirs.recommendation.max_connections)
        return false;
    return assess::standby(assess::max_connections(input.fleet.databases[replica], own.chosen.limits),
                           assess::max_connections(input.fleet.databases[primary], theirs.chosen.limits)) !=
           assess::Standby::will_not;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const auto limits = plan::not_starting(input.fleet, input.plan, i);
        if (!limits) continue;
        const Database& replica = input.fleet.databases[i];
        const Database& primary = input.fleet.databases[*replica.replica_of];
        const DatabasePlan& plan = input.plan.databases[i];
        const Interval<Connections> own = limits->own, needed = limits->primary;
        const Limits& of_primary = input.plan.databases[*replica.replica_of].budget.limits;
        const Place where =
            replica.max_connections ? replica.max_connections->place : class_place(input.fleet, replica);
        Finding finding = found(
            table::replica_smaller_than_primary, {i, *replica.replica_of}, *replica.name, where,
            fmt::format("max_connections {} is below the {} of {}{}", unit::print(own), unit::print(needed),
                        *primary.name,
                        limits->runs ? ", but it runs: one of the two is another number" : ": it will not start"));
        if (limits->runs) {
            finding.severity = Severity::info;
            finding.fix = "run SHOW max_connections on both, and set max_connections of both to the results";
            findings.push_back(std::move(finding));
            continue;
        }
        // Where the plan moves it, it moves it to a class that starts.
        const bool moves = plan.recommendation.cls != nullptr && plan.recommendation.cls != replica.type;
        const InstanceClass& cls = moves ? *plan.recommendation.cls : *primary.type;
        const bool over_formula = of_primary.max_nominal && needed.low > of_primary.max_nominal->value;
        finding.notes.emplace_back(
            "primary", fmt::format("{} of {}{}", unit::print(needed), primary.type->name,
                                   over_formula ? fmt::format(", whose formula gives {} at most: set by hand, or from "
                                                              "before a change of class",
                                                              unit::print(of_primary.max_nominal->value))
                                                : std::string()));
        finding.fix = replica.max_connections ? assign(where, "max_connections", std::to_string(needed.high.value)) +
                                                    " or more, set on the server"
                                              : assign(where, "class", fmt::format("\"{}\"", cls.name));
        if (!moves && starts_after(input, i))
            finding.fix = fmt::format("{} for {}, as the plan has it: {} starts then",
                                      assign(class_place(input.fleet, primary), "class",
                                             fmt::format("\"{}\"", smaller_primary(input, i)->name)),
                                      *primary.name, *replica.name);
        if (plan.recommendation.idle) finding.fix = "delete it (PF105); else " + finding.fix;
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
