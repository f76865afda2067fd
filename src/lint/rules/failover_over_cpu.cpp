// PF038: the remaining server has too little CPU for both loads.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::failover_over_cpu{
    "PF038",
    "failover-over-cpu",
    Severity::warning,
    "0.1.0",
    "When one server is lost, the remaining server has too little CPU for both loads.",
    "Connections that fit are not enough: the queries that come with them need CPU. The loads of both servers are "
    "added up as work, so two servers at 40 % need nearly all of one whose cores run two threads each. At 100 %, "
    "queries queue, pools fill, and the failover takes down what still worked.",
    "Use a larger class for the remaining server, put less load on either, or let readers fail without a fallback. If "
    "you accept the risk, set survive_failover = false in [policy].",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    if (!*input.fleet.policy.survive_failover) return findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Survival* worst = nullptr;
        for (const Survival& loss : input.plan.databases[i].now.losses)
            if (loss.cpu && loss.cpu_standing == Standing::over &&
                (worst == nullptr || loss.cpu->value.high > worst->cpu->value.high))
                worst = &loss;
        if (worst == nullptr) continue;
        const Database& database = input.fleet.databases[i];
        const std::string& lost = *input.fleet.databases[worst->from].name;
        Finding finding =
            found(table::failover_over_cpu, {i, worst->from}, *database.name, database.observed.cpu_peak->place,
                  fmt::format("after the loss of {}, both peaks need {}{} of its CPU", lost,
                              worst->cpu_at_least ? "at least " : "", unit::print(worst->cpu->value)));
        finding.label = on_class("of " + count(database.type->vcpus, "vCPU", "vCPUs"), "on", database);
        // Another reader may be there for that.
        if (database.replica_of == worst->from && database.platform->cluster)
            for (const Index other : input.plan.topology.replicas[worst->from]) {
                const auto& losses = input.plan.databases[other].now.losses;
                const bool carries = std::ranges::any_of(losses, [&](const Survival& loss) {
                    return loss.from == worst->from && loss.cpu && loss.standing() == Standing::inside;
                });
                if (other != i && carries)
                    finding.notes.emplace_back("carried", fmt::format("{} carries it, if it is the one promoted",
                                                                      *input.fleet.databases[other].name));
            }
        const Recommendation& r = input.plan.databases[i].recommendation;
        const auto& then = input.plan.databases[i].chosen.losses;
        const bool cured = r.cls != database.type && std::none_of(then.begin(), then.end(), [](const Survival& loss) {
                               return loss.cpu_standing == Standing::over;
                           });
        finding.fix = cured ? class_fix(input, i)
                            : fmt::format("a larger {}, or survive_failover = false in [policy]",
                                          database.platform->has_classes ? "class" : "server");
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
