// PF047: RDS Proxy has a smaller share of max_connections than its provider advises.
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/platform/platform.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::share_under_minimum{
    "PF047",
    "proxy-share-under-minimum",
    Severity::warning,
    "0.1.0",
    "RDS Proxy has a smaller share of max_connections than AWS advises for the class.",
    "The proxy keeps some of its connections for itself. AWS advises a max_connections_percent of at least 30 on "
    "db.t3.small and of 20 from db.t3.medium on, and 30 % above the highest recent use; a smaller class counts as "
    "db.t3.small. The plan advises no less.",
    "Raise MaxConnectionsPercent of the proxy, as far as the server's limits allow.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        const Pooler& pooler = input.fleet.poolers[i];
        const Database& database = input.fleet.databases[pooler.database];
        const auto& given = pooler.max_connections_percent;
        const std::int64_t least = platform::least_share(pooler.kind, *database.type);
        if (!given || (*given)->value * 100 >= static_cast<double>(least) - 1e-9) continue;
        if (input.plan.databases[pooler.database].recommendation.verdict == Verdict::idle) continue;
        Finding finding = found(table::share_under_minimum, {pooler.database}, *pooler.name, given->place,
                                fmt::format("{} of max_connections; AWS advises at least {} % on {}",
                                            unit::print(**given), least, *database.cls));
        finding.fix = fmt::format("max_connections_percent of {} % or more, as far as the limits of {} allow", least,
                                  *database.name);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
