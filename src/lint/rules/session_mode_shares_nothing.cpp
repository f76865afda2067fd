// PF033: a pooler in session mode holds a server connection for each client.
#include <string>
#include <utility>

#include <fmt/format.h>

#include <poolfit/unit/print.hpp>

#include "../connections.hpp"
#include "../finding.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::session_mode_shares_nothing{
    "PF033",
    "session-mode-shares-nothing",
    Severity::error,
    "0.1.0",
    "A pooler in session mode takes its server over a limit: each client holds a connection for as long as it is "
    "connected.",
    "In session mode, which is PgBouncer's default, a client gets a server connection when it connects and keeps it "
    "until it disconnects, idle or not. Application pools keep their connections open, so nothing is shared: the "
    "server has as many connections as the clients' pools, and the pooler saves only the cost of connecting.\n\nA "
    "smaller pool size does not change that. It makes the server fit, and the clients beyond it wait at the "
    "pooler, not for a transaction to end but for another client to disconnect; after query_wait_timeout (120 s) they "
    "are disconnected. A refusal becomes a queue that does not move.\n\nIt is an error if the server does not have "
    "that many connections, and a warning if only the policy forbids them.",
    "Use transaction mode, in which a client holds a connection for the length of a transaction. Clients that need a "
    "session (LISTEN, SET, temporary tables, session advisory locks) connect to the server directly.",
    check,
};

namespace {

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const SessionPooler& session : session_poolers(input)) {
        if (!session.over || (session.waits() && !session.refused)) continue;  // hanging clients: PF036
        const Pooler& pooler = input.fleet.poolers[session.pooler];
        const DatabaseFacts& known = facts(input, pooler.database);
        const bool breaks = session.refused;
        Finding finding =
            found(table::session_mode_shares_nothing, {pooler.database}, *pooler.name,
                  pooler.mode_place ? pooler.mode_place : pooler.place,
                  fmt::format("in session mode each of its {} clients holds a connection on {}; only {} are {}",
                              sum(session.clients, session.at_least), *input.fleet.databases[pooler.database].name,
                              unit::print(breaks ? known.usable : known.steady_limit),
                              breaks ? "usable" : "allowed by the policy"));
        if (!breaks) finding.severity = Severity::warning;
        finding.label =
            fmt::format("{}it opens up to {} connections for them",
                        pooler.mode_place ? "" : "session mode is the default; ", unit::print(session.held));
        finding.notes.emplace_back("limit", limit_text(input.plan.databases[pooler.database].budget.limits));
        if (const std::string cap = capped(input, session); !cap.empty()) finding.notes.emplace_back("a cap", cap);
        finding.fix = to_transaction_mode(input, session.pooler);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
