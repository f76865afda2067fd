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
    "More clients can connect to a pooler in session mode than it opens server connections: the others wait until one "
    "disconnects.",
    "In session mode a server connection belongs to a client until it disconnects. Application pools do not "
    "disconnect, so whoever comes last waits for as long as the others live, until query_wait_timeout (120 s) cuts it "
    "off. The server looks idle meanwhile, since most of its connections are.\n\nThe clients' pools, at their largest "
    "and with the most instances, are compared with instances × pairs × (pool size + reserve_pool_size), or "
    "max_db_connections. Where only a deploy has more of them, its new instances wait for the old ones: a warning.",
    "Use transaction mode. Where a client needs its session, make the pools of the clients as small as what the pooler "
    "opens.",
    check,
};

namespace {

/// The new instances wait until the old ones are gone, which wait for the new ones to be ready.
Finding in_deploy(const LintInput& input, const SessionPooler& session) {
    const Pooler& pooler = input.fleet.poolers[session.pooler];
    const PoolerPlan& plan = input.plan.poolers[session.pooler];
    Finding finding = found(table::session_clients_wait, {pooler.database}, *pooler.name,
                            pooler.mode_place ? pooler.mode_place : pooler.place,
                            fmt::format("in a deploy {} clients hold a connection each in session mode, it opens {}",
                                        sum(session.deploying, session.at_least), unit::print(session.held_deploying)));
    finding.severity = Severity::warning;
    finding.label = fmt::format("{} new ones wait until old ones are gone",
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
                                fmt::format("in session mode {} clients hold a connection each, it opens {}",
                                            sum(clients, session.at_least), unit::print(session.held)));
        finding.label = fmt::format(
            "{}{}", pooler.mode_place ? "" : "session mode is the default; ",
            session.at_least ? "the others wait until one disconnects"
                             : fmt::format("{} wait until one disconnects", unit::print(clients - session.held)));
        finding.fix = to_transaction_mode(input, session.pooler);
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
