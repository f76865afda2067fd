// PF036: a pooler in session mode has fewer server connections than clients.
#include <algorithm>
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

const Rule table::session_clients_wait{
    "PF036",
    "session-clients-wait",
    Severity::error,
    "0.1.0",
    "More clients can connect to a pooler in session mode than it has server connections: the rest wait until a "
    "client disconnects.",
    "In session mode a server connection belongs to a client until it disconnects. Application pools do not "
    "disconnect, so late clients wait as long as the others live, until query_wait_timeout (120 s) disconnects them. "
    "Meanwhile the server looks idle, since most of its connections are.\n\nThe clients' pools, at full size "
    "and with the maximum number of instances, are compared with instances × pairs × (pool size + reserve_pool_size), "
    "or "
    "max_db_connections. If only a deploy exceeds that, its new instances wait for the old ones: a warning.",
    "Use transaction mode. If a client needs its session, reduce the client pools to what the pooler opens.",
    check,
};

namespace {

/// The new instances wait until the old ones are gone, which wait for the new ones to be ready.
Finding in_deploy(const LintInput& input, const SessionPooler& session) {
    const Pooler& pooler = input.fleet.poolers[session.pooler];
    const PoolerPlan& plan = input.plan.poolers[session.pooler];
    Finding finding =
        found(table::session_clients_wait, {pooler.database}, *pooler.name,
              pooler.mode_place ? pooler.mode_place : pooler.place,
              fmt::format("in a deploy, {} clients each hold a connection in session mode, but it opens only {}",
                          sum(session.deploying, session.at_least), unit::print(session.held_deploying)));
    finding.severity = Severity::warning;
    finding.label = fmt::format("{} new clients wait until old ones are gone",
                                unit::print(session.deploying - session.held_deploying));
    const bool larger = plan.basis == PoolerPlan::Basis::clients && plan.size;
    finding.fix = larger
                      ? enlarge(input, session.pooler, plan.size->value, Moment::deploy)
                      : "deploy with recreate or a smaller max_surge; or " + to_transaction_mode(input, session.pooler);
    return finding;
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (const SessionPooler& session : session_poolers(input)) {
        // PF033 reports it where its server is over what is usable, too.
        if (session.refused) continue;
        if (!session.waits()) {
            if (session.waits_in_deploy()) findings.push_back(in_deploy(input, session));
            continue;
        }
        const Pooler& pooler = input.fleet.poolers[session.pooler];
        // Those that max_client_conn refuses do not wait: PF005.
        const Connections clients = std::min(session.clients, session.accepted);
        Finding finding = found(table::session_clients_wait, {pooler.database}, *pooler.name,
                                pooler.mode_place ? pooler.mode_place : pooler.place,
                                fmt::format("in session mode {} clients each hold a connection, but it opens only {}",
                                            sum(clients, session.at_least), unit::print(session.held)));
        finding.label = fmt::format(
            "{}{}", pooler.mode_place ? "" : "session mode is the default; ",
            session.at_least ? "the rest wait until a client disconnects"
                             : fmt::format("{} wait until a client disconnects", unit::print(clients - session.held)));
        finding.fix = to_transaction_mode(input, session.pooler);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
