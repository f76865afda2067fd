// What is known about the connections of every database, computed once per run: rules use it, and none adds it up
// again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>
#include <poolfit/plan/fit.hpp>

namespace poolfit::lint {

using plan::Consumer;
enum class Moment : std::uint8_t { steady, deploy };

/// Sums are of what is known: where a pool has no limit they are the least that there can be.
struct DatabaseFacts {
    std::vector<Consumer> steady, deploy;  ///< the largest at that moment first; declaration order among equals
    Connections usable, allocated, deploy_peak;
    Connections steady_limit, deploy_limit;  ///< of the policy
    bool at_least = false;                   ///< a pool has no limit
    std::optional<FailoverCase> failover;    ///< the worst; nothing where there is no replica
};

struct Facts {
    std::vector<DatabaseFacts> databases;  ///< as Fleet::databases
};

Facts collect(const LintInput& input);

const DatabaseFacts& facts(const LintInput& input, Index database);

/// "840", or "at least 840".
std::string sum(Connections total, bool at_least);

}  // namespace poolfit::lint
