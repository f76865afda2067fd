// PF106: a standby outside production.
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
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const Recommendation& advice = input.plan.databases[i].recommendation;
        if (!*database.multi_az || !model::outside_production(database.environment) || advice.idle) continue;
        Finding finding = found(table::multi_az_outside_production, {i}, *database.name, database.multi_az.place,
                                fmt::format("a {} outside production ({})", standby(*database.platform),
                                            model::name(database.environment)));
        finding.fix = assign(database.multi_az.place, "multi_az", "false");
        const Offer& offer = market.offer(i, *advice.cls);
        const auto single =
            market.catalog().price(*database.platform, *advice.cls, *database.region, false, input.plan.term);
        // A price of the inventory's own is of the deployment that it says.
        if (offer.own_price == nullptr && offer.price && single && single->amount < offer.price->amount)
            finding.fix += fmt::format("  →  saves {}/mo on {}", unit::print(offer.price->amount - single->amount),
                                       advice.cls->name);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
