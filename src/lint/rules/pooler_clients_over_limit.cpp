// PF005: a pooler has fewer client slots than its clients may take.
#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/model/pooler.hpp>
#include <poolfit/unit/print.hpp>

#include "../facts.hpp"
#include "../finding.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pooler_clients_over_limit{
    "PF005",
    "pooler-clients-over-limit",
    Severity::error,
    "0.1.0",
    "The pools of a pooler's clients can open more connections than the pooler accepts.",
    "A pooler has two sides. Its clients are counted against max_client_conn, 100 for each PgBouncer process unless "
    "set, and the client beyond that gets \"no more connections allowed (max_client_conn)\". Application pools are as "
    "large in front of a pooler as they were in front of the server, and a deploy doubles them there too.\n\nThe check "
    "uses the minimum number of the pooler's instances and the maximum of the services'; the clients of all aliases "
    "of a pooler count together. RDS Proxy has no such setting.",
    "Raise max_client_conn (a client costs PgBouncer about 2 kB, and a file descriptor), or make the clients' "
    "pools smaller.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    const bool together = *input.fleet.policy.deploys_together;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        const Pooler& pooler = input.fleet.poolers[i];
        const auto& clients = input.plan.poolers[i].clients;
        if (!clients || clients->deploy.value <= clients->accepts.value) continue;
        std::vector<std::string> names;
        std::vector<Index> databases, pools;
        // Of all its aliases: max_client_conn is one number for the process.
        for (Index each = i; each < input.fleet.poolers.size() && model::process_of(input.fleet, each) == i; ++each) {
            const Index database = input.fleet.poolers[each].database;
            if (std::ranges::find(databases, database) == databases.end()) databases.push_back(database);
            const std::vector<Index>& its = input.plan.topology.clients[each];
            pools.insert(pools.end(), its.begin(), its.end());
            for (const Index p : its)
                if (const PoolDemand& now = input.plan.pools[p].now; now.allocated) {  // else it has its own rule
                    const Pool& pool = input.fleet.pools[p];
                    const bool deployed = together || clients->deployed == pool.service;
                    names.push_back(fmt::format("{} {}", pool_target(input.fleet, pool),
                                                unit::print((deployed ? now.deploy_peak : now.allocated)->value)));
                }
        }
        const std::int64_t instances = std::max<std::int64_t>(1, pooler.instances->low);
        const Place where = pooler.max_client_conn.place ? pooler.max_client_conn.place
                            : pooler.process             ? pooler.kind_place
                                                         : pooler.place;
        Finding finding = found(
            table::pooler_clients_over_limit, std::move(databases), std::string(model::process_name(pooler)), where,
            fmt::format("its clients can open {} connections in a deploy, but it accepts only {}",
                        sum(clients->deploy.value, clients->at_least), unit::print(clients->accepts.value)));
        finding.label =
            fmt::format("{} × {}{} = {}", count(instances, "instance", "instances"),
                        unit::print(Connections(*pooler.max_client_conn)),
                        pooler.max_client_conn.place ? "" : " (the default)", unit::print(clients->accepts.value));
        finding.notes.emplace_back("clients", list(names, 4));
        if (clients->enough)
            finding.fix = assign(where, "max_client_conn", std::to_string(clients->enough->value));
        else if (clients->by_sizes())
            finding.fix = fmt::format("{}  →  {} clients of {} in a deploy", planned_sizes(input, pools),
                                      unit::print(clients->then), unit::print(clients->accepts.value));
        else
            finding.fix =
                has_fixed_size(input, i) ? "smaller client pools" : "smaller client pools, or more PgBouncer processes";
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
