// PF013: what a session keeps does not survive a transaction pooler.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <poolfit/assess/pinned.hpp>
#include <poolfit/model/driver.hpp>
#include <poolfit/model/session_needs.hpp>

#include "../finding.hpp"
#include "../poolers.hpp"
#include "../rules.hpp"

namespace poolfit::lint {
namespace {

std::vector<Finding> check(const LintInput& input);

}  // namespace

const Rule table::transaction_pooling{
    "PF013",
    "transaction-pooling-breaks",
    Severity::error,
    "0.1.0",
    "A pool uses what transaction pooling breaks: LISTEN, session state, or prepared statements.",
    "In transaction mode a pooler gives each transaction whatever server connection is free. Session state "
    "is then lost or, worse, leaks to other clients: LISTEN receives nothing, without an error; SET, "
    "temporary tables and session advisory locks end up on another client's connection; a prepared statement "
    "\"does not exist\".\n\n"
    "Named prepared statements work through PgBouncer 1.21 and newer with max_prepared_statements above 0 "
    "(the default only since 1.24), so they, and drivers that use them by default, are a warning. RDS "
    "Proxy keeps such sessions on one connection (pinning): nothing breaks, but nothing is shared, so that is "
    "a warning too.",
    "Connect clients that need a session to the server directly, turn off the driver's prepared statements and set "
    "features = [], or use session mode.",
    check,
    true,
};

namespace {

struct Broken {
    std::string what, fix;
    std::string pins, unpins;  ///< of RDS Proxy: what keeps a session on its connection, and what ends that
    Place place;
    bool loses = false;  ///< no version of PgBouncer can keep it
};

/// With `direct` as what a direct connection takes: "a direct connection", or what to type.
Broken broken(const Pool& pool, const SessionNeed& need, const std::string& direct) {
    switch (need.kind) {
        case SessionNeed::Kind::prepared:
            return {"prepared statements may be missing",
                    "turn them off, or PgBouncer 1.21 or newer with max_prepared_statements > 0",
                    "prepared statements",
                    "turn them off",
                    need.place,
                    need.loses};
        case SessionNeed::Kind::listen:
            return {"LISTEN receives nothing", direct, "LISTEN", direct, need.place, need.loses};
        case SessionNeed::Kind::session:
            return {"session state leaks to other clients",
                    "SET LOCAL and transaction-level locks, or " + direct,
                    "session state",
                    "SET in the proxy's initialization query, transaction-level locks, or " + direct,
                    need.place,
                    need.loses};
        case SessionNeed::Kind::driver:
            break;
    }
    const DriverDefault& driver = *pool.driver_default;
    const std::string what = fmt::format("{} {} by default", driver.name, driver.session_use),
                      setting(driver.session_setting),
                      pins =
                          driver.pins_by.empty() ? what : fmt::format("{} {} by default", driver.name, driver.pins_by);
    return {what, setting, pins, driver.unpin.empty() ? setting : std::string(driver.unpin), need.place, need.loses};
}

/// Of several the first that no PgBouncer keeps, else the first.
std::optional<Broken> broken(const LintInput& input, Index index) {
    const Pool& pool = input.fleet.pools[index];
    const std::vector<SessionNeed> needs = model::session_needs(pool);
    if (needs.empty()) return std::nullopt;
    const auto worst = std::ranges::find_if(needs, &SessionNeed::loses);
    const SessionNeed& need = worst == needs.end() ? needs.front() : *worst;
    const bool listens = need.kind == SessionNeed::Kind::listen;
    return broken(pool, need, listens ? listen_directly(input, index) : directly(input, index));
}

std::vector<Finding> check(const LintInput& input) {
    std::vector<Finding> findings;
    for (Index i = 0; i < input.fleet.pools.size(); ++i) {
        const Pool& pool = input.fleet.pools[i];
        if (!pool.pooler) continue;
        const Pooler& pooler = input.fleet.poolers[*pool.pooler];
        const bool proxy = pooler.kind == Pooler::Kind::proxy;
        if (!proxy && pooler.mode == Pooler::Mode::session) continue;
        if (proxy && assess::pinned(input.fleet, pool) == Pinned::no) continue;
        const auto problem = broken(input, i);
        if (!problem) continue;
        Finding finding =
            found(table::transaction_pooling, {pooler.database}, pool_target(input.fleet, pool), problem->place,
                  proxy ? fmt::format("{}, which {} (RDS Proxy) pins: its connections are not shared", problem->pins,
                                      *pooler.name)
                        : fmt::format("{}, behind {} (transaction pooling)", problem->what, *pooler.name));
        if (proxy || !problem->loses) finding.severity = Severity::warning;
        if (pooler.mode_place) finding.notes.emplace_back("mode", diag::print(pooler.mode_place));
        finding.fix = proxy ? problem->unpins : problem->fix;
        if (!pool.features_place && !problem->loses)  // a setting of the driver, which the inventory does not show
            finding.fix += fmt::format(", and set {} here", assign(pool.place, "features", "[]"));
        findings.push_back(std::move(finding));
    }
    return findings;
}

/// One client's, in a few words; "" where it is known to need none.
std::string of_client(const Fleet& fleet, const Pool& pool) {
    const std::string who = pool_target(fleet, pool);
    std::vector<std::string> texts;
    for (const SessionNeed& need : model::session_needs(pool)) switch (need.kind) {
            case SessionNeed::Kind::prepared:
                texts.push_back(fmt::format("prepared statements of {} (unless PgBouncer 1.21+ tracks them)", who));
                break;
            case SessionNeed::Kind::listen:
                texts.push_back(fmt::format("LISTEN of {} (which then takes a direct connection)", who));
                break;
            case SessionNeed::Kind::session:
                texts.push_back(fmt::format(
                    "session state of {}: SET, temporary tables, advisory locks, WITH HOLD cursors (which then take a "
                    "direct connection)",
                    who));
                break;
            case SessionNeed::Kind::driver: {
                const Broken what = broken(pool, need, "a direct connection");
                texts.push_back(fmt::format("{}: {} ({})", who, what.what, what.fix));
                break;
            }
        }
    return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::string broken_by_transactions(const LintInput& input, Index pooler) {
    std::vector<std::string> texts;
    std::vector<Index> unknown;
    for (const Index i : input.plan.topology.clients[pooler]) {
        const Pool& pool = input.fleet.pools[i];
        if (!model::session_needs_known(pool)) unknown.push_back(i);
        if (std::string text = of_client(input.fleet, pool); !text.empty()) texts.push_back(std::move(text));
    }
    if (!unknown.empty())
        texts.push_back(
            fmt::format("LISTEN, SET, temporary tables, advisory locks, WITH HOLD cursors and prepared statements, if "
                        "used (unknown for {})",
                        pool_list(input.fleet, unknown)));
    return list(texts, 4);
}

}  // namespace poolfit::lint
