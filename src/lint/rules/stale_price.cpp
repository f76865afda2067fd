// PF303: a price that may no longer hold.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/date.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::stale_price{
    "PF303",
    "stale-price",
    Severity::info,
    "0.1.0",
    "A catalog price is more than a year old.",
    "Prices change rarely, but then by more than a small saving. Check a saving based on an old price before you "
    "promise it. Age counts until --today or SOURCE_DATE_EPOCH, else until the newest date of the catalog. It reports "
    "once for all databases whose price has that date, and never for prices from the inventory.",
    "Take newer prices from the provider's price list with poolfit catalog import, load your own with --catalog FILE "
    "(see poolfit-inventory(5) for the format), or add [[price]] records.",
    check,
};

namespace {

/// "2023-03-10", or as coarse as "2023": the first day of it.
std::optional<Date> first_day(std::string_view text) {
    std::string whole(text);
    if (whole.size() == 4) whole += "-01";
    if (whole.size() == 7) whole += "-01";
    return unit::parse_date(whole);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const Date today = input.today.value_or(input.plan.market->today());
    std::vector<std::string_view> told;
    std::vector<std::size_t> at;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const auto& price = input.plan.databases[i].now.price;
        if (!price || input.plan.databases[i].recommendation.verdict == Verdict::idle) continue;
        const auto date = first_day(price->row.as_of);
        if (!date) continue;
        const long age = unit::days_since_epoch(today) - unit::days_since_epoch(*date);
        if (age <= 366) continue;
        const auto known = std::find(told.begin(), told.end(), price->row.as_of);
        if (known != told.end()) {
            findings[at[static_cast<std::size_t>(known - told.begin())]].databases.push_back(i);
            continue;
        }
        told.push_back(price->row.as_of);
        at.push_back(findings.size());
        const Database& database = input.fleet.databases[i];
        Finding finding = found(table::stale_price, {i}, *database.name, class_place(input.fleet, database),
                                fmt::format("the price of {} in {} is from {}, {} days old", database.type->name,
                                            *database.region, price->row.as_of, age));
        finding.label = std::string(price->row.source);
        finding.fix = "newer prices: poolfit catalog import, --catalog FILE or a [[price]] record";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
