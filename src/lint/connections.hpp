// What can be wrong with a database's connections. Each has its rule, and each rule reports whatever holds; cause.hpp
// decides which one is reported if several hold, because fixing one fixes the others or reveals them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <poolfit/lint/rule.hpp>

#include "facts.hpp"

namespace poolfit::lint {

enum class Trouble : std::uint8_t {
    pooler_over_usable,  ///< one pooler alone
    scaled_over_usable,  ///< the steady state, at the maximum number of instances and not at the minimum
    steady_over_usable,
    deploy_over_usable,
    failover_over_usable,
    steady_over_policy,
    deploy_over_policy,
    no_reserve,
};

/// Connections that operators need at the least: a psql, a migration, an exporter.
inline constexpr Connections operators_need{3};

bool holds(const LintInput& input, Index database, Trouble trouble);

/// Of the database, the largest at that moment first.
const std::vector<Consumer>& consumers(const LintInput& input, Index database, Moment moment);
/// The pooler that is more than the whole server can give.
std::optional<Consumer> pooler_over(const LintInput& input, Index database);

/// The key that sets the consumer's size, and its name: "api.main", "bouncer".
Place place(const LintInput& input, const Consumer& consumer);
std::string target(const LintInput& input, const Consumer& consumer);

/// In the deploy that opens most on its server: are there old and new instances of the pool's service?
bool is_deployed(const LintInput& input, const Consumer& pool);

/// "a deploy", or "the deploy of api" where one service is deployed at a time.
std::string worst_deploy(const LintInput& input, Index database);

/// "10 pods × 4 procs × 5 = 200".
std::string arithmetic(const LintInput& input, const Consumer& consumer, Moment moment);

/// The other consumers and other_connections, largest first: "reports.read 24 · other_connections 5"; "" if none.
std::string others(const LintInput& input, Index database, const Consumer& but, Moment moment);

/// What a fix is to reach besides the policy, and which total it shows: that moment's, or the failover's.
struct Goal {
    Moment moment = Moment::steady;
    Connections free{0};    ///< slots that a deploy has to leave
    bool failover = false;  ///< the failover has to fit; nothing less is enough
    bool named = false;     ///< the fix says whose a size is where it is the only one, too
};

/// What to write so that the database is inside the policy's limits, and its failover too where that can be: the
/// largest size of the consumer that does it and holds the peak that was seen (unmeasured: no less than a quarter of
/// today's); else the sizes of the plan; else sizes of its largest pools together; else the class that the plan takes.
/// The consumer of a failover may be on the server that is lost.
std::string remedy(const LintInput& input, Index database, const Consumer& consumer, const Goal& goal);

/// The finding about a database's connections: on its largest consumer (`on` where given), with the arithmetic, the
/// limit, the other consumers, and the remedy.
Finding over(const LintInput& input, const Rule& rule, Index database, std::string message, const Goal& goal,
             std::optional<Consumer> on = {});

}  // namespace poolfit::lint
