// PF106: a standby outside production.
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/assess/offers.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

/// "Multi-AZ standby"; what the provider calls it where that is another name.
std::string standby(const Platform& platform) {
    return fmt::format("{} standby", platform::deployment(platform, true).name);
}

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::multi_az_outside_production{
    "PF106",
    "multi-az-outside-production",
    Severity::warning,
    "0.1.0",
    "A database whose environment is not production has a Multi-AZ standby.",
    "A standby doubles what the instance and its storage cost, and saves minutes when an availability zone fails. "
    "Outside production that is rarely worth it. The saving is on the class that the plan recommends, so that both can "
    "be done.",
    "Set multi_az = false, which takes no downtime; or say what needs the standby, such as failover tests, in a "
    "suppression's reason.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const Market& market = *input.plan.market;
    const auto has_one = [&](Index i) {
        const Database& database = input.fleet.databases[i];
        return *database.multi_az && model::outside_production(database.environment) &&
               !input.plan.databases[i].recommendation.idle;
    };
    std::optional<Fleet> single;
    std::optional<Market> priced;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const Recommendation& advice = input.plan.databases[i].recommendation;
        if (!has_one(i)) continue;
        if (!single) {
            single = input.fleet;
            for (Index k = 0; k < single->databases.size(); ++k)
                if (has_one(k)) single->databases[k].multi_az.value = false;
            priced.emplace(*single, input.catalog, input.plan.term, 1, market.today());
        }
        Finding finding = found(table::multi_az_outside_production, {i}, *database.name, database.multi_az.place,
                                fmt::format("a {} outside production ({})", standby(*database.platform),
                                            model::name(database.environment)));
        finding.fix = assign(database.multi_az.place, "multi_az", "false");
        // A price of the inventory's own is of the deployment that it says.
        const auto saves = market.offer(i, *advice.cls).own_price != nullptr
                               ? std::nullopt
                               : plan::saves_without_standby(input.fleet, input.plan, *single, *priced, i);
        if (saves && saves->value > 0)
            finding.fix += fmt::format("  →  saves {}/mo on {}", unit::print(*saves), advice.cls->name);
        else if (saves && input.plan.committed)
            finding.fix += fmt::format("  →  saves nothing on {} after commitments", advice.cls->name);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
