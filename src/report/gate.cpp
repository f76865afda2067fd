#include <poolfit/report/gate.hpp>

#include <algorithm>
#include <utility>

#include <poolfit/lint/fingerprint.hpp>
#include <poolfit/model/sizes.hpp>

namespace poolfit::report {

Gate gate(const Fleet& fleet, const Plan& plan, std::vector<Finding> findings, std::optional<Severity> fail_on,
          const std::vector<Index>& databases) {
    Gate gate;
    gate.fleet = &fleet;
    gate.plan = &plan;
    gate.fingerprints = lint::fingerprints(fleet, findings);
    gate.findings = std::move(findings);
    gate.count = lint::count(gate.findings);
    gate.fail_on = fail_on;
    gate.failed = std::any_of(gate.findings.begin(), gate.findings.end(), [&](const Finding& finding) {
        return fail_on && !finding.suppressed && !finding.known && finding.severity >= *fail_on;
    });
    std::vector<bool> looked_at(fleet.databases.size(), databases.empty());
    for (const Index database : databases) looked_at[database] = true;
    gate.databases = databases.empty() ? fleet.databases.size() : databases.size();
    gate.services = static_cast<std::size_t>(
        std::count_if(fleet.services.begin(), fleet.services.end(), [&](const Service& service) {
            return databases.empty() || std::any_of(service.pools.begin(), service.pools.end(), [&](Index pool) {
                       return looked_at[model::database_of(fleet, fleet.pools[pool])];
                   });
        }));
    return gate;
}

std::vector<const Rule*> silent(const std::vector<const Rule*>& looked) {
    std::vector<const Rule*> others;
    for (const Rule* rule : lint::rules())
        if (std::find(looked.begin(), looked.end(), rule) == looked.end()) others.push_back(rule);
    return others;
}

}  // namespace poolfit::report
