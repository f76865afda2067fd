// What is known of the connections of every database, computed once a run: rules ask for it, and none adds it up again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>

namespace poolfit::lint {

/// A pool or a pooler that opens connections on a database, in the steady state and during a deploy.
struct Consumer {
    std::optional<Index> pool, pooler;
    Index database = 0;
    Connections steady, deploy;
};
enum class Moment : std::uint8_t { steady, deploy };

/// The worst loss of one server, seen from a server that is left.
struct Failover {
    Index from = 0;  ///< the server that is lost
    Connections peak;
    bool at_least = false;
};

/// Sums are of what is known: where a pool has no limit they are the least that there can be.
struct DatabaseFacts {
    std::vector<Consumer> steady, deploy;  ///< the largest at that moment first; declaration order among equals
    Connections usable, allocated, deploy_peak;
    Connections steady_limit, deploy_limit;  ///< of the policy
    Connections services;                    ///< allocated without other_connections
    bool at_least = false;                   ///< a pool has no limit
    std::optional<Failover> failover;        ///< nothing where there is no replica
    std::vector<Index> replicas;
};

struct Facts {
    std::vector<DatabaseFacts> databases;  ///< as Fleet::databases
};

Facts collect(const LintInput& input);

const DatabaseFacts& facts(const LintInput& input, Index database);

/// A value of the ledger that is a number of connections.
std::optional<Connections> figure(const LintInput& input, const std::string& name);

/// "840", or "at least 840".
std::string sum(Connections total, bool at_least);

}  // namespace poolfit::lint
