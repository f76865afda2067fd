// PF006: a pooler multiplies by instances and by pairs.
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../connections.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pooler_servers_over_usable{
    "PF006",
    "pooler-servers-over-usable",
    Severity::error,
    "0.1.0",
    "A pooler alone can open more connections on its server than the server allows.",
    "PgBouncer's default_pool_size (pool_size of an alias) is not the size of the pooler: it keeps one such pool for "
    "each pair of database and user, and each PgBouncer process has its own. Two instances with three pairs and 20 "
    "connections are 120, not 20. Clients are queued or refused at the server although the pooler's own figures look "
    "small.",
    "Set the pool size (default_pool_size, an alias's pool_size, RDS Proxy's max_connections_percent) to the size in "
    "the finding. max_db_connections can also cap PgBouncer, or all clients can connect as one user.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.databases.size(); ++i) {
        if (!holds(input, i, Trouble::pooler_over_usable)) continue;
        const auto pooler = pooler_over(input, i);
        const Limits& limits = input.plan.databases[i].budget.limits;
        Finding finding =
            over(input, table::pooler_servers_over_usable, i,
                 fmt::format("it can open {} connections on {}; only {} are usable", unit::print(pooler->steady),
                             *input.fleet.databases[i].name, unit::print(limits.usable.value)),
                 {Moment::steady}, pooler);
        finding.target = *input.fleet.poolers[*pooler->pooler].name;
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
