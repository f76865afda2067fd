// PF046: most clients of RDS Proxy keep a server connection to themselves.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/unit/print.hpp>

#include "../finding.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::pinned_clients{
    "PF046",
    "pinned-clients",
    Severity::warning,
    "0.1.0",
    "Half or more of the clients of an RDS Proxy are pinned: it shares little.",
    "RDS Proxy keeps a client that changes its session on one server connection until it leaves. So it needs a server "
    "connection for each pinned client, and for the others as many as are busy at once. On PostgreSQL SET, LISTEN, "
    "temporary tables, session advisory locks, SQL's PREPARE and DISCARD ALL pin; prepared statements in the protocol, "
    "as drivers send them, do not since November 2023. On MySQL and MariaDB prepared statements of either kind pin, "
    "and "
    "user variables, temporary tables, GET_LOCK and LOCK TABLES. A client that declares features is counted; one whose "
    "driver is "
    "known for it may be pinned. DatabaseConnectionsCurrentlySessionPinned in CloudWatch shows how many are.",
    "Switch off what pins them, or connect those clients to the database directly.",
    check,
};

namespace {

/// "api.main (prepare: false)": what ends it for a pool: the driver's setting, or the features that it declares.
std::string setting(const Fleet& fleet, const Pool& pool) {
    const DriverDefault* driver = pool.driver_default;
    std::string ends;
    for (const Located<std::string>& feature : pool.features) ends += (ends.empty() ? "" : ", ") + *feature;
    if (ends.empty() && driver != nullptr) ends = driver->unpin.empty() ? driver->session_setting : driver->unpin;
    return fmt::format("{} ({})", pool_target(fleet, pool), ends);
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.poolers.size(); ++i) {
        const auto& pinned = input.plan.poolers[i].pinned;
        if (!pinned || pinned->value.high.value == 0) continue;
        Connections all;
        std::vector<std::string> settings;
        for (const Index p : input.plan.topology.clients[i]) {
            const auto& open = input.plan.pools[p].now.allocated;
            if (!open) continue;
            all += open->value;
            if (assess::pinned(input.fleet, input.fleet.pools[p]) != Pinned::no)
                settings.push_back(setting(input.fleet, input.fleet.pools[p]));
        }
        if (2 * pinned->value.high.value < all.value) continue;
        const Pooler& pooler = input.fleet.poolers[i];
        const auto& range = pinned->value;
        Finding finding = found(table::pinned_clients, {pooler.database}, *pooler.name, pooler.kind_place,
                                fmt::format("{} of {} are pinned, and keep a server connection each",
                                            range.low == range.high ? unit::print(range.high)
                                                                    : fmt::format("{} to {}", unit::print(range.low),
                                                                                  unit::print(range.high)),
                                            count(all.value, "client", "clients")));
        finding.label = fmt::format("{} server connections", unit::print(input.plan.poolers[i].now.server.value));
        const Connections has = input.plan.poolers[i].now.server.value;
        if (2 * range.low.value < all.value && range.low <= has) finding.severity = Severity::info;
        if (range.high > has)
            finding.notes.emplace_back(
                "short", fmt::format("{}{} of them would wait for a server connection",
                                     range.low == range.high ? "" : "up to ", unit::print(range.high - has)));
        finding.fix = fmt::format("switch off what pins them: {}", list(settings));
        findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace
}  // namespace poolfit::lint
