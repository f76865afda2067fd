// PF039: one instance of a service opens more connections to a server than its connector lets through.
#include <string>
#include <vector>

#include <fmt/format.h>

#include <poolfit/model/holding.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::instance_over_connector{
    "PF039",
    "instance-over-connector",
    Severity::error,
    "0.1.0",
    "The pools of one instance exceed what its connector lets through.",
    "A Cloud Run instance that reaches Cloud SQL by the built-in connection has at most 100 connections to each "
    "Cloud SQL instance, whatever max_connections allows. The pools of all its processes count together, and a "
    "connection "
    "beyond the limit fails. More instances do not help: each has the same limit.\n\nThe check covers services with "
    "connector = \"cloud-sql\", and their pools that connect to the server directly.",
    "Make the pools smaller, run fewer processes per instance, or connect by private IP, past the "
    "built-in connection.",
    check,
};

namespace {

/// What one instance of a service opens to a server; `no_limit` where a pool has none.
struct Opened {
    std::int64_t connections = 0;
    bool no_limit = false;
    std::vector<Index> pools;
    std::vector<std::string> parts;
};

Opened opened(const LintInput& input, const Service& service, Index database) {
    Opened sum;
    for (const Index p : service.pools) {
        const Pool& pool = input.fleet.pools[p];
        if (pool.database != database) continue;
        sum.pools.push_back(p);
        const auto& size = input.plan.pools[p].declared;
        if (!size) {
            sum.no_limit = true;
            continue;
        }
        const std::int64_t each = *service.processes * *pool.databases;
        sum.connections += each * size->value.value;
        sum.parts.push_back(product(input.fleet, pool, 1, size->value, Connections(each * size->value.value)));
    }
    return sum;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const Service& service : input.fleet.services) {
        if (!service.connector) continue;
        for (Index i = 0; i < input.fleet.databases.size(); ++i) {
            const Connector* connector = input.fleet.databases[i].platform->connector;
            if (connector == nullptr || connector->word != service.connector->value) continue;
            const Opened sum = opened(input, service, i);
            if (sum.pools.empty() || (!sum.no_limit && sum.connections <= connector->per_instance)) continue;
            const Pool& first = input.fleet.pools[sum.pools.front()];
            Finding finding = found(
                table::instance_over_connector, {i}, *service.name, size_place(first),
                sum.no_limit ? fmt::format("an instance can open any number of connections to {}, but {} has {}",
                                           *input.fleet.databases[i].name, connector->name,
                                           unit::print(Connections(connector->per_instance)))
                             : fmt::format("an instance can open {} connections to {}, but {} has {}",
                                           unit::print(Connections(sum.connections)), *input.fleet.databases[i].name,
                                           connector->name, unit::print(Connections(connector->per_instance))));
            if (!sum.parts.empty()) finding.label = list(sum.parts);
            finding.notes.emplace_back("connector", std::string(connector->source));
            const std::int64_t each = *service.processes * *first.databases;
            finding.fix = "smaller pools, fewer processes, or a connection by private IP";
            if (sum.pools.size() == 1 && model::has_setting(first) && each <= connector->per_instance)
                finding.fix = assign(size_place(first), "max", std::to_string(connector->per_instance / each)) +
                              " at most, or a connection by private IP";
            finding.pools = sum.pools;
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
