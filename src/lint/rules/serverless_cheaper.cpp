// PF108: capacity that follows the load costs less than any class.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/assess/offers.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::serverless_cheaper{
    "PF108",
    "serverless-cheaper",
    Severity::warning,
    "0.1.0",
    "Aurora Serverless v2 costs less than the best class, even if the peak lasted.",
    "What a database takes on average follows from its mean CPU, its peak and its memory. Serverless v2 is recommended "
    "only where the high end of that costs less than the best class by min_savings_per_month and min_savings, with "
    "room "
    "for the peak by cpu_peak_max and enough max_connections at acu_max. Below a minimum of 1 ACU, Aurora PostgreSQL "
    "allows "
    "at most 2,000. A reader in promotion tier 0 or 1, the default, is never smaller than its writer: one that is kept "
    "to "
    "take over moves only beside a serverless writer, and another needs promotion tier 2 to 15. How much CPU comes "
    "with an ACU is not published: 4 ACU are taken as one vCPU. Without the mean and "
    "the "
    "peak of the CPU the two cannot be compared, and the finding asks for them.",
    "Add a Serverless v2 instance to the cluster; for the writer, fail over to it; for a reader, give it a promotion "
    "tier of 2 to 15 and move the clients. Then delete the old instance.",
    check,
};

namespace {

/// Where the region has a price, and what to compare is not measured.
std::string lacks(const LintInput& input, const Database& database) {
    const Platform* elastic = platform::elastic_of(*database.platform);
    if (elastic == nullptr || database.platform->elastic != nullptr) return {};
    if (!input.plan.market->catalog().capacity_price(*elastic, *database.region)) return {};
    const Observed& observed = database.observed;
    const bool peak = observed.cpu_p95 || observed.cpu_peak;
    if (observed.cpu_mean && peak) return {};
    return observed.cpu_mean ? "cpu_p95" : peak ? "cpu_mean" : "cpu_mean and cpu_p95";
}

Finding asks(const LintInput& input, const std::vector<Index>& all) {
    const Database& first = input.fleet.databases[all.front()];
    Finding finding = found(table::serverless_cheaper, all, *first.name, class_place(input.fleet, first),
                            "whether Serverless v2 costs less is unknown");
    finding.severity = Severity::info;
    std::vector<std::string> others;
    for (std::size_t k = 1; k < all.size(); ++k) others.push_back(*input.fleet.databases[all[k]].name);
    if (!others.empty()) finding.notes.emplace_back("also", list(others));
    finding.fix = fmt::format("set observed.{}", lacks(input, first));
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    std::vector<Index> unknown;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        const Database& database = input.fleet.databases[i];
        const Recommendation& advice = input.plan.databases[i].recommendation;
        if (!advice.idle && !lacks(input, database).empty()) unknown.push_back(i);
        if (!advice.serverless) continue;
        const Serverless& to = *advice.serverless;
        Finding finding = found(table::serverless_cheaper, {i}, *database.name, class_place(input.fleet, database),
                                fmt::format("{} costs {}–{}/mo, {} {}/mo", to.elastic->class_name,
                                            unit::print(to.cost.value.low), unit::print(to.cost.value.high),
                                            database.type->name, unit::print(input.plan.databases[i].now.cost->value)));
        finding.fix = fmt::format("class = \"{}\", acu_min = {}, acu_max = {}", to.elastic->class_name,
                                  unit::print_number(to.min), unit::print_number(to.max));
        if (database.replica_of)
            finding.fix += fmt::format(", in {}", to.takes_over ? to.elastic->writer_tiers : to.elastic->own_tiers);
        findings.push_back(std::move(finding));
    }
    if (!unknown.empty()) findings.push_back(asks(input, unknown));
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
